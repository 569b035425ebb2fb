//! What one message costs, on one core. Reads `$LIANXIN_DATA/chatter-dev.csv` when it is set, else
//! the recorded chats under `fixtures/`: `cargo bench --bench triage`.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use lianxin::lexicon::{Findings, Lexicon, Sources};
use lianxin::model::Message;
use lianxin::text::Normalised;
use lianxin::text::segment::Segmenter;
use lianxin::triage::{Context, Triage};

fn main() {
    divan::main();
}

static MESSAGES: LazyLock<Vec<String>> = LazyLock::new(messages);

fn messages() -> Vec<String> {
    let texts = match std::env::var_os("LIANXIN_DATA") {
        Some(dir) => column(&Path::new(&dir).join("chatter-dev.csv"), "text"),
        None => recorded(Path::new("fixtures")),
    };
    assert!(!texts.is_empty(), "no messages to measure with");
    texts
}

fn column(file: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(file).expect("the file can be read");
    let at = reader
        .headers()
        .expect("a header")
        .iter()
        .position(|h| h == name)
        .expect("the column");
    reader
        .records()
        .flatten()
        .map(|record| record[at].to_owned())
        .collect()
}

fn recorded(dir: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(recorded(&path));
        } else if path.extension().is_some_and(|ext| ext == "jsonl") {
            let lines = fs::read_to_string(&path).unwrap_or_default();
            texts.extend(lines.lines().filter_map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).ok()?;
                Some(value.get("text")?.as_str()?.to_owned())
            }));
        }
    }
    texts
}

/// The built-in lexicon with invented words added until it has `words`.
fn lexicon_of(words: usize) -> Lexicon {
    Lexicon::from_sources(&sources_of(words), &[])
        .expect("the built-in lexicon loads")
        .lexicon
}

fn sources_of(words: usize) -> Sources {
    let mut sources = Sources::embedded();
    let keywords = sources.0.get_mut("keywords.csv").expect("built in");
    let lines = String::from_utf8_lossy(keywords).lines().count();
    // Invented words of two to four characters, spread over the common ones.
    let character = |n: usize| {
        let place = u32::try_from(n * 7919 % 6000).expect("below 6000");
        char::from_u32(0x4E00 + place).expect("in the block")
    };
    for n in lines..words {
        let word: String = (0..2 + n % 3)
            .map(|i| character(n * 31 + i * 1009))
            .collect();
        keywords.extend(format!("{word},06,弱,,,,启用,\n").into_bytes());
    }
    sources
}

#[divan::bench]
fn normalise(bencher: Bencher) {
    let mut text = Normalised::new();
    bencher
        .counter(ItemsCount::new(MESSAGES.len()))
        .bench_local(|| {
            for message in MESSAGES.iter() {
                text.read(message);
                divan::black_box(text.text().len());
            }
        });
}

#[divan::bench(args = [500, 100_000])]
fn normalise_and_scan(bencher: Bencher, words: usize) {
    let lexicon = lexicon_of(words);
    let (mut text, mut found) = (Normalised::new(), Findings::default());
    bencher
        .counter(ItemsCount::new(MESSAGES.len()))
        .bench_local(|| {
            for message in MESSAGES.iter() {
                text.read(message);
                lexicon.scan(&text, &mut found);
                divan::black_box(found.is_empty());
            }
        });
}

#[divan::bench(args = [500, 100_000])]
fn triage(bencher: Bencher, words: usize) {
    let lexicon = lexicon_of(words);
    let context = Context::default();
    let messages: Vec<Message> = MESSAGES.iter().map(|text| message(text)).collect();
    let mut triage = Triage::default();
    bencher
        .counter(ItemsCount::new(messages.len()))
        .bench_local(|| {
            for message in &messages {
                divan::black_box(triage.decide(message.time, message, &context, &lexicon));
            }
        });
}

fn message(text: &str) -> Message {
    let line = serde_json::json!({
        "id": "m1",
        "group": { "id": "g1" },
        "sender": { "id": "u1" },
        "time": "2026-11-20T08:01:00+08:00",
        "text": text,
    });
    serde_json::from_value(line).expect("a message")
}

#[divan::bench]
fn scan_and_settle_where_a_keyword_stands(bencher: Bencher) {
    let lexicon = Lexicon::embedded();
    let (mut text, mut found) = (Normalised::new(), Findings::default());
    bencher
        .counter(ItemsCount::new(MESSAGES.len()))
        .bench_local(|| {
            for message in MESSAGES.iter() {
                text.read(message);
                lexicon.scan(&text, &mut found);
                if !found.keywords.is_empty() {
                    divan::black_box(lexicon.settle(&text, &found));
                }
            }
        });
}

#[divan::bench]
fn aho_corasick_alone(bencher: Bencher) {
    let lexicon = Lexicon::embedded();
    let words: Vec<&str> = lexicon
        .keywords()
        .map(|(_, keyword)| keyword.normal.as_str())
        .collect();
    let automaton = aho_corasick::AhoCorasick::builder()
        .kind(Some(aho_corasick::AhoCorasickKind::DFA))
        .build(words)
        .expect("few words");
    bencher
        .counter(ItemsCount::new(MESSAGES.len()))
        .bench_local(|| {
            MESSAGES
                .iter()
                .map(|message| automaton.find_overlapping_iter(message).count())
                .sum::<usize>()
        });
}

#[divan::bench]
fn jieba_on_everything(bencher: Bencher) {
    let segmenter = Segmenter::stock();
    bencher
        .counter(ItemsCount::new(MESSAGES.len()))
        .bench_local(|| {
            MESSAGES
                .iter()
                .map(|message| segmenter.tokens(message).len())
                .sum::<usize>()
        });
}

#[divan::bench(args = [500, 100_000], sample_count = 5)]
fn compile(bencher: Bencher, words: usize) {
    let sources = sources_of(words);
    bencher
        .bench_local(|| Lexicon::from_sources(&sources, &[]).expect("the built-in lexicon loads"));
}
