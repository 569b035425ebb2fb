//! Commands: the way of an event through people's hands, rights, and refusals.

use super::*;
use crate::command::CommandName as Name;
use crate::desk::Outcome;

#[tokio::test]
async fn an_event_goes_through_every_hand_and_each_group_hears_it_once() {
    let mut street = Street::new().await;
    let event = street.open(ONE, 1, |_| {}).await;
    assert_eq!(
        (event.state, event.holder.as_ref().unwrap().as_str()),
        (State::Dispatched, "w1")
    );
    street.at_work("w1", command(Name::Accept, "1"), 5).await;
    street
        .at_work("w1", because("水管换好了", command(Name::Resolve, "")), 60)
        .await;
    let outcome = street.sayings(SayingKind::Outcome).await.remove(0);
    assert_eq!(fact(&outcome.facts, "result"), "水管换好了");
    assert_eq!(
        outcome.mentions,
        [(PersonId::from("u1"), "邻居1".to_owned())]
    );
    street.at_home("u1", command(Name::Satisfied, ""), 90).await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.outcome),
        (State::Closed, Some(Outcome::Fixed))
    );
    assert_eq!(
        street.public("g1").await,
        [
            SayingKind::Acknowledged,
            SayingKind::Accepted,
            SayingKind::Outcome
        ]
    );
    assert!(
        street.public("g2").await.is_empty(),
        "it did not raise the event"
    );
    let history = street.all::<History>().await;
    let acts: Vec<&str> = history.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!(acts, ["confirm", "offer", "accept", "resolve", "satisfied"]);
    assert!(
        street.desk.next_due().await.unwrap().is_none(),
        "no timer outlives its event"
    );
}

#[tokio::test]
async fn an_unhappy_reporter_reopens_it_and_others_may_not() {
    let mut street = Street::with_one().await;
    street
        .at_work("w1", because("修好了", command(Name::Resolve, "1")), 30)
        .await;
    let refused = street
        .refused("u9", "g1", command(Name::Dissatisfied, "1"), 40)
        .await;
    assert_eq!(refused, Refused::NotReporter);
    street
        .at_home("u1", because("还在漏", command(Name::Dissatisfied, "")), 41)
        .await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.reopened, event.level),
        (State::InProgress, 1, Level::Urgent)
    );
    assert_eq!(
        event.holder.unwrap().as_str(),
        "w1",
        "back to whoever solved it"
    );
}

#[tokio::test]
async fn a_closed_event_is_reopened_within_its_days_and_not_later() {
    let mut street = Street::with_one().await;
    street
        .at_work("w1", because("修好了", command(Name::Resolve, "1")), 30)
        .await;
    street.pass(3 * 24 * 60).await;
    assert_eq!(street.event(ONE).await.state, State::Closed);
    let late = street
        .refused("u1", "g1", command(Name::Dissatisfied, "1"), 8 * 24 * 60)
        .await;
    assert_eq!(late, Refused::LongClosed { days: 7 });
    street
        .at_home("u1", command(Name::Dissatisfied, "1"), 4 * 24 * 60)
        .await;
}

#[tokio::test]
async fn what_is_handed_back_goes_to_the_next_and_after_the_second_time_to_staff() {
    let mut street = Street::with_one().await;
    street
        .at_work(
            "w1",
            because("不是我的片区", command(Name::HandBack, "1")),
            5,
        )
        .await;
    assert_eq!(street.event(ONE).await.holder.unwrap().as_str(), "w2");
    street.at_work("w2", command(Name::HandBack, "1"), 10).await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.holder.unwrap().as_str()),
        (State::Open, "s1")
    );
    assert_eq!(street.sayings(SayingKind::AwaitingStaff).await.len(), 1);
    street
        .at_work("s1", to("@赵工", command(Name::Transfer, "1")), 20)
        .await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.holder.unwrap().as_str()),
        (State::Dispatched, "w3")
    );
    let refused = street
        .refused("w3", "work", command(Name::HandBack, "1"), 25)
        .await;
    assert_eq!(refused, Refused::HandedBackTooOften { times: 2 });
}

#[tokio::test]
async fn nobody_acts_on_what_another_holds() {
    let mut street = Street::with_one().await;
    let refused = street
        .refused("w2", "work", command(Name::Accept, "1"), 5)
        .await;
    assert!(matches!(refused, Refused::Held { holder, .. } if holder == "李姐"));
    let refused = street
        .refused("w2", "work", command(Name::Resolve, "1"), 5)
        .await;
    assert!(matches!(refused, Refused::Held { .. }));
    for (person, name) in [
        ("u1", Name::Accept),
        ("w1", Name::Void),
        ("w1", Name::StopBot),
        ("s1", Name::StopBot),
        ("s1", Name::Urge),
    ] {
        let refused = street.refused(person, "work", command(name, "1"), 6).await;
        assert!(matches!(refused, Refused::Role { .. }), "{person} {name:?}");
    }
    let kind = street.sayings(SayingKind::RefusedKindly).await;
    assert!(
        kind.iter()
            .all(|it| !fact(&it.facts, "reason").is_empty()
                && !fact(&it.facts, "instead").is_empty())
    );
}

