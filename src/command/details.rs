//! What goes with a command: to whom, until when, and why.

use std::ops::Range;

use jiff::civil::Date;

use super::CommandName as Name;
use super::day::day_at;
use super::heard::Heard;

/// Something read out of a text, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) words: String,
    pub(super) span: Range<usize>,
}

/// A day (as ISO date), a length of time (两天) or a vague time (下周) in `text` from `from` on.
pub(super) fn until(text: &str, from: usize, today: Date) -> Option<Found> {
    const VAGUE: [&str; 14] = [
        "下周末",
        "本周末",
        "这周末",
        "周末",
        "下下周",
        "下周",
        "下个礼拜",
        "下个星期",
        "下礼拜",
        "下星期",
        "下个月",
        "下月",
        "年底",
        "明年",
    ];
    let starts = |at: &usize| {
        !text[..*at].ends_with(|c: char| c.is_ascii_digit() || "一二三四五六七八九十两".contains(c))
    };
    let places = || {
        text.char_indices()
            .map(|(at, _)| at)
            .filter(|at| *at >= from)
            .filter(|at| *at == from || starts(at))
    };
    let day = places().find_map(|at| {
        let (date, read) = day_at(&text[at..], today).filter(|(date, _)| *date >= today)?;
        let today_only = text[at..].starts_with('今');
        (!today_only).then(|| Found {
            words: date.to_string(),
            span: at..at + read,
        })
    });
    day.or_else(|| {
        places().find_map(|at| {
            let read = length_of_time(&text[at..])?;
            Some(Found {
                words: text[at..at + read].to_owned(),
                span: at..at + read,
            })
        })
    })
    .or_else(|| {
        places().find_map(|at| {
            let word = VAGUE.iter().find(|word| text[at..].starts_with(**word))?;
            Some(Found {
                words: (*word).to_owned(),
                span: at..at + word.len(),
            })
        })
    })
}

/// 两天, 3个工作日, 半个月, 一周, 48小时, 两三天: the bytes read.
fn length_of_time(rest: &str) -> Option<usize> {
    const UNITS: [&str; 13] = [
        "个工作日",
        "工作日",
        "个星期",
        "星期",
        "个礼拜",
        "礼拜",
        "个小时",
        "个钟头",
        "小时",
        "天",
        "周",
        "个月",
        "个钟",
    ];
    let count = rest
        .char_indices()
        .find(|(_, c)| !(c.is_ascii_digit() || "一二两三四五六七八九十几半".contains(*c)))
        .map_or(rest.len(), |(at, _)| at);
    if count == 0 {
        return None;
    }
    let tail = rest[count..].trim_start_matches(' ');
    let unit = UNITS.iter().find(|unit| tail.starts_with(**unit))?;
    let behind = &tail[unit.len()..];
    // 一天到黑 and 第二天 are no lengths of time; 三天两头 neither.
    let idiom = ["到黑", "两头", "到晚"]
        .iter()
        .any(|word| behind.starts_with(word));
    let half = if behind.starts_with('半') { 3 } else { 0 };
    (!idiom).then(|| rest.len() - tail.len() + unit.len() + half)
}

/// What stands before a name.
const BEFORE_A_NAME: &str = "\
    转派给 转给 派给 交给 移交给 移交 转交 给到 给 到 让 喊 叫 请 由 换";

/// Whom an order goes to: somebody mentioned, else the name behind 给, 让, 喊, or the first word.
pub(super) fn person(heard: &Heard, from: usize, taken: &[Range<usize>]) -> Option<Found> {
    if let Some(name) = heard.mentions.first() {
        return Some(Found {
            words: name.clone(),
            span: from..from,
        });
    }
    let text = &heard.text;
    let lead = text[from..].char_indices().find_map(|(at, _)| {
        let lead = BEFORE_A_NAME
            .split_whitespace()
            .find(|lead| text[from + at..].starts_with(lead))?;
        Some(from + at + lead.len()).filter(|at| !inside(taken, *at))
    });
    lead.and_then(|at| name_at(text, at, taken)).or_else(|| {
        let mut at = from;
        loop {
            if let Some(span) = taken.iter().find(|span| span.contains(&at)) {
                at = span.end;
                continue;
            }
            let c = text[at..].chars().next()?;
            if c.is_alphanumeric() {
                return name_at(text, at, taken);
            }
            at += c.len_utf8();
        }
    })
}

fn inside(taken: &[Range<usize>], at: usize) -> bool {
    taken.iter().any(|span| span.contains(&at))
}

