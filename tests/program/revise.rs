//! An operator tries a changed word table on what was really said, and publishes it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::bot::{Bot, GROUPS, WORK, WORKER, until};
use super::platform::is_acknowledgement;

/// Words that no table has, for something that no street has.
const OLD_WORD: &str = "雪饼糯团";
const NEW_WORD: &str = "米糕糯团";

#[tokio::test]
async fn a_change_that_would_lose_a_confirmed_event_is_not_published_unless_told() {
    let mut bot = Bot::prepared().await;
    let in_force = copied(&bot, "lexicon", OLD_WORD).await;
    let tried = copied(&bot, "lexicon-new", NEW_WORD).await;
    let tried = tried.to_str().expect("UTF-8");
    bot.configure("[lexicon]\npath = \"lexicon\"");
    let platform = bot.started().await;
    platform.say(GROUPS[0], 21, &format!("11栋{OLD_WORD}了"));
    platform.hears("the number", is_acknowledgement).await;
    platform.say(WORK, WORKER, "接单 1");
    let event = until("somebody took it", async || {
        let events = bot.events().await;
        let taken = |event: &&Value| event["state"] == "in_progress";
        events.iter().find(taken).map(|event| event["id"].clone())
    })
    .await;
    bot.write(
        "聊天.jsonl",
        &format!(
            "{}\n{}\n",
            line("m1", &format!("5栋{NEW_WORD}了")),
            line("m2", "今天吃啥子")
        ),
    );
    let chat = bot.path("聊天.jsonl");
    let chat = chat.to_str().expect("UTF-8");

    let refused = bot
        .command(&["lexicon", "replay", tried, chat, "--publish"])
        .await;
    assert_eq!(refused.code, Some(1), "{}{}", refused.out, refused.err);
    for part in ["会漏掉 1 件属实的事", "没有发布", NEW_WORD, "新立案 1 句"] {
        assert!(refused.out.contains(part), "{part}\n{}", refused.out);
    }
    assert!(table(&in_force).contains(OLD_WORD));

    let json = ["lexicon", "replay", tried, "--format", "json"];
    let rows = bot.command(&json).await;
    assert_eq!(rows.code, Some(1), "{}", rows.err);
    let lost = rows.out.lines().map(|row| {
        let row: Value = serde_json::from_str(row).expect("a row is JSON");
        row
    });
    let lost: Vec<Value> = lost.filter(|row| row["kind"] == "lost").collect();
    assert_eq!(lost.len(), 1, "{}", rows.out);
    assert_eq!(lost[0]["loss"]["source"], event);

    let told = ["lexicon", "replay", tried, "--publish", "--accept-losses"];
    let published = bot.command(&told).await;
    assert_eq!(
        published.code,
        Some(0),
        "{}{}",
        published.out,
        published.err
    );
    assert!(table(&in_force).contains(NEW_WORD));
    let counted = "lianxin_lexicon_reloads_total{result=\"swapped\"} 1";
    until("the reload", async || {
        let (_, metrics) = bot.get("metrics").await?;
        metrics.contains(counted).then_some(())
    })
    .await;
    platform.say(GROUPS[2], 22, &format!("12栋{NEW_WORD}了"));
    platform
        .hears("12栋", |said| {
            is_acknowledgement(said) && said.text.contains("12栋")
        })
        .await;
}

#[tokio::test]
async fn a_change_is_held_against_a_chat_alone_and_its_failing_cases_are_named() {
    let bot = Bot::prepared().await;
    let tried = copied(&bot, "lexicon-new", NEW_WORD).await;
    let folder = tried.to_str().expect("UTF-8");
    let against = ["--against", "自带"];
    let good = bot
        .command(&[&["lexicon", "replay", folder], &against[..]].concat())
        .await;
    assert_eq!(good.code, Some(0), "{}{}", good.out, good.err);
    assert!(good.out.contains("没有属实的事会漏掉"), "{}", good.out);
    let homeless = bot
        .command(&["lexicon", "replay", folder, "--publish"])
        .await;
    assert_eq!(homeless.code, Some(2), "{}", homeless.err);
    let cases = tried.join("cases.csv");
    let text = fs::read_to_string(&cases).expect("copied");
    fs::write(&cases, format!("{text}5栋{NEW_WORD}了,ignore,,,,\n")).expect("written");
    let failing = bot.command(&["lexicon", "replay", folder]).await;
    assert_eq!(failing.code, Some(1), "{}", failing.err);
    assert!(failing.out.contains("cases.csv 第"), "{}", failing.out);
}

/// The built-in lexicon with one word more.
async fn copied(bot: &Bot, name: &str, word: &str) -> std::path::PathBuf {
    let folder = bot.path(name);
    let copied = bot
        .command(&["lexicon", "copy", folder.to_str().expect("UTF-8")])
        .await;
    assert_eq!(copied.code, Some(0), "{}", copied.err);
    let path = folder.join("keywords.csv");
    let text = fs::read_to_string(&path).expect("copied");
    fs::write(&path, format!("{text}{word},05,强,,,,启用,\n")).expect("written");
    folder
}

fn table(folder: &Path) -> String {
    fs::read_to_string(folder.join("keywords.csv")).expect("it is there")
}

fn line(id: &str, text: &str) -> String {
    format!(
        r#"{{"id":"{id}","group":{{"id":"g","name":"试群","area":["甲街道","乙苑"]}},"sender":{{"id":"u"}},"time":"2026-11-20T08:01:00+08:00","text":"{text}"}}"#
    )
}
