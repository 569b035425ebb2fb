//! Residents complain, workers answer, groups are admitted.

use super::bot::{Bot, GROUPS, WORKER};
use super::platform::{is_acknowledgement, number};

#[tokio::test]
async fn a_complaint_is_acknowledged_and_a_worker_takes_it_from_the_card() {
    let mut bot = Bot::prepared().await;
    let platform = bot.started().await;
    platform.say(GROUPS[0], 21, "3栋停电了，有没有人管");
    let acknowledged = platform
        .hears("the acknowledgement", |said| {
            said.to == GROUPS[0] && is_acknowledgement(said)
        })
        .await;
    assert!(acknowledged.text.contains("3栋"), "{}", acknowledged.text);
    let card = platform
        .hears("the card", |said| said.text.contains("【派单】"))
        .await;
    assert!(card.text.contains(&number(&acknowledged)) || card.text.contains("3栋停电"));
    platform.quote(&card, WORKER, "接单");
    platform
        .hears("that it was taken", |said| {
            said.to == card.to && said.text.contains("已接单")
        })
        .await;
    let events = bot.rows(&["events", "list"]).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["state"], "in_progress");
    assert_eq!(events[0]["holder"], WORKER.to_string());
}

#[tokio::test]
async fn an_unknown_group_is_listed_and_unanswered_until_it_is_admitted() {
    const NEW: i64 = 2001;
    let mut bot = Bot::prepared().await;
    let platform = bot.started().await;
    platform.say(NEW, 21, "5栋停电了，有没有人管");
    platform.settled(GROUPS[0]).await;
    let listed = bot.command(&["groups", "list"]).await.out;
    let row = listed.lines().find(|line| line.contains("2001"));
    assert!(row.is_some_and(|row| row.contains("待接入")), "{listed}");
    assert!(platform.matching(|said| said.to == NEW).is_empty());

    let area = "云杉街道/清溪社区/清溪网格/枫林苑";
    let admitted = bot
        .command(&["groups", "admit", "2001", "--area", area])
        .await;
    assert_eq!(admitted.code, Some(0), "{}", admitted.err);
    platform
        .hears("the welcome", |said| {
            said.to == NEW && said.text.contains("不要记录我")
        })
        .await;
    platform.say(NEW, 21, "5栋停电了，有没有人管");
    platform
        .hears("the acknowledgement", |said| {
            said.to == NEW && is_acknowledgement(said)
        })
        .await;
    platform.settled(NEW).await;
    let welcomes = platform.matching(|said| said.to == NEW && said.text.contains("不要记录我"));
    assert_eq!(welcomes.len(), 1, "{welcomes:#?}");
    assert_eq!(bot.events().await.len(), 1);
}

#[tokio::test]
async fn an_admin_sees_how_each_group_is_heard_and_what_is_missing() {
    let mut bot = Bot::prepared().await;
    let at_rest = bot.command(&["groups", "show", "枫林苑一群"]).await;
    assert!(
        at_rest.out.contains("机器人没在运行"),
        "{}{}",
        at_rest.out,
        at_rest.err
    );
    let platform = bot.started().await;
    platform.settled(GROUPS[0]).await;
    let shown = bot.command(&["groups", "show", "1001"]).await.out;
    for words in [
        "反向 WebSocket",
        "全部的话都听得到",
        "能否发言：经 wx（OneBot 11），可以引用原话",
        "一条最多 4000 字节",
        "每分钟最多 6000 条",
        "还缺什么：不缺",
    ] {
        assert!(shown.contains(words), "no {words} in {shown}");
    }
    drop(platform);
    bot.until_unready().await;
    let checked = bot.command(&["check"]).await.out;
    assert!(
        checked.contains("枫林苑一群（1001）：最近听到") && checked.contains("网关 wx 没有连上"),
        "{checked}"
    );
    let unknown = bot.command(&["groups", "show", "9999"]).await;
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("没见过群"), "{}", unknown.err);
}