/// The name at `at`, up to a sign or to what the person shall do.
fn name_at(text: &str, at: usize, taken: &[Range<usize>]) -> Option<Found> {
    const DEEDS: &[&str] = &[
        "去", "来", "处理", "跟", "弄", "看", "接", "负责", "办", "吧", "哈", "嘛", "了", "管这",
        "管一", "一下", "他", "她", "那边", "这边", "帮", "修", "搞", "整", "盯", "上门", "解决",
        "安排", "协调", "才", "比较", "比我", "行不",
    ];
    let at = at + (text[at..].len() - text[at..].trim_start_matches(' ').len());
    let rest = &text[at..];
    let first = rest.chars().next()?.len_utf8();
    let end = rest
        .char_indices()
        .skip(1)
        .find(|(index, c)| {
            !c.is_alphanumeric()
                || inside(taken, at + index)
                || DEEDS.iter().any(|deed| rest[*index..].starts_with(deed))
        })
        .map_or(rest.len(), |(index, _)| index);
    (end >= first && rest[..first].chars().all(char::is_alphanumeric) && !inside(taken, at))
        .then(|| Found {
            words: rest[..end].to_owned(),
            span: at..at + end,
        })
        .filter(|found| found.words.chars().count() <= 12)
}

/// The category an event should have: 改类别 供水, 这是消防通道的, 归到噪音那类.
pub(super) fn category(text: &str, from: usize, taken: &[Range<usize>]) -> Option<Found> {
    const LEADS: [&str; 20] = [
        "应该是",
        "应该属于",
        "应该归",
        "应该算",
        "改成",
        "改为",
        "改到",
        "换成",
        "归到",
        "归入",
        "归为",
        "属于",
        "算是",
        "应为",
        "分到",
        "调到",
        "调成",
        "其实是",
        "这是",
        "是",
    ];
    let lead = LEADS.iter().find_map(|lead| {
        let at = text[from..].rfind(lead)? + from;
        let denied = text[..at].ends_with(['不', '咋', '么']);
        (!denied && !inside(taken, at)).then_some(at + lead.len())
    });
    let mut at = lead.unwrap_or(from);
    loop {
        if let Some(span) = taken.iter().find(|span| span.contains(&at)) {
            at = span.end;
            continue;
        }
        let rest = &text[at..];
        let c = rest.chars().next()?;
        if let Some(word) = ["到", "为", "成", "给"]
            .iter()
            .find(|word| rest.starts_with(**word))
        {
            at += word.len();
        } else if c.is_alphanumeric() {
            break;
        } else {
            at += c.len_utf8();
        }
    }
    let rest = &text[at..];
    let end = rest
        .char_indices()
        .find(|(index, c)| !c.is_alphanumeric() || inside(taken, at + index))
        .map_or(rest.len(), |(index, _)| index);
    let mut words = &rest[..end];
    for ending in [
        "那一类",
        "这一类",
        "那类",
        "这类",
        "类别",
        "方面",
        "问题",
        "的事",
        "才对",
        "的",
        "类",
        "吧",
        "哈",
        "嘛",
        "哦",
        "了",
    ] {
        if words.len() > ending.len() + 3 {
            words = words.strip_suffix(ending).unwrap_or(words);
        }
    }
    (!words.is_empty() && words.chars().count() <= 16).then(|| Found {
        words: words.to_owned(),
        span: at..at + words.len(),
    })
}

/// What is left of the text once the command, its number, person and time are taken out.
pub(super) fn reason(heard: &Heard, from: usize, taken: &[Range<usize>]) -> Option<String> {
    let mut words = String::new();
    let mut start = from;
    let mut taken = taken.to_vec();
    taken.sort_by_key(|span| span.start);
    let end = heard.text.len();
    for span in taken
        .iter()
        .filter(|span| !span.is_empty())
        .chain(std::iter::once(&(end..end)))
    {
        if span.start > start {
            let piece = trim(heard.original(start..span.start));
            if !words.is_empty() && !piece.is_empty() {
                words.push('，');
            }
            words.push_str(piece);
        }
        start = start.max(span.end);
    }
    Some(words).filter(|words| words.chars().any(char::is_alphanumeric))
}

/// Without signs and small words at both ends.
fn trim(piece: &str) -> &str {
    const SMALL: &[&str] = &[
        "到", "至", "给", "因为", "由于", "原因", "理由", "因", "的", "再说", "哈", "了", "啦",
    ];
    let sign = |c: char| c.is_whitespace() || ",，。.、:：;；~～!！-—【】[]()（）@".contains(c);
    let piece = piece.trim_matches(sign);
    if SMALL.contains(&piece) { "" } else { piece }
}

/// Whether this command goes to somebody or something.
pub(super) fn takes_person(name: Name) -> bool {
    name == Name::Transfer
}

/// Whether this command lasts until some day.
pub(super) fn takes_until(name: Name) -> bool {
    matches!(name, Name::Suspend | Name::Extend)
}
