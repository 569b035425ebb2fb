//! What a report makes of an event: its first one, or one more.

use std::ops::Bound;

use crate::model::{AreaId, EventId, Level, Place};
use crate::store::{Index, Key, Scan, Store, StoreError};

use super::aspect::{Aspect, aspect};
use super::case::Case;
use super::{Event, Report, SourceGroup, View};

/// Reports of one person looked at to see whether they told of this event before.
const LATELY: usize = 16;
/// Groups one event answers to at most; later ones are heard, not answered.
const SOURCES: usize = 64;

/// What was new in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Newness {
    /// The first report from its group.
    pub(super) group: bool,
    /// The first report of its writer.
    pub(super) person: bool,
    /// More urgent than all before, or the first word of danger to life.
    pub(super) urgency: bool,
}

/// A new event of one report. Its state is Lead until somebody says otherwise.
pub(super) fn first(case: &Case<'_>, id: EventId) -> Event {
    let decision = case.decision();
    let level = decision.level.unwrap_or(case.category.level);
    let mut event = Event::new(id, case.category, level, case.area.clone(), case.at());
    event.emergency = decision.emergency;
    event.discreet = decision.discreet;
    event.place = case.place().cloned();
    event.gist = case.gist();
    event.supporters = 1;
    event.because = decision.because.as_slice().into();
    hear(&mut event, case);
    event
}

/// One more report. Its level and emergency are the caller's to raise, as that is a transition.
pub(super) fn another(event: &mut Event, case: &Case<'_>, told_before: Told) -> Newness {
    let decision = case.decision();
    event.opened_at = event.opened_at.min(case.at());
    event.last_report_at = event.last_report_at.max(case.at());
    event.discreet |= decision.discreet;
    event.place = both(event.place.take(), case.place(), case.shared());
    if !case.area.is_within(&event.area) {
        event.area = common(&event.area, &case.area);
    }
    let person = told_before == Told::Never;
    event.supporters += u32::from(person);
    let level = decision.level.unwrap_or(Level::Inquiry);
    Newness {
        group: hear(event, case),
        person,
        urgency: level > event.level || (decision.emergency.is_some() && event.emergency.is_none()),
    }
}

/// Whether somebody reported an event before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Never,
    Before,
}

/// Whether the writer of this message reported this event before.
pub(super) async fn told(
    store: &Store,
    case: &Case<'_>,
    event: &Event,
) -> Result<Told, StoreError> {
    let person = Key::new().text(case.message().sender.id.as_str());
    let (_, to) = person.prefix_range();
    // No report is older than its event.
    let from = Bound::Included(person.time(event.opened_at));
    let scan = Scan::range(Index::ReportPerson, from, to);
    let reports = store.scan::<Report>(&scan.backward().limit(LATELY)).await?;
    let before = reports.iter().any(|report| report.record.event == event.id);
    Ok(if before { Told::Before } else { Told::Never })
}

/// Notes that a group speaks of the event; whether it is new.
fn hear(event: &mut Event, case: &Case<'_>) -> bool {
    let message = case.message();
    let mut sources = event.sources.iter_mut();
    if let Some(source) = sources.find(|source| source.group == message.group.id) {
        source.last_at = source.last_at.max(Some(message.time));
        return false;
    }
    if event.sources.len() >= SOURCES {
        return false;
    }
    event.sources.push(SourceGroup {
        group: message.group.id.clone(),
        gateway: message.gateway.clone(),
        said: 0,
        last_at: Some(message.time),
    });
    true
}

/// The place after one more report. What the whole 小区 shares is only where all reports agree;
/// otherwise each report may add what the others left out.
pub(super) fn both(before: Option<Place>, now: Option<&Place>, shared: bool) -> Option<Place> {
    let (Some(before), Some(now)) = (&before, now) else {
        return if shared {
            None
        } else {
            before.or_else(|| now.cloned())
        };
    };
    let join = |a: &Option<String>, b: &Option<String>| {
        if shared {
            a.clone().filter(|_| a == b)
        } else {
            a.clone().or_else(|| b.clone())
        }
    };
    let place = Place {
        phase: join(&before.phase, &now.phase),
        building: join(&before.building, &now.building),
        unit: join(&before.unit, &now.unit),
        floor: join(&before.floor, &now.floor),
        room: join(&before.room, &now.room),
        spot: join(&before.spot, &now.spot),
        area: join(&before.area, &now.area),
    };
    Some(place).filter(|place| !place.is_empty())
}

/// What an event takes over from one merged into it; its supporters and its level are the caller's.
/// What both 小区 share lies in the area that holds both, and only where all reports agree; anything
/// else stays where it is. No group loses the word that is kept for the outcome.
pub(super) fn take_over(view: &View, event: &mut Event, other: &Event) {
    event.opened_at = event.opened_at.min(other.opened_at);
    event.last_report_at = event.last_report_at.max(other.last_report_at);
    event.discreet |= other.discreet;
    let category = view.catalogue.categories.get(&event.category);
    let local = |event: &Event| aspect(&event.gist) == Aspect::Local;
    let shared = category.is_some_and(|it| it.loss_of_service) && !local(event) && !local(other);
    event.place = both(event.place.take(), other.place.as_ref(), shared);
    let wider = common(&event.area, &other.area);
    if shared && wider.path().next().is_some() {
        event.area = wider;
    }
    let most = view.settings.public_words.saturating_sub(1);
    for source in &other.sources {
        let mut own = event.sources.iter_mut();
        match own.find(|own| own.group == source.group) {
            Some(own) => {
                own.said = own.said.saturating_add(source.said).min(most);
                own.last_at = own.last_at.max(source.last_at);
            }
            None => event.sources.push(SourceGroup {
                said: source.said.min(most),
                ..source.clone()
            }),
        }
    }
}

/// The smallest area that holds both.
fn common(one: &AreaId, other: &AreaId) -> AreaId {
    let shared = one.path().zip(other.path());
    let path: Vec<_> = shared.take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    AreaId::from_path(&path)
}
