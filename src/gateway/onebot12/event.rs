//! What arrives: answers to our actions, signs of life, and messages.

use std::time::Instant;

use serde_json::Value;

use super::segment;
use crate::gateway::Inbound;
use crate::gateway::onebot::dialect::{Account, Ears, Frame, Online};
use crate::gateway::onebot::value::{id_at, opaque_id, text_at, time};
use crate::model::{GroupId, GroupRef, Message, MessageId, PersonId, Sender};

/// Sorts a frame. An event's own `id` is not looked at: real implementations leave it empty.
pub(super) fn read(value: Value, ears: &Ears<'_>) -> Frame {
    let arrived = Instant::now();
    if value.get("retcode").is_some() {
        let echo = value.get("echo").and_then(opaque_id).unwrap_or_default();
        return Frame::Reply { echo, reply: value };
    }
    match value.get("type").and_then(Value::as_str) {
        Some("meta") => Frame::Life {
            accounts: bots(value.get("status")),
        },
        Some("message") => match value.get("detail_type").and_then(Value::as_str) {
            Some("group" | "private") => {
                read_message(&value, ears, arrived).unwrap_or_else(Frame::Unreadable)
            }
            Some(_) => Frame::Other,
            None => Frame::Unreadable("no detail_type"),
        },
        Some(_) => Frame::Other,
        None => Frame::Unreadable("no type"),
    }
}

/// The accounts in a status, as `get_status` and `meta.status_update` have it.
pub(super) fn bots(status: Option<&Value>) -> Vec<(Account, Online)> {
    let bots = status.and_then(|status| status.get("bots"));
    let bots = bots.and_then(Value::as_array).into_iter().flatten();
    bots.filter_map(|bot| {
        let online = match bot.get("online") {
            Some(Value::Bool(false)) => Online::No,
            _ => Online::Yes,
        };
        // walle-core 0.7 writes its own field's name.
        let own = bot.get("self").or_else(|| bot.get("selft"))?;
        Some((account(own)?, online))
    })
    .collect()
}

fn account(own: &Value) -> Option<Account> {
    Some(Account {
        platform: text_at(own, "/platform"),
        id: id_at(own, "user_id")?,
    })
}

fn read_message(value: &Value, ears: &Ears<'_>, arrived: Instant) -> Result<Frame, &'static str> {
    let message_id = id_at(value, "message_id").ok_or("no message_id")?;
    let user_id = id_at(value, "user_id").ok_or("no user_id")?;
    let account = value.get("self").and_then(account);
    let is_own = |id: &str| account.as_ref().is_some_and(|it| it.id == id) || ears.is_own(id);
    let mut body = value
        .get("message")
        .and_then(segment::read)
        .ok_or("no message")?;
    if body.text.is_empty() && body.media.is_empty() {
        // Segments nobody knows; the implementation's own words for them are better than none.
        body.text = text_at(value, "/alt_message");
    }
    let group_id = match value.get("detail_type").and_then(Value::as_str) {
        Some("group") => Some(id_at(value, "group_id").ok_or("no group_id")?),
        _ => None,
    };
    let message = Box::new(Message {
        id: MessageId::new(message_id),
        gateway: ears.gateway.clone(),
        group: GroupRef {
            id: GroupId::new(group_id.clone().unwrap_or_else(|| user_id.clone())),
            name: text_at(value, "/group_name"),
            area: Vec::new(),
        },
        sender: Sender {
            id: PersonId::new(user_id.clone()),
            name: name(value),
            role: None,
        },
        time: time(value).unwrap_or_else(|| ears.clock.now()),
        mentions_bot: body.mentions.iter().any(|id| is_own(id.as_str())),
        text: body.text,
        mentions: body.mentions,
        direct: group_id.is_none(),
        reply_to: body.reply_to,
        quoted: None,
        quotes_event: None,
        media: body.media,
    });
    let inbound = if is_own(&user_id) {
        Inbound::Echo(message)
    } else {
        Inbound::Message {
            message,
            arrived,
            done: None,
        }
    };
    Ok(Frame::Inbound { inbound, account })
}

/// The standard's message has no name in it; what implementations add for it.
fn name(value: &Value) -> String {
    let pointers = [
        "/user_displayname",
        "/user_name",
        "/sender/card",
        "/sender/nickname",
        "/sender/user_displayname",
        "/sender/user_name",
    ];
    let names = pointers.iter().map(|pointer| text_at(value, pointer));
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
}
