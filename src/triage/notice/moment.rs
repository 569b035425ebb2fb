//! Pieces of time that stand together: 明天（7月21日）早7点.

use std::ops::Range;

use jiff::civil::Date;

use super::clock::{Part, Spelling};

/// Days, part of a day and clock time that stand together.
#[derive(Clone, Debug, Default)]
pub(super) struct Moment {
    pub(super) days: Option<(Date, Date)>,
    pub(super) from_now: bool,
    pub(super) next_day: bool,
    pub(super) all_day: bool,
    pub(super) onward: bool,
    pub(super) part: Option<Part>,
    pub(super) clock: Option<(i64, Spelling)>,
    pub(super) span: Range<usize>,
}

impl Moment {
    pub(super) fn is_empty(&self) -> bool {
        self.days.is_none()
            && self.part.is_none()
            && self.clock.is_none()
            && !self.next_day
            && !self.all_day
    }

    /// Minutes since midnight at which it begins.
    pub(super) fn first(&self) -> i64 {
        match (self.clock, self.part) {
            (Some((minutes, _)), Some(part)) => part.of_day(minutes),
            (Some((minutes, _)), None) => minutes,
            (None, Some(part)) => part.window().0,
            (None, None) => 0,
        }
    }

    /// Whether a time of the day is named at all.
    pub(super) fn has_time(&self) -> bool {
        self.clock.is_some() || self.part.is_some()
    }
}

/// The end of a range in minutes since midnight of its last day.
pub(super) fn end_minutes(first: &Moment, second: &Moment) -> i64 {
    let begin = first.first();
    let Some((written, spelling)) = second.clock else {
        let end = second.part.map_or(24 * 60, |part| part.window().1);
        return end;
    };
    let other_day = second.next_day || second.days.is_some();
    if let Some(part) = second.part {
        let minutes = part.of_day(written);
        return if other_day || minutes > begin {
            minutes
        } else {
            minutes + 24 * 60
        };
    }
    if other_day {
        return written;
    }
    let half = 12 * 60;
    let late = first.part.is_some_and(Part::is_late);
    let morning = spelling == Spelling::Words && matches!(first.part, None | Some(Part::Morning));
    if written < half
        && written + half > begin
        && (late || morning && written <= begin && begin < half)
    {
        return written + half;
    }
    if written > begin {
        written
    } else {
        written + 2 * half
    }
}
