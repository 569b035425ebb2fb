//! What one cause does, gathered before it is committed, and the commit with its retries.

use std::future::Future;

use thiserror::Error;

use crate::directory::DirectoryError;
use crate::model::Saying;
use crate::store::{Changes, CommitError, CommitNo, Expect, Record, StoreError};

use super::earliest::TimersChange;
use super::{Desk, Refused, Settings, Speech};

/// How often a cause is decided anew because somebody else changed what it read. Each round at
/// least one other commit succeeded, so this many in a row means that something is wrong.
const MAX_ROUNDS: u8 = 16;

/// The changes of one cause: event puts, history, timers, sayings, dedupe marks. One commit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Planned {
    /// What will be committed.
    pub changes: Changes,
}

impl Planned {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record.
    pub fn put<R: Record>(&mut self, record: &R, expect: Expect) {
        self.changes.put(record, expect);
    }

    /// Adds something to say, where anybody is to hear it. Its id makes it one, however often it is
    /// planned.
    pub fn say(&mut self, settings: &Settings, saying: &Saying) {
        if settings.speech == Speech::Kept {
            self.changes.put(saying, Expect::Any);
        }
    }

    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Why the desk did not do it.
#[derive(Debug, Error)]
pub enum DeskError {
    /// The store failed, or gave way to others for too long. Nothing was done.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The person who asked may not, or not now; the words say what to do instead.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// A change of the directory was refused.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::Commit(CommitError::Store(error))
    }
}

impl Desk {
    /// Decides and commits; on a conflict reads and decides again. An empty plan is not committed.
    /// Gives the commit's number (for [`crate::store::Store::durable`]) and what the plan found.
    ///
    /// # Errors
    /// What deciding reports, or the store.
    pub async fn commit<T, F, P>(&self, mut decide: F) -> Result<(Option<CommitNo>, T), DeskError>
    where
        F: FnMut() -> P,
        P: Future<Output = Result<(Planned, T), DeskError>>,
    {
        let mut round = 1;
        loop {
            let (planned, found) = decide().await?;
            if planned.is_empty() {
                return Ok((None, found));
            }
            let timers = TimersChange::by(&planned.changes);
            match self.store.commit(planned.changes).await {
                Ok(number) => {
                    self.earliest.follow(timers);
                    return Ok((Some(number), found));
                }
                Err(CommitError::Conflict { .. }) if round < MAX_ROUNDS => round += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }
}
