//! The thread that brings commits to disk: whatever was committed since the last time, as one group.

use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use tokio::sync::watch;

use super::content::Content;
use super::disk::{Disk, Layer};
use super::fault::{Fault, damaged};
use super::folder::{Folder, Progress};
use super::gathered::Group;
use crate::store::StoreError;

/// Time between attempts to go on after the disk was full.
const PAUSE: Duration = Duration::from_millis(500);

/// How long commits are gathered that nobody waits for: written together they cost less, and what
/// is overwritten meanwhile is never written.
const GATHER: Duration = Duration::from_millis(100);

/// Room beyond the waiting commits that must be free before sled is reopened: sled writes whole
/// segments of 512 KB, and rewrites old ones.
const SPARE_ROOM: usize = 4 << 20;

/// How far the disk has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Reached {
    /// The last commit on disk.
    pub(super) commit: u64,
    /// Bytes of all commits since the store was opened that are on disk.
    pub(super) bytes: u64,
    /// What keeps it from going on.
    pub(super) fault: Option<Fault>,
}

/// What the flusher shares with those who read and commit.
#[derive(Debug)]
pub(super) struct Shared {
    content: RwLock<Content>,
    pub(super) reached: watch::Sender<Reached>,
    signal: Mutex<Signal>,
    bell: Condvar,
    /// After `content`: its lock is given up when sled is closed.
    folder: Folder,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Signal {
    /// There are commits to write.
    work: bool,
    /// Somebody waits for them.
    hurry: bool,
    stop: bool,
}

impl Shared {
    pub(super) fn new(content: Content, folder: Folder) -> Self {
        let reached = Reached {
            commit: content.last,
            ..Reached::default()
        };
        Self {
            content: RwLock::new(content),
            reached: watch::Sender::new(reached),
            signal: Mutex::default(),
            bell: Condvar::new(),
            folder,
        }
    }

    /// What readers see. sled's panics are caught before they could poison the lock.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Content> {
        self.content.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Content> {
        self.content.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the flusher that there is something to do.
    pub(super) fn wake(&self) {
        self.ring(|signal| signal.work = true);
    }

    /// Tells the flusher that somebody waits for what was committed.
    pub(super) fn hurry(&self) {
        self.ring(|signal| signal.hurry = true);
    }

    /// Tells the flusher to finish.
    pub(super) fn stop(&self) {
        self.ring(|signal| signal.stop = true);
    }

    fn ring(&self, change: impl FnOnce(&mut Signal)) {
        let mut signal = self.signal.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *signal;
        change(&mut signal);
        // Whoever gathers for a while need not wake up for each commit.
        if *signal != before {
            self.bell.notify_one();
        }
    }

    /// Waits for work, and for more of it while nobody waits for the disk; `false` when there is none
    /// and will be none.
    fn wait_for_work(&self) -> bool {
        let signal = self.signal.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |signal: &mut Signal| !signal.work && !signal.stop;
        let signal = self
            .bell
            .wait_while(signal, idle)
            .unwrap_or_else(PoisonError::into_inner);
        let calm = |signal: &mut Signal| !signal.hurry && !signal.stop;
        let (mut signal, _) = self
            .bell
            .wait_timeout_while(signal, GATHER, calm)
            .unwrap_or_else(PoisonError::into_inner);
        signal.hurry = false;
        std::mem::take(&mut signal.work)
    }

    /// Waits for a while; `false` when the store is to stop.
    fn pause(&self) -> bool {
        let signal = self.signal.lock().unwrap_or_else(PoisonError::into_inner);
        let (signal, _) = self
            .bell
            .wait_timeout_while(signal, PAUSE, |signal| !signal.stop)
            .unwrap_or_else(PoisonError::into_inner);
        !signal.stop
    }
}

/// The thread's own belongings.
#[derive(Debug)]
pub(super) struct Flusher {
    pub(super) shared: Arc<Shared>,
    /// `None` while sled is being reopened.
    pub(super) disk: Option<Disk>,
    pub(super) progress: Progress,
}

impl Flusher {
    /// Works until it is told to stop and nothing is left, or the store is beyond help.
    pub(super) fn run(mut self) {
        while self.shared.wait_for_work() {
            if let Err(error) = self.flush() {
                tracing::error!(error = %error, "the store cannot go on");
                self.tell(Fault::from(&error));
                return;
            }
        }
        if let Err(error) = self.progress.sync() {
            tracing::warn!(error = %error, "the store's progress could not be synced");
        }
        self.tell(Fault::Other("数据目录已关闭".to_owned()));
    }

    /// Brings all that was committed by now to disk.
    fn flush(&mut self) -> Result<(), StoreError> {
        let group = self.shared.write().freeze();
        if group.last == self.shared.reached.borrow().commit {
            return Ok(());
        }
        let mut outcome = self.write(&group);
        while let Err(StoreError::Full) = outcome {
            if self.shared.reached.borrow().fault.is_none() {
                tracing::error!("the disk is full; nothing is saved until there is room");
                self.tell(Fault::Full);
            }
            if !self.shared.pause() {
                return Err(StoreError::Full);
            }
            if self
                .shared
                .folder
                .has_room(weigh(&group.entries) + SPARE_ROOM)
            {
                outcome = self.reopen().and_then(|()| self.write(&group));
            }
        }
        outcome?;
        self.shared.write().flushing = Arc::default();
        self.shared.reached.send_modify(|reached| {
            if reached.fault.take().is_some() {
                tracing::info!("the disk has room again; the store goes on");
            }
            reached.commit = group.last;
            reached.bytes = group.bytes;
        });
        Ok(())
    }

    fn write(&mut self, group: &Group) -> Result<(), StoreError> {
        let disk = self.disk.as_mut().ok_or(StoreError::Full)?;
        if disk.state.commit < group.last {
            disk.append(&group.entries, group.change, |state| {
                state.commit = group.last;
            })?;
        } else {
            // It was applied before the disk was full, and sled was opened anew with it.
            disk.sync()?;
        }
        self.progress.note(group.last)
    }

    /// sled remembers an error until it is opened anew.
    fn reopen(&mut self) -> Result<(), StoreError> {
        let mut content = self.shared.write();
        content.db = None;
        self.disk = None;
        let disk = Disk::open(&self.shared.folder.sled())?;
        if disk.state.commit < self.shared.reached.borrow().commit {
            return Err(damaged("重新打开后缺少已保存的内容".to_owned()));
        }
        content.db = Some(disk.db().clone());
        self.disk = Some(disk);
        Ok(())
    }

    fn tell(&self, fault: Fault) {
        let reached = &self.shared.reached;
        reached.send_modify(|reached| reached.fault = Some(fault));
    }
}

fn weigh(group: &Layer) -> usize {
    let entries = group.iter();
    entries
        .map(|(key, value)| key.len() + value.as_ref().map_or(0, |value| value.len()))
        .sum()
}
