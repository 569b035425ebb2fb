//! Pieces of time as announcements write them: days, parts of a day, clock times, lengths.

use std::ops::Range;

use jiff::civil::Date;

use crate::command::{day_at, number_at};

/// A piece of time and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

/// What a piece of time is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// 7月21日, 明天.
    Day(Date),
    /// 周六: beside a date it only repeats it.
    Weekday(Date),
    /// 今明两天.
    TwoDays(Date, Date),
    /// 次日: the day after the start.
    NextDay,
    /// 即日起, 即时起.
    FromNow,
    /// 每天, 每晚: the clock times hold on each of the days; `Some`: of the evening.
    Every(Option<Part>),
    /// 上午, 今晚's 晚.
    Part(Part),
    /// 13:00, 七点半: minutes since midnight; `spelled`: with 点 or 时, so perhaps of twelve hours.
    Clock {
        /// Minutes since midnight as written.
        minutes: i64,
        /// Written with 点.
        spelled: Spelling,
    },
    /// 全天.
    AllDay,
    /// 约4小时: minutes.
    Length(i64),
    /// 工期45天: days.
    Days(i64),
    /// 至, 到, -.
    To,
    /// 起, 开始 behind a time.
    Onward,
}

/// How a clock time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// 13:00.
    Digital,
    /// 一点.
    Words,
}

/// A part of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Small,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

impl Part {
    /// First and last minute since midnight where no clock time is given: 上午 = 08-12,
    /// 下午 = 12-18.
    pub(super) fn window(self) -> (i64, i64) {
        let hours = match self {
            Self::Small => (0, 6),
            Self::Morning => (8, 12),
            Self::Noon => (12, 14),
            Self::Afternoon => (12, 18),
            Self::Evening => (18, 24),
            Self::Night => (22, 30),
        };
        (hours.0 * 60, hours.1 * 60)
    }

    /// Minutes since midnight that a clock time means in this part of the day.
    pub(super) fn of_day(self, minutes: i64) -> i64 {
        let hour = minutes / 60;
        let half = 12 * 60;
        match self {
            Self::Small if hour == 12 => minutes - half,
            Self::Noon if hour < 4 => minutes + half,
            Self::Afternoon if hour < 12 => minutes + half,
            Self::Evening | Self::Night if (5..12).contains(&hour) => minutes + half,
            Self::Evening | Self::Night if hour == 12 => minutes + half,
            Self::Evening | Self::Night if hour < 5 => minutes + 2 * half,
            _ => minutes,
        }
    }

    /// Whether a later time without a part of its own is of the second half of the day too.
    pub(super) fn is_late(self) -> bool {
        matches!(self, Self::Noon | Self::Afternoon | Self::Evening)
    }
}

const PARTS: [(&str, Part); 24] = [
    ("凌晨", Part::Small),
    ("清晨", Part::Morning),
    ("早晨", Part::Morning),
    ("早上", Part::Morning),
    ("上午", Part::Morning),
    ("早间", Part::Morning),
    ("中午", Part::Noon),
    ("正午", Part::Noon),
    ("下午", Part::Afternoon),
    ("午后", Part::Afternoon),
    ("傍晚", Part::Evening),
    ("晚上", Part::Evening),
    ("晚间", Part::Evening),
    ("夜间", Part::Night),
    ("夜里", Part::Night),
    ("深夜", Part::Night),
    ("午夜", Part::Night),
    ("半夜", Part::Night),
    ("当晚", Part::Evening),
    ("晚", Part::Evening),
    ("夜", Part::Night),
    ("早", Part::Morning),
    ("晨", Part::Morning),
    ("午间", Part::Noon),
];

/// All pieces of time in `text`, in order; `today` is the day of posting.
pub(super) fn pieces(text: &str, today: Date) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut anchor = today;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let inside_number =
            text[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.') && c.is_ascii_digit();
        let piece = if inside_number {
            None
        } else {
            piece_at(rest, today, anchor, &found, at)
        };
        let Some((kind, read)) = piece else {
            at += c.len_utf8();
            continue;
        };
        match kind {
            Kind::Day(date) => anchor = date,
            Kind::TwoDays(_, last) => anchor = last,
            _ => {}
        }
        found.push(Piece {
            kind,
            span: at..at + read,
        });
        at += read;
    }
    found
}

