//! How sending ends, and what a sink cannot do.

use super::*;

#[tokio::test]
async fn every_outcome_has_its_place_in_the_ledger() {
    let mut it = Rehearsal::unhurried().await;
    let reason = "群已解散".to_owned();
    let unknown = SendOutcome::Unknown {
        reason: "超时".to_owned(),
    };
    it.script([SendOutcome::Refused { reason }, unknown]);
    for id in ["refused", "unknown", "sent"] {
        it.say(id, SayingKind::Done).await;
    }
    it.drain().await;
    assert_eq!(it.heard(), ["refused", "unknown", "sent"]);
    assert_eq!(it.state("sent").await, DeliveryState::Sent);
    assert_eq!(it.state("unknown").await, DeliveryState::Unknown);
    let refused = it.entry("refused").await;
    assert_eq!(
        (refused.state, &*refused.reason),
        (DeliveryState::Refused, "群已解散")
    );
    assert!(
        it.outbox
            .ledger()
            .pending(9)
            .await
            .expect("readable")
            .is_empty()
    );
}

#[tokio::test]
async fn what_did_not_go_out_is_repeated_in_the_same_words_with_backoff() {
    let mut it = Rehearsal::unhurried().await;
    it.script([not_sent(None), not_sent(None), not_sent(None)]);
    it.say("a", SayingKind::Done).await;
    let begin = it.now;
    it.drain().await;
    assert_eq!(it.heard(), ["a", "a", "a", "a"]);
    assert_eq!(it.now.duration_since(begin).as_secs(), 1 + 2 + 4);
    assert_eq!(it.state("a").await, DeliveryState::Sent);
}

#[tokio::test]
async fn after_too_many_attempts_a_person_has_to_send_it() {
    let limits = Limits {
        attempts: 2,
        ..Limits::unhurried()
    };
    let mut it = Rehearsal::at(NOON, limits).await;
    it.script([not_sent(None), not_sent(None)]);
    it.say("a", SayingKind::Done).await;
    it.drain().await;
    let draft = it.entry("a").await;
    assert_eq!(draft.state, DeliveryState::Draft);
    assert!(draft.reason.contains("没连上") && draft.reason.contains("人工"));
}

#[tokio::test]
async fn where_no_sink_may_write_a_draft_waits_for_a_person() {
    let mut it = Rehearsal::unhurried().await;
    let quiet = Saying {
        to: group("silent"),
        mentions: vec![("u1".into(), "王先生".to_owned())],
        ..saying("a", SayingKind::Outcome, it.now)
    };
    it.say_so(quiet).await;
    let report = it.step().await;
    assert_eq!((report.drafted, it.heard().len()), (1, 0));
    let draft = it.entry("a").await;
    assert_eq!(
        (draft.state, draft.text()),
        (DeliveryState::Draft, "王先生：a".to_owned())
    );
}

#[tokio::test]
async fn a_person_who_cannot_be_written_to_alone_gets_a_draft() {
    let mut it = Rehearsal::unhurried().await;
    it.can(|can| can.direct = false);
    let to = Destination::Person("u1".into());
    it.say_so(Saying {
        to,
        ..saying("a", SayingKind::Alarm, it.now)
    })
    .await;
    it.drain().await;
    assert_eq!(it.state("a").await, DeliveryState::Draft);
}

#[tokio::test]
async fn without_words_a_saying_is_refused_and_holds_nobody_up() {
    let mut it = Rehearsal::unhurried().await;
    let facts = Facts::from([("wordless".to_owned(), String::new())]);
    it.say_so(Saying {
        facts,
        ..saying("a", SayingKind::Done, it.now)
    })
    .await;
    it.say("b", SayingKind::Done).await;
    it.drain().await;
    assert_eq!(it.heard(), ["b"]);
    assert_eq!(it.state("a").await, DeliveryState::Refused);
}

