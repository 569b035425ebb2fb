//! From a configuration to an open bot: store, directory, lexicon, texts, desk, outbox.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::assistant::{Assistant, read_folder};
use crate::config::Config;
use crate::desk::{Desk, History, Settings, Timer};
use crate::directory::Directory;
use crate::gateway::Sinks;
use crate::lexicon::Diagnostic;
use crate::model::{Clock, Destination, GatewayId, Timestamp};
use crate::outbox::{Limits, Outbox, Pace, Parts, Quiet, Routes};
use crate::store::sled::{Migration, Rewritten, Schema, Sled};
use crate::store::{Kind, Record, Store};

use super::bot::Bot;
use super::judge::judge;
use super::shelf::Shelf;

/// The shape of the records; a change of a record's shape adds a migration here.
pub const SCHEMA: Schema = Schema {
    migrations: &[
        // 2: an event's history is found by the start of its ids.
        Migration {
            kind: Kind::History,
            rewrite: file_anew::<History>,
        },
        // 3: nobody looks timers up by their event.
        Migration {
            kind: Kind::Timer,
            rewrite: file_anew::<Timer>,
        },
    ],
};

/// The same record under the keys it has now.
fn file_anew<R: Record>(body: &[u8]) -> Result<Rewritten, String> {
    let record: R = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok((body.to_vec(), record.keys()))
}

/// A bot and what was found on the way.
pub struct Opened {
    /// Ready to hear.
    pub bot: Bot,
    /// The texts, to be reloaded.
    pub assistant: Arc<Assistant>,
    /// Worth a look in the lexicon and the texts.
    pub warnings: Vec<String>,
}

/// Opens the configured store. Blocks while it is verified.
///
/// # Errors
///
/// Held by another process, damaged, or written by a newer program.
pub fn store(folder: &Path, now: Timestamp) -> anyhow::Result<Store> {
    let sled = Sled::open(folder, &SCHEMA, now)
        .with_context(|| format!("打不开数据目录 {}", folder.display()))?;
    Ok(Store::new(sled))
}

/// Opens the lexicon the configuration names.
///
/// # Errors
///
/// Everything that is wrong with its files.
pub fn shelf(config: &Config) -> anyhow::Result<(Shelf, Vec<Diagnostic>)> {
    Ok(Shelf::open(
        config.lexicon.clone(),
        config.packs.clone(),
        judge,
    )?)
}

/// Opens the desk alone: what the office needs on a store at rest.
///
/// # Errors
///
/// What the store reports.
pub async fn desk(config: &Config, store: Store, shelf: &Shelf) -> anyhow::Result<Desk> {
    let directory = Directory::load(store.clone()).await?;
    let catalogue = shelf.lexicon().catalogue().clone();
    Ok(Desk::new(store, directory, catalogue, settings(config)))
}

/// Opens everything.
///
/// # Errors
///
/// What is wrong with the lexicon or the store.
pub async fn bot(
    config: &Config,
    store: Store,
    sinks: Sinks,
    limits: Limits,
    clock: &dyn Clock,
) -> anyhow::Result<Opened> {
    let (shelf, warnings) = shelf(config)?;
    let mut opened = bot_on(shelf, config, store, sinks, limits, clock).await?;
    // What is worth a look in the embedded files is for us, not for whoever runs them.
    if config.lexicon.is_some() {
        let warnings = warnings.iter().map(ToString::to_string);
        opened.warnings.splice(0..0, warnings);
    }
    Ok(opened)
}

/// Opens everything around a lexicon that is open already.
///
/// # Errors
///
/// What is wrong with the texts or the store.
pub async fn bot_on(
    shelf: Shelf,
    config: &Config,
    store: Store,
    sinks: Sinks,
    limits: Limits,
    clock: &dyn Clock,
) -> anyhow::Result<Opened> {
    let mut warnings = Vec::new();
    let desk = Arc::new(desk(config, store.clone(), &shelf).await?);
    let assistant = Arc::new(Assistant::new());
    if let Some(folder) = &config.texts {
        let sources =
            read_folder(folder).with_context(|| format!("读不到文案目录 {}", folder.display()))?;
        warnings.extend(assistant.reload(&sources).iter().map(ToString::to_string));
    }
    let usual = sinks.keys().next().cloned();
    let parts = Parts {
        store,
        sinks,
        routes: Arc::new(Signposts {
            desk: desk.clone(),
            usual,
        }),
        renderer: assistant.clone(),
        limits,
        seed: seed(clock),
    };
    let outbox = Arc::new(Outbox::open(parts, clock.now()).await?);
    Ok(Opened {
        bot: Bot::new(desk, outbox, Arc::new(shelf)).opening_at(config.open_at),
        assistant,
        warnings,
    })
}

/// Jitter needs no secrecy, only that two bots differ.
fn seed(clock: &dyn Clock) -> u64 {
    clock.now().as_microsecond().cast_unsigned() ^ u64::from(std::process::id())
}

