//! A recorded chat, repeated with new ids and later times, through the whole pipeline into a store
//! on disk. `LIANXIN_DATA` names the folder of a large recording, `LIANXIN_REPEAT` how often it is
//! played (40).
//!
//! `cargo bench --bench replay`

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use lianxin::app::opening;
use lianxin::app::replaying::Player;
use lianxin::config::Config;
use lianxin::desk::Event;
use lianxin::gateway::Sinks;
use lianxin::model::{ManualClock, Message, MessageId};
use lianxin::outbox::Limits;
use lianxin::store::{Kind, Scan, Store};

mod figures;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(replay());
}

async fn replay() {
    let repeat = std::env::var("LIANXIN_REPEAT").map_or(40, |n| n.parse().expect("a number"));
    let tape = Tape::of(figures::recordings());
    let folder = figures::scratch();
    let clock = ManualClock::new(tape.begin);
    let store = opening::store(&folder.path().join("store"), tape.begin).expect("a store");
    let (config, sinks) = (Config::default(), Sinks::new());
    let opened = opening::bot(&config, store.clone(), sinks, Limits::unhurried(), &clock).await;
    let mut player = Player::new(opened.expect("the embedded parts open").bot);
    let base = memory("VmRSS:");
    let before = store.backend().last().0;

    let begun = Instant::now();
    let (mut messages, mut rounds) = (0, Vec::new());
    for round in 0..repeat {
        let round_begun = Instant::now();
        let heard = player.play(tape.round(round)).await;
        messages += heard.expect("the store works").count;
        rounds.push(round_begun.elapsed());
    }
    store.sync().await.expect("written");
    let took = begun.elapsed();

    let peak = memory("VmHWM:");
    let per_round = messages / u64::from(repeat).max(1);
    let last = rounds[rounds.len() - 1];
    let commits = store.backend().last().0 - before;
    figures::table(
        "replay into a durable store, start-up excluded",
        &[
            (
                "messages",
                format!("{messages} ({repeat} times {per_round})"),
            ),
            ("took", format!("{took:.2?}")),
            ("messages/s", rate(messages, took)),
            ("messages/s, first round", rate(per_round, rounds[0])),
            ("messages/s, last round", rate(per_round, last)),
            ("a round", figures::spread(rounds)),
            ("reading the lines alone, messages/s", tape.read_alone()),
            ("commits", commits.to_string()),
            ("events", events(&store).await.to_string()),
            (
                "peak memory above base",
                format!("{} MB (base {base} MB)", peak.saturating_sub(base)),
            ),
        ],
    );
}

/// The recording.
struct Tape {
    files: Vec<PathBuf>,
    begin: Timestamp,
    length: SignedDuration,
}

impl Tape {
    fn of(files: Vec<PathBuf>) -> Self {
        let mut tape = Self {
            files,
            begin: Timestamp::MAX,
            length: SignedDuration::ZERO,
        };
        let (mut begin, mut end) = (Timestamp::MAX, Timestamp::MIN);
        for message in tape.messages() {
            begin = begin.min(message.time);
            end = end.max(message.time);
        }
        tape.begin = begin;
        tape.length = end.duration_since(begin) + SignedDuration::from_hours(1);
        tape
    }

    fn round(&self, round: u32) -> Round {
        Round {
            messages: Box::new(self.messages()),
            name: format!("r{round}"),
            later: self.length * i32::try_from(round).expect("few rounds"),
            count: 0,
        }
    }

    fn messages(&self) -> impl Iterator<Item = Message> + use<> {
        let files = self.files.clone();
        files.into_iter().flat_map(|path| {
            let file =
                File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let lines = BufReader::with_capacity(1 << 18, file).split(b'\n');
            lines.map(|line| serde_json::from_slice(&line.expect("readable")).expect("a message"))
        })
    }

    fn read_alone(&self) -> String {
        let begun = Instant::now();
        let count = self.messages().map(std::hint::black_box).count();
        rate(count as u64, begun.elapsed())
    }
}

/// The recording once more, with ids and times of its own.
struct Round {
    messages: Box<dyn Iterator<Item = Message> + Send>,
    name: String,
    later: SignedDuration,
    count: u64,
}

impl lianxin::app::reading::Tape for Round {
    fn next(&mut self) -> anyhow::Result<Option<Message>> {
        let Some(mut message) = self.messages.next() else {
            return Ok(None);
        };
        message.id = self.renamed(&message.id);
        message.reply_to = message.reply_to.map(|id| self.renamed(&id));
        message.time += self.later;
        self.count += 1;
        Ok(Some(message))
    }
}

impl Round {
    fn renamed(&self, id: &MessageId) -> MessageId {
        MessageId::new(format!("{id}{}", self.name))
    }
}

async fn events(store: &Store) -> usize {
    let all = Scan::all(Kind::Event);
    store.scan::<Event>(&all).await.expect("readable").len()
}

fn rate(times: u64, took: Duration) -> String {
    (u128::from(times) * 1_000_000 / took.as_micros().max(1)).to_string()
}

/// A line of this process's status, in MB.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|it| it.strip_prefix(line));
    let kb = found.and_then(|kb| kb.split_whitespace().next()?.parse::<u64>().ok());
    kb.unwrap_or_default() / 1024
}
