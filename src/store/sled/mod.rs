//! The embedded backend: sled 0.34, made safe for what the contract promises.
//!
//! - `content`: what readers see; a commit is visible at once, in memory, over sled.
//! - `gathered`: what is committed and waits for the disk.
//! - `flusher`: one thread brings all commits since the last time to disk as one group.
//! - `near`: what readers find in memory, without asking sled.
//! - `disk`: sled itself, a batch per group, and proof that nothing is missing.
//! - `folder`: the lock and the marker beside sled.
//! - `layout`: keys and values in sled.
//! - `restore`: an export as a new store.
//! - `migration`: older shapes of records, rewritten when the store is opened.
//!
//! # When the disk is full
//!
//! [`StoreError::Full`] comes from `commit` (nothing was applied) and from `durable` (the outcome is
//! open: the commit stays applied and visible, waits in memory, and is written when there is room;
//! ask `durable` again before acknowledging). Reading goes on. The flusher looks every half second
//! whether there is room, opens sled anew, writes what waits, and commits are accepted again.

mod content;
mod disk;
mod fault;
mod flusher;
mod folder;
mod gathered;
mod layout;
mod migration;
mod near;
mod restore;
#[cfg(test)]
mod tests;

use std::fs;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use async_trait::async_trait;
use jiff::Timestamp;

use content::{Content, Range, View};
use disk::Disk;
use fault::{Fault, damaged, from_file};
use flusher::{Flusher, Shared};
use folder::Folder;
use migration::Migrated;
pub use migration::{Migration, Rewritten, Schema};
pub use restore::restore;

use super::{
    Backend, Changes, CommitError, CommitNo, Direction, Instant, Kind, RawRecord, Scan, StoreError,
};

/// At most this many commits are applied but not yet on disk; a further one waits.
const MAX_WAITING_COMMITS: u64 = 4096;

/// At most this many bytes of commits are applied but not yet on disk; a further one waits.
const MAX_WAITING_BYTES: u64 = 4 << 20;

/// Records read under one hold of the lock. Commits get in between; a longer scan sees each of its
/// parts at an instant of its own.
const PART: usize = 256;

/// A store in a folder.
#[derive(Debug)]
pub struct Sled {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Sled {
    /// Opens the store in `folder`, or makes a new one where there is none. Reads everything once to
    /// prove that it is whole, and brings older records to the newest shape. Blocks. `now` is
    /// written into the lock, for whoever finds the store in use.
    ///
    /// # Errors
    ///
    /// [`StoreError::Held`] by another process, [`StoreError::Damaged`] where anything is missing or
    /// not as written, [`StoreError::Newer`] where a newer program wrote it.
    pub fn open(folder: &Path, schema: &Schema, now: Timestamp) -> Result<Self, StoreError> {
        let folder = Folder::take(folder, now)?;
        if folder.is_fresh() {
            create(&folder, schema)?;
        }
        let id = folder.read()?;
        let (noted, progress) = folder.progress()?;
        let mut disk = Disk::open(&folder.sled())?;
        if disk.state.store != id {
            return Err(damaged(
                "sled 与 store.json 不是同一个数据目录的".to_owned(),
            ));
        }
        if disk.state.commit < noted {
            let found = disk.state.commit;
            return Err(damaged(format!(
                "已保存过第 {noted} 次提交，只读到第 {found} 次"
            )));
        }
        let mut near = disk.verify()?;
        folder.sync_sled()?;
        if schema.bring_up_to_date(&mut disk)? == Migrated::Rewritten {
            near = disk.verify()?;
        }
        progress.note(disk.state.commit)?;
        progress.sync()?;

        let content = Content::new(disk.db().clone(), disk.state.commit, near);
        let shared = Arc::new(Shared::new(content, folder));
        let flusher = Flusher {
            shared: Arc::clone(&shared),
            disk: Some(disk),
            progress,
        };
        let thread = std::thread::Builder::new()
            .name("store-flusher".to_owned())
            .spawn(move || flusher.run())
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Waits until a further commit is within the limits of what may wait.
    async fn admitted(&self) -> Result<(), StoreError> {
        let (last, bytes) = {
            let content = self.shared.read();
            (content.last, content.bytes)
        };
        let room = |reached: &flusher::Reached| {
            reached.fault.is_some()
                || (last < reached.commit + MAX_WAITING_COMMITS
                    && bytes < reached.bytes + MAX_WAITING_BYTES)
        };
        if !room(&self.shared.reached.borrow()) {
            self.shared.hurry();
        }
        self.until(room).await
    }

    async fn until(&self, done: impl Fn(&flusher::Reached) -> bool) -> Result<(), StoreError> {
        let mut reached = self.shared.reached.subscribe();
        let reached = reached.wait_for(done).await;
        let reached = reached.map_err(|_| StoreError::from(Fault::Other("已关闭".to_owned())))?;
        match &reached.fault {
            Some(fault) => Err(fault.clone().into()),
            None => Ok(()),
        }
    }
}

/// Writes what is left and gives the folder free.
impl Drop for Sled {
    fn drop(&mut self) {
        self.shared.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the store's thread panicked");
        }
    }
}

#[async_trait]
impl Backend for Sled {
    async fn get(&self, kind: Kind, id: &str) -> Result<Option<RawRecord>, StoreError> {
        self.shared.read().record(kind, id)
    }

