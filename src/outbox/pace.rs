//! How fast one account or destination is used.

use std::collections::VecDeque;
use std::time::Duration;

use super::limits::Pace;
use crate::model::{Level, Timestamp};

const MINUTE: Duration = Duration::from_mins(1);

/// When messages went out and when the next one may.
#[derive(Clone, Debug, Default)]
pub(super) struct Pacer {
    next: Option<Timestamp>,
    recent: VecDeque<Timestamp>,
}

impl Pacer {
    /// The first instant, not before `now`, at which a message of this level may go out.
    pub(super) fn free_at(&self, now: Timestamp, pace: Option<&Pace>, level: Level) -> Timestamp {
        let Some(pace) = pace else { return now };
        let critical = level == Level::Critical;
        // A gap that ends later than any gap can is left over from before the clock jumped back.
        let gap_end = self
            .next
            .filter(|next| !critical && *next <= now + pace.gap + pace.jitter)
            .map_or(now, |next| next.max(now));
        let kept = if critical { 0 } else { pace.reserved };
        let allowed = pace.per_minute.saturating_sub(kept).max(1);
        let within = self.within_a_minute(now);
        let minute_end = match within.len().checked_sub(allowed) {
            Some(over) => within[over] + MINUTE,
            None => now,
        };
        gap_end.max(minute_end)
    }

    /// Counts a message that goes out now.
    pub(super) fn take(&mut self, now: Timestamp, pace: Option<&Pace>, rng: &mut fastrand::Rng) {
        let Some(pace) = pace else { return };
        let most = u64::try_from(pace.jitter.as_millis()).unwrap_or(u64::MAX);
        let jitter = Duration::from_millis(rng.u64(0..=most));
        self.next = Some(now + pace.gap + jitter);
        self.recent = self.within_a_minute(now).into();
        self.recent.push_back(now);
    }

    /// Counts a message that went out before this run.
    pub(super) fn remember(&mut self, at: Timestamp) {
        self.recent.push_back(at);
    }

    /// Whether it has nothing to say about the next minute.
    pub(super) fn is_idle(&self, now: Timestamp) -> bool {
        self.within_a_minute(now).is_empty()
    }

    fn within_a_minute(&self, now: Timestamp) -> Vec<Timestamp> {
        let fresh = |at: &&Timestamp| **at <= now && **at + MINUTE > now;
        self.recent.iter().filter(fresh).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).expect("in range")
    }

    fn send(pacer: &mut Pacer, now: Timestamp) {
        pacer.take(
            now,
            Some(&Pace::default()),
            &mut fastrand::Rng::with_seed(7),
        );
    }

    #[test]
    fn two_messages_keep_the_gap_and_a_jitter() {
        let mut pacer = Pacer::default();
        send(&mut pacer, at(0));
        let free = pacer.free_at(at(0), Some(&Pace::default()), Level::Normal);
        assert!(at(3_000) <= free && free <= at(5_000));
        assert_eq!(
            pacer.free_at(at(0), Some(&Pace::default()), Level::Critical),
            at(0)
        );
        assert_eq!(pacer.free_at(at(0), None, Level::Normal), at(0));
    }

    #[test]
    fn a_minute_has_twenty_messages_of_which_three_are_for_emergencies() {
        let mut pacer = Pacer::default();
        for second in 0..17 {
            send(&mut pacer, at(second * 1_000));
        }
        let pace = Some(Pace::default());
        assert_eq!(
            pacer.free_at(at(30_000), pace.as_ref(), Level::Urgent),
            at(60_000)
        );
        assert_eq!(
            pacer.free_at(at(30_000), pace.as_ref(), Level::Critical),
            at(30_000)
        );
        for _ in 0..3 {
            send(&mut pacer, at(30_000));
        }
        assert_eq!(
            pacer.free_at(at(30_000), pace.as_ref(), Level::Critical),
            at(60_000)
        );
    }

    #[test]
    fn a_clock_that_jumps_back_does_not_silence_the_bot() {
        let mut pacer = Pacer::default();
        send(&mut pacer, at(100_000_000));
        assert_eq!(
            pacer.free_at(at(0), Some(&Pace::default()), Level::Normal),
            at(0)
        );
    }
}
