//! One account that connects twice: the newer connection takes the older one's place.

use std::time::{Duration, Instant};

use super::bot::{Bot, GROUPS};
use super::platform::{Platform, is_acknowledgement};

/// How long an answer through the new connection may take; a lost wake-up would cost half a minute.
const PROMPT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_newer_connection_replaces_the_older_and_is_answered_promptly() {
    let mut bot = Bot::prepared().await;
    let mut older = bot.started().await;
    complain(&older, "11栋").await;
    let newer = older.beside(&bot.url()).await;
    older.closed().await;
    complain(&newer, "12栋").await;
    assert!(older.matching(|said| said.text.contains("12栋")).is_empty());
    // The newer one stays.
    complain(&newer, "13栋").await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

/// Somebody complains about this building and is answered soon.
async fn complain(platform: &Platform, building: &str) {
    let asked = Instant::now();
    platform.say(
        GROUPS[0],
        21,
        &format!("{building}电梯坏了，好几天没人来修"),
    );
    platform
        .hears(building, |said| {
            is_acknowledgement(said) && said.text.contains(building)
        })
        .await;
    assert!(asked.elapsed() < PROMPT, "{:?}", asked.elapsed());
}
