//! Working time: which seconds count, adding them up, and the way back.

use std::time::Duration;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;

use crate::model::{Holidays, Timestamp};

use super::Settings;

/// How many days ahead a limit may lie before the search is given up: a catalogue of holidays that
/// leaves no working day for two years is a mistake, and the limit then runs around the clock.
const HORIZON_DAYS: usize = 730;

/// The working time of one community.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    zone: &'a TimeZone,
    hours: &'a [(Time, Time)],
    holidays: &'a Holidays,
}

impl<'a> Calendar<'a> {
    /// The calendar these settings and holidays describe.
    pub fn new(settings: &'a Settings, holidays: &'a Holidays) -> Self {
        Self {
            zone: &settings.zone,
            hours: &settings.working_hours,
            holidays,
        }
    }

    /// Whether a day is worked: 调休 beats holiday beats weekend.
    pub fn works_on(&self, day: Date) -> bool {
        if self.holidays.work.contains(&day) {
            return true;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.holidays.off.contains(&day)
    }

    /// Whether work goes on at this instant.
    pub fn works_at(&self, at: Timestamp) -> bool {
        let mut shifts = self.shifts(at);
        shifts.next().is_some_and(|(start, _)| start <= at)
    }

    /// The instant at which so much working time has passed since `from`.
    pub fn add(&self, from: Timestamp, time: Duration) -> Timestamp {
        let mut left = time;
        for (start, end) in self.shifts(from) {
            let shift = span(start, end);
            if left <= shift {
                return later(start, left);
            }
            left -= shift;
        }
        later(from, time)
    }

    /// The working time between two instants, zero if `to` is not later.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Duration {
        self.shifts(from)
            .take_while(|(start, _)| *start < to)
            .map(|(start, end)| span(start, end.min(to)))
            .sum()
    }

    /// What is left of the shifts from an instant on, in order.
    fn shifts(&self, from: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let today = from.to_zoned(self.zone.clone()).date();
        std::iter::successors(Some(today), |day| day.tomorrow().ok())
            .take(HORIZON_DAYS)
            .filter(|day| self.works_on(*day))
            .flat_map(|day| self.hours.iter().map(move |hours| (day, hours)))
            .filter_map(|(day, (start, end))| {
                Some((self.instant(day, *start)?, self.instant(day, *end)?))
            })
            .filter(move |(_, end)| *end > from)
            .map(move |(start, end)| (start.max(from), end))
    }

    fn instant(&self, day: Date, time: Time) -> Option<Timestamp> {
        let moment = DateTime::from_parts(day, time);
        let zoned = self.zone.to_ambiguous_zoned(moment).compatible().ok()?;
        Some(zoned.timestamp())
    }
}

/// An instant so much later, at most the end of time.
pub(super) fn later(from: Timestamp, time: Duration) -> Timestamp {
    from.saturating_add(time).unwrap_or(Timestamp::MAX)
}

fn span(from: Timestamp, to: Timestamp) -> Duration {
    to.duration_since(from).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::desk::fixtures::minutes;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn local(text: &str) -> Timestamp {
        format!("{text}+08:00").parse().expect("an instant")
    }

    fn adds(from: &str, hours: u64, expected: &str) {
        let settings = Settings::default();
        let holidays = Holidays {
            off: [day("2026-11-25")].into(),
            work: [day("2026-11-28")].into(),
        };
        let calendar = Calendar::new(&settings, &holidays);
        let found = calendar.add(local(from), Duration::from_hours(hours));
        assert_eq!(found, local(expected), "{from} and {hours} hours");
    }

    #[test]
    fn limits_run_over_lunch_night_weekend_and_holidays() {
        adds("2026-11-20T09:00", 2, "2026-11-20T11:00");
        adds("2026-11-20T11:00", 2, "2026-11-20T14:00");
        adds("2026-11-20T17:00", 2, "2026-11-23T10:00");
        adds("2026-11-21T12:00", 8, "2026-11-23T18:00");
        adds("2026-11-24T18:30", 1, "2026-11-26T10:00");
        adds("2026-11-27T17:00", 9, "2026-11-28T18:00");
    }

    #[test]
    fn a_calendar_without_working_days_runs_around_the_clock() {
        let settings = Settings {
            working_hours: Vec::new(),
            ..Settings::default()
        };
        let holidays = Holidays::default();
        let calendar = Calendar::new(&settings, &holidays);
        assert_eq!(
            calendar.add(minutes(0), Duration::from_hours(1)),
            minutes(60)
        );
    }

    proptest! {
        #[test]
        fn what_was_added_lies_between(start in 0..20_000_i64, time in 0..10_000_u64) {
            let settings = Settings::default();
            let holidays = Holidays::default();
            let calendar = Calendar::new(&settings, &holidays);
            let time = Duration::from_mins(time);
            let end = calendar.add(minutes(start), time);
            prop_assert_eq!(calendar.between(minutes(start), end), time);
        }
    }
}
