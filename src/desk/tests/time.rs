//! What time does: fallbacks, reminders, follow-ups, each crossing once.

use super::*;
use crate::command::CommandName as Name;
use crate::desk::Outcome;
use crate::triage::Emergency;

const DAY: i64 = 24 * 60;

#[tokio::test]
async fn who_does_not_answer_is_followed_by_the_next_then_up_the_tree_then_staff() {
    let street = Street::with_one().await;
    for (minute, holder, state) in [
        (14, "w1", State::Dispatched),
        (15, "w2", State::Dispatched),
        (30, "w3", State::Dispatched),
        (45, "s1", State::Open),
    ] {
        street.pass(minute).await;
        let event = street.event(ONE).await;
        assert_eq!(
            (event.holder.unwrap().as_str(), event.state),
            (holder, state),
            "{minute}"
        );
    }
    assert_eq!(street.sayings(SayingKind::Dispatch).await.len(), 3);
    assert_eq!(street.sayings(SayingKind::AwaitingStaff).await.len(), 1);
}

#[tokio::test]
async fn danger_to_life_calls_the_whole_chain_at_once_and_goes_on_every_five_minutes() {
    let mut street = Street::new().await;
    let critical = |event: &mut Event| {
        event.level = Level::Critical;
        event.emergency = Some(Emergency::Trapped);
    };
    street.open(ONE, 1, critical).await;
    assert_eq!(street.public("g1").await, [SayingKind::EmergencyAdvice]);
    let advice = street.sayings(SayingKind::EmergencyAdvice).await.remove(0);
    assert_eq!(
        (fact(&advice.facts, "call"), advice.level),
        ("119", Level::Critical)
    );
    let told: Vec<Destination> = street
        .sayings(SayingKind::Alarm)
        .await
        .into_iter()
        .map(|it| it.to)
        .collect();
    for person in ["w1", "w2", "w3", "s1", "s2", "a1"] {
        assert!(
            told.contains(&Destination::Person(PersonId::from(person))),
            "{person}"
        );
    }
    for (minute, holder) in [
        (0, "w1"),
        (5, "w2"),
        (10, "w3"),
        (15, "s1"),
        (20, "a1"),
        (25, "s2"),
        (30, "w1"),
    ] {
        street.pass(minute).await;
        assert_eq!(
            street.event(ONE).await.holder.unwrap().as_str(),
            holder,
            "{minute}"
        );
    }
    street.at_work("w2", command(Name::Accept, ""), 31).await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.holder.unwrap().as_str()),
        (State::InProgress, "w2")
    );
}

#[tokio::test]
async fn limits_stand_still_at_night_and_over_the_weekend() {
    let street = Street::new().await;
    let view = street.desk.view();
    let mut planned = Planned::new();
    let mut turn = Turn::new(&view, event(ONE));
    turn.event.level = Level::Normal;
    let friday_evening = minutes(8 * 60 + 30);
    turn.open(&By::bot(""), None, friday_evening).unwrap();
    assert_eq!(
        turn.event.clocks.accept_by,
        Some("2026-11-23T10:30+08:00".parse().unwrap())
    );
    turn.settle(&mut planned);
}

#[tokio::test]
async fn each_crossing_acts_once_and_red_blows_the_whistle() {
    let mut street = Street::with_one().await;
    street.at_work("w1", command(Name::Accept, "1"), 5).await;
    street.pass(10 * DAY).await;
    let reminders = street.sayings(SayingKind::Reminder).await;
    let limits: Vec<(&str, &str)> = reminders
        .iter()
        .map(|it| (fact(&it.facts, "limit"), fact(&it.facts, "light")))
        .collect();
    assert_eq!(
        limits,
        [("首次反馈", "绿灯"), ("办结", "黄灯"), ("办结", "红灯")]
    );
    let passed: Vec<bool> = reminders
        .iter()
        .map(|it| !fact(&it.facts, "overdue").is_empty())
        .collect();
    assert_eq!(passed, [true, false, true]);
    let event = street.event(ONE).await;
    assert!(event.escalated_at.is_some() && event.clocks.red_at.is_some());
    let before = street.all::<History>().await.len();
    street.desk.tick(minutes(11 * DAY)).await.unwrap();
    assert_eq!(street.all::<History>().await.len(), before);
}

