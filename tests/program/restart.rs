//! Stopping, starting again, and messages that come twice.

use std::time::Instant;

use serde_json::json;

use super::bot::{Bot, GROUPS};
use super::platform::{is_acknowledgement, message};

#[tokio::test]
async fn sigterm_ends_with_zero_in_time_and_nothing_is_said_again() {
    let mut bot = Bot::with_settings("[shutdown]\ndeadline = \"20s\"").await;
    let mut platform = bot.started().await;
    platform.say(GROUPS[0], 21, "3栋停电了，有没有人管");
    platform
        .hears("the acknowledgement", is_acknowledgement)
        .await;
    let asked = Instant::now();
    let ended = bot.terminate().await;
    assert_eq!(ended.code(), Some(0));
    assert!(asked.elapsed().as_secs() < 20, "{:?}", asked.elapsed());
    platform.closed().await;

    let before = platform.heard();
    bot.restarted(&mut platform).await;
    platform.settled(GROUPS[0]).await;
    let mut seen = std::collections::BTreeSet::new();
    for said in &before {
        seen.insert((said.to, said.text.clone()));
    }
    let again = platform.heard()[before.len()..].to_vec();
    let again: Vec<_> = again
        .iter()
        .filter(|said| seen.contains(&(said.to, said.text.clone())))
        .collect();
    assert!(again.is_empty(), "{again:#?}");
    assert_eq!(bot.terminate().await.code(), Some(0));
}

#[tokio::test]
async fn a_message_that_comes_twice_is_acknowledged_once_also_after_a_restart() {
    let mut bot = Bot::prepared().await;
    let mut platform = bot.started().await;
    let id = platform.new_id();
    let frame = message(id, GROUPS[0], 21, &json!("3栋停电了，有没有人管")).to_string();
    platform.frame(frame.clone());
    platform.frame(frame.clone());
    platform
        .hears("the acknowledgement", is_acknowledgement)
        .await;
    platform.settled(GROUPS[0]).await;
    bot.terminate().await;
    bot.restarted(&mut platform).await;
    platform.frame(frame);
    platform.settled(GROUPS[0]).await;
    assert_eq!(platform.matching(is_acknowledgement).len(), 1);
    let events = bot.events().await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["supporters"], 1);
}