/// Where words to a group or person go out: as the directory says.
struct Signposts {
    desk: Arc<Desk>,
    /// Where a person is written to whose gateway nobody noted.
    usual: Option<GatewayId>,
}

impl Routes for Signposts {
    fn sink_of(&self, to: &Destination) -> Option<GatewayId> {
        let directory = self.desk.directory.snapshot();
        match to {
            Destination::Group(group) => directory.group(group)?.sink.clone(),
            Destination::Person(person) => {
                let noted = directory
                    .person(person)
                    .and_then(|person| person.gateway.clone());
                noted.or_else(|| self.usual.clone())
            }
        }
    }
}

/// The desk's settings as configured.
pub fn settings(config: &Config) -> Settings {
    Settings {
        zone: config.offset.to_time_zone(),
        working_hours: config.desk.hours.clone(),
        bot_name: config.bot_name.as_str().into(),
        lead_life: config.desk.lead_expires,
        lead_confirm: config.desk.lead_confirm,
        lead_confirm_off_hours: config.desk.lead_confirm_off_hours,
        lead_confirm_urgent: config.desk.lead_confirm_urgent,
        reply_within: config.age_gate,
        // Residents are asked once more half way through.
        follow_up: config.desk.follow_up / 2,
        restored_quiet: config.desk.quiet_after_restored,
        masked_after_days: config.retention.mask_after_days,
        deleted_after_days: config.retention.delete_after_days,
        ..Settings::default()
    }
}

/// The outbox's limits as configured.
pub fn limits(config: &Config) -> Limits {
    let outbox = &config.outbox;
    let per_minute = outbox.per_minute as usize;
    let pace = Pace {
        gap: outbox.spacing,
        jitter: outbox.jitter,
        per_minute,
        // Room for 特急, as far as there is any to share.
        reserved: Pace::default().reserved.min(per_minute / 2),
    };
    Limits {
        account: Some(pace),
        destination: Some(pace),
        quiet: outbox.quiet.map(|(from, until)| Quiet {
            from,
            until,
            zone: config.offset,
        }),
        gather: outbox.gather,
        stale_after: outbox.stale_after,
        replies_per_group: outbox.replies_per_group as usize,
        replies_per_person: outbox.replies_per_person as usize,
        ..Limits::default()
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::{Actor, State, TimerKind, history_of};
    use crate::model::EventId;
    use crate::store::{Change, Changes, Expect, Index, Key, Scan};

    use super::*;

    fn old<R: Record>(record: &R, more: (Index, Key)) -> Change {
        let mut keys = record.keys();
        keys.push(more);
        Change::Put {
            kind: R::KIND,
            id: record.id(),
            body: serde_json::to_vec(record).expect("plain data"),
            keys,
            expect: Expect::New,
        }
    }

    fn entry(event: &EventId, step: u32) -> History {
        History {
            event: event.clone(),
            step,
            at: Timestamp::UNIX_EPOCH,
            actor: Actor::Bot,
            act: "confirm".to_owned(),
            from: State::Lead,
            to: State::Open,
            holder: None,
            reason: None,
            message: None,
        }
    }

    #[tokio::test]
    async fn a_store_of_the_first_schema_keeps_its_histories_and_timers_without_spare_keys() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Sled::open(folder.path(), &Schema::default(), Timestamp::UNIX_EPOCH);
        let first = Store::new(first.expect("a new store"));
        let event = EventId::from("E-20261120-0001");
        let timer = Timer::of_event(&event, TimerKind::Review, Timestamp::UNIX_EPOCH);
        let by_event = Key::new().text(event.as_str());
        let mut changes = Changes::new();
        for step in [0, 1, 10] {
            let key = by_event.clone().number(step.into());
            changes
                .changes
                .push(old(&entry(&event, step), (Index::HistoryEvent, key)));
        }
        let spare = (Index::TimerEvent, by_event.clone());
        changes.changes.push(old(&timer, spare));
        first.commit(changes).await.expect("committed");
        first.sync().await.expect("on disk");
        drop(first);

        for _ in 0..2 {
            let store = store(folder.path(), Timestamp::UNIX_EPOCH).expect("migrated");
            let history = history_of(&store, &event).await.expect("readable");
            let steps: Vec<_> = history.iter().map(|entry| entry.step).collect();
            assert_eq!(steps, [0, 1, 10]);
            let due = Scan::prefix(Index::TimerDue, &Key::new());
            let due = store.scan::<Timer>(&due).await.expect("readable");
            assert_eq!(due.len(), 1);
            let spare = Scan::prefix(Index::HistoryEvent, &by_event);
            let spare = store.scan::<History>(&spare).await.expect("readable");
            assert!(spare.is_empty());
            let spare = Scan::prefix(Index::TimerEvent, &by_event);
            let spare = store.scan::<Timer>(&spare).await.expect("readable");
            assert!(spare.is_empty());
        }
    }
}
