//! Events and answers as the standard has them, and as real implementations send them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{OneBot12, action, event};
use crate::gateway::Inbound;
use crate::gateway::onebot::dialect::{Account, Dialect, Ears, Frame, Online, Request};
use crate::model::{
    Destination, GatewayId, ManualClock, Message, MessageId, Outgoing, PersonId, SayingId,
    SendOutcome,
};

fn wx(id: &str) -> Account {
    Account {
        platform: "wechat".to_owned(),
        id: id.to_owned(),
    }
}

fn read(value: Value) -> Frame {
    let clock = ManualClock::new("2026-11-20T08:00:00+08:00".parse().expect("a time"));
    let ears = Ears {
        gateway: &GatewayId::from("wx"),
        own: &[wx("wxid_other")],
        clock: &clock,
    };
    event::read(value, &ears)
}

fn complaint() -> Value {
    json!({"id": "", "self": {"platform": "wechat", "user_id": "wxid_bot"}, "time": 1_763_596_800.5,
        "type": "message", "detail_type": "group", "sub_type": "", "message_id": "6283",
        "message": [
            {"type": "reply", "data": {"message_id": "6200", "user_id": "wxid_b"}},
            {"type": "mention", "data": {"user_id": "wxid_bot"}},
            {"type": "text", "data": {"text": " 3栋停电了"}},
            {"type": "image", "data": {"file_id": "f1"}},
            {"type": "wx.emoji", "data": {"file_id": "f2"}},
            {"type": "wx.unheard", "data": {}},
        ],
        "alt_message": "…", "group_id": "12345@chatroom", "user_id": "wxid_a"})
}

fn message(value: Value) -> Message {
    match read(value) {
        Frame::Inbound {
            inbound: Inbound::Message { message, .. },
            ..
        } => *message,
        other => panic!("not a message: {other:?}"),
    }
}

#[test]
fn a_group_message_is_read_with_its_account() {
    let Frame::Inbound { account, .. } = read(complaint()) else {
        panic!("not for the house");
    };
    assert_eq!(account, Some(wx("wxid_bot")));
    let message = message(complaint());
    assert_eq!(message.text, "@wxid_bot\u{2005} 3栋停电了[图片][表情]");
    assert_eq!(message.group.id.as_str(), "12345@chatroom");
    assert_eq!(message.reply_to, Some(MessageId::from("6200")));
    assert_eq!(message.media.len(), 1);
    assert!(message.mentions_bot && !message.direct);
    assert_eq!(message.time.to_string(), "2025-11-20T00:00:00.5Z");
}

#[test]
fn words_of_any_of_our_accounts_are_an_echo() {
    for own in ["wxid_bot", "wxid_other"] {
        let mut event = complaint();
        event["user_id"] = json!(own);
        let read = read(event);
        assert!(
            matches!(
                read,
                Frame::Inbound {
                    inbound: Inbound::Echo(_),
                    ..
                }
            ),
            "{own}"
        );
    }
}

#[test]
fn ids_may_be_numbers_and_what_is_missing_is_named() {
    let mut event = complaint();
    event["message_id"] = json!(-2_147_302_767);
    event["group_id"] = json!(u64::MAX);
    event["time"] = json!("1763596800");
    let read_message = message(event.clone());
    assert_eq!(read_message.id.as_str(), "-2147302767");
    assert_eq!(read_message.group.id.as_str(), "18446744073709551615");
    for field in [
        "message_id",
        "user_id",
        "group_id",
        "message",
        "detail_type",
        "type",
    ] {
        let mut event = complaint();
        event.as_object_mut().expect("an object").remove(field);
        assert!(matches!(read(event), Frame::Unreadable(_)), "{field}");
    }
    for odd in [json!(null), json!([]), json!("x"), json!({})] {
        assert!(matches!(read(odd), Frame::Unreadable(_)));
    }
}

#[test]
fn a_message_of_unknown_segments_alone_is_told_in_the_implementations_words() {
    let mut event = complaint();
    event["message"] = json!([{"type": "qq.poke", "data": {}}]);
    event["alt_message"] = json!("[拍一拍]");
    assert_eq!(message(event).text, "[拍一拍]");
}

