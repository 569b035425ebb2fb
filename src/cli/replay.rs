//! `replay`: a recorded chat through the whole pipeline; prints the events it would have made.

use std::collections::HashSet;
use std::ops::Bound;

use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::app::opening;
use crate::app::replaying::{Player, hush};
use crate::config::Config;
use crate::desk::{Event, Outcome, Report, State};
use crate::gateway::Sinks;
use crate::model::{Clock, EventId, ManualClock, Saying, SystemClock};
use crate::outbox::Limits;
use crate::store::{Index, Key, Kind, Scan, Store};

use super::arguments::{Format, Replay};
use super::lines::Lines;
use super::{Ending, Printer};

/// Records read at a time: bounds memory whatever the length.
const PAGE: usize = 500;

/// Runs the command.
pub(super) async fn run(config: &Config, replay: &Replay) -> anyhow::Result<Ending> {
    let scratch = tempfile::tempdir()?;
    let folder = replay
        .store
        .clone()
        .unwrap_or_else(|| scratch.path().join("data"));
    let clock = ManualClock::new(SystemClock.now());
    let store = opening::store(&folder, clock.now())?;
    let waiting = store
        .scan::<Saying>(&Scan::all(Kind::Saying).limit(1))
        .await?;
    anyhow::ensure!(
        waiting.is_empty(),
        "{} 里还有没说完的话，重放会清掉它们；请换一个空目录",
        folder.display()
    );
    let limits = Limits::unhurried();
    let opened = opening::bot(config, store.clone(), Sinks::new(), limits, &clock).await?;
    let mut player = Player::new(opened.bot);
    let mut skipped = 0;
    for file in &replay.files {
        let lines = player.play(Lines::open(file)?).await?;
        skipped += lines.finish();
    }
    hush(&store).await?;
    store.sync().await?;
    let mut printer = Printer::new();
    Pages {
        store: &store,
        replay,
        offset: config.offset,
    }
    .print(&mut printer)
    .await?;
    printer.finish()?;
    Ok(if skipped == 0 {
        Ending::Done
    } else {
        Ending::Skipped
    })
}

/// The events of a replay on their way out, a page at a time.
struct Pages<'a> {
    store: &'a Store,
    replay: &'a Replay,
    offset: Offset,
}

impl Pages<'_> {
    async fn print(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let mut from = Bound::Unbounded;
        let mut seen: HashSet<EventId> = HashSet::new();
        loop {
            let scan = Scan::range(Index::EventOpened, from, Bound::Unbounded).limit(PAGE);
            let page = self.store.scan::<Event>(&scan).await?;
            let Some(last) = page.last().map(|event| event.record.opened_at) else {
                return Ok(());
            };
            for event in page.iter().filter(|event| !seen.contains(&event.record.id)) {
                self.print_one(printer, &event.record).await?;
            }
            if page.len() < PAGE {
                return Ok(());
            }
            // The next page begins with the instant this one ended at.
            seen = page.into_iter().map(|event| event.record.id).collect();
            from = Bound::Included(Key::new().time(last));
        }
    }

    async fn print_one(&self, printer: &mut Printer, event: &Event) -> anyhow::Result<()> {
        let lead = event.state == State::Lead || event.outcome == Some(Outcome::Expired);
        if event.outcome == Some(Outcome::Merged) || (lead && !self.replay.leads) {
            return Ok(());
        }
        let key = Key::new().text(event.id.as_str());
        let reports = self
            .store
            .scan::<Report>(&Scan::prefix(Index::ReportEvent, &key))
            .await?;
        let messages: Vec<&str> = reports
            .iter()
            .map(|report| report.record.message.as_str())
            .collect();
        match self.replay.output.format {
            Format::Json => printer.json(&self.row(event, &messages))?,
            Format::Text => printer.line(&format!(
                "{}\t{}\t{}\t{}\t{}\t{} 条\t{}",
                event.id,
                event.state.chinese(),
                event.category,
                event.level.chinese(),
                event.area,
                messages.len(),
                event.gist
            ))?,
        }
        Ok(())
    }

    /// An event as programs read it.
    fn row(&self, event: &Event, messages: &[&str]) -> Value {
        let opened_at = event.opened_at.display_with_offset(self.offset).to_string();
        json!({
            "id": event.id,
            "category": event.category,
            "level": event.level,
            "area": event.area.path().collect::<Vec<_>>(),
            "place": event.place.as_ref().map(ToString::to_string),
            "opened_at": opened_at,
            "state": event.state,
            "outcome": event.outcome,
            "supporters": event.supporters,
            "recurs": event.recurs,
            "messages": messages,
        })
    }
}
