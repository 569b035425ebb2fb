//! What explains, ends and brings back an event, by the rule each test names.

use super::super::fixtures::minutes;
use super::super::{Outcome, Timer, TimerKind};
use super::Effect;
use super::rehearsal::{QUIET, Said, Street, block, hours};
use crate::desk::{Event, Notice, State};
use crate::model::SayingKind;

fn only(street: &Street) -> Event {
    let events = street.events();
    assert_eq!(events.len(), 1, "{events:#?}");
    events.into_iter().next().unwrap()
}

#[test]
fn a_known_cause_explains_reports_and_opens_no_event() {
    let mut street = Street::new();
    let notice = Said::by("p1", "a1", 0).notice(30, 120);
    assert_eq!(street.hear(&notice).effect, Effect::Noticed);
    let inside = street.hear(&Said::by("u1", "a2", 40));
    assert_eq!(inside.effect, Effect::Explained);
    street.hear(&Said::by("u2", "a2", 45));
    assert!(street.all::<Event>().is_empty());
    assert_eq!(street.said_in("a2"), [SayingKind::KnownCause], "once");
    let notices = street.all::<Notice>();
    assert_eq!(notices[0].reports, 2);
}

#[test]
fn when_the_window_is_over_and_reports_go_on_an_event_opens() {
    let mut street = Street::new();
    street.hear(&Said::by("p1", "a1", 0).notice(0, 60));
    street.hear(&Said::by("u1", "a1", 10));
    assert!(street.events().is_empty());
    assert_eq!(
        street.hear(&Said::by("u1", "a1", 70)).effect,
        Effect::Opened
    );
}

#[test]
fn a_leak_or_another_matter_is_not_explained_by_a_notice() {
    let mut street = Street::new();
    street.hear(&Said::by("p1", "a1", 0).notice(0, 60));
    street.hear(&Said::by("u1", "a1", 10).leak());
    street.hear(&Said::by("u2", "a1", 11).category("01").text("怎么又停电了"));
    assert_eq!(street.events().len(), 2);
}

#[test]
fn a_correction_moves_the_window() {
    let mut street = Street::new();
    street.hear(&Said::by("p1", "a1", 0).notice(0, 60));
    street.hear(
        &Said::by("p1", "a1", 50)
            .notice(0, 120)
            .text("延长至十一点恢复供水"),
    );
    let notices = street.all::<Notice>();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].end, minutes(120));
    assert_eq!(
        street.hear(&Said::by("u1", "a1", 90)).effect,
        Effect::Explained
    );
    let timers = street.all::<Timer>();
    assert_eq!(
        (timers[0].kind, timers[0].due),
        (TimerKind::NoticeEnds, minutes(120))
    );
}

#[test]
fn a_notice_after_the_outage_attaches_to_its_event() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    street.hear(&Said::by("p1", "a2", 20).notice(0, 120));
    let event = only(&street);
    assert_eq!(street.all::<Notice>()[0].event, Some(event.id.clone()));
    let said = [SayingKind::Acknowledged, SayingKind::KnownCause];
    assert_eq!(street.said_in("a1"), said);
    assert_eq!(
        street.hear(&Said::by("u2", "a1", 30)).effect,
        Effect::Joined
    );
}

#[test]
fn an_overdue_window_calls_attention() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    street.hear(&Said::by("p1", "a1", 20).notice(0, 60));
    let notice = street.all::<Notice>().remove(0);
    block(street.desk.notice_ended(&notice.id, minutes(60))).unwrap();
    assert!(street.said_in("work").contains(&SayingKind::Reminder));
}

#[test]
fn two_words_of_relief_and_quiet_end_the_intake() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    street.hear(&Said::by("u2", "a1", 1));
    street.hear(&Said::by("u1", "a1", 60).relief());
    street.hear(&Said::by("u1", "a1", 61).relief());
    assert_eq!(only(&street).restored_by.len(), 1, "one person is one");
    street.hear(&Said::by("u2", "a1", 62).relief());
    let event = only(&street);
    let id = Timer::id_of(event.id.as_str(), TimerKind::RestoredQuiet);
    let timer = block(street.desk.store.get::<Timer>(&id)).unwrap().unwrap();
    assert_eq!(timer.record.due, minutes(62) + QUIET);
    block(street.desk.restored_quiet(&event.id, timer.record.due)).unwrap();
    let event = only(&street);
    assert_eq!(event.intake_over_at, Some(timer.record.due));
    assert!(event.is_open(), "only people close it");
    assert!(street.said_in("work").contains(&SayingKind::AwaitingStaff));
    assert_eq!(
        street.hear(&Said::by("u3", "a1", hours(5))).effect,
        Effect::Opened
    );
}

#[test]
fn a_report_after_relief_starts_the_quiet_anew() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    street.hear(&Said::by("u1", "a1", 60).relief());
    street.hear(&Said::by("u2", "a1", 61).relief());
    street.hear(&Said::by("u3", "a1", 80));
    let event = only(&street);
    block(street.desk.restored_quiet(&event.id, minutes(91))).unwrap();
    assert_eq!(only(&street).intake_over_at, None);
}

#[test]
fn an_outage_after_one_that_went_away_is_new_and_points_back() {
    let mut street = Street::new();
    street.hear(&Said::default());
    let first = only(&street);
    street.change(&first, |event| {
        event.state = State::Closed;
        event.outcome = Some(Outcome::SelfCleared);
        event.closed_at = Some(minutes(100));
    });
    street.hear(&Said::by("u2", "a1", hours(48)));
    let events = street.events();
    assert_eq!(events[1].recurs, Some(first.id));
}

#[test]
fn what_was_solved_and_is_back_within_days_reopens() {
    let solved = |street: &Street| {
        let event = street.events().remove(0);
        street.change(&event, |event| {
            event.state = State::Closed;
            event.outcome = Some(Outcome::Fixed);
            event.resolved_at = Some(minutes(100));
            event.closed_at = Some(minutes(100));
        });
    };
    let leak = |minute| Said::by("u1", "a1", minute).leak().building("3");
    let mut street = Street::new();
    street.hear(&leak(0));
    solved(&street);
    assert_eq!(street.hear(&leak(hours(72))).effect, Effect::Reopened);
    assert_eq!(only(&street).reopened, 1);

    let mut street = Street::new();
    street.hear(&leak(0));
    solved(&street);
    let elsewhere = leak(hours(72)).building("5");
    assert_eq!(
        street.hear(&elsewhere).effect,
        Effect::Opened,
        "another place"
    );
    let much_later = leak(hours(24 * 20));
    assert_eq!(street.hear(&much_later).effect, Effect::Opened, "too late");
    let before = street.hear(&leak(90));
    assert_ne!(before.effect, Effect::Reopened, "told before it was solved");
}
