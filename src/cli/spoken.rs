//! The bot's words as a terminal shows them.

use crate::app::rehearsal::Said;
use crate::directory::Snapshot;
use crate::model::Destination;

use super::{Printer, Tone};

/// Who hears it, as people call them.
pub(super) fn heard_by(directory: &Snapshot, to: &Destination) -> String {
    match to {
        Destination::Group(group) => directory
            .group(group)
            .map_or(group.as_str(), |group| &group.name)
            .to_owned(),
        Destination::Person(person) => format!("私信 {}", directory.name(person)),
    }
}

/// Shows one message of the bot; `lead` stands before it (a clock, or nothing).
pub(super) fn show(
    printer: &mut Printer,
    directory: &Snapshot,
    lead: &str,
    said: &Said,
) -> std::io::Result<()> {
    let mut text = String::new();
    for (_, name) in &said.words.mentions {
        text += &format!("@{name} ");
    }
    text += &said.words.text.replace('\n', "\n        ");
    printer.piece(
        Tone::Faint,
        &format!("{lead}{}　", heard_by(directory, &said.words.to)),
    )?;
    printer.toned(Tone::Bot, &format!("小助手：{text}"))
}
