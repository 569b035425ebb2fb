//! What admins and operators look at and do, on the running bot and on a store at rest alike.

mod dead;
mod events;
mod groups;
mod letters;
mod people;
mod privacy;
mod shadow;
mod silences;
mod standing;
mod words;

use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::json;

use crate::config;
use crate::desk::{Desk, Mode};
use crate::gateway::{Health, Profile};
use crate::model::{Clock, GatewayId};
use crate::outbox::Ledger;
use crate::store::export::backup;

use super::heard::LastHeard;
use super::notes::Notes;
use super::opening::SCHEMA;
use super::request::{Answer, Request};
use super::shelf::Shelf;
use events::Wish;
pub use people::import_files;

/// How the gateways are doing.
pub type Lookout = Arc<dyn Fn() -> Vec<(GatewayId, Health)> + Send + Sync>;

/// Has a gateway read something once more and waits until it is committed; why not, Chinese.
pub type Reread =
    Arc<dyn Fn(GatewayId, Vec<u8>) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Answers requests. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    /// Events, people and the store.
    pub desk: Arc<Desk>,
    /// What was said.
    pub ledger: Ledger,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The gateways of the running bot; none at rest.
    pub lookout: Lookout,
    /// Reads dead letters again; `None` at rest.
    pub reread: Option<Reread>,
    /// Configured gateways; the first is the default of an admission.
    pub gateways: Vec<Profile>,
    /// Most messages a minute of an account and in a group, as configured.
    pub per_minute: u32,
    /// When each group was last heard; empty at rest.
    pub last_heard: LastHeard,
    /// What is kept beside the events.
    pub notes: Notes,
    /// The lexicon in force.
    pub shelf: Arc<Shelf>,
    /// From this score on a gripe opens an event.
    pub open_at: f32,
    /// Whether the bot speaks at all.
    pub mode: config::Mode,
}

/// What came of a request; an error is a sentence for the person who asked.
type Handled = Result<Answer, String>;

impl Office {
    /// Does what is asked; a refusal is an answer, too.
    pub async fn handle(&self, request: Request) -> Answer {
        if self.mode == config::Mode::Shadow && request.speaks() {
            return Answer::refused(
                "现在是旁听模式，什么也不办、不说；要正式办理，请把配置里的 mode 改成 \"live\" 再重启",
            );
        }
        let handled = match request {
            Request::Events { all, area, limit } => self.events(all, area, limit).await,
            Request::Event { id } => self.event(&id).await,
            Request::Act {
                command,
                event,
                reason,
                to,
                until,
            } => {
                self.act(Wish {
                    command,
                    event,
                    reason,
                    to,
                    until,
                })
                .await
            }
            Request::Groups => Ok(self.groups()),
            Request::Group { group } => self.group(&group),
            Request::Standings => Ok(self.standings()),
            Request::Admit {
                group,
                area,
                purpose,
            } => self.admit(&group, &area, purpose).await,
            Request::Retire { group } => self.retire(&group).await,
            Request::Outbox { state, limit } => self.letters(state.as_deref(), limit).await,
            Request::OutboxStop { by } => self.stop(by).await,
            Request::OutboxStart => self.start().await,
            Request::OutboxRetry { id } => self.retry(&id).await,
            Request::OutboxDrop { id } => self.give_up(&id).await,
            Request::OutboxSent { id } => self.sent(&id).await,
            Request::Directory => Ok(self.directory()),
            Request::DirectoryImport { files, dry_run } => self.import(&files, dry_run).await,
            Request::Backup { file } => self.backup(&file).await,
            Request::Silences { group, limit } => self.silences(group.as_deref(), limit).await,
            Request::SilenceReal { id, category } => {
                self.silence_was_real(&id, category.as_deref()).await
            }
            Request::ShadowReport { recorded, per_day } => {
                self.shadow_report(recorded.as_ref(), per_day).await
            }
            Request::StoredTexts => self.stored_texts().await,
            Request::WordStats => self.word_stats().await,
            Request::WordSuggestions { limit } => self.word_suggestions(limit).await,
            Request::DeadLetters { limit } => self.dead_letters(limit).await,
            Request::DeadRetry { id } => self.dead_retry(id.as_deref()).await,
            Request::Forget { person } => self.forget(&person).await,
            Request::Retention { dry_run } => {
                self.retention(if dry_run { Mode::DryRun } else { Mode::Apply })
                    .await
            }
        };
        handled.unwrap_or_else(Answer::refused)
    }
}

impl Office {
    async fn backup(&self, file: &Path) -> Handled {
        let store = &self.desk.store;
        let summary = backup(store.backend(), SCHEMA.version(), file)
            .await
            .map_err(say)?;
        let text = format!("已备份 {} 条记录：{}", summary.records, file.display());
        Ok(Answer::done(text, vec![json!(summary)]))
    }
}

/// Any error as the sentence it carries.
fn say(error: impl std::fmt::Display) -> String {
    error.to_string()
}
