//! What is not said, and what is forgotten.

use super::*;
use crate::command::CommandName as Name;
use crate::desk::{Mode, Objection, Retained, Tally};
use crate::triage::Emergency;

#[tokio::test]
async fn a_discreet_matter_is_told_to_the_chain_alone_and_named_in_no_group() {
    let mut street = Street::new().await;
    street
        .open(ONE, 1, |event| {
            event.discreet = true;
            event.level = Level::Critical;
            event.emergency = Some(Emergency::Suicide);
        })
        .await;
    street.at_work("w1", command(Name::Accept, ""), 3).await;
    street
        .at_work("w1", because("已送医", command(Name::Resolve, "1")), 30)
        .await;
    assert_eq!(street.public("g1").await, [SayingKind::DiscreetCare]);
    let done = street.sayings(SayingKind::Done).await.remove(1);
    assert!(
        fact(&done.facts, "text").contains("单独"),
        "nobody was told in the group"
    );
    let care = street.sayings(SayingKind::DiscreetCare).await.remove(0);
    assert!(care.quote.is_none() && care.mentions.is_empty());
    assert_eq!(care.facts.keys().collect::<Vec<_>>(), ["call"]);
    for saying in street.all::<Saying>().await {
        if matches!(saying.to, Destination::Group(_)) {
            for name in ["category", "place", "gist", "area", "level"] {
                assert!(!saying.facts.contains_key(name), "{saying:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_discreet_lead_is_shown_to_staff_alone() {
    let street = Street::new().await;
    let view = street.desk.view();
    let mut lead = event(ONE);
    lead.discreet = true;
    let mut turn = Turn::new(&view, lead);
    let shown = crate::desk::sayings::Work::of(SayingKind::LeadShown, Vec::new(), []);
    turn.tell_work(&shown, minutes(0));
    let mut planned = Planned::new();
    turn.settle(&mut planned);
    street.desk.store.commit(planned.changes).await.unwrap();
    let told = street.sayings(SayingKind::LeadShown).await;
    assert!(
        told.iter()
            .any(|it| it.to == Destination::Person(PersonId::from("s1")))
    );
    assert!(
        told.iter()
            .all(|it| matches!(it.to, Destination::Person(_)))
    );
}

#[tokio::test]
async fn texts_are_masked_after_a_season_and_deleted_after_a_year_while_counts_stay() {
    let mut street = Street::new().await;
    street.open(ONE, 2, |_| {}).await;
    street
        .at_work(
            "w1",
            because("给501换了水管", command(Name::Resolve, "1")),
            5,
        )
        .await;
    street.pass(3 * 24 * 60).await;
    let days = |days: i64| minutes((days + 3) * 24 * 60);
    let early = street.desk.retain(days(80), Mode::Apply).await.unwrap();
    assert_eq!(early, Retained::default());
    let would = street.desk.retain(days(91), Mode::DryRun).await.unwrap();
    assert_eq!((would.masked, would.deleted), (1, 0));
    assert!(
        street
            .all::<Report>()
            .await
            .iter()
            .all(|it| !it.name.is_empty()),
        "a dry run is dry"
    );
    assert_eq!(
        street.desk.retain(days(91), Mode::Apply).await.unwrap(),
        would
    );
    assert!(
        street
            .all::<Report>()
            .await
            .iter()
            .all(|it| it.name.is_empty())
    );
    assert_eq!(
        street.desk.retain(days(92), Mode::Apply).await.unwrap(),
        Retained::default()
    );
    let deleted = street.desk.retain(days(366), Mode::Apply).await.unwrap();
    assert_eq!((deleted.deleted, deleted.reports), (1, 2));
    assert!(street.all::<Report>().await.is_empty());
    let event = street.event(ONE).await;
    assert!(event.gist.is_empty() && event.result.is_none());
    assert!(
        street
            .all::<History>()
            .await
            .iter()
            .all(|it| it.reason.is_none())
    );
    let tally = street.all::<Tally>().await.remove(0);
    assert_eq!((tally.reports, tally.events.values().sum::<u32>()), (2, 1));
    assert_eq!(
        street.desk.retain(days(367), Mode::Apply).await.unwrap(),
        Retained::default()
    );
}

#[tokio::test]
async fn a_forgotten_resident_leaves_no_name_and_no_words_but_the_event_stays() {
    let mut street = Street::new().await;
    street.open(ONE, 2, |_| {}).await;
    let person = PersonId::from("u1");
    street
        .desk
        .directory
        .object(&person, None, minutes(1))
        .await
        .unwrap();
    street
        .at_home("u1", because("家里有老人", command(Name::Urge, "1")), 4)
        .await;
    street
        .at_work("w1", because("好了", command(Name::Resolve, "1")), 5)
        .await;
    let done = street.desk.forget(&person, minutes(10)).await.unwrap();
    assert_eq!((done.reports, done.history, done.sayings > 0), (1, 1, true));
    assert!(done.directory || done.objection_kept);
    assert!(
        street.desk.directory.snapshot().objects(&person),
        "the objection is honoured"
    );
    let kept = serde_json::to_string(&(
        street.all::<Report>().await,
        street.all::<Event>().await,
        street.all::<History>().await,
    ))
    .unwrap();
    for word in ["\"u1\"", "邻居1", "家里有老人"] {
        assert!(!kept.contains(word), "{word}");
    }
    assert_eq!(street.event(ONE).await.supporters, 2);
    let again = street.desk.forget(&person, minutes(11)).await.unwrap();
    assert_eq!((again.reports, again.history, again.sayings), (0, 0, 0));
}

#[tokio::test]
async fn a_worker_with_open_events_is_not_forgotten_before_they_are_handed_on() {
    let mut street = Street::with_one().await;
    let worker = PersonId::from("w1");
    let refused = street.desk.forget(&worker, minutes(1)).await;
    assert!(matches!(
        refused,
        Err(DeskError::Refused(Refused::StillHolds { count: 1, .. }))
    ));
    street
        .at_work("s1", to("王哥", command(Name::Transfer, "1")), 2)
        .await;
    assert!(
        street
            .desk
            .forget(&worker, minutes(3))
            .await
            .unwrap()
            .directory
    );
    let history = serde_json::to_string(&street.all::<History>().await).unwrap();
    assert!(!history.contains("\"w1\""), "{history}");
}

#[tokio::test]
async fn an_objection_is_answered_once_and_can_be_taken_back() {
    let street = Street::new().await;
    assert_eq!(Objection::read("@小助手 不要记录我"), Some(Objection::Made));
    assert_eq!(Objection::read("又停水了"), None);
    let message: crate::model::Message = serde_json::from_value(serde_json::json!({
        "id": "m1", "group": {"id": "g1"}, "sender": {"id": "u7"},
        "time": "2026-11-20T09:00:00+08:00", "text": "不要记录我",
    }))
    .unwrap();
    assert!(street.desk.object(&message, Objection::Made).await.unwrap());
    assert!(!street.desk.object(&message, Objection::Made).await.unwrap());
    assert_eq!(street.sayings(SayingKind::ObjectionKept).await.len(), 1);
    assert!(
        street
            .desk
            .object(&message, Objection::Withdrawn)
            .await
            .unwrap()
    );
    assert!(
        !street
            .desk
            .directory
            .snapshot()
            .objects(&PersonId::from("u7"))
    );
}

#[tokio::test]
async fn a_group_hears_once_that_the_bot_listens() {
    let street = Street::new().await;
    let group = crate::model::GroupRef {
        id: GroupId::from("g9"),
        name: "新群".to_owned(),
        area: Vec::new(),
    };
    let gateway = GatewayId::from("ob");
    assert!(
        street
            .desk
            .directory
            .see_group(&group, &gateway, minutes(0))
            .await
            .unwrap()
    );
    assert!(
        street
            .desk
            .directory
            .snapshot()
            .admitted(&group.id)
            .is_none(),
        "待接入 is not listened to"
    );
    for minute in [1, 2] {
        let area = AreaId::from("莲花街道/二社区/新苑");
        street
            .desk
            .admit(
                &group,
                (&gateway, Some(&gateway)),
                &area,
                GroupPurpose::Residents,
                minutes(minute),
            )
            .await
            .unwrap();
    }
    let welcome = street.sayings(SayingKind::Welcome).await;
    assert_eq!(welcome.len(), 1);
    assert_eq!(fact(&welcome[0].facts, "keep_days"), "90");
    let snapshot = street.desk.directory.snapshot();
    assert_eq!(
        snapshot
            .area(&AreaId::from("莲花街道/二社区"))
            .unwrap()
            .kind,
        AreaKind::Community
    );
    street.desk.directory.retire(&group.id).await.unwrap();
    assert!(
        street
            .desk
            .directory
            .snapshot()
            .admitted(&group.id)
            .is_none()
    );
}
