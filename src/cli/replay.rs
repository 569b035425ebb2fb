//! `replay`: a recorded chat through the whole pipeline; prints the events it would have made.

use std::io;

use jiff::tz::Offset;
use serde_json::{Value, json};

use crate::app::opening;
use crate::app::replaying::{Leads, Player, Replayed, Results, hush};
use crate::config::Config;
use crate::desk::Event;
use crate::gateway::Sinks;
use crate::model::{Clock, ManualClock, MessageId, Saying, SystemClock};
use crate::outbox::Limits;
use crate::store::{Kind, Scan};

use super::arguments::{Format, Replay};
use super::lines::Lines;
use super::{Ending, Printer};

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
    let leads = if replay.leads {
        Leads::Shown
    } else {
        Leads::Hidden
    };
    let mut printer = Printer::new();
    let mut results = Results::new(&store, leads);
    while let Some(page) = results.page().await? {
        for replayed in &page {
            print(&mut printer, replay.output.format, replayed, config.offset)?;
        }
    }
    printer.finish()?;
    Ok(if skipped == 0 {
        Ending::Done
    } else {
        Ending::Skipped
    })
}

fn print(
    printer: &mut Printer,
    format: Format,
    replayed: &Replayed,
    offset: Offset,
) -> io::Result<()> {
    let Replayed { event, messages } = replayed;
    match format {
        Format::Json => printer.json(&row(event, messages, offset)),
        Format::Text => printer.line(&format!(
            "{}\t{}\t{}\t{}\t{}\t{} 条\t{}",
            event.id,
            event.state.chinese(),
            event.category,
            event.level.chinese(),
            event.area,
            messages.len(),
            event.gist
        )),
    }
}

/// An event as programs read it.
fn row(event: &Event, messages: &[MessageId], offset: Offset) -> Value {
    let opened_at = event.opened_at.display_with_offset(offset).to_string();
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
