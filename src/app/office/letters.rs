//! What was said, what could not be, and what a person decides about it.

use serde_json::json;

use super::{Handled, Office, say};
use crate::app::request::Answer;
use crate::app::table::table;
use crate::model::{Destination, Saying, SayingId};
use crate::outbox::{Delivery, DeliveryState, Stop};

/// The name of what has no words yet; the ledger itself does not know it.
const PENDING: &str = "pending";

/// Who decides, in the ledger's words.
const BY: &str = "管理员";

impl Office {
    pub(super) async fn letters(&self, state: Option<&str>, limit: usize) -> Handled {
        if state == Some(PENDING) {
            let pending = self.ledger.pending(limit).await.map_err(say)?;
            return Ok(show_pending(&pending));
        }
        let states = match state {
            None => vec![
                DeliveryState::Draft,
                DeliveryState::Unknown,
                DeliveryState::Refused,
            ],
            Some(name) => vec![DeliveryState::from_name(name).ok_or_else(|| {
                let known: Vec<&str> = DeliveryState::ALL
                    .iter()
                    .map(|state| state.name())
                    .collect();
                format!(
                    "没有“{name}”这种状态；可用：{PENDING}、{}",
                    known.join("、")
                )
            })?],
        };
        let mut found = Vec::new();
        for state in states {
            found.extend(self.ledger.by_state(state, limit).await.map_err(say)?);
        }
        found.sort_by_key(|delivery| std::cmp::Reverse(delivery.changed_at));
        found.truncate(limit);
        let stopped = self.ledger.stopped().await.map_err(say)?;
        Ok(self.show(&found, stopped.as_ref()))
    }

    fn show(&self, found: &[Delivery], stopped: Option<&Stop>) -> Answer {
        let mut text = String::new();
        if let Some(stop) = stopped {
            text = format!(
                "发言已停止（{}，{}）。恢复：lianxin outbox start\n\n",
                stop.by,
                self.when(stop.at)
            );
        }
        if found.is_empty() {
            text.push_str("没有要看的发件。");
        } else {
            let rows = found.iter().map(|delivery| {
                [
                    delivery.id.to_string(),
                    delivery.state.chinese().to_owned(),
                    self.when(delivery.changed_at),
                    destination(&delivery.to),
                    first_line(&delivery.text()),
                    delivery.reason.clone(),
                ]
            });
            text.push_str(&table(
                ["编号", "状态", "时间", "发给", "内容", "说明"],
                rows,
            ));
        }
        Answer::done(text, found.iter().map(|delivery| json!(delivery)).collect())
    }

    pub(super) async fn stop(&self, by: String) -> Handled {
        let at = self.clock.now();
        let stop = Stop {
            last_words: None,
            by,
            at,
            reason: String::new(),
        };
        self.ledger.stop(&stop).await.map_err(say)?;
        Ok(Answer::done(
            "已停止发言：照样听、照样记，什么也不说。恢复：lianxin outbox start",
            Vec::new(),
        ))
    }

    pub(super) async fn start(&self) -> Handled {
        self.ledger.start().await.map_err(say)?;
        Ok(Answer::done("已恢复发言。", Vec::new()))
    }

    pub(super) async fn retry(&self, id: &str) -> Handled {
        let done = self
            .ledger
            .retry(&SayingId::from(id), BY, self.clock.now())
            .await
            .map_err(say)?;
        Ok(decided("会再发一次", &done))
    }

    pub(super) async fn give_up(&self, id: &str) -> Handled {
        let done = self
            .ledger
            .drop(&SayingId::from(id), BY, self.clock.now())
            .await
            .map_err(say)?;
        Ok(decided("不发了", &done))
    }

    pub(super) async fn sent(&self, id: &str) -> Handled {
        let done = self
            .ledger
            .mark_sent(&SayingId::from(id), BY, self.clock.now())
            .await
            .map_err(say)?;
        Ok(decided("记为已发出", &done))
    }
}

fn decided(what: &str, delivery: &Delivery) -> Answer {
    Answer::done(format!("{what}：{}", delivery.id), vec![json!(delivery)])
}

fn show_pending(pending: &[Saying]) -> Answer {
    let rows = pending.iter().map(|saying| {
        let event = saying
            .event
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        [
            saying.id.to_string(),
            saying.level.chinese().to_owned(),
            destination(&saying.to),
            event,
        ]
    });
    let text = if pending.is_empty() {
        "没有等着要说的话。".to_owned()
    } else {
        table(["编号", "级别", "发给", "事件"], rows)
    };
    Answer::done(text, pending.iter().map(|saying| json!(saying)).collect())
}

fn destination(to: &Destination) -> String {
    match to {
        Destination::Group(group) => format!("群 {group}"),
        Destination::Person(person) => format!("个人 {person}"),
    }
}

/// The beginning of a text, for a table.
fn first_line(text: &str) -> String {
    const SHOWN: usize = 24;
    let line = text.lines().next().unwrap_or_default();
    let mut shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
