//! Until when: 到下周三, 两天, 2026-11-25, as the grammar hands them over.

use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::{Date, time};

use crate::command::{day_at, number_at};
use crate::model::Timestamp;

use super::View;
use super::calendar::{Calendar, later};

/// How far a wish reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// To the end of work on a day.
    Day(Date),
    /// So many days.
    Days(u32),
    /// So many hours.
    Hours(u32),
}

impl Until {
    /// Reads a date, the name of a day or a length of time; `None` where it is none of them.
    pub(super) fn read(words: &str, today: Date) -> Option<Self> {
        let words = words.trim().trim_start_matches(['到', '至', '再']).trim();
        if let Ok(day) = words.parse::<Date>() {
            return Some(Self::Day(day));
        }
        if words.starts_with("半天") {
            return Some(Self::Hours(4));
        }
        length(words).or_else(|| Some(Self::Day(day_at(words, today)?.0)))
    }

    /// The instant, counted from `from` in working time; a day ends with its last working hour.
    pub(super) fn after(self, view: &View, from: Timestamp) -> Option<Timestamp> {
        let calendar = Calendar::new(&view.settings, &view.catalogue.holidays);
        match self {
            Self::Day(day) => {
                let hours = view.settings.working_hours.last();
                let end = hours.map_or(time(18, 0, 0, 0), |(_, end)| *end);
                let zoned = day.to_datetime(end).to_zoned(view.settings.zone.clone());
                Some(zoned.ok()?.timestamp())
            }
            Self::Days(days) => {
                let zoned = from.to_zoned(view.settings.zone.clone());
                Some(zoned.checked_add(i64::from(days).days()).ok()?.timestamp())
            }
            Self::Hours(hours) => {
                let time = Duration::from_hours(hours.into());
                Some(if view.settings.working_hours.is_empty() {
                    later(from, time)
                } else {
                    calendar.add(from, time)
                })
            }
        }
    }
}

fn length(words: &str) -> Option<Until> {
    let (count, read) = number_at(words).filter(|(count, _)| *count <= 1_000)?;
    let unit = words[read..].trim_start_matches([' ', '个', '来', '多']);
    if unit.starts_with("小时") || unit.starts_with("钟头") {
        Some(Until::Hours(count))
    } else if unit.starts_with('天') || unit.starts_with("工作日") {
        Some(Until::Days(count))
    } else if unit.starts_with('周') || unit.starts_with("星期") || unit.starts_with("礼拜") {
        Some(Until::Days(count * 7))
    } else if unit.starts_with('月') {
        Some(Until::Days(count * 30))
    } else {
        None
    }
}
