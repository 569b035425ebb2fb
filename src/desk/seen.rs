//! Which messages had an effect already: a redelivered one, or one heard by two gateways, changes
//! nothing.

use std::ops::Bound;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{Message, Timestamp};
use crate::store::{
    Changes, CommitError, Expect, Index, Key, Kind, Record, Scan, Store, StoreError,
};

use super::moment::{earlier, later};

/// How long a mark is kept; no gateway replays further back.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// How far the clocks of two gateways may differ about one message.
const SAME_MESSAGE: Duration = Duration::from_mins(2);

/// The mark of a message that had an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Gateway, group and message.
    pub id: String,
    /// Time of the message.
    pub at: Timestamp,
    /// Which gateway it came through.
    pub gateway: String,
    /// Hash of group, sender and text: the message itself is not kept.
    pub content: u64,
}

impl Seen {
    /// The mark for a message.
    pub fn of(message: &Message) -> Self {
        Self {
            id: format!("{}/{}/{}", message.gateway, message.group.id, message.id),
            at: message.time,
            gateway: message.gateway.as_str().to_owned(),
            content: fingerprint(message),
        }
    }

    /// Whether this message had its effect already, through this gateway or another one.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn already(&self, store: &Store) -> Result<bool, StoreError> {
        if store.get::<Self>(&self.id).await?.is_some() {
            return Ok(true);
        }
        // Recorded messages name no gateway, so there cannot be two of them.
        if self.gateway.is_empty() {
            return Ok(false);
        }
        let key = |at| Key::new().number(self.content).time(at);
        let range = Scan::range(
            Index::SeenContent,
            Bound::Included(key(earlier(self.at, SAME_MESSAGE))),
            Bound::Included(key(later(self.at, SAME_MESSAGE))),
        );
        let marks = store.scan::<Self>(&range.limit(8)).await?;
        // The same words twice through one gateway are a person repeating themselves.
        Ok(marks.iter().any(|mark| mark.record.gateway != self.gateway))
    }

    /// Puts the mark into the commit of its message, which is refused if somebody was quicker.
    pub fn mark(&self, changes: &mut Changes) {
        changes.put(self, Expect::New);
    }
}

/// Removes marks older than [`KEPT`], at most `limit` of them; says how many. A duty.
///
/// # Errors
///
/// When the store cannot be read or written.
pub async fn purge(store: &Store, now: Timestamp, limit: usize) -> Result<usize, CommitError> {
    let old = Scan::range(
        Index::SeenAt,
        Bound::Unbounded,
        Bound::Excluded(Key::new().time(earlier(now, KEPT))),
    );
    let marks = store.scan::<Seen>(&old.limit(limit)).await?;
    let mut changes = Changes::new();
    for mark in &marks {
        changes.delete::<Seen>(&mark.record.id, Expect::Any);
    }
    if !changes.is_empty() {
        store.commit(changes).await?;
    }
    Ok(marks.len())
}

impl Record for Seen {
    const KIND: Kind = Kind::Seen;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let mut keys = vec![(Index::SeenAt, Key::new().time(self.at))];
        if !self.gateway.is_empty() {
            let key = Key::new().number(self.content).time(self.at);
            keys.push((Index::SeenContent, key));
        }
        keys
    }
}

/// FNV-1a, 64 bits: stable across builds, as the marks outlive them.
fn fingerprint(message: &Message) -> u64 {
    let parts = [
        message.group.id.as_str(),
        message.sender.id.as_str(),
        message.text.trim(),
    ];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}
