//! What people recorded by hand: a table with 时间, 群 or 小区, 内容, 类别.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::model::{AreaId, Catalogue, CategoryCode, GroupId, Timestamp};
use crate::table::{self, Column, Gravity, Need};

const COLUMNS: [Column; 4] = [
    Column {
        name: "时间",
        aliases: &["日期", "上报时间", "登记时间", "反映时间"],
        need: Need::Required,
    },
    Column {
        name: "群",
        aliases: &["小区", "群名", "群名称", "地点", "片区", "院落"],
        need: Need::Optional,
    },
    Column {
        name: "内容",
        aliases: &["原文", "问题", "诉求", "描述", "问题描述"],
        need: Need::Required,
    },
    Column {
        name: "类别",
        aliases: &["分类", "类型", "问题类别"],
        need: Need::Optional,
    },
];

/// Where a recorded problem was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// In this group.
    Group(GroupId),
    /// In this area.
    Area(AreaId),
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// As the spreadsheet counts.
    pub row: u32,
    /// The day, and the time of day where it was written.
    #[serde(serialize_with = "as_written")]
    pub at: (Date, Option<Time>),
    /// Where; `None` where it does not say, or nobody knows the name.
    pub place: Option<Where>,
    /// What was recorded.
    pub text: String,
    /// Its category, where one is named that the lexicon knows.
    pub category: Option<CategoryCode>,
}

impl Recorded {
    /// The day it was recorded.
    pub(super) fn date(&self) -> Date {
        self.at.0
    }

    /// The instant, where a time of day was written.
    pub(super) fn instant(&self, zone: &TimeZone) -> Option<Timestamp> {
        let time = self.at.1?;
        let zoned = DateTime::from_parts(self.at.0, time).to_zoned(zone.clone());
        zoned.ok().map(|zoned| zoned.timestamp())
    }
}

fn as_written<S: serde::Serializer>(
    (date, time): &(Date, Option<Time>),
    to: S,
) -> Result<S::Ok, S::Error> {
    let time = time.map(|time| format!(" {}", time.strftime("%H:%M")));
    to.serialize_str(&format!("{date}{}", time.unwrap_or_default()))
}

/// Reads the table. Rows without a readable time or content are left out; each with one sentence.
///
/// # Errors
/// What keeps the whole table from being read.
pub fn read(
    bytes: &[u8],
    catalogue: &Catalogue,
    this_year: i16,
    whereabouts: &dyn Fn(&str) -> Option<Where>,
) -> Result<(Vec<Recorded>, Vec<String>), String> {
    let (table, problems) = table::read(bytes, &COLUMNS);
    let wrong = problems.iter().filter(|it| it.gravity == Gravity::Error);
    let wrong: Vec<&str> = wrong.map(|it| it.text.as_str()).collect();
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    let mut notes = Vec::new();
    let mut rows = Vec::new();
    for row in &table.rows {
        let mut note = |text: String| notes.push(format!("第 {} 行：{text}", row.number));
        let Some(at) = time(row.get(0), this_year) else {
            note(format!(
                "时间“{}”看不懂，这一行没有算；请写成 2026-11-20 08:01",
                row.get(0)
            ));
            continue;
        };
        if row.get(2).is_empty() {
            note("内容是空的，这一行没有算".to_owned());
            continue;
        }
        let place = whereabouts(row.get(1));
        if place.is_none() && !row.get(1).is_empty() {
            note(format!("没有叫“{}”的群或小区，只按内容对照", row.get(1)));
        }
        let category = category(row.get(3), catalogue);
        if category.is_none() && !row.get(3).is_empty() {
            note(format!("没有“{}”这个类别，只按内容对照", row.get(3)));
        }
        rows.push(Recorded {
            row: row.number,
            at,
            place,
            text: row.get(2).to_owned(),
            category,
        });
    }
    Ok((rows, notes))
}

/// Day and time however they are written: the numbers in order, the year where there is one.
fn time(text: &str, this_year: i16) -> Option<(Date, Option<Time>)> {
    let numbers: Vec<i16> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let (year, rest) = match numbers.as_slice() {
        [year, rest @ ..] if *year >= 1000 => (*year, rest),
        rest => (this_year, rest),
    };
    let small = |number: &i16| i8::try_from(*number).ok();
    let [month, day, clock @ ..] = rest else {
        return None;
    };
    let date = Date::new(year, small(month)?, small(day)?).ok()?;
    let time = match clock {
        [] => None,
        [hour] => Some(Time::new(small(hour)?, 0, 0, 0).ok()?),
        [hour, minute, ..] => Some(Time::new(small(hour)?, small(minute)?, 0, 0).ok()?),
    };
    let afternoon = text.contains("下午") || text.contains("晚");
    let time = time.map(|time| match time.hour() {
        1..=11 if afternoon => time.wrapping_add(jiff::Span::new().hours(12)),
        _ => time,
    });
    Some((date, time))
}

/// A category by code, name or the part of it that people write.
fn category(words: &str, catalogue: &Catalogue) -> Option<CategoryCode> {
    if words.is_empty() {
        return None;
    }
    let code = format!("{words:0>2}");
    let mut all = catalogue.categories.values();
    let exact = all.find(|one| one.code.as_str() == code || one.name == words);
    let mut like = catalogue
        .categories
        .values()
        .filter(|one| words.chars().count() >= 2 && one.name.contains(words));
    let only = like.next().filter(|_| like.next().is_none());
    exact.or(only).map(|one| one.code.clone())
}
