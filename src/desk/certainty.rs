//! How sure it is what a message is about. In one talk people name the matter once and then go on
//! about it (“没人管”, “我妈都下不来楼”), which alone looks like something else.

use crate::triage::{Decision, Reason};

use super::Event;

/// Families that say who should act rather than what is wrong.
const WHO_SHOULD_ACT: [&str; 3] = ["property", "neighbours", "welfare"];
/// From this score on the evidence names the matter without a strong word.
const PLENTY: f32 = 4.0;
/// The rule of triage that found a strong keyword.
const STRONG: &str = "strong_word";

/// Whether the message names its matter itself, whatever was said before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certainty {
    /// By a strong word of its own category, or danger to life.
    Named,
    /// Its category is a guess.
    Guessed,
}

impl Certainty {
    /// Of a new message; `family` is its category's.
    pub(super) fn of(decision: &Decision, family: &str) -> Self {
        let own = |reason: &Reason| {
            let mut hits = decision.hits.iter();
            hits.any(|hit| {
                let span = reason.span.as_ref();
                hit.category == decision.category
                    && span.is_none_or(|span| span.start == hit.start && span.end == hit.end)
            })
        };
        let mut strong = decision
            .because
            .iter()
            .filter(|reason| reason.rule == STRONG);
        let evidence = decision.score >= PLENTY || strong.any(own);
        if decision.emergency.is_some() || (evidence && says_what(family)) {
            Self::Named
        } else {
            Self::Guessed
        }
    }

    /// Of the message that opened an event.
    pub(super) fn of_event(event: &Event) -> Self {
        let strong = event.because.iter().any(|reason| reason.rule == STRONG);
        let score: f32 = event.because.iter().map(|reason| reason.weight).sum();
        let evidence = strong || score >= PLENTY;
        if event.emergency.is_some() || (evidence && says_what(&event.family)) {
            Self::Named
        } else {
            Self::Guessed
        }
    }
}

fn says_what(family: &str) -> bool {
    !WHO_SHOULD_ACT.contains(&family)
}
