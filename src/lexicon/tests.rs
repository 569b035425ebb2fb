//! Loading and matching, from files to hits.

mod files;
mod matching;

use super::*;
use crate::text::Normalised;

/// The built-in files with one of them replaced.
fn with(file: &str, bytes: impl Into<Vec<u8>>) -> Sources {
    let mut sources = Sources::embedded();
    sources.0.remove("cases.csv");
    // Thousands of cues take longer to compile than all else.
    sources.0.insert("cues.toml".to_owned(), Vec::new());
    sources.0.insert(file.to_owned(), bytes.into());
    sources
}

/// The built-in lexicon with these rows as its only keywords.
fn of_rows(rows: &str) -> Lexicon {
    of_table(&format!(
        "关键词,类别,强弱,级别,排除语境,需同现,状态,备注\n{rows}"
    ))
    .0
}

fn of_table(table: &str) -> (Lexicon, Vec<Diagnostic>) {
    let loaded = Lexicon::from_sources(&with("keywords.csv", table), &[]).expect("a good table");
    (loaded.lexicon, loaded.warnings)
}

fn settle(lexicon: &Lexicon, text: &str) -> Settled {
    let text = Normalised::of(text);
    let mut found = Findings::default();
    lexicon.scan(&text, &mut found);
    lexicon.settle(&text, &found)
}

fn hits(lexicon: &Lexicon, text: &str) -> Vec<String> {
    let settled = settle(lexicon, text);
    settled
        .hits
        .iter()
        .map(|hit| lexicon.keyword(hit.id).word.clone())
        .collect()
}
