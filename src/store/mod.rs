//! The store's contract: records with ids, versions and secondary keys; `get`, `scan`, `commit`.
//!
//! A commit is atomic and visible to every reader when [`Store::commit`] returns; it is on disk when
//! [`Store::durable`] returns for its number. Later commits never become durable before earlier
//! ones, so whoever waits for the last number has waited for all. Nothing may be acknowledged or
//! sent before that.

mod changes;
#[cfg(test)]
mod contract;
mod decoded;
mod error;
pub mod export;
pub mod import;
mod key;
mod kind;
pub mod memory;
mod saying;
pub mod sled;

use std::ops::Bound;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};

use decoded::Decoded;

pub use changes::{Change, Changes, Expect, Precondition};
pub use error::{CommitError, StoreError};
pub use key::Key;
pub use kind::{Index, Kind};

/// Something the store keeps. The body is its JSON.
pub trait Record: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Its kind, one per type.
    const KIND: Kind;

    /// Unique within the kind.
    fn id(&self) -> String;

    /// Secondary keys, each under one of the kind's declared indexes.
    fn keys(&self) -> Vec<(Index, Key)> {
        Vec::new()
    }
}

/// A record and the version it was read at.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<R> {
    /// Grows by one with each change of the record; the first is 1.
    pub version: u64,
    /// The record.
    pub record: R,
}

/// A record as a backend sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct RawRecord {
    /// Unique within the kind.
    pub id: String,
    /// See [`Versioned::version`].
    pub version: u64,
    /// JSON.
    pub body: Vec<u8>,
}

/// Counts commits of one store, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommitNo(pub u64);

/// Which way a scan runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Smallest key first.
    #[default]
    Forward,
    /// Largest key first.
    Backward,
}

/// A range of one index of a kind, or of its ids. A record with several keys in the range is found
/// once for each.
#[derive(Clone, Debug)]
pub struct Scan {
    /// The records' kind.
    pub kind: Kind,
    /// The index; `None` scans by id.
    pub index: Option<Index>,
    /// Lower bound of the key.
    pub from: Bound<Key>,
    /// Upper bound of the key.
    pub to: Bound<Key>,
    /// At most this many records.
    pub limit: usize,
    /// Which end first.
    pub direction: Direction,
}

impl Scan {
    /// All records of a kind by id.
    pub fn all(kind: Kind) -> Self {
        Self {
            kind,
            index: None,
            from: Bound::Unbounded,
            to: Bound::Unbounded,
            limit: usize::MAX,
            direction: Direction::Forward,
        }
    }

    /// All records whose key in `index` starts with the fields of `prefix`.
    pub fn prefix(index: Index, prefix: &Key) -> Self {
        let (from, to) = prefix.prefix_range();
        Self::range(index, from, to)
    }

    /// All records whose key in `index` lies between two bounds.
    pub fn range(index: Index, from: Bound<Key>, to: Bound<Key>) -> Self {
        Self {
            kind: index.kind(),
            index: Some(index),
            from,
            to,
            ..Self::all(index.kind())
        }
    }

    /// All records of a kind whose id starts with `start`. Bounds of an id scan are the id's own
    /// bytes, without the end mark of [`Key::text`].
    pub fn ids(kind: Kind, start: &str) -> Self {
        let (from, to) = Key::from_bytes(start.as_bytes().to_vec()).prefix_range();
        Self {
            from,
            to,
            ..Self::all(kind)
        }
    }

    /// Whether no key can lie between the bounds.
    fn is_void(&self) -> bool {
        use Bound::{Excluded, Included};
        match (&self.from, &self.to) {
            (Included(from), Included(to)) => from > to,
            (Included(from) | Excluded(from), Included(to) | Excluded(to)) => from >= to,
            _ => false,
        }
    }

    /// The same scan, cut after `limit` records.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// The same scan from the other end.
    #[must_use]
    pub fn backward(self) -> Self {
        Self {
            direction: Direction::Backward,
            ..self
        }
    }
}

/// What a backend does. Held to one contract suite, see `tests`.
#[async_trait]
pub trait Backend: Send + Sync {
    /// One record.
    async fn get(&self, kind: Kind, id: &str) -> Result<Option<RawRecord>, StoreError>;

    /// Records of a range, in key order; equal keys in order of id.
    async fn scan(&self, scan: &Scan) -> Result<Vec<RawRecord>, StoreError>;

    /// Applies all changes or none.
    async fn commit(&self, changes: Changes) -> Result<CommitNo, CommitError>;

    /// Returns when this commit and all before it are on disk.
    async fn durable(&self, upto: CommitNo) -> Result<(), StoreError>;

    /// The number of the last commit applied.
    fn last(&self) -> CommitNo;

    /// What keeps commits from being accepted at the moment.
    fn fault(&self) -> Option<StoreError> {
        None
    }

    /// Everything as it stands now, to be read at leisure while commits go on.
    async fn instant(&self) -> Result<Box<dyn Instant>, StoreError>;
}

/// All records of one instant, kind by kind in the order of [`Kind::ALL`], each in order of id.
#[async_trait]
pub trait Instant: Send {
    /// The next records; none when all were given.
    async fn next(&mut self) -> Result<Vec<(Kind, RawRecord)>, StoreError>;
}

/// A handle on a backend with typed access; cheap to clone.
#[derive(Clone)]
pub struct Store {
    backend: Arc<dyn Backend>,
    decoded: Arc<Decoded>,
}

impl Store {
    /// Wraps a backend.
    pub fn new(backend: impl Backend + 'static) -> Self {
        Self {
            backend: Arc::new(backend),
            decoded: Arc::default(),
        }
    }

    /// One record.
    pub async fn get<R: Record>(&self, id: &str) -> Result<Option<Versioned<R>>, StoreError> {
        let raw = self.backend.get(R::KIND, id).await?;
        raw.map(|raw| self.decode(raw)).transpose()
    }

    /// Records of a range, in key order.
    pub async fn scan<R: Record>(&self, scan: &Scan) -> Result<Vec<Versioned<R>>, StoreError> {
        debug_assert!(scan.kind == R::KIND, "a scan reads the kind it names");
        let raw = self.backend.scan(scan).await?.into_iter();
        raw.map(|raw| self.decode(raw)).collect()
    }

    /// Applies all changes or none; see the module's page for what its return means.
    pub async fn commit(&self, mut changes: Changes) -> Result<CommitNo, CommitError> {
        let fresh = std::mem::take(&mut changes.fresh);
        let number = self.backend.commit(changes).await?;
        self.decoded.follow(fresh);
        Ok(number)
    }

    /// Returns when this commit and all before it are on disk.
    pub async fn durable(&self, upto: CommitNo) -> Result<(), StoreError> {
        self.backend.durable(upto).await
    }

    /// Returns when everything applied so far is on disk.
    pub async fn sync(&self) -> Result<(), StoreError> {
        self.backend.durable(self.backend.last()).await
    }

    /// What keeps commits from being accepted at the moment.
    pub fn fault(&self) -> Option<StoreError> {
        self.backend.fault()
    }

    /// The backend, for export, backup and the like.
    pub fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    fn decode<R: Record>(&self, raw: RawRecord) -> Result<Versioned<R>, StoreError> {
        let version = raw.version;
        if let Some(record) = self.decoded.get(&raw) {
            return Ok(Versioned { version, record });
        }
        let record = serde_json::from_slice(&raw.body)
            .map_err(|error| StoreError::damaged(R::KIND, &raw.id, error.to_string()))?;
        self.decoded.keep(raw, &record);
        Ok(Versioned { version, record })
    }
}
