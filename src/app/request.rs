//! What admins and operators ask of the office, through the control door or on a store at rest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::CommandName;
use crate::model::GroupPurpose;

/// One thing to look at or do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Request {
    /// Events, newest first.
    Events {
        /// Closed ones too.
        all: bool,
        /// Only of this area and what lies under it.
        area: Option<String>,
        /// At most so many.
        limit: usize,
    },
    /// One event with its reports and history.
    Event {
        /// Number or serial.
        id: String,
    },
    /// A command on an event, as staff.
    Act {
        /// What is asked.
        command: CommandName,
        /// Number or serial.
        event: String,
        /// The reason or result.
        reason: Option<String>,
        /// Person, area's event or category.
        to: Option<String>,
        /// Until when.
        until: Option<String>,
    },
    /// Groups, how they are heard and whether the bot may speak there.
    Groups,
    /// One group: heard how, may speak, limits, what is missing.
    Group {
        /// The platform's id, or the name where only one group has it.
        group: String,
    },
    /// The same of every admitted group, in one line each.
    Standings,
    /// 接入 a group.
    Admit {
        /// The platform's id.
        group: String,
        /// The area's path, names joined by `/`.
        area: String,
        /// Residents or work.
        purpose: GroupPurpose,
    },
    /// Stop listening in a group.
    Retire {
        /// The platform's id.
        group: String,
    },
    /// What was said, or could not be.
    Outbox {
        /// Only this state; `None`: what needs a person's eye.
        state: Option<String>,
        /// At most so many.
        limit: usize,
    },
    /// Say nothing any more until told.
    OutboxStop {
        /// Who asks.
        by: String,
    },
    /// Speak again.
    OutboxStart,
    /// Say an unknown or refused one again: a person knows that it did not go out.
    OutboxRetry {
        /// The saying.
        id: String,
    },
    /// Give one up.
    OutboxDrop {
        /// The saying.
        id: String,
    },
    /// A person has sent this draft.
    OutboxSent {
        /// The saying.
        id: String,
    },
    /// Areas, groups and people.
    Directory,
    /// What an import would change, or the import itself.
    DirectoryImport {
        /// File name and content, in the order given.
        files: Vec<(String, Vec<u8>)>,
        /// Whether it is only tried.
        dry_run: bool,
    },
    /// A copy of everything at one instant.
    Backup {
        /// The file to write, on the bot's machine.
        file: std::path::PathBuf,
    },
    /// What nearly became something, by reason.
    Silences {
        /// Only of this group, by number or name.
        group: Option<String>,
        /// At most so many, the newest.
        limit: usize,
    },
    /// A silence was a real problem: it becomes a case and an example.
    SilenceReal {
        /// The silence, or the Lead that expired.
        id: String,
        /// Its category, where it is another than was thought.
        category: Option<String>,
    },
    /// What a bot in shadow mode would have done.
    ShadowReport {
        /// File name and content of what people recorded.
        recorded: Option<(String, Vec<u8>)>,
        /// Most events per day that people can handle.
        per_day: Option<u32>,
    },
    /// Everything that was said and is still kept, with what became of it.
    StoredTexts,
    /// What became of the lexicon's words.
    WordStats,
    /// Words that the lexicon has not got.
    WordSuggestions {
        /// At most so many.
        limit: usize,
    },
    /// What no gateway could read.
    DeadLetters {
        /// At most so many, the newest.
        limit: usize,
    },
    /// Read a dead letter again.
    DeadRetry {
        /// Which; `None`: all.
        id: Option<String>,
    },
    /// Forget a person.
    Forget {
        /// The platform's id.
        person: String,
    },
    /// What retention would do, or does, now.
    Retention {
        /// Whether it is only tried.
        dry_run: bool,
    },
}

impl Request {
    /// Whether doing it would have the bot say something.
    pub fn speaks(&self) -> bool {
        matches!(
            self,
            Self::Act { .. } | Self::OutboxStart | Self::OutboxRetry { .. }
        )
    }
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// For people, Chinese.
    pub text: String,
    /// For programs, one object per line.
    pub rows: Vec<Value>,
    /// Whether it was done; `false` with the reason in `text`.
    pub done: bool,
}

impl Answer {
    /// Done, with words and rows.
    pub fn done(text: impl Into<String>, rows: Vec<Value>) -> Self {
        Self {
            text: text.into(),
            rows,
            done: true,
        }
    }

    /// Not done, and why.
    pub fn refused(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            rows: Vec::new(),
            done: false,
        }
    }
}
