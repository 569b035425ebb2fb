//! Bytes to values and back: JSON, repaired where clients break it, and MessagePack.

use serde_json::{Map, Number, Value};

/// How frames are written. Both are read, whichever is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::gateway) enum Encoding {
    /// JSON, in text frames.
    #[default]
    Json,
    /// MessagePack, in binary frames; version 12 alone.
    MessagePack,
}

/// Deepest nesting that is read of MessagePack; JSON has a bound of its own of 128.
const DEPTH: usize = 128;

/// What came in a text frame or a JSON body.
pub(in crate::gateway) fn text(frame: &[u8]) -> Option<Value> {
    serde_json::from_slice(frame).ok().or_else(|| {
        let repaired = repair(&String::from_utf8_lossy(frame));
        serde_json::from_str(&repaired).ok()
    })
}

/// What came in a binary frame or a MessagePack body; JSON is found there as well.
pub(in crate::gateway) fn binary(mut frame: &[u8]) -> Option<Value> {
    if frame.first() == Some(&b'{') {
        return text(frame);
    }
    let packed = rmpv::decode::read_value_with_max_depth(&mut frame, DEPTH).ok()?;
    // Something behind the value: it was not what it seems.
    frame.is_empty().then(|| unpacked(packed))
}

/// A value as MessagePack.
pub(in crate::gateway) fn pack(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &packed(value)).expect("writing to memory cannot fail");
    bytes
}

/// As JSON has it. Bytes are pictures and files; nobody here wants them.
fn unpacked(value: rmpv::Value) -> Value {
    match value {
        rmpv::Value::Boolean(it) => Value::Bool(it),
        rmpv::Value::Integer(it) => it
            .as_u64()
            .map(Number::from)
            .or_else(|| it.as_i64().map(Number::from))
            .map_or(Value::Null, Value::Number),
        rmpv::Value::F32(it) => Number::from_f64(f64::from(it)).map_or(Value::Null, Value::Number),
        rmpv::Value::F64(it) => Number::from_f64(it).map_or(Value::Null, Value::Number),
        rmpv::Value::String(it) => {
            Value::String(String::from_utf8_lossy(it.as_bytes()).into_owned())
        }
        rmpv::Value::Array(items) => Value::Array(items.into_iter().map(unpacked).collect()),
        rmpv::Value::Map(pairs) => {
            let pairs = pairs.into_iter().filter_map(|(key, value)| {
                let rmpv::Value::String(key) = key else {
                    return None;
                };
                Some((key.into_str()?, unpacked(value)))
            });
            Value::Object(pairs.collect::<Map<_, _>>())
        }
        rmpv::Value::Nil | rmpv::Value::Binary(_) | rmpv::Value::Ext(..) => Value::Null,
    }
}

fn packed(value: &Value) -> rmpv::Value {
    match value {
        Value::Null => rmpv::Value::Nil,
        Value::Bool(it) => (*it).into(),
        Value::Number(it) => it
            .as_u64()
            .map(rmpv::Value::from)
            .or_else(|| it.as_i64().map(rmpv::Value::from))
            .or_else(|| it.as_f64().map(rmpv::Value::from))
            .unwrap_or(rmpv::Value::Nil),
        Value::String(it) => it.as_str().into(),
        Value::Array(items) => rmpv::Value::Array(items.iter().map(packed).collect()),
        Value::Object(pairs) => {
            let pairs = pairs
                .iter()
                .map(|(key, value)| (key.as_str().into(), packed(value)));
            rmpv::Value::Map(pairs.collect())
        }
    }
}

/// Broken characters replaced: lone surrogates and raw control characters are what clients really send.
fn repair(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\u{0}', '\u{1b}', '\t', '\n', '\r']) {
        repaired.push_str(&rest[..at]);
        let tail = &rest[at..];
        let taken = if tail.starts_with('\\') {
            repair_escape(tail, &mut repaired)
        } else {
            1
        };
        if !tail.starts_with('\\') {
            repaired.push(' ');
        }
        rest = &tail[taken..];
    }
    repaired.push_str(rest);
    repaired
}

/// Copies one escape, replacing a surrogate that has no partner; returns the bytes consumed.
fn repair_escape(tail: &str, repaired: &mut String) -> usize {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let Some(first) = unit(tail) else {
        let length = tail.char_indices().nth(2).map_or(tail.len(), |(at, _)| at);
        repaired.push_str(&tail[..length]);
        return length;
    };
    let second = tail.get(6..).and_then(unit);
    match (first, second) {
        (0xD800..=0xDBFF, Some(0xDC00..=0xDFFF)) => {
            repaired.push_str(&tail[..12]);
            12
        }
        (0xD800..=0xDFFF, _) => {
            repaired.push_str("\\ufffd");
            6
        }
        _ => {
            repaired.push_str(&tail[..6]);
            6
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn lone_surrogates_and_control_characters_are_repaired() {
        let read = |frame: &str| text(frame.as_bytes()).expect("repaired")["m"].clone();
        assert_eq!(read(r#"{"m":"停\ud83d电\ud83d\ude00"}"#), "停\u{fffd}电😀");
        assert_eq!(read("{\"m\":\"停\n电\u{0}\"}"), "停 电 ");
    }

    #[test]
    fn ids_beyond_what_floats_hold_stay_exact_in_both_encodings() {
        let value = json!({"id": u64::MAX, "neg": i64::MIN, "time": 1_632_847_927.599_013, "text": "停电😀"});
        assert_eq!(binary(&pack(&value)), Some(value.clone()));
        assert_eq!(text(value.to_string().as_bytes()), Some(value));
    }

    #[test]
    fn what_is_too_deep_or_goes_on_behind_its_end_is_not_read() {
        let mut deep = vec![0x91; 10_000];
        deep.push(0xc0);
        assert_eq!(binary(&deep), None);
        // An array that claims four thousand million items.
        assert_eq!(binary(&[0xdd, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(binary(&[0x01, 0x02]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = (binary(&bytes), text(&bytes));
        }
    }
}
