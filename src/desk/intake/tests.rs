//! What becomes of messages, by the rule each test names.

use proptest::prelude::*;

use super::super::fixtures::minutes;
use super::super::{History, Outcome, Timer, TimerKind};
use super::Effect;
use super::rehearsal::{Said, Street, block, hours};
use crate::desk::{Event, State};
use crate::model::{AreaId, Level, PersonId, SayingKind};
use crate::store::Kind;
use crate::triage::{Action, Emergency};

fn only(street: &Street) -> Event {
    let events = street.events();
    assert_eq!(events.len(), 1, "{events:#?}");
    events.into_iter().next().unwrap()
}

#[test]
fn a_report_opens_a_numbered_event_that_is_given_out_and_acknowledged() {
    let mut street = Street::new();
    let intake = street.hear(&Said::default());
    assert_eq!(intake.effect, Effect::Opened);
    assert!(intake.commit.is_some());
    let event = only(&street);
    assert_eq!(event.id.as_str(), "E-20261120-0001");
    assert_eq!(event.state, State::Dispatched);
    assert_eq!(event.holder, Some(PersonId::from("w1")));
    assert_eq!(street.said_in("a1"), [SayingKind::Acknowledged]);
    assert_eq!(street.said_in("work"), [SayingKind::Dispatch]);
    assert_eq!(street.all::<History>().len(), 2, "confirmed and offered");
}

#[test]
fn forty_people_in_two_groups_are_one_event_and_each_group_is_told_once() {
    const PEOPLE: [&str; 5] = ["u1", "u2", "u3", "u4", "u5"];
    let mut street = Street::new();
    for minute in 0..40 {
        let person = PEOPLE[usize::try_from(minute).unwrap() % 5];
        let group = if minute % 2 == 0 { "a1" } else { "a2" };
        street.hear(&Said::by(person, group, minute));
    }
    let event = only(&street);
    assert_eq!(event.supporters, 5);
    assert_eq!(street.supports(&event).len(), 40);
    for group in ["a1", "a2"] {
        assert_eq!(street.said_in(group), [SayingKind::Acknowledged]);
    }
}

#[test]
fn a_redelivered_message_changes_nothing() {
    let mut street = Street::new();
    let first = Said::default().id("x");
    street.hear(&first);
    street.hear(&Said::by("u2", "a1", 1));
    let before = street.all::<Event>();
    let again = street.hear(&first);
    assert_eq!((again.effect, again.commit), (Effect::Redelivered, None));
    assert_eq!(street.all::<Event>(), before);
}

#[test]
fn one_message_through_two_gateways_counts_once() {
    let mut street = Street::new();
    street.hear(&Said::default());
    let twin = Said {
        gateway: "archive",
        minute: 1,
        ..Said::default()
    };
    assert_eq!(street.hear(&twin).effect, Effect::Redelivered);
    let repeated = Said::by("u1", "a1", 1);
    assert_eq!(
        street.hear(&repeated).effect,
        Effect::Joined,
        "the same gateway"
    );
}

#[test]
fn messages_without_effect_are_never_written() {
    let mut street = Street::new();
    let idle = Said::default().with(|decision| decision.action = Action::Ignore);
    let intake = street.hear(&idle);
    assert_eq!((intake.effect, intake.commit), (Effect::Nothing, None));
    for kind in [Kind::Seen, Kind::Report, Kind::Event, Kind::Switch] {
        assert_eq!(street.count(kind), 0, "{kind:?}");
    }
}

#[test]
fn a_message_of_an_unknown_group_or_an_objector_does_nothing() {
    let mut street = Street::new();
    let stranger = Said::by("u1", "elsewhere", 0);
    assert_eq!(street.hear(&stranger).effect, Effect::Nothing);
    let objector = PersonId::from("u1");
    block(street.desk.directory.object(&objector, None, minutes(0))).unwrap();
    assert_eq!(street.hear(&Said::default()).effect, Effect::Nothing);
    assert_eq!(street.count(Kind::Seen), 0);
}

