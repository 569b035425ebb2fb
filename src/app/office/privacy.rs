//! What is taken out again: by the calendar, and for a person who asks.

use serde_json::json;

use super::{Handled, Office, say};
use crate::app::cleaning;
use crate::app::request::Answer;
use crate::desk::{Mode, Report};
use crate::model::PersonId;
use crate::store::{Index, Key, Scan, StoreError};

impl Office {
    pub(super) async fn forget(&self, person: &str) -> Handled {
        let now = self.clock.now();
        let person = PersonId::from(person);
        let told = self.first_told_by(&person).await.map_err(say)?;
        let desk = self.desk.forget(&person, now).await.map_err(say)?;
        let notes = self.notes.forget(&person, &told).await.map_err(say)?;
        let ledger = self.ledger.forget(&person, now).await.map_err(say)?;
        self.desk.store.sync().await.map_err(say)?;
        let objection = if desk.objection_kept {
            "；反对记录的意愿只留编号，继续有效"
        } else {
            ""
        };
        let text = format!(
            "已忘记 {person}：{} 条反映去掉了姓名和原话，{} 个事件、{} 条经过不再提到，{} 条要说和 {} 条说过的话、{notes} 条差一点的话已清理，通讯录{}{objection}。",
            desk.reports,
            desk.events,
            desk.history,
            desk.sayings + ledger.sayings,
            ledger.entries,
            if desk.directory {
                "里已删除"
            } else {
                "里本来没有"
            },
        );
        let row = json!({"person": person, "desk": desk, "ledger_entries": ledger.entries, "ledger_sayings": ledger.sayings, "silences": notes});
        Ok(Answer::done(text, vec![row]))
    }

    /// Events whose first words are this person's: what was learnt from them goes, too.
    async fn first_told_by(&self, person: &PersonId) -> Result<Vec<String>, StoreError> {
        let store = &self.desk.store;
        let key = Key::new().text(person.as_str());
        let own = store
            .scan::<Report>(&Scan::prefix(Index::ReportPerson, &key))
            .await?;
        let mut events = Vec::new();
        for report in own {
            let shown = self.desk.show(report.record.event.as_str()).await?;
            let first = shown.and_then(|it| it.reports.into_iter().min_by_key(|one| one.at));
            if first.is_some_and(|first| first.person == *person) {
                events.push(report.record.event.to_string());
            }
        }
        Ok(events)
    }

    pub(super) async fn retention(&self, mode: Mode) -> Handled {
        let now = self.clock.now();
        let cleaned = cleaning::retain(&self.desk, &self.ledger, now, mode)
            .await
            .map_err(say)?;
        let notes = self.notes.retain(now, mode).await.map_err(say)?;
        let verb = if mode == Mode::DryRun {
            "到期待清理"
        } else {
            "已清理"
        };
        let text = format!(
            "{verb}：{} 个事件打码，{} 个事件连同 {} 条反映删除（计数保留），{} 条发件打码，{} 条发件删除，{notes} 条差一点的话删除。",
            cleaned.events.masked,
            cleaned.events.deleted,
            cleaned.events.reports,
            cleaned.letters_masked,
            cleaned.letters_deleted,
        );
        let row = json!({
            "events_masked": cleaned.events.masked, "events_deleted": cleaned.events.deleted,
            "reports_deleted": cleaned.events.reports, "letters_masked": cleaned.letters_masked,
            "letters_deleted": cleaned.letters_deleted, "silences_deleted": notes,
        });
        Ok(Answer::done(text, vec![row]))
    }
}
