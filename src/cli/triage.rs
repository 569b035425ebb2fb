//! `triage`: messages in, decisions out, in order; no store, no state between lines.

use std::path::Path;

use crate::app::judge::{judge, recorded_context};
use crate::app::shelf::Shelf;
use crate::config::Config;
use crate::triage::Triage;
use crate::triage::json::DecisionLine;

use super::arguments::{Format, Output};
use super::lines::Lines;
use super::{Ending, Printer};

/// Runs the command.
pub(super) fn run(config: &Config, output: Output) -> anyhow::Result<Ending> {
    let (shelf, _) = Shelf::open(config.lexicon.clone(), config.packs.clone(), judge)?;
    let lexicon = shelf.lexicon();
    let mut triage = Triage::opening_at(config.open_at);
    let mut printer = Printer::new();
    let mut lines = Lines::open(Path::new("-"))?;
    while let Some(message) = lines.next_message()? {
        let context = recorded_context(&message);
        let decision = triage.decide(message.time, &message, &context, &lexicon);
        let line = DecisionLine::from(&decision);
        match output.format {
            Format::Json => printer.json(&line)?,
            Format::Text => {
                let title = decision
                    .category
                    .as_ref()
                    .map(|code| lexicon.category_title(code));
                let level = decision.level.map_or("", crate::model::Level::chinese);
                printer.line(&format!(
                    "{}\t{}\t{}\t{level}\t{}",
                    line.id,
                    decision.action.chinese(),
                    title.unwrap_or_default(),
                    line.because.join("；")
                ))?;
            }
        }
    }
    printer.finish()?;
    Ok(if lines.finish() == 0 {
        Ending::Done
    } else {
        Ending::Skipped
    })
}