fn piece_at(
    rest: &str,
    today: Date,
    anchor: Date,
    before: &[Piece],
    at: usize,
) -> Option<(Kind, usize)> {
    fixed(rest, today, before, at)
        .or_else(|| clock(rest, before, at))
        .or_else(|| length(rest))
        .or_else(|| day(rest, today, anchor))
        .or_else(|| {
            let (word, part) = PARTS.iter().find(|(word, _)| rest.starts_with(word))?;
            // 晚 and 早 alone count only beside a time: 晚点, 早日 are none.
            let alone =
                word.len() == 3 && !touches(before, at) && clock(&rest[3..], &[], 0).is_none();
            (!alone).then_some((Kind::Part(*part), word.len()))
        })
}

/// Whether a piece ends right before `at`.
fn touches(before: &[Piece], at: usize) -> bool {
    before.last().is_some_and(|piece| piece.span.end == at)
}

fn fixed(rest: &str, today: Date, before: &[Piece], at: usize) -> Option<(Kind, usize)> {
    const NOW: [&str; 9] = [
        "即日起",
        "即时起",
        "即刻起",
        "从即日起",
        "现在起",
        "从现在起",
        "此刻起",
        "今日起",
        "今天起",
    ];
    const EVERY: [(&str, Option<Part>); 8] = [
        ("每天", None),
        ("每日", None),
        ("每晚", Some(Part::Evening)),
        ("每夜", Some(Part::Night)),
        ("每个工作日", None),
        ("每早", Some(Part::Morning)),
        ("每周", None),
        ("逐日", None),
    ];
    const NEXT: [&str; 6] = ["次日", "翌日", "第二天", "隔天", "第二日", "隔日"];
    const ALL: [&str; 5] = ["全天", "整天", "一整天", "全日", "终日"];
    const TO: [&str; 13] = [
        "——",
        "--",
        "-",
        "—",
        "–",
        "―",
        "~",
        "至",
        "到",
        "→",
        "─",
        "－",
        "一直到",
    ];
    let starts = |words: &[&'static str]| {
        words
            .iter()
            .find(|word| rest.starts_with(**word))
            .map(|word| word.len())
    };
    if let Some(read) = starts(&NOW) {
        return Some((Kind::FromNow, read));
    }
    if let Some((word, part)) = EVERY.iter().find(|(word, _)| rest.starts_with(word)) {
        return Some((Kind::Every(*part), word.len()));
    }
    if let Some(read) = starts(&NEXT) {
        return Some((Kind::NextDay, read));
    }
    if let Some(read) = starts(&ALL) {
        return Some((Kind::AllDay, read));
    }
    if let Some(word) = ["今明两天", "今明两日", "今明二日", "今、明两天", "今明2天"]
        .iter()
        .find(|word| rest.starts_with(**word))
    {
        return Some((Kind::TwoDays(today, today.tomorrow().ok()?), word.len()));
    }
    if let Some(read) = starts(&["明后两天", "明后两日"]) {
        let next = today.tomorrow().ok()?;
        return Some((Kind::TwoDays(next, next.tomorrow().ok()?), read));
    }
    // 起 and 至 speak of time only behind or before one; the reader of windows checks the rest.
    if let Some(read) = starts(&["开始", "起"]).filter(|_| touches(before, at)) {
        return Some((Kind::Onward, read));
    }
    starts(&TO).map(|read| (Kind::To, read))
}

fn day(rest: &str, today: Date, anchor: Date) -> Option<(Kind, usize)> {
    const WEEK: [&str; 3] = ["周", "星期", "礼拜"];
    let bare = rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.contains('月')
        || rest
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(['日', '号']);
    let (date, read) = day_at(rest, if bare { anchor } else { today })?;
    let words = &rest[..read];
    let weekday = WEEK.iter().any(|week| words.contains(week));
    Some((
        if weekday {
            Kind::Weekday(date)
        } else {
            Kind::Day(date)
        },
        read,
    ))
}

