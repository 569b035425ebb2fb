//! The number of an event as people type it: 12, #7, 012号, 第12单, E-20261120-0012.

use std::ops::Range;

use super::numeral;

/// A number that may name an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// A short number without leading zeros, or a full id in its usual spelling.
    pub(super) typed: String,
    /// Where it stands, its signs (#, 第, 号单) included.
    pub(super) span: Range<usize>,
    /// How sure it is that an event is meant.
    pub(super) mark: Mark,
}

/// What makes a number look like an event's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Digits alone: counts next to a command word or at an end of the text.
    Bare,
    /// 12号: also a day or a person in a queue.
    Numbered,
    /// #12, 第12单, 12号工单, a full id.
    Certain,
}

/// Words that make a bare number a measure, a time or a place, not an event.
const MEASURES: &str = "个天点楼栋元块分秒时月日层期室座级年度斤公人户次家米吨瓦岁位名台辆根条张份万千百多几路线门\
    周星礼小倍折毛桶箱袋瓶盒只间套届寸码平后巷支匹杯趟遍句双颗种亩升克班集章页字场批%℃";

/// What stands behind 12号 when it is a place, a day or a line of the underground.
const NOT_AN_EVENT: &str = "楼栋院门线店厅铺车桩馆桥路晚早上下中前后开电机泵梯库口屋房地公技病学球桌窗柜井洞坑箱位选种字码考之以";

/// Nouns for an event behind a number.
const NOUNS: &[&str] = &["工单", "单子", "单", "件事", "件", "事件", "案子", "案"];

/// All numbers in `text` that may name an event, in order of appearance.
pub(super) fn find(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = full_id(text, at).or_else(|| short(text, at));
        at = match next {
            Some(reference) => {
                let end = reference.span.end;
                found.push(reference);
                end
            }
            None if c.is_ascii_alphanumeric() => at + word_length(&text[at..]),
            None => at + c.len_utf8(),
        };
    }
    found
}

/// Letters and digits that hang together, so that `20261120` is not searched from its middle.
fn word_length(rest: &str) -> usize {
    let first = rest.as_bytes().first().is_some_and(u8::is_ascii_digit);
    rest.bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() && byte.is_ascii_digit() == first)
        .count()
        .max(1)
}

/// E-20261120-0012, e20261120-12, 20261120-0012.
fn full_id(text: &str, at: usize) -> Option<Reference> {
    let rest = &text[at..];
    let body = rest.strip_prefix('e').unwrap_or(rest);
    let body = dash(body).unwrap_or(body);
    let day = body
        .get(..8)
        .filter(|day| day.bytes().all(|byte| byte.is_ascii_digit()))?;
    let tail = dash(&body[8..])?;
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let serial: u32 = tail.get(..digits)?.parse().ok().filter(|_| digits <= 6)?;
    Some(Reference {
        typed: format!("E-{day}-{serial:04}"),
        span: at..text.len() - tail.len() + digits,
        mark: Mark::Certain,
    })
}

fn dash(rest: &str) -> Option<&str> {
    rest.trim_start_matches(' ')
        .strip_prefix(['-', '_', '—', '–', '－', '‐', '−', 'ー'])
}

/// #12, 第12号, no.12, 工单12, 12号, 12, 十二号单.
fn short(text: &str, at: usize) -> Option<Reference> {
    const SIGNS: &[&str] = &[
        "#",
        "第",
        "no.",
        "№",
        "工单号",
        "单号",
        "编号",
        "工单",
        "事件",
        "单子",
    ];
    let rest = &text[at..];
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    let mut end = at + sign.map_or(0, |sign| sign.len());
    if sign.is_some() {
        end += leading(&text[end..], &[' ', ':', '#', '是']);
    } else if is_glued(&text[..at]) {
        return None;
    }
    let (value, read) = numeral::read(&text[end..])?;
    let spelled = !text.as_bytes()[end].is_ascii_digit();
    if value == 0 || value > 9999 || (!spelled && read > 4) {
        return None;
    }
    end += read;
    let mut mark = if sign.is_some() {
        Mark::Certain
    } else {
        Mark::Bare
    };
    let ordinal = sign == Some(&"第");
    let (length, behind) = suffix(&text[end..], if ordinal { Mark::Bare } else { mark })?;
    // 一件, 两单 and 第一 count things; 十二号 and 第三单 name one.
    let numbered = text[end..end + length].contains(['号', '#']);
    if spelled && !(numbered || ordinal && behind > Mark::Bare || sign == Some(&"#")) {
        return None;
    }
    end += length;
    mark = mark.max(behind);
    Some(Reference {
        typed: value.to_string(),
        span: at..end,
        mark,
    })
}

