//! What residents say and who they are stays out of logs and metrics.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::bot::{Bot, GROUPS, WORK, WORKER, until};
use super::platform::message;

/// A day of an invented street.
const DAY: &str = include_str!("../../fixtures/demo/day.jsonl");

/// Texts shorter than this are found anywhere by chance.
const TELLING: usize = 4;

#[tokio::test]
async fn nothing_said_and_no_name_is_in_the_text_log_or_the_metrics() {
    nothing_leaks("text").await;
}

#[tokio::test]
async fn nothing_said_and_no_name_is_in_the_json_log_or_the_metrics() {
    nothing_leaks("json").await;
}

async fn nothing_leaks(format: &str) {
    let settings = format!("[log]\nfilter = \"info\"\nformat = \"{format}\"");
    let mut bot = Bot::with_settings(&settings).await;
    let platform = bot.started().await;
    let mut names = BTreeSet::from(["陈默", "李巧", "方芸"].map(str::to_owned));
    let mut texts = BTreeSet::new();
    for (line, number) in DAY.lines().zip(880_000_000_i64..) {
        let told: Value = serde_json::from_str(line).expect("a message");
        let (text, name) = (said(&told["text"]), said(&told["sender"]["name"]));
        let index = usize::try_from(number % 3).expect("small");
        let mut frame = message(platform.new_id(), GROUPS[index], number, &json!(text));
        frame["sender"] = json!({"nickname": name, "card": name});
        if number % 50 == 0 {
            // What cannot be read is not to be quoted, either.
            frame["message_id"] = Value::Null;
        }
        platform.frame(frame.to_string());
        texts.insert(text);
        names.extend([name, number.to_string()]);
    }
    let card = platform
        .hears("a card", |said| said.text.contains("【派单】"))
        .await;
    platform.quote(&card, WORKER, "办结 换了保险丝，已经来电");
    for group in GROUPS.into_iter().chain([WORK]) {
        platform.settled(group).await;
    }
    let metrics = until("metrics", async || bot.get("metrics").await).await.1;
    assert!(metrics.contains("lianxin_messages_total"), "{metrics}");
    assert_eq!(bot.terminate().await.code(), Some(0));
    let log = bot.log();
    assert!(log.contains("running"), "{log}");
    texts.insert("换了保险丝，已经来电".to_owned());
    for said in platform.heard() {
        texts.extend(said.text.lines().map(str::to_owned));
    }
    texts.retain(|text| text.chars().count() >= TELLING);
    for secret in names.iter().chain(&texts).filter(|it| !it.is_empty()) {
        assert!(!log.contains(secret.as_str()), "in the log: {secret}");
        assert!(!metrics.contains(secret.as_str()), "in metrics: {secret}");
    }
}

fn said(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
