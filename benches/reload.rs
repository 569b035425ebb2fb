//! Whether saving the lexicon is felt: messages are decided one after another while the lexicon is
//! edited and reloaded 20 times beside them.
//!
//! `cargo bench --bench reload`

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lianxin::app::judge::judge;
use lianxin::app::shelf::{Reloaded, Shelf};
use lianxin::lexicon::Sources;
use lianxin::model::Message;
use lianxin::triage::{Context, Triage};

mod figures;

/// How often the lexicon is edited.
const RELOADS: u32 = 20;
/// How long messages are decided before the first edit.
const CALM: Duration = Duration::from_secs(3);
/// Pause between two edits: the calm is measured in these pauses too.
const PAUSE: Duration = Duration::from_millis(100);
/// Longest that a message may wait for a reload.
const BOUND: Duration = Duration::from_millis(5);

fn main() {
    let folder = figures::scratch();
    write_embedded(folder.path());
    let packs = vec!["四川话".to_owned()];
    let opened = Shelf::open(Some(folder.path().to_owned()), packs, judge);
    let shelf = Arc::new(opened.expect("the embedded lexicon is good").0);
    let words = shelf.lexicon().keywords().count();
    let state = Arc::new(State::default());
    let deciding = {
        let (shelf, state) = (shelf.clone(), state.clone());
        std::thread::spawn(move || decide(&shelf, &state))
    };

    std::thread::sleep(CALM);
    let mut reloads = Vec::new();
    for number in 0..RELOADS {
        edit(folder.path(), number);
        state.reloading.store(true, Ordering::SeqCst);
        let begun = Instant::now();
        let reloaded = shelf.reload();
        assert!(matches!(reloaded, Reloaded::Swapped { .. }), "{reloaded:?}");
        drop(reloaded);
        reloads.push(begun.elapsed());
        state.reloading.store(false, Ordering::SeqCst);
        std::thread::sleep(PAUSE);
    }
    state.over.store(true, Ordering::SeqCst);
    let decided = deciding.join().expect("deciding does not panic");

    let late = decided
        .reloading
        .iter()
        .filter(|took| **took > BOUND)
        .count();
    figures::table(
        "messages while the lexicon is reloaded",
        &[
            ("words", words.to_string()),
            ("a reload", figures::spread(reloads)),
            ("messages between reloads", decided.calm.len().to_string()),
            ("a message between reloads", figures::spread(decided.calm)),
            (
                "messages during reloads",
                decided.reloading.len().to_string(),
            ),
            ("of them above 5 ms", late.to_string()),
            (
                "a message during a reload",
                figures::spread(decided.reloading),
            ),
        ],
    );
}

#[derive(Default)]
struct State {
    reloading: AtomicBool,
    over: AtomicBool,
}

/// How long each message took.
#[derive(Default)]
struct Decided {
    calm: Vec<Duration>,
    reloading: Vec<Duration>,
}

fn decide(shelf: &Shelf, state: &State) -> Decided {
    let messages = messages();
    let mut decided = Decided::default();
    let (mut triage, context) = (Triage::default(), Context::default());
    for message in messages.iter().cycle() {
        if state.over.load(Ordering::Relaxed) {
            break;
        }
        let begun = Instant::now();
        let lexicon = shelf.lexicon();
        let decision = triage.decide(message.time, message, &context, &lexicon);
        drop((std::hint::black_box(decision), lexicon));
        let took = begun.elapsed();
        if state.reloading.load(Ordering::Relaxed) {
            decided.reloading.push(took);
        } else {
            decided.calm.push(took);
        }
    }
    decided
}

fn messages() -> Vec<Message> {
    let lines = figures::recordings().into_iter().flat_map(|path| {
        let file = std::fs::File::open(path).expect("a recording");
        BufReader::new(file)
            .split(b'\n')
            .map(|line| line.expect("readable"))
    });
    let messages = lines.map(|line| serde_json::from_slice(&line).expect("a message"));
    messages.take(20_000).collect()
}

fn write_embedded(folder: &Path) {
    for (name, bytes) in Sources::embedded().0 {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }
}

/// One more word.
fn edit(folder: &Path, number: u32) {
    let file = OpenOptions::new()
        .append(true)
        .open(folder.join("keywords.csv"));
    let line = format!("云杉水箱{number}号盖飞了,02,强,,,,启用,\n");
    file.expect("there")
        .write_all(line.as_bytes())
        .expect("saved");
}
