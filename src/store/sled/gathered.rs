//! What is committed and waits for the disk: each entry as it stands last.
//!
//! What comes and goes while it waits never reaches the disk: timers that are set and fired within a
//! group would otherwise be looked for in sled, in vain.

use std::collections::HashSet;
use std::sync::Arc;

use sled::IVec;

use super::disk::{Balance, Layer};
use super::layout::{self, Stored};
use crate::store::Change;

/// A record before a commit.
pub(super) struct Stood {
    pub(super) stored: Stored,
    /// How many further pieces it has.
    pub(super) pieces: usize,
    /// What its entries come to, without those of its keys.
    pub(super) balance: Balance,
}

/// What a commit writes.
#[derive(Default)]
pub(super) struct Writes {
    pub(super) entries: Layer,
    /// Those where nothing stood.
    new: Vec<IVec>,
    /// How they change what all entries come to.
    change: Balance,
}

impl Writes {
    /// The entries that a change writes and removes; `before` is what stands there. Keys that stay are
    /// left alone: most changes of an event move one of its five.
    pub(super) fn prepare(&mut self, change: &Change, before: Option<&Stood>) {
        let (kind, id) = change.target();
        let stood = before.map_or(&[][..], |before| &before.stored.keys);
        let (body, keys) = match change {
            Change::Put { body, keys, .. } => (Some(body), &keys[..]),
            Change::Delete { .. } => (None, &[][..]),
        };
        for (index, key) in stood.iter().filter(|key| !keys.contains(key)) {
            self.lose(layout::index_key(*index, key, id));
        }
        for (index, key) in keys.iter().filter(|key| !stood.contains(key)) {
            let entry = layout::index_key(*index, key, id);
            self.gain(entry, IVec::default());
        }
        if let Some(before) = before {
            self.change.subtract(before.balance);
            for number in 1..=before.pieces {
                let piece = layout::piece_key(kind, id, number);
                self.entries.insert(piece.into(), None);
            }
            self.entries
                .insert(layout::record_key(kind, id).into(), None);
        }
        if let Some(body) = body {
            let version = before.map_or(0, |before| before.stored.version) + 1;
            for (entry, value) in layout::entries(kind, id, (version, keys, body)) {
                self.gain(entry, value);
            }
        }
    }

    /// Writes an entry, counted once though it be written twice.
    fn gain(&mut self, entry: Vec<u8>, value: IVec) {
        self.change.gain(&entry, &value);
        let entry = IVec::from(entry);
        match self.entries.insert(entry.clone(), Some(value)) {
            None => self.new.push(entry),
            Some(Some(twice)) => self.change.lose(&entry, &twice),
            Some(None) => {}
        }
    }

    /// Removes an entry of an index that stands.
    fn lose(&mut self, entry: Vec<u8>) {
        let entry = IVec::from(entry);
        if self.entries.insert(entry.clone(), None).is_none() {
            self.change.lose(&entry, &[]);
        }
    }

    /// Bytes of all entries.
    fn bytes(&self) -> u64 {
        let bytes = self.entries.iter().map(|(key, value)| {
            let value = value.as_ref().map_or(0, |value| value.len());
            (key.len() + value) as u64
        });
        bytes.sum()
    }
}

/// Commits that no group holds yet.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) entries: Layer,
    /// Entries that are nowhere below.
    new: HashSet<IVec>,
    /// How all this changes what all entries come to.
    change: Balance,
    /// Bytes of all commits, what they overwrote of each other included.
    pub(super) bytes: u64,
}

/// Commits for the disk.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) entries: Arc<Layer>,
    /// How they change what all entries come to.
    pub(super) change: Balance,
    /// The last of them.
    pub(super) last: u64,
    /// Bytes of all commits up to it since the store was opened.
    pub(super) bytes: u64,
}

impl Gathered {
    /// Adds a commit; gives its bytes.
    pub(super) fn add(&mut self, writes: Writes) -> u64 {
        let bytes = writes.bytes();
        self.bytes += bytes;
        self.change.add(writes.change);
        for entry in writes.new {
            // What was removed and is back may still be below.
            if !self.entries.contains_key(&entry) {
                self.new.insert(entry);
            }
        }
        for (entry, value) in writes.entries {
            if value.is_none() && self.new.remove(&entry) {
                self.entries.remove(&entry);
            } else {
                self.entries.insert(entry, value);
            }
        }
        bytes
    }

    /// All of it as a group, up to this commit and so many bytes since the store was opened.
    pub(super) fn take(&mut self, last: u64, bytes: u64) -> Group {
        let Self {
            entries, change, ..
        } = std::mem::take(self);
        Group {
            entries: Arc::new(entries),
            change,
            last,
            bytes,
        }
    }
}
