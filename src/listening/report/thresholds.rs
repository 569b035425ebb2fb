//! What another threshold would have given.

use serde::Serialize;

use super::{Bar, Given, matching, problems, share};

/// The thresholds tried, in tenths: not below what may be configured, which is a Lead's score.
const TRIED: std::ops::RangeInclusive<u8> = 12..=32;

/// Two tenths at a time: finer says no more than chance.
const STEP: usize = 2;

/// A balance that is better by less than this is no better.
const WORTH_A_CHANGE: f64 = 0.005;

/// Thresholds and what is advised.
#[derive(Clone, Debug, Serialize)]
pub struct Thresholds {
    /// In rising order.
    pub tried: Vec<Candidate>,
    /// The advised one; `None` where neither records nor a wish for the workload were given, or
    /// none of them fits.
    pub advised: Option<f32>,
}

/// One threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// A gripe with this score or more opens.
    #[serde(serialize_with = "crate::listening::two_digits")]
    pub threshold: f32,
    /// Events that would have been opened per day.
    pub per_day: f64,
    /// Share of recorded problems that would have been opened.
    pub recall: Option<f64>,
    /// Share of opened events that were recorded.
    pub precision: Option<f64>,
}

impl Candidate {
    /// The harmonic mean of both shares.
    fn balance(&self) -> Option<f64> {
        let (recall, precision) = (self.recall?, self.precision?);
        let sum = recall + precision;
        (sum > 0.0).then(|| 2.0 * recall * precision / sum)
    }
}

/// Of the thresholds with the best balance the one nearest to today's: no change without a gain.
fn nearest_of_the_best(balanced: &[(f32, f64)], open_at: f32) -> Option<f32> {
    let best = balanced.iter().map(|(_, balance)| *balance);
    let best = best.max_by(f64::total_cmp)?;
    let equal = balanced
        .iter()
        .filter(|(_, balance)| best - balance < WORTH_A_CHANGE);
    let far = |threshold: &f32| (threshold - open_at).abs();
    equal
        .map(|(threshold, _)| *threshold)
        .min_by(|one, other| far(one).total_cmp(&far(other)))
}

/// Tries them all. With records the best balance of both shares is advised; without, the lowest
/// that people can handle.
pub(super) fn sweep(given: &Given<'_>, days: u32) -> Thresholds {
    let compared = given.recorded.map(|recorded| given.compared(recorded));
    let tried: Vec<Candidate> = TRIED
        .step_by(STEP)
        .map(|tenths| {
            let threshold = f32::from(tenths) / 10.0;
            candidate(given, compared.as_deref(), threshold, days)
        })
        .collect();
    let bearable = |one: &&Candidate| {
        given
            .per_day
            .is_none_or(|most| one.per_day <= f64::from(most))
    };
    let advised = if given.recorded.is_some() {
        let balanced = tried.iter().filter(bearable);
        let balanced = balanced.filter_map(|one| Some((one.threshold, one.balance()?)));
        nearest_of_the_best(&balanced.collect::<Vec<_>>(), given.open_at)
    } else {
        let wished = given.per_day.is_some();
        let mut fitting = tried.iter().filter(bearable);
        fitting.next().filter(|_| wished).map(|one| one.threshold)
    };
    Thresholds { tried, advised }
}

#[expect(clippy::cast_precision_loss, reason = "at most some ten thousand")]
fn candidate(
    given: &Given<'_>,
    compared: Option<&[super::Shadowed]>,
    threshold: f32,
    days: u32,
) -> Candidate {
    let bar = Bar::Score(threshold);
    let opened = problems(given.decisions, given.catalogue, bar).len();
    let (mut recall, mut precision) = (None, None);
    if let (Some(recorded), Some(decisions)) = (given.recorded, compared) {
        let opened = problems(decisions, given.catalogue, bar);
        let matched = matching::matched(given, recorded, &opened);
        recall = share(matched.of_recorded.iter().flatten().count(), recorded.len());
        precision = share(matched.hit.iter().filter(|hit| **hit).count(), opened.len());
    }
    Candidate {
        threshold,
        per_day: opened as f64 / f64::from(days),
        recall,
        precision,
    }
}
