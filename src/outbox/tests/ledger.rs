//! What people find in the ledger and decide there; echoes and own words.

use super::*;

async fn with_unknown() -> Rehearsal {
    let mut it = Rehearsal::unhurried().await;
    it.script([SendOutcome::Unknown {
        reason: "超时".to_owned(),
    }]);
    let event = Some("E-20260105-0012".into());
    it.say_so(Saying {
        event,
        ..saying("收到，已登记", SayingKind::Dispatch, it.now)
    })
    .await;
    it.drain().await;
    it
}

#[tokio::test]
async fn an_unknown_sending_is_not_repeated_but_its_echo_proves_it() {
    let mut it = with_unknown().await;
    it.wait(Duration::from_hours(1));
    it.drain().await;
    assert_eq!(it.heard().len(), 1);
    let gateway = "one".into();
    let echo = it
        .outbox
        .echo(&gateway, &group("g"), "收到， 已登记", &"m9".into(), it.now)
        .await;
    assert_eq!(echo.expect("written"), Some("收到，已登记".into()));
    assert_eq!(it.state("收到，已登记").await, DeliveryState::Sent);
    let ledger = it.outbox.ledger();
    let event = ledger
        .event_of_message(&gateway, &"m9".into())
        .await
        .expect("readable");
    assert_eq!(event, Some("E-20260105-0012".into()));
    let again = it
        .outbox
        .echo(&gateway, &group("g"), "收到，已登记", &"m9".into(), it.now)
        .await;
    assert_eq!(again.expect("read"), None, "one echo proves one sending");
}

#[tokio::test]
async fn other_words_or_another_group_prove_nothing() {
    let it = with_unknown().await;
    for (to, text) in [("h", "收到，已登记"), ("g", "收到")] {
        let echo = it
            .outbox
            .echo(&"one".into(), &group(to), text, &"m9".into(), it.now)
            .await;
        assert_eq!(echo.expect("read"), None);
    }
    assert_eq!(it.state("收到，已登记").await, DeliveryState::Unknown);
}

#[tokio::test]
async fn a_person_decides_about_an_unknown_sending() {
    let mut it = with_unknown().await;
    let ledger = it.outbox.ledger();
    let id = "收到，已登记".into();
    ledger.retry(&id, "李主任", it.now).await.expect("retried");
    it.drain().await;
    assert_eq!(it.heard().len(), 2);
    assert_eq!(it.state("收到，已登记").await, DeliveryState::Sent);
    let late = ledger
        .drop(&id, "李主任", it.now)
        .await
        .expect_err("it is out");
    assert_eq!(late.to_string(), "收到，已登记 现在是“已发出”，不能放弃");
    let none = ledger.retry(&"nothing".into(), "李主任", it.now).await;
    assert!(matches!(none, Err(LedgerError::NotFound(_))));

    let it = with_unknown().await;
    let dropped = it
        .outbox
        .ledger()
        .drop(&id, "李主任", it.now)
        .await
        .expect("dropped");
    assert_eq!(
        (dropped.state, &*dropped.reason),
        (DeliveryState::Refused, "李主任决定不发")
    );
}

#[tokio::test]
async fn a_draft_is_sent_by_hand_or_through_a_sink_after_all() {
    let mut it = Rehearsal::unhurried().await;
    for id in ["a", "b"] {
        it.say_so(Saying {
            to: group("silent"),
            ..saying(id, SayingKind::Outcome, it.now)
        })
        .await;
    }
    it.drain().await;
    let ledger = it.outbox.ledger();
    assert_eq!(
        ledger
            .by_state(DeliveryState::Draft, 9)
            .await
            .expect("readable")
            .len(),
        2
    );
    ledger
        .mark_sent(&"a".into(), "小周", it.now)
        .await
        .expect("marked");
    let sent = it.entry("a").await;
    assert_eq!(
        (sent.state, &*sent.reason),
        (DeliveryState::Sent, "小周确认已发出")
    );
    ledger
        .retry(&"b".into(), "小周", it.now)
        .await
        .expect("retried");
    it.drain().await;
    assert_eq!(
        it.state("b").await,
        DeliveryState::Draft,
        "still nothing may write there"
    );
}

#[tokio::test]
async fn words_that_are_not_said_yet_can_be_dropped() {
    let mut it = Rehearsal::unhurried().await;
    it.say("a", SayingKind::Done).await;
    it.outbox
        .ledger()
        .drop(&"a".into(), "小周", it.now)
        .await
        .expect("dropped");
    it.drain().await;
    assert_eq!(
        (it.heard().len(), it.state("a").await),
        (0, DeliveryState::Refused)
    );
}

