//! What was said lately in each group and area: small, bounded, in memory only.
//!
//! It suggests (what “我家也是” may mean, how many people murmur of the same) and decides nothing:
//! whatever it names is read from the store again, so losing it at a restart does no harm.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::model::{AreaId, CategoryCode, EventId, GroupId, Message, MessageId, PersonId};
use crate::model::{Place, Timestamp};
use crate::triage::{Context, Decision, OpenMatter, is_murmur};

use super::Event;
use super::merge::QUARTER;
use super::moment::gap;
use super::seen::Seen;

/// How long a weak signal waits for others.
const MURMUR_LASTS: Duration = Duration::from_mins(10);
/// Weak signals kept of one group; the oldest makes room.
const MURMURS: usize = 12;
/// Matters kept of one area; the one spoken of longest ago makes room.
const MATTERS: usize = 8;
/// Groups in which a matter was heard, kept per matter; the first makes room.
const EARS: usize = 8;
/// Groups, and areas, remembered at all; when full, the quieter half is forgotten.
const REMEMBERED: usize = 4096;

/// The memory of all conversations.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    groups: HashMap<GroupId, VecDeque<Murmur>>,
    areas: HashMap<AreaId, VecDeque<Matter>>,
    /// What may be the neighbours' matter too, by the area around.
    quarters: HashMap<AreaId, VecDeque<Matter>>,
}

/// Whether neighbouring 小区 may share a matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Spread {
    /// It is this area's own.
    #[default]
    Own,
    /// A loss of service of everybody here: perhaps next door too.
    Wide,
}

/// A weak signal: evidence was there, and alone it was not enough.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Murmur {
    pub(super) category: CategoryCode,
    /// Its dedupe mark, should it become a report.
    pub(super) seen: Seen,
    pub(super) message: MessageId,
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) at: Timestamp,
    /// Masked; `None` where the message is a report already.
    pub(super) text: Option<String>,
}

#[derive(Debug)]
struct Matter {
    event: EventId,
    category: CategoryCode,
    place: Option<Place>,
    last_at: Timestamp,
    heard: VecDeque<(GroupId, Timestamp)>,
}

impl Conversation {
    /// Fills in what a message is to be understood by: matters of its area and of those around it,
    /// those of its own group first, and how many people murmur of the same.
    pub(super) fn inform(&self, group: &GroupId, now: Timestamp, context: &mut Context) {
        context.murmurs.clear();
        context.open.clear();
        if let Some(murmurs) = self.groups.get(group) {
            count(murmurs, now, &mut context.murmurs);
        }
        let mut area = context.area.clone();
        while let Some(here) = area {
            if let Some(matters) = self.areas.get(&here) {
                context
                    .open
                    .extend(matters.iter().map(|one| one.seen_from(group)));
            }
            area = here.parent();
        }
        let recent = |one: &OpenMatter, other: &OpenMatter| {
            let newest = other.last_at.cmp(&one.last_at);
            newest.then_with(|| one.event.cmp(&other.event))
        };
        context.open.sort_by(recent);
        // The neighbours' come last: a bare “我家也是” means what is nearer.
        let around = context.area.as_ref().and_then(AreaId::parent);
        let near = around.and_then(|around| self.quarters.get(&around));
        for matter in near.into_iter().flatten().rev() {
            let known = context.open.iter().any(|one| one.event == matter.event);
            if !known && gap(matter.last_at, now) <= QUARTER {
                context.open.push(matter.seen_from(group));
            }
        }
    }

    /// Keeps a message that was not enough on its own. `text` is masked, `None` where the message
    /// is stored already as support of a Lead. The same message counts once, though it arrive twice.
    pub(super) fn overhear(&mut self, message: &Message, decision: &Decision, text: Option<&str>) {
        let Some(category) = decision.category.clone().filter(|_| is_murmur(decision)) else {
            return;
        };
        make_room(&mut self.groups, |murmurs| {
            murmurs.back().map(|murmur| murmur.at)
        });
        let murmurs = self.groups.entry(message.group.id.clone()).or_default();
        if murmurs.iter().any(|murmur| murmur.message == message.id) {
            return;
        }
        while murmurs.len() >= MURMURS {
            murmurs.pop_front();
        }
        murmurs.push_back(Murmur {
            category,
            seen: Seen::of(message),
            message: message.id.clone(),
            person: message.sender.id.clone(),
            name: message.sender.name.clone(),
            at: message.time,
            text: text.map(str::to_owned),
        });
    }

    /// Weak signals of a category in a group within the last minutes, oldest first.
    pub(super) fn murmurs(
        &self,
        group: &GroupId,
        category: &CategoryCode,
        now: Timestamp,
    ) -> Vec<Murmur> {
        let murmurs = self.groups.get(group).into_iter().flatten();
        murmurs
            .filter(|murmur| murmur.category == *category && fresh(murmur, now))
            .cloned()
            .collect()
    }

