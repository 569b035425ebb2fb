//! What the embedded backend promises beyond the contract.

use jiff::Timestamp;
use tempfile::TempDir;

use super::{Schema, Sled};
use crate::store::contract::contract;
use crate::store::{Store, StoreError};

fn open(folder: &TempDir) -> Result<Sled, StoreError> {
    Sled::open(folder.path(), &Schema::default(), Timestamp::UNIX_EPOCH)
}

fn fresh() -> (Store, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Store::new(open(&folder).expect("a new store"));
    (store, folder)
}

mod promises {
    use super::*;

    contract!(fresh());
}
