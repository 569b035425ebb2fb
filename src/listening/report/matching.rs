//! Which of the bot's problems is which row of the table: place, time, and category or words.

use std::time::Duration;

use super::problems::family;
use super::{Given, Problem, Recorded, Where};
use crate::listening::Shadowed;
use crate::model::{AreaId, CategoryCode, GroupId, Timestamp};
use crate::text::similarity::Pairs;

/// How long before its first message people may have written a problem down: clocks differ.
const BEFORE: Duration = Duration::from_hours(2);

/// And how long after the last: they write it down when they get to it.
const AFTER: Duration = Duration::from_hours(24);

/// From here on two texts tell of the same without help from the category.
const ALIKE: f32 = 0.35;

/// From here on they do with it, where the table names no place.
const SOMEWHAT_ALIKE: f32 = 0.15;

/// Who found whom.
pub(super) struct Matched {
    /// For each row the problem that it is.
    pub(super) of_recorded: Vec<Option<usize>>,
    /// For each problem whether any row is it.
    pub(super) hit: Vec<bool>,
}

/// Something said somewhere at some time, to be held beside a row.
struct Told<'a> {
    area: Option<&'a AreaId>,
    group: &'a GroupId,
    category: Option<&'a CategoryCode>,
    family: String,
    from: Timestamp,
    to: Timestamp,
    texts: Vec<Pairs>,
}

/// Gives each row the problem that fits it best, the best fits first. A problem that is one row
/// already is another one, too, only where their words have something in common: people write
/// things down twice, but two troubles of one kind on one day are two.
pub(super) fn matched(given: &Given<'_>, recorded: &[Recorded], opened: &[Problem]) -> Matched {
    let told: Vec<Told<'_>> = opened.iter().map(told_of_problem).collect();
    let mut fits: Vec<(usize, usize, Fit)> = Vec::new();
    for (row, one) in recorded.iter().enumerate() {
        let words = Pairs::of(&one.text);
        let found = told.iter().enumerate();
        let found = found.filter_map(|(at, told)| Some((row, at, fit(given, one, &words, told)?)));
        fits.extend(found);
    }
    fits.sort_by(|one, other| other.2.sum.total_cmp(&one.2.sum));
    let mut of_recorded = vec![None; recorded.len()];
    let mut hit = vec![false; opened.len()];
    for (row, at, fit) in fits {
        let free = !hit[at] || fit.alike >= SOMEWHAT_ALIKE;
        if of_recorded[row].is_none() && free {
            of_recorded[row] = Some(at);
            hit[at] = true;
        }
    }
    Matched { of_recorded, hit }
}

/// What the bot heard of a row that it did not open, the nearest of it.
pub(super) fn heard<'s>(
    given: &Given<'_>,
    row: &Recorded,
    decisions: &'s [Shadowed],
) -> Option<&'s Shadowed> {
    let words = Pairs::of(&row.text);
    let fits = decisions.iter().filter_map(|one| {
        let told = Told {
            area: one.area.as_ref(),
            group: &one.group,
            category: one.category.as_ref(),
            family: family(given.catalogue, one.category.as_ref()),
            from: one.at,
            to: one.at,
            texts: vec![Pairs::of(&one.text)],
        };
        Some((one, fit(given, row, &words, &told)?))
    });
    let best = fits.max_by(|one, other| one.1.sum.total_cmp(&other.1.sum));
    best.map(|(one, _)| one)
}

fn told_of_problem(problem: &Problem) -> Told<'_> {
    Told {
        area: problem.area.as_ref(),
        group: &problem.group,
        category: problem.category.as_ref(),
        family: problem.family().to_owned(),
        from: problem.first_at,
        to: problem.last_at,
        texts: problem.texts.iter().map(|text| Pairs::of(text)).collect(),
    }
}

/// How well a row fits.
#[derive(Clone, Copy)]
struct Fit {
    /// By words and category together.
    sum: f32,
    /// By words alone.
    alike: f32,
}

/// How well a row fits; `None` where it does not.
fn fit(given: &Given<'_>, row: &Recorded, words: &Pairs, told: &Told<'_>) -> Option<Fit> {
    if !is_in_time(given, row, told) || !is_here(row, told) {
        return None;
    }
    let alike = told.texts.iter().map(|text| text.alike(words));
    let alike = alike.fold(0.0, f32::max);
    let same = row.category.is_some() && row.category.as_ref() == told.category;
    let kin = row.category.is_some()
        && !told.family.is_empty()
        && family(given.catalogue, row.category.as_ref()) == told.family;
    let least = match (row.place.is_some(), same || kin) {
        (true, true) => 0.0,
        (false, true) => SOMEWHAT_ALIKE,
        (_, false) => ALIKE,
    };
    let bonus = if same { 1.0 } else { 0.0 } + if kin { 0.5 } else { 0.0 };
    (alike >= least).then_some(Fit {
        sum: alike + bonus,
        alike,
    })
}

fn is_in_time(given: &Given<'_>, row: &Recorded, told: &Told<'_>) -> bool {
    if let Some(at) = row.instant(given.zone) {
        let from = told.from.saturating_sub(BEFORE).unwrap_or(Timestamp::MIN);
        let to = told.to.saturating_add(AFTER).unwrap_or(Timestamp::MAX);
        return (from..=to).contains(&at);
    }
    let day = |at: Timestamp| at.to_zoned(given.zone.clone()).date();
    let day_after = day(told.to).tomorrow().unwrap_or(jiff::civil::Date::MAX);
    (day(told.from)..=day_after).contains(&row.date())
}

fn is_here(row: &Recorded, told: &Told<'_>) -> bool {
    match &row.place {
        None => true,
        Some(Where::Group(group)) => group == told.group,
        Some(Where::Area(area)) => told.area.is_some_and(|here| {
            let mut here = Some(here.clone());
            while let Some(one) = here {
                if one == *area {
                    return true;
                }
                here = one.parent();
            }
            false
        }),
    }
}
