//! Limits: which apply, when they run, and which timers stand for them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Level, Limits, Timestamp};

use super::calendar::{Calendar, later};
use super::{Act, Clocks, Event, Settings, State, TimerKind, View};

/// What applies where neither the category nor the level says anything: the domain's 一般.
const FALLBACK: Limits = Limits {
    accept: Duration::from_hours(2),
    answer: Duration::from_hours(8),
    finish: Duration::from_hours(24),
};

/// Green up to here, then yellow; red is all of it (domain §4.1).
const YELLOW_PERCENT: u32 = 80;

/// How urgently the finish limit glows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// Less than 80 % of the time is used.
    Green,
    /// Up to all of it.
    Yellow,
    /// More.
    Red,
}

impl Light {
    /// The light of an event's finish limit.
    pub fn of(event: &Event, now: Timestamp) -> Self {
        let passed = |limit: Option<Timestamp>| limit.is_some_and(|limit| now >= limit);
        let frozen = event.suspended.is_some() || event.state >= State::Resolved;
        if event.clocks.red_at.is_some() || (!frozen && passed(event.clocks.finish_by)) {
            Self::Red
        } else if !frozen && passed(event.clocks.finish_warn) {
            Self::Yellow
        } else {
            Self::Green
        }
    }

    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Green => "绿灯",
            Self::Yellow => "黄灯",
            Self::Red => "红灯",
        }
    }
}

/// The limits of an event. The category's own count only at the category's own level: an event
/// that became more urgent does not keep the leisure of its kind.
pub(super) fn limits(view: &View, event: &Event) -> Limits {
    let category = view.catalogue.categories.get(&event.category);
    category
        .filter(|category| category.level == event.level)
        .and_then(|category| category.limits)
        .or_else(|| view.catalogue.limits.get(&event.level).copied())
        .unwrap_or(FALLBACK)
}

/// When so much time is over for this event: around the clock for 特急, else working time.
pub(super) fn after(view: &View, event: &Event, from: Timestamp, time: Duration) -> Timestamp {
    if event.level == Level::Critical {
        later(from, time)
    } else {
        Calendar::new(&view.settings, &view.catalogue.holidays).add(from, time)
    }
}

/// By when a Lead that staff was shown should have their yes or no (domain T4). Around the clock:
/// it is the hour at which it came that makes the limit short or long.
pub(super) fn lead_limit(view: &View, lead: &Event, shown: Timestamp) -> Timestamp {
    let settings = &view.settings;
    let calendar = Calendar::new(settings, &view.catalogue.holidays);
    let wait = if lead.level >= Level::Urgent {
        settings.lead_confirm_urgent
    } else if calendar.works_at(shown) {
        settings.lead_confirm
    } else {
        settings.lead_confirm_off_hours
    };
    later(shown, wait)
}

/// Starts the limits of an event that was just opened.
pub(super) fn start(view: &View, event: &mut Event, at: Timestamp) {
    let finish = limits(view, event).finish;
    event.clocks = Clocks {
        since: Some(at),
        finish_by: Some(after(view, event, at, finish)),
        finish_warn: Some(after(view, event, at, yellow(finish))),
        ..Clocks::default()
    };
}

/// Sets the clocks after an act. `before` is the event as it was, `event` as it is.
pub(super) fn wind(view: &View, before: &Event, event: &mut Event, act: &Act, at: Timestamp) {
    if before.suspended.is_some() && event.suspended.is_none() && event.state < State::Resolved {
        shift(view, before, event, at);
    }
    match act {
        Act::Confirm => start(view, event, at),
        Act::Offer { .. } | Act::Transfer { .. } => offer(view, event, at),
        Act::Accept { .. } => {
            stop_accepting(event);
            let answer = limits(view, event).answer;
            event.clocks.answer_by = Some(after(view, event, at, answer));
        }
        Act::Park { .. } | Act::HandBack => {
            stop_accepting(event);
            event.clocks.answer_by = None;
        }
        Act::Suspend { .. } | Act::Ask(_) => event.clocks.answer_by = None,
        Act::Extend { until } => {
            let more = working(view, event, at, *until);
            event.clocks.answer_by = None;
            event.clocks.finish_warn = Some(after(view, event, at, yellow(more)));
        }
        Act::Resolve => {
            event.clocks.answer_by = None;
            let check = view.settings.verify_within;
            event.clocks.verify_by = Some(after(view, event, at, check));
        }
        Act::Rework => rework(view, event, at),
        Act::Reopen => {
            start(view, event, at);
            let answer = limits(view, event).answer;
            event.clocks.answer_by = Some(after(view, event, at, answer));
        }
        Act::Recategorise { .. } | Act::Raise { .. } => hurry(view, before, event, at),
        Act::Escalate | Act::Supervise => {
            let street = street(&view.settings, event, act);
            event.clocks.street_by = Some(after(view, event, at, street));
        }
        _ => {}
    }
}

