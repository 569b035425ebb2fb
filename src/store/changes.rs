//! What one commit does, and what must be true for it.

use super::{Index, Key, Kind, Record};

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

/// The puts and deletes of one commit, applied together or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// In the order they were added; a later change of the same record wins.
    pub changes: Vec<Change>,
    /// Further preconditions.
    pub preconditions: Vec<Precondition>,
}

impl Changes {
    /// No changes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a record if it is as expected.
    pub fn put<R: Record>(&mut self, record: &R, expect: Expect) {
        let body = serde_json::to_vec(record).expect("records are plain data with string keys");
        self.changes.push(Change::Put {
            kind: R::KIND,
            id: record.id(),
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
