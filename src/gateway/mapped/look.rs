//! Looking for values in a body by what the admin wrote, and remembering what was seen on the way.

use std::cell::RefCell;

use serde::Serialize;
use serde_json::Value;

use super::xml;
use crate::config::webhook::{Holds, Piece, Place, Probe, Test};

/// Longest value shown to an admin, characters.
const SHOWN: usize = 60;

/// One way that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The key of the mapping, `group`.
    pub field: &'static str,
    /// The way as written, `/data/room`.
    pub way: String,
    /// What was found there, shortened; empty: nothing.
    pub found: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How one way ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It gave the value.
    Used,
    /// Nothing stands there.
    Missing,
    /// Something stands there that does not fit.
    Unfit,
    /// A condition that holds.
    Holds,
    /// A condition that does not.
    Fails,
}

/// A body, or one message of it.
pub(super) struct Look<'a> {
    /// The message.
    pub(super) item: &'a Value,
    /// The body it came in; looked at where the message has nothing.
    pub(super) whole: &'a Value,
    /// Where steps are noted, if anybody wants to know.
    pub(super) steps: Option<&'a RefCell<Vec<Step>>>,
}

/// What one way found.
enum Found {
    Text(String),
    Missing,
    Unfit(String),
}

impl<'a> Look<'a> {
    /// At one value alone.
    pub(super) fn at(value: &'a Value) -> Self {
        Self {
            item: value,
            whole: value,
            steps: None,
        }
    }

    /// At the message alone: what every message must have of its own.
    pub(super) fn alone(&self) -> Self {
        Self {
            whole: self.item,
            ..*self
        }
    }

    /// The first text that one of these ways finds.
    pub(super) fn text(&self, field: &'static str, ways: &[Probe]) -> Option<String> {
        ways.iter().find_map(|probe| match self.follow(probe) {
            Found::Text(text) => {
                self.note(field, &probe.written, &text, Outcome::Used);
                Some(text)
            }
            Found::Missing => {
                self.note(field, &probe.written, "", Outcome::Missing);
                None
            }
            Found::Unfit(text) => {
                self.note(field, &probe.written, &text, Outcome::Unfit);
                None
            }
        })
    }

    /// The first list, or text with commas, that one of these ways finds.
    pub(super) fn list(&self, field: &'static str, ways: &[Probe]) -> Vec<String> {
        for probe in ways {
            let plain = probe.tag.is_none();
            if let (true, Place::Pointer(pointer)) = (plain, &probe.place)
                && let Some(Value::Array(items)) = self.value(pointer)
            {
                let all: Vec<String> = items.iter().filter_map(scalar).collect();
                self.note(field, &probe.written, &all.join(","), Outcome::Used);
                return all;
            }
            if let Some(text) = self.text(field, std::slice::from_ref(probe)) {
                let parts = text.split(',').map(str::trim);
                return parts
                    .filter(|it| !it.is_empty())
                    .map(str::to_owned)
                    .collect();
            }
        }
        Vec::new()
    }

    /// Whether something stands there at all, fit or not.
    pub(super) fn stands(&self, ways: &[Probe]) -> bool {
        ways.iter()
            .any(|probe| !matches!(self.follow(probe), Found::Missing))
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, field: &'static str, test: &Test) -> bool {
        let found = match self.follow(&test.probe) {
            Found::Text(seen) | Found::Unfit(seen) => Some(seen),
            Found::Missing => None,
        };
        let seen = found.as_deref();
        let holds = match &test.holds {
            Holds::Truthy => seen.is_some_and(truthy),
            Holds::Is(these) => seen.is_some_and(|seen| these.iter().any(|it| it == seen)),
            Holds::IsNot(these) => seen.is_none_or(|seen| these.iter().all(|it| it != seen)),
            Holds::Same(pointer) => {
                let other = self.value(pointer).and_then(scalar);
                seen.is_some() && seen == other.as_deref()
            }
            Holds::Contains(part) => seen.is_some_and(|seen| seen.contains(part.as_str())),
        };
        let outcome = if holds {
            Outcome::Holds
        } else {
            Outcome::Fails
        };
        self.note(
            field,
            &test.probe.written,
            seen.unwrap_or_default(),
            outcome,
        );
        holds
    }

    /// Whether one of them holds.
    pub(super) fn any(&self, field: &'static str, tests: &[Test]) -> bool {
        tests.iter().any(|test| self.holds(field, test))
    }

    fn value(&self, pointer: &str) -> Option<&'a Value> {
        let here = self.item.pointer(pointer);
        here.or_else(|| self.whole.pointer(pointer))
    }

    fn follow(&self, probe: &Probe) -> Found {
        let text = match &probe.place {
            Place::Pointer(pointer) => match self.value(pointer) {
                None | Some(Value::Null) => return Found::Missing,
                Some(value) => match scalar(value) {
                    Some(text) => text,
                    None => return Found::Unfit(value.to_string()),
                },
            },
            Place::Pattern(pieces) => match self.pattern(pieces) {
                Some(text) => text,
                None => return Found::Missing,
            },
        };
        match cut(probe, &text) {
            Some("") => Found::Missing,
            Some(part) => Found::Text(part.to_owned()),
            None => match &probe.tag {
                Some(tag) => match xml::element(&text, tag) {
                    Some(inner) if !inner.is_empty() => Found::Text(inner),
                    _ => Found::Missing,
                },
                None if text.is_empty() => Found::Missing,
                None => Found::Unfit(text),
            },
        }
    }

    fn pattern(&self, pieces: &[Piece]) -> Option<String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Pointer(pointer) => text.push_str(&scalar(self.value(pointer)?)?),
            }
        }
        Some(text)
    }

    fn note(&self, field: &'static str, way: &str, found: &str, outcome: Outcome) {
        if let Some(steps) = self.steps {
            steps.borrow_mut().push(Step {
                field,
                way: way.to_owned(),
                found: shown(found),
                outcome,
            });
        }
    }
}

/// What is left of a text after the cuts; `None` when it does not fit, or when an XML element is to be
/// looked for first.
fn cut<'t>(probe: &Probe, text: &'t str) -> Option<&'t str> {
    if probe.tag.is_some() {
        return None;
    }
    let mut part = text;
    if let Some(mark) = &probe.before {
        part = part.split_once(mark.as_str())?.0;
    }
    if let Some(mark) = &probe.after {
        part = part.split_once(mark.as_str())?.1;
    }
    let fits = probe
        .starts_with
        .as_ref()
        .is_none_or(|it| part.starts_with(it.as_str()))
        && probe
            .ends_with
            .as_ref()
            .is_none_or(|it| part.ends_with(it.as_str()));
    fits.then_some(part)
}

/// A scalar as text: integers exactly.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What counts as yes, however it is spelled.
fn truthy(text: &str) -> bool {
    let no = ["", "0", "0.0", "false", "no", "off", "n", "null", "none"];
    !no.iter().any(|it| text.trim().eq_ignore_ascii_case(it))
}

/// Shortened for people.
pub(super) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