#[test]
fn leaks_in_two_buildings_are_two_events_and_an_outage_is_one() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0).leak().building("3"));
    street.hear(&Said::by("u2", "a1", 1).leak().building("5"));
    assert_eq!(street.events().len(), 2);
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0).building("3"));
    street.hear(&Said::by("u2", "a1", 1).building("5"));
    assert_eq!(only(&street).place, None, "not one building's");
}

#[test]
fn talk_goes_on_about_the_matter_that_was_named() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    let vague = Said::by("u2", "a1", 5)
        .category("08")
        .text("我妈都下不了楼了")
        .guessed();
    assert_eq!(street.hear(&vague).effect, Effect::Joined);
    let named = Said::by("u3", "a1", 6)
        .category("08")
        .text("哪家半夜还在敲墙");
    assert_eq!(
        street.hear(&named).effect,
        Effect::Opened,
        "a matter of its own"
    );
}

#[test]
fn danger_to_life_is_not_drowned_in_other_talk() {
    let mut street = Street::new();
    let vague = Said::by("u1", "a1", 0).text("灯一闪一闪的").guessed();
    street.hear(&vague);
    let alarm = Said::by("u2", "a1", 1).category("05").with(|it| {
        it.level = Some(Level::Critical);
        it.emergency = Some(Emergency::Trapped);
    });
    assert_eq!(street.hear(&alarm).effect, Effect::Opened);
}

#[test]
fn a_guess_becomes_what_the_next_one_names() {
    let mut street = Street::new();
    street.hear(
        &Said::by("u1", "a1", 0)
            .category("08")
            .text("啥情况啊")
            .guessed(),
    );
    street.hear(&Said::by("u2", "a1", 1).text("停水了噻"));
    assert_eq!(only(&street).family, "water");
}

#[test]
fn a_lead_is_silent_and_a_second_person_makes_it_an_event() {
    let mut street = Street::new();
    let first = Said::by("u1", "a1", 0).doubtful();
    assert_eq!(street.hear(&first).effect, Effect::Doubted);
    assert!(street.said_in("a1").is_empty());
    assert_eq!(street.said_in("work"), [SayingKind::LeadShown]);
    let lead = street.all::<Event>().remove(0);
    assert_eq!(lead.state, State::Lead);
    let timers = street.all::<Timer>();
    let kinds: Vec<TimerKind> = timers.iter().map(|timer| timer.kind).collect();
    assert_eq!(kinds, [TimerKind::LeadExpires, TimerKind::LeadWaits]);
    street.hear(&Said::by("u1", "a1", 1).doubtful());
    assert!(street.events().is_empty(), "the same person again");
    let second = Said::by("u2", "a1", 5).doubtful();
    assert_eq!(street.hear(&second).effect, Effect::Confirmed);
    assert_eq!(only(&street).supporters, 2);
    assert_eq!(street.said_in("a1"), [SayingKind::Acknowledged]);
}

#[test]
fn leads_are_shown_so_many_times_a_day() {
    const TEXTS: [&str; 2] = ["楼上好像有点响", "哪家在放歌"];
    let mut street = Street::new();
    for minute in 0..30 {
        let text = TEXTS[usize::try_from(minute % 2).unwrap()];
        let said = Said::by("u1", "a1", minute)
            .text(text)
            .category("05")
            .doubtful();
        street.hear(&said.building(&minute.to_string()));
    }
    assert_eq!(street.all::<Event>().len(), 30);
    assert_eq!(street.said_in("work").len(), 20);
}

#[test]
fn murmurs_become_reports_of_the_event_they_opened() {
    let mut street = Street::new();
    let weak = |person, minute| {
        Said::by(person, "a1", minute).with(|decision| {
            decision.action = Action::Ignore;
            decision.score = 0.8;
        })
    };
    let first = weak("u1", 0).id("weak");
    street.hear(&first);
    street.hear(&first);
    let context = street.desk.context(&Said::by("u2", "a1", 1).message());
    assert_eq!(
        context.murmurs,
        [("02".into(), 1)],
        "redelivered, counted once"
    );
    street.hear(&Said::by("u2", "a1", 2).id("strong"));
    let event = only(&street);
    assert_eq!(street.supports(&event), ["strong", "weak"]);
    assert_eq!(event.supporters, 2);
    assert_eq!(event.opened_at, minutes(0));
    assert_eq!(
        street
            .hear(&first.with(|it| it.action = Action::Open))
            .effect,
        Effect::Redelivered
    );
}

