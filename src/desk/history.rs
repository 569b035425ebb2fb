//! What happened to an event, one entry per transition, only ever added to.

use serde::{Deserialize, Serialize};

use crate::model::{EventId, MessageId, PersonId, Timestamp};
use crate::store::{Kind, Record, Scan, Store, StoreError};

use super::State;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The bot itself: a rule or a clock.
    Bot,
    /// Somebody.
    Person(PersonId),
}

impl Actor {
    /// The person, if it was one.
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Bot => None,
            Self::Person(person) => Some(person),
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The event.
    pub event: EventId,
    /// Its place in the event's history, from 0 without gaps.
    pub step: u32,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What: the stable name of the act (`accept`, `hand_back`).
    pub act: String,
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// Who holds the event afterwards.
    #[serde(default)]
    pub holder: Option<PersonId>,
    /// Why; what was said. Masked with the event's texts.
    #[serde(default)]
    pub reason: Option<String>,
    /// The message that asked for it.
    #[serde(default)]
    pub message: Option<MessageId>,
}

impl Record for History {
    const KIND: Kind = Kind::History;

    fn id(&self) -> String {
        format!("{}{:05}", start_of(&self.event), self.step)
    }
}

/// How the ids of an event's entries start; they sort by their step.
fn start_of(event: &EventId) -> String {
    format!("{event}/")
}

/// Reads an event's entries, first entry first.
pub(super) fn entries_of(event: &EventId) -> Scan {
    Scan::ids(Kind::History, &start_of(event))
}

/// The whole history of an event, first entry first.
///
/// # Errors
/// What the store reports.
pub async fn of_event(store: &Store, event: &EventId) -> Result<Vec<History>, StoreError> {
    let entries = store.scan::<History>(&entries_of(event)).await?;
    Ok(entries.into_iter().map(|entry| entry.record).collect())
}