/// Every timer that should stand for an event as it is. Timers that have fired are among them as
/// long as their limit is unchanged; only differences between two states are written.
pub(super) fn armed(settings: &Settings, event: &Event) -> BTreeMap<TimerKind, Timestamp> {
    let clocks = &event.clocks;
    let finish_by = clocks.finish_by.filter(|_| clocks.red_at.is_none());
    let running = [
        (TimerKind::FinishWarn, clocks.finish_warn),
        (TimerKind::FinishBy, finish_by),
        (TimerKind::StreetBy, clocks.street_by),
    ];
    let own: Vec<(TimerKind, Option<Timestamp>)> = match event.state {
        State::Lead => {
            let end = later(event.opened_at, settings.lead_life);
            vec![
                (TimerKind::LeadExpires, Some(end)),
                (TimerKind::LeadWaits, clocks.accept_by),
            ]
        }
        State::Open => running.to_vec(),
        State::Dispatched => [
            (TimerKind::AcceptWarn, clocks.accept_warn),
            (TimerKind::AcceptBy, clocks.accept_by),
        ]
        .into_iter()
        .chain(running)
        .collect(),
        State::InProgress => match &event.suspended {
            Some(suspension) => vec![(TimerKind::Review, Some(suspension.until))],
            None => [(TimerKind::AnswerBy, clocks.answer_by)]
                .into_iter()
                .chain(running)
                .collect(),
        },
        State::Resolved => vec![
            (
                TimerKind::VerifyBy,
                clocks.verify_by.filter(|_| !event.verified),
            ),
            (TimerKind::FollowUp, next_follow_up(settings, event)),
        ],
        State::Closed => Vec::new(),
    };
    own.into_iter()
        .filter_map(|(kind, due)| Some((kind, due?)))
        .collect()
}

fn next_follow_up(settings: &Settings, event: &Event) -> Option<Timestamp> {
    let tries = u32::from(event.follow_ups) + 1;
    Some(later(event.resolved_at?, settings.follow_up * tries))
}

fn offer(view: &View, event: &mut Event, at: Timestamp) {
    event.clocks.answer_by = None;
    if event.level == Level::Critical {
        event.clocks.accept_by = Some(later(at, view.settings.critical_step));
        event.clocks.accept_warn = None;
        return;
    }
    let accept = limits(view, event).accept;
    event.clocks.accept_by = Some(after(view, event, at, accept));
    event.clocks.accept_warn = Some(after(view, event, at, yellow(accept)));
}

fn stop_accepting(event: &mut Event) {
    event.clocks.accept_by = None;
    event.clocks.accept_warn = None;
}

/// The clock stood still since the suspension began: what was left then is left now.
fn shift(view: &View, before: &Event, event: &mut Event, at: Timestamp) {
    let Some(suspension) = &before.suspended else {
        return;
    };
    let since = suspension.since;
    let moved = |limit: Option<Timestamp>| {
        let limit = limit.filter(|limit| *limit > since)?;
        let left = working(view, event, since, limit);
        Some(after(view, event, at, left))
    };
    let finish_by = moved(event.clocks.finish_by).or(event.clocks.finish_by);
    let finish_warn = moved(event.clocks.finish_warn);
    let street_by = moved(event.clocks.street_by);
    event.clocks.finish_by = finish_by;
    event.clocks.finish_warn = finish_warn;
    event.clocks.street_by = street_by;
}

/// A failed check leaves at least the time of a first answer.
fn rework(view: &View, event: &mut Event, at: Timestamp) {
    let answer = after(view, event, at, limits(view, event).answer);
    event.clocks.finish_by = event.clocks.finish_by.max(Some(answer));
    event.clocks.finish_warn = event.clocks.finish_warn.filter(|warn| *warn > at);
    event.clocks.verify_by = None;
}

/// A change of category or level counts from the start; it never gives a limit in the past.
fn hurry(view: &View, before: &Event, event: &mut Event, at: Timestamp) {
    let same = before.level == event.level && before.category == event.category;
    let Some(since) = event.clocks.since.filter(|_| !same && !event.extended) else {
        return;
    };
    let finish = limits(view, event).finish;
    let finish_by = after(view, event, since, finish);
    let least = after(view, event, at, limits(view, event).answer);
    event.clocks.finish_by = Some(finish_by.max(least));
    let warn = after(view, event, since, yellow(finish));
    event.clocks.finish_warn = Some(warn).filter(|warn| *warn > at);
    if event.state == State::Dispatched {
        offer(view, event, at);
    }
}

fn street(settings: &Settings, event: &Event, act: &Act) -> Duration {
    if *act == Act::Escalate && event.level >= Level::Urgent {
        settings.street_urgent
    } else {
        settings.street_normal
    }
}

/// The time between two instants that counts for this event.
pub(super) fn working(view: &View, event: &Event, from: Timestamp, to: Timestamp) -> Duration {
    if event.level == Level::Critical {
        to.duration_since(from).try_into().unwrap_or_default()
    } else {
        Calendar::new(&view.settings, &view.catalogue.holidays).between(from, to)
    }
}

fn yellow(time: Duration) -> Duration {
    time * YELLOW_PERCENT / 100
}
