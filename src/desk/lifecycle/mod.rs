//! The life cycle: what may happen to an event in each state, and what it is afterwards.
//!
//! The rows of the domain's table (domain §4.3) and where they live:
//!
//! | row | here |
//! |---|---|
//! | T1 | a new event in state Lead or Open, made by intake |
//! | T2, T4, T6 | [`Act::Confirm`]; a strong report starts as Open; limits start then; a Lead that waits too long for its yes or no: [`Act::Remind`], once |
//! | T3 | [`Act::Expire`] |
//! | T5 | [`Act::Void`], [`Act::Decline`] |
//! | T7 | [`Act::Offer`]; 抢单 is [`Act::Accept`] of an Open event |
//! | T8 | [`Act::Accept`]; on expiry [`Act::Offer`] to the next, then [`Act::Park`] |
//! | T9 | [`Act::HandBack`] |
//! | T10 | [`Act::Suspend`], [`Act::Resume`] |
//! | T11 | [`Act::Escalate`] |
//! | T12 | [`Act::Extend`] |
//! | T13 | [`Act::Resolve`] |
//! | T14 | [`Act::Rework`] |
//! | T15 | [`Act::Verify`] |
//! | T16 | [`Act::Satisfied`], [`Act::AskAgain`], [`Act::Unanswered`] |
//! | T17 | [`Act::Reopen`] |
//! | T18 | [`Act::Merge`] |
//! | T19 | [`Act::SelfClear`] |
//! | T20 | [`Act::Supervise`] |

mod acts;
mod table;

#[cfg(test)]
mod tests;

use crate::model::{Level, PersonId, Timestamp};

use super::State::{Closed, Dispatched, InProgress, Lead, Open, Resolved};
use super::{Event, Outcome, Refused, State, Suspension};

pub use acts::{Act, chinese_name};
pub use table::TABLE;

/// What an act makes of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Transition {
    /// The event afterwards, its clocks not yet set.
    pub event: Event,
    /// The state before.
    pub from: State,
}

/// What the event is after the act. Total: every pair of state and act has an answer.
///
/// # Errors
/// Why it cannot be done now, for the person who asked.
pub fn apply(event: &Event, act: &Act, at: Timestamp) -> Result<Transition, Refused> {
    let from = event.state;
    if !TABLE.iter().any(|row| row.0 == act.name() && row.1 == from) {
        return Err(not_now(act, event));
    }
    guard(event, act, at)?;
    let mut after = event.clone();
    after.steps += 1;
    change(&mut after, act, at);
    debug_assert!(
        TABLE.contains(&(act.name(), from, after.state)),
        "{} led from {from:?} to {:?}",
        act.name(),
        after.state
    );
    Ok(Transition { event: after, from })
}

/// What must hold besides the state.
fn guard(event: &Event, act: &Act, at: Timestamp) -> Result<(), Refused> {
    match act {
        Act::Suspend { until } => {
            if event.suspended.is_some() {
                return Err(twice("挂账", "办完后请直接办结"));
            }
            later(*until, at)
        }
        Act::Resume if event.suspended.is_none() => Err(not_now(act, event)),
        Act::Extend { until } => guard_extension(event, *until, at),
        Act::Escalate if event.escalated_at.is_some() => {
            Err(twice("吹哨", "可以直接联系街道，或请街道督办"))
        }
        Act::Supervise if event.supervised_at.is_some() => {
            Err(twice("督办", "发“查询”加编号看进展"))
        }
        Act::Ask(_) if event.awaiting.is_some() => Err(Refused::AlreadyAwaiting),
        Act::Deny if event.awaiting.is_none() => Err(Refused::NothingAwaits),
        Act::Merge { into } if *into == event.id => Err(Refused::MergeTarget),
        Act::Reopen => guard_reopening(event, at),
        _ => Ok(()),
    }
}

/// 延期 is asked for before the limit is over, and once (domain T12).
fn guard_extension(event: &Event, until: Timestamp, at: Timestamp) -> Result<(), Refused> {
    if event.extended {
        return Err(twice("延期", "还办不完请挂账说明原因，或请社区吹哨"));
    }
    let Some(finish_by) = event.clocks.finish_by else {
        return Err(not_now(&Act::Extend { until }, event));
    };
    if at >= finish_by {
        return Err(Refused::TooLate);
    }
    later(until, finish_by)
}

/// Only what was solved can be unsolved, and only by words younger than the solution (domain T17).
fn guard_reopening(event: &Event, at: Timestamp) -> Result<(), Refused> {
    let solved = matches!(
        event.outcome,
        None | Some(Outcome::Fixed | Outcome::SelfCleared)
    );
    if !solved {
        return Err(not_now(&Act::Reopen, event));
    }
    match event.resolved_at.or(event.closed_at) {
        Some(result) if at < result => Err(Refused::BeforeResult),
        _ => Ok(()),
    }
}