    /// Forgets weak signals that have become reports.
    pub(super) fn settle(&mut self, group: &GroupId, category: &CategoryCode) {
        if let Some(murmurs) = self.groups.get_mut(group) {
            murmurs.retain(|murmur| murmur.category != *category);
        }
    }

    /// An event was spoken of in a group.
    pub(super) fn spoken(&mut self, event: &Event, group: &GroupId, at: Timestamp, spread: Spread) {
        note(&mut self.areas, &event.area, event, group, at);
        let around = event.area.parent().filter(|_| spread == Spread::Wide);
        if let Some(around) = around {
            note(&mut self.quarters, &around, event, group, at);
        }
    }

    /// An event is no longer something a weak signal may continue: over, closed, or moved.
    pub(super) fn over(&mut self, event: &EventId) {
        let everywhere = self.areas.values_mut().chain(self.quarters.values_mut());
        for matters in everywhere {
            matters.retain(|matter| matter.event != *event);
        }
    }

    /// Events spoken of in an area around an instant, last first, whatever their category.
    pub(super) fn lately(&self, area: &AreaId, at: Timestamp, within: Duration) -> Vec<EventId> {
        // A 片区 event is spoken of one level up.
        let around = area.parent();
        let here = [Some(area), around.as_ref()];
        let matters = here.into_iter().flatten();
        let matters = matters.filter_map(|area| self.areas.get(area));
        let matters = matters.flat_map(|matters| matters.iter().rev());
        let lately = matters.filter(|matter| gap(matter.last_at, at) <= within);
        lately.map(|matter| matter.event.clone()).collect()
    }
}

impl Matter {
    fn heard(&mut self, group: &GroupId, at: Timestamp) {
        self.last_at = self.last_at.max(at);
        let before = self.heard.iter().position(|(one, _)| one == group);
        let latest = match before.and_then(|position| self.heard.remove(position)) {
            Some((_, before)) => before.max(at),
            None => at,
        };
        while self.heard.len() >= EARS {
            self.heard.pop_front();
        }
        self.heard.push_back((group.clone(), latest));
    }

    fn seen_from(&self, group: &GroupId) -> OpenMatter {
        let here = self.heard.iter().find(|(one, _)| one == group);
        OpenMatter {
            event: self.event.clone(),
            category: self.category.clone(),
            place: self.place.clone(),
            last_at: here.map_or(self.last_at, |(_, at)| *at),
        }
    }
}

/// Moves an event to the front of what an area speaks of.
fn note(
    areas: &mut HashMap<AreaId, VecDeque<Matter>>,
    area: &AreaId,
    event: &Event,
    group: &GroupId,
    at: Timestamp,
) {
    make_room(areas, |matters| {
        matters.iter().map(|matter| matter.last_at).max()
    });
    let matters = areas.entry(area.clone()).or_default();
    let mut matter = match matters.iter().position(|one| one.event == event.id) {
        Some(position) => matters.remove(position).expect("just found there"),
        None => Matter {
            event: event.id.clone(),
            category: event.category.clone(),
            place: None,
            last_at: at,
            heard: VecDeque::new(),
        },
    };
    matter.heard(group, at);
    matter.place.clone_from(&event.place);
    matter.category.clone_from(&event.category);
    while matters.len() >= MATTERS {
        matters.pop_front();
    }
    matters.push_back(matter);
}

fn fresh(murmur: &Murmur, now: Timestamp) -> bool {
    gap(murmur.at, now) <= MURMUR_LASTS
}

/// Different people per category.
fn count(murmurs: &VecDeque<Murmur>, now: Timestamp, counts: &mut Vec<(CategoryCode, u8)>) {
    let fresh: Vec<_> = murmurs.iter().filter(|one| fresh(one, now)).collect();
    for (position, murmur) in fresh.iter().enumerate() {
        let same = |one: &&Murmur| one.category == murmur.category && one.person == murmur.person;
        if fresh[..position].iter().any(same) {
            continue;
        }
        match counts.iter_mut().find(|(one, _)| *one == murmur.category) {
            Some((_, people)) => *people = people.saturating_add(1),
            None => counts.push((murmur.category.clone(), 1)),
        }
    }
}

/// Forgets the quieter half when there are too many.
fn make_room<K: Clone + Eq + std::hash::Hash, V>(
    map: &mut HashMap<K, V>,
    last: impl Fn(&V) -> Option<Timestamp>,
) {
    if map.len() < REMEMBERED {
        return;
    }
    let mut times: Vec<_> = map.values().map(&last).collect();
    let half = times.len() / 2;
    let (_, middle, _) = times.select_nth_unstable(half);
    let middle = *middle;
    map.retain(|_, value| last(value) > middle);
}