#[test]
fn a_status_names_the_accounts_and_who_is_away() {
    let status = json!({"type": "meta", "detail_type": "status_update", "id": "", "status": {"good": true,
        "bots": [{"self": {"platform": "wechat", "user_id": "a"}, "online": true},
                 {"selft": {"platform": "wechat", "user_id": "b"}, "online": false}, {"online": true}]}});
    let Frame::Life { accounts } = read(status.clone()) else {
        panic!("no sign of life");
    };
    assert_eq!(accounts, [(wx("a"), Online::Yes), (wx("b"), Online::No)]);
    let reply = json!({"status": "ok", "retcode": 0, "data": status["status"], "message": "", "echo": "lx1"});
    assert_eq!(OneBot12.accounts(&reply), accounts);
    assert!(matches!(read(reply), Frame::Reply { echo, .. } if echo == "lx1"));
    let heartbeat = json!({"type": "meta", "detail_type": "heartbeat", "interval": 4, "id": "x"});
    assert!(matches!(read(heartbeat), Frame::Life { .. }));
}

#[test]
fn answers_are_sorted_by_what_is_known_about_the_send() {
    let failed =
        |code: i64| json!({"status": "failed", "retcode": code, "data": null, "message": "x"});
    let cases = [
        (
            json!({"status": "ok", "retcode": 0, "data": {"message_id": "m", "time": 1.0}}),
            "sent m",
        ),
        (
            json!({"status": "ok", "retcode": 0, "data": true, "echo": null}),
            "sent",
        ),
        (failed(10002), "refused"),
        (failed(10005), "refused"),
        (failed(10101), "not sent"),
        (failed(10102), "not sent"),
        (failed(20002), "unknown"),
        (failed(31000), "unknown"),
        (failed(33001), "unknown"),
        (failed(34001), "refused"),
        (failed(35004), "refused"),
        (failed(36000), "not sent"),
        (failed(60001), "unknown"),
        (json!({}), "unknown"),
        (json!(true), "unknown"),
    ];
    for (reply, expected) in cases {
        let found = match action::outcome(&reply) {
            SendOutcome::Sent { message } => format!("sent {}", message.unwrap_or_default())
                .trim_end()
                .to_owned(),
            SendOutcome::Refused { .. } => "refused".to_owned(),
            SendOutcome::NotSent { .. } => "not sent".to_owned(),
            SendOutcome::Unknown { .. } => "unknown".to_owned(),
        };
        assert_eq!(found, expected, "{reply}");
    }
}

#[test]
fn words_go_out_as_one_text_behind_quote_and_mentions() {
    let outgoing = Outgoing {
        saying: SayingId::from("s1"),
        gateway: GatewayId::from("wx"),
        to: Destination::Group("1@chatroom".into()),
        text: "已受理".to_owned(),
        mentions: vec![(PersonId::from("wxid_a"), "王先生".to_owned())],
        quote: Some(MessageId::from("6283")),
    };
    let (action, params) = action::send(&outgoing);
    assert_eq!(action, "send_message");
    let expected = json!({"detail_type": "group", "group_id": "1@chatroom", "message": [
        {"type": "reply", "data": {"message_id": "6283"}},
        {"type": "mention", "data": {"user_id": "wxid_a"}},
        {"type": "text", "data": {"text": " 已受理"}}]});
    assert_eq!(params, expected);
    let request = Request {
        echo: "lx1".to_owned(),
        action,
        params,
        account: Some(wx("wxid_bot")),
    };
    let written = OneBot12.written(&request);
    assert_eq!(
        written["self"],
        json!({"platform": "wechat", "user_id": "wxid_bot"})
    );
    assert_eq!(OneBot12.posted(request), (String::new(), written));
}

#[test]
fn the_callers_subprotocol_is_sent_back() {
    assert_eq!(
        OneBot12.subprotocol("12.walle"),
        Some("12.walle".to_owned())
    );
    assert_eq!(
        OneBot12.subprotocol("a, 12.ComWechat"),
        Some("12.ComWechat".to_owned())
    );
    assert_eq!(OneBot12.subprotocol(""), None);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        "group|private|message|meta|text|mention|image".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let keys =
            "type|detail_type|message|data|user_id|group_id|message_id|self|time|text|status";
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(keys, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_json_is_sorted_without_harm(value in any_json(), field in "[a-z_]{2,12}") {
        let mut event = complaint();
        event[field] = value.clone();
        let answered = action::outcome(&value);
        let _ = (read(value), read(event), answered);
    }
}
