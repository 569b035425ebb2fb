//! What a change of the lexicon would do: the same words, decided by the old one and the new one.

mod chat;
mod publish;
mod stored;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::lexicon::Lexicon;
use crate::model::{CategoryCode, Level, Timestamp};
use crate::text::mask::mask;
use crate::triage::{Action, Context, Decision, Triage};

use super::judge::said;
use super::words::{Fate, Sample};

pub use chat::{Recording, played};
pub use publish::{publish, put_in_place};
pub use stored::{beside_the_store, cases, one_of_each};

/// A lexicon and the one that may follow it.
#[derive(Clone, Debug)]
pub struct Revision {
    /// As it is.
    pub old: Arc<Lexicon>,
    /// As it would be.
    pub new: Arc<Lexicon>,
    /// From this score on a gripe opens an event, by either.
    pub open_at: f32,
}

/// What one lexicon makes of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// What becomes of it.
    pub action: Action,
    /// What it is about.
    pub category: Option<CategoryCode>,
    /// How urgent it is.
    pub level: Option<Level>,
}

/// How much of an event is left of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Nothing.
    #[default]
    None,
    /// A Lead.
    Lead,
    /// An event.
    Event,
}

impl Outcome {
    fn of(decision: &Decision) -> Self {
        Self {
            action: decision.action,
            category: decision.category.clone(),
            level: decision.level,
        }
    }

    fn weight(&self) -> Weight {
        match self.action {
            Action::Open => Weight::Event,
            Action::Watch => Weight::Lead,
            _ => Weight::None,
        }
    }
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It did not open and would.
    Opens,
    /// It opened and would not.
    Silent,
    /// It opens either way, with another category or level.
    Moves,
    /// Neither opens: Leads, questions, notices and the like.
    Other,
}

impl Turn {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Opens, Self::Silent, Self::Moves, Self::Other];

    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Opens => "新立案",
            Self::Silent => "不再立案",
            Self::Moves => "类别或级别变了",
            Self::Other => "别的变化（线索、咨询、通知等）",
        }
    }

    /// `None` where nothing that matters differs: of what is ignored the category says nothing.
    fn between(before: &Outcome, after: &Outcome) -> Option<Self> {
        let opened = (before.action == Action::Open, after.action == Action::Open);
        match opened {
            (false, true) => Some(Self::Opens),
            (true, false) => Some(Self::Silent),
            (true, true) => (before != after).then_some(Self::Moves),
            (false, false) => (before.action != after.action).then_some(Self::Other),
        }
    }
}

/// A text that the new lexicon decides otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changed {
    /// Which kind of change.
    pub turn: Turn,
    /// Event, silence, case or message.
    pub source: String,
    /// What became of it; `None` for recorded chat.
    pub fate: Option<Fate>,
    /// Masked.
    pub text: String,
    /// By the old lexicon.
    pub before: Outcome,
    /// By the new one.
    pub after: Outcome,
    /// Reasons that only the old one has, Chinese.
    pub gone: Vec<String>,
    /// Reasons that only the new one has, Chinese.
    pub come: Vec<String>,
}

impl Changed {
    fn between(source: &str, fate: Option<Fate>, text: &str, pair: [&Decision; 2]) -> Option<Self> {
        let [before, after] = pair.map(Outcome::of);
        let turn = Turn::between(&before, &after)?;
        let [gone, come] = [(pair[0], pair[1]), (pair[1], pair[0])].map(|(has, lacks)| {
            let known: BTreeSet<&str> = lacks.because.iter().map(|it| it.text.as_str()).collect();
            let only = has.because.iter().map(|it| it.text.clone());
            only.filter(|text| !known.contains(text.as_str())).collect()
        });
        Some(Self {
            turn,
            source: source.to_owned(),
            fate,
            text: mask(text),
            before,
            after,
            gone,
            come,
        })
    }
}

/// A problem that was real and that the new lexicon would not find.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lost {
    /// The event, silence or case.
    pub source: String,
    /// What was said of it, masked.
    pub texts: Vec<String>,
    /// The most that the old lexicon makes of these texts.
    pub before: Outcome,
    /// The most that the new one makes of them.
    pub after: Outcome,
}

/// What differs in stored texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// Texts that were read.
    pub texts: usize,
    /// Those decided otherwise.
    pub changed: Vec<Changed>,
    /// Confirmed problems that would be lost.
    pub lost: Vec<Lost>,
}

/// The best that either lexicon makes of one source's texts.
#[derive(Default)]
struct Standing {
    before: Outcome,
    after: Outcome,
    texts: Vec<String>,
}

impl Revision {
    /// Decides every text twice. A confirmed problem is lost when the most that is made of any of
    /// its texts is less than before: an event a Lead or nothing, a Lead nothing.
    pub fn compare(&self, samples: &[Sample]) -> Compared {
        let mut readers = [self.open_at; 2].map(Triage::opening_at);
        let mut compared = Compared {
            texts: samples.len(),
            ..Compared::default()
        };
        let mut real: BTreeMap<&str, Standing> = BTreeMap::new();
        for sample in samples {
            let at = Timestamp::UNIX_EPOCH;
            let message = said(&sample.text, at);
            let mut by = |which: usize, lexicon| {
                readers[which].decide(at, &message, &Context::default(), lexicon)
            };
            let (before, after) = (by(0, &self.old), by(1, &self.new));
            if sample.fate == Fate::Confirmed && !is_of_the_lexicon(&sample.source) {
                let standing = real.entry(&sample.source).or_default();
                standing.before = heavier(&standing.before, Outcome::of(&before));
                standing.after = heavier(&standing.after, Outcome::of(&after));
                standing.texts.push(mask(&sample.text));
            }
            let (source, fate) = (sample.source.as_str(), Some(sample.fate));
            let pair = [&before, &after];
            compared
                .changed
                .extend(Changed::between(source, fate, &sample.text, pair));
        }
        let lost = real
            .into_iter()
            .filter(|(_, it)| it.after.weight() < it.before.weight());
        compared.lost = lost
            .map(|(source, it)| Lost {
                source: source.to_owned(),
                texts: it.texts,
                before: it.before,
                after: it.after,
            })
            .collect();
        compared
    }
}

fn heavier(one: &Outcome, other: Outcome) -> Outcome {
    if other.weight() > one.weight() {
        other
    } else {
        one.clone()
    }
}

/// A case that the lexicon brings along is a promise of its authors, no event: the new lexicon's own
/// cases are run anyway.
fn is_of_the_lexicon(source: &str) -> bool {
    source.starts_with(stored::CASE)
}
