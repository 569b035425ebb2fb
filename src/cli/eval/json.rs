//! Figures, mistakes and changes as JSON lines.

use std::io;

use serde_json::{Value, json};

use crate::measure::mistakes::Mistake;
use crate::measure::{Better, Figure, Reached};
use crate::triage::Decision;
use crate::triage::json::DecisionLine;

use super::{Findings, Printer, wording};

/// Prints everything.
pub(super) fn print(printer: &mut Printer, findings: &Findings<'_>) -> io::Result<()> {
    for figure in findings.figures {
        printer.json(&self::figure(figure))?;
    }
    for mistake in findings.mistakes {
        printer.json(&self::mistake(mistake, findings))?;
    }
    let Some(difference) = findings.difference else {
        return Ok(());
    };
    for changed in &difference.messages {
        printer.json(&json!({
            "changed": changed.turn,
            "set": changed.now.saved.set,
            "id": changed.now.saved.id,
            "text": changed.now.text,
            "before": changed.before,
            "now": changed.now.saved,
            "because": because(changed.now.decision),
        }))?;
    }
    for moved in &difference.figures {
        printer.json(&json!({
            "moved": moved.now.key(),
            "before": moved.before,
            "now": moved.now.value(),
            "better": moved.is_better(),
        }))?;
    }
    Ok(())
}

fn figure(figure: &Figure) -> Value {
    let bounds = figure.bounds();
    let target = figure.target();
    let slice = figure.slice.name();
    let measured = figure.of > 0.0;
    let reached = target
        .filter(|_| measured)
        .map(|target| match target.reached(figure.value()) {
            Reached::Aim => "aim",
            Reached::Floor => "floor",
            Reached::Below => "below",
        });
    json!({
        "figure": figure.key(),
        "set": figure.set,
        "measure": figure.measure.name(),
        "by": slice.map(|(by, _)| by),
        "part": slice.map(|(_, part)| part),
        "value": measured.then(|| figure.value()),
        "low": bounds.map(|(low, _)| low),
        "high": bounds.map(|(_, high)| high),
        "hits": figure.hits,
        "of": figure.of,
        "better": match figure.measure.better() {
            Better::Higher => "higher",
            Better::Lower => "lower",
        },
        "floor": target.map(|target| target.floor),
        "aim": target.map(|target| target.aim),
        "reached": reached,
    })
}

fn mistake(mistake: &Mistake<'_>, findings: &Findings<'_>) -> Value {
    let decision = mistake.decision;
    json!({
        "mistake": mistake.fault,
        "set": mistake.set,
        "id": mistake.id,
        "text": mistake.text,
        "wanted": wording::expected(mistake, findings.lexicon),
        "action": decision.map(|decision| decision.action),
        "category": decision.and_then(|decision| decision.category.as_ref()),
        "level": decision.and_then(|decision| decision.level),
        "score": decision.map(|decision| decision.score),
        "because": because(decision),
    })
}

/// The reasons, as people read them.
pub(super) fn because(decision: Option<&Decision>) -> Vec<String> {
    decision.map_or_else(Vec::new, |decision| DecisionLine::from(decision).because)
}
