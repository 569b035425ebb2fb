//! The nine kinds of 特急: danger to life, present and here.

use super::account::Account;
use super::evidence::{Evidence, Item};
use super::kind::{Kind, Part};
use super::{Emergency, weights};

/// An emergency and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alarm {
    /// Which kind.
    pub(super) kind: Emergency,
    /// At least [`weights::EMERGENCY_LEAST`].
    pub(super) sure: f32,
}

/// The surest emergency that is present and here.
pub(super) fn recognise(evidence: &Evidence<'_>, account: &mut Account<'_>) -> Option<Alarm> {
    let alarm = ALL
        .into_iter()
        .map(|kind| Alarm {
            kind,
            sure: sureness(kind, evidence),
        })
        .filter(|alarm| alarm.sure >= weights::EMERGENCY_LEAST)
        .max_by(|one, other| one.sure.total_cmp(&other.sure))?;
    let signs: Vec<&Item<'_>> = [Part::Whole, Part::What, Part::State]
        .into_iter()
        .flat_map(|part| evidence.signs(alarm.kind, part))
        .collect();
    let words: Vec<&str> = signs.iter().take(4).map(|item| item.word).collect();
    account.note(
        "emergency",
        format!("险情（{}）：“{}”", chinese(alarm.kind), words.join("”“")),
        signs.first().map(|item| item.span.clone()),
    );
    Some(alarm)
}

/// An alarm opens an event whatever else was said, unless all that was learned says it is ordinary
/// talk: then a person should look.
pub(super) fn heeded(alarm: Option<Alarm>, account: &mut Account<'_>) -> Option<Alarm> {
    alarm?;
    if account.score >= weights::CALM {
        account.score = account.score.max(weights::EMERGENCY);
        return alarm;
    }
    account.note("calm", "别的话像平常话，先请人看一看", None);
    account.score = weights::WATCH;
    None
}

/// Whether somebody speaks of not wanting to live, too weakly for an alarm: a person should look.
pub(super) fn despair(evidence: &Evidence<'_>) -> bool {
    evidence
        .signs(Emergency::Suicide, Part::Whole)
        .next()
        .is_some()
        && !evidence.has(Kind::Hyperbole)
        && !evidence.has(Kind::News)
}

fn sureness(kind: Emergency, evidence: &Evidence<'_>) -> f32 {
    let whole = distinct(evidence.signs(kind, Part::Whole));
    let states = distinct(evidence.signs(kind, Part::State));
    let urgent = evidence.has(Kind::Urgent);
    let pictured = pictured(kind, evidence);
    if whole == 0 && !pictured && !(urgent && states >= 2) {
        return 0.0;
    }
    let mut sure = match whole {
        0 => 0.0,
        1 => 0.7,
        _ => 0.9,
    };
    let whats = distinct(evidence.signs(kind, Part::What));
    sure += if pictured {
        0.7
    } else if states > 0 {
        0.3
    } else if whats == 0 {
        0.0
    } else if concerns_people(kind) {
        0.1
    } else {
        0.25
    };
    let extra = [
        (states >= 2, 0.3),
        (whats >= 2, 0.2),
        (urgent, 0.4),
        (evidence.is_here(), 0.3),
        (concerns_people(kind) && speaks_of_somebody(evidence), 0.3),
        (evidence.exclaims, 0.1),
    ];
    sure += extra
        .iter()
        .filter(|(given, _)| *given)
        .map(|(_, gain)| gain)
        .sum::<f32>();
    sure - doubt(kind, evidence)
}

/// Whether what and state stand near each other, not one inside the other.
fn pictured(kind: Emergency, evidence: &Evidence<'_>) -> bool {
    evidence.signs(kind, Part::What).any(|what| {
        evidence.signs(kind, Part::State).any(|state| {
            let apart = what.span.end <= state.span.start || state.span.end <= what.span.start;
            apart && what.span.start.abs_diff(state.span.start) <= weights::SIGN_REACH
        })
    })
}

