//! Words for the groups that raised an event.

use crate::model::{
    Destination, Facts, GroupId, Level, MessageId, PersonId, Saying, SayingId, SayingKind,
    Timestamp,
};

use super::super::{Event, View};
use super::budget::spend;
use super::facts::{Reader, about, call_for};

/// How many reporters an outcome mentions by name; more would bury the words.
const MAX_MENTIONS: usize = 5;

/// One thing that every group that raised the event should hear.
#[derive(Clone, Debug, Default)]
pub struct Public {
    /// Facts besides those about the event.
    pub facts: Facts,
    /// Reporters to mention, with the group each of them wrote in.
    pub reporters: Vec<(GroupId, PersonId, String)>,
    /// A group that hears it anyway, as the answer to its own command.
    pub except: Option<GroupId>,
}

impl Public {
    /// Words made of these facts besides those about the event.
    pub fn of<const N: usize>(facts: [(&str, String); N]) -> Self {
        Self {
            facts: facts
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            ..Self::default()
        }
    }

    /// The sayings of this kind, one per group that raised the event and has words left. None about
    /// a discreet matter. The event's budget is charged; its step makes the ids.
    pub fn say(
        self,
        view: &View,
        event: &mut Event,
        kind: SayingKind,
        at: Timestamp,
    ) -> Vec<Saying> {
        if event.discreet {
            return Vec::new();
        }
        let groups: Vec<GroupId> = event.sources.iter().map(|it| it.group.clone()).collect();
        groups
            .into_iter()
            .filter(|group| self.except.as_ref() != Some(group))
            .filter(|group| view.directory.admitted(group).is_some())
            .filter(|group| spend(&view.settings, event, group, kind))
            .map(|group| (self.mentions(&group), group))
            .collect::<Vec<_>>()
            .into_iter()
            .map(|(mentions, group)| {
                let mut facts = about(view, event, Reader::Public);
                facts.extend(self.facts.clone());
                Saying {
                    id: public_id(event, kind, &format!("s{}", event.steps), &group),
                    kind,
                    event: Some(event.id.clone()),
                    to: Destination::Group(group),
                    level: event.level,
                    facts,
                    quote: None,
                    mentions,
                    at,
                }
            })
            .collect()
    }

    fn mentions(&self, group: &GroupId) -> Vec<(PersonId, String)> {
        let mut mentions: Vec<(PersonId, String)> = Vec::new();
        for (heard_in, person, name) in &self.reporters {
            let known = mentions.iter().any(|(other, _)| other == person);
            if heard_in == group && !known && mentions.len() < MAX_MENTIONS {
                mentions.push((person.clone(), name.clone()));
            }
        }
        mentions
    }
}

/// The first words in a group about an event it reported: 已受理, for 特急 the number to call, for
/// a discreet matter a kind general line, for 咨询 that the question was taken up. Once per event
/// and group, however often it is asked for: nothing when the group has heard something already.
pub fn acknowledge(
    view: &View,
    event: &mut Event,
    group: &GroupId,
    quote: Option<&MessageId>,
    at: Timestamp,
) -> Option<Saying> {
    view.directory.admitted(group)?;
    let source = event.sources.iter().find(|it| it.group == *group)?;
    if source.said > 0 {
        return None;
    }
    let kind = first_kind(event);
    if !spend(&view.settings, event, group, kind) {
        return None;
    }
    let mut facts = if kind == SayingKind::DiscreetCare {
        Facts::new()
    } else {
        about(view, event, Reader::Public)
    };
    if let Some((name, call)) = event.emergency.map(call_for) {
        facts.insert("call".to_owned(), call.to_owned());
        if kind == SayingKind::EmergencyAdvice {
            facts.insert("emergency".to_owned(), name.to_owned());
        }
    }
    Some(Saying {
        id: public_id(event, kind, "first", group),
        kind,
        event: Some(event.id.clone()),
        to: Destination::Group(group.clone()),
        level: event.level,
        facts,
        quote: quote.filter(|_| !event.discreet).cloned(),
        mentions: Vec::new(),
        at,
    })
}

fn first_kind(event: &Event) -> SayingKind {
    if event.discreet {
        SayingKind::DiscreetCare
    } else if event.level == Level::Critical {
        SayingKind::EmergencyAdvice
    } else if event.level == Level::Inquiry {
        SayingKind::Consultation
    } else {
        SayingKind::Acknowledged
    }
}

fn public_id(event: &Event, kind: SayingKind, cause: &str, group: &GroupId) -> SayingId {
    SayingId::new(format!("{}/{kind:?}/{cause}/g:{group}", event.id))
}
