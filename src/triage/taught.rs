//! What was learned from examples, as steps of the account: which runs of characters spoke for a
//! problem, which against.

use std::ops::Range;

use crate::lexicon::{Impression, Learned};
use crate::text::Normalised;

use super::account::Account;
use super::emergency::{self, Alarm};
use super::evidence::Evidence;
use super::kind::Kind;
use super::score::Score;
use super::weights;

/// The rule of what sounds ordinary.
pub(super) const AGAINST: &str = "learned_against";
/// Who speaks of themselves.
const OURS: [&str; 4] = ["我们", "我家", "我这", "咱"];
/// So many runs are named in a reason.
const NAMED: usize = 4;

/// Adds what was learned to the account, and its votes to the score. A keyword that stands in no
/// example was never weighed: nothing that was learned speaks against it.
pub(super) fn add<'l>(
    learned: &'l Learned,
    text: &Normalised,
    impression: Impression,
    evidence: &Evidence<'_>,
    score: &mut Score<'l>,
    account: &mut Account<'_>,
) {
    for (category, weight) in learned.votes(text.text()) {
        score
            .votes
            .add(Some(category), weight * weights::LEARNED_VOTE);
    }
    let told = learned.told(text.text(), |teaching| teaching.open);
    let (mut pro, mut contra): (Vec<_>, Vec<_>) =
        told.into_iter().partition(|&(_, weight)| weight > 0.0);
    let sum = |side: &[(Range<usize>, f32)]| side.iter().map(|(_, weight)| weight).sum::<f32>();
    let (for_it, against) = (sum(&pro), sum(&contra));
    // The base goes to the side it is on, so that the two steps add up to the impression.
    let base = impression.open - for_it - against;
    pro.sort_by(|one, other| other.1.total_cmp(&one.1));
    contra.sort_by(|one, other| one.1.total_cmp(&other.1));
    if for_it > 0.0 {
        let named = named(text.text(), &pro);
        let most = if is_a_tale(evidence, text) {
            weights::TALE_CAP
        } else {
            f32::INFINITY
        };
        account.add(
            "learned",
            for_it.min(most),
            format!("例句里学到的说法：{named}"),
            None,
        );
    }
    let unheard = score
        .counted
        .iter()
        .find(|item| item.kind == Kind::Strong && !learned.knows(&text.text()[item.span.clone()]));
    if let Some(item) = unheard {
        let why = format!("例句里还没有“{}”，不减分", item.word);
        account.note("unheard", why, Some(item.span.clone()));
        return;
    }
    let named = named(text.text(), &contra);
    let why = if named.is_empty() {
        "平常话的底分".to_owned()
    } else {
        format!("例句里像平常话的说法：{named}，连同底分")
    };
    account.add(AGAINST, against + base, why, None);
}

/// Whether somebody tells what the news, a film or a novel tells, and not of us after it.
fn is_a_tale(evidence: &Evidence<'_>, text: &Normalised) -> bool {
    let told = evidence.of(Kind::News).last();
    told.is_some_and(|told| {
        let after = &text.text()[told.span.end..];
        !OURS.iter().any(|word| after.contains(word))
    })
}

/// The danger to life that nobody's cues knew, by what was learned, unless it is past, elsewhere,
/// told, joked, sold or asked.
pub(super) fn alarm(
    learned: &Learned,
    text: &Normalised,
    impression: Impression,
    evidence: &Evidence<'_>,
    account: &mut Account<'_>,
) -> Option<Alarm> {
    if impression.urgent < weights::URGENT_LEARNED {
        return None;
    }
    let kind = emergency::named(learned.peril(text.text())?)?;
    let doubt = weights::URGENT_DOUBT * emergency::doubt(kind, evidence);
    if impression.urgent - doubt < weights::URGENT_LEARNED {
        return None;
    }
    let mut told = learned.told(text.text(), |teaching| teaching.urgent);
    told.sort_by(|one, other| other.1.total_cmp(&one.1));
    told.retain(|(_, weight)| *weight > 0.0);
    let named = named(text.text(), &told);
    let kind_name = emergency::chinese(kind);
    account.note(
        "emergency_learned",
        format!("险情（{kind_name}），例句里学到的说法：{named}"),
        None,
    );
    Some(Alarm {
        kind,
        sure: weights::EMERGENCY_LEAST,
    })
}

/// The heaviest runs, those left out that overlap a heavier one.
fn named(text: &str, runs: &[(Range<usize>, f32)]) -> String {
    let mut taken: Vec<&Range<usize>> = Vec::new();
    for (span, _) in runs {
        let overlaps = |other: &&Range<usize>| span.start < other.end && other.start < span.end;
        if !span.is_empty() && !taken.iter().any(overlaps) {
            taken.push(span);
        }
        if taken.len() == NAMED {
            break;
        }
    }
    let mut named = String::new();
    for span in taken {
        named.push('“');
        named.push_str(&text[span.clone()]);
        named.push('”');
    }
    named
}
