//! What neighbouring 小区 share, and what becomes of two events that turn out to be one.

use super::super::Outcome;
use super::super::fixtures::minutes;
use super::Effect;
use super::rehearsal::{COMMUNITY, Said, Street};
use crate::desk::Event;
use crate::model::{AreaId, GroupId, SayingKind};

#[test]
fn two_estates_share_an_outage_at_their_parent() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    street.hear(&Said::by("u2", "b1", 10));
    street.hear(&Said::by("u3", "c1", 20));
    let events = street.events();
    let [event] = events.as_slice() else {
        panic!("{events:#?}");
    };
    assert_eq!(event.area, AreaId::from(COMMUNITY));
    assert_eq!(event.sources.len(), 3);
    assert_eq!(street.said_in("c1"), [SayingKind::Acknowledged]);
}

#[test]
fn the_neighbours_outage_draws_weak_signals_but_no_bare_echo() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    let weak = |person, minute, score| {
        let said = Said::by(person, "b1", minute).text("我家也是").guessed();
        let open = street_open(&street.desk, &said);
        said.with(|it| {
            it.supports = Some(open);
            it.score = score;
        })
    };
    let (echo, signal) = (weak("u2", 1, 0.0), weak("u3", 2, 0.9));
    assert_eq!(street.hear(&echo).effect, Effect::Nothing);
    assert_eq!(street.hear(&signal).effect, Effect::Joined);
    let far = street.desk.context(&Said::by("u9", "c1", 90).message());
    assert!(far.open.iter().all(|one| one.last_at <= minutes(2)));
}

fn street_open(desk: &crate::desk::Desk, said: &Said) -> crate::model::EventId {
    desk.context(&said.message()).open[0].event.clone()
}

#[test]
fn who_told_of_both_counts_once_when_two_events_turn_out_to_be_one() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0));
    street.hear(&Said::by("u1", "b1", 40));
    street.hear(&Said::by("u2", "b1", 41));
    street.hear(&Said::by("u2", "a1", 45));
    let events = street.events();
    let open: Vec<&Event> = events.iter().filter(|it| it.is_open()).collect();
    assert_eq!(open.len(), 1, "{events:#?}");
    assert_eq!(open[0].supporters, 2);
    assert_eq!(street.supports(open[0]).len(), 4);
}

#[test]
fn an_outage_that_shows_later_to_be_one_keeps_the_older_number() {
    let mut street = Street::new();
    street.hear(&Said::by("u1", "a1", 0).id("one"));
    street.hear(&Said::by("u2", "b1", 40).id("two"));
    assert_eq!(street.events().len(), 2, "more than half an hour apart");
    street.hear(&Said::by("u3", "b1", 42).id("three"));
    assert_eq!(street.events().len(), 2);
    street.hear(&Said::by("u1", "a1", 50).id("four"));
    let events = street.events();
    let (master, merged) = (&events[0], &events[1]);
    assert_eq!(merged.outcome, Some(Outcome::Merged));
    assert_eq!(merged.merged_into.as_ref(), Some(&master.id));
    assert_eq!(master.area, AreaId::from(COMMUNITY));
    assert_eq!(master.supporters, 3);
    assert_eq!(street.supports(master), ["four", "one", "three", "two"]);
    assert!(street.supports(merged).is_empty());
    let groups: Vec<_> = master.sources.iter().map(|it| it.group.clone()).collect();
    assert_eq!(groups, [GroupId::from("a1"), GroupId::from("b1")]);
}
