//! What the day came to: the events, what was said where, and the figures.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::app::bot::{Effect, Reaction};
use crate::app::rehearsal::{Rehearsal, Said};
use crate::app::table::table;
use crate::desk::{Effect as Taken, Event, Filter, Outcome, State, View};
use crate::model::Destination;

use super::super::{Printer, Tone, spoken};

/// Counts of the day.
#[derive(Default)]
pub(super) struct Figures {
    messages: usize,
    silent: usize,
    redelivered: usize,
    opened: usize,
    joined: usize,
    explained: usize,
    commands: usize,
    words: BTreeMap<Destination, usize>,
    latencies: Vec<Duration>,
}

impl Figures {
    /// Counts a message and how long it took from arrival to the disk.
    pub(super) fn heard(&mut self, reaction: &Reaction, took: Duration) {
        self.messages += 1;
        if reaction.commit.is_some() {
            self.latencies.push(took);
        }
        match &reaction.effect {
            Effect::Obeyed(_) => self.commands += 1,
            Effect::Intake(intake) => match intake.effect {
                Taken::Redelivered => self.redelivered += 1,
                Taken::Opened => self.opened += 1,
                Taken::Joined | Taken::Restored | Taken::Reopened | Taken::Confirmed => {
                    self.joined += 1;
                }
                Taken::Explained | Taken::Noticed => self.explained += 1,
                Taken::Nothing | Taken::Doubted | Taken::Consulted => self.silent += 1,
            },
            _ => self.silent += 1,
        }
    }

    /// Counts words.
    pub(super) fn said(&mut self, said: &[Said]) {
        for said in said {
            *self.words.entry(said.words.to.clone()).or_default() += 1;
        }
    }

    fn line(&mut self) -> String {
        let (p50, p99) = (self.latency(0.5), self.latency(0.99));
        format!(
            "消息 {} 条，其中沉默 {} 条、重复送达 {} 条；立案 {} 件，并入 {} 条，通知和通知解释 {} 条，指令 {} 条；从收到到落盘 p50 {:.1} 毫秒、p99 {:.1} 毫秒",
            self.messages,
            self.silent,
            self.redelivered,
            self.opened,
            self.joined,
            self.explained,
            self.commands,
            p50.as_secs_f64() * 1e3,
            p99.as_secs_f64() * 1e3,
        )
    }

    fn latency(&mut self, share: f64) -> Duration {
        self.latencies.sort_unstable();
        let last = self.latencies.len().saturating_sub(1);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index among a few hundred"
        )]
        let index = (last as f64 * share).round() as usize;
        self.latencies.get(index).copied().unwrap_or_default()
    }
}

/// Prints it all.
pub(super) async fn print(
    printer: &mut Printer,
    rehearsal: &Rehearsal,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let desk = &rehearsal.bot.desk;
    let mut events = desk
        .list(&Filter {
            states: State::ALL.to_vec(),
            ..Filter::default()
        })
        .await?;
    events.retain(|event| event.state != State::Lead);
    events.reverse();
    let view = desk.view();
    printer.toned(Tone::Good, "\n今天的事件")?;
    let head = [
        "编号",
        "状态",
        "级别",
        "类别",
        "地点",
        "人数",
        "群数",
        "负责人",
        "最早的话",
    ];
    printer.line(&table(head, events.iter().map(|event| row(&view, event))))?;
    printer.toned(Tone::Good, "\n在哪里说了几句")?;
    let words = figures.words.iter();
    let rows = words.map(|(to, count)| [spoken::heard_by(&view.directory, to), count.to_string()]);
    printer.line(&table(["去处", "条数"], rows))?;
    printer.toned(Tone::Good, "\n数字")?;
    let line = figures.line();
    printer.line(&line)?;
    Ok(())
}

fn row(view: &View, event: &Event) -> [String; 9] {
    let category = view.catalogue.categories.get(&event.category);
    let place = event
        .place
        .as_ref()
        .map(|place| place.within(&event.area))
        .unwrap_or_default();
    [
        event.id.to_string(),
        event
            .outcome
            .map_or(event.state.chinese(), Outcome::chinese)
            .to_owned(),
        event.level.chinese().to_owned(),
        category
            .map(|category| category.name.clone())
            .unwrap_or_default(),
        format!("{}{place}", event.area.name()),
        event.supporters.to_string(),
        event.sources.len().to_string(),
        event
            .holder
            .as_ref()
            .map_or("—", |holder| view.directory.name(holder))
            .to_owned(),
        event.gist.chars().take(22).collect(),
    ]
}
