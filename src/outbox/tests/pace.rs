//! How fast, how often, how much.

use super::*;

fn paced() -> Limits {
    Limits {
        account: Some(Pace::default()),
        destination: Some(Pace::default()),
        ..Limits::unhurried()
    }
}

#[tokio::test]
async fn an_account_keeps_its_gap_over_all_groups() {
    let mut it = Rehearsal::at(NOON, paced()).await;
    for to in ["g", "h", "i"] {
        it.say_so(Saying {
            to: group(to),
            ..saying(to, SayingKind::Done, it.now)
        })
        .await;
    }
    let report = it.step().await;
    assert_eq!((report.sent, report.held_by_account), (1, 2));
    let due = it.due().await.expect("more to say");
    let gap = due.duration_since(it.now);
    assert!(gap.as_secs() >= 3 && gap.as_secs() <= 5, "{gap}");
    assert_eq!(it.step().await.sent, 0);
    it.now = due;
    assert_eq!(it.step().await.sent, 1);
}

#[tokio::test]
async fn a_group_keeps_its_own_gap() {
    let limits = Limits {
        account: None,
        ..paced()
    };
    let mut it = Rehearsal::at(NOON, limits).await;
    it.say("a", SayingKind::Done).await;
    it.say("b", SayingKind::Done).await;
    it.say_so(Saying {
        to: group("h"),
        ..saying("c", SayingKind::Done, it.now)
    })
    .await;
    it.step().await;
    assert_eq!(it.heard(), ["a", "c"]);
    assert_eq!(it.step().await.held_by_destination, 1);
}

#[tokio::test]
async fn no_more_than_twenty_go_out_in_a_minute_also_across_a_restart() {
    let mut it = Rehearsal::at(NOON, paced()).await;
    for number in 0..30 {
        it.say(&number.to_string(), SayingKind::Done).await;
    }
    let minute = it.now + Duration::from_mins(1);
    while let Some(due) = it.due().await.filter(|due| *due < minute) {
        it.now = it.now.max(due);
        it.step().await;
        it.restart().await;
    }
    assert!(it.heard().len() <= 17, "three are kept for emergencies");
    for number in 0..9 {
        let id = format!("critical {number}");
        it.say_so(Saying {
            level: Level::Critical,
            ..saying(&id, SayingKind::Alarm, it.now)
        })
        .await;
        it.step().await;
    }
    assert_eq!(it.heard().len(), 20);
}

#[tokio::test]
async fn replies_above_the_budget_are_refused_and_an_hour_later_there_are_more() {
    let limits = Limits {
        replies_per_person: 2,
        ..Limits::unhurried()
    };
    let mut it = Rehearsal::at(NOON, limits).await;
    let answer = |id: &str, person: &str| Saying {
        mentions: vec![(person.into(), person.to_owned())],
        ..saying(id, SayingKind::Answer, time(NOON))
    };
    for id in ["a", "b", "c"] {
        it.say_so(answer(id, "loop")).await;
        it.step().await;
        it.restart().await;
    }
    it.say_so(answer("d", "other")).await;
    it.drain().await;
    assert_eq!(it.heard(), ["a", "b", "d"]);
    assert!(it.entry("c").await.reason.contains("回复太多"));
    it.wait(Duration::from_hours(1));
    it.say_so(answer("e", "loop")).await;
    it.drain().await;
    assert_eq!(it.heard().len(), 4);
}

#[tokio::test]
async fn a_groups_budget_is_for_replies_and_never_for_emergencies() {
    let limits = Limits {
        replies_per_group: 1,
        ..Limits::unhurried()
    };
    let mut it = Rehearsal::at(NOON, limits).await;
    it.say("a", SayingKind::Acknowledged).await;
    it.say("b", SayingKind::Acknowledged).await;
    it.say("c", SayingKind::Outcome).await;
    let level = Level::Critical;
    it.say_so(Saying {
        level,
        ..saying("d", SayingKind::Answer, it.now)
    })
    .await;
    it.drain().await;
    assert_eq!(it.heard(), ["d", "a", "c"]);
}

#[tokio::test]
async fn a_platform_that_asks_to_wait_is_left_alone_also_by_other_groups() {
    let mut it = Rehearsal::unhurried().await;
    it.script([not_sent(Some(Duration::from_mins(2)))]);
    it.say("a", SayingKind::Done).await;
    it.step().await;
    it.say_so(Saying {
        to: group("h"),
        ..saying("b", SayingKind::Done, it.now)
    })
    .await;
    let report = it.step().await;
    assert_eq!((report.sent, report.held_by_pause), (0, 1));
    it.drain().await;
    assert!(it.now >= time(NOON) + Duration::from_mins(2));
    assert_eq!(it.heard(), ["a", "a", "b"]);
}

#[tokio::test]
async fn a_batch_that_fails_as_one_pauses_the_account_as_one_failure_does() {
    let mut it = Rehearsal::unhurried().await;
    it.script([(); 8].map(|()| not_sent(None)));
    for to in ["a", "b", "c", "d", "e", "f", "h", "i"] {
        it.say_so(Saying {
            to: group(to),
            ..saying(to, SayingKind::Done, it.now)
        })
        .await;
    }
    let failed = it.now;
    assert_eq!(it.step().await.retried, 8);
    let due = it.due().await.expect("words wait");
    assert_eq!(due.duration_since(failed).as_secs(), 1);
    it.drain().await;
    assert_eq!(it.heard().len(), 16);
}

#[tokio::test]
async fn a_clock_that_jumps_back_does_not_hold_words_for_long() {
    let mut it = Rehearsal::at(NOON, paced()).await;
    it.say("a", SayingKind::Done).await;
    it.step().await;
    it.now = time(NOON) - Duration::from_hours(5);
    it.say("b", SayingKind::Done).await;
    it.step().await;
    assert_eq!(it.heard(), ["a", "b"]);
}

#[tokio::test]
async fn the_batch_bounds_what_is_in_flight() {
    let limits = Limits {
        batch: 2,
        ..Limits::unhurried()
    };
    let mut it = Rehearsal::at(NOON, limits).await;
    for to in ["g", "h", "i"] {
        it.say_so(Saying {
            to: group(to),
            ..saying(to, SayingKind::Done, it.now)
        })
        .await;
    }
    let report = it.step().await;
    assert_eq!((report.sent, report.held_by_batch), (2, 1));
}
