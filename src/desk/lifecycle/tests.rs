//! The life cycle keeps to its table whatever happens.

use proptest::prelude::*;

use super::*;
use crate::command::CommandName;
use crate::desk::{Wish, fixtures};
use crate::model::{CategoryCode, EventId};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).expect("in range")
}

fn event() -> Event {
    let mut event = fixtures::event("E-20261120-0001");
    event.clocks.finish_by = Some(at(1_000));
    event
}

fn acts() -> impl Strategy<Value = Act> {
    let person = || (0..3_u8).prop_map(|n| PersonId::new(format!("p{n}")));
    prop_oneof![
        Just(Act::Confirm),
        Just(Act::Expire),
        (person(), person()).prop_map(|(to, also)| Act::Offer {
            to,
            also: vec![also]
        }),
        proptest::option::of(person()).prop_map(|to| Act::Park { to }),
        person().prop_map(|by| Act::Accept { by }),
        Just(Act::HandBack),
        (0..5_000_i64).prop_map(|s| Act::Suspend { until: at(s) }),
        Just(Act::Resume),
        (0..5_000_i64).prop_map(|s| Act::Extend { until: at(s) }),
        person().prop_map(|to| Act::Transfer { to }),
        person().prop_map(|by| Act::Ask(wish(by))),
        Just(Act::Deny),
        Just(Act::Resolve),
        Just(Act::Rework),
        Just(Act::Verify),
        person().prop_map(|by| Act::Satisfied { by, enough: 2 }),
        Just(Act::AskAgain),
        Just(Act::Unanswered),
        Just(Act::Reopen),
        (1..3_u8).prop_map(|n| Act::Merge {
            into: EventId::new(format!("E-20261120-000{n}"))
        }),
        Just(Act::SelfClear),
        Just(Act::Void),
        Just(Act::Decline),
        Just(Act::Raise {
            level: Level::Critical,
            emergency: None
        }),
        Just(Act::Escalate),
        Just(Act::Supervise),
        Just(Act::Urge),
        Just(Act::Remind),
        Just(Act::Recategorise {
            category: CategoryCode::from("02"),
            family: "water".to_owned(),
            level: Level::Normal,
        }),
    ]
}

fn wish(by: PersonId) -> Wish {
    Wish {
        command: CommandName::Suspend,
        by,
        at: at(0),
        reason: None,
        to: None,
        until: None,
    }
}

proptest! {
    #[test]
    fn the_life_cycle_never_leaves_its_table(
        acts in proptest::collection::vec((acts(), 0..200_i64), 1..40)
    ) {
        let mut event = event();
        let mut now = 0;
        for (act, later) in acts {
            now += later;
            let Ok(Transition { event: after, from }) = apply(&event, &act, at(now)) else {
                continue;
            };
            prop_assert!(TABLE.contains(&(act.name(), from, after.state)));
            prop_assert_eq!(after.steps, event.steps + 1);
            prop_assert_eq!(after.state == Closed, after.outcome.is_some());
            prop_assert_eq!(after.state == Closed, after.closed_at.is_some());
            prop_assert!(after.suspended.is_none() || after.state == InProgress);
            let worked_on = matches!(after.state, Dispatched | InProgress | Resolved);
            prop_assert!(!worked_on || after.holder.is_some());
            let raised = matches!(act, Act::Raise { .. });
            prop_assert!(raised || after.level < Level::Critical || event.level == Level::Critical);
            event = after;
        }
    }
}

#[test]
fn every_row_of_the_table_has_a_chinese_name() {
    for (act, ..) in TABLE {
        assert!(chinese_name(act).is_some(), "{act}");
    }
}

#[test]
fn an_extension_is_asked_for_once_and_before_the_limit_is_over() {
    let mut event = event();
    event.state = InProgress;
    let act = Act::Extend { until: at(2_000) };
    assert_eq!(apply(&event, &act, at(1_000)).err(), Some(Refused::TooLate));
    let extended = apply(&event, &act, at(500)).expect("in time").event;
    assert_eq!(extended.clocks.finish_by, Some(at(2_000)));
    let again = Act::Extend { until: at(3_000) };
    assert!(matches!(
        apply(&extended, &again, at(600)),
        Err(Refused::Twice { .. })
    ));
}

#[test]
fn words_older_than_the_result_do_not_reopen_it() {
    let mut event = event();
    event.state = Resolved;
    event.holder = Some(PersonId::from("p1"));
    event.resolved_at = Some(at(100));
    assert_eq!(
        apply(&event, &Act::Reopen, at(99)).err(),
        Some(Refused::BeforeResult)
    );
    let reopened = apply(&event, &Act::Reopen, at(101)).expect("later").event;
    assert_eq!(
        (reopened.state, reopened.level),
        (InProgress, Level::Urgent)
    );
}

#[test]
fn a_merged_or_void_event_is_never_reopened() {
    for outcome in [
        Outcome::Merged,
        Outcome::FalseAlarm,
        Outcome::NotOurs,
        Outcome::Expired,
    ] {
        let mut event = event();
        event.state = Closed;
        event.outcome = Some(outcome);
        event.closed_at = Some(at(0));
        assert!(matches!(
            apply(&event, &Act::Reopen, at(1)),
            Err(Refused::NotNow { .. })
        ));
    }
}
