//! The few events a report may join, read from the store by bounded scans.

use std::ops::Bound;
use std::time::Duration;

use crate::model::{AreaId, EventId, MergeScope, Timestamp};
use crate::store::{Index, Key, Scan, Store, StoreError, Versioned};

use super::aspect::{Aspect, aspect};
use super::certainty::Certainty;
use super::merge::{self, Candidate, QUARTER, Telling};
use super::moment::{earlier, later};
use super::{Event, Outcome, Report};
use crate::text::similarity::Pairs;

/// Events looked at in one area; the ones reported last.
const HERE: usize = 16;
/// Events looked at among neighbours.
const NEAR: usize = 8;
/// Texts compared per event; the last ones.
const TEXTS: usize = 6;
/// Matters of other families that the conversation may be about.
const OTHERS: usize = 4;

/// An event with what was said about it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) event: Versioned<Event>,
    said: Vec<Pairs>,
    aspect: Aspect,
    certainty: Certainty,
}

impl Known {
    fn candidate(&self) -> Candidate<'_> {
        Candidate {
            event: &self.event.record,
            said: &self.said,
            aspect: self.aspect,
            certainty: self.certainty,
        }
    }
}

/// The open event this report joins. `lately`: events the conversation is about.
pub(super) async fn joined(
    store: &Store,
    telling: &Telling<'_>,
    lately: &[EventId],
) -> Result<Option<Versioned<Event>>, StoreError> {
    let mut events = open_here(store, telling).await?;
    for event in telling
        .supports
        .into_iter()
        .chain(lately.iter().take(OTHERS))
    {
        add(store, event, &mut events).await?;
    }
    let known = with_texts(store, telling, events).await?;
    Ok(choose(telling, known))
}

/// The closed event, ended less than `within` ago, that this report says is back.
pub(super) async fn back(
    store: &Store,
    telling: &Telling<'_>,
    within: Duration,
) -> Result<Option<Versioned<Event>>, StoreError> {
    let mut found = Vec::new();
    for area in upwards(telling.area).take(2) {
        let prefix = Key::new()
            .text(area.as_str())
            .text(&telling.category.family);
        let (_, to) = prefix.prefix_range();
        let from = Bound::Included(prefix.time(earlier(telling.at, within)));
        let scan = Scan::range(Index::EventPast, from, to)
            .backward()
            .limit(NEAR);
        found.extend(store.scan::<Event>(&scan).await?);
    }
    found.retain(|event| ended_before(&event.record, telling.at));
    let known = with_texts(store, telling, found).await?;
    let back = known
        .into_iter()
        .find(|one| merge::is_back(telling, &one.candidate()));
    Ok(back.map(|known| known.event))
}

/// Whether a problem was solved, or went away, before this was said.
fn ended_before(event: &Event, at: Timestamp) -> bool {
    let ended = matches!(event.outcome, Some(Outcome::Fixed | Outcome::SelfCleared));
    ended
        && event
            .resolved_at
            .or(event.closed_at)
            .is_some_and(|end| end < at)
}

/// Open events of a family in an area and in the one it lies in, reported last first.
pub(super) async fn open(
    store: &Store,
    area: &AreaId,
    family: &str,
) -> Result<Vec<Versioned<Event>>, StoreError> {
    let mut events = Vec::new();
    for area in upwards(area).take(2) {
        let prefix = Key::new().text(area.as_str()).text(family);
        let scan = Scan::prefix(Index::EventOpen, &prefix)
            .backward()
            .limit(HERE);
        events.extend(store.scan::<Event>(&scan).await?);
    }
    Ok(events)
}

/// Open events of the family in neighbouring areas, reported within [`QUARTER`] of `at`.
pub(super) async fn neighbours(
    store: &Store,
    area: &AreaId,
    family: &str,
    at: Timestamp,
) -> Result<Vec<Versioned<Event>>, StoreError> {
    let Some(parent) = area.parent() else {
        return Ok(Vec::new());
    };
    let key = |at| Key::new().text(parent.as_str()).text(family).time(at);
    let scan = Scan::range(
        Index::EventNear,
        Bound::Included(key(earlier(at, QUARTER))),
        Bound::Included(key(later(at, QUARTER))),
    );
    store.scan::<Event>(&scan.backward().limit(NEAR)).await
}

async fn open_here(
    store: &Store,
    telling: &Telling<'_>,
) -> Result<Vec<Versioned<Event>>, StoreError> {
    let category = telling.category;
    let mut events = Vec::new();
    for area in upwards(telling.area).take(2) {
        let prefix = Key::new().text(area.as_str()).text(&category.family);
        let (_, to) = prefix.prefix_range();
        let oldest = earlier(telling.at, merge::longest_window(category));
        let from = Bound::Included(prefix.time(oldest));
        let scan = Scan::range(Index::EventOpen, from, to)
            .backward()
            .limit(HERE);
        events.extend(store.scan::<Event>(&scan).await?);
    }
    if category.loss_of_service || category.merge_scope == MergeScope::Quarter {
        for near in neighbours(store, telling.area, &category.family, telling.at).await? {
            if events.iter().all(|one| one.record.id != near.record.id) {
                events.push(near);
            }
        }
    }
    Ok(events)
}

pub(super) async fn add(
    store: &Store,
    id: &EventId,
    events: &mut Vec<Versioned<Event>>,
) -> Result<(), StoreError> {
    if events.iter().any(|one| one.record.id == *id) {
        return Ok(());
    }
    let found = store.get::<Event>(id.as_str()).await?;
    events.extend(found.filter(|event| event.record.is_open()));
    Ok(())
}

async fn with_texts(
    store: &Store,
    telling: &Telling<'_>,
    events: Vec<Versioned<Event>>,
) -> Result<Vec<Known>, StoreError> {
    let mut known = Vec::with_capacity(events.len());
    for event in events {
        let aspect = aspect(&event.record.gist);
        let local = telling.aspect == Aspect::Local || aspect == Aspect::Local;
        let same_family = telling.category.family == event.record.family;
        let said = if telling.category.loss_of_service && same_family && !local {
            Vec::new()
        } else {
            texts(store, &event.record).await?
        };
        let certainty = Certainty::of_event(&event.record);
        known.push(Known {
            event,
            said,
            aspect,
            certainty,
        });
    }
    Ok(known)
}

async fn texts(store: &Store, event: &Event) -> Result<Vec<Pairs>, StoreError> {
    let mut said = vec![Pairs::of(&event.gist)];
    if event.supporters > 1 {
        let prefix = Key::new().text(event.id.as_str());
        let scan = Scan::prefix(Index::ReportEvent, &prefix)
            .backward()
            .limit(TEXTS);
        let reports = store.scan::<Report>(&scan).await?;
        said.extend(reports.iter().map(|report| Pairs::of(&report.record.text)));
    }
    Ok(said)
}

fn choose(telling: &Telling<'_>, mut known: Vec<Known>) -> Option<Versioned<Event>> {
    let candidates: Vec<_> = known.iter().map(Known::candidate).collect();
    let chosen = merge::choose(telling, &candidates)?;
    Some(known.swap_remove(chosen).event)
}

fn upwards(area: &AreaId) -> impl Iterator<Item = AreaId> {
    std::iter::successors(Some(area.clone()), AreaId::parent)
}