    async fn scan(&self, scan: &Scan) -> Result<Vec<RawRecord>, StoreError> {
        let mut range = layout::range_of(scan);
        let mut found = Vec::new();
        while found.len() < scan.limit && !is_void(&range) {
            let part = PART.min(scan.limit - found.len());
            let (records, next) = self.shared.read().scan(scan, &range, part)?;
            found.extend(records);
            match (next, scan.direction) {
                (None, _) => break,
                (Some(last), Direction::Forward) => range.0 = Bound::Excluded(last),
                (Some(last), Direction::Backward) => range.1 = Bound::Excluded(last),
            }
            if found.len() < scan.limit {
                tokio::task::yield_now().await;
            }
        }
        Ok(found)
    }

    async fn commit(&self, changes: Changes) -> Result<CommitNo, CommitError> {
        self.admitted().await?;
        let (no, is_a_group) = {
            let mut content = self.shared.write();
            let no = content.commit(&changes)?;
            (no, content.is_a_group())
        };
        self.shared.wake();
        if is_a_group {
            self.shared.hurry();
        }
        Ok(no)
    }

    async fn durable(&self, upto: CommitNo) -> Result<(), StoreError> {
        if self.shared.reached.borrow().commit >= upto.0 {
            return Ok(());
        }
        self.shared.hurry();
        let there = |reached: &flusher::Reached| reached.commit >= upto.0;
        match self
            .until(|reached| there(reached) || reached.fault.is_some())
            .await
        {
            // It may have come to disk before the fault did.
            Err(_) if there(&self.shared.reached.borrow()) => Ok(()),
            outcome => outcome,
        }
    }

    fn last(&self) -> CommitNo {
        CommitNo(self.shared.read().last)
    }

    fn fault(&self) -> Option<StoreError> {
        self.shared.reached.borrow().fault.clone().map(Into::into)
    }

    async fn instant(&self) -> Result<Box<dyn Instant>, StoreError> {
        let view = self.shared.write().view();
        Ok(Box::new(Snapshot {
            shared: Arc::clone(&self.shared),
            view,
            kinds: Kind::ALL.to_vec(),
            from: None,
        }))
    }
}

/// One instant of a store that goes on.
struct Snapshot {
    shared: Arc<Shared>,
    view: View,
    /// Those not yet read to the end.
    kinds: Vec<Kind>,
    /// The last record given of the first of them.
    from: Option<String>,
}

#[async_trait]
impl Instant for Snapshot {
    async fn next(&mut self) -> Result<Vec<(Kind, RawRecord)>, StoreError> {
        while let Some(kind) = self.kinds.first().copied() {
            let mut range = layout::whole(kind);
            if let Some(id) = &self.from {
                range.0 = Bound::Excluded(layout::record_key(kind, id));
            }
            let part = self.shared.read().page(&self.view, kind, &range, PART)?;
            self.from = part.last().map(|record| record.id.clone());
            if !part.is_empty() {
                return Ok(part.into_iter().map(|record| (kind, record)).collect());
            }
            self.kinds.remove(0);
        }
        Ok(Vec::new())
    }
}

/// Makes a new store beside its place and moves it there whole.
fn create(folder: &Folder, schema: &Schema) -> Result<(), StoreError> {
    let making = folder.making();
    if making.exists() {
        fs::remove_dir_all(&making).map_err(|error| from_file(&making, &error))?;
    }
    let id = format!("{:016x}", fastrand::u64(..));
    fs::create_dir_all(&making).map_err(|error| from_file(&making, &error))?;
    Disk::create(&making.join("sled"), &id, schema.version())?;
    folder.establish(&id)
}

/// sled and `BTreeMap` panic on bounds in the wrong order.
fn is_void(range: &Range) -> bool {
    use Bound::{Excluded, Included};
    match range {
        (Included(from), Included(to)) => from > to,
        (Included(from) | Excluded(from), Included(to) | Excluded(to)) => from >= to,
        _ => false,
    }
}
