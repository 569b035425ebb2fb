//! How fast one account or destination is used.

use std::collections::VecDeque;
use std::time::Duration;

use super::limits::Pace;
use crate::gateway::{Rate, RateScope};
use crate::model::{Level, Timestamp};

const MINUTE: Duration = Duration::from_mins(1);

const IDLE: Duration = Duration::from_hours(1);

/// What one pacer keeps to: what is configured, and what the platform itself allows.
#[derive(Clone, Copy)]
pub(super) struct Pacing<'a> {
    pub(super) pace: Option<&'a Pace>,
    pub(super) rates: &'a [Rate],
    /// Which of the rates are its own.
    pub(super) scope: RateScope,
}

impl Pacing<'_> {
    fn rates(&self) -> impl Iterator<Item = &Rate> {
        self.rates.iter().filter(|rate| rate.scope == self.scope)
    }

    /// How long what went out is remembered.
    fn memory(&self) -> Duration {
        let longest = self.rates().map(|rate| rate.per).max();
        longest.unwrap_or_default().max(MINUTE)
    }
}

/// When messages went out and when the next one may.
#[derive(Clone, Debug, Default)]
pub(super) struct Pacer {
    next: Option<Timestamp>,
    recent: VecDeque<Timestamp>,
}

impl Pacer {
    /// The first instant, not before `now`, at which a message of this level may go out. The platform's
    /// own rates hold for 特急 as well: it would refuse.
    pub(super) fn free_at(&self, now: Timestamp, pacing: Pacing<'_>, level: Level) -> Timestamp {
        let allowed = pacing
            .rates()
            .map(|rate| self.room_at(now, rate.messages, rate.per))
            .fold(now, Timestamp::max);
        let Some(pace) = pacing.pace else {
            return allowed;
        };
        let critical = level == Level::Critical;
        // A gap that ends later than any gap can is left over from before the clock jumped back.
        let gap_end = self
            .next
            .filter(|next| !critical && *next <= now + pace.gap + pace.jitter)
            .map_or(now, |next| next.max(now));
        let kept = if critical { 0 } else { pace.reserved };
        let minute_end = self.room_at(now, pace.per_minute.saturating_sub(kept), MINUTE);
        gap_end.max(minute_end).max(allowed)
    }

    /// When one more message fits into a stretch of time that takes so many.
    fn room_at(&self, now: Timestamp, most: usize, per: Duration) -> Timestamp {
        let within = self.within(now, per);
        match within.len().checked_sub(most.max(1)) {
            Some(over) => within[over] + per,
            None => now,
        }
    }

    /// Counts a message that goes out now.
    pub(super) fn take(&mut self, now: Timestamp, pacing: Pacing<'_>, rng: &mut fastrand::Rng) {
        if let Some(pace) = pacing.pace {
            let most = u64::try_from(pace.jitter.as_millis()).unwrap_or(u64::MAX);
            let jitter = Duration::from_millis(rng.u64(0..=most));
            self.next = Some(now + pace.gap + jitter);
        } else if pacing.rates().next().is_none() {
            return;
        }
        self.recent = self.within(now, pacing.memory()).into();
        self.recent.push_back(now);
    }

    /// Counts a message that went out before this run.
    pub(super) fn remember(&mut self, at: Timestamp) {
        self.recent.push_back(at);
    }

    /// Whether it has nothing to say about the next hour, the longest stretch that platforms count.
    pub(super) fn is_idle(&self, now: Timestamp) -> bool {
        self.within(now, IDLE).is_empty()
    }

    fn within(&self, now: Timestamp, stretch: Duration) -> Vec<Timestamp> {
        let fresh = |at: &&Timestamp| **at <= now && **at + stretch > now;
        self.recent.iter().filter(fresh).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).expect("in range")
    }

    fn configured(pace: Option<&Pace>) -> Pacing<'_> {
        Pacing {
            pace,
            rates: &[],
            scope: RateScope::Account,
        }
    }

    fn send(pacer: &mut Pacer, now: Timestamp) {
        let pace = Pace::default();
        let rng = &mut fastrand::Rng::with_seed(7);
        pacer.take(now, configured(Some(&pace)), rng);
    }

    #[test]
    fn two_messages_keep_the_gap_and_a_jitter() {
        let mut pacer = Pacer::default();
        send(&mut pacer, at(0));
        let free = pacer.free_at(at(0), configured(Some(&Pace::default())), Level::Normal);
        assert!(at(3_000) <= free && free <= at(5_000));
        assert_eq!(
            pacer.free_at(at(0), configured(Some(&Pace::default())), Level::Critical),
            at(0)
        );
        assert_eq!(pacer.free_at(at(0), configured(None), Level::Normal), at(0));
    }

    #[test]
    fn a_minute_has_twenty_messages_of_which_three_are_for_emergencies() {
        let mut pacer = Pacer::default();
        for second in 0..17 {
            send(&mut pacer, at(second * 1_000));
        }
        let pace = Some(Pace::default());
        assert_eq!(
            pacer.free_at(at(30_000), configured(pace.as_ref()), Level::Urgent),
            at(60_000)
        );
        assert_eq!(
            pacer.free_at(at(30_000), configured(pace.as_ref()), Level::Critical),
            at(30_000)
        );
        for _ in 0..3 {
            send(&mut pacer, at(30_000));
        }
        assert_eq!(
            pacer.free_at(at(30_000), configured(pace.as_ref()), Level::Critical),
            at(60_000)
        );
    }

    #[test]
    fn a_clock_that_jumps_back_does_not_silence_the_bot() {
        let mut pacer = Pacer::default();
        send(&mut pacer, at(100_000_000));
        assert_eq!(
            pacer.free_at(at(0), configured(Some(&Pace::default())), Level::Normal),
            at(0)
        );
    }

    #[test]
    fn what_the_platform_allows_holds_beside_the_configuration_also_for_emergencies() {
        let rate = |messages, per, scope| Rate {
            messages,
            per,
            scope,
            stated: "a page",
        };
        let rates = [
            rate(2, MINUTE, RateScope::Account),
            rate(3, IDLE, RateScope::Account),
            rate(1, IDLE, RateScope::Destination),
        ];
        let pacing = Pacing {
            pace: None,
            rates: &rates,
            scope: RateScope::Account,
        };
        let mut pacer = Pacer::default();
        let mut free = Vec::new();
        for second in [0, 1, 60, 61] {
            let now = at(second * 1_000);
            let next = pacer.free_at(now, pacing, Level::Critical);
            free.push(next.as_second());
            if next == now {
                pacer.take(now, pacing, &mut fastrand::Rng::with_seed(7));
            }
        }
        assert_eq!(free, [0, 1, 60, 3600]);
    }
}
