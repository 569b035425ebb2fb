//! A full disk heals when there is room; every other failure of the store stops the bot with its reason.

use std::time::Duration;

use tracing::error;

use crate::desk::DeskError;
use crate::directory::DirectoryError;
use crate::store::{CommitError, StoreError};

/// How long a full disk is left alone before it is tried again.
pub(super) const REST: Duration = Duration::from_secs(1);

/// Rests where the disk is full; then what was tried may be tried again.
///
/// # Errors
///
/// Every other failure, as it came.
pub(super) async fn rest_if_full(error: impl Into<DeskError>) -> anyhow::Result<()> {
    let error = error.into();
    if !matches!(
        &error,
        DeskError::Commit(CommitError::Store(StoreError::Full))
            | DeskError::Directory(DirectoryError::Commit(CommitError::Store(StoreError::Full)))
    ) {
        return Err(error.into());
    }
    error!("the disk is full: nothing is acknowledged until there is room");
    tokio::time::sleep(REST).await;
    Ok(())
}
