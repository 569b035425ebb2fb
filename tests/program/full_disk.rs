//! The disk fills up under the running bot, and later there is room again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::bot::{Bot, GROUPS, until};
use super::crashes::building_in;
use super::damage::copy;
use super::platform::{Platform, is_acknowledgement};

/// More complaints than the room below holds.
const MOST_COMPLAINTS: i64 = 800;

/// What the log says then.
const FULL: &str = "the disk is full";

/// Without root: files may not grow beyond their size, until somebody raises the limit.
#[tokio::test]
async fn files_that_may_not_grow_are_survived() {
    let mut bot = Bot::prepared().await;
    bot.start_where_files_may_not_grow();
    let platform = Platform::connect(&bot.url()).await;
    bot.until_ready().await;
    let largest = fs::metadata(bot.path("data/store/sled/db")).expect("a store");
    limit_files(&bot, &(largest.len() + 1).to_string());
    outlast(&mut bot, platform, |bot| limit_files(bot, "unlimited")).await;
}

fn limit_files(bot: &Bot, most: &str) {
    let limited = Command::new("prlimit")
        .args(["--pid", &bot.process_id(), &format!("--fsize={most}:")])
        .status();
    assert!(limited.expect("prlimit is there").success());
}

/// As it is: a file system of its own without room.
#[tokio::test]
#[ignore = "slow: needs root to mount a tmpfs"]
async fn a_full_disk_is_survived() {
    let mut bot = Bot::prepared().await;
    let _mounted = Mounted::over(&bot.path("data"), "size=24m");
    let platform = bot.started().await;
    let filler = bot.path("data/filler");
    let mut file = fs::File::create(&filler).expect("room");
    // Until there is none.
    assert!(std::io::copy(&mut std::io::repeat(1), &mut file).is_err());
    // An open file keeps its room.
    drop(file);
    outlast(&mut bot, platform, |_| {
        fs::remove_file(&filler).expect("ours");
    })
    .await;
}

/// Complains until nothing is kept, makes room, and sees that all goes on and nothing is lost.
async fn outlast(bot: &mut Bot, platform: Platform, make_room: impl FnOnce(&Bot)) {
    let mut complaints = 0;
    while !bot.log().contains(FULL) {
        complain(bot, &platform, complaints).await;
        complaints += 1;
        assert!(complaints < MOST_COMPLAINTS, "the disk never filled");
    }
    let (status, body) = bot.get("readyz").await.expect("it answers");
    assert_eq!(status, 503);
    assert!(body.contains("磁盘已满"), "{body}");
    let metrics = bot.get("metrics").await.expect("it answers").1;
    assert!(metrics.contains("lianxin_store_accepting 0"), "{metrics}");

    let refused = complaints;
    platform.say(GROUPS[0], 21, &words(refused));
    let attempts = |log: &str| log.matches("nothing is acknowledged").count();
    let before = attempts(&bot.log());
    until("two attempts", async || {
        (attempts(&bot.log()) >= before + 2).then_some(())
    })
    .await;
    assert!(!acknowledged(&platform).contains(&building(refused)));

    make_room(bot);
    bot.until_ready().await;
    platform
        .hears("the answer that waited", |said| {
            is_acknowledgement(said) && said.text.contains(&building(refused))
        })
        .await;
    assert_eq!(bot.terminate().await.code(), Some(0));
    let events = bot.events().await;
    let gists: Vec<&str> = events.iter().filter_map(|it| it["gist"].as_str()).collect();
    for complaint in 0..=refused {
        let kept = gists.iter().filter(|it| it.contains(&words(complaint)));
        assert_eq!(kept.count(), 1, "{} in {gists:?}", words(complaint));
    }
    let heard = platform.matching(is_acknowledgement).len();
    assert_eq!(heard, acknowledged(&platform).len(), "said twice");
}

/// Somebody complains, and waits for the answer or for the disk to be full.
async fn complain(bot: &Bot, platform: &Platform, complaint: i64) {
    platform.say(GROUPS[0], 21, &words(complaint));
    until("an answer, or a full disk", async || {
        let answered = acknowledged(platform).contains(&building(complaint));
        (answered || bot.log().contains(FULL)).then_some(())
    })
    .await;
}

/// Every complaint is about a building of its own, so that none merges with another.
fn words(complaint: i64) -> String {
    format!("{}电梯坏了，好几天没人来修", building(complaint))
}

fn building(complaint: i64) -> String {
    format!("{}栋", 100 + complaint)
}

/// The buildings that were answered.
fn acknowledged(platform: &Platform) -> BTreeSet<String> {
    let said = platform.matching(is_acknowledgement);
    said.iter().map(|said| building_in(&said.text)).collect()
}

/// A file system over a folder, with what was in the folder; gone when it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn over(folder: &Path, options: &str) -> Self {
        let aside = folder.with_extension("aside");
        fs::rename(folder, &aside).expect("ours");
        fs::create_dir(folder).expect("ours");
        run(
            "mount",
            &["-t", "tmpfs", "-o", options, "lianxin-test"],
            folder,
        );
        let mounted = Self(folder.to_owned());
        copy(&aside, folder);
        mounted
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily, since the bot may still run when a test fails.
        run("umount", &["-l"], &self.0);
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path) {
    let status = Command::new(program).args(arguments).arg(folder).status();
    assert!(
        status.expect("it is there").success(),
        "{program}: are you root?"
    );
}
