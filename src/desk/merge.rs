//! Which event a report joins: the same problem at the same place in the same stretch of time.
//!
//! Pure: a report and the events it might join in, one of them or none out. Time is the messages'
//! own, so a late arrival joins what it was part of.

use std::time::Duration;

use crate::model::{AreaId, Category, EventId, GroupId, MergeScope, Place, Timestamp};
use crate::triage::Emergency;

use super::aspect::Aspect;
use super::certainty::Certainty;
use super::moment::{self, gap};
use super::whereabouts::{Nearness, nearness};
use super::{Event, SourceGroup, State};
use crate::text::similarity::Pairs;

/// Within this time the talk of one group is taken to go on about the same thing.
const SAME_TALK: Duration = Duration::from_hours(2);
/// Within this time a weak signal may mean what its group spoke of.
const SUPPORTS: Duration = Duration::from_hours(3);
/// Within this time two groups of one 小区 are taken to speak of the same thing.
const SAME_HOUR: Duration = Duration::from_hours(1);
/// Within this time a group's talk goes on about the matter it named.
const THREAD: Duration = Duration::from_mins(45);
/// The same across the groups of one 小区.
const NEXT_ROOM: Duration = Duration::from_mins(15);
/// Within this time even the mention of another spot does not end a group's talk.
const SAME_BREATH: Duration = Duration::from_mins(10);
/// Two 小区 that report the same within this time share the problem (片区).
pub(super) const QUARTER: Duration = Duration::from_mins(30);
/// Talk about a 特急 that does not name it again still means it.
const AFTER_ALARM: Duration = Duration::from_hours(1);
/// One word that it is over and this much quiet: whoever reports then reports something new.
const OVER_QUIETLY: Duration = Duration::from_hours(6);
/// A loss of service lasts until it is restored, and a named place that is reported again is one
/// open problem; but after so many windows without a word about it, nobody was waiting any more.
const LASTING_WINDOWS: u32 = 3;
/// From here on words that say “again” remind of what this group told before.
const REMINDS: f32 = 0.04;
/// From here on two texts of one family speak of the same thing.
const ALIKE: f32 = 0.12;
/// The same where the families differ, as when one calls it noise and the next one building work.
const ALIKE_ACROSS: f32 = 0.25;

/// How far back an open event of this category can still be joined.
pub(super) fn longest_window(category: &Category) -> Duration {
    category.merge_window * LASTING_WINDOWS
}

/// What a new report says.
#[derive(Clone, Debug)]
pub(super) struct Telling<'a> {
    pub(super) category: &'a Category,
    pub(super) emergency: Option<Emergency>,
    pub(super) area: &'a AreaId,
    pub(super) group: &'a GroupId,
    pub(super) place: Option<&'a Place>,
    pub(super) at: Timestamp,
    pub(super) words: Pairs,
    /// A leak has an address of its own even where the category is the whole 小区's.
    pub(super) aspect: Aspect,
    pub(super) certainty: Certainty,
    /// It says so itself that this was told before (又, 还是, 第三天了).
    pub(super) again: bool,
    /// What the conversation was about, where only that made the report count.
    pub(super) supports: Option<&'a EventId>,
}

/// An event a report may join, with what was said about it.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) event: &'a Event,
    /// Texts of its reports, the last ones.
    pub(super) said: &'a [Pairs],
    pub(super) aspect: Aspect,
    pub(super) certainty: Certainty,
}

/// How well a report fits an event; the greatest wins.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Fit {
    supported: bool,
    near: Nearness,
    same_talk: bool,
    same_family: bool,
    alike: bool,
    last_at: Timestamp,
}

/// The event among these that the report joins.
pub(super) fn choose(telling: &Telling<'_>, candidates: &[Candidate<'_>]) -> Option<usize> {
    let fits = candidates.iter().enumerate();
    let fits = fits.filter_map(|(index, one)| fit(telling, one).map(|fit| (fit, index)));
    let best = fits.max_by(|(a, i), (b, j)| {
        let ids = || candidates[*j].event.id.cmp(&candidates[*i].event.id);
        a.partial_cmp(b)
            .expect("no field is a float")
            .then_with(ids)
    });
    best.map(|(_, index)| index)
}

/// Whether the report belongs to this event, and how well.
pub(super) fn fit(telling: &Telling<'_>, candidate: &Candidate<'_>) -> Option<Fit> {
    let event = candidate.event;
    if over(event, telling.at) || !emergencies_agree(telling, event) {
        return None;
    }
    let near = near(telling, candidate)?;
    let gap = gap(telling.at, event.last_report_at);
    if !in_window(telling, candidate, near, gap) {
        return None;
    }
    let likeness = candidate.said.iter().map(|said| telling.words.alike(said));
    let likeness = likeness.fold(0.0, f32::max);
    let spoken_here = source(event, telling.group).and_then(|source| source.last_at);
    let here = spoken_here.map(|last| moment::gap(telling.at, last));
    let fit = Fit {
        supported: telling.supports == Some(&event.id),
        near,
        same_talk: here.is_some_and(|gap| gap <= SAME_TALK),
        same_family: telling.category.family == event.family,
        alike: likeness >= ALIKE,
        last_at: event.last_report_at,
    };
    let of_the_talk = here.is_some_and(|gap| gap <= SUPPORTS) || gap <= SAME_HOUR;
    if telling.supports.is_some() && !of_the_talk && !fit.alike {
        return None;
    }
    let joins = if !telling.area.is_within(&event.area) {
        spreads(telling, candidate, &fit, gap)
    } else if fit.same_family || fit.supported {
        let echo = telling.again && spoken_here.is_some() && likeness >= REMINDS;
        settled(telling, candidate, &fit, gap) || echo
    } else {
        likeness >= ALIKE_ACROSS || goes_on(telling, candidate, &fit, here, gap)
    };
    joins.then_some(fit)
}

