//! The stop switch: while it is on, nothing is said but the answer to whoever asked for it. Durable, so
//! that a restart does not lift it.

use serde::{Deserialize, Serialize};

use super::choose::Queue;
use crate::model::{SayingId, Timestamp};
use crate::store::{Changes, CommitError, Expect, Kind, Record, Store, StoreError};

/// The record's id among the switches.
const ID: &str = "outbox.stop";

/// Who stopped the bot's words, when and why. It exists while they are stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Who, as people know them.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, as they said it.
    pub reason: String,
    /// The answer that it is so, where it was asked for in chat: the last words.
    #[serde(default)]
    pub last_words: Option<SayingId>,
}

impl Stop {
    /// Leaves nothing in these queues but the last words.
    pub(super) fn silence(&self, queues: &mut Vec<Queue>) {
        let last = |id: &SayingId| self.last_words.as_ref() == Some(id);
        for queue in queues.iter_mut() {
            queue.waiting.retain(|delivery| last(&delivery.record.id));
            queue.pending.retain(|saying| last(&saying.record.id));
        }
        queues.retain(|queue| !queue.waiting.is_empty() || !queue.pending.is_empty());
    }
}

impl Record for Stop {
    const KIND: Kind = Kind::Switch;

    fn id(&self) -> String {
        ID.to_owned()
    }
}

/// The stop in force, if one is.
pub(super) async fn read(store: &Store) -> Result<Option<Stop>, StoreError> {
    Ok(store.get::<Stop>(ID).await?.map(|stop| stop.record))
}

/// Stops all words from now on; on disk when this returns. A second stop replaces the first.
pub(super) async fn stop(store: &Store, stop: &Stop) -> Result<(), CommitError> {
    let mut changes = Changes::new();
    changes.put(stop, Expect::Any);
    let commit = store.commit(changes).await?;
    Ok(store.durable(commit).await?)
}

/// Lifts the stop; on disk when this returns.
pub(super) async fn start(store: &Store) -> Result<(), CommitError> {
    let mut changes = Changes::new();
    changes.delete::<Stop>(ID, Expect::Any);
    let commit = store.commit(changes).await?;
    Ok(store.durable(commit).await?)
}