#[test]
fn the_conversation_names_the_open_event_and_forgets_the_closed_one() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    let message = Said::by("u2", "a2", 1).message();
    let open = street.desk.context(&message).open;
    assert_eq!(open[0].event, only(&street).id);
    let me_too = Said::by("u2", "a2", 1).with(|it| {
        it.supports = Some(open[0].event.clone());
        it.score = 0.0;
    });
    street.change(&only(&street), |event| {
        event.state = State::Closed;
        event.outcome = Some(Outcome::FalseAlarm);
        event.closed_at = Some(minutes(1));
    });
    assert_eq!(
        street.hear(&me_too).effect,
        Effect::Nothing,
        "nothing to support"
    );
}

#[test]
fn a_late_message_opens_an_event_without_a_word() {
    let mut street = Street::new();
    let late = Said {
        late: 11,
        ..Said::default()
    };
    assert_eq!(street.hear(&late).effect, Effect::Opened);
    assert!(street.said_in("a1").is_empty());
    assert_eq!(street.said_in("work"), [SayingKind::Dispatch]);
}

#[test]
fn danger_to_life_is_advised_at_once_and_two_kinds_are_two_events() {
    let mut street = Street::new();
    let alarm = |kind, minute| {
        Said::by("u1", "a1", minute).with(|decision| {
            decision.level = Some(Level::Critical);
            decision.emergency = Some(kind);
        })
    };
    street.hear(&alarm(Emergency::Fire, 0));
    assert_eq!(only(&street).state, State::Dispatched);
    assert_eq!(street.said_in("a1"), [SayingKind::EmergencyAdvice]);
    street.hear(&alarm(Emergency::Gas, 1));
    assert_eq!(street.events().len(), 2);
}

#[test]
fn a_discreet_matter_is_not_named_in_the_group() {
    let mut street = Street::new();
    street.hear(&Said::default().with(|decision| decision.discreet = true));
    assert_eq!(street.said_in("a1"), [SayingKind::DiscreetCare]);
    assert!(street.said_in("work").is_empty(), "the chain is told alone");
}

#[test]
fn a_report_that_makes_it_critical_calls_the_chain() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0).category("05").building("3"));
    street.hear(
        &Said::by("u2", "a1", 5)
            .category("05")
            .building("3")
            .with(|it| {
                it.level = Some(Level::Critical);
                it.emergency = Some(Emergency::Trapped);
            }),
    );
    let event = only(&street);
    assert_eq!(
        (event.level, event.emergency),
        (Level::Critical, Some(Emergency::Trapped))
    );
    assert!(street.said_in("a1").contains(&SayingKind::EmergencyAdvice));
}

#[test]
fn a_question_among_residents_is_shown_to_staff_without_a_word_to_them() {
    let mut street = Street::new();
    let asked = |person, minute| {
        Said::by(person, "a1", minute).with(|it| {
            it.action = Action::Ask;
            it.level = Some(Level::Inquiry);
        })
    };
    assert_eq!(street.hear(&asked("u1", 0)).effect, Effect::Doubted);
    assert_eq!(street.hear(&asked("u2", 1)).effect, Effect::Joined);
    let leads = street.all::<Event>();
    assert_eq!((leads.len(), leads[0].state), (1, State::Lead));
    assert_eq!((leads[0].level, leads[0].supporters), (Level::Inquiry, 2));
    assert_eq!(street.said_in("work"), [SayingKind::LeadShown]);
    assert!(street.said_in("a1").is_empty());
    let weak = Said::by("u4", "a1", 2).doubtful();
    assert_eq!(street.hear(&weak).effect, Effect::Joined, "no word either");
    let nameless = asked("u3", 2).with(|it| it.category = None);
    assert_eq!(street.hear(&nameless).effect, Effect::Nothing);
    assert_eq!(
        street.hear(&asked("w1", 3)).effect,
        Effect::Nothing,
        "staff"
    );
}

