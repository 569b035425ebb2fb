//! Health, readiness, and one process per store.

use super::bot::{Bot, until};
use super::platform::Platform;

#[tokio::test]
async fn a_second_run_on_the_same_store_is_refused_and_told_who_holds_it() {
    let mut bot = Bot::prepared().await;
    bot.start();
    until("it is alive", async || bot.get("healthz").await).await;
    let second = bot.command(&["run"]).await;
    assert_eq!(second.code, Some(1), "{}", second.err);
    assert!(second.err.contains(&bot.process_id()), "{}", second.err);
    assert_eq!(bot.get("healthz").await.map(|answer| answer.0), Some(200));
}

#[tokio::test]
async fn it_is_alive_from_the_start_and_ready_when_a_client_answers() {
    let mut bot = Bot::prepared().await;
    bot.start();
    let alive = until("it is alive", async || bot.get("healthz").await).await;
    assert_eq!(alive.0, 200);
    let (status, body) = bot.get("readyz").await.expect("it answers");
    assert_eq!(status, 503);
    assert!(body.contains("wx"), "{body}");
    let platform = Platform::connect(&bot.url()).await;
    bot.until_ready().await;
    drop(platform);
    until("it is not ready any more", async || {
        (bot.get("readyz").await?.0 == 503).then_some(())
    })
    .await;
}
