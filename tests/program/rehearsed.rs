//! A recorded chat played to the running bot by the program itself.

use serde_json::{Value, json};

use super::bot::{Bot, GROUPS, until};

#[tokio::test]
async fn a_recorded_chat_is_played_and_what_the_bot_says_is_noted() {
    let mut bot = Bot::prepared().await;
    let line = |id: &str, text: &str| {
        json!({"id": id, "group": {"id": GROUPS[0].to_string()}, "sender": {"id": "21", "name": "住户21"},
            "time": "2026-10-20T08:00:00+08:00", "text": text})
        .to_string()
    };
    let complaint = line("m2", "11栋电梯坏了，好几天没人来修");
    bot.write(
        "chat.jsonl",
        &format!("{}\nbroken\n{complaint}\n", line("m1", "早上好")),
    );
    let (chat, said) = (bot.path("chat.jsonl"), bot.path("said.jsonl"));
    let typed = [
        "simulate",
        chat.to_str().expect("UTF-8"),
        "--record",
        said.to_str().expect("UTF-8"),
        "--wait",
        "3",
    ];
    let nobody = bot.command(&typed).await;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.err.contains("lianxin run"), "{}", nobody.err);
    bot.start();
    let played = until("the bot listens", async || {
        let played = bot.command(&typed).await;
        (played.code != Some(1)).then_some(played)
    })
    .await;
    assert_eq!(played.code, Some(3), "a line was skipped: {}", played.err);
    let noted = std::fs::read_to_string(&said).expect("a record");
    let mut noted = noted
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let answer = noted.find(|said| said["reply_to"] == "m2");
    let answer = answer.expect("the complaint was answered");
    assert!(
        answer["text"]
            .as_str()
            .is_some_and(|text| text.contains("11栋"))
    );
}
