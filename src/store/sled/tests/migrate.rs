//! Stores of older programs are brought up to date; those of newer ones are refused.

use std::path::Path;

use jiff::Timestamp;

use crate::store::contract::{Alarm, Count, alarm, count, put};
use crate::store::sled::{Migration, Rewritten, Schema, Sled};
use crate::store::{Index, Key, Kind, Record, Scan, Store, StoreError};

const LATER: Schema = Schema {
    migrations: &[
        Migration {
            kind: Kind::Tally,
            rewrite: tenfold,
        },
        Migration {
            kind: Kind::Timer,
            rewrite: postpone,
        },
    ],
};

fn tenfold(body: &[u8]) -> Result<Rewritten, String> {
    let old: Count = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let new = count(&old.id, old.count * 10);
    Ok((serde_json::to_vec(&new).unwrap(), new.keys()))
}

fn postpone(body: &[u8]) -> Result<Rewritten, String> {
    let mut alarm: Alarm = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    alarm.due = vec![alarm.due[0] + 1_000];
    alarm.text.clear();
    Ok((serde_json::to_vec(&alarm).unwrap(), alarm.keys()))
}

fn open(folder: &Path, schema: &Schema) -> Result<Store, StoreError> {
    Sled::open(folder, schema, Timestamp::UNIX_EPOCH).map(Store::new)
}

async fn old_store() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), &Schema::default()).unwrap();
    let counts: Vec<_> = (0..1_200).map(|n| count(&format!("{n:04}"), n)).collect();
    put(&store, &counts).await;
    let long = Alarm {
        text: "x".repeat(10_000),
        ..alarm("t", "e", 5)
    };
    put(&store, &[long]).await;
    folder
}

#[tokio::test]
async fn an_older_store_is_migrated_once_with_its_indexes() {
    let folder = old_store().await;
    for _ in 0..2 {
        let store = open(folder.path(), &LATER).unwrap();
        let counts = store.scan::<Count>(&Scan::all(Kind::Tally)).await.unwrap();
        let sum: i64 = counts.iter().map(|one| one.record.count).sum();
        assert_eq!((counts.len(), sum), (1_200, 10 * (0..1_200).sum::<i64>()));
        let all = Scan::prefix(Index::TimerDue, &Key::new());
        let alarms = store.scan::<Alarm>(&all).await.unwrap();
        assert_eq!(alarms.len(), 1);
        assert_eq!(
            (alarms[0].version, &alarms[0].record.due[..]),
            (1, &[1_005][..])
        );
        let due = Scan::prefix(Index::TimerDue, &Key::new().number(1_005));
        assert_eq!(store.scan::<Alarm>(&due).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_newer_store_is_refused_and_left_alone() {
    let folder = old_store().await;
    drop(open(folder.path(), &LATER).unwrap());
    let Err(error) = open(folder.path(), &Schema::default()) else {
        panic!("an older program may not touch it");
    };
    assert!(matches!(error, StoreError::Newer { found: 3, known: 1 }));
    assert!(error.to_string().contains("请升级程序"), "{error}");
    assert!(open(folder.path(), &LATER).is_ok());
}
