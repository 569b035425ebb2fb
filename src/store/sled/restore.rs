//! An export as a new store.

use std::fs;
use std::path::Path;

use jiff::Timestamp;

use super::fault::from_file;
use super::folder::{Folder, sync_folder};
use super::{Schema, Sled};
use crate::store::export::Summary;
use crate::store::import::{ImportError, Rekey, import};

/// Makes a store of an export, in a folder that has none. The store appears when it is whole; a
/// restore that was cut short leaves nothing that could be taken for one.
pub async fn restore(
    folder: &Path,
    file: &Path,
    schema: &Schema,
    rekey: Rekey<'_>,
    now: Timestamp,
) -> Result<Summary, ImportError> {
    let held = Folder::take(folder, now)?;
    if !held.is_fresh() {
        return Err(ImportError::NotEmpty);
    }
    let staging = folder.join("store.restoring");
    let failed = |error| from_file(&staging, &error);
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(failed)?;
    }
    let sled = Sled::open(&staging, schema, now)?;
    let imported = import(&sled, file, schema, rekey).await;
    drop(sled);
    if imported.is_ok() {
        fs::rename(staging.join("store"), folder.join("store")).map_err(failed)?;
        sync_folder(folder)?;
    }
    fs::remove_dir_all(&staging).map_err(failed)?;
    imported
}
