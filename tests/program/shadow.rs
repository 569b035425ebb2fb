//! A bot that only listens: it decides and records, and not a word leaves it.

use super::bot::{Bot, GROUPS, until};

/// A strong word, and it is of last year: a near miss.
const LAST_YEAR: &str = "去年那次停电才吓人";

#[tokio::test]
async fn a_bot_in_shadow_mode_says_nothing_and_reports_what_it_would_have_done() {
    let mut bot = Bot::with_settings("mode = \"shadow\"\n").await;
    let platform = bot.started().await;
    platform.say(GROUPS[0], 21, "3栋停电了，有没有人管");
    platform.say(GROUPS[2], 22, "有人困在电梯里了，快来人");
    platform.say(GROUPS[0], 23, "不要记录我");
    platform.say(GROUPS[0], 24, LAST_YEAR);
    let silences = until("the near miss", async || {
        let rows = bot.rows(&["silences"]).await;
        (!rows.is_empty()).then_some(rows)
    })
    .await;
    bot.write("记录.csv", "时间,群,内容,类别\n");
    let recorded = bot.path("记录.csv");
    let recorded = recorded.to_str().expect("UTF-8");
    let rows = bot
        .rows(&["shadow", "report", "--recorded", recorded])
        .await;
    assert_eq!(rows[0]["workload"]["events"], 2, "{rows:#?}");
    let id = silences[0]["id"].as_str().expect("an id");
    let real = bot
        .command(&["silences", "real", id, "--category", "01"])
        .await;
    assert_eq!(real.code, Some(0), "{}", real.err);
    let checked = bot.command(&["check"]).await;
    assert!(checked.out.contains("旁听"), "{}", checked.out);
    let refused = bot.command(&["outbox", "start"]).await;
    assert_eq!(refused.code, Some(1), "{}", refused.out);
    assert!(platform.heard().is_empty(), "{:#?}", platform.heard());
    assert_eq!(bot.terminate().await.code(), Some(0));
    assert!(bot.events().await.is_empty());
    assert!(bot.log().contains("shadow mode"), "{}", bot.log());
    let examples = std::fs::read_to_string(bot.path("data/examples.csv"));
    assert!(examples.expect("written").contains(LAST_YEAR));

    bot.configure("");
    bot.start();
    let platform = super::platform::Platform::connect(&bot.url()).await;
    for group in GROUPS {
        let welcome = platform.hears("the welcome", |said| said.to == group);
        assert!(welcome.await.text.contains("不要记录我"));
    }
}
