//! What one destination hears next. Pure: the queue, the limits and the time decide.

use super::delivery::Delivery;
use super::limits::Limits;
use super::manners::{Manner, breaks_the_night, manner};
use super::merge::{Group, together};
use crate::model::{Destination, Level, Saying, Timestamp};
use crate::store::Versioned;

/// Everything that waits for one destination.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) to: Destination,
    /// Words that did not go out yet although they were tried.
    pub(super) waiting: Vec<Versioned<Delivery>>,
    /// Sayings without words, in order.
    pub(super) pending: Vec<Versioned<Saying>>,
}

impl Queue {
    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len() + self.pending.len()
    }
}

/// The next words for a destination.
#[derive(Clone, Debug)]
pub(super) enum Turn<'a> {
    /// The same words again, or the next part of them.
    Again(&'a Versioned<Delivery>),
    /// New words for these sayings.
    New(Group<'a>),
}

impl Turn<'_> {
    pub(super) fn level(&self) -> Level {
        match self {
            Self::Again(delivery) => delivery.record.level,
            Self::New(group) => group.level(),
        }
    }

    fn since(&self) -> Timestamp {
        match self {
            Self::Again(delivery) => delivery.record.caused_at,
            Self::New(group) => group.others.first().unwrap_or(&group.lead).record.at,
        }
    }

    /// 特急 first, then the oldest cause: smaller goes first.
    pub(super) fn order(&self) -> (bool, bool, Timestamp) {
        let again = matches!(self, Self::Again(_));
        (self.level() < Level::Critical, !again, self.since())
    }
}

/// The decision about one destination.
#[derive(Debug, Default)]
pub(super) struct Choice<'a> {
    /// Too old to be said.
    pub(super) stale: Vec<Turn<'a>>,
    /// What goes out next.
    pub(super) turn: Option<Turn<'a>>,
    /// When to look again although nothing happens.
    pub(super) wake: Option<Timestamp>,
    /// How many wait for morning.
    pub(super) quiet: u32,
    /// How many wait for company.
    pub(super) gathering: u32,
}

impl Choice<'_> {
    fn wake_at(&mut self, at: Timestamp) {
        self.wake = Some(self.wake.map_or(at, |wake| wake.min(at)));
    }
}

/// Goes through a queue in order: 特急 first, words already tried before new ones, then by age. What
/// the night or missing company holds back lets others pass; words that wait for their next attempt
/// hold back everything but 特急.
pub(super) fn choose<'a>(queue: &'a Queue, now: Timestamp, limits: &Limits) -> Choice<'a> {
    let mut choice = Choice::default();
    let night = limits.quiet.and_then(|quiet| quiet.ends(now));
    let waiting = queue.waiting.iter().map(Turn::Again);
    let pending = queue
        .pending
        .iter()
        .map(|saying| Turn::New(Group::of(saying)));
    let (stale, mut fresh): (Vec<_>, Vec<_>) = waiting
        .chain(pending)
        .partition(|turn| is_stale(turn, now, limits));
    choice.stale = stale;
    fresh.sort_by_key(Turn::order);
    let mut blocked = false;
    for turn in fresh {
        if blocked && turn.level() < Level::Critical {
            break;
        }
        match eligible(&turn, queue, now, night, limits) {
            Eligible::Now(turn) => {
                choice.turn = Some(turn);
                return choice;
            }
            Eligible::Night(morning) => {
                choice.quiet += 1;
                choice.wake_at(morning);
            }
            Eligible::Company(until) => {
                choice.gathering += 1;
                choice.wake_at(until);
            }
            Eligible::Retry(at) => {
                blocked = true;
                choice.wake_at(at);
            }
        }
    }
    choice
}

enum Eligible<'a> {
    Now(Turn<'a>),
    Night(Timestamp),
    Company(Timestamp),
    Retry(Timestamp),
}

fn eligible<'a>(
    turn: &Turn<'a>,
    queue: &'a Queue,
    now: Timestamp,
    night: Option<Timestamp>,
    limits: &Limits,
) -> Eligible<'a> {
    match turn {
        Turn::Again(delivery) => {
            let delivery = &delivery.record;
            let kind = delivery.kinds.last();
            let loud = kind.is_some_and(|kind| breaks_the_night(*kind, delivery.level));
            // Half a message is finished at night too, and a person's wish counts at any hour.
            let wanted = loud || delivery.is_begun() || delivery.attempts == 0;
            match night {
                Some(morning) if !wanted => Eligible::Night(morning),
                _ if delivery.not_before > now => Eligible::Retry(delivery.not_before),
                _ => Eligible::Now(turn.clone()),
            }
        }
        Turn::New(group) => {
            let head = group.lead;
            if let Some(morning) = night
                && !breaks_the_night(head.record.kind, head.record.level)
            {
                return Eligible::Night(morning);
            }
            let group = together(head, &queue.pending);
            match gathers_until(&group, limits) {
                Some(until) if until > now => Eligible::Company(until),
                _ => Eligible::Now(Turn::New(group)),
            }
        }
    }
}

/// Progress waits a little for more of it; what ends an event, and 特急, waits for nothing.
fn gathers_until(group: &Group<'_>, limits: &Limits) -> Option<Timestamp> {
    let waits = group.iter().all(|saying| {
        saying.record.level < Level::Critical && manner(saying.record.kind) == Manner::Progress
    });
    let oldest = group.iter().map(|saying| saying.record.at).min()?;
    waits.then(|| oldest + limits.gather)
}

fn is_stale(turn: &Turn<'_>, now: Timestamp, limits: &Limits) -> bool {
    let (since, most) = match turn {
        // A person asked for it after all this time.
        Turn::Again(delivery) if delivery.record.attempts == 0 => return false,
        Turn::Again(delivery) => (delivery.record.caused_at, limits.stale_after),
        Turn::New(group) => {
            let saying = group.lead;
            let most = match manner(saying.record.kind) {
                Manner::Answer => limits.stale_answer_after.min(limits.stale_after),
                _ => limits.stale_after,
            };
            (saying.record.at, most)
        }
    };
    since + most < now
}
