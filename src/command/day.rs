//! Days as people name them (下周三, 后天, 25号, 11月28日), relative to a given day.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::numeral;

/// Reads the name of a day at the very start of `rest` and gives the day and the bytes read.
///
/// Of 今晚, 明早 and the like only 今 or 明 is read, so that the caller can read the time of day.
/// Expects half-width digits.
pub fn day_at(rest: &str, today: Date) -> Option<(Date, usize)> {
    relative(rest, today)
        .or_else(|| weekday(rest, today))
        .or_else(|| calendar(rest, today))
        .or_else(|| of_month(rest, today))
        .or_else(|| counted(rest, today))
}

/// 今天, 明晚, 大后天, 当日.
fn relative(rest: &str, today: Date) -> Option<(Date, usize)> {
    const DAYS: [(&str, i32); 5] = [("大后", 3), ("后", 2), ("明", 1), ("今", 0), ("昨", -1)];
    const PARTS: [&str; 6] = ["早", "晚", "晨", "夜", "天", "日"];
    if let Some(tail) = rest
        .strip_prefix("次日")
        .or_else(|| rest.strip_prefix("翌日"))
    {
        return Some((today.checked_add(1.day()).ok()?, rest.len() - tail.len()));
    }
    let (word, days) = DAYS.into_iter().find(|(word, _)| rest.starts_with(word))?;
    let tail = &rest[word.len()..];
    let part = PARTS.into_iter().find(|part| tail.starts_with(part));
    let read = match part {
        Some("天" | "日") => word.len() + 3,
        // 后晚 and 后夜 are not said; 今儿 and 明儿 are.
        Some(_) if word != "后" => word.len(),
        _ if tail.starts_with('儿') && word != "后" => {
            word.len() + if tail.starts_with("儿个") { 6 } else { 3 }
        }
        _ => return None,
    };
    Some((today.checked_add(days.days()).ok()?, read))
}

/// 周三, 本周六, 下星期一, 下下周五: weeks begin on Monday; a bare weekday is the next one.
fn weekday(rest: &str, today: Date) -> Option<(Date, usize)> {
    const WEEKS: [(&str, Option<i32>); 9] = [
        ("下下个", Some(2)),
        ("下下", Some(2)),
        ("下个", Some(1)),
        ("下", Some(1)),
        ("这个", Some(0)),
        ("本", Some(0)),
        ("这", Some(0)),
        ("上", Some(-1)),
        ("", None),
    ];
    WEEKS.into_iter().find_map(|(word, week)| {
        let tail = rest.strip_prefix(word)?;
        let tail = ["星期", "礼拜", "周"]
            .iter()
            .find_map(|week| tail.strip_prefix(week))?;
        let day = tail.chars().next()?;
        let offset = match day {
            '一' | '1' => 0,
            '二' | '2' => 1,
            '三' | '3' => 2,
            '四' | '4' => 3,
            '五' | '5' => 4,
            '六' | '6' => 5,
            '日' | '天' | '7' => 6,
            _ => return None,
        };
        let read = rest.len() - tail.len() + day.len_utf8();
        let since_monday = i32::from(today.weekday().since(Weekday::Monday));
        let days = match week {
            Some(week) => week * 7 + offset - since_monday,
            None => (offset - since_monday).rem_euclid(7),
        };
        Some((today.checked_add(days.days()).ok()?, read))
    })
}

/// 2026年11月28日, 11月28号, 十一月二十八, 7.28, 7/28, 2026-07-28.
fn calendar(rest: &str, today: Date) -> Option<(Date, usize)> {
    let (first, mut at) = numeral::read(rest)?;
    let mut year = None;
    let mut month = first;
    if (2000..2100).contains(&first) {
        let sign = rest[at..].chars().next().filter(|c| "年-/.".contains(*c))?;
        year = i16::try_from(first).ok();
        at += sign.len_utf8();
        at += spaces(&rest[at..]);
        let (value, read) = numeral::read(&rest[at..])?;
        month = value;
        at += read;
    }
    let sign = rest[at..].chars().next()?;
    let spelled = sign == '月';
    let signed = sign == '.' || sign == '/' || (sign == '-' && year.is_some());
    if !spelled && !signed {
        return None;
    }
    at += sign.len_utf8();
    if spelled && rest[at..].starts_with('份') {
        return None;
    }
    at += spaces(&rest[at..]);
    let (day, read) = numeral::read(&rest[at..])?;
    at += read;
    let tail = rest[at..].chars().next();
    if matches!(tail, Some('日' | '号')) {
        at += 3;
    } else if !spelled
        && tail.is_some_and(|c| c.is_ascii_digit() || "./%元块米层度折点小吨斤万千年万".contains(c))
    {
        return None;
    }
    let date = nearest(year, month, day, today)?;
    Some((date, at))
}

