//! Announcements that change an earlier one: 改为, 推迟至, 延长两小时, 推迟一天.

use jiff::ToSpan as _;

use super::window::Window;
use crate::command::number_at;

/// Words behind which the new time stands.
const CHANGES: &[&str] = &[
    "改为",
    "改至",
    "改到",
    "改在",
    "调整为",
    "调整至",
    "调整到",
    "变更为",
    "变更至",
    "更改为",
    "推迟至",
    "推迟到",
    "延期至",
    "延期到",
    "顺延至",
    "顺延到",
    "提前至",
    "提前到",
    "延长至",
    "延长到",
    "延后至",
    "延后到",
    "延至",
    "延迟至",
    "延迟到",
    "更正为",
    "改成",
];

/// Where the old times end and the new ones begin; both at the end of the text when nothing changes.
pub(super) fn borders(text: &str) -> (usize, usize) {
    let changes = [
        "原", "调整", "变更", "延期", "延长", "推迟", "延时", "更正", "改", "顺延", "延后",
    ];
    if !changes.iter().any(|word| text.contains(word)) {
        return (text.len(), text.len());
    }
    let last = CHANGES
        .iter()
        .filter_map(|word| text.rfind(word).map(|at| (at, at + word.len())))
        .filter(|(_, end)| {
            text[*end..].contains(|c: char| c.is_ascii_digit() || "点时天日晚早".contains(c))
        })
        .max();
    last.unwrap_or((text.len(), text.len()))
}

/// Whether the start stays as it was: 延长至.
pub(super) fn keeps_start(text: &str) -> bool {
    ["延长", "延至"].iter().any(|word| text.contains(word))
}

/// Words that move a window by a length of time.
const SHIFTS: [&str; 6] = ["推迟", "顺延", "延后", "延长", "延期", "提前"];

/// Where 推迟一天 or 延长两小时 ends its first word.
pub(super) fn shift_at(text: &str) -> Option<usize> {
    let at = SHIFTS
        .iter()
        .filter_map(|word| text.rfind(word).map(|at| at + word.len()))
        .max()?;
    length(&text[at..], 1).map(|_| at)
}

/// 推迟一天, 顺延两天, 延长两小时: the old window moved or made longer; `at` by [`shift_at`].
pub(super) fn shift(text: &str, at: usize, old: Window) -> Option<Window> {
    let sign = if text[..at].ends_with("提前") {
        -1
    } else {
        1
    };
    let span = length(&text[at..], sign)?;
    let keeps = text[..at].ends_with("延长");
    let end = old.end.map(|end| end.saturating_add(span));
    let start = old.start.map(|start| {
        if keeps {
            start
        } else {
            start.saturating_add(span)
        }
    });
    (old.start.is_some() || old.end.is_some()).then_some(Window { start, end })
}

fn length(rest: &str, sign: i64) -> Option<jiff::Span> {
    let rest = rest.trim_start_matches(['约', '了']);
    let (count, read) = number_at(rest)?;
    let count = sign * i64::from(count.min(60));
    let unit = rest[read..].trim_start_matches('个');
    if unit.starts_with('天') {
        Some(count.days())
    } else if unit.starts_with("小时") {
        Some((count * 60).minutes())
    } else if unit.starts_with("半小时") {
        Some((count * 60 + 30 * sign).minutes())
    } else {
        None
    }
}
