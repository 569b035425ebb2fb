//! What arrives over the socket: replies to our actions, signs of life, and messages.

use std::time::Instant;

use serde_json::Value;

use super::segment;
use crate::gateway::Inbound;
use crate::gateway::onebot::dialect::{Account, Ears, Frame, Online};
use crate::gateway::onebot::value::{id_at, opaque_id, text_at, time};
use crate::model::{GroupId, GroupRef, Message, MessageId, PersonId, Role, Sender};

/// Sorts a frame.
pub(super) fn read(value: Value, ears: &Ears<'_>) -> Frame {
    let arrived = Instant::now();
    if let Some(echo) = value.get("echo").and_then(opaque_id) {
        return Frame::Reply { echo, reply: value };
    }
    match value.get("post_type").and_then(Value::as_str) {
        Some("meta_event") => Frame::Life {
            accounts: id_at(&value, "self_id")
                .map(|id| (account(id), online(&value)))
                .into_iter()
                .collect(),
        },
        Some("message" | "message_sent") => {
            read_message(&value, ears, arrived).unwrap_or_else(Frame::Unreadable)
        }
        Some(_) => Frame::Other,
        None => Frame::Unreadable("no post_type"),
    }
}

/// An account of this version, which names no platform.
pub(super) fn account(id: String) -> Account {
    Account {
        platform: String::new(),
        id,
    }
}

/// A heartbeat says whether the account is logged in; most say nothing, which is no news.
fn online(value: &Value) -> Online {
    match value.pointer("/status/online") {
        Some(Value::Bool(false)) => Online::No,
        _ => Online::Yes,
    }
}

fn read_message(value: &Value, ears: &Ears<'_>, arrived: Instant) -> Result<Frame, &'static str> {
    let message_id = id_at(value, "message_id").ok_or("no message_id")?;
    let user_id = id_at(value, "user_id").ok_or("no user_id")?;
    let body = value
        .get("message")
        .and_then(segment::read)
        .ok_or("no message")?;
    let group_id = id_at(value, "group_id");
    let self_id = id_at(value, "self_id");
    let is_own = |id: &str| self_id.as_deref() == Some(id) || ears.is_own(id);
    let direct = group_id.is_none();
    let sent = value.get("post_type").and_then(Value::as_str) == Some("message_sent");
    let own = sent || is_own(&user_id);
    let message = Box::new(Message {
        id: MessageId::new(message_id),
        gateway: ears.gateway.clone(),
        group: GroupRef {
            id: GroupId::new(group_id.unwrap_or_else(|| direct_peer(value, own, &user_id))),
            name: text_at(value, "/group_name"),
            area: Vec::new(),
        },
        sender: sender(value, user_id),
        time: time(value).unwrap_or_else(|| ears.clock.now()),
        mentions_bot: body.mentions.iter().any(|id| is_own(id.as_str())),
        text: body.text,
        mentions: body.mentions,
        direct,
        reply_to: body.reply_to,
        quoted: None,
        quotes_event: None,
        media: body.media,
    });
    let inbound = if own {
        Inbound::Echo(message)
    } else {
        Inbound::Message {
            message,
            arrived,
            done: None,
        }
    };
    Ok(Frame::Inbound {
        inbound,
        account: self_id.map(account),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{GatewayId, ManualClock};

    fn frame(text: &str) -> Frame {
        let clock = ManualClock::new("2026-11-20T08:00:00+08:00".parse().expect("a time"));
        let value = serde_json::from_str(text).expect("JSON");
        let ears = Ears {
            gateway: &GatewayId::from("wx"),
            own: &[account("99".to_owned())],
            clock: &clock,
        };
        read(value, &ears)
    }

    fn inbound(text: &str) -> Inbound {
        match frame(text) {
            Frame::Inbound { inbound, .. } => inbound,
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
        for text in ["[]", "{}", "null", r#"{"post_type":"message"}"#] {
            assert!(matches!(frame(text), Frame::Unreadable(_)), "{text}");
        }
    }

    #[test]
    fn a_heartbeat_tells_whether_the_account_is_logged_in() {
        let told = |status: &str| {
            let text = format!(
                r#"{{"post_type":"meta_event","meta_event_type":"heartbeat","self_id":99,"status":{status}}}"#
            );
            match frame(&text) {
                Frame::Life { accounts } => accounts[0].1,
                other => panic!("no sign of life: {other:?}"),
            }
        };
        assert_eq!(told(r#"{"online":true,"good":true}"#), Online::Yes);
        assert_eq!(told(r#"{"online":null}"#), Online::Yes);
        assert_eq!(told(r#"{"online":false}"#), Online::No);
    }
}
