//! What became of messages, as counters. Labels are words of this program, a bounded set of them,
//! never anything that was said.

use metrics::counter;

use crate::app::bot::{Effect, Reaction};
use crate::desk::{Effect as Taken, Obeyed};
use crate::triage::{Action, Decision};

/// Counts the decision, the effect or the silence, and what spoke against a weak message.
pub(super) fn count(reaction: &Reaction) {
    if let Some(reason) = silence(reaction) {
        counter!("lianxin_silences_total", "reason" => reason).increment(1);
    }
    if let Effect::Intake(intake) = &reaction.effect
        && let Some(effect) = effect(intake.effect)
    {
        counter!("lianxin_effects_total", "effect" => effect).increment(1);
    }
    let Some(decision) = &reaction.decision else {
        return;
    };
    let category = decision.category.as_ref();
    let category = category.map(ToString::to_string).unwrap_or_default();
    counter!("lianxin_decisions_total", "action" => action(decision.action), "category" => category)
        .increment(1);
    if is_weak(decision) {
        let strongest = decision.strongest_against();
        let against = strongest.map_or_else(|| "nothing".to_owned(), |reason| reason.rule.clone());
        counter!("lianxin_below_threshold_total", "against" => against).increment(1);
    }
}

/// Counts a message that had its effect and is too old to be answered.
pub(super) fn count_late() {
    counter!("lianxin_silences_total", "reason" => "late").increment(1);
}

/// Why the bot says nothing about it; `None` where it has a visible effect.
fn silence(reaction: &Reaction) -> Option<&'static str> {
    match &reaction.effect {
        Effect::NotAdmitted => Some("not_admitted"),
        Effect::Objecting => Some("objecting"),
        Effect::AnotherBot => Some("bot"),
        Effect::OwnWords => Some("own_words"),
        Effect::Shadowed => Some("shadow"),
        Effect::Obeyed(Obeyed { answered: None, .. }) => Some("command_not_for_us"),
        Effect::Objection | Effect::Obeyed(_) => None,
        Effect::Intake(intake) => match intake.effect {
            Taken::Redelivered => Some("redelivered"),
            Taken::Doubted => Some("watched"),
            Taken::Nothing => reaction.decision.as_ref().map(nothing),
            _ => None,
        },
    }
}

/// Why a decision led to nothing.
fn nothing(decision: &Decision) -> &'static str {
    match decision.action {
        Action::Ignore if is_weak(decision) => "below_threshold",
        Action::Ignore => "nothing_found",
        Action::Watch => "watched",
        Action::Open => "continues_no_event",
        Action::Ask => "asked_of_neighbours",
        Action::Notice => "explains_nothing",
        Action::Restored => "nothing_was_open",
        Action::Command => "command_not_for_us",
    }
}

/// Something was weighed and did not suffice.
fn is_weak(decision: &Decision) -> bool {
    decision.action == Action::Ignore && !decision.because.is_empty()
}

fn effect(effect: Taken) -> Option<&'static str> {
    Some(match effect {
        Taken::Nothing | Taken::Redelivered => return None,
        Taken::Opened => "opened",
        Taken::Joined => "joined",
        Taken::Reopened => "reopened",
        Taken::Doubted => "doubted",
        Taken::Confirmed => "confirmed",
        Taken::Explained => "explained",
        Taken::Noticed => "noticed",
        Taken::Restored => "restored",
        Taken::Consulted => "consulted",
    })
}

fn action(action: Action) -> &'static str {
    match action {
        Action::Ignore => "ignore",
        Action::Watch => "watch",
        Action::Open => "open",
        Action::Notice => "notice",
        Action::Restored => "restored",
        Action::Ask => "ask",
        Action::Command => "command",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Intake;
    use crate::triage::Reason;

    fn ignored(rules: &[(&str, f32)]) -> Reaction {
        let reason = |(rule, weight): &(&str, f32)| Reason {
            rule: (*rule).to_owned(),
            weight: *weight,
            text: String::new(),
            span: None,
        };
        let decision = Decision {
            because: rules.iter().map(reason).collect(),
            ..Decision::default()
        };
        Reaction {
            decision: Some(decision),
            effect: Effect::Intake(Intake::default()),
            commit: None,
        }
    }

    #[test]
    fn a_silence_names_its_reason_and_what_spoke_against_most() {
        let plain = ignored(&[]);
        assert_eq!(silence(&plain), Some("nothing_found"));
        let weak = ignored(&[("weak", 0.9), ("past", -0.4), ("device", -1.5)]);
        assert_eq!(silence(&weak), Some("below_threshold"));
        let decision = weak.decision.expect("decided");
        let strongest = decision.strongest_against().expect("two speak against");
        assert_eq!(strongest.rule, "device");
    }
}
