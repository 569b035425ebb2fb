//! Killed at any instant, the store keeps what was acknowledged and shows no half commit.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::open;
use crate::store::contract::{Alarm, Count, alarm, count};
use crate::store::{Changes, Expect, Index, Key, Kind, Scan, Store};

/// Names the folder to the victim.
const FOLDER: &str = "LIANXIN_TEST_STORE";

/// Each commit adds a pair of records and removes the pair that is this many commits old.
const KEPT: u64 = 40;

#[tokio::test]
async fn no_acknowledged_commit_is_lost_and_none_is_half_there() {
    survive(10).await;
}

#[tokio::test]
#[ignore = "slow: 200 kills"]
async fn no_acknowledged_commit_is_lost_in_200_kills() {
    survive(200).await;
}

/// One store is loaded and killed again and again, so that each round also recovers what the round
/// before left behind.
async fn survive(rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 0..rounds {
        let mut child = victim(folder.path());
        let acknowledged = acknowledged_until_killed(&mut child, fastrand::usize(1..60));
        let store = open(folder.path()).unwrap_or_else(|error| panic!("round {round}: {error}"));
        let last = check(&store).await;
        assert!(
            last >= acknowledged.max(before),
            "{acknowledged} was told, {last} is there"
        );
        before = last;
    }
}

fn victim(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "store::sled::tests::kill::loaded_run",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn acknowledged_until_killed(child: &mut Child, after: usize) -> u64 {
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut last = 0;
    for (at, line) in output.lines().map_while(Result::ok).enumerate() {
        if let Some(number) = line.strip_prefix("ack ") {
            last = number.parse().unwrap_or(last);
        }
        if at == after {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    last
}

/// After commit n there are the pairs n-KEPT+1 to n, and nothing else.
async fn check(store: &Store) -> u64 {
    let Some(total) = store.get::<Count>("total").await.unwrap() else {
        assert!(
            store
                .scan::<Count>(&Scan::all(Kind::Tally))
                .await
                .unwrap()
                .is_empty()
        );
        return 0;
    };
    let last = total.record.count.unsigned_abs();
    assert_eq!((total.version, store.backend().last().0), (last, last));
    let pairs = (last + 1).saturating_sub(KEPT).max(1)..=last;
    let alarms = Scan::prefix(Index::TimerDue, &Key::new());
    let alarms = store.scan::<Alarm>(&alarms).await.unwrap();
    let expected: Vec<_> = pairs.clone().map(pair).collect();
    assert!(alarms.iter().map(|one| &one.record).eq(&expected));
    let mut counts = store.scan::<Count>(&Scan::all(Kind::Tally)).await.unwrap();
    counts.retain(|one| one.record.id != "total");
    let numbers = counts.iter().map(|one| one.record.count.unsigned_abs());
    assert!(numbers.eq(pairs));
    last
}

fn pair(n: u64) -> Alarm {
    let size = [3, 200, 2_000, 9_000][usize::try_from(n % 4).unwrap()];
    Alarm {
        text: "z".repeat(size),
        ..alarm(&format!("{n}"), "e", n)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the victim of the tests above"]
async fn loaded_run() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = open(Path::new(&folder)).unwrap();
    for n in store.backend().last().0 + 1.. {
        let mut changes = Changes::new();
        changes.put(&count("total", n.cast_signed()), Expect::Any);
        changes.put(&count(&format!("{n:020}"), n.cast_signed()), Expect::New);
        changes.put(&pair(n), Expect::New);
        if n > KEPT {
            let old = n - KEPT;
            changes.delete::<Count>(&format!("{old:020}"), Expect::Version(1));
            changes.delete::<Alarm>(&format!("{old}"), Expect::Version(1));
        }
        let no = store.commit(changes).await.unwrap();
        if n.is_multiple_of(1 + n % 17) {
            store.durable(no).await.unwrap();
            let mut out = std::io::stdout();
            out.write_all(format!("ack {n}\n").as_bytes()).unwrap();
            out.flush().unwrap();
        }
    }
}
