//! Message segments, `specs/interface/message/segments.md`: they become text.

use serde_json::Value;

use crate::gateway::onebot::value::{id_at, opaque_id, text_at};
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

/// A reference that is longer carries the thing itself.
const REFERENCE_BYTES: usize = 512;

/// Reads `message`: an array of segments; one segment or a plain text are understood, too.
pub(super) fn read(message: &Value) -> Option<Body> {
    let mut body = Body::default();
    match message {
        Value::Array(segments) => segments.iter().for_each(|segment| add(segment, &mut body)),
        Value::Object(_) => add(message, &mut body),
        Value::String(text) => body.text.clone_from(text),
        _ => return None,
    }
    Some(body)
}

fn add(segment: &Value, body: &mut Body) {
    let Some(kind) = segment.get("type").and_then(Value::as_str) else {
        return;
    };
    let fields = segment.get("data").unwrap_or(&Value::Null);
    match kind {
        "text" => body.text.push_str(&text_at(fields, "/text")),
        "mention" => {
            let Some(id) = id_at(fields, "user_id") else {
                return;
            };
            let named = ["/name", "/user_name", "/nickname"].map(|at| text_at(fields, at));
            let shown = named.into_iter().find(|name| !name.is_empty());
            mention(&shown.unwrap_or_else(|| id.clone()), body);
            body.mentions.push(PersonId::new(id));
        }
        "mention_all" => {
            mention("所有人", body);
            body.mentions.push(PersonId::from("all"));
        }
        "reply" => body.reply_to = id_at(fields, "message_id").map(MessageId::new),
        _ => attach(kind, fields, body),
    }
}

fn mention(shown: &str, body: &mut Body) {
    body.text.push('@');
    body.text.push_str(shown.trim_start_matches('@'));
    // U+2005 ends a mention in WeChat; it keeps the name apart from what is said.
    body.text.push('\u{2005}');
}

/// What is not text. Extensions are named `platform.name`; those that are not known say nothing.
fn attach(kind: &str, fields: &Value, body: &mut Body) {
    let plain = kind.rsplit('.').next().unwrap_or(kind);
    let (kind, placeholder) = match plain {
        "image" => ("image", "[图片]"),
        "voice" | "audio" => ("voice", "[语音]"),
        "video" => ("video", "[视频]"),
        "file" => ("file", "[文件]"),
        "location" => ("location", "[位置]"),
        "forward" | "node" => ("forward", "[聊天记录]"),
        "link" | "app" | "card" | "share" => ("link", "[链接]"),
        "emoji" | "face" | "sticker" => {
            body.text.push_str("[表情]");
            return;
        }
        _ => return,
    };
    body.text.push_str(placeholder);
    let title = text_at(fields, "/title");
    if kind == "location" && !title.is_empty() {
        body.text.push_str(&title);
    }
    let reference = ["file_id", "url", "file"]
        .iter()
        .find_map(|name| fields.get(*name).and_then(opaque_id));
    let reference = reference.filter(|it| it.len() <= REFERENCE_BYTES);
    body.media.push(Media {
        kind: kind.to_owned(),
        reference: reference.unwrap_or_default(),
    });
}