/// Reads 号, 单, 号工单 behind a number; `None` where it is a measure, a place or a time.
fn suffix(rest: &str, mark: Mark) -> Option<(usize, Mark)> {
    let tight = rest.trim_start_matches(' ');
    let gap = rest.len() - tight.len();
    if let Some(tail) = tight.strip_prefix('号').or_else(|| tight.strip_prefix('#')) {
        let noun = NOUNS.iter().find(|noun| tail.starts_with(**noun));
        if let Some(noun) = noun {
            return Some((rest.len() - tail.len() + noun.len(), Mark::Certain));
        }
        let blocked = begins_with_any(tail, NOT_AN_EVENT) && mark != Mark::Certain;
        let meant = ["那个", "那单", "这个", "这单", "的单", "那件", "这件"];
        let mark = if meant.iter().any(|word| tail.starts_with(word)) {
            Mark::Certain
        } else {
            Mark::Numbered
        };
        return (!blocked).then_some((rest.len() - tail.len(), mark));
    }
    if let Some(noun) = NOUNS.iter().find(|noun| tight.starts_with(**noun)) {
        let behind = &tight[noun.len()..];
        // 12单元 is a place, 12件套 a set.
        let other = behind.starts_with(['元', '套', '衣', '货', '身', '快', '包', '行']);
        return (!other).then_some((gap + noun.len(), Mark::Certain));
    }
    let longer = begins_with_any(rest, ".:/~-+")
        && rest[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let measure =
        gap == 0 && begins_with_any(rest, MEASURES) || tight.starts_with(['月', '天', '点']);
    let certain = mark == Mark::Certain && !rest.starts_with(['天', '月', '楼', '栋', '次', '个']);
    (!longer && (!measure || certain)).then_some((0, Mark::Bare))
}

fn begins_with_any(rest: &str, signs: &str) -> bool {
    rest.chars().next().is_some_and(|c| signs.contains(c))
}

/// Whether a number behind this text is part of a longer one, a sum or a date.
fn is_glued(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        Some('.' | ':' | '/' | '-') => back.next().is_some_and(|c| c.is_ascii_alphanumeric()),
        Some(c) => c.is_ascii_alphanumeric() || "$¥第+月年周".contains(c),
        None => false,
    }
}

fn leading(rest: &str, signs: &[char]) -> usize {
    rest.len() - rest.trim_start_matches(signs).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<String> {
        find(text)
            .into_iter()
            .map(|reference| reference.typed)
            .collect()
    }

    #[test]
    fn numbers_of_events_are_found_in_every_spelling() {
        for (text, expected) in [
            ("接单 12", "12"),
            ("接单012", "12"),
            ("#7", "7"),
            ("第12号", "12"),
            ("第 3 单", "3"),
            ("12号单", "12"),
            ("十二号单子", "12"),
            ("工单12", "12"),
            ("单号:45", "45"),
            ("no.8", "8"),
            ("e-20261120-0012", "E-20261120-0012"),
            ("e20261120-12", "E-20261120-0012"),
            ("20261120-0012", "E-20261120-0012"),
            ("7号那个", "7"),
        ] {
            assert_eq!(typed(text), [expected], "{text}");
        }
    }

    #[test]
    fn measures_places_and_times_are_no_events() {
        for text in [
            "12个",
            "3天",
            "8点",
            "12号楼",
            "3栋",
            "2单元",
            "8:30",
            "11月28日",
            "3.5",
            "100块",
            "12345",
            "13800000000",
            "两天",
            "第一次",
            "三个",
            "5楼",
            "10%",
        ] {
            assert_eq!(typed(text), Vec::<String>::new(), "{text}");
        }
    }
}
