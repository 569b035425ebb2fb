//! Message segments and CQ codes, `message/array.md` and `message/string.md`: both become text.

use serde_json::Value;

use crate::gateway::onebot::value::opaque_id;
use crate::model::{Media, MessageId, PersonId};

/// A message body as the house understands it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Body {
    /// Text with placeholders for what is not text.
    pub(super) text: String,
    /// Who is mentioned.
    pub(super) mentions: Vec<PersonId>,
    /// Which message is quoted.
    pub(super) reply_to: Option<MessageId>,
    /// What is attached.
    pub(super) media: Vec<Media>,
}

/// Reads `message`: an array of segments, one segment, or a string with CQ codes.
pub(super) fn read(message: &Value) -> Option<Body> {
    let mut body = Body::default();
    match message {
        Value::String(coded) => read_coded(coded, &mut body),
        Value::Array(segments) => segments
            .iter()
            .for_each(|segment| read_segment(segment, &mut body)),
        Value::Object(_) => read_segment(message, &mut body),
        _ => return None,
    }
    Some(body)
}

fn read_segment(segment: &Value, body: &mut Body) {
    let Some(kind) = segment.get("type").and_then(Value::as_str) else {
        return;
    };
    let field = |name: &str| segment.pointer("/data").and_then(|data| data.get(name));
    let text = |name: &str| field(name).and_then(Value::as_str).map(str::to_owned);
    add(
        kind,
        &|name| field(name).and_then(opaque_id).or_else(|| text(name)),
        body,
    );
}

/// Adds one segment; `field` gives its parameters as text.
fn add(kind: &str, field: &dyn Fn(&str) -> Option<String>, body: &mut Body) {
    match kind {
        "text" => body.text.push_str(&field("text").unwrap_or_default()),
        "at" => {
            let Some(id) = field("qq") else { return };
            let name = field("name").filter(|name| !name.is_empty());
            let shown = if id == "all" {
                "所有人".to_owned()
            } else {
                name.unwrap_or_else(|| id.clone())
            };
            body.text.push('@');
            body.text.push_str(shown.trim_start_matches('@'));
            // U+2005 ends a mention in WeChat; it keeps the name apart from what is said.
            body.text.push('\u{2005}');
            body.mentions.push(PersonId::new(id));
        }
        "reply" => body.reply_to = field("id").map(MessageId::new),
        "face" => body.text.push_str("[表情]"),
        "image" | "record" | "video" | "file" | "location" | "share" | "forward" | "json"
        | "xml" => {
            attach(kind, field, body);
        }
        _ => {}
    }
}

fn attach(kind: &str, field: &dyn Fn(&str) -> Option<String>, body: &mut Body) {
    let (kind, placeholder) = match kind {
        "image" => ("image", "[图片]"),
        "record" => ("voice", "[语音]"),
        "video" => ("video", "[视频]"),
        "file" => ("file", "[文件]"),
        "location" => ("location", "[位置]"),
        "forward" => ("forward", "[聊天记录]"),
        _ => ("link", "[链接]"),
    };
    body.text.push_str(placeholder);
    let reference = field("file")
        .or_else(|| field("url"))
        .or_else(|| field("id"))
        .unwrap_or_default();
    // A data URL would carry the picture itself; only references are kept.
    let reference = if reference.len() > 512 {
        String::new()
    } else {
        reference
    };
    body.media.push(Media {
        kind: kind.to_owned(),
        reference,
    });
}

fn read_coded(coded: &str, body: &mut Body) {
    let mut rest = coded;
    while let Some(start) = rest.find("[CQ:") {
        let (before, code) = rest.split_at(start);
        body.text.push_str(&unescape(before));
        let Some(end) = code.find(']') else {
            body.text.push_str(&unescape(code));
            return;
        };
        read_code(&code["[CQ:".len()..end], body);
        rest = &code[end + 1..];
    }
    body.text.push_str(&unescape(rest));
}

fn read_code(code: &str, body: &mut Body) {
    let mut parts = code.split(',');
    let kind = parts.next().unwrap_or_default();
    let parameters: Vec<(&str, String)> = parts
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key, unescape(value)))
        .collect();
    let field = |name: &str| {
        parameters
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.clone())
    };
    add(kind, &field, body);
}

/// Undoes `&amp; &#91; &#93; &#44;`; `&amp;` last, so that nothing is undone twice.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    text.replace("&#91;", "[")
        .replace("&#93;", "]")
        .replace("&#44;", ",")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_array_and_a_coded_string_say_the_same() {
        let array = read(&json!([
            {"type": "reply", "data": {"id": -12}},
            {"type": "at", "data": {"qq": "10001", "name": "小助手"}},
            {"type": "text", "data": {"text": " 3栋停电[1], 急&"}},
            {"type": "image", "data": {"file": "a.jpg"}},
        ]));
        let coded = read(&json!(
            "[CQ:reply,id=-12][CQ:at,qq=10001,name=小助手] 3栋停电&#91;1&#93;, 急&amp;[CQ:image,file=a.jpg]"
        ));
        assert_eq!(array, coded);
        let body = array.expect("an array is a message");
        assert_eq!(body.text, "@小助手\u{2005} 3栋停电[1], 急&[图片]");
        assert_eq!(body.reply_to, Some(MessageId::from("-12")));
        assert_eq!(body.mentions, [PersonId::from("10001")]);
    }

    #[test]
    fn an_escaped_escape_is_undone_once() {
        assert_eq!(read(&json!("&amp;#91;")).expect("text").text, "&#91;");
    }

    #[test]
    fn an_unfinished_code_is_text() {
        assert_eq!(
            read(&json!("停电[CQ:at,qq=1")).expect("text").text,
            "停电[CQ:at,qq=1"
        );
    }

    #[test]
    fn an_inline_picture_is_not_kept() {
        let body =
            read(&json!([{"type": "image", "data": {"file": "x".repeat(9000)}}])).expect("body");
        assert_eq!(body.media[0].reference, "");
    }

    proptest! {
        #[test]
        fn any_string_is_read(coded in ".*") {
            prop_assert!(read(&json!(coded)).is_some());
        }
    }
}
