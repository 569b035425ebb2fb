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
#[cfg(test)]
mod tests;
mod votes;
mod weights;

use crate::lexicon::{Findings, Lexicon};
use crate::model::{Message, Timestamp};
use crate::text::Normalised;

pub use decision::{
    Action, Context, Decision, Dropped, Emergency, Hit, NoticeFound, NoticeMatter, OpenMatter,
    Reason,
};
pub use notice::{NoticeReading, OFFICIAL, read_notice};

/// Buffers for one message after another: the hot path allocates nothing for ordinary talk.
#[derive(Debug, Default)]
pub struct Triage {
    text: Normalised,
    found: Findings,
    kinds: evidence::Kinds,
}

impl Triage {
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
        self.text.read(&message.text);
        self.kinds.follow(lexicon);
        lexicon.scan(&self.text, &mut self.found);
        if self.found.is_empty() {
            Words::Plain
        } else {
            Words::Telling
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
        decide::decide(
            decide::Case {
                now,
                message,
                context,
                lexicon,
            },
            &self.text,
            &self.found,
            &self.kinds,
        )
    }
}

/// What a first look at a message's words found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// No keyword and no cue: whatever the conversation is about, it changes nothing.
    Plain,
    /// Something to weigh.
    Telling,
}

/// What one message means. For many, keep a [`Triage`].
pub fn decide(now: Timestamp, message: &Message, context: &Context, lexicon: &Lexicon) -> Decision {
    Triage::default().decide(now, message, context, lexicon)
}

/// Whether a decision that opened nothing is a murmur, to be remembered for some minutes with its
/// category: several people's open one event ([`Context::murmurs`]).
pub fn is_murmur(decision: &Decision) -> bool {
    matches!(decision.action, Action::Ignore | Action::Watch)
        && decision.category.is_some()
        && decision.score >= weights::MURMUR
}
