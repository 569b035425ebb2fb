//! Words for the people who act: in the work group, or to one of them alone.

use crate::model::{Destination, Facts, Level, PersonId, Saying, SayingId, SayingKind, Timestamp};

use super::super::{Event, View};
use super::facts::{Reader, about, call_for};

/// One thing colleagues should hear about an event.
#[derive(Clone, Debug)]
pub struct Work {
    /// What kind of words.
    pub kind: SayingKind,
    /// Facts besides those about the event.
    pub facts: Facts,
    /// Who is meant: mentioned in the work group, or told alone.
    pub people: Vec<PersonId>,
    /// Tells apart two sayings of one kind from one cause; empty where there is but one.
    pub cause: String,
}

impl Work {
    /// Words of this kind for these people, made of these facts besides those about the event.
    pub fn of<const N: usize>(
        kind: SayingKind,
        people: Vec<PersonId>,
        facts: [(&str, String); N],
    ) -> Self {
        Self {
            kind,
            facts: facts
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            people,
            cause: String::new(),
        }
    }
}

/// The sayings of it: one in the area's work group that mentions the people; to each of them alone
/// where there is no such group or the matter is discreet, to the area's staff if nobody is meant.
pub fn tell_work(view: &View, event: &Event, work: &Work, at: Timestamp) -> Vec<Saying> {
    let group = view.directory.work_groups(&event.area);
    match group.first().filter(|_| !event.discreet) {
        Some(group) => {
            let to = Destination::Group(group.id.clone());
            vec![saying(view, event, work, to, at)]
        }
        None if work.people.is_empty() => {
            let staff = view.directory.staff(&event.area);
            alone(view, event, work, &staff, at)
        }
        None => alone(view, event, work, &work.people, at),
    }
}

/// Tells everybody on the chain, each alone, and the work group at once: danger to life, or a
/// discreet matter (then nobody but the chain).
pub fn alarm_chain(view: &View, event: &Event, at: Timestamp) -> Vec<Saying> {
    let chain = view.directory.chain(&event.category, &event.area);
    let why = if event.level == Level::Critical {
        "特急"
    } else {
        "请私下关心"
    };
    let call = event.emergency.map(|it| call_for(it).1).unwrap_or_default();
    let facts = [("why", why.to_owned()), ("call", call.to_owned())];
    let work = Work {
        cause: "chain".to_owned(),
        ..Work::of(SayingKind::Alarm, chain.clone(), facts)
    };
    let mut sayings = alone(view, event, &work, &chain, at);
    if !event.discreet {
        sayings.extend(tell_work(view, event, &work, at));
    }
    sayings
}

fn alone(
    view: &View,
    event: &Event,
    work: &Work,
    people: &[PersonId],
    at: Timestamp,
) -> Vec<Saying> {
    people
        .iter()
        .map(|person| saying(view, event, work, Destination::Person(person.clone()), at))
        .collect()
}

fn saying(view: &View, event: &Event, work: &Work, to: Destination, at: Timestamp) -> Saying {
    let (reader, address, mentions) = match &to {
        Destination::Group(group) => {
            let named =
                |person: &PersonId| (person.clone(), view.directory.name(person).to_owned());
            let mentions = work.people.iter().map(named).collect();
            (Reader::Colleagues, format!("g:{group}"), mentions)
        }
        Destination::Person(person) => (Reader::Alone, format!("p:{person}"), Vec::new()),
    };
    let mut facts = about(view, event, reader);
    facts.extend(work.facts.clone());
    let cause = format!("s{}{}", event.steps, work.cause);
    Saying {
        id: SayingId::new(format!("{}/{:?}/{cause}/{address}", event.id, work.kind)),
        kind: work.kind,
        event: Some(event.id.clone()),
        to,
        level: event.level,
        facts,
        quote: None,
        mentions,
        at,
    }
}
