//! `categories.toml` and `holidays.csv`: what kinds of matter there are, their limits, days off.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::model::{Catalogue, Category, CategoryCode, Holidays, Level, Limits, MergeScope};

use super::diagnostic::{Report, Spot};
use super::keywords;
use super::table::{self, Column, Need};
use super::toml_file::{self, TomlFile};

/// A working day, as limits count it.
const WORKING_DAY: Duration = Duration::from_hours(8);
const CALENDAR_DAY: Duration = Duration::from_hours(24);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    category: Vec<Spanned<RawCategory>>,
    #[serde(default)]
    limits: BTreeMap<Spanned<String>, RawLimits>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCategory {
    code: String,
    name: String,
    level: String,
    body: String,
    family: Option<String>,
    merge_scope: MergeScope,
    merge_window: String,
    #[serde(default)]
    loss_of_service: bool,
    #[serde(default = "a_week")]
    reopen_days: u16,
    limits: Option<RawLimits>,
    #[serde(default)]
    city_codes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLimits {
    accept: String,
    answer: String,
    finish: String,
}

fn a_week() -> u16 {
    7
}

/// Reads the categories and the limits of each level.
pub(super) fn read(file: &str, bytes: &[u8], report: &mut Report) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let Some(raw) = toml_file::read::<RawFile>(file, bytes, report) else {
        return catalogue;
    };
    for (name, limits) in &raw.value.limits {
        let spot = Spot::row(file, raw.line(&name.span()));
        match Level::from_chinese(name.get_ref()) {
            Some(level) => {
                if let Some(limits) = read_limits(spot, limits, report) {
                    catalogue.limits.insert(level, limits);
                }
            }
            None => report.error(
                spot,
                format!(
                    "没有“{}”这个级别，请改成 特急、紧急、一般、疑难、咨询 之一。",
                    name.get_ref()
                ),
            ),
        }
    }
    for level in Level::ALL {
        if !catalogue.limits.contains_key(&level) && !raw.value.limits.is_empty() {
            report.error(
                Spot::file(file),
                format!(
                    "缺少“{0}”的时限，请加上 [limits.\"{0}\"]。",
                    level.chinese()
                ),
            );
        }
    }
    for entry in &raw.value.category {
        insert(file, &raw, entry, &mut catalogue, report);
    }
    if catalogue.categories.is_empty() {
        report.error(
            Spot::file(file),
            "一个类别也没有，请至少写一个 [[category]]。",
        );
    }
    catalogue
}

fn insert(
    file: &str,
    raw: &TomlFile<RawFile>,
    entry: &Spanned<RawCategory>,
    catalogue: &mut Catalogue,
    report: &mut Report,
) {
    let spot = Spot::row(file, raw.line(&entry.span()));
    let Some(category) = category(spot, entry.get_ref(), report) else {
        return;
    };
    if catalogue.categories.contains_key(&category.code) {
        report.error(
            spot.column("code"),
            format!("编号“{}”写了两次，请给每个类别不同的编号。", category.code),
        );
        return;
    }
    if catalogue
        .categories
        .values()
        .any(|c| c.name == category.name)
    {
        report.error(
            spot.column("name"),
            format!("名称“{}”写了两次，请给每个类别不同的名称。", category.name),
        );
        return;
    }
    catalogue.categories.insert(category.code.clone(), category);
}

