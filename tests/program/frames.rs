//! What a broken or hostile implementation sends, and what goes on in spite of it.

use serde_json::{Value, json};

use super::bot::{Bot, GROUPS};
use super::platform::{Platform, is_acknowledgement, message};

#[tokio::test]
async fn malformed_frames_do_not_stop_good_messages() {
    let mut bot = Bot::prepared().await;
    let platform = bot.started().await;
    for (building, bad) in bad_frames(&platform).into_iter().enumerate() {
        platform.frame(bad);
        taken_up(&platform, &format!("{}栋", 11 + building)).await;
    }
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn an_enormous_frame_costs_the_connection_and_nothing_else() {
    let mut bot = Bot::prepared().await;
    let mut platform = bot.started().await;
    taken_up(&platform, "11栋").await;
    let enormous = json!("停电".repeat(1 << 20));
    platform.frame(message(platform.new_id(), GROUPS[0], 21, &enormous).to_string());
    platform.closed().await;
    platform.reconnect(&bot.url()).await;
    taken_up(&platform, "12栋").await;
}

/// A good message about this building is taken up.
async fn taken_up(platform: &Platform, building: &str) {
    let group = GROUPS[0];
    platform.say(group, 21, &format!("{building}电梯坏了，好几天没人来修"));
    platform
        .hears(building, |said| {
            said.to == group && is_acknowledgement(said) && said.text.contains(building)
        })
        .await;
}

fn bad_frames(platform: &Platform) -> Vec<String> {
    let complaint = json!("99栋电梯坏了，好几天没人来修");
    let changed = |field: &str, value: Value| {
        let mut frame = message(platform.new_id(), GROUPS[0], 22, &complaint);
        frame[field] = value;
        frame.to_string()
    };
    let nested = format!(
        r#"{{"post_type":"message","message":{}{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let long = "大家早上好😀".repeat(1 << 14);
    let mut frames = vec![
        String::new(),
        "停电了".to_owned(),
        "{\"post_type\":\"message\"".to_owned(),
        nested,
        changed("message", json!(long)),
        changed("message", json!(7)),
        changed(
            "message",
            json!([{"type": "reply", "data": {"id": {"deep": []}}}, 3, null]),
        ),
        changed("sender", json!([1, 2])),
    ];
    for field in ["message_id", "group_id", "user_id"] {
        for id in [
            Value::Null,
            json!(true),
            json!(""),
            json!({}),
            json!(-1),
            json!(1e300),
            json!("停".repeat(10_000)),
        ] {
            frames.push(changed(field, id));
        }
    }
    for time in [
        json!(0),
        json!(-1),
        json!(1_000_000_000),
        json!(253_402_300_799_i64),
        json!(4_000_000_000_i64),
        json!(1e300),
        json!("gestern"),
    ] {
        frames.push(changed("time", time));
    }
    frames
}

#[tokio::test]
async fn what_cannot_be_read_is_listed_masked_and_can_be_read_again() {
    let mut bot = Bot::prepared().await;
    let platform = bot.started().await;
    let text = json!("电话13812345678");
    let mut frame = message(platform.new_id(), GROUPS[0], 22, &text);
    frame
        .as_object_mut()
        .expect("an object")
        .remove("message_id");
    for _ in 0..2 {
        platform.frame(frame.to_string());
    }
    platform.settled(GROUPS[0]).await;
    let listed = bot.rows(&["gateway", "dead", "list"]).await;
    assert_eq!(listed.len(), 1, "{listed:#?}");
    assert_eq!(listed[0]["reason"], "no message_id");
    let body = listed[0]["body"].as_str().expect("a body");
    assert!(
        body.contains("1001") && !body.contains("13812345678"),
        "{body}"
    );
    let shown = bot.command(&["gateway", "dead", "list"]).await.out;
    assert!(shown.contains("缺少 message_id"), "{shown}");

    let id = listed[0]["id"].as_str().expect("an id").to_owned();
    let again = bot.command(&["gateway", "dead", "retry", &id]).await;
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("还是看不懂"), "{}", again.err);
    let all = bot.command(&["gateway", "dead", "retry", "--all"]).await;
    assert!(all.out.contains("重读 1 条，读懂 0 条"), "{}", all.out);
    let neither = bot.command(&["gateway", "dead", "retry"]).await;
    assert_eq!(neither.code, Some(2));
    assert_eq!(bot.command(&["forget", "22"]).await.code, Some(0));
    assert!(bot.rows(&["gateway", "dead", "list"]).await.is_empty());
}
