//! Every preset on the body it was made for, and what a mapping makes of odd ones.

mod wire;

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use serde_json::{Value, json};

use super::{Becomes, Rehearsed, rehearse};
use crate::config::webhook::{PRESETS, Webhook, of_preset};
use crate::config::{Config, GatewayKind};
use crate::model::{Clock, GatewayId, ManualClock, Message};

fn config(rest: &str) -> Webhook {
    let text = format!("[[gateway]]\nname = \"hook\"\nkind = \"webhook\"\n{rest}");
    let mut config = Config::parse(&text, Path::new("/x")).expect("valid");
    match config.gateways.remove(0).kind {
        GatewayKind::Webhook(webhook) => *webhook,
        other => panic!("{other:?}"),
    }
}

fn clock() -> Arc<dyn Clock> {
    let now = "2026-11-20T08:00:30+08:00".parse().expect("a time");
    Arc::new(ManualClock::new(now))
}

fn tried(config: &Webhook, body: &str) -> Vec<Rehearsed> {
    let now = clock().now();
    rehearse(config, &GatewayId::from("hook"), body.as_bytes(), now)
}

fn message(config: &Webhook, body: &str) -> Message {
    match tried(config, body).remove(0).result {
        Becomes::Message { message } => *message,
        other => panic!("{other:?}"),
    }
}

fn preset(name: &str) -> Webhook {
    let preset = PRESETS.iter().find(|preset| preset.name == name);
    of_preset(preset.expect("known")).expect("whole")
}

/// group, sender, text, id and second of one message.
fn essence(message: &Message) -> [String; 5] {
    [
        message.group.id.to_string(),
        message.sender.id.to_string(),
        message.text.clone(),
        message.id.to_string(),
        message.time.as_second().to_string(),
    ]
}

#[test]
fn every_preset_reads_the_body_it_was_made_for() {
    let at = 1_763_596_800;
    let cases = [
        (
            "lines",
            json!({"id": "m1", "group": {"id": "g1", "name": "一期"}, "sender": {"id": "u7", "name": "王先生"},
                "time": "2025-11-20T08:00:00+08:00", "text": "停电了"}),
            ["g1", "u7", "停电了", "m1"],
        ),
        (
            "roomid",
            json!({"id": 18_446_744_073_709_551_615_u64, "ts": at, "type": 1, "roomid": "5@chatroom", "sender": "wxid_a",
                "content": "停电了", "is_self": false, "is_group": true}),
            ["5@chatroom", "wxid_a", "停电了", "18446744073709551615"],
        ),
        (
            "roomid",
            json!({"message_id": 7, "ts": at, "type": 1, "room_id": "5@chatroom", "wx_id": "wxid_a", "content": "停电了"}),
            ["5@chatroom", "wxid_a", "停电了", "7"],
        ),
        (
            "nested-string",
            json!({"TypeName": "AddMsg", "Appid": "a1", "Wxid": "bot", "Data": {"NewMsgId": 7_773_749_793_478_223_190_i64,
                "MsgType": 1, "FromUserName": {"string": "3@chatroom"}, "ToUserName": {"string": "bot"},
                "Content": {"string": "wxid_a:\n停电了"}, "CreateTime": at, "PushContent": "王先生 : 停电了"}}),
            ["3@chatroom", "wxid_a", "停电了", "a1:7773749793478223190"],
        ),
        (
            "nested-str",
            json!({"msg_id": 3, "new_msg_id": 8_565_645_212_334_547_589_i64, "from_user_name": {"str": "5@chatroom"},
                "to_user_name": {"str": "bot"}, "msg_type": 1, "content": {"str": "wxid_a:\n停电了"}, "create_time": at}),
            ["5@chatroom", "wxid_a", "停电了", "8565645212334547589"],
        ),
        (
            "talker",
            json!({"type": "message", "data": {"msg_id": 5, "msg_type": 1, "talker": "5@chatroom", "sender": "wxid_a",
                "content": "停电了", "timestamp": 1_763_596_800_000_i64, "is_at_me": false}}),
            ["5@chatroom", "wxid_a", "停电了", "5"],
        ),
        (
            "chatid",
            json!({"msgid": "CAI", "chatid": "C1", "chattype": "group", "from": {"userid": "u7"}, "create_time": at,
                "msgtype": "text", "text": {"content": "停电了"}}),
            ["C1", "u7", "停电了", "CAI"],
        ),
    ];
    for (name, body, expected) in cases {
        let found = essence(&message(&preset(name), &body.to_string()));
        assert_eq!(found[..4], expected, "{name}");
        assert_eq!(found[4], at.to_string(), "{name}");
    }
}

#[test]
fn a_form_with_json_in_a_field_is_read() {
    let source = json!({"room": {"id": "@@r1", "payload": {"topic": "一期群"}},
        "from": {"id": "@u7", "payload": {"name": "王先生"}}});
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("type", "text")
        .append_pair("content", "停电了")
        .append_pair("isMentioned", "1")
        .append_pair("isMsgFromSelf", "0")
        .append_pair("source", &source.to_string());
    let form = form.finish();
    let read = message(&preset("form-source"), &form);
    assert_eq!(essence(&read)[..3], ["一期群", "王先生", "停电了"]);
    assert!(read.mentions_bot);
    let again = message(&preset("form-source"), &form);
    assert_eq!(read.id, again.id, "the same words in the same minute");
    let own = form.replace("isMsgFromSelf=0", "isMsgFromSelf=1");
    let own = tried(&preset("form-source"), &own).remove(0).result;
    assert!(matches!(own, Becomes::Own { .. }));
}

