//! Who is where: the area tree, the groups, the people, their roles and duties. Reads come from an
//! immutable [`Snapshot`]; every change is a commit first and a new snapshot after.

mod admit;
pub mod import;
mod record;
mod snapshot;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arc_swap::ArcSwap;
use thiserror::Error;
use tokio::sync::Mutex;

use crate::model::{Area, Group, Person};
use crate::store::{Changes, CommitError, Kind, Scan, Store, StoreError};

pub use admit::{Admission, MAX_PENDING_GROUPS};
pub use snapshot::{Candidate, Snapshot};

/// A handle on the directory; cheap to clone, all clones see the same snapshot.
#[derive(Clone)]
pub struct Directory {
    store: Store,
    current: Arc<ArcSwap<Snapshot>>,
    /// One change at a time, so that no snapshot misses one.
    changing: Arc<Mutex<()>>,
}

/// Why a change of the directory did not happen.
#[derive(Debug, Error)]
pub enum DirectoryError {
    /// The person who asked can put it right.
    #[error("{0}")]
    Unfit(String),
    /// Somebody else changed the same record, or the store failed.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<StoreError> for DirectoryError {
    fn from(error: StoreError) -> Self {
        Self::Commit(CommitError::Store(error))
    }
}

impl Directory {
    /// Reads everything the store knows.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn load(store: Store) -> Result<Self, StoreError> {
        let snapshot = read(&store).await?;
        Ok(Self {
            store,
            current: Arc::new(ArcSwap::from_pointee(snapshot)),
            changing: Arc::default(),
        })
    }

    /// What is known now. Hold it for one decision, not for longer.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Reads everything anew: another process, an import or a restore changed the store.
    ///
    /// # Errors
    /// What the store reports; the old snapshot stays.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let _turn = self.changing.lock().await;
        self.current.store(Arc::new(read(&self.store).await?));
        Ok(())
    }

    /// Commits changes of directory records and takes a new snapshot. The caller holds the turn.
    async fn commit(&self, changes: Changes) -> Result<(), DirectoryError> {
        let number = self.store.commit(changes).await?;
        self.current.store(Arc::new(read(&self.store).await?));
        self.store.durable(number).await?;
        Ok(())
    }
}

async fn read(store: &Store) -> Result<Snapshot, StoreError> {
    let areas = store.scan::<Area>(&Scan::all(Kind::Area)).await?;
    let groups = store.scan::<Group>(&Scan::all(Kind::Group)).await?;
    let people = store.scan::<Person>(&Scan::all(Kind::Person)).await?;
    Ok(Snapshot::new(
        areas.into_iter().map(|it| it.record),
        groups.into_iter().map(|it| it.record),
        people.into_iter().map(|it| it.record),
    ))
}
