//! A full disk stops acknowledging, not reading; with room again the store goes on by itself.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::open;
use crate::store::contract::{Alarm, Count, alarm, count, put};
use crate::store::{Changes, CommitError, CommitNo, Expect, Kind, Scan, Store, StoreError};

/// Tells the re-executed test that its files may not grow beyond a limit.
const LIMITED: &str = "LIANXIN_TEST_LIMITED";

#[tokio::test]
#[ignore = "needs root to mount a tmpfs"]
async fn a_full_disk_is_survived() {
    let place = tempfile::tempdir().unwrap();
    let mount = |args: &[&str]| {
        let done = Command::new(args[0])
            .args(&args[1..])
            .arg(place.path())
            .status();
        assert!(done.unwrap().success(), "{args:?}");
    };
    mount(&["mount", "-t", "tmpfs", "-o", "size=40m", "lianxin-test"]);
    let filler = place.path().join("filler");
    fs::write(&filler, vec![1; 20 << 20]).unwrap();
    let outcome = tokio::spawn(outlast(place.path().join("bot"), move || {
        fs::remove_file(&filler).unwrap();
    }));
    let outcome = outcome.await;
    mount(&["umount"]);
    outcome.unwrap();
}

/// The same without root: a limit on the size of files, raised from outside.
#[test]
fn a_limit_on_file_size_is_survived() {
    let script = "trap '' XFSZ; ulimit -S -f 16384; exec \"$0\" \"$@\"";
    let child = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args([
            "store::sled::tests::full::limited_run",
            "--exact",
            "--ignored",
        ])
        .env(LIMITED, "1")
        .output();
    let child = child.unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn limited_run() {
    if std::env::var_os(LIMITED).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    outlast(folder.path().to_owned(), || {
        let pid = std::process::id().to_string();
        let raised = Command::new("prlimit")
            .args(["--pid", &pid, "--fsize=unlimited"])
            .status();
        assert!(raised.unwrap().success());
    })
    .await;
}

/// Fills the store until it refuses, makes room, and sees it go on.
async fn outlast(folder: impl AsRef<Path>, make_room: impl FnOnce()) {
    let store = open(folder.as_ref()).unwrap();
    put(&store, &[count("first", 1)]).await;
    store.sync().await.unwrap();
    let (durable, applied) = fill(&store).await;
    assert!(durable.0 > 1 && applied >= durable);

    assert!(store.get::<Count>("first").await.unwrap().is_some());
    assert!(matches!(
        store.durable(applied).await,
        Err(StoreError::Full)
    ));
    assert!(
        store.durable(durable).await.is_ok(),
        "it was acknowledged before"
    );
    assert_eq!(store.backend().last(), applied);

    make_room();
    while let Err(error) = store.durable(applied).await {
        assert!(matches!(error, StoreError::Full), "{error}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    put(&store, &[count("last", 1)]).await;
    store.sync().await.unwrap();
    drop(store);
    let store = open(folder.as_ref()).unwrap();
    assert_eq!(store.backend().last().0, applied.0 + 1);
    let alarms = store.scan::<Alarm>(&Scan::all(Kind::Timer)).await.unwrap();
    assert_eq!(alarms.len() as u64, applied.0 - 1);
}

/// The last commit acknowledged and the last one applied.
async fn fill(store: &Store) -> (CommitNo, CommitNo) {
    let mut durable = CommitNo(0);
    for n in 0..1_000 {
        let alarm = Alarm {
            text: "x".repeat(100_000),
            ..alarm(&format!("{n}"), "e", n)
        };
        let mut changes = Changes::new();
        changes.put(&alarm, Expect::New);
        match store.commit(changes).await {
            Ok(no) => match store.durable(no).await {
                Ok(()) => durable = no,
                Err(StoreError::Full) => {}
                Err(error) => panic!("{error}"),
            },
            Err(CommitError::Store(StoreError::Full)) => {
                return (durable, store.backend().last());
            }
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the disk never filled");
}
