//! The contract that every backend keeps, as functions over a fresh store. `contract!` makes a test
//! of each for one backend.

use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::key::LONGEST_KEY;
use super::{
    Changes, CommitError, Expect, Index, Key, Kind, RawRecord, Record, Scan, Store, StoreError,
};

/// A record with two indexes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Alarm {
    pub(super) id: String,
    pub(super) event: String,
    pub(super) due: Vec<u64>,
    pub(super) text: String,
}

/// A record without any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Count {
    pub(super) id: String,
    pub(super) count: i64,
}

impl Record for Alarm {
    const KIND: Kind = Kind::Timer;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let due = self.due.iter();
        let mut keys: Vec<_> = due
            .map(|due| (Index::TimerDue, Key::new().number(*due)))
            .collect();
        keys.push((Index::TimerEvent, Key::new().text(&self.event)));
        keys
    }
}

impl Record for Count {
    const KIND: Kind = Kind::Tally;

    fn id(&self) -> String {
        self.id.clone()
    }
}

pub(super) fn alarm(id: &str, event: &str, due: u64) -> Alarm {
    Alarm {
        id: id.to_owned(),
        event: event.to_owned(),
        due: vec![due],
        text: String::new(),
    }
}

pub(super) fn count(id: &str, count: i64) -> Count {
    let id = id.to_owned();
    Count { id, count }
}

pub(super) async fn put<R: Record>(store: &Store, records: &[R]) {
    let mut changes = Changes::new();
    for record in records {
        changes.put(record, Expect::Any);
    }
    store.commit(changes).await.expect("nothing expected");
}

async fn ids(store: &Store, scan: &Scan) -> Vec<String> {
    let found = store.backend().scan(scan).await.expect("readable");
    found.into_iter().map(|raw| raw.id).collect()
}

fn due(number: u64) -> Key {
    Key::new().number(number)
}

fn refused(result: Result<super::CommitNo, CommitError>, id: &str) {
    match result {
        Err(CommitError::Conflict { id: found, .. }) => assert_eq!(found, id),
        other => panic!("a conflict over {id}, not {other:?}"),
    }
}

pub(super) async fn what_was_committed_is_read_back(store: Store) {
    assert_eq!(store.get::<Count>("a").await.unwrap(), None);
    put(&store, &[count("a", 1)]).await;
    let found = store.get::<Count>("a").await.unwrap().unwrap();
    assert_eq!((found.version, found.record), (1, count("a", 1)));
    assert_eq!(store.get::<Alarm>("a").await.unwrap(), None);
}

pub(super) async fn a_conflict_leaves_nothing(store: Store) {
    put(&store, &[count("old", 1)]).await;
    let before = store.backend().last();
    let mut changes = Changes::new();
    changes.put(&count("one", 1), Expect::New);
    changes.delete::<Count>("old", Expect::Any);
    changes.put(&alarm("two", "e", 1), Expect::Version(3));
    refused(store.commit(changes).await, "two");
    assert_eq!(store.get::<Count>("one").await.unwrap(), None);
    assert!(store.get::<Count>("old").await.unwrap().is_some());
    assert!(ids(&store, &Scan::all(Kind::Timer)).await.is_empty());
    let all = Scan::prefix(Index::TimerDue, &Key::new());
    assert!(ids(&store, &all).await.is_empty());
    assert_eq!(store.backend().last(), before);
}

pub(super) async fn expectations_are_about_what_stood_before(store: Store) {
    put(&store, &[count("a", 1)]).await;
    for (expect, holds) in [
        (Expect::New, false),
        (Expect::Version(2), false),
        (Expect::Version(1), true),
    ] {
        let mut changes = Changes::new();
        changes.put(&count("b", 0), Expect::Any);
        changes.require::<Count>("a", expect);
        assert_eq!(store.commit(changes).await.is_ok(), holds, "{expect:?}");
    }
    let mut changes = Changes::new();
    changes.require::<Count>("absent", Expect::Version(1));
    changes.put(&count("b", 0), Expect::Any);
    refused(store.commit(changes).await, "absent");
    let mut changes = Changes::new();
    changes.put(&count("c", 1), Expect::New);
    changes.put(&count("c", 2), Expect::New);
    store.commit(changes).await.expect("both saw no c");
    let found = store.get::<Count>("c").await.unwrap().unwrap();
    assert_eq!((found.version, found.record.count), (1, 2));
}

pub(super) async fn preconditions_alone_are_checked(store: Store) {
    let mut changes = Changes::new();
    changes.require::<Count>("a", Expect::New);
    let last = store.commit(changes).await.expect("a is absent");
    assert_eq!(last, store.backend().last());
    let mut changes = Changes::new();
    changes.require::<Count>("a", Expect::Version(1));
    refused(store.commit(changes).await, "a");
}

