//! The folder a store lives in, and what stands beside sled's own files.
//!
//! ```text
//! lock               who uses the store
//! store/store.json   the store's id and the layout of this folder
//! store/progress     the last commit that is on disk, twice
//! store/sled/        sled's own files
//! ```
//!
//! sled opens a truncated or missing file as an empty store. So the folder `store` comes into being
//! whole, by one rename, and whatever is missing from it later is damage, never a reason to start
//! anew. `progress` is written after each group of commits but synced only when the store is opened
//! and closed: it is exact after the process was killed and a lower bound after a power loss. A sled
//! that knows fewer commits than `progress` has lost some.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fault::{damaged, from_file};
use super::layout::checksum;
use crate::store::StoreError;

/// The layout of the folder that this program writes.
const FORMAT: u32 = 1;

/// Bytes of one of the two slots of `progress`: a checksum and the number.
const SLOT: usize = 12;

/// The folder while it is ours.
#[derive(Debug)]
pub(super) struct Folder {
    base: PathBuf,
    _lock: File,
}

#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    format: u32,
    id: String,
    /// Checksum of the other fields, so that a flipped digit is not taken for a newer program.
    check: u32,
}

impl Marker {
    fn new(format: u32, id: &str) -> Self {
        let check = checksum(&format.to_be_bytes(), id.as_bytes());
        let id = id.to_owned();
        Self { format, id, check }
    }
}

impl Folder {
    /// Makes the folder ours, or says who has it.
    pub(super) fn take(base: &Path, now: Timestamp) -> Result<Self, StoreError> {
        fs::create_dir_all(base).map_err(|error| from_file(base, &error))?;
        let path = base.join("lock");
        let lock = hold(&path, now)?;
        let base = base.to_owned();
        Ok(Self { base, _lock: lock })
    }

    /// Whether there is no store in it yet.
    pub(super) fn is_fresh(&self) -> bool {
        !self.store().exists()
    }

    /// Where sled keeps its files.
    pub(super) fn sled(&self) -> PathBuf {
        self.store().join("sled")
    }

    /// Where a new store is made before it is moved into place.
    pub(super) fn making(&self) -> PathBuf {
        self.base.join("store.making")
    }

    /// Checks that everything is there and reads the store's id.
    pub(super) fn read(&self) -> Result<String, StoreError> {
        let path = self.store().join("store.json");
        let text = fs::read(&path).map_err(|_| damaged(missing("store.json")))?;
        let marker: Option<Marker> = serde_json::from_slice(&text).ok();
        let marker = marker
            .filter(|marker| marker.check == Marker::new(marker.format, &marker.id).check)
            .ok_or_else(|| damaged("store/store.json 的内容不对".to_owned()))?;
        if marker.format > FORMAT {
            return Err(StoreError::Newer {
                found: marker.format,
                known: FORMAT,
            });
        }
        for name in ["conf", "db", "blobs"] {
            if !self.sled().join(name).exists() {
                return Err(damaged(missing(&format!("sled/{name}"))));
            }
        }
        Ok(marker.id)
    }

    /// The number of the last commit known to be on disk, and the file to note further ones in.
    pub(super) fn progress(&self) -> Result<(u64, Progress), StoreError> {
        let path = self.store().join("progress");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|_| damaged(missing("progress")))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| from_file(&path, &error))?;
        let noted = bytes.chunks(SLOT).filter_map(read_slot).max();
        let noted = noted.ok_or_else(|| damaged("store/progress 的内容不对".to_owned()))?;
        Ok((noted, Progress { file, path }))
    }

    /// Writes what stands beside sled into a store that is being made, and moves it into place.
    pub(super) fn establish(&self, id: &str) -> Result<(), StoreError> {
        let making = self.making();
        let marker = serde_json::to_vec(&Marker::new(FORMAT, id)).expect("plain data");
        write_synced(&making.join("store.json"), &marker)?;
        write_synced(&making.join("progress"), &[slot(0), slot(0)].concat())?;
        sync_all_in(&making)?;
        fs::rename(&making, self.store()).map_err(|error| from_file(&making, &error))?;
        sync_folder(&self.base)
    }

    /// Syncs sled's files and folders as they are, once when a store is opened.
    pub(super) fn sync_sled(&self) -> Result<(), StoreError> {
        sync_all_in(&self.sled())
    }

    /// Whether there is room for this many bytes, found out by writing them.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        let path = self.base.join("room");
        let written = File::create(&path).and_then(|mut file| {
            let chunk = vec![1; 1 << 16];
            for _ in 0..bytes.div_ceil(chunk.len()) {
                file.write_all(&chunk)?;
            }
            file.sync_data()
        });
        let removed = fs::remove_file(&path);
        written.is_ok() && removed.is_ok()
    }

    fn store(&self) -> PathBuf {
        self.base.join("store")
    }
}

/// The file `progress`.
#[derive(Debug)]
pub(super) struct Progress {
    file: File,
    path: PathBuf,
}

impl Progress {
    /// Notes that all commits up to this one are on disk. The two slots are written in turn, so that
    /// a torn write leaves the other.
    pub(super) fn note(&self, commit: u64) -> Result<(), StoreError> {
        let at = (commit % 2) * SLOT as u64;
        self.file
            .write_all_at(&slot(commit), at)
            .map_err(|error| from_file(&self.path, &error))
    }

    /// Makes the note itself durable.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        self.file
            .sync_data()
            .map_err(|error| from_file(&self.path, &error))
    }
}

fn hold(path: &Path, now: Timestamp) -> Result<File, StoreError> {
    let failed = |error| from_file(path, &error);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.read_to_string(&mut holder).map_err(failed)?;
            let holder = holder.trim().to_owned();
            return Err(StoreError::Held { holder });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let started = now.strftime("%Y-%m-%d %H:%M:%S UTC");
    let holder = format!("进程号 {}，启动于 {started}\n", std::process::id());
    file.set_len(0).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    file.write_all(holder.as_bytes()).map_err(failed)?;
    Ok(file)
}

fn slot(commit: u64) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    slot[4..].copy_from_slice(&commit.to_be_bytes());
    let sum = checksum(b"progress", &slot[4..]);
    slot[..4].copy_from_slice(&sum.to_be_bytes());
    slot
}

fn read_slot(bytes: &[u8]) -> Option<u64> {
    let (_, commit) = bytes.split_first_chunk::<4>()?;
    let commit = u64::from_be_bytes(commit.try_into().ok()?);
    (slot(commit) == bytes).then_some(commit)
}

fn missing(name: &str) -> String {
    format!("缺少文件 store/{name}")
}

/// Writes a file and syncs it.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    File::create(path)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(|error| from_file(path, &error))
}

fn sync_all_in(folder: &Path) -> Result<(), StoreError> {
    let failed = |error| from_file(folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            sync_all_in(&path)?;
        } else {
            let synced = File::open(&path).and_then(|file| file.sync_all());
            synced.map_err(|error| from_file(&path, &error))?;
        }
    }
    sync_folder(folder)
}

/// Makes new names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| from_file(folder, &error))
}
