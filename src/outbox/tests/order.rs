//! What goes first, what goes together, what waits for morning.

use super::*;

fn about(event: &str, saying: Saying) -> Saying {
    Saying {
        event: Some(event.into()),
        ..saying
    }
}

impl Rehearsal {
    async fn say_about(&mut self, event: &str, id: &str, kind: SayingKind) {
        self.say_so(about(event, saying(id, kind, self.now))).await;
    }
}

#[tokio::test]
async fn words_for_one_group_go_out_in_the_order_of_their_causes() {
    let mut it = Rehearsal::unhurried().await;
    for id in ["b", "a", "c"] {
        it.say(id, SayingKind::Done).await;
    }
    it.drain().await;
    assert_eq!(it.heard(), ["b", "a", "c"]);
}

#[tokio::test]
async fn an_emergency_overtakes_what_waits_and_what_is_retried() {
    let mut it = Rehearsal::unhurried().await;
    it.script([not_sent(None)]);
    it.say("first", SayingKind::Done).await;
    it.step().await;
    it.say("second", SayingKind::Done).await;
    let critical = Saying {
        level: Level::Critical,
        ..saying("critical", SayingKind::EmergencyAdvice, it.now)
    };
    it.say_so(critical).await;
    it.drain().await;
    assert_eq!(it.heard(), ["first", "critical", "first", "second"]);
}

#[tokio::test]
async fn pending_progress_of_one_event_becomes_one_message() {
    let mut it = Rehearsal::unhurried().await;
    it.say_about("E-1-0001", "acknowledged", SayingKind::Acknowledged)
        .await;
    it.say_about("E-1-0002", "other", SayingKind::Acknowledged)
        .await;
    it.say_about("E-1-0001", "accepted", SayingKind::Accepted)
        .await;
    it.drain().await;
    assert_eq!(it.heard(), ["accepted+acknowledged", "other"]);
    let merged = it.entry("acknowledged").await;
    assert_eq!(merged.state, DeliveryState::Merged);
    assert_eq!(merged.with, Some("accepted".into()));
    assert_eq!(it.entry("accepted").await.also, ["acknowledged".into()]);
}

#[tokio::test]
async fn what_an_outcome_has_overtaken_is_said_with_it_and_what_follows_is_not() {
    let mut it = Rehearsal::unhurried().await;
    it.say_about("E-1-0001", "accepted", SayingKind::Accepted)
        .await;
    it.say_about("E-1-0001", "outcome", SayingKind::Outcome)
        .await;
    it.say_about("E-1-0001", "reopened", SayingKind::Reopened)
        .await;
    it.drain().await;
    assert_eq!(it.heard(), ["outcome+accepted", "reopened"]);
}

#[tokio::test]
async fn an_answer_is_never_merged() {
    let mut it = Rehearsal::unhurried().await;
    it.say_about("E-1-0001", "accepted", SayingKind::Accepted)
        .await;
    it.say_about("E-1-0001", "done", SayingKind::Done).await;
    it.say_about("E-1-0001", "answer", SayingKind::Answer).await;
    it.drain().await;
    assert_eq!(it.heard(), ["accepted", "done", "answer"]);
}

#[tokio::test]
async fn only_the_newest_reminder_is_worth_saying() {
    let mut it = Rehearsal::unhurried().await;
    it.say_about("E-1-0001", "yellow", SayingKind::Reminder)
        .await;
    it.say_about("E-1-0001", "red", SayingKind::Reminder).await;
    it.drain().await;
    assert_eq!(it.heard(), ["red+yellow"]);
}

#[tokio::test]
async fn progress_waits_a_little_for_company_and_an_outcome_does_not() {
    let limits = Limits {
        gather: Duration::from_secs(5),
        ..Limits::unhurried()
    };
    let mut it = Rehearsal::at(NOON, limits).await;
    it.say_about("E-1-0001", "acknowledged", SayingKind::Acknowledged)
        .await;
    let report = it.step().await;
    assert_eq!((report.held_by_gathering, it.heard().len()), (1, 0));
    assert_eq!(it.due().await, Some(time(NOON) + Duration::from_secs(5)));
    it.say_about("E-1-0001", "outcome", SayingKind::Outcome)
        .await;
    it.step().await;
    assert_eq!(it.heard(), ["outcome+acknowledged"]);
}

#[tokio::test]
async fn at_night_only_what_cannot_wait_is_said() {
    let limits = Limits {
        quiet: Some(Quiet::default()),
        ..Limits::unhurried()
    };
    let mut it = Rehearsal::at("2026-01-05T23:00:00+08:00", limits).await;
    for kind in [
        SayingKind::Acknowledged,
        SayingKind::Reminder,
        SayingKind::Dispatch,
        SayingKind::Answer,
    ] {
        it.say(&format!("{kind:?}"), kind).await;
    }
    for (level, kind) in [
        (Level::Urgent, SayingKind::Dispatch),
        (Level::Urgent, SayingKind::Acknowledged),
        (Level::Critical, SayingKind::Acknowledged),
    ] {
        let id = format!("{level:?} {kind:?}");
        it.say_so(Saying {
            level,
            ..saying(&id, kind, it.now)
        })
        .await;
    }
    for _ in 0..9 {
        it.step().await;
    }
    assert_eq!(
        it.heard(),
        ["Critical Acknowledged", "Answer", "Urgent Dispatch"]
    );
    assert_eq!(it.step().await.held_by_night, 4);
    let morning = time("2026-01-06T07:00:00+08:00");
    assert_eq!(it.due().await, Some(morning));
    it.now = morning;
    it.drain().await;
    assert_eq!(it.heard().len(), 7);
}

#[tokio::test]
async fn words_that_waited_too_long_are_refused_with_the_reason() {
    let mut it = Rehearsal::unhurried().await;
    it.say("answer", SayingKind::Answer).await;
    it.say("outcome", SayingKind::Outcome).await;
    it.wait(Duration::from_hours(1));
    let report = it.step().await;
    assert_eq!((report.stale, it.heard()), (1, vec!["outcome".to_owned()]));
    let refused = it.entry("answer").await;
    assert_eq!(refused.state, DeliveryState::Refused);
    assert!(refused.reason.contains("太久"));
    assert_eq!(refused.text(), "answer", "a person may still send it");
}

#[tokio::test]
async fn a_flooded_group_does_not_hide_the_others() {
    let mut it = Rehearsal::unhurried().await;
    for number in 0..600 {
        it.say(&format!("flood {number:03}"), SayingKind::Alarm)
            .await;
    }
    for number in 0..300 {
        let to = group(&format!("z{number:03}"));
        let other = Saying {
            to,
            ..saying(&format!("z{number:03}"), SayingKind::Done, it.now)
        };
        it.say_so(other).await;
    }
    for _ in 0..20 {
        it.step().await;
    }
    let others = it
        .heard()
        .iter()
        .filter(|text| text.starts_with('z'))
        .count();
    assert_eq!(
        others, 300,
        "sixteen at a time, the oldest causes first: 20 of the flood"
    );
}
