//! Keeps records that pass: at most so many, at most so long, and none when switched off.

use std::marker::PhantomData;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::SignedDuration;

use crate::model::{PersonId, Timestamp};
use crate::store::{Changes, CommitError, Expect, Index, Key, Record, Scan, Store, StoreError};

/// Records removed in one commit.
const BATCH: usize = 500;

/// A record that is kept for a while.
pub trait Passing: Record {
    /// The index of [`Passing::kept_at`].
    const BY_TIME: Index;
    /// The index of the person it came from.
    const BY_PERSON: Index;

    /// When it was written down.
    fn kept_at(&self) -> Timestamp;
}

/// How long and how many. Zero days: nothing is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Days.
    pub days: u16,
    /// Records; the oldest makes room.
    pub most: usize,
}

/// Writes, lists and clears records of one kind. Cheap to clone, all clones count together.
#[derive(Clone)]
pub struct Keeper<R> {
    store: Store,
    keep: Keep,
    held: Arc<AtomicUsize>,
    kind: PhantomData<fn() -> R>,
}

impl<R: Passing> Keeper<R> {
    /// A keeper over what is there already.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn open(store: Store, keep: Keep) -> Result<Self, StoreError> {
        let held = store.scan::<R>(&Scan::all(R::KIND)).await?.len();
        Ok(Self {
            store,
            keep,
            held: Arc::new(AtomicUsize::new(held)),
            kind: PhantomData,
        })
    }

    /// Whether anything is kept at all.
    pub fn is_on(&self) -> bool {
        self.keep.days > 0 && self.keep.most > 0
    }

    /// For how many days.
    pub fn days(&self) -> u16 {
        self.keep.days
    }

    /// Writes a record down, once per id. It is on the disk with the next group of commits; nobody
    /// needs to wait for it.
    ///
    /// # Errors
    /// What the store reports; then nothing is kept.
    pub async fn note(&self, record: &R) -> Result<(), CommitError> {
        let id = record.id();
        if !self.is_on() || self.store.get::<R>(&id).await?.is_some() {
            return Ok(());
        }
        let mut changes = Changes::new();
        changes.put(record, Expect::Any);
        let full = self.held.load(Ordering::Relaxed) >= self.keep.most;
        let oldest = if full { self.oldest().await? } else { None };
        if let Some(oldest) = &oldest {
            changes.delete::<R>(&oldest.id(), Expect::Any);
        }
        self.store.commit(changes).await?;
        if oldest.is_none() {
            self.held.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Changes a record that is still there.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn change(&self, record: &R) -> Result<(), CommitError> {
        let mut changes = Changes::new();
        changes.put(record, Expect::Any);
        self.store.commit(changes).await?;
        Ok(())
    }

    /// One record.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn get(&self, id: &str) -> Result<Option<R>, StoreError> {
        Ok(self.store.get::<R>(id).await?.map(|found| found.record))
    }

    /// Everything that is not too old, oldest first. Bounded by [`Keep::most`].
    ///
    /// # Errors
    /// What the store reports.
    pub async fn all(&self, now: Timestamp) -> Result<Vec<R>, StoreError> {
        let from = Bound::Included(Key::new().time(self.oldest_kept(now)));
        let scan = Scan::range(R::BY_TIME, from, Bound::Unbounded);
        let found = self.store.scan::<R>(&scan).await?;
        Ok(found.into_iter().map(|found| found.record).collect())
    }

    /// How many are due to go: too old, too many, or all where nothing is kept any more.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn due(&self, now: Timestamp) -> Result<usize, StoreError> {
        Ok(self.overdue(now).await?.len())
    }

    /// Takes out what is due to go. Gives how many.
    ///
    /// # Errors
    /// What the store reports; what was taken out stays out.
    pub async fn purge(&self, now: Timestamp) -> Result<usize, CommitError> {
        let overdue = self.overdue(now).await?;
        self.remove(&overdue).await?;
        Ok(overdue.len())
    }

    /// Takes out what a person said. Gives the ids that are gone.
    ///
    /// # Errors
    /// What the store reports; what was taken out stays out.
    pub async fn forget(&self, person: &PersonId) -> Result<Vec<String>, CommitError> {
        let key = Key::new().text(person.as_str());
        let found = self
            .store
            .scan::<R>(&Scan::prefix(R::BY_PERSON, &key))
            .await?;
        let ids: Vec<String> = found.iter().map(|found| found.record.id()).collect();
        self.remove(&ids).await?;
        Ok(ids)
    }

    /// Takes out what this finds, however old. Gives how many.
    ///
    /// # Errors
    /// What the store reports; what was taken out stays out.
    pub async fn take_out(&self, wanted: impl Fn(&R) -> bool) -> Result<usize, CommitError> {
        let all = self.store.scan::<R>(&Scan::all(R::KIND)).await?;
        let found = all.iter().filter(|found| wanted(&found.record));
        let ids: Vec<String> = found.map(|found| found.record.id()).collect();
        self.remove(&ids).await?;
        Ok(ids.len())
    }

    async fn overdue(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let scan = Scan::range(R::BY_TIME, Bound::Unbounded, Bound::Unbounded);
        let all = self.store.scan::<R>(&scan).await?;
        self.held.store(all.len(), Ordering::Relaxed);
        let allowed = if self.is_on() { self.keep.most } else { 0 };
        let surplus = all.len().saturating_sub(allowed);
        let from = self.oldest_kept(now);
        let due = all
            .iter()
            .enumerate()
            .filter(|(place, one)| *place < surplus || one.record.kept_at() < from);
        Ok(due.map(|(_, one)| one.record.id()).collect())
    }

    async fn remove(&self, ids: &[String]) -> Result<(), CommitError> {
        for some in ids.chunks(BATCH) {
            let mut changes = Changes::new();
            for id in some {
                changes.delete::<R>(id, Expect::Any);
            }
            self.store.commit(changes).await?;
            let less = |held: usize| Some(held.saturating_sub(some.len()));
            // Never refused: the closure always gives a number.
            let _ = self
                .held
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
        Ok(())
    }

    async fn oldest(&self) -> Result<Option<R>, StoreError> {
        let scan = Scan::range(R::BY_TIME, Bound::Unbounded, Bound::Unbounded).limit(1);
        let found = self.store.scan::<R>(&scan).await?;
        Ok(found.into_iter().next().map(|found| found.record))
    }

    fn oldest_kept(&self, now: Timestamp) -> Timestamp {
        let age = SignedDuration::from_hours(i64::from(self.keep.days) * 24);
        now.saturating_sub(age).unwrap_or(Timestamp::MIN)
    }
}
