//! What arrives over the socket: replies to our actions, signs of life, and messages.

use std::time::Instant;

use serde_json::Value;

use super::segment;
use crate::gateway::Inbound;
use crate::model::{
    Clock, GatewayId, GroupId, GroupRef, Message, MessageId, PersonId, Role, Sender, Timestamp,
};

/// One frame, sorted.
#[derive(Debug)]
pub(super) enum Frame {
    /// The answer to an action, by its echo.
    Reply { echo: String, reply: Value },
    /// A heartbeat or lifecycle event; the account's id where it is given.
    Life { self_id: Option<String> },
    /// Something for the house.
    Inbound(Inbound),
    /// An event nobody here needs.
    Other,
}

/// Sorts a frame. `self_id` is the account's own id, once known.
pub(super) fn read(
    frame: &[u8],
    gateway: &GatewayId,
    self_id: Option<&str>,
    clock: &dyn Clock,
) -> Frame {
    let arrived = Instant::now();
    let Some(value) = parse(frame) else {
        return Frame::Inbound(Inbound::Unreadable { reason: "not JSON" });
    };
    if let Some(echo) = value.get("echo").and_then(opaque_id) {
        return Frame::Reply { echo, reply: value };
    }
    match value.get("post_type").and_then(Value::as_str) {
        Some("meta_event") => Frame::Life {
            self_id: value.get("self_id").and_then(opaque_id),
        },
        Some("message" | "message_sent") => read_message(&value, gateway, self_id, clock, arrived),
        Some(_) => Frame::Other,
        None => Frame::Inbound(Inbound::Unreadable {
            reason: "no post_type",
        }),
    }
}

/// JSON as it should be, else once more with broken characters repaired: lone surrogates and raw
/// control characters are what clients really send.
fn parse(frame: &[u8]) -> Option<Value> {
    serde_json::from_slice(frame).ok().or_else(|| {
        let repaired = repair(&String::from_utf8_lossy(frame));
        serde_json::from_str(&repaired).ok()
    })
}

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

fn read_message(
    value: &Value,
    gateway: &GatewayId,
    self_id: Option<&str>,
    clock: &dyn Clock,
    arrived: Instant,
) -> Frame {
    let unreadable = |reason| Frame::Inbound(Inbound::Unreadable { reason });
    let id = |name: &str| {
        value
            .get(name)
            .and_then(opaque_id)
            .filter(|id| !id.is_empty())
    };
    let Some(message_id) = id("message_id") else {
        return unreadable("no message_id");
    };
    let Some(user_id) = id("user_id") else {
        return unreadable("no user_id");
    };
    let Some(mut body) = value.get("message").and_then(segment::read) else {
        return unreadable("no message");
    };
    let group_id = id("group_id");
    let self_id = id("self_id").or_else(|| self_id.map(str::to_owned));
    let direct = group_id.is_none();
    let sent = value.get("post_type").and_then(Value::as_str) == Some("message_sent");
    let own = sent || self_id.as_deref() == Some(user_id.as_str());
    let mentions_bot = body
        .mentions
        .iter()
        .any(|id| Some(id.as_str()) == self_id.as_deref());
    let message = Message {
        id: MessageId::new(message_id),
        gateway: gateway.clone(),
        group: GroupRef {
            id: GroupId::new(group_id.unwrap_or_else(|| direct_peer(value, own, &user_id))),
            name: text_at(value, "/group_name"),
            area: Vec::new(),
        },
        sender: sender(value, user_id),
        time: time(value).unwrap_or_else(|| clock.now()),
        text: std::mem::take(&mut body.text),
        mentions: body.mentions,
        mentions_bot,
        direct,
        reply_to: body.reply_to,
        quoted: None,
        quotes_event: None,
        media: body.media,
    };
    let message = Box::new(message);
    Frame::Inbound(if own {
        Inbound::Echo(message)
    } else {
        Inbound::Message {
            message,
            arrived,
            done: None,
        }
    })
}

/// A direct conversation has the other side's id, also when we wrote.
fn direct_peer(value: &Value, own: bool, user_id: &str) -> String {
    let target = value.get("target_id").and_then(opaque_id);
    target.filter(|_| own).unwrap_or_else(|| user_id.to_owned())
}

fn sender(value: &Value, id: String) -> Sender {
    let card = text_at(value, "/sender/card");
    let name = if card.is_empty() {
        text_at(value, "/sender/nickname")
    } else {
        card
    };
    let anonymous = value.get("anonymous").is_some_and(Value::is_object);
    // Platform roles (owner, admin of the chat) say nothing about the community's roles.
    Sender {
        id: PersonId::new(id),
        name,
        role: anonymous.then_some(Role::Resident),
    }
}

