//! What one commit does, and what must be true for it.

use std::collections::HashMap;

use super::decoded::Fresh;
use super::key::LONGEST_KEY;
use super::{Index, Key, Kind, Record, StoreError};

/// Bytes that hold the body of most records, an event's among them.
const MOST_BODIES: usize = 2048;

/// What a precondition expects of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It does not exist.
    New,
    /// It stands at this version.
    Version(u64),
    /// Anything.
    Any,
}

impl Expect {
    /// Whether a record at this version (`None`: absent) is as expected.
    pub(super) fn holds(self, version: Option<u64>) -> bool {
        match self {
            Self::New => version.is_none(),
            Self::Version(expected) => version == Some(expected),
            Self::Any => true,
        }
    }
}

/// A record that must be as expected although the commit does not change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition {
    /// The record's kind.
    pub kind: Kind,
    /// The record's id.
    pub id: String,
    /// What it must be.
    pub expect: Expect,
}

/// One put or delete.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Writes a record and its keys.
    Put {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: String,
        /// JSON.
        body: Vec<u8>,
        /// Secondary keys.
        keys: Vec<(Index, Key)>,
        /// What must stand there before.
        expect: Expect,
    },
    /// Removes a record and its keys.
    Delete {
        /// Its kind.
        kind: Kind,
        /// Its id.
        id: String,
        /// What must stand there before.
        expect: Expect,
    },
}

impl Change {
    /// The record it is about.
    pub fn target(&self) -> (Kind, &str) {
        match self {
            Self::Put { kind, id, .. } | Self::Delete { kind, id, .. } => (*kind, id),
        }
    }

    /// What it expects to find.
    pub fn expect(&self) -> Expect {
        match self {
            Self::Put { expect, .. } | Self::Delete { expect, .. } => *expect,
        }
    }
}

/// The puts and deletes of one commit, applied together or not at all.
///
/// Every expectation, of changes and of preconditions, is about what stood before the commit. Where
/// one commit changes a record several times, the last change is the one that happens, and the
/// version grows by one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// In the order they were added; a later change of the same record wins.
    pub changes: Vec<Change>,
    /// Further preconditions.
    pub preconditions: Vec<Precondition>,
    /// What was put, for whoever reads it next.
    pub(super) fresh: Fresh,
}

impl Changes {
    /// No changes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a record if it is as expected.
    pub fn put<R: Record>(&mut self, record: &R, expect: Expect) {
        let mut body = Vec::with_capacity(MOST_BODIES);
        serde_json::to_writer(&mut body, record).expect("records are plain data with string keys");
        let id = record.id();
        self.fresh.keep(&id, &body, record);
        self.changes.push(Change::Put {
            kind: R::KIND,
            id,
            body,
            keys: record.keys(),
            expect,
        });
    }

    /// Removes a record if it is as expected.
    pub fn delete<R: Record>(&mut self, id: &str, expect: Expect) {
        self.changes.push(Change::Delete {
            kind: R::KIND,
            id: id.to_owned(),
            expect,
        });
    }

    /// Demands that a record is as expected without changing it.
    pub fn require<R: Record>(&mut self, id: &str, expect: Expect) {
        self.preconditions.push(Precondition {
            kind: R::KIND,
            id: id.to_owned(),
            expect,
        });
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// A commit as every backend carries it out.
pub(super) struct Plan<'a> {
    /// All that must hold beforehand.
    pub(super) expectations: Vec<(Kind, &'a str, Expect)>,
    /// The last change of each record, in order.
    pub(super) effects: Vec<&'a Change>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// When an id or key is longer than any backend takes.
    pub(super) fn of(changes: &'a Changes) -> Result<Self, StoreError> {
        changes.changes.iter().try_for_each(fits)?;
        let required = changes
            .preconditions
            .iter()
            .map(|condition| (condition.kind, condition.id.as_str(), condition.expect));
        let expected = changes.changes.iter().map(|change| {
            let (kind, id) = change.target();
            (kind, id, change.expect())
        });
        let last: HashMap<(Kind, &str), usize> = changes
            .changes
            .iter()
            .enumerate()
            .map(|(at, change)| (change.target(), at))
            .collect();
        let effects = changes.changes.iter().enumerate();
        Ok(Self {
            expectations: required.chain(expected).collect(),
            effects: effects
                .filter(|(at, change)| last[&change.target()] == *at)
                .map(|(_, change)| change)
                .collect(),
        })
    }
}

fn fits(change: &Change) -> Result<(), StoreError> {
    let Change::Put { kind, id, keys, .. } = change else {
        return Ok(());
    };
    let keys = keys.iter().map(|(_, key)| key.as_bytes().len());
    if keys.chain([id.len()]).any(|length| length > LONGEST_KEY) {
        return Err(StoreError::TooLong {
            kind: kind.name(),
            limit: LONGEST_KEY,
        });
    }
    Ok(())
}
