//! 片区: the same loss of service in two or more 小区 under one parent is one event at the parent,
//! also where that shows only later.

use crate::model::{EventId, SayingKind};
use crate::store::{Expect, Index, Key, Scan, Versioned};

use super::aspect::{Aspect, aspect};
use super::candidates::neighbours;
use super::case::Case;
use super::joining;
use super::sayings::{Public, number};
use super::{Act, Desk, DeskError, Event, Planned, Report, State};
use super::{By, Turn};

/// Reports that move with a merged event in one commit.
const MOVED: usize = 500;

impl Desk {
    /// Joins events of neighbouring 小区 that turn out to be this one: the oldest keeps its number,
    /// the others close as merged and their reporters and groups follow. Gives the one that stays,
    /// unsettled, and those that are gone.
    pub(super) async fn unite<'v>(
        &self,
        case: &Case<'v>,
        turn: Turn<'v>,
        planned: &mut Planned,
    ) -> Result<(Turn<'v>, Vec<EventId>), DeskError> {
        let mut gone = Vec::new();
        if !case.shared() || !may_spread(&turn.event) {
            return Ok((turn, gone));
        }
        let near = neighbours(&self.store, &case.area, &turn.event.family, case.at()).await?;
        let mut master = turn;
        for other in near {
            let same = other.record.id == master.event.id || gone.contains(&other.record.id);
            if same || other.record.area == master.event.area || !may_spread(&other.record) {
                continue;
            }
            let mut other = Turn::of(case.view, other);
            let age = |event: &Event| (event.opened_at, event.id.clone());
            if age(&other.event) < age(&master.event) {
                std::mem::swap(&mut master, &mut other);
            }
            gone.push(other.event.id.clone());
            Box::pin(self.absorb(case, &mut master, other, planned)).await?;
        }
        Ok((master, gone))
    }

    async fn absorb<'v>(
        &self,
        case: &Case<'v>,
        master: &mut Turn<'v>,
        mut other: Turn<'v>,
        planned: &mut Planned,
    ) -> Result<(), DeskError> {
        let now = case.heard.now;
        let into = Act::Merge {
            into: master.event.id.clone(),
        };
        if other.act(&into, &By::bot("片区内同一问题"), now).is_err() {
            return Ok(());
        }
        if !case.too_old() {
            let facts = Public::of([("into", number(&master.event))]);
            other.tell_groups(SayingKind::Merged, facts, now);
        }
        let moved = self.reports(&other.event.id).await?;
        let own = self.reports(&master.event.id).await?;
        let mut people: Vec<_> = own.iter().map(|report| &report.record.person).collect();
        for report in &moved {
            if !people.contains(&&report.record.person) {
                people.push(&report.record.person);
                master.event.supporters += 1;
            }
            let mut report = report.clone();
            report.record.event = master.event.id.clone();
            planned.put(&report.record, Expect::Version(report.version));
        }
        joining::take_over(&mut master.event, &other.event);
        other.settle(planned);
        Ok(())
    }

    async fn reports(&self, event: &EventId) -> Result<Vec<Versioned<Report>>, DeskError> {
        let scan = Scan::prefix(Index::ReportEvent, &Key::new().text(event.as_str()));
        Ok(self.store.scan(&scan.limit(MOVED)).await?)
    }
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
