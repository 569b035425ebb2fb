//! From pieces of time to the start and end of what is announced.

use std::ops::Range;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::clause::{
    ASIDE_AFTER, ASIDE_BEFORE, RESTORES, STARTS, clause_after, clause_before, has_any, is_glue,
    is_list,
};
use super::clock::{Kind, Piece, pieces};
use super::moment::{Moment, end_minutes};

/// Start and end in the community's own time; `None` where not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) start: Option<DateTime>,
    pub(super) end: Option<DateTime>,
}

/// What one stretch of the text says of the window.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    range: Window,
    /// From whole days: gives way to an end that is said outright.
    whole_days: Window,
    from: Option<DateTime>,
    until: Option<DateTime>,
}

/// Reads the window out of `text`, whose signs are half width; `posted` in local time.
pub(super) fn read(text: &str, posted: DateTime) -> Window {
    let mut reader = Reader {
        text,
        posted,
        pieces: pieces(text, posted.date()),
        days: None,
        said: Said::default(),
        planned: Planned::IsOver,
    };
    let (old_end, new_start) = super::change::borders(text);
    let before = reader.read_between(0..old_end);
    let shifted = reader.shifted();
    if new_start >= text.len() {
        return shifted.unwrap_or(before);
    }
    reader.days = before.start.map(|start| (start.date(), start.date()));
    let after = reader.read_between(new_start..text.len());
    let keeps = super::change::keeps_start(text);
    match (after.start, after.end) {
        (None, None) => shifted.unwrap_or(before),
        (None, end) if keeps => Window {
            start: before.start,
            end,
        },
        (start, None) => Window {
            start,
            end: before
                .end
                .filter(|end| start.is_none_or(|start| *end > start)),
        },
        _ => after,
    }
}

struct Reader<'t> {
    text: &'t str,
    posted: DateTime,
    pieces: Vec<Piece>,
    /// The days last named: a time without a day is of them.
    days: Option<(Date, Date)>,
    said: Said,
    planned: Planned,
}

/// Whether what was planned at first (原定) is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Planned {
    Counts,
    IsOver,
}

