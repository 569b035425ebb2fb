//! What is kept and can be judged again: lessons beside the store, and the lexicon's own cases.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;

use crate::app::words::{Fate, Sample};
use crate::lexicon::examples::{self, Wanted};
use crate::lexicon::{Case, Lexicon, read_cases};

/// Begins the source of a case.
pub(super) const CASE: &str = "cases.csv 第";

/// What people taught the bot: the examples and cases beside a store, as far as there are any.
///
/// # Errors
///
/// A table that cannot be read, with row and column.
pub fn beside_the_store(store: &Path, lexicon: &Lexicon) -> anyhow::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    if let Some(bytes) = table(store, "examples.csv")? {
        let (rows, _) = examples::read("examples.csv", &bytes, lexicon.catalogue())?;
        samples.extend(rows.into_iter().map(|row| Sample {
            source: source(&row.note, "examples.csv", row.row),
            fate: match row.actions.first() {
                Some(Wanted::Open) => Fate::Confirmed,
                Some(Wanted::Ask) => Fate::Watched,
                _ => Fate::Refuted,
            },
            category: row.categories.first().cloned(),
            text: row.text,
        }));
    }
    if let Some(bytes) = table(store, "cases.csv")? {
        let rows = read_cases("cases.csv", &bytes, lexicon.catalogue())?;
        samples.extend(rows.into_iter().map(|row| Sample {
            source: source(&row.note, "cases.csv", row.row),
            ..sample(&row)
        }));
    }
    Ok(samples)
}

/// The old lexicon's cases that the new one does not state itself: those it states are run anyway.
pub fn cases(old: &Lexicon, new: &Lexicon) -> Vec<Sample> {
    let stated: BTreeSet<&str> = new.cases().iter().map(|case| case.text.as_str()).collect();
    let dropped = old.cases().iter();
    let dropped = dropped.filter(|case| !stated.contains(case.text.as_str()));
    dropped.map(sample).collect()
}

/// Each text of a source once. What a person said of a source (`taught`) is its fate, whatever
/// became of it otherwise.
pub fn one_of_each(stored: Vec<Sample>, taught: Vec<Sample>) -> Vec<Sample> {
    let verdicts: BTreeMap<String, Fate> = taught
        .iter()
        .map(|one| (one.source.clone(), one.fate))
        .collect();
    let mut seen = BTreeSet::new();
    let mut all: Vec<Sample> = stored.into_iter().chain(taught).collect();
    for one in &mut all {
        if let Some(fate) = verdicts.get(&one.source) {
            one.fate = *fate;
        }
    }
    all.retain(|one| seen.insert((one.source.clone(), one.text.clone())));
    all
}

fn sample(case: &Case) -> Sample {
    Sample {
        source: format!("{CASE} {} 行", case.row),
        text: case.text.clone(),
        fate: match case.expect.as_str() {
            "open" => Fate::Confirmed,
            "ignore" => Fate::Refuted,
            _ => Fate::Watched,
        },
        category: case.category.clone(),
    }
}

/// The event or silence a row came from: the first word of its 备注. A row that a person typed has
/// none and stands for itself.
fn source(note: &str, file: &str, row: u32) -> String {
    let first = note.split(' ').next().unwrap_or_default();
    if first.starts_with("E-") || first.starts_with("S-") {
        first.to_owned()
    } else {
        format!("数据目录 {file} 第 {row} 行")
    }
}

fn table(store: &Path, name: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let path = store.join(name);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("读不了 {}", path.display())),
    }
}
