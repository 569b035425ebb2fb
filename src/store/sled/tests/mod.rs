//! What the embedded backend promises beyond the contract.

mod damage;
mod full;
mod kill;
mod migrate;
mod transfer;

use std::path::Path;

use jiff::Timestamp;
use tempfile::TempDir;

use super::{Schema, Sled};
use crate::store::contract::{Alarm, Count, contract, count, put};
use crate::store::{Index, Key, Scan, Store, StoreError};

fn open(folder: &Path) -> Result<Store, StoreError> {
    let sled = Sled::open(folder, &Schema::default(), Timestamp::UNIX_EPOCH);
    sled.map(Store::new)
}

fn fresh() -> (Store, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = open(folder.path()).expect("a new store");
    (store, folder)
}

mod promises {
    use super::*;

    contract!(fresh());
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart() {
    let (mut store, folder) = fresh();
    for round in 1..=3 {
        let alarm = Alarm {
            id: format!("{round}"),
            event: "e".to_owned(),
            due: vec![round],
            text: "x".repeat(9_000),
        };
        put(&store, &[alarm]).await;
        put(&store, &[count("n", round.cast_signed())]).await;
        drop(store);
        store = open(folder.path()).expect("closed in order");
        assert_eq!(store.backend().last().0, 2 * round);
        let found = store.get::<Count>("n").await.unwrap().unwrap();
        assert_eq!(
            (found.version, found.record.count),
            (round, round.cast_signed())
        );
        let alarms = Scan::prefix(Index::TimerEvent, &Key::new().text("e"));
        let alarms = store.scan::<Alarm>(&alarms).await.unwrap();
        assert_eq!(alarms.len() as u64, round);
    }
}

#[tokio::test]
async fn a_store_in_use_says_who_uses_it() {
    let (store, folder) = fresh();
    let Err(StoreError::Held { holder }) = open(folder.path()) else {
        panic!("two may not use one store");
    };
    let own = format!(
        "进程号 {}，启动于 1970-01-01 00:00:00 UTC",
        std::process::id()
    );
    assert_eq!(holder, own);
    drop(store);
    assert!(open(folder.path()).is_ok());
}

#[tokio::test]
async fn a_store_that_was_never_finished_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("store.making/sled/db")).unwrap();
    assert!(open(folder.path()).is_ok());
}

#[tokio::test]
async fn an_id_too_long_to_keep_is_refused_and_nothing_else_suffers() {
    let (store, _folder) = fresh();
    let mut changes = crate::store::Changes::new();
    changes.put(&count(&"x".repeat(3_000), 1), crate::store::Expect::Any);
    assert!(store.commit(changes).await.is_err());
    put(&store, &[count("n", 1)]).await;
    store.sync().await.unwrap();
}

#[tokio::test]
async fn more_than_may_wait_comes_to_disk_in_turn() {
    let (store, _folder) = fresh();
    for n in 0..40 {
        let alarm = Alarm {
            id: format!("{n}"),
            event: "e".to_owned(),
            due: vec![n],
            text: "y".repeat(1_000_000),
        };
        put(&store, &[alarm]).await;
    }
    store.sync().await.unwrap();
    let all = store
        .scan::<Alarm>(&Scan::all(crate::store::Kind::Timer))
        .await;
    assert_eq!(all.unwrap().len(), 40);
}

#[tokio::test]
async fn what_comes_and_goes_before_it_is_written_leaves_nothing_behind() {
    let (mut store, folder) = fresh();
    put(&store, &[count("old", 1)]).await;
    store.sync().await.expect("written");
    // `new` was never on disk; `old` is, and comes back for a moment.
    for round in 0..2 {
        if round == 1 {
            put(&store, &[count("old", 2)]).await;
        }
        put(&store, &[count("new", 1)]).await;
        let mut changes = crate::store::Changes::new();
        changes.delete::<Count>("old", crate::store::Expect::Any);
        changes.delete::<Count>("new", crate::store::Expect::Any);
        store.commit(changes).await.expect("deleted");
    }
    for _ in 0..2 {
        for id in ["old", "new"] {
            let found = store.get::<Count>(id).await.expect("read");
            assert_eq!(found, None, "{id}");
        }
        store.sync().await.expect("written");
        drop(store);
        store = open(folder.path()).expect("whole");
        assert_eq!(store.backend().last().0, 6);
    }
}
