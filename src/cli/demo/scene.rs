//! The demo's street: its directory and its day, from `fixtures/demo`.

use std::sync::Arc;

use anyhow::Context as _;

use crate::app::office::import_files;
use crate::app::opening;
use crate::app::rehearsal::{Rehearsal, simulated};
use crate::config::{Config, Mode};
use crate::desk::{Filter, State};
use crate::model::{CategoryCode, ManualClock, Message, Timestamp};
use crate::outbox::Limits;

/// The work group, whose people are shown in another colour.
pub(super) const WORK: &str = "g-work";

/// What a scene writes for “the newest event of this category”, as nobody knows its number yet.
const LAST: &str = "@last:";

/// How many events are looked through for it.
const LOOKED_AT: usize = 200;

/// Admission comes before the day, so that the words of welcome are not part of it.
const BEFOREHAND: std::time::Duration = std::time::Duration::from_hours(10);

const TABLES: [(&str, &[u8]); 3] = [
    (
        "areas.csv",
        include_bytes!("../../../fixtures/demo/areas.csv"),
    ),
    (
        "groups.csv",
        include_bytes!("../../../fixtures/demo/groups.csv"),
    ),
    (
        "people.csv",
        include_bytes!("../../../fixtures/demo/people.csv"),
    ),
];

/// The day's messages in order of time.
pub(super) fn messages() -> anyhow::Result<Vec<Message>> {
    include_str!("../../../fixtures/demo/day.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).context("fixtures/demo/day.jsonl"))
        .collect()
}

/// The whole bot on the street, ten hours before the day begins.
pub(in crate::cli) async fn open(
    config: &Config,
    day: Timestamp,
    limits: Limits,
) -> anyhow::Result<Rehearsal> {
    let clock = Arc::new(ManualClock::new(day - BEFOREHAND));
    let (simulator, sinks) = simulated();
    let now = day - BEFOREHAND;
    let store = opening::store(&config.store, now)?;
    let opened = opening::bot(config, store, sinks, limits, &*clock).await?;
    let files = TABLES.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
    import_files(&opened.bot.desk, &files, now, Mode::Live)
        .await
        .map_err(anyhow::Error::msg)?;
    Ok(Rehearsal::new(opened.bot, clock, simulator))
}

/// Puts the number of an event where the scene could not know it.
pub(super) async fn fill_in(rehearsal: &Rehearsal, message: &mut Message) -> anyhow::Result<()> {
    let Some(code) = message
        .quotes_event
        .as_deref()
        .and_then(|quoted| quoted.strip_prefix(LAST))
    else {
        return Ok(());
    };
    let code = CategoryCode::from(code);
    // Leads too: one word of staff confirms them.
    let filter = Filter {
        states: State::ALL.to_vec(),
        limit: LOOKED_AT,
        ..Filter::default()
    };
    let events = rehearsal.bot.desk.list(&filter).await?;
    let same = || events.iter().filter(|event| event.category == code);
    let newest = same()
        .find(|event| event.state != State::Closed)
        .or_else(|| same().next());
    message.quotes_event = newest.map(|event| event.id.to_string());
    Ok(())
}
