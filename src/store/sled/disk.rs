//! sled itself: groups of entries applied as one batch, and proof that nothing is missing.
//!
//! sled recovers a batch as a whole or not at all: the log is held back behind a manifest until the
//! batch is complete, and recovery ends at a manifest whose batch is not. Each batch also carries the
//! store's [`State`]: the number of the last commit in it and the [`Balance`] of all entries. When the store is opened, all entries are read and compared with it: sled drops
//! records silently when bytes of its log are flipped.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sled::{Batch, Db, IVec};

use super::fault::{damaged, from_file, from_sled, guarded};
use super::layout::{STATE, checksum};
use super::near::Near;
use crate::store::StoreError;

/// Bytes of pages that sled keeps in memory, by its own count, which is less than half of what they
/// take. What is read often is kept in `near`.
const CACHE: u64 = 8 << 20;

/// How often sled is asked to open a file that is still in use, every 10 ms.
const ATTEMPTS: usize = 200;

/// Entries that are to be written (`Some`) or removed.
pub(super) type Layer = BTreeMap<IVec, Option<IVec>>;

/// What entries come to. Both numbers wrap, so that what is lost can be counted before what is gained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Balance {
    /// How many there are.
    pub(super) entries: u64,
    /// The sum of their checksums.
    pub(super) sum: u64,
}

impl Balance {
    /// One entry more.
    pub(super) fn gain(&mut self, key: &[u8], value: &[u8]) {
        self.entries = self.entries.wrapping_add(1);
        self.sum = self.sum.wrapping_add(u64::from(checksum(key, value)));
    }

    /// One entry less.
    pub(super) fn lose(&mut self, key: &[u8], value: &[u8]) {
        self.entries = self.entries.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(u64::from(checksum(key, value)));
    }

    /// All that another balance counts is gone.
    pub(super) fn subtract(&mut self, other: Self) {
        self.entries = self.entries.wrapping_sub(other.entries);
        self.sum = self.sum.wrapping_sub(other.sum);
    }

    /// All that another balance counts, too.
    pub(super) fn add(&mut self, other: Self) {
        self.entries = self.entries.wrapping_add(other.entries);
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

/// What a store knows of itself, written with every batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// The store's id.
    pub(super) store: String,
    /// The shape of the records, see `migration`.
    pub(super) schema: u32,
    /// Up to where an unfinished migration has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) migrated: Option<String>,
    /// The last commit contained.
    pub(super) commit: u64,
    /// All entries but this one.
    #[serde(flatten)]
    pub(super) balance: Balance,
}

/// An open sled and the state it stands in.
#[derive(Debug)]
pub(super) struct Disk {
    db: Db,
    file: File,
    pub(super) state: State,
}

impl Disk {
    /// Makes a new store at `path`.
    pub(super) fn create(path: &Path, id: &str, schema: u32) -> Result<(), StoreError> {
        let (db, file) = open(path)?;
        let state = State {
            store: id.to_owned(),
            schema,
            migrated: None,
            commit: 0,
            balance: Balance::default(),
        };
        let mut disk = Self { db, file, state };
        disk.apply(&Layer::new(), |_| {})
    }

    /// Opens what is there. Proving that it is whole is up to [`Disk::verify`].
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let (db, file) = open(path)?;
        let state = guarded(|| db.get(STATE).map_err(from_sled))?;
        let state = state.ok_or_else(|| damaged("数据文件是空的".to_owned()))?;
        let state = read_state(&state).ok_or_else(|| damaged("存储状态的校验和不符".to_owned()))?;
        Ok(Self { db, file, state })
    }

    /// A handle for reading.
    pub(super) fn db(&self) -> &Db {
        &self.db
    }

    /// Reads every entry and compares with the state; gives what readers are to have near.
    pub(super) fn verify(&self) -> Result<Near, StoreError> {
        let mut near = Near::new();
        let mut found = Balance::default();
        guarded(|| {
            for entry in &*self.db {
                let (key, value) = entry.map_err(from_sled)?;
                if key != STATE {
                    found.gain(&key, &value);
                    near.found(&key);
                }
            }
            Ok(())
        })?;
        let (known, entries) = (self.state.balance.entries, found.entries);
        if entries != known {
            return Err(damaged(format!("应有 {known} 项，只读到 {entries} 项")));
        }
        if found != self.state.balance {
            return Err(damaged("内容的校验和不符".to_owned()));
        }
        Ok(near)
    }

    /// Applies entries as one batch and returns when it is on disk. `update` changes what the state
    /// says beside the balance. After an error the store must be reopened.
    pub(super) fn apply(
        &mut self,
        layer: &Layer,
        update: impl FnOnce(&mut State),
    ) -> Result<(), StoreError> {
        let change = self.change(layer)?;
        self.append(layer, change, update)
    }

    /// The same for whoever knows how the entries change the balance.
    pub(super) fn append(
        &mut self,
        layer: &Layer,
        change: Balance,
        update: impl FnOnce(&mut State),
    ) -> Result<(), StoreError> {
        let mut state = self.state.clone();
        update(&mut state);
        state.balance.add(change);
        let mut batch = Batch::default();
        for (key, value) in layer {
            match value {
                Some(value) => batch.insert(key.clone(), value.clone()),
                None => batch.remove(key.clone()),
            }
        }
        batch.insert(STATE, write_state(&state));
        guarded(|| self.db.apply_batch(batch).map_err(from_sled))?;
        self.sync()?;
        self.state = state;
        Ok(())
    }

    /// Returns when all that was applied is on disk.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        guarded(|| self.db.flush().map_err(from_sled))?;
        // sled's flush ends in sync_file_range, which leaves file size and disk cache alone.
        let synced = self.file.sync_data();
        synced.map_err(|error| from_file(Path::new("db"), &error))
    }

    /// How writing these entries would change the balance.
    fn change(&self, layer: &Layer) -> Result<Balance, StoreError> {
        let mut change = Balance::default();
        guarded(|| {
            for (key, value) in layer {
                if let Some(old) = self.db.get(key).map_err(from_sled)? {
                    change.lose(key, &old);
                }
                if let Some(value) = value {
                    change.gain(key, value);
                }
            }
            Ok(())
        })?;
        Ok(change)
    }
}

fn open(path: &Path) -> Result<(Db, File), StoreError> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(CACHE)
        // Flushing is the business of our own thread, which knows who waits for it.
        .flush_every_ms(None);
    // sled's threads may hold a file for a moment after it was closed; other processes are kept out
    // by our own lock.
    let mut attempt = 0;
    let db = loop {
        match guarded(|| config.open().map_err(from_sled)) {
            Err(StoreError::Unavailable(_)) if attempt < ATTEMPTS => attempt += 1,
            outcome => break outcome?,
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let file = path.join("db");
    let file = File::open(&file).map_err(|error| from_file(&file, &error))?;
    Ok((db, file))
}

fn write_state(state: &State) -> Vec<u8> {
    let json = serde_json::to_vec(state).expect("plain data");
    let mut bytes = checksum(STATE, &json).to_be_bytes().to_vec();
    bytes.extend(json);
    bytes
}

fn read_state(bytes: &[u8]) -> Option<State> {
    let (sum, json) = bytes.split_first_chunk::<4>()?;
    if u32::from_be_bytes(*sum) != checksum(STATE, json) {
        return None;
    }
    serde_json::from_slice(json).ok()
}
