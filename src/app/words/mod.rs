//! What became of the lexicon's words, and which words it has not got yet: from events, silences
//! and decisions of shadow mode, read again with the lexicon in force.

mod stats;
mod suggest;
#[cfg(test)]
mod tests;

pub use stats::{Stats, Used, stats};
pub use suggest::{Known, Suggestion, suggest};

use serde::{Deserialize, Serialize};

use crate::model::CategoryCode;

/// What became of something that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A real problem: somebody handled it, or said so.
    Confirmed,
    /// An event that nobody has judged yet.
    Pending,
    /// 作废.
    Refuted,
    /// A Lead, or a near miss.
    Watched,
}

/// One text and its fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The event, silence or decision it belongs to: what it says many times counts once.
    pub source: String,
    /// Masked.
    pub text: String,
    /// What became of it.
    pub fate: Fate,
    /// What it was taken to be about.
    pub category: Option<CategoryCode>,
}
