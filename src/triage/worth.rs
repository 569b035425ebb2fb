//! Whether what was found could come to anything, before the text is cut into words.

use crate::lexicon::{Lexicon, Strength};

use super::evidence::Kinds;
use super::kind::{Kind, Part};
use super::{Context, Reading, weights};

/// Whether a conversation is under way that weak signals may belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Talk {
    /// Nothing was said lately.
    Silent,
    /// Perhaps this goes on about it.
    UnderWay,
}

impl Talk {
    /// What is known of the talk in a group.
    pub(super) fn of(context: &Context) -> Self {
        if context.open.is_empty() && context.murmurs.is_empty() {
            Self::Silent
        } else {
            Self::UnderWay
        }
    }
}

/// Whether there is a conversation in which what was found could come to anything.
pub(super) fn could_matter(lexicon: &Lexicon, reading: &Reading, kinds: &Kinds) -> bool {
    is_worthwhile(Talk::UnderWay, lexicon, reading, kinds)
}

/// Whether what was found could come to anything, before the text is cut into words.
pub(super) fn is_worthwhile(
    talk: Talk,
    lexicon: &Lexicon,
    reading: &Reading,
    kinds: &Kinds,
) -> bool {
    let (found, learned) = (&reading.found, reading.impression);
    let listens = talk == Talk::UnderWay;
    let mut most = Most::default();
    for found in &found.keywords {
        match lexicon.keyword(found.id).strength {
            Strength::Strong => return true,
            Strength::Weak => most.core += weights::WEAK,
        }
    }
    for found in &found.cues {
        let kind = kinds.of(found.id);
        match kind {
            Kind::Restored | Kind::Sign(_, Part::Whole | Part::State) => return true,
            Kind::Eased | Kind::Echo if listens => return true,
            _ => most.add(kind, lexicon.cue(found.id).weight),
        }
    }
    let least = if listens {
        weights::SUPPORT
    } else {
        weights::WATCH
    };
    most.score() + learned.open >= least
        || learned.ask >= weights::ASK_LEARNED
        || learned.urgent >= weights::URGENT_LEARNED
        || (most.asked > 0.0 && most.topic + most.asked >= weights::ASK_LEAST)
}

/// The most that the words found could come to, whatever else they turn out to be.
#[derive(Debug, Default)]
struct Most {
    core: f32,
    thing: f32,
    colour: f32,
    topic: f32,
    asked: f32,
}

impl Most {
    fn add(&mut self, kind: Kind, weight: f32) {
        match kind {
            Kind::Trouble | Kind::Scene | Kind::Blame | Kind::Formal => self.core += weight,
            Kind::Thing => self.thing += weight,
            Kind::Question => self.asked = self.asked.max(weight),
            Kind::Counter => self.topic += weight,
            _ if kind.colours() => self.colour += weight,
            _ => {}
        }
    }

    fn score(&self) -> f32 {
        let pair = if self.core > 0.0 && self.thing > 0.0 {
            weights::PAIR + weights::FORMAL_TOPIC
        } else {
            0.0
        };
        let ground = weights::COLOUR_FREE + self.core + pair + 0.5 * self.thing;
        let colour = self.colour + weights::PLACE + weights::CALLS_STAFF;
        self.core + self.thing + pair + colour.min(ground)
    }
}
