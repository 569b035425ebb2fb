//! `explain`: why a text opens something or does not.

use crate::app::judge::{judge, said};
use crate::app::shelf::Shelf;
use crate::config::Config;
use crate::model::{Clock, SystemClock};
use crate::triage::explain::explain;
use crate::triage::{Context, Triage};

use super::arguments::{Explain, Format};
use super::{Ending, Printer};

/// Runs the command.
pub(super) fn run(config: &Config, explain_this: &Explain) -> anyhow::Result<Ending> {
    let (shelf, _) = Shelf::open(config.lexicon.clone(), config.packs.clone(), judge)?;
    let now = SystemClock.now();
    let message = said(&explain_this.text.join(" "), now);
    let explanation = explain(
        &mut Triage::opening_at(config.open_at),
        now,
        &message,
        &Context::default(),
        &shelf.lexicon(),
    );
    let mut printer = Printer::new();
    match explain_this.output.format {
        Format::Text => printer.line(explanation.to_string().trim_end())?,
        Format::Json => printer.json(&explanation)?,
    }
    printer.finish()?;
    Ok(Ending::Done)
}
