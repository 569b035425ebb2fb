//! What people ask of the bot in chat: 接单 12, 搞定了水管换好了, 催一哈. Pure grammar, no rights.

mod name;

use serde::{Deserialize, Serialize};

pub use name::CommandName;

/// A command as read from a message, before anybody asked whether it is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What is asked.
    pub name: CommandName,
    /// Short number or full id as typed, or the quoted card's; a typed number beats the card.
    pub event: Option<String>,
    /// The reason or result given.
    pub reason: Option<String>,
    /// The person or event it goes to (转派 @李姐, 并案 12 到 9).
    pub to: Option<String>,
    /// A date where one was named, else the words as typed (两天, 下周三).
    pub until: Option<String>,
    /// Whether the speaker's role may ever say this; filled in by `triage`.
    #[serde(default = "yes")]
    pub allowed: bool,
}

fn yes() -> bool {
    true
}
