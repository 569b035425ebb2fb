//! Looking: one event, lists of events, what I have to do, what can be said.

use std::cmp::Reverse;
use std::ops::Bound;

use crate::command::{Command, CommandName as Name};
use crate::model::{AreaId, PersonId, Role, Timestamp};
use crate::store::{Index, Key, Scan, StoreError, Versioned};

use super::history::of_event;
use super::rights::{Who, may_see};
use super::sayings::{Reader, about, line, when};
use super::{Desk, DeskError, Event, History, Outcome, Refused, Report, State, View};

/// How many lines an answer in chat may have.
const MAX_LINES: usize = 12;
/// How many events one read of a listing takes in.
const BATCH: usize = 500;

/// Which events a listing holds.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Only these states; empty: all but Leads.
    pub states: Vec<State>,
    /// Only within this area.
    pub area: Option<AreaId>,
    /// Only held by this person.
    pub holder: Option<PersonId>,
    /// Opened at or after.
    pub since: Option<Timestamp>,
    /// At most so many, newest first.
    pub limit: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            states: Vec::new(),
            area: None,
            holder: None,
            since: None,
            limit: 100,
        }
    }
}

/// One event with all that is kept about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The event.
    pub event: Event,
    /// The messages that support it, first one first.
    pub reports: Vec<Report>,
    /// What happened to it, first entry first.
    pub history: Vec<History>,
}

impl Desk {
    /// Events, newest first.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn list(&self, filter: &Filter) -> Result<Vec<Event>, StoreError> {
        let from = filter
            .since
            .map_or(Bound::Unbounded, |at| Bound::Included(Key::new().time(at)));
        let mut scan = Scan::range(Index::EventOpened, from, Bound::Unbounded).backward();
        let mut found = Vec::new();
        loop {
            let page: Vec<Versioned<Event>> = self.store.scan(&scan.clone().limit(BATCH)).await?;
            let read = page.len();
            let last = page.last().map(|event| event.record.opened_at);
            let known = found.len();
            for event in page.into_iter().map(|event| event.record) {
                let news = found[known.saturating_sub(BATCH)..]
                    .iter()
                    .all(|it: &Event| it.id != event.id);
                if news && filter.takes(&event) {
                    found.push(event);
                }
                if found.len() == filter.limit {
                    return Ok(found);
                }
            }
            match last.filter(|_| read == BATCH) {
                Some(at) => scan.to = earlier_page(&scan.to, at),
                None => return Ok(found),
            }
        }
    }

    /// One event with its reports and history, by full id or short number (the newest).
    ///
    /// # Errors
    /// What the store reports.
    pub async fn show(&self, typed: &str) -> Result<Option<Shown>, StoreError> {
        let Some(event) = self.numbered(typed).await?.into_iter().next() else {
            return Ok(None);
        };
        let key = Key::new().text(event.record.id.as_str());
        let reports = self
            .store
            .scan(&Scan::prefix(Index::ReportEvent, &key))
            .await?;
        Ok(Some(Shown {
            history: of_event(&self.store, &event.record.id).await?,
            reports: reports.into_iter().map(|report| report.record).collect(),
            event: event.record,
        }))
    }

    /// The answer to 查询, 我的 and 帮助, and the event it is about.
    pub(super) async fn look(
        &self,
        view: &View,
        who: &Who,
        command: &Command,
        reader: Reader,
        at: Timestamp,
    ) -> Result<(String, Option<Event>), DeskError> {
        match (command.name, &command.event) {
            (Name::Help, _) => Ok((help(who).to_owned(), None)),
            (Name::Mine, _) => {
                let held = self.held_by(&who.person).await?;
                Ok((lines(view, held, reader, at, "您手上没有待办的事件"), None))
            }
            (_, Some(typed)) => {
                let event = self.seen(view, who, typed).await?;
                Ok((describe(view, &event, reader, at), Some(event)))
            }
            (_, None) => {
                let events = self.in_sight(view, who).await?;
                Ok((
                    lines(view, events, reader, at, "目前没有正在办理的事件"),
                    None,
                ))
            }
        }
    }

    /// The newest event of this number that the person may see, open ones first.
    async fn seen(&self, view: &View, who: &Who, typed: &str) -> Result<Event, DeskError> {
        let numbered = self.numbered(typed).await?;
        let mut visible: Vec<Event> = numbered
            .into_iter()
            .map(|event| event.record)
            .filter(|event| may_see(view, event, who).is_ok())
            .collect();
        visible.sort_by_key(|event| !event.is_open());
        let unknown = Refused::Unknown {
            number: typed.to_owned(),
        };
        Ok(visible.into_iter().next().ok_or(unknown)?)
    }

    /// The open events somebody may see, those of their group or of their area.
    async fn in_sight(&self, view: &View, who: &Who) -> Result<Vec<Versioned<Event>>, StoreError> {
        let mut events = self.open_events().await?;
        events.retain(|event| may_see(view, &event.record, who).is_ok());
        events.sort_by_key(|event| Reverse(event.record.opened_at));
        Ok(events)
    }
}

