//! What it would have meant for those who handle it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Given, Problem, code};
use crate::model::Level;
use crate::triage::Action;

/// Counts of what would have been opened.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Workload {
    /// Events.
    pub events: usize,
    /// Events per day.
    pub per_day: f64,
    /// Events of the busiest day.
    pub busiest_day: usize,
    /// 特急.
    pub emergencies: usize,
    /// Leads: decisions that a person should look at, per day.
    pub leads_per_day: f64,
    /// Events by category.
    pub by_category: BTreeMap<String, usize>,
    /// Events by area.
    pub by_area: BTreeMap<String, usize>,
    /// Events by hour of the day, the community's.
    pub by_hour: BTreeMap<i8, usize>,
}

#[expect(clippy::cast_precision_loss, reason = "at most some ten thousand")]
pub(super) fn of(opened: &[Problem], given: &Given<'_>, days: u32) -> Workload {
    let mut by_day: BTreeMap<jiff::civil::Date, usize> = BTreeMap::new();
    let mut load = Workload {
        events: opened.len(),
        per_day: opened.len() as f64 / f64::from(days),
        ..Workload::default()
    };
    for problem in opened {
        let at = problem.first_at.to_zoned(given.zone.clone());
        *by_day.entry(at.date()).or_default() += 1;
        *load.by_hour.entry(at.hour()).or_default() += 1;
        let category = code(problem.category.as_ref());
        *load.by_category.entry(category).or_default() += 1;
        let area = problem.area.as_ref().map(ToString::to_string);
        let area = area.unwrap_or_else(|| problem.group.to_string());
        *load.by_area.entry(area).or_default() += 1;
        load.emergencies += usize::from(problem.level == Some(Level::Critical));
    }
    load.busiest_day = by_day.into_values().max().unwrap_or_default();
    let leads = given.decisions.iter();
    let leads = leads.filter(|one| one.action == Action::Watch).count();
    load.leads_per_day = leads as f64 / f64::from(days);
    load
}
