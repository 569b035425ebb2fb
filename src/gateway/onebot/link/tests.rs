//! Accounts, their connections, and who writes through which.

use super::*;
use crate::model::GroupId;

fn account(id: &str) -> Account {
    Account {
        platform: String::new(),
        id: id.to_owned(),
    }
}

#[test]
fn a_newer_connection_of_an_account_replaces_the_older_of_the_same_role_alone() {
    let link = Link::default();
    let attach = |channel, id| link.attach(channel, Some(account(id)));
    let (event, api) = (attach(Channel::Event, "1"), attach(Channel::Api, "1"));
    let other = attach(Channel::Universal, "2");
    let gone = || [&event, &api, &other].map(|it| it.replaced.is_cancelled());
    assert_eq!(gone(), [false; 3]);
    let newer = attach(Channel::Api, "1");
    assert_eq!(gone(), [false, true, false]);
    // Whose connection it is may show later.
    let unknown = link.attach(Channel::Universal, None);
    assert_eq!(gone(), [false, true, false]);
    link.identify(unknown.serial, &[(account("2"), Online::Yes)]);
    assert_eq!(gone(), [false, true, true]);
    assert!(!newer.replaced.is_cancelled() && !unknown.replaced.is_cancelled());
}

#[tokio::test]
async fn words_go_through_the_account_that_hears_the_group_or_not_at_all() {
    let link = Link::default();
    let mut one = link.attach(Channel::Universal, Some(account("1")));
    let two = link.attach(Channel::Universal, Some(account("2")));
    let group = |id| Destination::Group(GroupId::from(id));
    link.home(one.serial, Some(group("g1")), &account("1"));
    link.home(two.serial, Some(group("g2")), &account("2"));
    let call = async |to: &Destination| {
        let (none, patience) = (Value::Null, Duration::ZERO);
        link.call(Via::HomeOf(to), "send", none, None, patience)
            .await
    };
    assert_eq!(call(&group("g1")).await, Err(CallFailure::NoAnswer));
    let request = one.requests.try_recv().expect("given to the first");
    assert_eq!(request.account, Some(account("1")));
    let unheard = call(&group("g3")).await;
    assert!(matches!(unheard, Err(CallFailure::NotSent(why)) if why.contains("几个账号")));
    drop(two);
    let away = call(&group("g2")).await;
    assert!(matches!(away, Err(CallFailure::NotSent(why)) if why.contains("没有连上")));
    assert!(link.health().trouble.contains("2 个账号里有 1 个"));
    // Only one is left: it is the one.
    assert_eq!(call(&group("g3")).await, Err(CallFailure::NoAnswer));
}

#[test]
fn two_programs_that_take_an_account_from_each_other_are_told() {
    let link = Link::default();
    let mut all = Vec::new();
    for _ in 0..=QUARRELS {
        assert!(!link.health().trouble.contains("两个程序"));
        all.push(link.attach(Channel::Universal, Some(account("1"))));
    }
    assert!(link.health().trouble.contains("两个程序"));
}

#[tokio::test]
async fn actions_of_an_unnamed_connection_are_those_of_the_account_that_hears() {
    let link = Link::default();
    let mut actions = link.attach(Channel::Api, None);
    let events = link.attach(Channel::Event, None);
    link.home(events.serial, None, &account("1"));
    let to = Destination::Group(GroupId::from("g1"));
    let call = link.call(Via::HomeOf(&to), "send", Value::Null, None, Duration::ZERO);
    assert_eq!(call.await, Err(CallFailure::NoAnswer));
    let request = actions.requests.try_recv().expect("given to the only one");
    assert_eq!(request.account, Some(account("1")));
}