/// 13:00, 13:00:00, 8点, 八点半, 零时, 24时.
fn clock(rest: &str, before: &[Piece], at: usize) -> Option<(Kind, usize)> {
    let (hour, mut read) = number_at(rest).filter(|(hour, _)| *hour <= 24)?;
    let digits = rest.as_bytes()[0].is_ascii_digit();
    let tail = &rest[read..];
    if digits && let Some(minute) = tail.strip_prefix(':') {
        let minute = minute
            .get(..2)
            .filter(|m| m.bytes().all(|b| b.is_ascii_digit()))?;
        read += 3;
        let minute: i64 = minute.parse().ok().filter(|m| *m < 60)?;
        if rest[read..].starts_with(":00") {
            read += 3;
        }
        let minutes = i64::from(hour) * 60 + minute;
        return Some((
            Kind::Clock {
                minutes,
                spelled: Spelling::Digital,
            },
            read,
        ));
    }
    let sign = tail.chars().next().filter(|c| *c == '点' || *c == '时')?;
    read += sign.len_utf8();
    let tail = &rest[read..];
    // 三点要求, 一点都不 and 早一点 are no times.
    let other = tail.starts_with([
        '要', '建', '注', '说', '提', '原', '意', '都', '也', '儿', '间', '候', '期', '段', '个',
        '代',
    ]);
    if other || !digits && hour == 1 && sign == '点' && !touches(before, at) {
        return None;
    }
    let (minute, more) = minutes_behind(tail);
    read += more;
    let minutes = i64::from(hour) * 60 + minute;
    Some((
        Kind::Clock {
            minutes,
            spelled: Spelling::Words,
        },
        read,
    ))
}

/// 半, 一刻, 30分, 整 behind 点.
fn minutes_behind(tail: &str) -> (i64, usize) {
    for (word, minute) in [("半", 30), ("一刻", 15), ("三刻", 45), ("整", 0), ("钟", 0)] {
        if tail.starts_with(word) {
            return (minute, word.len());
        }
    }
    match number_at(tail) {
        Some((minute, read)) if minute < 60 => {
            let named = tail[read..].starts_with('分') && !tail[read..].starts_with("分钟");
            let two = read >= 2 && tail.as_bytes()[0].is_ascii_digit();
            if named {
                (i64::from(minute), read + 3)
            } else if two
                && !tail[read..].starts_with(['号', '日', '栋', '幢', '月', '-', '小', '个'])
            {
                (i64::from(minute), read)
            } else {
                (0, 0)
            }
        }
        _ => (0, 0),
    }
}

/// 4小时, 两个半小时, 半个小时, 1.5小时, 1-2小时 (the longer), 40分钟; 45天.
fn length(rest: &str) -> Option<(Kind, usize)> {
    let (mut half, mut read) = (0, 0);
    let (mut count, digits) = if let Some(tail) = rest.strip_prefix('半') {
        half = 1;
        read += rest.len() - tail.len();
        (0, 0)
    } else {
        let (count, digits) = number_at(rest)?;
        (i64::from(count), digits)
    };
    read += digits;
    if let Some(tail) = rest[read..].strip_prefix(['-', '~', '至', '到'])
        && let Some((longer, more)) = number_at(tail)
    {
        read = rest.len() - tail.len() + more;
        count = i64::from(longer);
    } else if rest[read..].starts_with(".5") {
        half = 1;
        read += 2;
    } else if half == 0
        && digits == 3
        && let Some((more, step)) = number_at(&rest[read..])
    {
        // 两三个小时
        count = i64::from(more);
        read += step;
    }
    if rest[read..].starts_with("多") {
        read += 3;
    }
    if rest[read..].starts_with('个') {
        read += 3;
    }
    if rest[read..].starts_with('半') {
        half = 1;
        read += 3;
    }
    for (unit, minutes) in [("小时", 60), ("钟头", 60), ("分钟", 1)] {
        if rest[read..].starts_with(unit) {
            let length = count * minutes + half * minutes / 2;
            return (length > 0 && length <= 60 * 24 * 60)
                .then_some((Kind::Length(length), read + unit.len()));
        }
    }
    (rest[read..].starts_with('天')
        && half == 0
        && (1..=730).contains(&count)
        && !rest[read + 3..].starts_with(['然', '气']))
    .then_some((Kind::Days(count), read + 3))
}
