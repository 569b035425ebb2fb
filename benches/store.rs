//! What the embedded store costs: commits by group and alone beside the disk's own `fdatasync`,
//! reading, and a start with 100,000 events. `LIANXIN_BENCH_DIR` names a folder on the disk to
//! measure; else the system's temporary folder.
//!
//! `cargo bench --bench store`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use lianxin::store::sled::{Schema, Sled};
use lianxin::store::{Changes, Expect, Index, Key, Kind, Record, Scan, Store};
use serde::{Deserialize, Serialize};

/// An event as large as a real one.
#[derive(Clone, Serialize, Deserialize)]
struct Event {
    id: String,
    at: u64,
    text: String,
}

impl Record for Event {
    const KIND: Kind = Kind::Event;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        vec![
            (Index::EventOpened, Key::new().number(self.at)),
            (Index::EventHolder, Key::new().text("工").number(self.at)),
            (Index::EventOpen, Key::new().text("莲花").number(self.at)),
        ]
    }
}

/// A mark beside each event, as the desk keeps for redelivered messages.
#[derive(Clone, Serialize, Deserialize)]
struct Mark {
    id: String,
    at: u64,
}

impl Record for Mark {
    const KIND: Kind = Kind::Seen;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        vec![(Index::SeenAt, Key::new().number(self.at))]
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some("open") {
        let folder = args.next().expect("the folder to open");
        return start(Path::new(&folder));
    }
    let base = std::env::var_os("LIANXIN_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(base).expect("a folder to measure in");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    raw_disk(folder.path());
    runtime.block_on(commits(&folder.path().join("commits")));
    runtime.block_on(many_events(&folder.path().join("events")));
    for _ in 0..3 {
        let program = std::env::current_exe().expect("this program");
        let events = folder.path().join("events");
        let run = Command::new(program).arg("open").arg(events).status();
        assert!(run.is_ok_and(|status| status.success()));
    }
}

fn raw_disk(folder: &Path) {
    let mut file = File::create(folder.join("raw")).expect("writable");
    let times = (0..300).map(|_| {
        file.write_all(&[7; 4096]).expect("room");
        let begun = Instant::now();
        file.sync_data().expect("syncable");
        begun.elapsed()
    });
    report("fdatasync of 4 KB appended", times.collect());
}

async fn commits(folder: &Path) {
    let store = open(folder);
    let mut alone = Vec::new();
    for n in 0..300 {
        let begun = Instant::now();
        let no = store.commit(one(n)).await.expect("fits");
        store.durable(no).await.expect("written");
        alone.push(begun.elapsed());
    }
    report("commit + durable, alone", alone);

    let mut calls = Vec::new();
    let begun = Instant::now();
    for n in 300..20_300 {
        let call = Instant::now();
        let no = store.commit(one(n)).await.expect("fits");
        calls.push(call.elapsed());
        if n % 100 == 99 {
            store.durable(no).await.expect("written");
        }
    }
    store.sync().await.expect("written");
    rate(
        "commits, durable awaited every 100",
        20_000,
        begun.elapsed(),
    );
    report("the commit call itself", calls);

    let begun = Instant::now();
    let writers: Vec<_> = (0..64_u64)
        .map(|writer| tokio::spawn(write_some(store.clone(), 100_000 + writer * 1_000)))
        .collect();
    let mut waits = Vec::new();
    for writer in writers {
        waits.extend(writer.await.expect("no writer panics"));
    }
    rate("commits, each awaited, 64 writers", 12_800, begun.elapsed());
    report("commit + durable, 64 writers", waits);
}

async fn write_some(store: Store, first: u64) -> Vec<Duration> {
    let mut waits = Vec::new();
    for n in first..first + 200 {
        let begun = Instant::now();
        let no = store.commit(one(n)).await.expect("fits");
        store.durable(no).await.expect("written");
        waits.push(begun.elapsed());
    }
    waits
}

async fn many_events(folder: &Path) {
    let store = open(folder);
    let begun = Instant::now();
    for part in 0..2_000 {
        let mut changes = Changes::new();
        for n in 0..50 {
            changes.put(&event(part * 50 + n, 2_000), Expect::New);
        }
        store.commit(changes).await.expect("fits");
    }
    store.sync().await.expect("written");
    rate("events of 2 KB written", 100_000, begun.elapsed());

    let begun = Instant::now();
    for n in 0..20_000_u64 {
        let id = format!("E-{:08}", n * 7_919 % 100_000);
        let found = store.get::<Event>(&id).await.expect("readable");
        assert!(found.is_some());
    }
    rate("gets over 100,000 events", 20_000, begun.elapsed());
    let begun = Instant::now();
    let mut found = 0;
    for n in 0..200 {
        let from = std::ops::Bound::Included(Key::new().number(n * 480));
        let scan = Scan::range(Index::EventOpened, from, std::ops::Bound::Unbounded).limit(50);
        found += store.scan::<Event>(&scan).await.expect("readable").len();
    }
    rate("records by index, 50 a scan", found as u64, begun.elapsed());
}

fn start(folder: &Path) {
    let begun = Instant::now();
    let store = open(folder);
    println!(
        "start with 100,000 events: {:.0?}, {} MB resident at most",
        begun.elapsed(),
        peak_mb()
    );
    drop(store);
}

fn open(folder: &Path) -> Store {
    let sled = Sled::open(folder, &Schema::default(), Timestamp::UNIX_EPOCH);
    Store::new(sled.expect("a store"))
}

fn one(n: u64) -> Changes {
    let mut changes = Changes::new();
    changes.put(&event(n, 600), Expect::New);
    let id = format!("m{n}");
    changes.put(&Mark { id, at: n }, Expect::New);
    changes
}

fn event(n: u64, size: usize) -> Event {
    Event {
        id: format!("E-{n:08}"),
        at: n,
        text: "x".repeat(size),
    }
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = peak.and_then(|peak| peak.split_whitespace().next()?.parse::<u64>().ok());
    kb.unwrap_or_default() / 1024
}

fn rate(what: &str, times: u64, took: Duration) {
    let each = u128::from(times) * 1_000_000 / took.as_micros().max(1);
    println!("{what}: {each}/s");
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{what}: p50 {:.1?}, p99 {:.1?}", at(50), at(99));
}
