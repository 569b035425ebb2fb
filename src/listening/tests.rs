//! The ledger of silences: what it keeps, and what it must not.

use super::*;
use crate::model::{Message, PersonId, Timestamp};
use crate::store::Store;
use crate::store::memory::Memory;
use crate::triage::{Action, Decision, Reason};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("in range")
}

fn said(id: &str, person: &str) -> Message {
    let line = format!(
        r#"{{"id":"{id}","group":{{"id":"g1"}},"sender":{{"id":"{person}"}},"time":"{}","text":"x"}}"#,
        at(0)
    );
    serde_json::from_str(&line).expect("a message")
}

fn reason(rule: &str, weight: f32) -> Reason {
    Reason {
        rule: rule.to_owned(),
        weight,
        text: rule.to_owned(),
        span: None,
    }
}

fn silence(id: &str, person: &str, second: i64) -> Silence {
    let message = said(id, person);
    Silence::of(
        at(second),
        &message,
        &Decision::default(),
        "楼道灯好像又有点闪",
    )
}

async fn ledger(days: u16, most: usize) -> Silences {
    let store = Store::new(Memory::new());
    let opened = Keeper::open(store, Keep { days, most }).await;
    opened.expect("an empty store opens")
}

async fn ids(ledger: &Silences, second: i64) -> Vec<String> {
    let all = ledger.all(at(second)).await.expect("readable");
    all.into_iter().map(|one| one.id).collect()
}

#[test]
fn evidence_that_was_ignored_is_a_near_miss_and_idle_talk_is_not() {
    let ignored = |score: f32, rule: &str| Decision {
        score,
        because: vec![reason(rule, score)],
        ..Decision::default()
    };
    assert!(is_near_miss(&ignored(NEAR, "trouble")));
    assert!(is_near_miss(&ignored(-1.0, "strong_word")));
    assert!(!is_near_miss(&ignored(NEAR - 0.1, "trouble")));
    assert!(!is_near_miss(&Decision::default()));
    let opened = Decision {
        action: Action::Open,
        ..ignored(3.0, "strong_word")
    };
    assert!(!is_near_miss(&opened), "what had an effect is no silence");
    let discreet = Decision {
        discreet: true,
        ..ignored(1.0, "strong_word")
    };
    assert!(
        !is_near_miss(&discreet),
        "what is not spoken of is not kept"
    );
}

#[test]
fn the_heaviest_reason_against_is_the_main_one() {
    let decision = Decision {
        because: vec![
            reason("strong_word", 1.6),
            reason("past", -0.5),
            reason("negation", -1.0),
        ],
        ..Decision::default()
    };
    assert_eq!(main_reason(&decision).rule, "negation");
    assert_eq!(main_reason(&Decision::default()).rule, "little");
}

#[tokio::test]
async fn a_full_ledger_lets_the_oldest_go_and_a_redelivered_message_counts_once() {
    let ledger = ledger(7, 3).await;
    for second in 0..5 {
        let one = silence(&format!("m{second}"), "u1", second);
        ledger.note(&one).await.expect("kept");
        ledger.note(&one).await.expect("known");
    }
    let expected: Vec<_> = (2..5)
        .map(|second| silence(&format!("m{second}"), "u1", second).id)
        .collect();
    assert_eq!(ids(&ledger, 10).await, expected);
}

#[tokio::test]
async fn silences_go_after_their_days_and_with_their_person() {
    let ledger = ledger(7, 100).await;
    for (id, person, second) in [("m1", "u1", 0), ("m2", "u2", 86_400), ("m3", "u3", 86_400)] {
        let one = silence(id, person, second);
        ledger.note(&one).await.expect("kept");
    }
    let week = 7 * 86_400;
    assert_eq!(ledger.due(at(week)).await.expect("readable"), 0);
    assert_eq!(ledger.due(at(week + 1)).await.expect("readable"), 1);
    assert_eq!(ids(&ledger, week + 1).await.len(), 2, "not shown any more");
    assert_eq!(ledger.purge(at(week + 1)).await.expect("writable"), 1);
    let gone = ledger.forget(&PersonId::from("u2")).await;
    assert_eq!(gone.expect("writable"), [silence("m2", "u2", 0).id]);
    assert_eq!(ids(&ledger, week + 1).await, [silence("m3", "u3", 0).id]);
}

#[tokio::test]
async fn a_ledger_that_is_switched_off_keeps_nothing_and_clears_what_was_there() {
    let store = Store::new(Memory::new());
    let keep = Keep { days: 7, most: 10 };
    let on = Keeper::open(store.clone(), keep).await.expect("opens");
    on.note(&silence("m1", "u1", 0)).await.expect("kept");
    let off: Silences = Keeper::open(store, Keep { days: 0, ..keep })
        .await
        .expect("opens");
    off.note(&silence("m2", "u1", 0)).await.expect("nothing");
    assert_eq!(off.purge(at(0)).await.expect("writable"), 1);
    assert_eq!(ids(&on, 0).await, Vec::<String>::new());
}
