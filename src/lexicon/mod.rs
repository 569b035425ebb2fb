//! The files operators edit, compiled: what to look for in a text and what it means.
//!
//! A text is scanned in one pass for keywords and cues ([`Lexicon::scan`]). Only where that found
//! something worthwhile it is cut into words, and the finds are settled ([`Lexicon::settle`]).

mod cases;
mod categories;
mod checks;
mod cues;
mod diagnostic;
mod diff;
pub mod examples;
mod gram_map;
mod grams;
mod keywords;
mod learned;
mod load;
mod matcher;
mod row;
mod settle;
mod sources;
mod table;
mod toml_file;

use std::sync::{Arc, LazyLock};

use crate::model::{Catalogue, CategoryCode};
use crate::text::segment::Segmenter;

pub use cases::read_cases;
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use diff::{Change, ChangeKind, diff};
pub use grams::{Gram, each_gram};
pub use learned::{Impression, Learned, Lesson, Origin, Teaching, share, written};
pub use load::Loaded;
pub use matcher::{CueMatch, Findings, KeywordMatch};
pub use row::{Case, CaseOutcome, Cue, CueId, Keyword, KeywordId, Status, Strength};
pub use settle::{DropReason, Settled, SettledHit};
pub use sources::Sources;

/// A compiled lexicon. Immutable: a reload makes another one.
#[derive(Debug)]
pub struct Lexicon {
    keywords: Vec<Keyword>,
    cues: Vec<Cue>,
    cases: Vec<Case>,
    catalogue: Arc<Catalogue>,
    matcher: matcher::Matcher,
    segmenter: Segmenter,
    learned: Option<Learned>,
    version: String,
}

impl Lexicon {
    /// The lexicon that is part of the program, with its packs, parsed once.
    pub fn embedded() -> Arc<Self> {
        static EMBEDDED: LazyLock<Arc<Lexicon>> = LazyLock::new(|| {
            let sources = Sources::embedded();
            let packs: Vec<_> = sources.packs().map(str::to_owned).collect();
            let loaded = Lexicon::from_sources(&sources, &packs);
            Arc::new(loaded.expect("a test loads the built-in lexicon").lexicon)
        });
        Arc::clone(&EMBEDDED)
    }

    /// The categories, limits and holidays.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// A keyword's row.
    pub fn keyword(&self, id: KeywordId) -> &Keyword {
        &self.keywords[id.0 as usize]
    }

    /// A cue's entry.
    pub fn cue(&self, id: CueId) -> &Cue {
        &self.cues[id.0 as usize]
    }

    /// All keywords with their ids, those that are off too.
    pub fn keywords(&self) -> impl Iterator<Item = (KeywordId, &Keyword)> {
        (0..).map(KeywordId).zip(&self.keywords)
    }

    /// All cues with their ids, in the order of the file.
    pub fn cues(&self) -> impl Iterator<Item = (CueId, &Cue)> {
        (0..).map(CueId).zip(&self.cues)
    }

    /// A short hash of the contents.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The lexicon's own tests.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// Where words begin and end, by the lexicon's words too.
    pub fn segmenter(&self) -> &Segmenter {
        &self.segmenter
    }

    /// What examples taught, where the lexicon has it.
    pub fn learned(&self) -> Option<&Learned> {
        self.learned.as_ref()
    }

    /// A category as people read it: 01 供电用电.
    pub fn category_title(&self, code: &CategoryCode) -> String {
        match self.catalogue.categories.get(code) {
            Some(category) => format!("{code} {}", category.name),
            None => code.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
