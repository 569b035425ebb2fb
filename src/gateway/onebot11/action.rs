//! The actions we call, `api/public.md`, and what their answers mean.

use serde_json::{Value, json};

use crate::gateway::onebot::value::opaque_id;
use crate::model::{Destination, MessageId, Outgoing, SendOutcome};

/// The call that sends these words.
pub(super) fn send(outgoing: &Outgoing) -> (&'static str, Value) {
    let mut segments = Vec::new();
    if let Some(quote) = &outgoing.quote {
        segments.push(json!({"type": "reply", "data": {"id": quote.as_str()}}));
    }
    for (person, name) in &outgoing.mentions {
        segments.push(json!({"type": "at", "data": {"qq": person.as_str(), "name": name}}));
        segments.push(json!({"type": "text", "data": {"text": " "}}));
    }
    segments.push(json!({"type": "text", "data": {"text": outgoing.text}}));
    match &outgoing.to {
        Destination::Group(group) => (
            "send_group_msg",
            json!({"group_id": wire_id(group.as_str()), "message": segments}),
        ),
        Destination::Person(person) => (
            "send_private_msg",
            json!({"user_id": wire_id(person.as_str()), "message": segments}),
        ),
    }
}

/// The standard says numbers; implementations on WeChat use words. Numbers go out as numbers.
fn wire_id(id: &str) -> Value {
    match id.parse::<i64>() {
        Ok(number) if number.to_string() == id => json!(number),
        _ => json!(id),
    }
}

/// What the answer to a send means. `async` and NapCat's 1200 may have sent: unknown.
pub(super) fn outcome(reply: &Value) -> SendOutcome {
    let code = reply.get("retcode").and_then(Value::as_i64);
    let status = reply
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let words = reply
        .get("wording")
        .or_else(|| reply.get("message"))
        .and_then(Value::as_str);
    let reason = |text: &str| match words.filter(|words| !words.is_empty()) {
        Some(words) => format!("{text}：{}", words.chars().take(80).collect::<String>()),
        None => text.to_owned(),
    };
    match (status, code) {
        ("ok", _) | ("", Some(0)) => {
            let message = reply
                .pointer("/data/message_id")
                .and_then(opaque_id)
                .map(MessageId::new);
            SendOutcome::Sent { message }
        }
        ("async", _) | (_, Some(1 | 1200)) => SendOutcome::Unknown {
            reason: reason("平台没有说明是否已发出"),
        },
        (_, Some(1401 | 1403)) => SendOutcome::NotSent {
            reason: reason("访问令牌不对，请检查网关的 token"),
            retry_after: Some(std::time::Duration::from_mins(1)),
        },
        (_, Some(code)) => SendOutcome::Refused {
            reason: reason(&format!("平台拒绝发送（{code}）")),
        },
        _ => SendOutcome::Unknown {
            reason: reason("平台的回答看不懂"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_sorted_by_what_is_known_about_the_send() {
        let cases = [
            (
                json!({"status": "ok", "retcode": 0, "data": {"message_id": -5}}),
                "sent",
            ),
            (json!({"status": "ok", "retcode": 0, "data": null}), "sent"),
            (
                json!({"status": "async", "retcode": 1, "data": null}),
                "unknown",
            ),
            (
                json!({"status": "failed", "retcode": 1200, "wording": "timeout"}),
                "unknown",
            ),
            (json!({"status": "failed", "retcode": 100}), "refused"),
            (json!({"status": "failed", "retcode": 1404}), "refused"),
            (json!({"status": "failed", "retcode": 1403}), "not sent"),
            (json!({}), "unknown"),
        ];
        for (reply, expected) in cases {
            let found = match outcome(&reply) {
                SendOutcome::Sent { .. } => "sent",
                SendOutcome::Refused { .. } => "refused",
                SendOutcome::NotSent { .. } => "not sent",
                SendOutcome::Unknown { .. } => "unknown",
            };
            assert_eq!(found, expected, "{reply}");
        }
    }

    #[test]
    fn numbers_go_out_as_numbers_and_words_as_words() {
        assert_eq!(wire_id("100200"), json!(100_200));
        assert_eq!(wire_id("007"), json!("007"));
        assert_eq!(wire_id("5@chatroom"), json!("5@chatroom"));
    }
}