impl Reader<'_> {
    /// 原定9点到17点，推迟一天: the old window moved, where no new time stands behind it.
    fn shifted(&mut self) -> Option<Window> {
        let at = super::change::shift_at(self.text)?;
        let after = self.read_between(at..self.text.len());
        if after != Window::default() {
            return None;
        }
        self.planned = Planned::Counts;
        self.days = None;
        let old = self.read_between(0..at);
        self.planned = Planned::IsOver;
        super::change::shift(self.text, at, old)
    }

    fn read_between(&mut self, part: Range<usize>) -> Window {
        self.said = Said::default();
        let mut at = self
            .pieces
            .partition_point(|piece| piece.span.start < part.start);
        let end = self
            .pieces
            .partition_point(|piece| piece.span.end <= part.end);
        let mut lengths = Vec::new();
        while at < end {
            if matches!(self.pieces[at].kind, Kind::Length(_) | Kind::Days(_)) {
                lengths.push(at);
                at += 1;
                continue;
            }
            let (first, next) = self.moment(at, end);
            if first.is_empty() && !first.from_now {
                at += 1;
                continue;
            }
            at = next.max(at + 1);
            if let Some((second, behind)) = self.second(next, end, &first) {
                at = behind;
                self.take_range(&first, &second);
            } else {
                self.take_moment(&first);
            }
        }
        self.settle(&lengths)
    }

    /// Gathers the pieces from `at` on that stand together.
    fn moment(&self, mut at: usize, end: usize) -> (Moment, usize) {
        let mut moment = Moment {
            span: self.pieces[at].span.clone(),
            ..Moment::default()
        };
        let start = at;
        while at < end {
            let piece = &self.pieces[at];
            let gap = if at == start {
                ""
            } else {
                &self.text[moment.span.end..piece.span.start]
            };
            if !is_glue(gap) || !self.add(&mut moment, piece, gap, at, end) {
                break;
            }
            moment.span.end = piece.span.end;
            at += 1;
        }
        (moment, at)
    }

    /// Adds one piece to the moment, unless a new one begins with it.
    fn add(&self, moment: &mut Moment, piece: &Piece, gap: &str, at: usize, end: usize) -> bool {
        let timed = moment.has_time() || moment.onward || moment.all_day;
        match piece.kind {
            Kind::Day(date) => {
                if timed {
                    return false;
                }
                moment.days = Some(match moment.days {
                    Some((first, last)) if is_list(gap) && date > last => (first, date),
                    Some((first, last)) if self.follows_to(at) && date > last => (first, date),
                    Some(_) if is_list(gap) => return false,
                    _ => (date, date),
                });
            }
            Kind::Weekday(date) => {
                if timed || moment.days.is_some() && is_list(gap) {
                    return false;
                }
                if self.follows_to(at) && !gap.contains('(') {
                    moment.days = moment.days.map(|(first, last)| (first, last.max(date)));
                }
                moment.days = moment.days.or(Some((date, date)));
            }
            Kind::TwoDays(first, last) if !timed => moment.days = Some((first, last)),
            Kind::NextDay if !timed && moment.days.is_none() => moment.next_day = true,
            Kind::FromNow if !timed && moment.days.is_none() => {
                moment.from_now = true;
                moment.days = Some((self.posted.date(), self.posted.date()));
            }
            Kind::Every(part) if moment.clock.is_none() => moment.part = part.or(moment.part),
            Kind::Part(part) if moment.clock.is_none() && !moment.onward => {
                moment.part = Some(part);
            }
            Kind::Clock { minutes, spelled } if moment.clock.is_none() && !moment.onward => {
                moment.clock = Some((minutes, spelled));
            }
            Kind::AllDay if !moment.has_time() => moment.all_day = true,
            Kind::Onward => moment.onward = true,
            // 10月1日至7日: a stretch of days is one moment, a stretch of times is not.
            Kind::To => {
                let day_next = at + 1 < end
                    && matches!(self.pieces[at + 1].kind, Kind::Day(_) | Kind::Weekday(_))
                    && is_glue(&self.text[piece.span.end..self.pieces[at + 1].span.start]);
                return !timed && moment.days.is_some() && day_next;
            }
            _ => return false,
        }
        true
    }

    /// Whether the piece before is 至.
    fn follows_to(&self, at: usize) -> bool {
        at > 0 && self.pieces[at - 1].kind == Kind::To
    }

    /// The moment behind 至, if there is one.
    fn second(&self, at: usize, end: usize, first: &Moment) -> Option<(Moment, usize)> {
        let to = self
            .pieces
            .get(at)
            .filter(|piece| at < end && piece.kind == Kind::To)?;
        let gap = &self.text[first.span.end..to.span.start];
        let next = self.pieces.get(at + 1).filter(|_| at + 1 < end)?;
        if !is_glue(gap) || !is_glue(&self.text[to.span.end..next.span.start]) {
            return None;
        }
        let (second, behind) = self.moment(at + 1, end);
        (!second.is_empty()).then_some((second, behind))
    }

    fn take_range(&mut self, first: &Moment, second: &Moment) {
        let days = first
            .days
            .or(self.days)
            .unwrap_or((self.posted.date(), self.posted.date()));
        self.days = Some(
            second
                .days
                .map_or(days, |(_, last)| (days.0, last.max(days.0))),
        );
        if self.is_beside_the_point(first.span.start, second.span.end) {
            return;
        }
        let start = if first.from_now && !first.has_time() {
            Some(self.posted)
        } else {
            at_minutes(days.0, first.first())
        };
        let last = second.days.map_or(days.1, |(_, last)| last);
        let end = if second.has_time() {
            let minutes = end_minutes(first, second);
            let last = if second.next_day {
                last.tomorrow().unwrap_or(last)
            } else {
                last
            };
            at_minutes(last, minutes)
        } else if second.next_day {
            days.1.tomorrow().ok().map(end_of)
        } else {
            Some(end_of(last))
        };
        widen(&mut self.said.range, Window { start, end });
        if second.days.is_some() {
            self.days = second.days;
        }
    }

    fn take_moment(&mut self, moment: &Moment) {
        let named = moment.days;
        let days = named
            .or(self.days)
            .unwrap_or((self.posted.date(), self.posted.date()));
        let days = if moment.next_day {
            (
                days.1.tomorrow().unwrap_or(days.1),
                days.1.tomorrow().unwrap_or(days.1),
            )
        } else {
            days
        };
        self.days = Some(days);
        let role = self.role(moment);
        let start = at_minutes(days.0, moment.first());
        match role {
            Role::Aside => {}
            Role::Start if moment.from_now && !moment.has_time() => {
                self.said.from = earliest(self.said.from, Some(self.posted));
                if days.1 > days.0 {
                    self.said.whole_days.end =
                        latest(self.said.whole_days.end, Some(end_of(days.1)));
                }
            }
            Role::Start => self.said.from = earliest(self.said.from, start),
            Role::End => {
                let mut end = if moment.clock.is_some() {
                    at_minutes(days.1, moment.first())
                } else if let Some(part) = moment.part {
                    at_minutes(days.1, part.window().1)
                } else {
                    Some(end_of(days.1))
                };
                if named.is_none()
                    && end.is_some_and(|end| end < self.posted)
                    && self.said.from.is_none()
                    && self.said.range.start.is_none()
                {
                    end = end.and_then(|end| end.checked_add(1.day()).ok());
                }
                self.said.until = latest(self.said.until, end);
            }
            Role::Whole => {
                let window = match moment.part {
                    Some(part) if moment.clock.is_none() => Window {
                        start: at_minutes(days.0, part.window().0),
                        end: at_minutes(days.1, part.window().1),
                    },
                    _ => Window {
                        start: at_minutes(days.0, 0),
                        end: Some(end_of(days.1)),
                    },
                };
                widen(&mut self.said.whole_days, window);
            }
        }
    }

    /// What a time that stands alone says: when it begins, when it ends, or nothing of either.
    fn role(&self, moment: &Moment) -> Role {
        let after: String = clause_after(self.text, moment.span.end)
            .chars()
            .take(14)
            .collect();
        let before = clause_before(self.text, moment.span.start);
        let excused = self.is_beside_the_point(moment.span.start, moment.span.end);
        let ends =
            has_any(&after, RESTORES) && !has_any(&after, "后恢复 恢复后 恢复时间 后通 已恢复");
        if excused || moment.span.start > 0 && self.is_signature(moment) {
            return Role::Aside;
        }
        if after.starts_with("逐") || moment.onward && has_any(&after, "入户 陆续 逐步 逐户 逐家")
        {
            return Role::Aside;
        }
        if after.starts_with(['前', '之', '以']) {
            let due = has_any(
                before,
                "预计 预期 至 到 截至 截止 争取 力争 最迟 最晚 将在 将于 计划",
            );
            return if ends || due { Role::End } else { Role::Aside };
        }
        if ends && !has_any(&after, "停 断 封 禁") {
            return Role::End;
        }
        if !has_any(before, "提前至 提前到") && before.ends_with(['至', '到'])
            || has_any(before, "延长至 延至 截至 持续到 持续至")
        {
            return Role::End;
        }
        if moment.from_now || moment.onward {
            return Role::Start;
        }
        if moment.clock.is_none() {
            return if moment.days.is_some() || moment.all_day || moment.part.is_some() {
                Role::Whole
            } else {
                Role::Aside
            };
        }
        let starts = has_any(&after, STARTS)
            || before.ends_with(['自', '从', '于'])
            || after.starts_with('后');
        if starts { Role::Start } else { Role::Aside }
    }

    /// Times of service desks, deadlines for residents, what was planned before.
    fn is_beside_the_point(&self, start: usize, end: usize) -> bool {
        let before = clause_before(self.text, start);
        let after = clause_after(self.text, end);
        self.planned == Planned::IsOver && has_any(before, "原定 原计划 原通知 原本")
            || has_any(before, ASIDE_BEFORE)
            || after.starts_with('前') && has_any(before, "请 须 务必 提前")
            || has_any(after, ASIDE_AFTER)
    }

    /// A date at the very end is the day of signing.
    fn is_signature(&self, moment: &Moment) -> bool {
        let rest = self.text[moment.span.end..].trim();
        let before = self.text[..moment.span.start].trim_end_matches(' ');
        let signed = before.ends_with('\n')
            || before.ends_with(|c: char| "部司会局所站处心委家组社区院室".contains(c));
        !moment.has_time() && rest.chars().count() <= 2 && signed
    }

    fn settle(&self, lengths: &[usize]) -> Window {
        let said = self.said;
        let mut start = earliest(said.range.start, said.from);
        let mut end = latest(said.range.end, said.until);
        if said.range.start.is_none()
            && said.from.is_none()
            && (said.until.is_none() || said.whole_days.start <= said.until)
        {
            start = said.whole_days.start;
        }
        if end.is_none() {
            end = said
                .whole_days
                .end
                .filter(|end| start.is_none_or(|start| *end > start));
        }
        if end.is_none() || said.range.end.is_none() && said.until.is_none() && said.from.is_some()
        {
            end = lengths
                .iter()
                .find_map(|at| self.lasting(*at, start))
                .or(end);
        }
        if let (Some(from), Some(until)) = (start, end)
            && until < from
        {
            let next = until.checked_add(1.day()).ok().filter(|next| *next >= from);
            end = next;
        }
        Window { start, end }
    }

    /// Where the time ends that begins at `start`, or now, and lasts as long as the piece says.
    fn lasting(&self, at: usize, start: Option<DateTime>) -> Option<DateTime> {
        let piece = &self.pieces[at];
        let before = clause_before(self.text, piece.span.start);
        let after: String = clause_after(self.text, piece.span.end)
            .chars()
            .take(10)
            .collect();
        if has_any(before, "每次 每隔 提前 各 延长 推迟 超过 满 近 已 历史")
            && !has_any(before, "不超过")
            || after.starts_with("一次")
        {
            return None;
        }
        match piece.kind {
            Kind::Length(minutes) => {
                let expected = has_any(
                    before,
                    "约 需 预计 大概 历时 时长 持续 用时 耗时 左右 估计 大约 停",
                ) || has_any(&after, RESTORES)
                    || after.starts_with(['后', '内', '左'])
                    || start.is_some();
                let from = start.unwrap_or(self.posted);
                expected
                    .then(|| from.checked_add(minutes.minutes()).ok())
                    .flatten()
            }
            Kind::Days(days) => {
                let from = start?;
                Some(end_of(from.date().checked_add((days - 1).days()).ok()?))
            }
            _ => None,
        }
    }
}

/// What a time alone stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Start,
    End,
    Whole,
    Aside,
}

fn widen(window: &mut Window, other: Window) {
    window.start = earliest(window.start, other.start);
    window.end = latest(window.end, other.end);
}

fn earliest(a: Option<DateTime>, b: Option<DateTime>) -> Option<DateTime> {
    a.into_iter().chain(b).min()
}

fn latest(a: Option<DateTime>, b: Option<DateTime>) -> Option<DateTime> {
    a.into_iter().chain(b).max()
}

fn at_minutes(date: Date, minutes: i64) -> Option<DateTime> {
    date.at(0, 0, 0, 0).checked_add(minutes.minutes()).ok()
}

/// A date alone is the whole day, to 23:59:59.
fn end_of(date: Date) -> DateTime {
    date.at(23, 59, 59, 0)
}
