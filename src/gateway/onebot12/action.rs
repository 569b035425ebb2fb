//! The actions we call, `specs/interface/message/actions.md`, and what their answers mean,
//! `specs/connect/data-protocol/action-response.md`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::gateway::onebot::value::opaque_id;
use crate::model::{Destination, MessageId, Outgoing, SendOutcome};

/// How long a wrong token or a missing account is left alone.
const REST: Duration = Duration::from_mins(1);

/// The call that sends these words. All text is one segment: some implementations send each segment
/// that is no mention as a message of its own.
pub(super) fn send(outgoing: &Outgoing) -> (&'static str, Value) {
    let mut segments = Vec::new();
    if let Some(quote) = &outgoing.quote {
        segments.push(json!({"type": "reply", "data": {"message_id": quote.as_str()}}));
    }
    for (person, _) in &outgoing.mentions {
        segments.push(json!({"type": "mention", "data": {"user_id": person.as_str()}}));
    }
    let text = if outgoing.mentions.is_empty() {
        outgoing.text.clone()
    } else {
        format!(" {}", outgoing.text)
    };
    segments.push(json!({"type": "text", "data": {"text": text}}));
    let (kind, key, id) = match &outgoing.to {
        Destination::Group(group) => ("group", "group_id", group.as_str()),
        Destination::Person(person) => ("private", "user_id", person.as_str()),
    };
    (
        "send_message",
        json!({"detail_type": kind, key: id, "message": segments}),
    )
}

/// What the answer to a send means.
pub(super) fn outcome(reply: &Value) -> SendOutcome {
    let code = reply.get("retcode").and_then(Value::as_i64);
    let status = reply.get("status").and_then(Value::as_str);
    let words = reply
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let reason = |text: String| match words.chars().take(80).collect::<String>() {
        words if words.is_empty() => text,
        words => format!("{text}：{words}"),
    };
    let unknown = |text: &str| SendOutcome::Unknown {
        reason: reason(text.to_owned()),
    };
    let not_sent = |text: &str| SendOutcome::NotSent {
        reason: reason(text.to_owned()),
        retry_after: Some(REST),
    };
    let refused = |text: &str, code: i64| SendOutcome::Refused {
        reason: reason(format!("{text}（{code}）")),
    };
    match (status, code) {
        (Some("ok"), _) | (None, Some(0)) => SendOutcome::Sent {
            // ComWeChat answers `true` instead of an object.
            message: reply
                .pointer("/data/message_id")
                .and_then(opaque_id)
                .filter(|id| !id.is_empty())
                .map(MessageId::new),
        },
        (_, Some(10101 | 10102)) => not_sent("平台说不知道用哪个账号发"),
        (_, Some(code @ 10000..=19999)) => refused("平台不接受这个请求", code),
        (_, Some(code @ 34000..=34999)) => refused("聊天平台拒绝发送", code),
        (_, Some(code @ 35000..=35999)) => refused("平台说不能这样发", code),
        (_, Some(36000..=36999)) => not_sent("OneBot 程序暂时不干活"),
        // The handler broke, the network failed, a custom code: it may have been sent before that.
        (_, Some(code)) => unknown(&format!("平台出错，不知道发出去没有（{code}）")),
        _ => unknown("平台的回答看不懂"),
    }
}