#[tokio::test]
async fn a_short_number_asks_back_only_when_two_fit() {
    let mut street = Street::with_one().await;
    street.open(TWO, 1, |_| {}).await;
    let refused = street
        .refused("w1", "work", command(Name::Accept, ""), 5)
        .await;
    assert!(matches!(&refused, Refused::WhichOne { events } if events.len() == 2));
    let asked = street.sayings(SayingKind::WhichOne).await.remove(0);
    assert_eq!(fact(&asked.facts, "choices").lines().count(), 2);
    street.at_work("w1", command(Name::Accept, "2"), 6).await;
    street.at_work("w1", command(Name::Accept, ""), 7).await;
    let missing = street
        .refused("w1", "work", command(Name::Accept, "77"), 8)
        .await;
    assert_eq!(
        missing,
        Refused::Unknown {
            number: "77".to_owned()
        }
    );
}

#[tokio::test]
async fn a_new_event_of_the_same_number_comes_before_an_older_closed_one() {
    let mut street = Street::new().await;
    street.open("E-20261119-0001", 1, |_| {}).await;
    street
        .at_work("s1", because("误报", command(Name::Void, "1")), 5)
        .await;
    street.open(ONE, 1, |_| {}).await;
    street.at_work("w1", command(Name::Accept, "1"), 6).await;
    assert_eq!(street.event(ONE).await.state, State::InProgress);
}

#[tokio::test]
async fn where_the_area_asks_for_it_wishes_wait_for_staff() {
    let mut street =
        Street::with(|area| area.needs_approval = area.kind == AreaKind::Community).await;
    street.open(ONE, 1, |_| {}).await;
    street.at_work("w1", command(Name::Accept, "1"), 5).await;
    let wish = until("2026-11-25", because("等配件", command(Name::Suspend, "1")));
    street.at_work("w1", wish.clone(), 10).await;
    assert!(street.event(ONE).await.suspended.is_none());
    let again = street.refused("w1", "work", wish, 11).await;
    assert_eq!(again, Refused::AlreadyAwaiting);
    street
        .at_work(
            "s1",
            because("不同意，今天要办", command(Name::Approve, "")),
            12,
        )
        .await;
    assert!(street.event(ONE).await.awaiting.is_none());
    let wish = until("2026-11-25", because("等配件", command(Name::Suspend, "1")));
    street.at_work("w1", wish, 13).await;
    street.at_work("s1", command(Name::Approve, ""), 14).await;
    let suspended = street.event(ONE).await.suspended.unwrap();
    assert_eq!(suspended.reason, "等配件");
    assert_eq!(suspended.until, "2026-11-25T18:00+08:00".parse().unwrap());
}

#[tokio::test]
async fn an_extension_is_at_most_the_first_limit_again() {
    let mut street = Street::new().await;
    let event = street.open(ONE, 1, |_| {}).await;
    street.at_work("w1", command(Name::Accept, "1"), 5).await;
    let far = street
        .refused(
            "w1",
            "work",
            until("2026-12-20", command(Name::Extend, "1")),
            6,
        )
        .await;
    assert!(matches!(far, Refused::DateTooFar { .. }));
    let none = street
        .refused("w1", "work", until("改天", command(Name::Extend, "1")), 6)
        .await;
    assert!(matches!(none, Refused::DateNeeded { .. }));
    street
        .at_work("w1", until("两天", command(Name::Extend, "1")), 7)
        .await;
    let extended = street.event(ONE).await;
    assert!(extended.clocks.finish_by > event.clocks.finish_by);
    let twice = street
        .refused("w1", "work", until("一天", command(Name::Extend, "1")), 8)
        .await;
    assert!(matches!(twice, Refused::Twice { .. }));
}

#[tokio::test]
async fn a_merged_event_takes_its_reporters_and_groups_along() {
    let mut street = Street::new().await;
    street.open(ONE, 2, |_| {}).await;
    street
        .open(TWO, 1, |event| event.sources[0].group = GroupId::from("g2"))
        .await;
    street
        .at_work("s1", to("1", command(Name::Merge, "2")), 5)
        .await;
    let (master, merged) = (street.event(ONE).await, street.event(TWO).await);
    assert_eq!(
        (merged.state, merged.outcome),
        (State::Closed, Some(Outcome::Merged))
    );
    assert_eq!(master.sources.len(), 2);
    assert_eq!(master.supporters, 2, "邻居1 reported both and counts once");
    let shown = street.desk.show(ONE).await.unwrap().unwrap();
    assert_eq!(shown.reports.len(), 3);
    street
        .at_work("w1", because("好了", command(Name::Resolve, "1")), 30)
        .await;
    assert!(street.public("g2").await.contains(&SayingKind::Outcome));
    let own = street
        .refused("s1", "work", to("1", command(Name::Merge, "1")), 31)
        .await;
    assert_eq!(own, Refused::MergeTarget);
}

