//! Tables of what people say and what is meant.

use jiff::civil::Date;

use super::{Asked, Command, parse};
use crate::model::Role;
use crate::text::Normalised;

mod handlers;
mod laws;
mod named;
mod residents;

/// The event whose card is quoted.
const CARD: &str = "E-20261120-0014";

/// How a message reaches the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Under the card of [`CARD`].
    Card,
    /// With the bot mentioned by the platform.
    At,
    /// In a conversation with the bot alone.
    Direct,
    /// In a work group.
    Work,
    /// In a group of residents.
    Group,
}

/// A Friday.
fn today() -> Date {
    Date::constant(2026, 11, 20)
}

/// What a message is read as.
fn read(role: Role, by: By, text: &str) -> Option<Command> {
    let asked = Asked {
        role,
        bot_name: "小助手",
        mentions_bot: by == By::At,
        direct: by == By::Direct,
        work: by == By::Work,
        quotes_event: (by == By::Card).then_some(CARD),
        today: today(),
    };
    parse(&Normalised::of(text), text, &asked)
}

/// One line per command: `name event to=… until=… refused`; `-` for talk.
fn told(role: Role, by: By, text: &str) -> String {
    let Some(command) = read(role, by, text) else {
        return "-".to_owned();
    };
    let name = serde_json::to_value(command.name).expect("a name");
    let mut told = vec![name.as_str().expect("a string").to_owned()];
    match command.event {
        Some(event) if by == By::Card && event == CARD => {}
        event => told.extend(event),
    }
    for (key, value) in [("to", command.to), ("until", command.until)] {
        if let Some(value) = value {
            told.push(format!("{key}={value}"));
        }
    }
    if !command.allowed {
        told.push("refused".to_owned());
    }
    told.join(" ")
}

/// Checks a table and reports every row that is wrong at once.
fn check(role: Role, by: By, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let got = told(role, by, text);
            (got != *expected).then(|| format!("{text}: {got}, not {expected}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}
