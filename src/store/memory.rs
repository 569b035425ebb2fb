//! A backend that lives in memory: the reference that other backends are compared with, and what
//! tests and benches of other rooms run on. Nothing of it is ever on disk, so it is not offered to
//! users.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::changes::Plan;
use super::{
    Backend, Change, Changes, CommitError, CommitNo, Direction, Index, Instant, Key, Kind,
    RawRecord, Scan, StoreError,
};

/// The in-memory backend; empty when made, gone when dropped.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Content>);

#[derive(Debug, Default)]
struct Content {
    records: BTreeMap<Kind, BTreeMap<Key, Row>>,
    index: BTreeMap<Index, BTreeMap<Key, BTreeSet<String>>>,
    last: CommitNo,
}

#[derive(Clone, Debug)]
struct Row {
    raw: RawRecord,
    keys: Vec<(Index, Key)>,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic of another thread leaves the content whole: nothing in here panics half way.
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Backend for Memory {
    async fn get(&self, kind: Kind, id: &str) -> Result<Option<RawRecord>, StoreError> {
        Ok(self.content().raw(kind, id))
    }

    async fn scan(&self, scan: &Scan) -> Result<Vec<RawRecord>, StoreError> {
        Ok(self.content().scan(scan))
    }

    async fn commit(&self, changes: Changes) -> Result<CommitNo, CommitError> {
        self.content().commit(&changes)
    }

    async fn durable(&self, _: CommitNo) -> Result<(), StoreError> {
        Ok(())
    }

    fn last(&self) -> CommitNo {
        self.content().last
    }

    async fn instant(&self) -> Result<Box<dyn Instant>, StoreError> {
        let content = self.content();
        let rows = |kind| content.records.get(&kind).into_iter().flatten();
        let all = Kind::ALL
            .into_iter()
            .flat_map(|kind| rows(kind).map(move |(_, row)| (kind, row.raw.clone())))
            .collect();
        Ok(Box::new(Copied(Some(all))))
    }
}

/// A copy of everything is an instant.
struct Copied(Option<Vec<(Kind, RawRecord)>>);

#[async_trait]
impl Instant for Copied {
    async fn next(&mut self) -> Result<Vec<(Kind, RawRecord)>, StoreError> {
        Ok(self.0.take().unwrap_or_default())
    }
}

impl Content {
    fn row(&self, kind: Kind, id: &str) -> Option<&Row> {
        self.records.get(&kind)?.get(&by_id(id))
    }

    fn raw(&self, kind: Kind, id: &str) -> Option<RawRecord> {
        self.row(kind, id).map(|row| row.raw.clone())
    }

    fn scan(&self, scan: &Scan) -> Vec<RawRecord> {
        if scan.is_void() {
            return Vec::new();
        }
        let bounds = (scan.from.as_ref(), scan.to.as_ref());
        let Some(index) = scan.index else {
            let rows = self.records.get(&scan.kind).into_iter();
            let found = rows.flat_map(|rows| rows.range::<Key, _>(bounds));
            return cut(scan, found.map(|(_, row)| row.raw.clone()));
        };
        let keys = self.index.get(&index).into_iter();
        let ids = keys.flat_map(|keys| keys.range::<Key, _>(bounds).flat_map(|(_, ids)| ids));
        cut(scan, ids.filter_map(|id| self.raw(scan.kind, id)))
    }

    fn commit(&mut self, changes: &Changes) -> Result<CommitNo, CommitError> {
        let plan = Plan::of(changes)?;
        for (kind, id, expect) in &plan.expectations {
            if !expect.holds(self.row(*kind, id).map(|row| row.raw.version)) {
                return Err(CommitError::Conflict {
                    kind: *kind,
                    id: (*id).to_owned(),
                });
            }
        }
        if changes.is_empty() {
            return Ok(self.last);
        }
        for change in plan.effects {
            self.apply(change);
        }
        self.last.0 += 1;
        Ok(self.last)
    }

    fn apply(&mut self, change: &Change) {
        let (kind, id) = change.target();
        let rows = self.records.entry(kind).or_default();
        let old = rows.remove(&by_id(id));
        for (index, key) in old.iter().flat_map(|row| &row.keys) {
            let keys = self.index.entry(*index).or_default();
            if let Some(ids) = keys.get_mut(key) {
                ids.remove(id);
                if ids.is_empty() {
                    keys.remove(key);
                }
            }
        }
        let Change::Put { body, keys, .. } = change else {
            return;
        };
        for (index, key) in keys {
            let index = self.index.entry(*index).or_default();
            index.entry(key.clone()).or_default().insert(id.to_owned());
        }
        let raw = RawRecord {
            id: id.to_owned(),
            version: old.map_or(1, |row| row.raw.version + 1),
            body: body.clone(),
        };
        let keys = keys.clone();
        rows.insert(by_id(id), Row { raw, keys });
    }
}

fn by_id(id: &str) -> Key {
    Key::from_bytes(id.as_bytes().to_vec())
}

fn cut(scan: &Scan, found: impl DoubleEndedIterator<Item = RawRecord>) -> Vec<RawRecord> {
    match scan.direction {
        Direction::Forward => found.take(scan.limit).collect(),
        Direction::Backward => found.rev().take(scan.limit).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;
    use crate::store::{Store, contract::contract};

    contract!((Store::new(Memory::new()), ()));
}
