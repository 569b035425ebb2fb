//! Every limit of sending, with its default and where the number comes from.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::Offset;

use crate::model::Timestamp;

/// How much is said how fast, when, and for how long it is tried. Replaced as a whole at a reload.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Of one account (gateway). `None`: no limit. Accounts were blocked for 500 messages a day and
    /// for bursts of about 60, so the default stays far below.
    pub account: Option<Pace>,
    /// Of one group or person.
    pub destination: Option<Pace>,
    /// When only what cannot wait is said. `None`: never quiet.
    pub quiet: Option<Quiet>,
    /// How long words about an event's progress wait for others about the same event and for the
    /// same destination, to become one message (5 s). Zero: only those already pending are merged.
    pub gather: Duration,
    /// Words older than this are not said any more (12 h: longer than a quiet night).
    pub stale_after: Duration,
    /// The same for an answer to a command: nobody waits for it longer (30 min).
    pub stale_answer_after: Duration,
    /// Attempts with evidence that nothing went out, before a person has to send it (30: about two
    /// hours with the default back-off).
    pub attempts: u32,
    /// Wait after the first such attempt; doubles with each (1 s).
    pub backoff_first: Duration,
    /// Longest wait between attempts (5 min).
    pub backoff_most: Duration,
    /// Longest wait between attempts for 特急 (30 s).
    pub backoff_critical: Duration,
    /// Replies to people in one group within an hour; a loop between two bots ends here (60).
    pub replies_per_group: usize,
    /// Replies to one person within an hour (20).
    pub replies_per_person: usize,
    /// How long our own words are recognised when they come back without a flag (10 min).
    pub own_text_for: Duration,
    /// How many own words are remembered at most (4096).
    pub own_texts: usize,
    /// Messages on their way through one gateway at once (16); a crash leaves at most as many
    /// unknown. Only reached where the pace allows it.
    pub batch: usize,
    /// Pending words of one destination that are looked at for merging (64).
    pub window: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            account: Some(Pace::default()),
            destination: Some(Pace::default()),
            quiet: Some(Quiet::default()),
            gather: Duration::from_secs(5),
            stale_after: Duration::from_hours(12),
            stale_answer_after: Duration::from_mins(30),
            attempts: 30,
            backoff_first: Duration::from_secs(1),
            backoff_most: Duration::from_mins(5),
            backoff_critical: Duration::from_secs(30),
            replies_per_group: 60,
            replies_per_person: 20,
            own_text_for: Duration::from_mins(10),
            own_texts: 4096,
            batch: 16,
            window: 64,
        }
    }
}

impl Limits {
    /// No pace, no quiet hours, no waiting for company, no budget: measurements and rehearsals.
    pub fn unhurried() -> Self {
        Self {
            account: None,
            destination: None,
            quiet: None,
            gather: Duration::ZERO,
            replies_per_group: usize::MAX,
            replies_per_person: usize::MAX,
            ..Self::default()
        }
    }

    /// The wait after so many attempts that did not go out.
    pub(super) fn backoff(&self, attempts: u32, most: Duration) -> Duration {
        let doublings = attempts.saturating_sub(1).min(20);
        self.backoff_first
            .saturating_mul(2_u32.saturating_pow(doublings))
            .min(most)
    }
}

/// How fast one account or destination is used. Default: one message in 3 s, 20 a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Shortest time between two messages (3 s). 特急 does not wait for it.
    pub gap: Duration,
    /// A random time up to this is added to each gap, so that no clockwork shows (2 s).
    pub jitter: Duration,
    /// Messages within any 60 s (20).
    pub per_minute: usize,
    /// Of those, kept for 特急 (3).
    pub reserved: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            gap: Duration::from_secs(3),
            jitter: Duration::from_secs(2),
            per_minute: 20,
            reserved: 3,
        }
    }
}

/// Hours in which only what cannot wait is said: 特急, answers to somebody who just asked, and
/// orders and alarms of 紧急 to those who answer for it. Everything else waits until `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Local time at which they begin (22:30).
    pub from: Time,
    /// Local time at which they end (07:00); before `from` means the next morning.
    pub until: Time,
    /// The community's time zone (+08:00).
    pub zone: Offset,
}

impl Default for Quiet {
    fn default() -> Self {
        Self {
            from: jiff::civil::time(22, 30, 0, 0),
            until: jiff::civil::time(7, 0, 0, 0),
            zone: jiff::tz::offset(8),
        }
    }
}

impl Quiet {
    /// The end of the quiet hours that `now` lies in; `None` outside them.
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        let local = self.zone.to_datetime(now);
        let time = local.time();
        let (today, tomorrow) = (local.date(), local.date().tomorrow().ok()?);
        let end = if self.from <= self.until {
            (self.from <= time && time < self.until).then_some(today)?
        } else if time >= self.from {
            tomorrow
        } else {
            (time < self.until).then_some(today)?
        };
        self.zone.to_timestamp(end.to_datetime(self.until)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_night_is_quiet_until_morning_of_the_community() {
        let quiet = Quiet::default();
        let morning = Some(at("2026-01-06T07:00:00+08:00"));
        assert_eq!(quiet.ends(at("2026-01-05T22:30:00+08:00")), morning);
        assert_eq!(quiet.ends(at("2026-01-06T06:59:59+08:00")), morning);
        assert_eq!(quiet.ends(at("2026-01-06T07:00:00+08:00")), None);
        assert_eq!(quiet.ends(at("2026-01-05T22:29:59+08:00")), None);
    }

    #[test]
    fn quiet_hours_may_lie_within_a_day_or_be_empty() {
        let noon = Quiet {
            from: jiff::civil::time(12, 0, 0, 0),
            until: jiff::civil::time(14, 0, 0, 0),
            ..Quiet::default()
        };
        assert_eq!(
            noon.ends(at("2026-01-05T13:00:00+08:00")),
            Some(at("2026-01-05T14:00:00+08:00"))
        );
        assert_eq!(noon.ends(at("2026-01-05T14:00:00+08:00")), None);
        let never = Quiet {
            until: noon.from,
            ..noon
        };
        assert_eq!(never.ends(at("2026-01-05T12:00:00+08:00")), None);
    }

    #[test]
    fn backoff_doubles_up_to_its_bound() {
        let limits = Limits::default();
        let seconds = |attempts| limits.backoff(attempts, limits.backoff_most).as_secs();
        assert_eq!([1, 2, 3, 9, 10, 40].map(seconds), [1, 2, 4, 256, 300, 300]);
    }
}
