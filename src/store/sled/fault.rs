//! sled's errors and panics, as what the caller will do about them.

use std::any::Any;
use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::store::StoreError;

/// What keeps the store from its work. Unlike [`StoreError`] it can be told to many.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fault {
    /// The disk has no room.
    Full,
    /// Something is not what was written.
    Damaged(String),
    /// Anything else.
    Other(String),
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Full => Self::Full,
            Fault::Damaged(detail) => damaged(detail),
            Fault::Other(what) => Self::Unavailable(what),
        }
    }
}

impl From<&StoreError> for Fault {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::Damaged { what, detail } => Self::Damaged(format!("{what}：{detail}")),
            other => Self::Other(other.to_string()),
        }
    }
}

/// Runs something that reaches into sled. Flipped bytes make sled panic rather than return an error.
pub(super) fn guarded<T>(act: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(act))
        .unwrap_or_else(|panic| Err(damaged(format!("内部检查未通过：{}", words(&*panic)))))
}

/// What an error of sled means to us.
pub(super) fn from_sled(error: sled::Error) -> StoreError {
    match error {
        sled::Error::Io(error) => from_io(&error),
        sled::Error::Corruption { .. } => damaged("数据文件的校验和不符".to_owned()),
        // We only ever open what this very version of sled wrote.
        sled::Error::ReportableBug(what) | sled::Error::Unsupported(what) => damaged(what),
        sled::Error::CollectionNotFound(_) => damaged("数据文件不完整".to_owned()),
    }
}

/// What an error of the file system means to us, for a file that is ours.
pub(super) fn from_file(path: &Path, error: &io::Error) -> StoreError {
    match from_io(error) {
        StoreError::Unavailable(what) => {
            StoreError::Unavailable(format!("{}：{what}", path.display()))
        }
        other => other,
    }
}

fn from_io(error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            StoreError::Full
        }
        ErrorKind::UnexpectedEof => damaged("数据文件比记录的短".to_owned()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}

/// The store as a whole is not what was written.
pub(super) fn damaged(detail: String) -> StoreError {
    StoreError::Damaged {
        what: "数据目录".to_owned(),
        detail,
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("panic").chars().take(200).collect()
}