pub(super) async fn versions_count_changes_and_start_again_after_a_delete(store: Store) {
    for version in 1..=3 {
        put(&store, &[count("a", version)]).await;
        let found = store.get::<Count>("a").await.unwrap().unwrap();
        assert_eq!(found.version, version.cast_unsigned());
    }
    let mut changes = Changes::new();
    changes.delete::<Count>("a", Expect::Version(3));
    store.commit(changes).await.unwrap();
    assert_eq!(store.get::<Count>("a").await.unwrap(), None);
    put(&store, &[count("a", 9)]).await;
    assert_eq!(store.get::<Count>("a").await.unwrap().unwrap().version, 1);
}

pub(super) async fn the_last_change_of_a_record_wins(store: Store) {
    put(&store, &[alarm("a", "e", 1)]).await;
    let mut changes = Changes::new();
    changes.delete::<Alarm>("a", Expect::Any);
    changes.put(&alarm("a", "e", 2), Expect::Any);
    changes.put(&alarm("b", "e", 3), Expect::Any);
    changes.delete::<Alarm>("b", Expect::Any);
    changes.delete::<Alarm>("never", Expect::Any);
    store.commit(changes).await.unwrap();
    let found = store.get::<Alarm>("a").await.unwrap().unwrap();
    assert_eq!((found.version, found.record.due), (2, vec![2]));
    let all = Scan::prefix(Index::TimerDue, &Key::new());
    assert_eq!(ids(&store, &all).await, ["a"]);
}

pub(super) async fn indexes_follow_puts_and_deletes(store: Store) {
    let several = Alarm {
        due: vec![5, 9, 5],
        ..alarm("a", "e1", 0)
    };
    put(&store, &[several, alarm("b", "e2", 7)]).await;
    let all = Scan::prefix(Index::TimerDue, &Key::new());
    assert_eq!(ids(&store, &all).await, ["a", "b", "a"]);
    put(&store, &[alarm("a", "e2", 8)]).await;
    assert_eq!(ids(&store, &all).await, ["b", "a"]);
    let event = |id| Scan::prefix(Index::TimerEvent, &Key::new().text(id));
    assert!(ids(&store, &event("e1")).await.is_empty());
    assert_eq!(ids(&store, &event("e2")).await, ["a", "b"]);
    let mut changes = Changes::new();
    changes.delete::<Alarm>("a", Expect::Any);
    store.commit(changes).await.unwrap();
    assert_eq!(ids(&store, &all).await, ["b"]);
    assert_eq!(ids(&store, &event("e2")).await, ["b"]);
}

pub(super) async fn scans_keep_to_their_range(store: Store) {
    let five: Vec<_> = (1..=5).map(|n| alarm(&format!("t{n}"), "e", n)).collect();
    put(&store, &five).await;
    for (from, to, found) in [
        (Unbounded, Unbounded, "t1 t2 t3 t4 t5"),
        (Included(due(2)), Included(due(4)), "t2 t3 t4"),
        (Excluded(due(2)), Excluded(due(4)), "t3"),
        (Excluded(due(2)), Unbounded, "t3 t4 t5"),
        (Unbounded, Excluded(due(2)), "t1"),
        (Included(due(3)), Included(due(3)), "t3"),
        (Excluded(due(3)), Excluded(due(3)), ""),
        (Excluded(due(3)), Included(due(3)), ""),
        (Included(due(4)), Included(due(2)), ""),
        (Excluded(due(4)), Excluded(due(5)), ""),
    ] {
        let scan = Scan::range(Index::TimerDue, from, to);
        assert_eq!(ids(&store, &scan).await.join(" "), found, "{scan:?}");
        let mut back: Vec<_> = found.split_whitespace().collect();
        back.reverse();
        let backward = scan.clone().backward();
        assert_eq!(ids(&store, &backward).await, back, "{backward:?}");
        back.truncate(2);
        let two = backward.limit(2);
        assert_eq!(ids(&store, &two).await, back, "{two:?}");
        assert!(ids(&store, &scan.limit(0)).await.is_empty());
    }
}

pub(super) async fn equal_keys_come_in_order_of_id(store: Store) {
    let names = ["b", "a", "ab", "", "一", "a\0", "a\0b", "\u{1}"];
    let same: Vec<_> = names.iter().map(|id| alarm(id, "e", 7)).collect();
    put(&store, &same).await;
    put(&store, &[alarm("z", "e", 6), alarm("0", "e", 8)]).await;
    let expected = ["z", "", "\u{1}", "a", "a\0", "a\0b", "ab", "b", "一", "0"];
    let all = Scan::prefix(Index::TimerDue, &Key::new());
    assert_eq!(ids(&store, &all).await, expected);
    let seven = Scan::prefix(Index::TimerDue, &due(7));
    assert_eq!(ids(&store, &seven).await, expected[1..9]);
    let first = Scan::prefix(Index::TimerDue, &due(7)).limit(3);
    assert_eq!(ids(&store, &first).await, expected[1..4]);
}