/// Whether another 小区 has the same problem: the same loss at the same time, or trouble at the
/// same spot of the same street.
fn spreads(telling: &Telling<'_>, candidate: &Candidate<'_>, fit: &Fit, gap: Duration) -> bool {
    let event = candidate.event;
    let street = fit.near == Nearness::Same || fit.alike;
    gap <= QUARTER
        && event.state != State::Lead
        && event.restored_by.is_empty()
        && fit.same_family
        && (whole(telling, candidate) || (street && telling.aspect != Aspect::Local))
}

/// Whether place, talk or words are enough to call it the same matter of one family.
fn settled(telling: &Telling<'_>, candidate: &Candidate<'_>, fit: &Fit, gap: Duration) -> bool {
    let event = candidate.event;
    let aspects = (telling.aspect, candidate.aspect);
    let apart = matches!(
        aspects,
        (Aspect::Local, Aspect::Shared) | (Aspect::Shared, Aspect::Local)
    );
    if telling.category.loss_of_service && apart {
        // A leak while the water is off is another matter, unless it is the very place or talk.
        return fit.supported || fit.near == Nearness::Same;
    }
    if whole(telling, candidate) || fit.supported || fit.alike {
        return true;
    }
    let alarm = telling.emergency.is_some() && telling.emergency == event.emergency;
    match fit.near {
        Nearness::Same => true,
        Nearness::Open => fit.same_talk || gap <= SAME_HOUR,
        Nearness::Doubtful => (fit.same_talk || alarm) && gap <= SAME_HOUR,
    }
}

/// Whether the talk goes on about the same matter though it sounds like another one: within
/// minutes, at no other place, and not both named by a word of their own.
fn goes_on(
    telling: &Telling<'_>,
    candidate: &Candidate<'_>,
    fit: &Fit,
    here: Option<Duration>,
    gap: Duration,
) -> bool {
    let unsure = telling.certainty < Certainty::Named;
    let two = !unsure && candidate.certainty > Certainty::Guessed;
    if telling.emergency.is_some() || two {
        // Danger to life is never drowned in another matter's talk, nor is a message that says
        // itself that it is about something else (“停电了” after “电梯停在5楼”).
        return false;
    }
    let within = |gap: Option<Duration>, limit| gap.is_some_and(|gap| gap <= limit);
    match fit.near {
        Nearness::Same if unsure => gap <= SAME_HOUR,
        Nearness::Same | Nearness::Open => within(here, THREAD) || (unsure && gap <= NEXT_ROOM),
        Nearness::Doubtful => unsure && within(here, SAME_BREATH),
    }
}

/// How the places go together under the category's rule; `None` where they are two places.
fn near(telling: &Telling<'_>, candidate: &Candidate<'_>) -> Option<Nearness> {
    if whole(telling, candidate) && telling.category.merge_scope != MergeScope::Building {
        return Some(Nearness::Same);
    }
    nearness(telling.place, candidate.event.place.as_ref())
}

/// A loss of service that is not one home's or one building's own.
fn whole(telling: &Telling<'_>, candidate: &Candidate<'_>) -> bool {
    telling.category.loss_of_service
        && telling.category.family == candidate.event.family
        && telling.aspect != Aspect::Local
        && candidate.aspect != Aspect::Local
}

fn in_window(
    telling: &Telling<'_>,
    candidate: &Candidate<'_>,
    near: Nearness,
    gap: Duration,
) -> bool {
    let event = candidate.event;
    let window = telling.category.merge_window;
    if telling.at < event.opened_at {
        // Told before, delivered later: it belongs to what it preceded by little.
        let before = moment::gap(telling.at, event.opened_at);
        return before <= window.min(SAME_TALK);
    }
    let named = telling.place.is_some() && near == Nearness::Same && event.restored_by.is_empty();
    let lasting = named || whole(telling, candidate);
    gap <= if lasting {
        longest_window(telling.category)
    } else {
        window
    }
}

/// A 特急 and talk that is none go together while it lasts; two kinds of 特急 never do.
fn emergencies_agree(telling: &Telling<'_>, event: &Event) -> bool {
    match (telling.emergency, event.emergency) {
        (Some(one), Some(other)) => one == other,
        (None, None) => true,
        _ => event.restored_by.is_empty() && gap(telling.at, event.last_report_at) <= AFTER_ALARM,
    }
}

/// Whether a report says that what a handler solved, or what went away, is back: the same place,
/// and where nobody names one, the same loss or the same words.
pub(super) fn is_back(telling: &Telling<'_>, candidate: &Candidate<'_>) -> bool {
    let event = candidate.event;
    let alike = || {
        let mut said = candidate.said.iter();
        said.any(|said| telling.words.alike(said) >= ALIKE)
    };
    telling.category.family == event.family
        && telling.aspect == candidate.aspect
        && event.emergency == telling.emergency
        && match near(telling, candidate) {
            Some(Nearness::Same) => true,
            Some(Nearness::Open) => alike(),
            _ => false,
        }
}

/// Whether the problem had ended before this was said.
pub(super) fn over(event: &Event, at: Timestamp) -> bool {
    if event.intake_over_at.is_some_and(|over| over < at) {
        return true;
    }
    !event.restored_by.is_empty()
        && at > event.last_report_at
        && gap(at, event.last_report_at) > OVER_QUIETLY
}

fn source<'a>(event: &'a Event, group: &GroupId) -> Option<&'a SourceGroup> {
    event.sources.iter().find(|source| source.group == *group)
}

#[cfg(test)]
mod tests;