/// What makes it past, elsewhere, told, joked, sold or asked.
pub(super) fn doubt(kind: Emergency, evidence: &Evidence<'_>) -> f32 {
    let mut doubt: f32 = DOUBTS
        .iter()
        .filter(|(against, _)| evidence.has(*against))
        .map(|(_, loss)| loss)
        .sum();
    if !evidence.denied.is_empty() {
        doubt += 0.8;
    }
    doubt += 0.4 * saturating_count(evidence.of(Kind::Notice).count());
    let here = evidence.is_here();
    if of_things(kind) && evidence.has(Kind::Device) && !here {
        doubt += 0.8;
    }
    if kind != Emergency::Missing && evidence.has(Kind::Duration) {
        doubt += 0.4;
    }
    if of_things(kind) && evidence.has(Kind::Again) && !evidence.has(Kind::Urgent) {
        doubt += 0.4;
    }
    if evidence.asks && !evidence.has(Kind::Urgent) && !here {
        doubt += if evidence.clauses > 1 { 0.2 } else { 0.6 };
    }
    doubt
}

const DOUBTS: [(Kind, f32); 14] = [
    (Kind::Unreal, 0.8),
    (Kind::Hyperbole, 1.1),
    (Kind::Advert, 1.1),
    (Kind::News, 1.1),
    (Kind::Plan, 1.1),
    (Kind::Negation, 0.8),
    (Kind::Past, 0.8),
    (Kind::Elsewhere, 0.8),
    (Kind::Theory, 0.8),
    (Kind::Restored, 0.8),
    (Kind::Eased, 0.8),
    (Kind::Wish, 0.8),
    (Kind::Thanks, 0.8),
    (Kind::Chat, 0.4),
];

/// How many different words there are that do not overlap.
fn distinct<'e>(items: impl Iterator<Item = &'e Item<'e>>) -> usize {
    let mut words: Vec<&Item<'_>> = Vec::new();
    for item in items {
        let known = words.iter().any(|other| {
            other.word == item.word
                || (item.span.start < other.span.end && other.span.start < item.span.end)
        });
        if !known {
            words.push(item);
        }
    }
    words.len()
}

fn saturating_count(count: usize) -> f32 {
    f32::from(u8::try_from(count).unwrap_or(u8::MAX))
}

fn speaks_of_somebody(evidence: &Evidence<'_>) -> bool {
    evidence.somebody
        || [Emergency::Medical, Emergency::Missing]
            .into_iter()
            .any(|kind| evidence.signs(kind, Part::What).next().is_some())
}

fn concerns_people(kind: Emergency) -> bool {
    !matches!(kind, Emergency::Gas | Emergency::Fire | Emergency::Missing)
}

fn of_things(kind: Emergency) -> bool {
    matches!(
        kind,
        Emergency::Trapped
            | Emergency::Gas
            | Emergency::Fire
            | Emergency::Collapse
            | Emergency::Shock
    )
}

const ALL: [Emergency; 9] = [
    Emergency::Trapped,
    Emergency::Gas,
    Emergency::Fire,
    Emergency::Suicide,
    Emergency::Missing,
    Emergency::Collapse,
    Emergency::Medical,
    Emergency::Shock,
    Emergency::Violence,
];

/// What people read.
pub(super) fn chinese(kind: Emergency) -> &'static str {
    match kind {
        Emergency::Trapped => "困人",
        Emergency::Gas => "燃气",
        Emergency::Fire => "着火",
        Emergency::Suicide => "轻生",
        Emergency::Missing => "走失",
        Emergency::Collapse => "坍塌",
        Emergency::Medical => "溺水或晕倒",
        Emergency::Shock => "触电或漏电",
        Emergency::Violence => "持刀或打架",
    }
}

/// The emergency that examples call so.
pub(super) fn named(name: &str) -> Option<Emergency> {
    let plain = |kind: &Emergency| chinese(*kind).replace('或', "") == name;
    ALL.into_iter().find(plain)
}

/// The category an emergency falls under when its words name none.
pub(super) fn category(kind: Emergency) -> &'static str {
    match kind {
        Emergency::Trapped => "05",
        Emergency::Gas => "03",
        Emergency::Fire => "04",
        Emergency::Suicide | Emergency::Missing | Emergency::Violence => "10",
        Emergency::Collapse | Emergency::Medical => "20",
        Emergency::Shock => "01",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Sources, examples};

    #[test]
    fn every_danger_that_examples_name_is_known() {
        let lexicon = crate::lexicon::Lexicon::embedded();
        let mut seen = Vec::new();
        for (name, text) in Sources::examples() {
            let (rows, _) =
                examples::read(name, text.as_bytes(), lexicon.catalogue()).expect("examples");
            for row in &rows {
                let Some(peril) = row.peril() else { continue };
                let kind = named(peril);
                assert!(kind.is_some(), "{name} {}: {peril}", row.row);
                seen.extend(kind);
            }
        }
        assert!(ALL.iter().all(|kind| seen.contains(kind)));
    }
}