/// The year that brings a month and day closest to today, rather ahead than behind.
fn nearest(year: Option<i16>, month: u32, day: u32, today: Date) -> Option<Date> {
    let month = i8::try_from(month).ok()?;
    let day = i8::try_from(day).ok()?;
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    [-1, 0, 1]
        .into_iter()
        .filter_map(|shift| Date::new(today.year() + shift, month, day).ok())
        .find(|date| days_between(today, *date) >= -60)
}

/// Days from one date to another, negative when the second lies before the first.
fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// 25号, 28日, 本月25日, 下个月3号, 月底: a day alone is the next one with that number.
fn of_month(rest: &str, today: Date) -> Option<(Date, usize)> {
    const MONTHS: [(&str, i32); 7] = [
        ("下个月", 1),
        ("下月", 1),
        ("本月", 0),
        ("这个月", 0),
        ("这月", 0),
        ("当月", 0),
        ("", 0),
    ];
    let (word, shift) = MONTHS
        .into_iter()
        .find(|(word, _)| rest.starts_with(word))?;
    let tail = &rest[word.len()..];
    let month = today.first_of_month().checked_add(shift.months()).ok()?;
    for end in ["月底", "月末", "底", "末"] {
        if tail.starts_with(end) && (end.starts_with('月') == word.is_empty()) {
            return Some((month.last_of_month(), word.len() + end.len()));
        }
    }
    let (day, read) = numeral::read(tail)?;
    let sign = tail[read..]
        .chars()
        .next()
        .filter(|c| *c == '号' || *c == '日')?;
    let after = tail[read + sign.len_utf8()..].chars().next();
    if after.is_some_and(|c| "楼栋幢院门线店厅铺车桩馆桥路单井机泵梯库口屋房元".contains(c))
    {
        return None;
    }
    let day = i8::try_from(day)
        .ok()
        .filter(|day| (1..=31).contains(day))?;
    let months = if word.is_empty() { 0..3 } else { 0..1 };
    let date = months
        .filter_map(|more| {
            let first = month.checked_add(more.months()).ok()?;
            Date::new(first.year(), first.month(), day).ok()
        })
        .find(|date| !word.is_empty() || *date >= today)?;
    Some((date, word.len() + read + sign.len_utf8()))
}

/// 三天后, 两周之后, 一个月以后.
fn counted(rest: &str, today: Date) -> Option<(Date, usize)> {
    let (count, mut at) = numeral::read(rest)?;
    let count = i32::try_from(count).ok().filter(|count| *count <= 366)?;
    if rest[at..].starts_with('个') {
        at += 3;
    }
    let units = [
        ("天", 0),
        ("日", 0),
        ("周", 1),
        ("星期", 1),
        ("礼拜", 1),
        ("月", 2),
    ];
    let (unit, kind) = units
        .into_iter()
        .find(|(unit, _)| rest[at..].starts_with(unit))?;
    at += unit.len();
    let after = ["之后", "以后", "后"]
        .into_iter()
        .find(|word| rest[at..].starts_with(word))?;
    let span = match kind {
        0 => count.days(),
        1 => (count * 7).days(),
        _ => count.months(),
    };
    Some((today.checked_add(span).ok()?, at + after.len()))
}

fn spaces(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn friday() -> Date {
        Date::constant(2026, 11, 20)
    }

    #[test]
    fn days_are_read_as_people_mean_them() {
        for (text, expected) in [
            ("今天", "2026-11-20"),
            ("明早八点", "2026-11-21"),
            ("大后天", "2026-11-23"),
            ("后天", "2026-11-22"),
            ("周五", "2026-11-20"),
            ("周一", "2026-11-23"),
            ("星期天", "2026-11-22"),
            ("本周三", "2026-11-18"),
            ("下周三", "2026-11-25"),
            ("下个礼拜二", "2026-11-24"),
            ("下下周一", "2026-11-30"),
            ("11月28日", "2026-11-28"),
            ("1月3号", "2027-01-03"),
            ("十一月二十八", "2026-11-28"),
            ("2027年2月1日", "2027-02-01"),
            ("12.5", "2026-12-05"),
            ("12/5", "2026-12-05"),
            ("2026-12-05", "2026-12-05"),
            ("25号", "2026-11-25"),
            ("3号", "2026-12-03"),
            ("下个月3号", "2026-12-03"),
            ("月底", "2026-11-30"),
            ("三天后", "2026-11-23"),
            ("一周以后", "2026-11-27"),
            ("一个月后", "2026-12-20"),
        ] {
            let got = day_at(text, friday()).map(|(date, _)| date.to_string());
            assert_eq!(got.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_not_read_as_one() {
        for text in [
            "12号楼",
            "两天",
            "后面",
            "明白",
            "3.5元",
            "下次",
            "40号",
            "13月2日",
            "周围",
        ] {
            assert_eq!(day_at(text, friday()), None, "{text}");
        }
    }
}
