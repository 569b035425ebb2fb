//! Values as implementations really write them: ids as numbers or words, times in any unit.

use serde_json::Value;

use crate::model::Timestamp;

/// An id as text: strings as they stand, integers exactly, `true` not at all. How long one may
/// be is the border's to say.
pub(in crate::gateway) fn opaque_id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The id under this name, if there is one and it is not empty.
pub(in crate::gateway) fn id_at(value: &Value, name: &str) -> Option<String> {
    let id = value.get(name).and_then(opaque_id);
    id.filter(|id| !id.is_empty())
}

/// Text at a pointer; empty where there is none.
pub(in crate::gateway) fn text_at(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// Unix seconds, also as float or string, also in milliseconds.
pub(in crate::gateway) fn time(value: &Value) -> Option<Timestamp> {
    let time = value.get("time")?;
    let seconds = time.as_f64().or_else(|| time.as_str()?.parse().ok())?;
    let seconds = if seconds > 1e12 {
        seconds / 1000.0
    } else {
        seconds
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, and out of range is refused below"
    )]
    let at = Timestamp::from_millisecond((seconds * 1000.0) as i64).ok()?;
    (at > Timestamp::UNIX_EPOCH).then_some(at)
}