fn change(event: &mut Event, act: &Act, at: Timestamp) {
    match act {
        Act::Confirm => event.state = Open,
        Act::Expire => close(event, Outcome::Expired, at),
        Act::Offer { to, also } => offer(event, to, also),
        Act::Park { to } => {
            event.state = Open;
            event.holder.clone_from(to);
            lay_down(event);
        }
        Act::Accept { by } => {
            event.state = InProgress;
            event.holder = Some(by.clone());
            event.awaiting = None;
            event.accepted_at = Some(at);
        }
        Act::HandBack => {
            event.handed_back = event.handed_back.saturating_add(1);
            event.state = Open;
            event.holder = None;
            lay_down(event);
        }
        Act::Transfer { to } => {
            lay_down(event);
            event.offered.clear();
            offer(event, to, &[]);
        }
        Act::Resolve => {
            event.state = Resolved;
            event.resolved_at = Some(at);
            event.follow_ups = 0;
            lay_down(event);
        }
        Act::Reopen => reopen(event),
        Act::Merge { into } => {
            event.merged_into = Some(into.clone());
            close(event, Outcome::Merged, at);
        }
        Act::SelfClear => close(event, Outcome::SelfCleared, at),
        Act::Void => close(event, Outcome::FalseAlarm, at),
        Act::Decline => close(event, Outcome::NotOurs, at),
        Act::Rework | Act::Verify | Act::Satisfied { .. } | Act::AskAgain | Act::Unanswered => {
            judge_result(event, act, at);
        }
        _ => mark(event, act, at),
    }
}

/// What becomes of a result: checked, praised, doubted, or left without an answer.
fn judge_result(event: &mut Event, act: &Act, at: Timestamp) {
    match act {
        Act::Rework => {
            event.state = InProgress;
            event.resolved_at = None;
            event.verified = false;
            event.satisfied_by.clear();
        }
        Act::Verify => {
            event.verified = true;
            if !event.satisfied_by.is_empty() {
                close(event, Outcome::Fixed, at);
            }
        }
        Act::Satisfied { by, enough } => {
            if !event.satisfied_by.contains(by) {
                event.satisfied_by.push(by.clone());
            }
            event.verified |= event.satisfied_by.len() >= *enough;
            if event.verified {
                close(event, Outcome::Fixed, at);
            }
        }
        Act::AskAgain => event.follow_ups = event.follow_ups.saturating_add(1),
        _ => close(event, Outcome::Fixed, at),
    }
}

/// What leaves the state as it is.
fn mark(event: &mut Event, act: &Act, at: Timestamp) {
    match act {
        Act::Suspend { until } => {
            event.awaiting = None;
            event.suspended = Some(Suspension {
                since: at,
                until: *until,
                reason: String::new(),
            });
        }
        Act::Resume => event.suspended = None,
        Act::Extend { until } => {
            event.awaiting = None;
            event.extended = true;
            event.clocks.finish_by = Some(*until);
        }
        Act::Ask(wish) => event.awaiting = Some(wish.clone()),
        Act::Deny => event.awaiting = None,
        Act::Recategorise {
            category,
            family,
            level,
        } => {
            event.category = category.clone();
            event.family.clone_from(family);
            if event.level < Level::Critical {
                event.level = *level;
            }
        }
        Act::Raise { level, emergency } => {
            event.level = event.level.max(*level);
            event.emergency = event.emergency.or(*emergency);
        }
        Act::Escalate => event.escalated_at = Some(at),
        Act::Supervise => event.supervised_at = Some(at),
        _ => {}
    }
}

fn offer(event: &mut Event, to: &PersonId, also: &[PersonId]) {
    event.state = Dispatched;
    event.holder = Some(to.clone());
    // A wish was its holder's own.
    event.awaiting = None;
    for person in std::iter::once(to).chain(also) {
        if !event.offered.contains(person) {
            event.offered.push(person.clone());
        }
    }
}

/// What belongs to one holder's work ends with it.
fn lay_down(event: &mut Event) {
    event.suspended = None;
    event.awaiting = None;
}

fn close(event: &mut Event, outcome: Outcome, at: Timestamp) {
    event.state = Closed;
    event.outcome = Some(outcome);
    event.closed_at = Some(at);
    lay_down(event);
}

/// Back to whoever solved it, one level up but never to 特急: that comes from danger alone.
fn reopen(event: &mut Event) {
    event.state = if event.holder.is_some() {
        InProgress
    } else {
        Open
    };
    event.outcome = None;
    event.resolved_at = None;
    event.closed_at = None;
    event.verified = false;
    event.extended = false;
    event.satisfied_by.clear();
    event.restored_by.clear();
    event.intake_over_at = None;
    event.offered.clear();
    event.reopened = event.reopened.saturating_add(1);
    event.level = match event.level {
        Level::Inquiry | Level::Hard => Level::Normal,
        Level::Normal | Level::Urgent => Level::Urgent,
        Level::Critical => Level::Critical,
    };
}

fn twice(asked: &'static str, instead: &'static str) -> Refused {
    Refused::Twice { asked, instead }
}

fn later(until: Timestamp, than: Timestamp) -> Result<(), Refused> {
    if until > than {
        Ok(())
    } else {
        Err(Refused::DatePast)
    }
}

fn not_now(act: &Act, event: &Event) -> Refused {
    let instead = match event.state {
        Lead => "先发“确认”加编号，或“作废”",
        Open => "可以先接单，或请社区派单",
        Dispatched => "可以先接单，或退单",
        InProgress if event.suspended.is_some() => "它正在挂账，办完请直接办结",
        InProgress => "办完请发“办结”加编号",
        Resolved => "居民可以回“满意”或“不满意”，社区可以核查或返工",
        Closed => "问题又出现的话，直接在群里说一声",
    };
    Refused::NotNow {
        asked: act.chinese(),
        state: event.state,
        instead,
    }
}
