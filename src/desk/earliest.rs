//! What is known of the earliest timer without asking the store: talk with nothing due costs no
//! scan, and a scan need not walk over what has fired.
//!
//! True as long as all timers of a store are set through one desk, as of now they are: a store has
//! one process. Where several share one, whoever takes over its clocks begins with a new desk.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::Timestamp;
use crate::store::{Change, Changes, Index, Key, Kind};

/// When the next timer is due, as far as is known; shared by all who decide.
#[derive(Debug, Default)]
pub(super) struct Earliest(Mutex<Known>);

#[derive(Clone, Debug, Default)]
struct Known {
    /// No timer's key is smaller; empty while the store was not asked.
    from: Key,
    first: First,
    /// Counts commits that changed timers: what was read before one is not believed after it.
    changed: u64,
}

/// The first timer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum First {
    /// Timers changed since the store was asked.
    #[default]
    Unknown,
    /// There is none.
    Absent,
    /// Due then.
    Due(Timestamp),
}

/// When a reading began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked(u64);

/// A commit changes timers.
#[derive(Debug)]
pub(super) struct TimersChange {
    /// The key of the earliest that it sets.
    set: Option<Key>,
}

impl TimersChange {
    /// What a commit does to timers, if anything.
    pub(super) fn by(changes: &Changes) -> Option<Self> {
        let changes = changes.changes.iter();
        let timers = changes.filter(|change| change.target().0 == Kind::Timer);
        let mut timers = timers.peekable();
        timers.peek()?;
        let set = timers.flat_map(|change| match change {
            Change::Put { keys, .. } => keys.as_slice(),
            Change::Delete { .. } => &[],
        });
        let due = set.filter(|(index, _)| *index == Index::TimerDue);
        let set = due.map(|(_, key)| key).min().cloned();
        Some(Self { set })
    }
}

impl Earliest {
    /// Whether a timer may be due at `now`.
    pub(super) fn may_be_due(&self, now: Timestamp) -> bool {
        self.known().from <= Key::new().time(now)
    }

    /// The first timer, as far as known.
    pub(super) fn first(&self) -> First {
        self.known().first
    }

    /// Where to read on from.
    pub(super) fn from(&self) -> (Key, Asked) {
        let known = self.known();
        (known.from.clone(), Asked(known.changed))
    }

    /// All timers were read: this is the first one.
    pub(super) fn found(&self, asked: Asked, first: Option<Timestamp>) {
        let mut known = self.known();
        if known.changed == asked.0 {
            known.from = Key::new().time(first.unwrap_or(Timestamp::MAX));
            known.first = first.map_or(First::Absent, First::Due);
        }
    }

    /// Called after a commit: what it set may be due earlier, what was the first may be gone.
    pub(super) fn follow(&self, change: Option<TimersChange>) {
        let Some(change) = change else {
            return;
        };
        let mut known = self.known();
        known.changed += 1;
        known.first = First::Unknown;
        if let Some(set) = change.set.filter(|set| *set < known.from) {
            known.from = set;
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{Timer, TimerKind};
    use crate::model::EventId;
    use crate::store::Expect;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    fn timer(second: i64) -> Timer {
        Timer::of_event(&EventId::new("E-1"), TimerKind::Review, at(second))
    }

    fn setting(second: i64) -> Option<TimersChange> {
        let mut changes = Changes::new();
        changes.put(&timer(second), Expect::Any);
        TimersChange::by(&changes)
    }

    #[test]
    fn nothing_is_due_before_the_earliest_that_was_read_or_set() {
        let earliest = Earliest::default();
        assert!(earliest.may_be_due(at(0)), "the store was not asked yet");
        let (_, asked) = earliest.from();
        earliest.found(asked, Some(at(60)));
        assert!(!earliest.may_be_due(at(59)) && earliest.may_be_due(at(60)));
        earliest.follow(setting(90));
        assert!(!earliest.may_be_due(at(59)) && earliest.may_be_due(at(60)));
        earliest.follow(setting(30));
        assert!(!earliest.may_be_due(at(29)) && earliest.may_be_due(at(30)));
    }

    #[test]
    fn what_was_read_before_a_timer_was_set_is_not_believed_after() {
        let earliest = Earliest::default();
        let (_, asked) = earliest.from();
        earliest.follow(setting(30));
        earliest.found(asked, Some(at(60)));
        assert!(earliest.may_be_due(at(30)));
    }

    #[test]
    fn a_timer_taken_away_leaves_the_first_one_unknown() {
        let earliest = Earliest::default();
        let (_, asked) = earliest.from();
        earliest.found(asked, None);
        assert!(matches!(earliest.first(), First::Absent));
        let mut changes = Changes::new();
        changes.delete::<Timer>("E-1/review", Expect::Any);
        earliest.follow(TimersChange::by(&changes));
        assert!(matches!(earliest.first(), First::Unknown));
    }
}
