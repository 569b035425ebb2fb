//! Evidence that an event is over: 来电了, 修好了. Enough of it and quiet end the intake; only people
//! close the event (domain T19).

use std::time::Duration;

use crate::model::{EventId, SayingKind, Timestamp};
use crate::store::{Expect, Versioned};

use super::Turn;
use super::candidates;
use super::case::{Case, Heard};
use super::intake::{Effect, Found};
use super::moment::{earlier, gap, later};
use super::sayings::{Work, when};
use super::whereabouts::{Nearness, nearness};
use super::{Desk, DeskError, Event, Planned, State, Timer, TimerKind, View};

/// A word without a matter (好了) means what its group spoke of within this time.
const MEANT: Duration = Duration::from_hours(24);

impl Desk {
    /// Somebody says it works again.
    pub(super) async fn take_relief(
        &self,
        heard: &Heard<'_>,
        view: &View,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let Some(event) = self.relieved(heard, view).await? else {
            return Ok(Found::default());
        };
        let person = &heard.message.sender.id;
        if event.record.restored_by.contains(person) {
            return Ok(Found::default());
        }
        let mut turn = Turn::of(view, event);
        turn.event.restored_by.push(person.clone());
        if enough(view, &turn.event) {
            quiet_from(view, &turn.event, heard.message.time, planned);
        }
        let event = turn.event.clone();
        turn.settle(planned);
        Ok(Found::of(Effect::Restored, event))
    }

    /// The open event somebody says is over: of the matter and place they name, else the one their
    /// group spoke of last.
    async fn relieved(
        &self,
        heard: &Heard<'_>,
        view: &View,
    ) -> Result<Option<Versioned<Event>>, DeskError> {
        let decision = heard.decision;
        let at = heard.message.time;
        let category = decision.category.as_ref();
        let category = category.and_then(|code| view.catalogue.categories.get(code));
        let group = view.directory.admitted(&heard.message.group.id);
        let Some(area) = group.and_then(|group| group.area.as_ref()) else {
            return Ok(None);
        };
        let mut events = match category {
            Some(category) => candidates::open(&self.store, area, &category.family).await?,
            None => Vec::new(),
        };
        let lately = self.conversation().lately(area, at, MEANT);
        let supported = decision.supports.iter();
        if events.is_empty() {
            for id in supported.chain(&lately) {
                candidates::add(&self.store, id, &mut events).await?;
            }
        }
        let own = |event: &Event| {
            let mut sources = event.sources.iter();
            let source = sources.find(|source| source.group == heard.message.group.id);
            source.and_then(|source| source.last_at)
        };
        let place = decision.place.as_ref();
        let fits = |event: &Event| {
            let near = nearness(place, event.place.as_ref())?;
            let unnamed = category.is_none();
            let meant = !unnamed || own(event).is_some_and(|last| gap(last, at) <= MEANT);
            let underway = area.is_within(&event.area)
                && event.state != State::Lead
                && event.state < State::Resolved
                && event.intake_over_at.is_none()
                && event.opened_at <= at;
            let rank = (
                decision.supports.as_ref() == Some(&event.id),
                near == Nearness::Same,
                own(event),
                event.last_report_at,
            );
            (meant && underway).then_some(rank)
        };
        let ranked = events.into_iter().map(|event| (fits(&event.record), event));
        let best = ranked
            .filter(|(rank, _)| rank.is_some())
            .max_by(|(a, one), (b, other)| {
                let ids = || other.record.id.cmp(&one.record.id);
                a.cmp(b).then_with(ids)
            });
        Ok(best.map(|(_, event)| event))
    }

    /// The timer [`TimerKind::RestoredQuiet`]: where no report came since, the intake is over and
    /// whoever answers for the event is asked to confirm it. The timer itself is the caller's.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn restored_quiet(&self, id: &EventId, now: Timestamp) -> Result<(), DeskError> {
        let (_, over) = self.commit(|| self.plan_quiet(id, now)).await?;
        if over == Intake::Over {
            self.conversation().over(id);
        }
        Ok(())
    }

    async fn plan_quiet(
        &self,
        id: &EventId,
        now: Timestamp,
    ) -> Result<(Planned, Intake), DeskError> {
        let mut planned = Planned::new();
        let Some(event) = self.store.get::<Event>(id.as_str()).await? else {
            return Ok((planned, Intake::Over));
        };
        let view = self.view();
        let done = event.record.state >= State::Resolved || event.record.intake_over_at.is_some();
        if done || !enough(&view, &event.record) {
            return Ok((planned, Intake::GoesOn));
        }
        let quiet = view.settings.restored_quiet;
        if event.record.last_report_at > earlier(now, quiet) {
            quiet_from(
                &view,
                &event.record,
                event.record.last_report_at,
                &mut planned,
            );
            return Ok((planned, Intake::GoesOn));
        }
        let mut turn = Turn::of(&view, event);
        turn.event.intake_over_at = Some(now);
        propose(&mut turn, now);
        turn.settle(&mut planned);
        Ok((planned, Intake::Over))
    }
}

/// A report after words of relief: the quiet starts anew.
pub(super) fn restart_quiet(case: &Case<'_>, event: &Event, planned: &mut Planned) {
    if enough(case.view, event) && event.intake_over_at.is_none() {
        quiet_from(case.view, event, event.last_report_at, planned);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Intake {
    GoesOn,
    Over,
}

/// Whether the evidence would do, given quiet: so many people, or the one who reported it alone.
pub(super) fn enough(view: &View, event: &Event) -> bool {
    let people = event.restored_by.len();
    people >= view.settings.restoring_residents || (people == 1 && event.supporters <= 1)
}

pub(super) fn quiet_from(view: &View, event: &Event, from: Timestamp, planned: &mut Planned) {
    let from = from.max(event.last_report_at);
    let due = later(from, view.settings.restored_quiet);
    let timer = Timer::of_event(&event.id, TimerKind::RestoredQuiet, due);
    planned.put(&timer, Expect::Any);
}

/// Asks whoever answers for it to look and close it.
fn propose(turn: &mut Turn<'_>, now: Timestamp) {
    let event = &turn.event;
    let people = match &event.holder {
        Some(holder) => vec![holder.clone()],
        None => turn.view.directory.staff(&event.area),
    };
    let said = event.restored_by.len();
    let since = when(turn.view, event.last_report_at);
    let work = Work::of(
        SayingKind::AwaitingStaff,
        people,
        [
            ("wish", "确认已恢复".to_owned()),
            (
                "reason",
                format!("{said} 位居民说已恢复，{since} 后没有新的反映；属实请办结"),
            ),
        ],
    );
    turn.tell_work(&work, now);
}
