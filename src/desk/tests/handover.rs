//! Who leaves, or changes work, leaves no event behind.

use super::*;
use crate::command::CommandName as Name;
use crate::desk::Mode;
use crate::directory::Snapshot;

/// The street's directory with one person changed, or gone.
fn directory(
    street: &Street,
    id: &str,
    change: impl Fn(Person) -> Option<Person>,
) -> Arc<Snapshot> {
    let now = street.desk.directory.snapshot();
    let people = now.people().cloned().filter_map(|person| {
        if person.id.as_str() == id {
            change(person)
        } else {
            Some(person)
        }
    });
    Arc::new(Snapshot::new(
        now.areas().cloned(),
        now.groups().cloned(),
        people,
    ))
}

/// One event that 李姐 works on and one that she is asked to take.
async fn two_of_li() -> Street {
    let mut street = Street::with_one().await;
    street.open(TWO, 1, |_| {}).await;
    let accept = command(Name::Accept, "1");
    street.at_work("w1", accept, 5).await;
    street
}

#[tokio::test]
async fn open_events_of_a_leaver_go_to_the_next_and_a_dry_run_says_so() {
    let street = two_of_li().await;
    let after = directory(&street, "w1", |_| None);
    let before = street.all::<Event>().await;
    let at = minutes(10);
    let would = street
        .desk
        .hand_over(&after, at, Mode::DryRun)
        .await
        .unwrap();
    assert_eq!(street.all::<Event>().await, before, "a dry run is dry");
    let to = |it: &crate::desk::HandedOver| it.to.clone().map(|to| to.to_string());
    assert_eq!(
        would.iter().map(to).collect::<Vec<_>>(),
        [Some("w2".to_owned()), Some("w2".to_owned())]
    );
    assert!(would[0].line.contains("处置中"), "{would:?}");
    let done = street
        .desk
        .hand_over(&after, at, Mode::Apply)
        .await
        .unwrap();
    assert_eq!(done, would);
    for id in [ONE, TWO] {
        let event = street.event(id).await;
        assert_eq!(event.state, State::Dispatched);
        assert_eq!(
            (event.holder.unwrap().as_str(), event.handed_back),
            ("w2", 0)
        );
    }
    let cards = street.sayings(SayingKind::Dispatch).await;
    let told = cards.iter().filter(|it| {
        fact(&it.facts, "why").contains("不再负责") && it.mentions[0].0.as_str() == "w2"
    });
    assert_eq!(told.count(), 2, "{cards:?}");
    let history = street.all::<History>().await;
    let why = |it: &&History| {
        it.reason
            .as_deref()
            .is_some_and(|it| it.contains("不再负责"))
    };
    assert_eq!(history.iter().filter(why).count(), 2);
    let again = street
        .desk
        .hand_over(&after, at, Mode::Apply)
        .await
        .unwrap();
    assert_eq!(again, []);
}

#[tokio::test]
async fn another_role_gives_work_on_and_new_duties_alone_do_not() {
    let street = two_of_li().await;
    let resident = |person: Person| {
        Some(Person {
            role: Role::Resident,
            duties: Vec::new(),
            ..person
        })
    };
    let far = |role: Role| {
        move |person: Person| {
            let duty = Duty {
                area: AreaId::from("莲花街道/二社区"),
                ..person.duties[0].clone()
            };
            let duties = vec![duty];
            Some(Person {
                role,
                duties,
                ..person
            })
        }
    };
    let would = async |after: Arc<Snapshot>| {
        let handed = street.desk.hand_over(&after, minutes(10), Mode::DryRun);
        handed.await.unwrap().len()
    };
    assert_eq!(would(directory(&street, "w1", resident)).await, 2);
    assert_eq!(would(directory(&street, "w1", far(Role::Staff))).await, 2);
    assert_eq!(would(directory(&street, "w1", far(Role::Worker))).await, 0);
    assert_eq!(would(directory(&street, "w2", |_| None)).await, 0);
}

#[tokio::test]
async fn where_nobody_is_left_staff_decides() {
    let street = two_of_li().await;
    let alone = directory(&street, "w1", |_| None);
    let people = alone.people().filter(|it| it.role >= Role::Staff).cloned();
    let after = Arc::new(Snapshot::new(
        alone.areas().cloned(),
        alone.groups().cloned(),
        people.collect::<Vec<_>>(),
    ));
    let done = street
        .desk
        .hand_over(&after, minutes(10), Mode::Apply)
        .await;
    assert!(done.unwrap().iter().all(|it| it.parked));
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.holder.unwrap().as_str()),
        (State::Open, "s1")
    );
    assert_eq!(street.sayings(SayingKind::AwaitingStaff).await.len(), 2);
}

#[tokio::test]
async fn what_a_leaver_solved_and_is_back_goes_to_somebody_else() {
    let mut street = two_of_li().await;
    let solved = because("换好了", command(Name::Resolve, "1"));
    street.at_work("w1", solved, 20).await;
    let mut changes = Changes::new();
    changes.delete::<Person>("w1", Expect::Any);
    street.desk.store.commit(changes).await.unwrap();
    street.desk.directory.reload().await.unwrap();
    let unhappy = because("还在漏", command(Name::Dissatisfied, "1"));
    street.at_home("u1", unhappy, 30).await;
    let event = street.event(ONE).await;
    assert_eq!(
        (event.state, event.holder.unwrap().as_str()),
        (State::Dispatched, "w2")
    );
}