#[test]
fn our_own_words_strangers_kinds_and_private_talk_are_told_apart() {
    let body = |from: &str, to: &str, kind: i64, content: &str| {
        json!({"TypeName": "AddMsg", "Appid": "a1", "Wxid": "bot", "Data": {"NewMsgId": "1", "MsgType": kind,
            "FromUserName": {"string": from}, "ToUserName": {"string": to}, "Content": {"string": content},
            "CreateTime": 1_763_596_800, "MsgSource": "<msgsource><atuserlist>bot,wxid_b</atuserlist></msgsource>"}})
        .to_string()
    };
    let config = preset("nested-string");
    let what = |body: &str| tried(&config, body).remove(0).result;
    let own = what(&body("bot", "3@chatroom", 1, "已受理"));
    let Becomes::Own { message: own } = own else {
        panic!("{own:?}")
    };
    assert_eq!(essence(&own)[..3], ["3@chatroom", "bot", "已受理"]);
    let mentioned = message(&config, &body("3@chatroom", "bot", 1, "a:\n@小助手 12"));
    assert!(mentioned.mentions_bot && mentioned.mentions.len() == 2);
    let picture = message(&config, &body("3@chatroom", "bot", 3, "a:\n<img/>"));
    assert_eq!((picture.text.as_str(), picture.media.len()), ("[图片]", 1));
    // The sub-kind of an attachment above the 32 bits of the kind.
    let quote = "a:\n<appmsg><title>还没来</title><refermsg><svrid>9</svrid><content>停电了</content></refermsg></appmsg>";
    let quote = message(
        &config,
        &body("3@chatroom", "bot", (57_i64 << 32) + 49, quote),
    );
    assert_eq!(quote.text, "还没来");
    assert_eq!(quote.quoted.as_deref(), Some("停电了"));
    assert_eq!(quote.reply_to, Some("9".into()));
    for skipped in [
        body("wxid_a", "bot", 1, "私聊"),
        body("3@chatroom", "bot", 10000, "a:\n撤回"),
        json!({"testMsg": "ok", "token": "x"}).to_string(),
    ] {
        assert!(
            matches!(what(&skipped), Becomes::Skipped { .. }),
            "{skipped}"
        );
    }
}

#[test]
fn a_list_is_read_item_by_item_and_a_missing_list_is_told() {
    let config = config(
        "listen = \"127.0.0.1:1\"\nself_ids = [\"bot\"]\n[gateway.read]\neach = \"/data\"\nid = \"/n\"\ngroup = \"/g\"\nsender = \"/s\"\ntext = \"/t\"\nme = \"/me\"",
    );
    let body = json!({"me": "other", "n": "of the whole", "data": [
        {"n": 1, "g": "g", "s": "a", "t": "停电"},
        {"n": 2, "g": "g", "s": "other", "t": "已受理"},
        {"n": 3, "g": "g", "s": "bot", "t": "已受理"},
        {"g": "g", "s": "a", "t": "没有编号"},
    ]});
    let all = tried(&config, &body.to_string());
    let kinds: Vec<&str> = all
        .iter()
        .map(|it| match it.result {
            Becomes::Message { .. } => "message",
            Becomes::Own { .. } => "own",
            Becomes::Skipped { .. } => "skipped",
            Becomes::Broken { .. } => "broken",
        })
        .collect();
    assert_eq!(kinds, ["message", "own", "own", "broken"]);
    let missing = tried(&config, "{\"data\": 7}").remove(0).result;
    let Becomes::Broken { why } = missing else {
        panic!("{missing:?}")
    };
    assert!(why.contains("/data") && why.contains('7'), "{why}");
}

#[test]
fn a_bad_mapping_names_the_pointer_and_what_stands_there() {
    let why = |body: Value| match tried(&preset("lines"), &body.to_string()).remove(0).result {
        Becomes::Broken { why } => why,
        other => panic!("{other:?}"),
    };
    let good = json!({"id": "1", "group": {"id": "g"}, "sender": {"id": "u"}, "text": "停电", "time": "昨天"});
    let found = why(good.clone());
    assert!(found.contains("/time 那里是 昨天"), "{found}");
    let mut wrong = good.clone();
    (wrong["time"], wrong["group"]) = (json!(1_763_596_800), json!({"id": {"deep": 1}}));
    let found = why(wrong);
    assert!(
        found.contains("/group/id 那里是 {\"deep\":1}，对不上") && found.contains("read.group"),
        "{found}"
    );
    let mut none = good;
    none["id"] = Value::Null;
    none["time"] = Value::Null;
    assert!(why(none).contains("/id 那里什么也没有"));
    let now = clock().now();
    let hook = GatewayId::from("hook");
    let text = rehearse(&preset("lines"), &hook, "停电".as_bytes(), now).remove(0);
    assert!(matches!(text.result, Becomes::Broken { .. }));
}

/// Any JSON, with the names that presets look for in it.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        proptest::prelude::any::<bool>().prop_map(Value::from),
        proptest::prelude::any::<i64>().prop_map(Value::from),
        proptest::prelude::any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(json!("a:\n<title>x")),
        Just(json!("1@chatroom")),
    ];
    let name = prop_oneof![
        Just("id"),
        Just("group"),
        Just("sender"),
        Just("text"),
        Just("time"),
        Just("Data"),
        Just("data"),
        Just("content"),
        Just("string"),
        Just("roomid"),
        Just("source")
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((name.clone(), inner), 0..6).prop_map(|pairs| {
                let pairs = pairs
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(pairs.collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_body_is_read_or_refused_by_every_preset(body in value()) {
        for it in PRESETS {
            let config = of_preset(it).expect("whole");
            assert_eq!(tried(&config, &body.to_string()).len(), 1);
        }
    }
}