#[tokio::test]
async fn a_lead_is_confirmed_or_dismissed_with_one_word() {
    let mut street = Street::new().await;
    for (id, word, state) in [
        (ONE, Name::Confirm, State::Dispatched),
        (TWO, Name::Void, State::Closed),
    ] {
        let view = street.desk.view();
        let mut planned = Planned::new();
        let turn = Turn::new(&view, event(id));
        turn.settle(&mut planned);
        street.desk.store.commit(planned.changes).await.unwrap();
        street.at_work("s1", command(word, ""), 5).await;
        assert_eq!(street.event(id).await.state, state);
    }
    assert!(
        street.public("g1").await.is_empty(),
        "nobody was told of the dismissed one"
    );
}

#[tokio::test]
async fn the_handler_cannot_check_the_own_work() {
    let mut street = Street::with_one().await;
    street
        .at_work("s1", because("已协调", command(Name::Resolve, "1")), 5)
        .await;
    let own = street
        .refused("s1", "work", command(Name::Verify, "1"), 6)
        .await;
    assert_eq!(own, Refused::OwnWork);
    street
        .at_work("s2", because("没修好", command(Name::Rework, "1")), 7)
        .await;
    assert_eq!(street.event(ONE).await.state, State::InProgress);
}

#[tokio::test]
async fn three_residents_are_check_enough() {
    let mut street = Street::new().await;
    street.open(ONE, 5, |_| {}).await;
    street
        .at_work("w1", because("好了", command(Name::Resolve, "1")), 5)
        .await;
    street.at_home("u1", command(Name::Satisfied, "1"), 6).await;
    street.at_home("u2", command(Name::Resolve, "1"), 7).await;
    assert_eq!(street.event(ONE).await.state, State::Resolved);
    street.at_home("u3", command(Name::Satisfied, ""), 8).await;
    assert!(street.event(ONE).await.verified);
    assert_eq!(street.event(ONE).await.state, State::Closed);
}

#[tokio::test]
async fn residents_see_their_own_groups_events_without_names_and_doors() {
    let mut street = Street::new().await;
    street
        .open(ONE, 1, |event| {
            event.place = Some(crate::model::Place {
                building: Some("3".to_owned()),
                room: Some("501".to_owned()),
                ..crate::model::Place::default()
            });
        })
        .await;
    let Ok(Done::Told(text)) = street
        .say("u9", "g1", command(Name::Query, "1"), 5)
        .await
        .result
    else {
        panic!("residents may ask");
    };
    assert!(
        text.contains("3栋") && !text.contains("501") && !text.contains("李姐"),
        "{text}"
    );
    let elsewhere = street
        .refused("u9", "g2", command(Name::Query, "1"), 6)
        .await;
    assert!(matches!(elsewhere, Refused::Unknown { .. }));
    let Ok(Done::Told(text)) = street
        .say("w1", "work", command(Name::Mine, ""), 7)
        .await
        .result
    else {
        panic!("workers may ask");
    };
    assert!(text.contains("501"), "{text}");
}

#[tokio::test]
async fn urging_reminds_the_holder_once_an_hour() {
    let mut street = Street::new().await;
    street.open(ONE, 2, |_| {}).await;
    for (person, minute) in [("u1", 5), ("u2", 6), ("u1", 70)] {
        street
            .done(person, "g1", command(Name::Urge, "1"), minute)
            .await;
    }
    let reminders = street.sayings(SayingKind::Reminder).await;
    let urged = reminders
        .iter()
        .filter(|it| fact(&it.facts, "limit") == "催办");
    assert_eq!(urged.count(), 2);
}

#[tokio::test]
async fn only_an_admin_stops_the_bot_and_the_caller_does_it() {
    let mut street = Street::new().await;
    let answered = street
        .say("a1", "work", command(Name::StopBot, ""), 1)
        .await;
    assert_eq!(answered.result, Ok(Done::StopBot));
}

#[tokio::test]
async fn another_category_brings_another_holder() {
    let mut street = Street::with_one().await;
    let wrong = street
        .refused(
            "s1",
            "work",
            to("修仙", command(Name::Recategorise, "1")),
            4,
        )
        .await;
    assert!(matches!(wrong, Refused::Category { .. }));
    street
        .at_work("s1", to("供电", command(Name::Recategorise, "1")), 5)
        .await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.category.as_str(), event.family.as_str()),
        ("01", "power")
    );
    assert_eq!(event.state, State::Dispatched);
}