#[tokio::test]
async fn a_suspended_event_keeps_the_time_it_had_left() {
    let mut street = Street::new().await;
    let event = street.open(ONE, 1, |_| {}).await;
    street.at_work("w1", command(Name::Accept, "1"), 0).await;
    let wish = until("2026-11-24", because("等配件", command(Name::Suspend, "1")));
    street.at_work("w1", wish, 60).await;
    street.pass(5 * DAY - 61).await;
    let resumed = street.event(ONE).await;
    assert!(resumed.suspended.is_none(), "the review date has come");
    let settings = Settings::default();
    let holidays = crate::model::Holidays::default();
    let calendar = crate::desk::Calendar::new(&settings, &holidays);
    let left = calendar.between(minutes(60), event.clocks.finish_by.unwrap());
    let review = "2026-11-24T18:00+08:00".parse().unwrap();
    assert_eq!(
        calendar.between(review, resumed.clocks.finish_by.unwrap()),
        left
    );
}

#[tokio::test]
async fn an_unanswered_result_is_asked_about_twice_and_closes_after_two_days() {
    let mut street = Street::with_one().await;
    street
        .at_work("w1", because("好了", command(Name::Resolve, "1")), 30)
        .await;
    street.pass(30 + 2 * DAY - 1).await;
    assert_eq!(street.event(ONE).await.state, State::Resolved);
    assert_eq!(street.sayings(SayingKind::Outcome).await.len(), 2);
    assert_eq!(
        street.sayings(SayingKind::AwaitingStaff).await.len(),
        1,
        "a check is asked for once"
    );
    street.pass(30 + 2 * DAY).await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.outcome),
        (State::Closed, Some(Outcome::Fixed))
    );
}

#[tokio::test]
async fn a_lead_nobody_supports_goes_without_a_word() {
    let street = Street::new().await;
    let view = street.desk.view();
    let mut planned = Planned::new();
    Turn::new(&view, event(ONE)).settle(&mut planned);
    street.desk.store.commit(planned.changes).await.unwrap();
    street.pass(DAY).await;
    assert_eq!(street.event(ONE).await.outcome, Some(Outcome::Expired));
    assert!(street.all::<Saying>().await.is_empty());
}

#[tokio::test]
async fn a_lead_that_waits_for_a_word_is_recalled_once_and_not_after_it_was_given() {
    let (morning, evening) = (0, 10 * 60);
    for (level, shown, limit) in [
        (Level::Normal, morning, 30),
        (Level::Urgent, morning, 10),
        (Level::Normal, evening, 120),
        (Level::Urgent, evening, 10),
    ] {
        for answered in [false, true] {
            let mut street = Street::new().await;
            let view = street.desk.view();
            let mut planned = Planned::new();
            let mut turn = Turn::new(&view, event(ONE));
            turn.event.level = level;
            let due = crate::desk::clocks::lead_limit(&view, &turn.event, minutes(shown));
            turn.event.clocks.accept_by = Some(due);
            turn.settle(&mut planned);
            street.desk.store.commit(planned.changes).await.unwrap();
            street.pass(shown + limit - 1).await;
            assert!(street.all::<Saying>().await.is_empty());
            if answered {
                let no = command(Name::Void, "1");
                street.at_work("s1", no, shown + limit - 1).await;
            }
            street.pass(shown + DAY).await;
            let recalled = street.sayings(SayingKind::AwaitingStaff).await;
            assert_eq!(recalled.len(), usize::from(!answered), "{level:?} {shown}");
            for saying in recalled {
                assert_eq!(saying.at, minutes(shown + limit));
                assert_eq!(fact(&saying.facts, "wish"), "受理");
            }
        }
    }
}

#[tokio::test]
async fn a_crash_between_two_timers_repeats_nothing() {
    let street = Street::with_one().await;
    street.desk.tick(minutes(15)).await.unwrap();
    let before = street.all::<Saying>().await;
    let restarted = Desk::new(
        street.desk.store.clone(),
        Directory::load(street.desk.store.clone()).await.unwrap(),
        Arc::new(catalogue()),
        Settings::default(),
    );
    assert_eq!(restarted.tick(minutes(15)).await.unwrap().fired, 0);
    assert_eq!(street.all::<Saying>().await, before);
}