/// Unix seconds, also as float or string, also in milliseconds.
fn time(value: &Value) -> Option<Timestamp> {
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

fn text_at(value: &Value, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// An id as text: strings as they stand, integers exactly, `true` not at all. How long one may
/// be is the border's to say.
pub(super) fn opaque_id(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ManualClock;

    fn inbound(frame: &str) -> Inbound {
        let clock = ManualClock::new("2026-11-20T08:00:00+08:00".parse().expect("a time"));
        match read(frame.as_bytes(), &GatewayId::from("wx"), Some("99"), &clock) {
            Frame::Inbound(inbound) => inbound,
            other => panic!("not for the house: {other:?}"),
        }
    }

    fn message(frame: &str) -> Message {
        match inbound(frame) {
            Inbound::Message { message, .. } => *message,
            other => panic!("not a message: {other:?}"),
        }
    }

    #[test]
    fn ids_come_as_numbers_and_as_strings() {
        let numbers = message(
            r#"{"post_type":"message","message_type":"group","time":1763596800,"self_id":99,"message_id":-7,"group_id":18446744073709551615,"user_id":5,"message":"停电"}"#,
        );
        assert_eq!(numbers.id.as_str(), "-7");
        assert_eq!(numbers.group.id.as_str(), "18446744073709551615");
        let strings = message(
            r#"{"post_type":"message","time":"1763596800","message_id":"x-7","group_id":"1@chatroom","user_id":"wxid_a","message":[],"sender":{"nickname":"甲","card":"3栋甲"}}"#,
        );
        assert_eq!(strings.group.id.as_str(), "1@chatroom");
        assert_eq!(strings.sender.name, "3栋甲");
        assert_eq!(strings.time, numbers.time);
    }

    #[test]
    fn own_words_are_an_echo_not_a_message() {
        let own = inbound(
            r#"{"post_type":"message","time":1,"self_id":99,"message_id":1,"group_id":2,"user_id":99,"message":"已受理"}"#,
        );
        assert!(matches!(own, Inbound::Echo(_)));
        let sent = inbound(
            r#"{"post_type":"message_sent","time":1,"message_id":1,"group_id":2,"user_id":98,"message":"已受理"}"#,
        );
        assert!(matches!(sent, Inbound::Echo(_)));
    }

    #[test]
    fn a_mention_of_the_account_is_a_mention_of_the_bot() {
        let frame = json!({"post_type": "message", "time": 1_763_596_800, "message_id": 1, "group_id": 2,
            "user_id": 3, "message": [{"type": "at", "data": {"qq": "99"}}, {"type": "text", "data": {"text": "查询 12"}}]});
        assert!(message(&frame.to_string()).mentions_bot);
    }

    #[test]
    fn lone_surrogates_and_control_characters_are_repaired() {
        let frame = "{\"post_type\":\"message\",\"time\":1,\"message_id\":1,\"group_id\":2,\"user_id\":3,\"message\":\"停\\ud83d电\u{1}\\ud83d\\ude00\"}";
        assert!(
            matches!(inbound(frame), Inbound::Unreadable { .. })
                || message(frame).text.contains('停')
        );
        let lone = r#"{"post_type":"message","time":1,"message_id":1,"group_id":2,"user_id":3,"message":"停\ud83d电\ud83d\ude00"}"#;
        assert_eq!(message(lone).text, "停\u{fffd}电😀");
        let raw = "{\"post_type\":\"message\",\"time\":1,\"message_id\":1,\"group_id\":2,\"user_id\":3,\"message\":\"停\n电\u{0}\"}";
        assert_eq!(message(raw).text, "停 电 ");
    }

    #[test]
    fn an_impossible_time_becomes_now() {
        for time in ["-5", "1e300", "null", "\"x\""] {
            let frame = format!(
                r#"{{"post_type":"message","time":{time},"message_id":1,"group_id":2,"user_id":3,"message":"停电"}}"#
            );
            assert_eq!(
                message(&frame).time.to_string(),
                "2026-11-20T00:00:00Z",
                "{time}"
            );
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named_and_nothing_crashes() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for frame in [
            "",
            "{",
            "[]",
            "{}",
            "null",
            deep.as_str(),
            r#"{"post_type":"message"}"#,
        ] {
            assert!(
                matches!(inbound(frame), Inbound::Unreadable { .. }),
                "{frame:.20}"
            );
        }
    }
}
