//! Events: lists, one event's whole story, and acting on one.

use serde_json::{Value, json};

use super::{Handled, Office, say};
use crate::app::lessons::learn;
use crate::app::request::Answer;
use crate::app::table::table;
use crate::command::{Command, CommandName};
use crate::desk::{Actor, Asked, Done, Event, Filter, Light, Shown, State, chinese_name};
use crate::model::{AreaId, EventId, GatewayId, PersonId, Role};
use crate::text::mask::mask;

/// Who acts through the command line, as the history shows it.
const OFFICE: &str = "管理员（命令行）";

/// What the office may see of open events.
const UNFINISHED: [State; 4] = [
    State::Open,
    State::Dispatched,
    State::InProgress,
    State::Resolved,
];

/// A command on an event as it was typed.
pub(super) struct Wish {
    pub(super) command: CommandName,
    pub(super) event: String,
    pub(super) reason: Option<String>,
    pub(super) to: Option<String>,
    pub(super) until: Option<String>,
}

impl Office {
    pub(super) async fn events(&self, all: bool, area: Option<String>, limit: usize) -> Handled {
        let states = if all { Vec::new() } else { UNFINISHED.to_vec() };
        let area = area.map(|area| AreaId::from_path(&area.split('/').collect::<Vec<_>>()));
        let filter = Filter {
            states,
            area,
            limit,
            ..Filter::default()
        };
        let events = self.desk.list(&filter).await.map_err(say)?;
        if events.is_empty() {
            return Ok(Answer::done("没有这样的事件。", Vec::new()));
        }
        let rows = events.iter().map(|event| self.row(event));
        let head = [
            "编号",
            "状态",
            "级别",
            "类别",
            "地点",
            "负责人",
            "人数",
            "立案",
            "内容",
        ];
        Ok(Answer::done(
            table(head, rows),
            events.iter().map(|event| json!(event)).collect(),
        ))
    }

    fn row(&self, event: &Event) -> [String; 9] {
        let view = self.desk.view();
        let place = event
            .place
            .as_ref()
            .map(|place| place.within(&event.area))
            .unwrap_or_default();
        let category = view.catalogue.categories.get(&event.category);
        let holder = event
            .holder
            .as_ref()
            .map(|holder| view.directory.name(holder).to_owned());
        let light = match Light::of(event, self.clock.now()) {
            Light::Green => "",
            light => light.chinese(),
        };
        [
            event.id.to_string(),
            format!("{}{light}", state(event)),
            event.level.chinese().to_owned(),
            category.map_or_else(
                || event.category.to_string(),
                |category| category.name.clone(),
            ),
            format!("{}{place}", event.area.name()),
            holder.unwrap_or_else(|| "—".to_owned()),
            event.supporters.to_string(),
            self.when(event.opened_at),
            event.gist.chars().take(24).collect(),
        ]
    }

    pub(super) async fn event(&self, id: &str) -> Handled {
        let shown = self.desk.show(id).await.map_err(say)?;
        let shown =
            shown.ok_or_else(|| format!("没有编号为 {id} 的事件；用 events list --all 看编号"))?;
        Ok(Answer::done(self.story(&shown), vec![story_row(&shown)]))
    }

    fn story(&self, shown: &Shown) -> String {
        let event = &shown.event;
        let view = self.desk.view();
        let name = |person: &PersonId| view.directory.name(person).to_owned();
        let [
            id,
            state,
            level,
            category,
            place,
            holder,
            supporters,
            opened,
            _,
        ] = self.row(event);
        let mut text = format!(
            "{id}　{state}　{level}　{category}\n地点：{}　{place}\n负责人：{holder}\n反映：{supporters} 人，最早 {opened}，来自 {} 个群\n内容：{}\n",
            event.area,
            event.sources.len(),
            event.gist
        );
        text.push_str("\n为什么立案：\n");
        for reason in &*event.because {
            text += &format!("  {}（{:+.1}）\n", reason.text, reason.weight);
        }
        text.push_str("\n居民的话（已打码）：\n");
        for report in &shown.reports {
            text += &format!(
                "  {} {}：{}\n",
                self.when(report.at),
                report.name,
                report.text
            );
        }
        text.push_str("\n经过：\n");
        for entry in &shown.history {
            let who = match &entry.actor {
                Actor::Bot => "机器人".to_owned(),
                Actor::Person(person) => name(person),
            };
            let what = chinese_name(&entry.act).unwrap_or(&entry.act);
            let reason = entry
                .reason
                .as_ref()
                .map(|reason| format!("：{reason}"))
                .unwrap_or_default();
            text += &format!(
                "  {} {who} {what}{reason}（{}）\n",
                self.when(entry.at),
                entry.to.chinese()
            );
        }
        text
    }

    pub(super) async fn act(&self, wish: Wish) -> Handled {
        let command = Command {
            name: wish.command,
            event: Some(wish.event),
            reason: wish.reason.map(|reason| mask(&reason)),
            to: wish.to,
            until: wish.until,
            allowed: true,
        };
        let person = PersonId::from(OFFICE);
        let asked = Asked {
            person: &person,
            vouched: Some(Role::Admin),
            name: OFFICE,
            gateway: &GatewayId::default(),
            group: None,
            message: None,
            command: &command,
            at: self.clock.now(),
        };
        let answered = self.desk.command(&asked).await.map_err(say)?;
        let done = answered.result.map_err(say)?;
        let event = answered
            .event
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let text = match done {
            Done::Changed(next) => {
                let learnt = self.learn(answered.event.as_ref(), command.name).await;
                format!(
                    "{event} {}：已办。{}{learnt}",
                    command.name.chinese(),
                    next.unwrap_or_default()
                )
            }
            Done::Told(text) => text,
            Done::StopBot | Done::StartBot => {
                return Err("停止和恢复发言请用 lianxin outbox stop / start".to_owned());
            }
        };
        let shown = self.desk.show(&event).await.map_err(say)?;
        Ok(Answer::done(
            text,
            shown.iter().map(|shown| json!(shown.event)).collect(),
        ))
    }
}

impl Office {
    /// Makes a verdict an example; what went wrong, for the person who gave it.
    async fn learn(&self, event: Option<&EventId>, command: CommandName) -> String {
        let Some(event) = event else {
            return String::new();
        };
        match learn(&self.desk, &self.notes.lessons, event, command).await {
            Ok(()) => String::new(),
            Err(error) => format!("（没能记成例子：{error}）"),
        }
    }
}

fn state(event: &Event) -> String {
    let mut state = event
        .outcome
        .map_or(event.state.chinese(), |outcome| outcome.chinese())
        .to_owned();
    let marks = [
        (event.suspended.is_some(), "·挂账"),
        (event.escalated_at.is_some(), "·吹哨"),
        (event.supervised_at.is_some(), "·督办"),
    ];
    for (_, mark) in marks.into_iter().filter(|(set, _)| *set) {
        state.push_str(mark);
    }
    state
}

fn story_row(shown: &Shown) -> Value {
    json!({"event": shown.event, "reports": shown.reports, "history": shown.history})
}