#[test]
fn a_question_that_a_notice_answers_is_answered_once() {
    let mut street = Street::new();
    street.hear(&Said::default().notice(0, 240));
    let asked = |minute| Said::by("u2", "a2", minute).with(|it| it.action = Action::Ask);
    assert_eq!(street.hear(&asked(10)).effect, Effect::Explained);
    assert_eq!(street.hear(&asked(11)).effect, Effect::Explained);
    assert_eq!(street.said_in("a2"), [SayingKind::KnownCause]);
}

#[test]
fn numbers_are_dense_per_local_day() {
    let mut street = Street::new();
    for building in 1..=5 {
        let said = Said::by("u1", "a1", 0).category("05");
        street.hear(&said.building(&building.to_string()));
    }
    let next_day = Said::by("u1", "a1", hours(15)).category("05").building("9");
    street.hear(&next_day);
    let ids: Vec<_> = street.events().iter().map(|it| it.id.to_string()).collect();
    let expected = (1..=5).map(|serial| format!("E-20261120-{serial:04}"));
    let expected: Vec<_> = expected.chain(["E-20261121-0001".to_owned()]).collect();
    assert_eq!(ids, expected);
}

#[test]
fn numbers_stay_dense_when_many_open_at_once() {
    let street = Street::new();
    let said: Vec<_> = (0..8)
        .map(|n: i64| {
            let said = Said::by("u1", "a1", 0).category("05").id(&format!("c{n}"));
            said.building(&n.to_string())
        })
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .build()
        .unwrap();
    let desk = std::sync::Arc::new(street.desk);
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for said in said {
            let desk = desk.clone();
            tasks.spawn(async move {
                let message = said.message();
                let heard = crate::desk::Heard {
                    now: message.time,
                    message: &message,
                    decision: &said.decision,
                    masked: said.text,
                };
                desk.intake(&heard).await.map(|intake| intake.event)
            });
        }
        let mut numbers: Vec<_> = Vec::new();
        while let Some(event) = tasks.join_next().await {
            numbers.push(event.unwrap().unwrap().unwrap().serial().unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
    });
}

/// What tells events apart, whatever their numbers: area, family and place, and who supports them.
fn shape(street: &Street) -> Vec<(AreaId, String, String, Vec<String>)> {
    let mut shape: Vec<_> = street
        .events()
        .into_iter()
        .filter(|event| event.outcome != Some(Outcome::Merged))
        .map(|event| {
            let place = event.place.as_ref().map(ToString::to_string);
            let messages = street.supports(&event);
            (
                event.area,
                event.family,
                place.unwrap_or_default(),
                messages,
            )
        })
        .collect();
    shape.sort();
    shape
}

fn minute_of_talk() -> Vec<Said> {
    let at = |person, group, n: usize| Said::by(person, group, 0).id(&format!("m{n}"));
    vec![
        at("u1", "a1", 1).building("3"),
        at("u2", "a1", 2).building("5"),
        at("u3", "a2", 3),
        at("u4", "b1", 4),
        at("u5", "b1", 5).building("2"),
        at("u6", "a1", 6)
            .category("05")
            .text("电梯坏了")
            .building("3"),
        at("u7", "a2", 7)
            .category("05")
            .text("电梯又坏了")
            .building("5"),
        at("u8", "a1", 8)
            .category("05")
            .text("电梯按了没反应")
            .building("3"),
        at("u9", "c1", 9).category("01").text("停电了"),
        at("u1", "b1", 10).category("01").text("没电了"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn arrival_order_within_a_minute_and_redelivery_do_not_change_the_events(
        order in Just(minute_of_talk()).prop_shuffle(),
        again in prop::collection::vec(0_usize..10, 0..6),
    ) {
        let mut straight = Street::new();
        for said in minute_of_talk() {
            straight.hear(&said);
        }
        let mut shuffled = Street::new();
        for (position, said) in order.iter().enumerate() {
            shuffled.hear(said);
            if again.contains(&position) {
                shuffled.hear(&order[position / 2]);
            }
        }
        prop_assert_eq!(shape(&shuffled), shape(&straight));
    }
}
