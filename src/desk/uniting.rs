//! 并案 (T18): one event ends in another, and its reports, groups and reporters follow it there.

use std::collections::BTreeSet;

use crate::model::{PersonId, Timestamp};
use crate::store::{Expect, StoreError, Versioned};

use super::{By, Desk, DeskError, Event, FORGOTTEN, Planned, Report, State, Turn, View, joining};

/// Who told of an event.
#[derive(Clone, Debug, Default)]
pub(super) struct Tellers(BTreeSet<PersonId>);

impl Tellers {
    /// The writers of these reports. Who was forgotten is nobody one could tell apart.
    pub(super) fn of<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Self {
        let people = reports.into_iter().map(|report| report.person.clone());
        Self(people.filter(|it| it.as_str() != FORGOTTEN).collect())
    }

    /// These, too.
    pub(super) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    fn shared_with(&self, others: &Self) -> u32 {
        u32::try_from(self.0.intersection(&others.0).count()).unwrap_or(u32::MAX)
    }
}

impl Desk {
    /// Plans that a person merges `from` into `into`, and gives the master as it is afterwards.
    ///
    /// # Errors
    /// When it cannot be merged now, or what the store reports.
    pub async fn plan_merge(
        &self,
        view: &View,
        from: Versioned<Event>,
        into: Versioned<Event>,
        by: &By,
        at: Timestamp,
        planned: &mut Planned,
    ) -> Result<Event, DeskError> {
        let silent = from.record.state == State::Lead;
        let mut ending = Turn::of(view, from);
        let mut master = Turn::of(view, into);
        let mut tellers = self.tellers(&master.event).await?;
        ending.merge_into(&master.event, by, at)?;
        if !silent {
            ending.tell_merged(&master.event, at);
        }
        let ended = (ending, Tellers::default());
        Box::pin(self.absorb(&mut master, &mut tellers, ended, (by, at), planned)).await?;
        let event = master.event.clone();
        master.settle(planned);
        Ok(event)
    }

    /// What an event that has ended as merged leaves to its master: reports, groups, times, and its
    /// supporters, each person once. `tellers` are the master's and grow; `ended` comes with tellers
    /// who are not in the store yet.
    pub(super) async fn absorb(
        &self,
        master: &mut Turn<'_>,
        tellers: &mut Tellers,
        ended: (Turn<'_>, Tellers),
        (by, at): (&By, Timestamp),
        planned: &mut Planned,
    ) -> Result<(), DeskError> {
        let (ended, fresh) = ended;
        let reports = self.reports_of(&ended.event).await?;
        let mut others = Tellers::of(reports.iter().map(|report| &report.record));
        others.extend(fresh);
        let both = others.shared_with(tellers);
        tellers.extend(others);
        master.event.supporters += ended.event.supporters.saturating_sub(both);
        joining::take_over(master.view, &mut master.event, &ended.event);
        master.raise(ended.event.level, ended.event.emergency, by, at)?;
        for Versioned { version, record } in reports {
            let moved = Report {
                event: master.event.id.clone(),
                ..record
            };
            planned.put(&moved, Expect::Version(version));
        }
        ended.settle(planned);
        Ok(())
    }

    pub(super) async fn tellers(&self, event: &Event) -> Result<Tellers, StoreError> {
        let reports = self.reports_of(event).await?;
        Ok(Tellers::of(reports.iter().map(|report| &report.record)))
    }
}
