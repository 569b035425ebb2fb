//! What one message means, with its reasons. Pure: a [`Decision`] is a function of its inputs.
//!
//! One pass over the normal text finds keywords and cues; where they could not add up to anything
//! the message is done with. Otherwise it is cut into words, the finds are settled, and what
//! stands is weighed: a command first, then a notice, then an emergency, then the sum.

mod account;
mod conversation;
mod decide;
mod decision;
mod emergency;
mod evidence;
pub mod explain;
pub mod json;
mod kind;
mod level;
mod notice;
mod score;
mod taught;
#[cfg(test)]
mod tests;
mod votes;
mod weights;
mod worth;

use std::sync::Arc;

use crate::lexicon::{Findings, Impression, Lexicon, Settled};
use crate::model::{Message, Timestamp};
use crate::text::Normalised;
use crate::text::place::{self, PlaceFound};

pub use decision::{
    Action, Context, Decision, Dropped, Emergency, Hit, NoticeFound, NoticeMatter, OpenMatter,
    Reason,
};
pub use notice::{NoticeReading, OFFICIAL, read_notice};

/// Buffers for one message after another: the hot path allocates nothing for ordinary talk.
#[derive(Debug, Default)]
pub struct Triage {
    reading: Reading,
    kinds: evidence::Kinds,
    opens_at: OpensAt,
}

/// The words of one message, read before anything is known of its context. Reusable.
#[derive(Debug, Default)]
pub struct Reading {
    text: Normalised,
    found: Findings,
    words: Words,
    /// What it comes to by what was learned from examples.
    impression: Impression,
    /// Which of the finds count, where that was read ahead.
    settled: Option<Settled>,
    /// The places that stand in it, by these names of areas, where they were read ahead.
    places: Option<(Arc<[String]>, Vec<PlaceFound>)>,
}

impl Reading {
    /// The places read ahead, if by the same names of areas.
    fn places(&self, area_names: &Arc<[String]>) -> Option<&[PlaceFound]> {
        let (names, places) = self.places.as_ref()?;
        Arc::ptr_eq(names, area_names).then_some(places)
    }

    /// What a first look found.
    pub fn words(&self) -> Words {
        self.words
    }

    fn read(&mut self, message: &Message, lexicon: &Lexicon, kinds: &evidence::Kinds) {
        self.settled = None;
        self.places = None;
        self.text.read(&message.text);
        lexicon.scan(&self.text, &mut self.found);
        self.impression = lexicon
            .learned()
            .map(|learned| learned.impression(self.text.text()))
            .unwrap_or_default();
        self.words = if worth::could_matter(lexicon, self, kinds) {
            Words::Telling
        } else {
            Words::Plain
        };
    }
}

impl Triage {
    /// A triage by whose decisions a gripe opens an event from this score on: `[triage] open_at`.
    pub fn opening_at(score: f32) -> Self {
        Self {
            opens_at: OpensAt(score),
            ..Self::default()
        }
    }

    /// What the message means at `now`, said in `context`.
    pub fn decide(
        &mut self,
        now: Timestamp,
        message: &Message,
        context: &Context,
        lexicon: &Lexicon,
    ) -> Decision {
        self.read(message, lexicon);
        self.decide_read(now, message, context, lexicon)
    }

    /// Reads a message's words before anything is known of its context.
    pub fn read(&mut self, message: &Message, lexicon: &Lexicon) -> Words {
        self.kinds.follow(lexicon);
        self.reading.read(message, lexicon, &self.kinds);
        self.reading.words
    }

    /// The same for whoever decides elsewhere and later: telling words are settled too, and places
    /// looked for among the names of areas known by then.
    pub fn read_ahead(
        &mut self,
        reading: &mut Reading,
        message: &Message,
        area_names: impl FnOnce() -> Arc<[String]>,
        lexicon: &Lexicon,
    ) {
        self.kinds.follow(lexicon);
        reading.read(message, lexicon, &self.kinds);
        if reading.words == Words::Telling {
            reading.settled = Some(lexicon.settle(&reading.text, &reading.found));
            let names = area_names();
            let places = place::find(&reading.text, &names);
            reading.places = Some((names, places));
        }
    }

    /// What the message that was just read means, see [`Triage::decide`].
    pub fn decide_read(
        &self,
        now: Timestamp,
        message: &Message,
        context: &Context,
        lexicon: &Lexicon,
    ) -> Decision {
        let case = decide::Case {
            now,
            message,
            context,
            lexicon,
            opens_at: self.opens_at.0,
        };
        self.weigh(case, &self.reading)
    }

    /// What a message means whose words were read elsewhere, by the same lexicon.
    pub fn decide_reading(
        &mut self,
        reading: &Reading,
        now: Timestamp,
        message: &Message,
        context: &Context,
        lexicon: &Lexicon,
    ) -> Decision {
        self.kinds.follow(lexicon);
        let case = decide::Case {
            now,
            message,
            context,
            lexicon,
            opens_at: self.opens_at.0,
        };
        self.weigh(case, reading)
    }

    fn weigh(&self, case: decide::Case<'_>, reading: &Reading) -> Decision {
        decide::decide(case, reading, &self.kinds)
    }
}

/// What a first look at a message's words found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Words {
    /// Too little to weigh: whatever the conversation is about, it changes nothing.
    #[default]
    Plain,
    /// Something to weigh.
    Telling,
}

/// What one message means. For many, keep a [`Triage`].
pub fn decide(now: Timestamp, message: &Message, context: &Context, lexicon: &Lexicon) -> Decision {
    Triage::default().decide(now, message, context, lexicon)
}

/// From this score on a gripe opens an event, unless configured otherwise.
pub const OPENS_AT: f32 = weights::OPEN;

/// The score from which on a gripe opens an event. Below a Lead's score and far above every real
/// gripe it would make no sense.
#[derive(Clone, Copy, Debug, PartialEq)]
struct OpensAt(f32);

impl Default for OpensAt {
    fn default() -> Self {
        Self(OPENS_AT)
    }
}

/// Whether a decision that opened nothing is a murmur, to be remembered for some minutes with its
/// category: several people's open one event ([`Context::murmurs`]).
pub fn is_murmur(decision: &Decision) -> bool {
    matches!(decision.action, Action::Ignore | Action::Watch)
        && decision.category.is_some()
        && decision.score >= weights::MURMUR
}
