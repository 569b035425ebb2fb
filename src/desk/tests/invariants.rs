//! What always holds, whatever people and clocks do.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::command::CommandName as Name;
use crate::desk::{Clocks, TABLE};

const NAMES: [Name; 17] = [
    Name::Accept,
    Name::HandBack,
    Name::Resolve,
    Name::Suspend,
    Name::Extend,
    Name::Transfer,
    Name::Void,
    Name::Recategorise,
    Name::Urge,
    Name::Satisfied,
    Name::Dissatisfied,
    Name::Confirm,
    Name::Verify,
    Name::Rework,
    Name::Approve,
    Name::Escalate,
    Name::Supervise,
];

#[derive(Clone, Debug)]
enum Step {
    Say(&'static str, Command),
    Merge,
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = proptest::sample::select(vec!["w1", "w2", "w3", "s1", "s2", "u1", "u2"]);
    let name = proptest::sample::select(NAMES.to_vec());
    let say = (person, name, proptest::sample::select(vec!["1", "2"])).prop_map(
        |(person, name, number)| {
            let words = to(
                "王哥",
                until("三天后", because("等配件", command(name, number))),
            );
            let words = if name == Name::Recategorise {
                to("01", words)
            } else {
                words
            };
            Step::Say(person, words)
        },
    );
    let step = prop_oneof![
        8 => say,
        1 => Just(Step::Merge),
        4 => (1..3_000_i64).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 1..40)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

async fn holds(street: &Street) {
    let events = street.all::<Event>().await;
    let history = street.all::<History>().await;
    for event in &events {
        assert_eq!(
            event.state == State::Closed,
            event.outcome.is_some(),
            "closed exactly with an outcome"
        );
        assert!(
            event.holder.is_some() || !event.is_open() || event.state == State::Lead,
            "somebody answers for it"
        );
        assert!(event.suspended.is_none() || event.state == State::InProgress);
        let own: Vec<&History> = history.iter().filter(|it| it.event == event.id).collect();
        assert_eq!(
            own.len(),
            usize::try_from(event.steps).unwrap(),
            "no entry is missing"
        );
        for (step, entry) in own.iter().enumerate() {
            assert_eq!(entry.step, u32::try_from(step).unwrap());
            assert!(
                TABLE.contains(&(entry.act.as_str(), entry.from, entry.to)),
                "{entry:?}"
            );
        }
        assert!(own.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert!(event.is_open() || event.clocks != Clocks::default());
    }
    let mut public: BTreeMap<(EventId, GroupId), usize> = BTreeMap::new();
    for saying in street.all::<Saying>().await {
        if let (Some(event), Destination::Group(group), None) =
            (&saying.event, &saying.to, &saying.quote)
            && group.as_str() != "work"
        {
            *public.entry((event.clone(), group.clone())).or_default() += 1;
        }
    }
    assert!(public.values().all(|said| *said <= 4), "{public:?}");
    let timers = street.all::<crate::desk::Timer>().await;
    assert!(
        timers.iter().all(|timer| {
            events
                .iter()
                .any(|event| event.id.as_str() == timer.subject && event.is_open())
        }),
        "no timer outlives its event"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn people_and_clocks_never_break_what_always_holds(steps in steps()) {
        runtime().block_on(async {
            let mut street = Street::new().await;
            street.open("E-20261120-0001", 2, |_| {}).await;
            street.open("E-20261120-0002", 1, |event| event.level = Level::Critical).await;
            let mut now = 1;
            for step in steps {
                match step {
                    Step::Say(person, command) => {
                        let group = if person.starts_with('u') { "g1" } else { "work" };
                        street.say(person, group, command, now).await;
                    }
                    Step::Merge => {
                        street.say("s1", "work", to("1", command(Name::Merge, "2")), now).await;
                    }
                    Step::Wait(minutes) => {
                        now += minutes;
                        street.pass(now).await;
                    }
                }
                holds(&street).await;
            }
        });
    }
}

#[tokio::test]
async fn two_who_take_it_at_once_do_not_both_get_it() {
    let street = Street::new().await;
    street
        .open("E-20261120-0001", 1, |event| event.level = Level::Critical)
        .await;
    let accept = command(Name::Accept, "1");
    let gateway = GatewayId::from("");
    let (one, two) = (PersonId::from("w1"), PersonId::from("w2"));
    let asked = |person| Asked {
        person,
        vouched: None,
        name: "",
        gateway: &gateway,
        group: None,
        message: None,
        command: &accept,
        at: minutes(1),
    };
    let (one, two) = (asked(&one), asked(&two));
    let (first, second) = tokio::join!(street.desk.command(&one), street.desk.command(&two));
    let done = [first.unwrap(), second.unwrap()]
        .into_iter()
        .filter(|it| it.result.is_ok());
    assert_eq!(done.count(), 1);
}

#[tokio::test]
async fn a_commit_that_lost_is_decided_anew() {
    let street = Street::new().await;
    street.open("E-20261120-0001", 1, |_| {}).await;
    let mut rounds = 0;
    let view = street.desk.view();
    let urged: Result<_, DeskError> = street
        .desk
        .commit(|| {
            rounds += 1;
            let (street, view, round) = (&street, &view, rounds);
            async move {
                let event = street
                    .desk
                    .store
                    .get::<Event>("E-20261120-0001")
                    .await?
                    .unwrap();
                if round == 1 {
                    let mut other = Planned::new();
                    let mut turn = Turn::of(view, event.clone());
                    turn.urge(&By::bot("别人"), minutes(1))?;
                    turn.settle(&mut other);
                    street.desk.store.commit(other.changes).await?;
                }
                let mut planned = Planned::new();
                let mut turn = Turn::of(view, event);
                turn.urge(&By::bot("我"), minutes(2))?;
                turn.settle(&mut planned);
                Ok((planned, ()))
            }
        })
        .await;
    urged.unwrap();
    assert_eq!(rounds, 2);
    let entries = street.all::<History>().await;
    assert_eq!(entries.iter().filter(|it| it.act == "urge").count(), 2);
}
