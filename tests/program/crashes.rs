//! Power cuts: the process is killed at random instants of a loaded run, again and again.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::bot::{Bot, GROUPS};
use super::platform::{Platform, Said, is_acknowledgement, message};

/// Complaints that arrive in each life of the process.
const COMPLAINTS: i64 = 6;

/// The latest instant of a kill, counted from the first complaint: in the middle of deciding them,
/// of writing them to the disk, and of saying so.
const LATEST_KILL: Duration = Duration::from_millis(400);

/// What a saying can come to in the ledger, whatever happened on the way.
const STATES: [&str; 7] = [
    "pending", "waiting", "sent", "refused", "unknown", "draft", "merged",
];

#[tokio::test]
async fn ten_kills_lose_nothing_acknowledged_and_repeat_nothing_said() {
    survives(10).await;
}

#[tokio::test]
#[ignore = "slow: 200 kills"]
async fn two_hundred_kills_lose_nothing_acknowledged_and_repeat_nothing_said() {
    for _ in 0..20 {
        survives(10).await;
    }
}

/// Kills one bot so often, then looks at all that was promised.
async fn survives(kills: i64) {
    let seed = fastrand::u64(..);
    eprintln!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut bot = Bot::prepared().await;
    let mut platform = bot.started().await;
    let mut frames = Vec::new();
    for life in 0..kills {
        if life > 0 {
            bot.start();
            platform.reconnect(&bot.url()).await;
        }
        // Platforms replay what they are not sure about.
        for _ in 0..2 {
            if let Some(frame) = random.choice(&frames) {
                platform.frame(String::clone(frame));
            }
        }
        for complaint in life * COMPLAINTS..(life + 1) * COMPLAINTS {
            let frame = complain(&platform, complaint);
            platform.frame(frame.clone());
            frames.push(frame);
        }
        // The instant itself is what is tried; nothing is waited for.
        tokio::time::sleep(LATEST_KILL.mul_f64(random.f64())).await;
        bot.kill();
        platform.closed().await;
    }
    bot.restarted(&mut platform).await;
    settled(&platform).await;
    nothing_acknowledged_is_lost(&bot, &platform).await;
    redelivery_makes_no_second_event(&bot, &platform, &frames).await;
    // At rest, since a running outbox moves what is looked for from one state to the next.
    assert_eq!(bot.terminate().await.code(), Some(0));
    platform.closed().await;
    everything_said_is_in_the_ledger_once(&bot, &platform).await;
}

/// Every complaint is about a building of its own, so that none merges with another.
fn complain(platform: &Platform, complaint: i64) -> String {
    let group = GROUPS[usize::try_from(complaint).expect("small") % GROUPS.len()];
    let text = format!("{}电梯坏了，好几天没人来修", building(complaint));
    message(platform.new_id(), group, 3000 + complaint, &json!(text)).to_string()
}

fn building(complaint: i64) -> String {
    format!("{}栋", 11 + complaint)
}

async fn settled(platform: &Platform) {
    for group in GROUPS {
        platform.settled(group).await;
    }
}

/// The building that an acknowledgement or an event is about.
pub(super) fn building_in(text: &str) -> String {
    let before = text.split_once('栋').map_or("", |(before, _)| before);
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next();
    format!("{}栋", digits.unwrap_or_default())
}

async fn gists(bot: &Bot) -> Vec<String> {
    let events = bot.events().await;
    let gist = |event: &Value| building_in(event["gist"].as_str().expect("a gist"));
    events.iter().map(gist).collect()
}

async fn nothing_acknowledged_is_lost(bot: &Bot, platform: &Platform) {
    let kept = gists(bot).await;
    for said in platform.matching(is_acknowledgement) {
        assert!(kept.contains(&building_in(&said.text)), "lost: {said:?}");
    }
}

async fn redelivery_makes_no_second_event(bot: &Bot, platform: &Platform, frames: &[String]) {
    for round in 0..2 {
        for frame in frames {
            platform.frame(frame.clone());
        }
        settled(platform).await;
        let kept = gists(bot).await;
        let distinct: BTreeSet<&String> = kept.iter().collect();
        assert_eq!(distinct.len(), kept.len(), "round {round}: {kept:?}");
        assert_eq!(kept.len(), frames.len(), "round {round}: {kept:?}");
    }
}

async fn everything_said_is_in_the_ledger_once(bot: &Bot, platform: &Platform) {
    let mut ledger = Vec::new();
    for state in STATES {
        let list = ["outbox", "list", "--state", state, "--limit", "100000"];
        ledger.extend(bot.rows(&list).await);
    }
    for event in bot.events().await {
        let about = ledger.iter().filter(|entry| entry["event"] == event["id"]);
        assert!(about.count() > 0, "nothing in the ledger about {event}");
    }
    let mut acknowledged = BTreeSet::new();
    for said in platform.heard() {
        let entries = ledger.iter().filter(|entry| has_words(entry, &said));
        let states: Vec<&Value> = entries.map(|entry| &entry["state"]).collect();
        let known = states
            .iter()
            .any(|state| *state == "sent" || *state == "unknown");
        assert!(known, "said, and the ledger has {states:?}: {said:?}");
        if is_acknowledgement(&said) {
            let first = acknowledged.insert((said.to, building_in(&said.text)));
            assert!(first, "said twice: {said:?}");
        }
    }
}

/// Whether an entry's words are these; a mention stands before them.
fn has_words(entry: &Value, said: &Said) -> bool {
    let parts = entry["parts"].as_array().into_iter().flatten();
    let mut words = parts.filter_map(|part| part["text"].as_str());
    words.any(|text| said.text.ends_with(text))
}