pub(super) async fn an_endless_id_or_key_is_refused_with_all_its_commit(store: Store) {
    let long = "x".repeat(LONGEST_KEY + 1);
    for endless in [alarm(&long, "e", 1), alarm("a", &long, 1)] {
        let mut changes = Changes::new();
        changes.put(&alarm("b", "e", 2), Expect::Any);
        changes.put(&endless, Expect::Any);
        let refused = store.commit(changes).await;
        assert!(
            matches!(refused, Err(CommitError::Store(StoreError::TooLong { .. }))),
            "{refused:?}"
        );
    }
    let all = Scan::prefix(Index::TimerDue, &Key::new());
    assert!(ids(&store, &all).await.is_empty());
    put(&store, &[alarm("c", "e", 3)]).await;
    assert_eq!(ids(&store, &all).await, ["c"], "the store goes on");
}

pub(super) async fn keys_that_begin_alike_stay_apart(store: Store) {
    let events = ["", "a", "a\u{1}", "aa", "ab", "b", "一"];
    let alarms: Vec<_> = events.iter().map(|event| alarm(event, event, 1)).collect();
    put(&store, &alarms).await;
    let all = Scan::prefix(Index::TimerEvent, &Key::new());
    assert_eq!(ids(&store, &all).await, events);
    for event in events {
        let one = Scan::prefix(Index::TimerEvent, &Key::new().text(event));
        assert_eq!(ids(&store, &one).await, [event]);
    }
    let raw = |bytes: &[u8]| Key::from_bytes(bytes.to_vec());
    let odd = [
        raw(b""),
        raw(b"\0"),
        raw(b"\0\0"),
        raw(b"\0\x01"),
        raw(b"\0\xff"),
        raw(b"\x01"),
        raw(b"\xff"),
        raw(b"\xff\xff"),
    ];
    let mut changes = Changes::new();
    for (at, key) in odd.iter().enumerate() {
        changes.changes.push(super::Change::Put {
            kind: Kind::Seen,
            id: format!("{at}"),
            body: b"{}".to_vec(),
            keys: vec![(Index::SeenAt, key.clone())],
            expect: Expect::New,
        });
    }
    store.commit(changes).await.unwrap();
    for (at, key) in odd.iter().enumerate() {
        let from = Bound::Included(key.clone());
        let scan = Scan::range(Index::SeenAt, from.clone(), from.clone());
        assert_eq!(ids(&store, &scan).await, [at.to_string()]);
        let above = Scan::range(
            Index::SeenAt,
            Bound::Excluded(key.clone()),
            Bound::Unbounded,
        );
        assert_eq!(ids(&store, &above).await.len(), odd.len() - at - 1);
        let below = Scan::range(
            Index::SeenAt,
            Bound::Unbounded,
            Bound::Excluded(key.clone()),
        );
        assert_eq!(ids(&store, &below).await.len(), at);
    }
}

pub(super) async fn ids_of_any_text_are_kept_apart(store: Store) {
    let names = ["", "\0", "\0\0", "a", "a\0", "a\0b", "ab", "一", "😀"];
    let all: Vec<_> = names.iter().map(|id| count(id, 1)).collect();
    put(&store, &all).await;
    put(&store, &[alarm("x", "e", 1)]).await;
    assert_eq!(ids(&store, &Scan::all(Kind::Tally)).await, names);
    let starting = ids(&store, &Scan::ids(Kind::Tally, "a")).await;
    assert_eq!(starting, ["a", "a\0", "a\0b", "ab"]);
    for name in names {
        assert!(store.get::<Count>(name).await.unwrap().is_some());
        let mut changes = Changes::new();
        changes.delete::<Count>(name, Expect::Version(1));
        store.commit(changes).await.unwrap();
        assert_eq!(store.get::<Count>(name).await.unwrap(), None);
    }
}

pub(super) async fn bodies_of_any_size_come_back(store: Store) {
    for size in [1_000_000, 0, 4_000, 4_096, 5_000, 300_000, 10, 1_000_000] {
        let text: String = ('一'..).take(100).cycle().take(size / 3).collect();
        let big = Alarm {
            text,
            ..alarm("big", "e", 1)
        };
        put(&store, &[big.clone(), alarm("small", "e", 2)]).await;
        let found = store.get::<Alarm>("big").await.unwrap().unwrap();
        assert!(found.record == big, "{size} bytes");
        let all = store.scan::<Alarm>(&Scan::all(Kind::Timer)).await.unwrap();
        assert!(all.len() == 2 && all[0].record == big);
    }
    let mut changes = Changes::new();
    changes.delete::<Alarm>("big", Expect::Any);
    store.commit(changes).await.unwrap();
    assert_eq!(ids(&store, &Scan::all(Kind::Timer)).await, ["small"]);
}