fn category(spot: Spot<'_>, raw: &RawCategory, report: &mut Report) -> Option<Category> {
    let code_ok = raw.code.len() == 2 && raw.code.bytes().all(|b| b.is_ascii_digit());
    if !code_ok {
        report.error(
            spot.column("code"),
            format!("编号“{}”不对，请写两位数字，如 \"01\"。", raw.code),
        );
    }
    let level = keywords::level(spot, &raw.level, report);
    if level == Ok(None) {
        report.error(
            spot.column("level"),
            "级别是空的，请填 紧急、一般、疑难、咨询 之一。",
        );
    }
    let merge_window = duration(
        spot.column("merge_window"),
        &raw.merge_window,
        CALENDAR_DAY,
        report,
    );
    let limits = raw
        .limits
        .as_ref()
        .map(|limits| read_limits(spot, limits, report));
    if limits == Some(None) || !code_ok {
        return None;
    }
    Some(Category {
        code: CategoryCode::new(raw.code.as_str()),
        name: raw.name.trim().to_owned(),
        level: level.ok().flatten()?,
        body: raw.body.trim().to_owned(),
        family: raw.family.clone().unwrap_or_else(|| raw.code.clone()),
        merge_scope: raw.merge_scope,
        merge_window: merge_window?,
        loss_of_service: raw.loss_of_service,
        reopen_days: raw.reopen_days,
        limits: limits.flatten(),
        city_codes: raw.city_codes.clone(),
    })
}

fn read_limits(spot: Spot<'_>, raw: &RawLimits, report: &mut Report) -> Option<Limits> {
    let mut read = |name, value| duration(spot.column(name), value, WORKING_DAY, report);
    let (accept, answer, finish) = (
        read("accept", &raw.accept),
        read("answer", &raw.answer),
        read("finish", &raw.finish),
    );
    Some(Limits {
        accept: accept?,
        answer: answer?,
        finish: finish?,
    })
}

fn duration(spot: Spot<'_>, value: &str, day: Duration, report: &mut Report) -> Option<Duration> {
    let unit = match value.trim().chars().next_back() {
        Some('m') => Duration::from_mins(1),
        Some('h') => Duration::from_hours(1),
        Some('d') => day,
        _ => Duration::ZERO,
    };
    let count = value
        .trim()
        .trim_end_matches(['m', 'h', 'd'])
        .trim()
        .parse::<u32>();
    let read = count
        .ok()
        .and_then(|count| unit.checked_mul(count))
        .filter(|d| !d.is_zero());
    if read.is_none() {
        report.error(
            spot,
            format!("时长写的是“{value}”，请写成 90m（分钟）、4h（小时）或 3d（天）这样。"),
        );
    }
    read
}

const HOLIDAY_COLUMNS: [Column; 3] = [
    Column {
        name: "日期",
        aliases: &[],
        need: Need::Required,
    },
    Column {
        name: "类型",
        aliases: &[],
        need: Need::Required,
    },
    Column {
        name: "名称",
        aliases: &["备注"],
        need: Need::Optional,
    },
];

/// Reads the days that differ from Monday to Friday.
pub(super) fn read_holidays(file: &str, bytes: &[u8], report: &mut Report) -> Holidays {
    let mut holidays = Holidays::default();
    for row in &table::read(file, bytes, &HOLIDAY_COLUMNS, report).rows {
        let spot = Spot::row(file, row.number);
        let Some(date) = date(row.get(0)) else {
            report.error(
                spot.column("日期"),
                format!("日期写的是“{}”，请写成 2026-10-01 这样。", row.get(0)),
            );
            continue;
        };
        let fresh = match row.get(1) {
            "休" => holidays.off.insert(date),
            "班" => holidays.work.insert(date),
            other => {
                report.error(
                    spot.column("类型"),
                    format!("类型写的是“{other}”，请写 休（放假）或 班（调休上班）。"),
                );
                continue;
            }
        };
        if !fresh {
            report.warn(
                spot.column("日期"),
                format!("{date} 写了两次，请删掉一行。"),
            );
        }
        if holidays.off.contains(&date) && holidays.work.contains(&date) {
            report.error(
                spot.column("类型"),
                format!("{date} 又是 休 又是 班，请只留一行。"),
            );
        }
    }
    holidays
}

/// 2026-10-01, or as Excel rewrites it: 2026/10/1.
fn date(value: &str) -> Option<Date> {
    let mut parts = value
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty());
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()
}
