//! What the lexicon is made of: keywords, cues, cases.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{CategoryCode, Level};

/// A keyword of one compiled lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeywordId(pub(super) u32);

/// A cue of one compiled lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CueId(pub(super) u32);

impl CueId {
    /// Its place among [`super::Lexicon::cues`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How much a keyword says alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// 弱: needs a second signal.
    Weak,
    /// 强: one hit makes a lead.
    Strong,
}

impl Strength {
    /// What operators read and write.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Weak => "弱",
            Self::Strong => "强",
        }
    }
}

/// Whether a keyword works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 启用.
    Active,
    /// 试运行: counted and shown, opens nothing.
    Trial,
    /// 停用: not looked for.
    Off,
}

impl Status {
    /// What operators read and write.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Active => "启用",
            Self::Trial => "试运行",
            Self::Off => "停用",
        }
    }
}

/// A row of `keywords.csv` or of a pack.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyword {
    /// As the operator wrote it.
    pub word: String,
    /// In normal form, as it is looked for.
    pub normal: String,
    /// What it is about.
    pub category: CategoryCode,
    /// How much it says alone.
    pub strength: Strength,
    /// A level of its own; `None`: the category's.
    pub level: Option<Level>,
    /// 排除语境: words beside which it does not count, in normal form.
    pub excluded_by: Vec<String>,
    /// 需同现: one of these must stand in the text too, in normal form; empty: none needed.
    pub needs: Vec<String>,
    /// Whether it works.
    pub status: Status,
    /// 备注.
    pub note: String,
    /// The file it stands in.
    pub file: Arc<str>,
    /// Its row there, as the spreadsheet counts.
    pub row: u32,
}

/// A context word of `cues.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cue {
    /// The kind's stable name, English.
    pub kind: Arc<str>,
    /// The kind's Chinese title.
    pub title: Arc<str>,
    /// As the operator wrote it.
    pub word: String,
    /// In normal form, as it is looked for.
    pub normal: String,
    /// What it adds; negative lowers.
    pub weight: f32,
    /// What it speaks of, where it speaks of one thing.
    pub category: Option<CategoryCode>,
    /// A kind of which another cue must stand in the same sentence.
    pub needs: Option<Arc<str>>,
    /// Whether it must begin and end where words do.
    pub boundary: bool,
    /// Its line in `cues.toml`.
    pub row: u32,
}

/// A row of `cases.csv`: a text and what must become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What is said.
    pub text: String,
    /// The action's name: open, watch, ignore, notice, restored, ask or command.
    pub expect: String,
    /// Its category, where the case cares.
    pub category: Option<CategoryCode>,
    /// Its level, where the case cares.
    pub level: Option<Level>,
    /// Keywords that must be among the hits, as written in the lexicon.
    pub hits: Vec<String>,
    /// 备注.
    pub note: String,
    /// Its row in `cases.csv`.
    pub row: u32,
}

/// What became of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The action's name.
    pub action: String,
    /// The category found.
    pub category: Option<CategoryCode>,
    /// The level found.
    pub level: Option<Level>,
    /// The keywords that counted.
    pub hits: Vec<String>,
}
