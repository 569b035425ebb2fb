//! Out of one store and into another: whole, or told what is wrong and nothing written.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::TempDir;

use super::{fresh, open};
use crate::store::contract::{Alarm, Count, alarm, count, put};
use crate::store::export::{ExportError, backup, export};
use crate::store::import::{ImportError, Problem, import, keys_of};
use crate::store::memory::Memory;
use crate::store::sled::{Schema, restore};
use crate::store::{Index, Key, Kind, Scan, Store};

fn rekey(kind: Kind, id: &str, body: &[u8]) -> Result<Vec<(Index, Key)>, String> {
    match kind {
        Kind::Timer => keys_of::<Alarm>(id, body),
        Kind::Tally => keys_of::<Count>(id, body),
        other => Err(format!("unused: {}", other.name())),
    }
}

async fn sample(store: &Store) {
    let alarms: Vec<_> = (0..700)
        .map(|n| alarm(&format!("t\x00{n}"), "电梯\n", n))
        .collect();
    put(store, &alarms).await;
    put(store, &[count("a", 1), count("", 2)]).await;
    put(store, &[count("a", 3)]).await;
}

async fn exported(folder: &TempDir, name: &str) -> PathBuf {
    let store = Store::new(Memory::new());
    sample(&store).await;
    let path = folder.path().join(name);
    backup(store.backend(), 1, &path).await.unwrap();
    path
}

async fn problems(text: &str) -> Vec<Problem> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.jsonl");
    fs::write(&path, text).unwrap();
    let store = Store::new(Memory::new());
    let outcome = import(store.backend(), &path, &Schema::default(), &rekey).await;
    assert_eq!(store.backend().last().0, 0, "nothing may be written");
    match outcome {
        Err(ImportError::Problems(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_was_backed_up_is_restored_with_its_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let file = exported(&folder, "backup.jsonl").await;
    let place = folder.path().join("bot");
    let summary = restore(
        &place,
        &file,
        &Schema::default(),
        &rekey,
        Timestamp::UNIX_EPOCH,
    )
    .await
    .unwrap();
    assert_eq!((summary.records, summary.kinds["tally"]), (702, 2));
    let store = open(&place).unwrap();
    let due = Scan::prefix(Index::TimerDue, &Key::new().number(699));
    let found = store.scan::<Alarm>(&due).await.unwrap();
    assert_eq!(found[0].record, alarm("t\x00699", "电梯\n", 699));
    assert_eq!(
        store.get::<Count>("a").await.unwrap().unwrap().record.count,
        3
    );
    let again = folder.path().join("again.jsonl");
    assert_eq!(
        backup(store.backend(), 1, &again).await.unwrap().kinds,
        summary.kinds
    );
    assert_eq!(names(folder.path()), ["again.jsonl", "backup.jsonl", "bot"]);
    assert_eq!(names(&place), ["lock", "store"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_store_with_anything_in_it_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = exported(&folder, "backup.jsonl").await;
    let (store, place) = fresh();
    put(&store, &[count("mine", 1)]).await;
    let into = import(store.backend(), &file, &Schema::default(), &rekey).await;
    assert!(matches!(into, Err(ImportError::NotEmpty)));
    drop(store);
    let now = Timestamp::UNIX_EPOCH;
    let over = restore(place.path(), &file, &Schema::default(), &rekey, now).await;
    assert!(matches!(over, Err(ImportError::NotEmpty)));
    let store = open(place.path()).unwrap();
    assert!(store.get::<Count>("mine").await.unwrap().is_some());
}

#[tokio::test]
async fn a_backup_is_of_one_instant_while_commits_go_on() {
    let (store, folder) = fresh();
    let pairs = |n| [count("left", n), count("right", n)];
    put(&store, &pairs(0)).await;
    let (writer, target) = (store.clone(), folder.path().join("b.jsonl"));
    let writing = tokio::spawn(async move {
        for n in 1..300 {
            put(&writer, &pairs(n)).await;
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..10 {
        backup(store.backend(), 1, &target).await.unwrap();
        let copy = Store::new(Memory::new());
        import(copy.backend(), &target, &Schema::default(), &rekey)
            .await
            .unwrap();
        let left = copy.get::<Count>("left").await.unwrap().unwrap();
        let right = copy.get::<Count>("right").await.unwrap().unwrap();
        assert_eq!(left.record.count, right.record.count);
    }
    writing.await.unwrap();
}

#[tokio::test]
async fn every_problem_of_a_broken_export_is_told_with_its_line() {
    let found = problems(concat!(
        "{\"lianxin\":\"export\",\"format\":1,\"schema\":1}\n",
        "{\"kind\":\"tally\",\"id\":\"a\",\"version\":1,\"body\":{\"id\":\"a\",\"count\":1}}\n",
        "not json\n",
        "{\"kind\":\"ghost\",\"id\":\"a\",\"version\":1,\"body\":{}}\n",
        "{\"kind\":\"tally\",\"id\":\"b\",\"version\":1,\"body\":{\"id\":\"c\",\"count\":1}}\n",
        "{\"kind\":\"tally\",\"id\":\"a\",\"version\":1,\"body\":{\"id\":\"a\",\"count\":1}}\n",
    ))
    .await;
    let lines: Vec<_> = found.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7], "{found:?}");
}

#[tokio::test]
async fn a_cut_or_changed_export_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = fs::read_to_string(exported(&folder, "a.jsonl").await).unwrap();
    let end = whole.trim_end().rfind('\n').unwrap();
    assert!(problems(&whole[..=end]).await[0].what.contains("缺少结尾"));
    assert!(!problems(&whole[..end - 5]).await.is_empty());
    let changed = whole.replacen("\"count\":3", "\"count\":4", 1);
    assert!(problems(&changed).await[0].what.contains("与结尾不符"));
    assert_eq!(problems("").await[0].line, 1);
    assert!(
        problems("\u{feff}{}\n").await[0]
            .what
            .contains("不是连心的导出文件")
    );
}

#[tokio::test]
async fn a_failed_backup_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = exported(&folder, "a.jsonl").await;
    let before = fs::read(&file).unwrap();
    let store = Store::new(Memory::new());
    let mut full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    put(&store, &[count("a", 1)]).await;
    let failed = export(store.backend(), 1, &mut full).await;
    assert!(matches!(failed, Err(ExportError::Target { .. })));
    fs::create_dir(folder.path().join("a.jsonl.part")).unwrap();
    assert!(backup(store.backend(), 1, &file).await.is_err());
    assert_eq!(fs::read(&file).unwrap(), before);
}