#[tokio::test]
async fn what_a_sink_cannot_do_is_done_in_words() {
    let mut it = Rehearsal::unhurried().await;
    let addressed = |id: &str, at| Saying {
        quote: Some("m0".into()),
        mentions: vec![("u1".into(), "王先生".to_owned())],
        ..saying(id, SayingKind::Answer, at)
    };
    it.say_so(addressed("a", it.now)).await;
    it.drain().await;
    let full = it.last();
    assert_eq!((full.quote, full.mentions.len()), (Some("m0".into()), 1));

    it.can(|can| can.quote = false);
    it.say_so(addressed("b", it.now)).await;
    it.drain().await;
    let mention = it.last();
    assert_eq!(
        (mention.quote, mention.mentions.len(), &*mention.text),
        (None, 1, "b")
    );

    it.can(|can| can.mention = false);
    it.say_so(addressed("c", it.now)).await;
    it.drain().await;
    let name = it.last();
    assert_eq!((name.mentions.len(), &*name.text), (0, "王先生：c"));
}

#[tokio::test]
async fn a_long_text_goes_out_in_parts_and_only_the_first_mentions() {
    let mut it = Rehearsal::unhurried().await;
    it.can(|can| can.max_bytes = 64);
    let facts = Facts::from([("text".to_owned(), "一句话到这里结束。".repeat(5))]);
    let mentions = vec![("u1".into(), "王".to_owned())];
    it.say_so(Saying {
        facts,
        mentions,
        ..saying("a", SayingKind::Answer, it.now)
    })
    .await;
    it.say("b", SayingKind::Done).await;
    it.drain().await;
    let parts = it.entry("a").await.parts;
    assert_eq!(parts.len(), 3);
    assert!(parts.iter().all(|part| part.sent_at.is_some()));
    let heard = it.platform.heard.lock().expect("whole").clone();
    let mentioned = heard.iter().map(|outgoing| outgoing.mentions.len());
    assert_eq!(mentioned.collect::<Vec<_>>(), [1, 0, 0, 0]);
    assert_eq!(
        heard.last().expect("four").text,
        "b",
        "its parts stay together"
    );
}

#[tokio::test]
async fn while_stopped_nothing_is_said_and_the_words_wait() {
    let mut it = Rehearsal::unhurried().await;
    let ledger = it.outbox.ledger();
    let stop = Stop {
        last_words: None,
        by: "管理员".to_owned(),
        at: it.now,
        reason: "说错话了".to_owned(),
    };
    ledger.stop(&stop).await.expect("stopped");
    it.say("a", SayingKind::Alarm).await;
    it.restart().await;
    assert_eq!(it.step().await.stopped, 2, "both lanes");
    assert_eq!((it.heard().len(), it.due().await), (0, None));
    assert_eq!(ledger.stopped().await.expect("readable"), Some(stop));
    ledger.start().await.expect("started");
    it.drain().await;
    assert_eq!(it.heard(), ["a"]);
}

#[tokio::test]
async fn who_stops_the_bot_is_told_at_once_and_those_are_the_last_words() {
    let mut it = Rehearsal::unhurried().await;
    it.say("before", SayingKind::Alarm).await;
    it.say("stopped", SayingKind::Done).await;
    let stop = Stop {
        last_words: Some("stopped".into()),
        by: "管理员".to_owned(),
        at: it.now,
        reason: String::new(),
    };
    it.outbox.ledger().stop(&stop).await.expect("stopped");
    it.say("after", SayingKind::Alarm).await;
    it.drain().await;
    assert_eq!(it.heard(), ["stopped"]);
    assert_eq!(it.state("stopped").await, DeliveryState::Sent);
    it.restart().await;
    it.drain().await;
    assert_eq!(it.heard(), ["stopped"], "once");
    it.outbox.ledger().start().await.expect("started");
    it.drain().await;
    assert_eq!(it.heard(), ["stopped", "before", "after"]);
}

#[tokio::test]
async fn a_saying_that_is_committed_again_after_it_was_said_is_not_repeated() {
    let mut it = Rehearsal::unhurried().await;
    it.say("a", SayingKind::Done).await;
    it.drain().await;
    it.say("a", SayingKind::Done).await;
    it.say("b", SayingKind::Done).await;
    it.drain().await;
    assert_eq!(it.heard(), ["a", "b"]);
}
