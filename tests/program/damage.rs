//! A store that is not what was written: `run` ends with the way out, or nothing is missing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::bot::{Bot, GROUPS, until};
use super::platform::is_acknowledgement;

/// Complaints in the store before it is damaged.
const COMPLAINTS: usize = 4;

/// What is done to a file.
#[derive(Clone, Copy, Debug)]
enum Damage {
    Deleted,
    CutTo(u64),
    Flipped { byte: usize, bit: u8 },
}

#[tokio::test]
async fn a_store_with_a_file_gone_cut_or_flipped_ends_run_with_the_way_out() {
    let (mut bot, events) = with_events().await;
    let pristine = set_aside(&bot);
    for (name, damage) in [
        ("store/store.json", Damage::Deleted),
        ("store/sled/db", Damage::Deleted),
        ("store/sled/db", Damage::CutTo(4096)),
        ("store/sled/db", Damage::Flipped { byte: 600, bit: 3 }),
    ] {
        let refused = starts_whole_or_not_at_all(&mut bot, &pristine, name, damage, &events).await;
        assert!(refused, "{name} {damage:?} went unnoticed");
    }
}

/// Each file once deleted, once cut and once with a bit flipped: a start of the bot takes its time, and
/// the store's own tests go through many cuts and flips of each. Which cut and which bit, the seed says.
#[tokio::test]
#[ignore = "slow: starts the bot some twenty times"]
async fn every_damage_to_every_file_ends_run_or_costs_nothing() {
    let seed = fastrand::u64(..);
    eprintln!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut bot, events) = with_events().await;
    let pristine = set_aside(&bot);
    let mut refused = 0;
    for name in files(&pristine) {
        let bytes = fs::read(pristine.join(&name)).expect("ours");
        // sled allocates whole segments; behind the last written byte nothing is at stake.
        let used = bytes.iter().rposition(|byte| *byte != 0);
        let used = used.map_or(0, |last| last + 1);
        let cut = if random.bool() { 0 } else { used / 2 };
        let mut damages = vec![Damage::Deleted, Damage::CutTo(cut as u64)];
        if used > 0 {
            damages.push(Damage::Flipped {
                byte: random.usize(..used),
                bit: random.u8(..8),
            });
        }
        let name = name.to_str().expect("UTF-8");
        for damage in damages {
            let noticed = starts_whole_or_not_at_all(&mut bot, &pristine, name, damage, &events);
            refused += usize::from(noticed.await);
        }
    }
    assert!(refused > 0, "some damage must show");
}

/// A stopped bot that has heard complaints, and its events.
async fn with_events() -> (Bot, Vec<Value>) {
    let mut bot = Bot::prepared().await;
    let platform = bot.started().await;
    for building in 0..COMPLAINTS {
        let text = format!("{}栋电梯坏了，好几天没人来修", 11 + building);
        platform.say(GROUPS[building % GROUPS.len()], 21, &text);
    }
    until("all are answered", async || {
        (platform.matching(is_acknowledgement).len() == COMPLAINTS).then_some(())
    })
    .await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    let events = bot.events().await;
    assert_eq!(events.len(), COMPLAINTS);
    (bot, events)
}

fn set_aside(bot: &Bot) -> PathBuf {
    let pristine = bot.path("pristine");
    copy(&bot.path("data"), &pristine);
    pristine
}

/// Starts the bot on a damaged copy. `true`: it ended with exit 1, said what is wrong and what to do.
/// `false`: it runs, and then every event must still be there.
async fn starts_whole_or_not_at_all(
    bot: &mut Bot,
    pristine: &Path,
    name: &str,
    damage: Damage,
    events: &[Value],
) -> bool {
    let data = bot.path("data");
    fs::remove_dir_all(&data).expect("ours");
    copy(pristine, &data);
    inflict(&data.join(name), damage);
    let before = bot.log().len();
    bot.start();
    let ended = until("it runs, or has ended", async || match bot.has_ended() {
        Some(status) => Some(Some(status)),
        None => bot.get("healthz").await.map(|_| None),
    })
    .await;
    let said = bot.log().split_off(before);
    if let Some(status) = ended {
        assert_eq!(status.code(), Some(1), "{name} {damage:?}: {said}");
        let clear = said.contains("数据已损坏") && said.contains("lianxin restore");
        assert!(clear, "{name} {damage:?}: {said}");
        bot.ended().await;
        return true;
    }
    bot.kill();
    let left = bot.events().await;
    assert_eq!(left, events, "{name} {damage:?}: not the same");
    false
}

fn inflict(path: &Path, damage: Damage) {
    match damage {
        Damage::Deleted => fs::remove_file(path).expect("there"),
        Damage::CutTo(length) => {
            let file = fs::OpenOptions::new().write(true).open(path);
            file.expect("there").set_len(length).expect("ours");
        }
        Damage::Flipped { byte, bit } => {
            let mut bytes = fs::read(path).expect("there");
            bytes[byte] ^= 1 << bit;
            fs::write(path, bytes).expect("ours");
        }
    }
}

/// The files in a folder, by their path in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("readable") {
        let entry = entry.expect("readable");
        let name = PathBuf::from(entry.file_name());
        if entry.file_type().expect("known").is_dir() {
            found.extend(
                files(&entry.path())
                    .into_iter()
                    .map(|inner| name.join(inner)),
            );
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// Copies a folder with everything in it.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("ours");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("known").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("room");
        }
    }
}
