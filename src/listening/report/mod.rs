//! What shadow mode is for: how a bot would have done, beside what people recorded by hand.

mod matching;
mod problems;
mod recorded;
#[cfg(test)]
mod tests;
mod thresholds;
mod workload;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::Shadowed;
use crate::model::{Catalogue, CategoryCode};
use matching::Matched;
pub use problems::{Bar, Problem, problems};
pub use recorded::{Recorded, Where, read};
pub use thresholds::{Candidate, Thresholds};
pub use workload::Workload;

/// Everything a report is made of.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// What was decided, in any order.
    pub decisions: &'a [Shadowed],
    /// What people recorded; `None` where nobody did.
    pub recorded: Option<&'a [Recorded]>,
    /// Families and windows by which messages are one problem.
    pub catalogue: &'a Catalogue,
    /// The community's clock.
    pub zone: &'a TimeZone,
    /// Most events per day that people can handle, where they said.
    pub per_day: Option<u32>,
    /// The threshold in force.
    pub open_at: f32,
}

/// How a bot would have done.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Days the decisions span, at least one.
    pub days: u32,
    /// Decisions recorded.
    pub decisions: usize,
    /// What it would have meant for those who handle it.
    pub workload: Workload,
    /// Beside what people recorded.
    pub comparison: Option<Comparison>,
    /// What another threshold would have given.
    pub thresholds: Thresholds,
}

/// The bot beside people.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Comparison {
    /// All categories together.
    pub total: Score,
    /// By category; those without one under an empty code.
    pub by_category: BTreeMap<String, Score>,
    /// What people recorded and the bot did not open.
    pub missed: Vec<Missed>,
    /// What the bot would have opened and nobody recorded.
    pub surplus: Vec<Problem>,
}

/// Counts and what follows from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Recorded by people.
    pub recorded: usize,
    /// Of these, opened by the bot.
    pub found: usize,
    /// Opened by the bot.
    pub opened: usize,
    /// Of these, recorded by people.
    pub right: usize,
}

/// A recorded problem that the bot did not open.
#[derive(Clone, Debug, Serialize)]
pub struct Missed {
    /// What people recorded.
    pub recorded: Recorded,
    /// What the bot heard of it all the same, and what it made of that.
    pub heard: Option<Shadowed>,
}

impl Score {
    /// Share of what people recorded that the bot opened; `None` where nobody recorded any.
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.recorded)
    }

    /// Share of what the bot opened that people recorded; `None` where it opened none.
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.opened)
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most some ten thousand")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Makes the report. Where people recorded something, only the days they recorded are compared:
/// of other days nobody knows what was missed.
pub fn report(given: &Given<'_>) -> Report {
    let opened = problems(given.decisions, given.catalogue, Bar::AsDecided);
    let days = given.days(given.decisions);
    Report {
        days,
        decisions: given.decisions.len(),
        workload: workload::of(&opened, given, days),
        comparison: given.recorded.map(|recorded| compare(given, recorded)),
        thresholds: thresholds::sweep(given, days),
    }
}

impl Given<'_> {
    /// Calendar days from the first decision to the last, at least one.
    fn days(&self, decisions: &[Shadowed]) -> u32 {
        let dates = decisions
            .iter()
            .map(|one| one.at.to_zoned(self.zone.clone()).date());
        let (Some(first), Some(last)) = (dates.clone().min(), dates.max()) else {
            return 1;
        };
        let days = last.since(first).map_or(0, |span| span.get_days());
        u32::try_from(days).unwrap_or(0) + 1
    }

    /// The decisions of the days that people recorded.
    fn compared(&self, recorded: &[Recorded]) -> Vec<Shadowed> {
        let first = recorded.iter().map(Recorded::date).min();
        let last = recorded.iter().map(Recorded::date).max();
        let within = |one: &&Shadowed| {
            let date = one.at.to_zoned(self.zone.clone()).date();
            first.is_some_and(|first| first <= date) && last.is_some_and(|last| date <= last)
        };
        self.decisions.iter().filter(within).cloned().collect()
    }
}

fn compare(given: &Given<'_>, recorded: &[Recorded]) -> Comparison {
    let decisions = given.compared(recorded);
    let opened = problems(&decisions, given.catalogue, Bar::AsDecided);
    let Matched { of_recorded, hit } = matching::matched(given, recorded, &opened);
    let mut comparison = Comparison::default();
    for (one, found) in recorded.iter().zip(&of_recorded) {
        let code = code(one.category.as_ref());
        for score in [
            &mut comparison.total,
            comparison.by_category.entry(code.clone()).or_default(),
        ] {
            score.recorded += 1;
            score.found += usize::from(found.is_some());
        }
        if found.is_none() {
            let heard = matching::heard(given, one, &decisions);
            comparison.missed.push(Missed {
                recorded: one.clone(),
                heard: heard.cloned(),
            });
        }
    }
    for (problem, hit) in opened.into_iter().zip(hit) {
        let code = code(problem.category.as_ref());
        for score in [
            &mut comparison.total,
            comparison.by_category.entry(code.clone()).or_default(),
        ] {
            score.opened += 1;
            score.right += usize::from(hit);
        }
        if !hit {
            comparison.surplus.push(problem);
        }
    }
    comparison
}

fn code(category: Option<&CategoryCode>) -> String {
    category.map(ToString::to_string).unwrap_or_default()
}
