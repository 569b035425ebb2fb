//! What goes on beside the messages: reloads when somebody saves, and cleaning up by the calendar.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Supervisor;
use super::full_disk::rest_if_full;
use crate::app::cleaning::{Cleaned, retain};
use crate::app::notes::Notes;
use crate::app::opening::Opened;
use crate::app::shelf::{Reloaded, Shelf};
use crate::app::watch::Watch;
use crate::assistant::{Assistant, read_folder};
use crate::config::Config;
use crate::desk::{Desk, DeskError, Mode, purge_notices, purge_seen};
use crate::model::{Clock, Timestamp};
use crate::outbox::Ledger;

/// How often old things are looked for.
const ROUND: Duration = Duration::from_hours(1);

/// Dedupe marks removed at a time.
const PURGED_AT_ONCE: usize = 1000;

/// Starts the upkeep.
pub(super) fn start(
    crew: &mut Supervisor,
    config: &Config,
    opened: &Opened,
    clock: &Arc<dyn Clock>,
) {
    let (shelf, desk) = (opened.bot.shelf.clone(), opened.bot.desk.clone());
    if shelf.folder().is_some() {
        crew.start("lexicon", move |stop| {
            reload_lexicon(shelf.clone(), desk.clone(), stop)
        });
    }
    if let Some(folder) = config.texts.clone() {
        let assistant = opened.assistant.clone();
        crew.start("texts", move |stop| {
            reload_texts(folder.clone(), assistant.clone(), stop)
        });
    }
    let (desk, clock) = (opened.bot.desk.clone(), clock.clone());
    let ledger = opened.bot.outbox.ledger();
    let notes = opened.bot.notes.clone();
    crew.start("cleaning", move |stop| {
        let notes = notes.clone();
        clean(desk.clone(), ledger.clone(), notes, clock.clone(), stop)
    });
}

async fn reload_lexicon(
    shelf: Arc<Shelf>,
    desk: Arc<Desk>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let Some(folder) = shelf.folder() else {
        return Ok(());
    };
    let watch = Watch::folder(folder)?;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = watch.settled() => {}
        }
        let looking = shelf.clone();
        let result = match tokio::task::spawn_blocking(move || looking.reload()).await? {
            Reloaded::Unchanged => continue,
            Reloaded::Swapped { lexicon, warnings } => {
                desk.set_catalogue(lexicon.catalogue().clone());
                info!(
                    lexicon.version = lexicon.version(),
                    warnings = warnings.len(),
                    "lexicon reloaded"
                );
                "swapped"
            }
            Reloaded::Kept(problems) => {
                warn!(%problems, "lexicon not reloaded, the last good one stays");
                "kept"
            }
        };
        counter!("lianxin_lexicon_reloads_total", "result" => result).increment(1);
    }
}

async fn reload_texts(
    folder: PathBuf,
    assistant: Arc<Assistant>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let watch = Watch::folder(&folder)?;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = watch.settled() => {}
        }
        let result = match read_folder(&folder) {
            Ok(sources) => {
                let problems = assistant.reload(&sources);
                for problem in &problems {
                    warn!(%problem, "a text was not reloaded, its last good words stay");
                }
                info!(overridden = assistant.overridden().len(), "texts reloaded");
                if problems.is_empty() {
                    "swapped"
                } else {
                    "kept"
                }
            }
            Err(error) => {
                warn!(%error, "the texts cannot be read, the last good words stay");
                "kept"
            }
        };
        counter!("lianxin_texts_reloads_total", "result" => result).increment(1);
    }
}

async fn clean(
    desk: Arc<Desk>,
    ledger: Ledger,
    notes: Option<Notes>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    loop {
        let round = match clean_once(&desk, &ledger, notes.as_ref(), clock.now()).await {
            Ok(cleaned) if cleaned == Cleaned::default() => ROUND,
            Ok(cleaned) => {
                info!(?cleaned, "kept long enough, taken out");
                ROUND
            }
            Err(error) => {
                rest_if_full(error).await?;
                Duration::ZERO
            }
        };
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(round) => {}
        }
    }
}

async fn clean_once(
    desk: &Desk,
    ledger: &Ledger,
    notes: Option<&Notes>,
    now: Timestamp,
) -> Result<Cleaned, DeskError> {
    while purge_seen(&desk.store, now, PURGED_AT_ONCE).await? == PURGED_AT_ONCE {}
    purge_notices(&desk.store, now).await?;
    if let Some(notes) = notes {
        notes.retain(now, Mode::Apply).await?;
    }
    retain(desk, ledger, now, Mode::Apply).await
}
