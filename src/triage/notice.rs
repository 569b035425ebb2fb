//! Official announcements, recognised from their text: what about, from when to when, and where.

mod change;
mod clause;
mod clock;
mod matter;
mod moment;
mod office;
mod place;
mod window;

#[cfg(test)]
mod tests;

use jiff::civil::{DateTime, Time};
use jiff::tz::{Offset, offset};

use super::{NoticeFound, NoticeMatter, Reason};
use crate::model::Timestamp;
use crate::text::Normalised;
use matter::Service;
use office::Timed;

/// A text that looks like an announcement, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeReading {
    /// What it says.
    pub found: NoticeFound,
    /// How much it looks official, 0..1; from [`OFFICIAL`] on it is one whoever posted it, below
    /// that only staff or property make it one.
    pub official: f32,
    /// Every rule that raised or lowered `official`.
    pub because: Vec<Reason>,
}

/// The measure from which on a text is an announcement, whoever posted it.
pub const OFFICIAL: f32 = 0.5;

/// Below this nobody's word makes a text an announcement.
const FLOOR: f32 = 0.3;

/// Bytes of the longest text that is read; announcements are short.
const LONGEST: usize = 6000;

/// The community's time zone.
const ZONE: Offset = offset(8);

/// Reads an announcement; `None` where the text is none.
///
/// `text` is `original` normalised; times are relative to `posted`, in +08:00; `area_names` are
/// names of areas known here, to be recognised as places.
pub fn read_notice(
    posted: Timestamp,
    text: &Normalised,
    original: &str,
    area_names: &[String],
) -> Option<NoticeReading> {
    let said = text.text();
    if said.len() > LONGEST || !is_worth_reading(said) {
        return None;
    }
    let now = ZONE.to_datetime(posted);
    let matter = matter::of(said);
    let window = window::read(said, now);
    let over = window.end.is_some_and(|end| end < now);
    let timed = match (window.start, window.end) {
        _ if over => Timed::Never,
        (Some(start), Some(end)) if start.time() != Time::midnight() || end.second() == 0 => {
            Timed::Window
        }
        (None, None) => Timed::Never,
        _ => Timed::Once,
    };
    let (official, because) = office::measure(said, timed, matter);
    if official < FLOOR {
        return None;
    }
    let service = matter.map_or(Service::Untouched, |matter| matter::service(said, matter));
    let places = place::read(text, original, area_names);
    let found = NoticeFound {
        matter: matter.unwrap_or(NoticeMatter::Other),
        start: window.start.and_then(instant),
        end: window.end.and_then(instant),
        places,
        opens_window: service == Service::Lost && !over,
    };
    Some(NoticeReading {
        found,
        official,
        because,
    })
}

fn instant(local: DateTime) -> Option<Timestamp> {
    ZONE.to_timestamp(local).ok()
}

/// A cheap look that spares nearly all talk the reading: something must stop, come back, be made
/// known or be built, in more than a few words.
fn is_worth_reading(said: &str) -> bool {
    const STRONG: &[char] = &[
        '停', '断', '告', '示', '封', '恢', '供', '暂', '醒', '施', '修', '梯', '换', '延', '截',
        '割', '禁', '绕', '通',
    ];
    const WEAK: &[char] = &[
        '电', '气', '水', '热', '暖', '通', '检', '调', '排', '管', '网',
    ];
    const TIMED: &[char] = &['已', '现', '今', '明', '后', '预', '即', '全', '正'];
    let is_timed = |c: char| c.is_ascii_digit() || TIMED.contains(&c);
    if said.len() < 30 || !said.contains(is_timed) {
        return false;
    }
    let strong = said.chars().filter(|c| STRONG.contains(c)).take(2).count();
    strong == 2 || strong == 1 && said.contains(WEAK)
}
