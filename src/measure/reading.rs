//! Labelled files, recognised by their columns and fields.

mod columns;
mod lines;

use std::collections::HashMap;

use crate::lexicon::examples::{self, Example, Part, Wanted as ExampleWanted};
use crate::lexicon::{Case, Diagnostics, Lexicon};
use crate::model::{Catalogue, GroupRef, Message, Sender, Timestamp};

use super::gold::{Sample, Set, Talk, Want, Wanted};

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Labelled {
    /// Messages, each for itself.
    Samples(Vec<Sample>),
    /// A conversation.
    Talk(Talk),
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it holds.
    pub labelled: Labelled,
    /// Rows that were left out.
    pub skipped: Vec<Skipped>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its number, from 1; in a table the header is the first.
    pub row: u64,
    /// Why, Chinese.
    pub why: String,
}

/// Why a whole file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is no set of labelled messages.
    #[error("认不出是哪种标注文件，请看 docs/judgement.md 里列出的表头")]
    Unknown,
    /// It is a table of ours with mistakes in it.
    #[error("{0}")]
    Table(Diagnostics),
}

/// Which of our own examples are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parts {
    /// All.
    #[default]
    All,
    /// One part.
    Only(Part),
}

impl Parts {
    fn has(self, text: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(part) => examples::part_of(text) == part,
        }
    }
}

/// Reads a labelled file. `name` is its name without folder and ending.
///
/// # Errors
///
/// When the whole file cannot be used.
pub fn read(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
    parts: Parts,
) -> Result<Reading, Unreadable> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if bytes.trim_ascii_start().starts_with(b"{") {
        return lines::read(bytes).ok_or(Unreadable::Unknown);
    }
    let Ok(text) = crate::table::decode(bytes) else {
        return Err(Unreadable::Unknown);
    };
    let header = text.lines().next().unwrap_or_default();
    let ours = header.contains("原文") && header.contains("期望");
    let samples = match (ours, header.contains("命中")) {
        (true, true) => {
            cases(&crate::lexicon::read_cases(name, bytes, catalogue).map_err(Unreadable::Table)?)
        }
        (true, false) => {
            let (rows, _) = examples::read(name, bytes, catalogue).map_err(Unreadable::Table)?;
            of_examples(name, &rows, parts)
        }
        (false, _) => return columns::read(&text).ok_or(Unreadable::Unknown),
    };
    Ok(Reading {
        labelled: Labelled::Samples(samples),
        skipped: Vec::new(),
    })
}

/// The lexicon's own tests.
pub fn own_cases(lexicon: &Lexicon) -> Vec<Sample> {
    cases(lexicon.cases())
}

fn cases(rows: &[Case]) -> Vec<Sample> {
    let mut names = Names::default();
    rows.iter()
        .map(|case| Sample {
            set: Set::Cases,
            id: names.of_text("", &case.text),
            source: String::new(),
            kind: case.note.clone(),
            message: Message {
                group: GroupRef {
                    id: "g1".into(),
                    ..GroupRef::default()
                },
                ..said("1", &case.text, noon(), HOME)
            },
            wanted: Wanted::Case(Box::new(case.clone())),
        })
        .collect()
}

fn of_examples(name: &str, rows: &[Example], parts: Parts) -> Vec<Sample> {
    let source = name.rsplit('/').next().unwrap_or(name);
    let source = source.trim_end_matches(".csv");
    let mut names = Names::default();
    rows.iter()
        .filter(|row| parts.has(&row.text))
        .map(|row| {
            let id = names.of_text(source, &row.text);
            let wants = row.actions.iter().map(|wanted| match wanted {
                ExampleWanted::Open => Want::Open,
                ExampleWanted::Ask => Want::Ask,
                ExampleWanted::Ignore => Want::Nothing,
            });
            Sample {
                set: Set::Examples,
                source: source.to_owned(),
                kind: row.note.clone(),
                message: said(&id, &row.text, noon(), HOME),
                wanted: Wanted::Actions(wants.collect(), row.categories.clone()),
                id,
            }
        })
        .collect()
}

/// Where messages are said that do not say where.
const HOME: &str = "测试小区";

/// When messages are said that do not say when.
fn noon() -> Timestamp {
    "2026-11-20T10:00:00+08:00"
        .parse()
        .expect("a date of the calendar")
}

/// A resident says something in a group of a 小区.
fn said(id: &str, text: &str, time: Timestamp, estate: &str) -> Message {
    Message {
        id: id.into(),
        gateway: "".into(),
        group: GroupRef {
            id: "g1".into(),
            name: "测试群".to_owned(),
            area: ["测试街道", "测试社区", estate].map(str::to_owned).to_vec(),
        },
        sender: Sender {
            id: format!("u{id}").as_str().into(),
            name: "居民".to_owned(),
            role: None,
        },
        time,
        text: text.to_owned(),
        mentions: Vec::new(),
        mentions_bot: false,
        direct: false,
        reply_to: None,
        quoted: None,
        quotes_event: None,
        media: Vec::new(),
    }
}

/// Names that stay from run to run: of two alike the second gets a number.
#[derive(Debug, Default)]
struct Names(HashMap<String, u32>);

impl Names {
    fn of(&mut self, name: String) -> String {
        let times = self.0.entry(name.clone()).or_default();
        *times += 1;
        if *times == 1 {
            name
        } else {
            format!("{name}#{times}")
        }
    }

    /// A text's name does not depend on its row: rows move when others are written.
    fn of_text(&mut self, source: &str, text: &str) -> String {
        let hash = crc32fast::hash(text.as_bytes());
        let dash = if source.is_empty() { "" } else { "-" };
        self.of(format!("{source}{dash}{hash:08x}"))
    }
}