#[tokio::test]
async fn the_ledger_answers_by_state_event_destination_and_time() {
    let mut it = Rehearsal::unhurried().await;
    for (id, event, to) in [
        ("a", "E-1-0001", "g"),
        ("b", "E-1-0002", "g"),
        ("c", "E-1-0001", "h"),
    ] {
        let event = Some(event.into());
        let to = group(to);
        it.say_so(Saying {
            event,
            to,
            ..saying(id, SayingKind::Done, it.now)
        })
        .await;
        it.drain().await;
    }
    let ledger = it.outbox.ledger();
    let ids = |found: Result<Vec<Delivery>, StoreError>| {
        let found = found.expect("readable").into_iter();
        found.map(|entry| entry.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(ledger.recent(2).await), ["c", "b"]);
    assert_eq!(
        ids(ledger.by_event(&"E-1-0001".into(), 9).await),
        ["c", "a"]
    );
    assert_eq!(ids(ledger.by_destination(&group("g"), 9).await), ["b", "a"]);
    assert_eq!(
        ids(ledger.by_state(DeliveryState::Sent, 9).await),
        ["c", "b", "a"]
    );
}

#[tokio::test]
async fn own_words_are_known_when_they_come_back_also_after_a_restart() {
    let mut it = Rehearsal::unhurried().await;
    it.say("收到，已登记", SayingKind::Done).await;
    it.drain().await;
    it.restart().await;
    assert!(
        it.outbox
            .is_own_text(&group("g"), "@王先生 收到，已登记", it.now)
    );
    assert!(!it.outbox.is_own_text(&group("g"), "又停电了", it.now));
    it.wait(Duration::from_mins(11));
    assert!(!it.outbox.is_own_text(&group("g"), "收到，已登记", it.now));
}

#[tokio::test]
async fn a_person_who_asks_for_it_is_forgotten_by_ledger_and_queue() {
    let mut it = Rehearsal::unhurried().await;
    let alone = Destination::Person("u1".into());
    let mentions = vec![("u1".into(), "王先生".to_owned())];
    let naming = |id: &str| Saying {
        mentions: mentions.clone(),
        quote: Some("m0".into()),
        ..saying(id, SayingKind::Answer, time(NOON))
    };
    it.say_so(naming("said")).await;
    let to = alone.clone();
    it.say_so(Saying {
        to,
        ..saying("alone", SayingKind::Answer, it.now)
    })
    .await;
    it.say("other", SayingKind::Done).await;
    it.drain().await;
    it.say_so(naming("pending")).await;
    let ledger = it.outbox.ledger();
    let forgotten = ledger.forget(&"u1".into(), it.now).await.expect("done");
    assert_eq!((forgotten.entries, forgotten.sayings), (2, 1));
    let said = it.entry("said").await;
    assert_eq!(
        (said.state, said.text(), said.mentions.len()),
        (DeliveryState::Sent, String::new(), 0)
    );
    assert_eq!(ledger.get(&"alone".into()).await.expect("readable"), None);
    assert_eq!(it.entry("other").await.text(), "other");
    it.drain().await;
    assert!(it.last().mentions.is_empty() && it.last().quote.is_none());
}

#[tokio::test]
async fn old_words_are_masked_and_older_entries_deleted_after_a_dry_run() {
    let mut it = Rehearsal::unhurried().await;
    for id in ["oldest", "old", "new"] {
        it.say(id, SayingKind::Done).await;
        it.drain().await;
        it.wait(Duration::from_hours(24));
    }
    let ledger = it.outbox.ledger();
    let ago = |hours| it.now - Duration::from_hours(hours);
    let mut pages = ledger.overdue(ago(36), ago(60));
    let overdue = pages.next().await.expect("readable").expect("two are old");
    assert_eq!((overdue.mask.len(), overdue.delete.len()), (1, 1));
    assert_eq!(
        it.entry("old").await.text(),
        "old",
        "looking changes nothing"
    );
    ledger.expire(&overdue, it.now).await.expect("done");
    assert_eq!(it.entry("old").await.text(), "");
    assert_eq!(ledger.get(&"oldest".into()).await.expect("readable"), None);
    assert_eq!(it.entry("new").await.text(), "new");
    let mut again = ledger.overdue(ago(36), ago(60));
    assert_eq!(again.next().await.expect("readable"), None);
}
