//! 片区: the same loss of service in two or more 小区 under one parent is one event at the parent,
//! also where that shows only later.

use crate::model::EventId;

use super::aspect::{Aspect, aspect};
use super::candidates::neighbours;
use super::case::Case;
use super::uniting::Tellers;
use super::{By, Desk, DeskError, Event, Planned, Report, State, Turn};

impl Desk {
    /// Joins events of neighbouring 小区 that turn out to be this one: the oldest keeps its number,
    /// the others close as merged and their reporters and groups follow. `fresh`: the reports of
    /// this commit, which are the turn's. Gives the one that stays, unsettled, and those that are
    /// gone.
    pub(super) async fn unite<'v>(
        &self,
        case: &Case<'v>,
        turn: Turn<'v>,
        fresh: &[Report],
        planned: &mut Planned,
    ) -> Result<(Turn<'v>, Vec<EventId>), DeskError> {
        if !case.shared() || !may_spread(&turn.event) {
            return Ok((turn, Vec::new()));
        }
        let near = neighbours(&self.store, &case.area, &turn.event.family, case.at()).await?;
        let (own, area) = (turn.event.id.clone(), turn.event.area.clone());
        let shares = |event: &Event| event.id != own && event.area != area && may_spread(event);
        let mut all = vec![turn];
        let near = near.into_iter().filter(|other| shares(&other.record));
        all.extend(near.map(|other| Turn::of(case.view, other)));
        all.sort_by(|one, other| age(&one.event).cmp(&age(&other.event)));
        let mut all = all.into_iter();
        let mut master = all.next().expect("the turn is among them");
        let tellers_of = |event: &Event| {
            let fresh = fresh.iter().filter(|_| event.id == own);
            Tellers::of(fresh)
        };
        let mut tellers = self.tellers(&master.event).await?;
        tellers.extend(tellers_of(&master.event));
        let (by, now) = (By::bot("片区内同一问题"), case.heard.now);
        let mut gone = Vec::new();
        for mut other in all {
            other.merge_into(&master.event, &by, now)?;
            if !case.too_old() {
                other.tell_merged(&master.event, now);
            }
            gone.push(other.event.id.clone());
            let fresh = tellers_of(&other.event);
            let other = (other, fresh);
            Box::pin(self.absorb(&mut master, &mut tellers, other, (&by, now), planned)).await?;
        }
        Ok((master, gone))
    }
}

/// The oldest first.
fn age(event: &Event) -> (crate::model::Timestamp, &EventId) {
    (event.opened_at, &event.id)
}

/// Whether an event may be part of a wider one: an ongoing loss, no danger to life of its own.
pub(super) fn may_spread(event: &Event) -> bool {
    event.state > State::Lead
        && event.state < State::Resolved
        && event.emergency.is_none()
        && !event.discreet
        && event.restored_by.is_empty()
        && event.intake_over_at.is_none()
        && aspect(&event.gist) != Aspect::Local
}
