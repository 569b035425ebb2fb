//! The threshold from which a gripe is an event, as configured.

use super::bot::Bot;

const GRIPE: &str = "我家停电了";

#[tokio::test]
async fn a_configured_threshold_is_honoured_wherever_something_is_decided() {
    let bot = Bot::prepared().await;
    let message = format!(
        r#"{{"id":"m1","group":{{"id":"g","name":"试群"}},"sender":{{"id":"u"}},"time":"2026-11-20T08:01:00+08:00","text":"{GRIPE}"}}"#
    );
    bot.write("聊天.jsonl", &message);
    bot.write(
        "标注.csv",
        &format!("id,text,action,category\n1,{GRIPE},open,01\n"),
    );
    let (chat, labels) = (bot.path("聊天.jsonl"), bot.path("标注.csv"));
    let (chat, labels) = (
        chat.to_str().expect("UTF-8"),
        labels.to_str().expect("UTF-8"),
    );
    let score = explained(&bot).await.1;
    assert!(
        (2.0..4.9).contains(&score),
        "{score}: no longer fit for this test"
    );
    for (threshold, opens) in [("1.2", true), ("4.9", false)] {
        bot.configure(&format!("[triage]\nopen_at = {threshold}"));
        assert_eq!(explained(&bot).await.0 == "open", opens, "{threshold}");
        let events = bot.rows(&["replay", chat]).await;
        assert_eq!(events.len(), usize::from(opens), "{threshold}");
        let figures = bot.rows(&["eval", labels]).await;
        let recall = figures.iter().find(|row| row["measure"] == "recall");
        let value = recall.and_then(|row| row["value"].as_f64());
        assert_eq!(value, Some(f64::from(u8::from(opens))), "{figures:#?}");
    }
    bot.configure("[triage]\nopen_at = 0.5");
    let refused = bot.command(&["explain", GRIPE]).await;
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.err.contains("triage.open_at = 0.5"),
        "{}",
        refused.err
    );
}

async fn explained(bot: &Bot) -> (String, f64) {
    let rows = bot.rows(&["explain", GRIPE]).await;
    let decision = &rows[0]["decision"];
    let action = decision["action"].as_str().expect("an action");
    (
        action.to_owned(),
        decision["score"].as_f64().expect("a score"),
    )
}