impl Filter {
    fn takes(&self, event: &Event) -> bool {
        let state = if self.states.is_empty() {
            event.state != State::Lead && event.outcome != Some(Outcome::Expired)
        } else {
            self.states.contains(&event.state)
        };
        state
            && self
                .area
                .as_ref()
                .is_none_or(|area| event.area.is_within(area))
            && (self.holder.is_none() || event.holder == self.holder)
    }
}

/// The bound of the next page: at the last one's instant, where ties may go on. A page of nothing
/// but ties moves on past them, as it cannot do better.
fn earlier_page(bound: &Bound<Key>, at: Timestamp) -> Bound<Key> {
    let next = Bound::Included(Key::new().time(at));
    if *bound == next {
        return Bound::Excluded(Key::new().time(at));
    }
    next
}

fn lines(
    view: &View,
    events: Vec<Versioned<Event>>,
    reader: Reader,
    at: Timestamp,
    none: &str,
) -> String {
    if events.is_empty() {
        return none.to_owned();
    }
    let more = events.len().saturating_sub(MAX_LINES);
    let shown = events.iter().take(MAX_LINES);
    let mut lines: Vec<String> = shown
        .map(|event| line(view, &event.record, reader, at))
        .collect();
    if more > 0 {
        lines.push(format!("还有{more}件，请带编号查询"));
    }
    lines.join("\n")
}

/// One event as its line and what residents or colleagues want to know besides.
fn describe(view: &View, event: &Event, reader: Reader, at: Timestamp) -> String {
    let mut lines = vec![line(view, event, reader, at)];
    if event.discreet && reader != Reader::Alone {
        return lines.remove(0);
    }
    let facts = about(view, event, reader);
    for (name, title) in [
        ("gist", "内容"),
        ("holder", "负责"),
        ("opened", "反映时间"),
        ("supporters", "反映人数"),
    ] {
        if let Some(value) = facts.get(name) {
            lines.push(format!("{title}：{value}"));
        }
    }
    if let Some(by) = event
        .clocks
        .finish_by
        .filter(|_| event.state < State::Resolved)
    {
        lines.push(format!("办结时限：{}", when(view, by)));
    }
    if let Some(suspension) = &event.suspended {
        let until = when(view, suspension.until);
        lines.push(format!(
            "等待原因：{}（{until}前再处理）",
            suspension.reason
        ));
    }
    if let Some(result) = &event.result {
        lines.push(format!("结果：{result}"));
    }
    lines.join("\n")
}

fn help(who: &Who) -> &'static str {
    match who.role {
        Role::Worker | Role::Property => {
            "接单 12｜退单 12 原因｜办结 12 结果\n挂账 12 原因 到周三｜延期 12 两天｜转派 12 @同事\n并案 12 到 9｜改类别 12 供水排水｜查询 12｜我的\n引用卡片时可以不写编号"
        }
        Role::Staff | Role::Admin => {
            "确认 12｜作废 12 原因｜转派 12 @同事｜同意 12\n核查 12｜返工 12 原因｜并案 12 到 9｜改类别 12 供水排水\n吹哨 12｜督办 12｜查询 12｜我的｜停止发言｜恢复发言（管理员）"
        }
        Role::Resident | Role::Bot => {
            "遇到问题直接在群里说，写上几栋几单元更快。\n查询 12：看进展｜催办 12｜满意 12｜不满意 12 哪里不好\n遇到危险请先拨打 110、119 或 120"
        }
    }
}
