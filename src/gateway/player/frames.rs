//! What a OneBot implementation writes and answers, of both versions.

use serde_json::{Value, json};

use super::Said;
use crate::model::{Message, Timestamp};

/// The account that is played.
const ACCOUNT: i64 = 10_000;

/// The version that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// OneBot 11.
    V11,
    /// OneBot 12.
    V12,
}

impl Version {
    /// What is said of oneself when dialling.
    pub(super) fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::V11 => &[("x-self-id", "10000"), ("x-client-role", "Universal")],
            Self::V12 => &[("sec-websocket-protocol", "12.rehearsal")],
        }
    }

    /// What comes before everything else.
    pub(super) fn first(self) -> Vec<Value> {
        match self {
            Self::V11 => vec![
                json!({"time": 1, "self_id": ACCOUNT, "post_type": "meta_event", "meta_event_type": "lifecycle",
                    "sub_type": "connect"}),
            ],
            Self::V12 => vec![
                json!({"id": "connect", "time": 1.0, "type": "meta", "detail_type": "connect", "sub_type": "",
                    "version": version()}),
                json!({"id": "status", "time": 1.0, "type": "meta", "detail_type": "status_update",
                    "sub_type": "", "status": status()}),
            ],
        }
    }

    /// A message as this version brings it.
    pub(super) fn event(self, message: &Message, at: Timestamp, run: &str) -> Value {
        let id = format!("{run}{}", message.id);
        let answered = message.reply_to.as_ref().map(|id| format!("{run}{id}"));
        let (sender, name) = (message.sender.id.as_str(), &message.sender.name);
        let segments = self.segments(message, answered);
        let mut event = match self {
            Self::V11 => json!({"time": at.as_second(), "self_id": ACCOUNT, "post_type": "message",
                "message_type": if message.direct { "private" } else { "group" }, "sub_type": "normal",
                "message_id": id, "user_id": sender, "message": segments, "font": 0,
                "sender": {"user_id": sender, "nickname": name}}),
            Self::V12 => json!({"id": format!("e-{id}"), "time": seconds(at),
                "self": {"platform": "rehearsal", "user_id": ACCOUNT.to_string()}, "type": "message",
                "detail_type": if message.direct { "private" } else { "group" }, "sub_type": "",
                "message_id": id, "user_id": sender, "message": segments, "alt_message": message.text,
                "user_name": name}),
        };
        if !message.direct {
            event["group_id"] = json!(message.group.id.as_str());
            event["group_name"] = json!(message.group.name);
        }
        event
    }

    fn segments(self, message: &Message, answered: Option<String>) -> Vec<Value> {
        let [mention, person, quoted] = match self {
            Self::V11 => ["at", "qq", "id"],
            Self::V12 => ["mention", "user_id", "message_id"],
        };
        let mut segments = Vec::new();
        if let Some(id) = answered {
            segments.push(json!({"type": "reply", "data": {quoted: id}}));
        }
        let mut text = message.text.as_str();
        if message.mentions_bot {
            segments.push(json!({"type": mention, "data": {person: ACCOUNT.to_string()}}));
            // The recording spells the mention out; twice would be one too many.
            if text.starts_with('@') {
                let end = text.find([' ', '\u{2005}']);
                text = end.map_or("", |end| text[end..].trim_start());
            }
        }
        segments.push(json!({"type": "text", "data": {"text": text}}));
        segments
    }

    /// The answer to a call, and what was said with it.
    pub(super) fn answer(self, call: &Value, id: &str, run: &str) -> (Value, Option<Said>) {
        let action = call["action"].as_str().unwrap_or_default();
        let said = action
            .starts_with("send_")
            .then(|| said(&call["params"], run));
        let data = match (action, self) {
            _ if said.is_some() => Some(json!({"message_id": id, "time": 1.0})),
            ("get_status", Self::V11) => Some(json!({"online": true, "good": true})),
            ("get_status", Self::V12) => Some(status()),
            ("get_login_info", _) => Some(json!({"user_id": ACCOUNT, "nickname": "小助手"})),
            ("get_self_info", _) => {
                Some(json!({"user_id": ACCOUNT.to_string(), "user_name": "小助手"}))
            }
            ("get_version", _) => Some(version()),
            ("get_group_list", _) => Some(json!([])),
            _ => None,
        };
        let mut reply = if let Some(data) = data {
            json!({"status": "ok", "retcode": 0, "data": data, "message": ""})
        } else {
            let code = if self == Self::V11 { 1404 } else { 10_002 };
            json!({"status": "failed", "retcode": code, "data": null, "message": "unsupported"})
        };
        if let Some(echo) = call.get("echo") {
            reply["echo"] = echo.clone();
        }
        (reply, said)
    }
}

fn version() -> Value {
    json!({"impl": "rehearsal", "version": "1", "onebot_version": "12"})
}

fn status() -> Value {
    json!({"good": true, "bots": [{"self": {"platform": "rehearsal", "user_id": ACCOUNT.to_string()}, "online": true}]})
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds since 1970 are far below 2^53"
)]
fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}

/// What a call to send says; both versions name their parts in almost the same way.
fn said(params: &Value, run: &str) -> Said {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let mut said = Said {
        group: text(&params["group_id"]),
        person: text(&params["user_id"]),
        reply_to: None,
        mentions: Vec::new(),
        text: String::new(),
    };
    for segment in params["message"].as_array().into_iter().flatten() {
        let data = &segment["data"];
        match segment["type"].as_str().unwrap_or_default() {
            "text" => said
                .text
                .push_str(data["text"].as_str().unwrap_or_default()),
            "reply" => {
                let id = text(&data["id"]).or_else(|| text(&data["message_id"]));
                said.reply_to = id.map(|id| id.strip_prefix(run).unwrap_or(&id).to_owned());
            }
            "at" => said.mentions.extend(text(&data["qq"])),
            "mention" => said.mentions.extend(text(&data["user_id"])),
            _ => {}
        }
    }
    said.text = said.text.trim_start().to_owned();
    said
}