pub(super) async fn concurrent_commits_lose_nothing(store: Store) {
    let purses: Vec<_> = (0..4).map(|n| count(&n.to_string(), 100)).collect();
    put(&store, &purses).await;
    let store = Arc::new(store);
    let movers: Vec<_> = (0..8)
        .map(|mover| tokio::spawn(pay_around(Arc::clone(&store), mover)))
        .collect();
    for mover in movers {
        mover.await.expect("no mover panics");
    }
    let all = store.scan::<Count>(&Scan::all(Kind::Tally)).await.unwrap();
    assert_eq!(all.iter().map(|one| one.record.count).sum::<i64>(), 400);
    let changes: u64 = all.iter().map(|one| one.version - 1).sum();
    assert_eq!(changes, 8 * 25 * 2, "each payment happened once");
    assert_eq!(store.backend().last().0, 1 + 8 * 25);
}

async fn pay_around(store: Arc<Store>, mover: usize) {
    for step in 0..25 {
        let (from, to) = ((mover + step) % 4, (mover + step + 1 + step % 3) % 4);
        loop {
            let one = store
                .get::<Count>(&from.to_string())
                .await
                .unwrap()
                .unwrap();
            let two = store.get::<Count>(&to.to_string()).await.unwrap().unwrap();
            let mut changes = Changes::new();
            let less = count(&one.record.id, one.record.count - 1);
            let more = count(&two.record.id, two.record.count + 1);
            changes.put(&less, Expect::Version(one.version));
            changes.put(&more, Expect::Version(two.version));
            match store.commit(changes).await {
                Ok(_) => break,
                Err(CommitError::Conflict { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

pub(super) async fn commits_are_numbered_and_become_durable_in_order(store: Store) {
    let mut last = store.backend().last();
    for n in 0..50 {
        let mut changes = Changes::new();
        changes.put(&count("a", n), Expect::Any);
        let no = store.commit(changes).await.unwrap();
        assert_eq!(no.0, last.0 + 1);
        last = no;
    }
    store.durable(last).await.unwrap();
    store.durable(super::CommitNo(1)).await.unwrap();
    store.sync().await.unwrap();
}

pub(super) async fn an_instant_is_not_moved_by_later_commits(store: Store) {
    let before: Vec<_> = (0..700).map(|n| count(&format!("{n:03}"), n)).collect();
    put(&store, &before).await;
    put(&store, &[alarm("t", "e", 1)]).await;
    let mut instant = store.backend().instant().await.unwrap();
    let after: Vec<_> = (0..1_000).map(|n| count(&format!("{n:03}x"), -1)).collect();
    put(&store, &after).await;
    let mut changes = Changes::new();
    changes.delete::<Count>("699", Expect::Any);
    changes.put(&count("650", -1), Expect::Any);
    changes.delete::<Alarm>("t", Expect::Any);
    store.commit(changes).await.unwrap();
    let mut seen: Vec<(Kind, RawRecord)> = Vec::new();
    loop {
        let some = instant.next().await.unwrap();
        if some.is_empty() {
            break;
        }
        seen.extend(some);
        put(&store, &[count("000", -1), count("zzz", -1)]).await;
    }
    let (kind, first) = &seen[0];
    assert_eq!((*kind, first.id.as_str()), (Kind::Timer, "t"));
    let counts: Vec<Count> = seen[1..]
        .iter()
        .map(|(_, raw)| serde_json::from_slice(&raw.body).unwrap())
        .collect();
    assert!(counts == before, "{} records", counts.len());
}

/// One test for each promise, over `$fresh`, an expression that gives a fresh store and whatever
/// must stay alive with it.
macro_rules! contract {
    ($fresh:expr => $($promise:ident)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            let (store, _alive) = $fresh;
            $crate::store::contract::$promise(store).await;
        }
    )*};
    ($fresh:expr) => {
        $crate::store::contract::contract! { $fresh =>
            what_was_committed_is_read_back
            a_conflict_leaves_nothing
            expectations_are_about_what_stood_before
            preconditions_alone_are_checked
            versions_count_changes_and_start_again_after_a_delete
            the_last_change_of_a_record_wins
            indexes_follow_puts_and_deletes
            scans_keep_to_their_range
            equal_keys_come_in_order_of_id
            an_endless_id_or_key_is_refused_with_all_its_commit
            keys_that_begin_alike_stay_apart
            ids_of_any_text_are_kept_apart
            bodies_of_any_size_come_back
            concurrent_commits_lose_nothing
            commits_are_numbered_and_become_durable_in_order
            an_instant_is_not_moved_by_later_commits
        }
    };
}

pub(super) use contract;
