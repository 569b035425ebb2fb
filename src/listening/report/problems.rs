//! From decisions to problems: many who say the same are one event, as the desk would have it.

use std::time::Duration;

use serde::Serialize;

use super::Shadowed;
use crate::model::{AreaId, Catalogue, CategoryCode, GroupId, Level, Place, Timestamp};
use crate::triage::Action;

/// How long a matter without a category of its own goes on.
const USUAL_WINDOW: Duration = Duration::from_hours(24);

/// Texts shown of one problem.
const TEXTS: usize = 3;

/// What opens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bar {
    /// What was decided to open.
    AsDecided,
    /// A gripe with this score or more, and whatever 特急.
    Score(f32),
}

/// What would have been one event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// Where the group hangs; `None` where it hangs nowhere.
    pub area: Option<AreaId>,
    /// The group that said it first.
    pub group: GroupId,
    /// What it is about.
    pub category: Option<CategoryCode>,
    /// The most urgent of all.
    pub level: Option<Level>,
    /// First and last message.
    pub first_at: Timestamp,
    /// See `first_at`.
    pub last_at: Timestamp,
    /// Where, as far as somebody said.
    pub place: Option<Place>,
    /// How many messages.
    pub messages: usize,
    /// The best score of its messages.
    #[serde(serialize_with = "crate::listening::two_digits")]
    pub score: f32,
    /// What was said, masked, the first few.
    pub texts: Vec<String>,
    #[serde(skip)]
    family: String,
}

/// Groups decisions into problems by area, family, time and place, in order of opening.
pub fn problems(decisions: &[Shadowed], catalogue: &Catalogue, bar: Bar) -> Vec<Problem> {
    let mut opening: Vec<&Shadowed> = decisions.iter().filter(|one| opens(one, bar)).collect();
    opening.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    let mut problems: Vec<Problem> = Vec::new();
    for one in opening {
        let family = family(catalogue, one.category.as_ref());
        let window = window(catalogue, one.category.as_ref());
        let same = |problem: &&mut Problem| problem.takes(one, &family, window);
        match problems.iter_mut().rev().find(same) {
            Some(problem) => problem.add(one),
            None => problems.push(Problem::of(one, family)),
        }
    }
    problems
}

/// The family of a category: what may be one problem.
pub(super) fn family(catalogue: &Catalogue, category: Option<&CategoryCode>) -> String {
    let known = category.and_then(|code| catalogue.categories.get(code));
    known.map_or_else(String::new, |category| category.family.clone())
}

fn window(catalogue: &Catalogue, category: Option<&CategoryCode>) -> Duration {
    let known = category.and_then(|code| catalogue.categories.get(code));
    known.map_or(USUAL_WINDOW, |category| {
        category.merge_window.max(USUAL_WINDOW)
    })
}

fn opens(one: &Shadowed, bar: Bar) -> bool {
    match bar {
        Bar::AsDecided => one.action == Action::Open,
        Bar::Score(least) => {
            let gripe = matches!(one.action, Action::Open | Action::Watch | Action::Ignore);
            one.emergency.is_some() || (gripe && one.category.is_some() && one.score >= least)
        }
    }
}

impl Problem {
    fn of(one: &Shadowed, family: String) -> Self {
        let mut problem = Self {
            area: one.area.clone(),
            group: one.group.clone(),
            category: one.category.clone(),
            level: None,
            first_at: one.at,
            last_at: one.at,
            place: None,
            messages: 0,
            score: one.score,
            texts: Vec::new(),
            family,
        };
        problem.add(one);
        problem
    }

    fn add(&mut self, one: &Shadowed) {
        self.level = self.level.max(one.level);
        self.last_at = self.last_at.max(one.at);
        self.messages += 1;
        self.score = self.score.max(one.score);
        if self.place.is_none() {
            self.place.clone_from(&one.place);
        }
        if self.texts.len() < TEXTS && !one.text.is_empty() {
            self.texts.push(one.text.clone());
        }
    }

    fn takes(&self, one: &Shadowed, family: &str, window: Duration) -> bool {
        let here = match (&self.area, &one.area) {
            (Some(area), Some(other)) => area == other,
            _ => self.group == one.group,
        };
        let elsewhere = building(self.place.as_ref())
            .zip(building(one.place.as_ref()))
            .is_some_and(|(building, other)| building != other);
        let since = one.at.duration_since(self.last_at).unsigned_abs();
        here && self.family == family && !elsewhere && since <= window
    }

    pub(super) fn family(&self) -> &str {
        &self.family
    }
}

fn building(place: Option<&Place>) -> Option<&String> {
    place.and_then(|place| place.building.as_ref())
}
