//! Which event is meant: by number, or by who speaks and what they could mean.

use std::ops::Bound;

use crate::command::{Command, CommandName as Name};
use crate::model::{EventId, GroupId, PersonId, Role, Timestamp};
use crate::store::{Index, Key, Record, Scan, StoreError, Versioned};

use super::history::entries_of;
use super::rights::{Who, may};
use super::{Desk, DeskError, Event, History, Outcome, Refused, Report, State, View};

/// How many events of one serial are looked at: one per day of the last two months.
const MAX_SERIALS: usize = 60;
/// How many reports of one person are looked at, newest first.
const MAX_REPORTS: usize = 200;
/// How many open events are looked through for a command without a number.
const MAX_OPEN: usize = 2_000;
/// How many reporters of one event are looked at for mentions.
const MAX_REPORTERS: usize = 64;
/// How many choices are offered when several events fit.
const MAX_CHOICES: usize = 9;

impl Desk {
    /// Somebody who speaks, with what the directory and the store know of them.
    pub(super) async fn who(
        &self,
        view: &View,
        person: &PersonId,
        group: Option<&GroupId>,
    ) -> Result<Who, StoreError> {
        let key = Key::new().text(person.as_str());
        let scan = Scan::prefix(Index::ReportPerson, &key)
            .backward()
            .limit(MAX_REPORTS);
        let reports = self.store.scan::<Report>(&scan).await?;
        Ok(Who {
            person: person.clone(),
            role: view.directory.role(person),
            group: group.cloned(),
            reported: reports.into_iter().map(|it| it.record.event).collect(),
        })
    }

    /// Who reported an event in which group, first reporters first; forgotten ones left out.
    pub(super) async fn reporters(
        &self,
        event: &EventId,
    ) -> Result<Vec<(GroupId, PersonId, String)>, StoreError> {
        let key = Key::new().text(event.as_str());
        let scan = Scan::prefix(Index::ReportEvent, &key).limit(MAX_REPORTERS);
        let reports = self.store.scan::<Report>(&scan).await?;
        Ok(reports
            .into_iter()
            .map(|report| report.record)
            .filter(|report| !report.name.is_empty())
            .map(|report| (report.group, report.person, report.name))
            .collect())
    }

    /// The events with this short number or full id, newest first.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn numbered(&self, typed: &str) -> Result<Vec<Versioned<Event>>, StoreError> {
        let typed = typed.trim().trim_start_matches('#').to_uppercase();
        if let Ok(serial) = typed.parse::<u32>() {
            let key = Key::new().number(serial.into());
            let scan = Scan::prefix(Index::EventSerial, &key).backward();
            return self.store.scan(&scan.limit(MAX_SERIALS)).await;
        }
        Ok(self.store.get(&typed).await?.into_iter().collect())
    }

    /// The one event this person means.
    pub(super) async fn meant(
        &self,
        view: &View,
        who: &Who,
        command: &Command,
        at: Timestamp,
    ) -> Result<Versioned<Event>, DeskError> {
        let fits = |event: &Event| {
            could(view, event, who, command.name, at) && may(view, event, who, command.name).is_ok()
        };
        let Some(typed) = &command.event else {
            let pool = self.pool(who, command.name).await?;
            let mut fitting: Vec<_> = pool.into_iter().filter(|it| fits(&it.record)).collect();
            // 确认 and 作废 as a single word answer the Leads that are shown.
            let lead = |it: &Versioned<Event>| it.record.state == State::Lead;
            if matches!(command.name, Name::Confirm | Name::Void) && fitting.iter().any(lead) {
                fitting.retain(lead);
            }
            let resident = who.role == Role::Resident && command.name == Name::Resolve;
            let asked = if resident {
                "好了"
            } else {
                command.name.chinese()
            };
            return Ok(the_only(fitting)?.ok_or(Refused::NoneFits { asked })?);
        };
        let numbered = self.numbered(typed).await?;
        let fitting = numbered
            .iter()
            .filter(|it| it.record.is_open() && fits(&it.record))
            .cloned()
            .collect();
        if let Some(event) = the_only(fitting)? {
            return Ok(event);
        }
        let second_best = numbered
            .iter()
            .find(|it| fits(&it.record))
            .or_else(|| numbered.iter().find(|it| it.record.is_open()))
            .or_else(|| numbered.first())
            .cloned();
        let unknown = Refused::Unknown {
            number: typed.clone(),
        };
        let event = second_best.ok_or(unknown)?;
        may(view, &event.record, who, command.name)?;
        Ok(event)
    }

    /// The events a command without a number could be about.
    async fn pool(&self, who: &Who, name: Name) -> Result<Vec<Versioned<Event>>, StoreError> {
        if who.role == Role::Resident {
            let mut events = Vec::new();
            for id in who.reported.iter().rev() {
                events.extend(self.store.get::<Event>(id.as_str()).await?);
            }
            return Ok(events);
        }
        if who.handles() && name != Name::Accept {
            return self.held_by(&who.person).await;
        }
        self.open_events().await
    }

    /// The open events somebody holds, oldest first.
    pub(super) async fn held_by(
        &self,
        person: &PersonId,
    ) -> Result<Vec<Versioned<Event>>, StoreError> {
        self.filed_under(Index::EventHolder, person.as_str()).await
    }

    /// The messages that support an event, first one first.
    pub(super) async fn reports_of(
        &self,
        event: &Event,
    ) -> Result<Vec<Versioned<Report>>, StoreError> {
        self.filed_under(Index::ReportEvent, event.id.as_str())
            .await
    }

    /// What happened to an event, first entry first.
    pub(super) async fn history_of(
        &self,
        event: &Event,
    ) -> Result<Vec<Versioned<History>>, StoreError> {
        self.store.scan(&entries_of(&event.id)).await
    }

    async fn filed_under<R: Record>(
        &self,
        index: Index,
        id: &str,
    ) -> Result<Vec<Versioned<R>>, StoreError> {
        let scan = Scan::prefix(index, &Key::new().text(id));
        self.store.scan(&scan).await
    }

    /// All open events, by area.
    pub(super) async fn open_events(&self) -> Result<Vec<Versioned<Event>>, StoreError> {
        let scan = Scan::range(Index::EventOpen, Bound::Unbounded, Bound::Unbounded);
        self.store.scan(&scan.limit(MAX_OPEN)).await
    }
}

fn the_only(fitting: Vec<Versioned<Event>>) -> Result<Option<Versioned<Event>>, Refused> {
    if fitting.len() > 1 {
        let mut events: Vec<EventId> = fitting.into_iter().map(|it| it.record.id).collect();
        events.sort_by(|a, b| b.cmp(a));
        events.truncate(MAX_CHOICES);
        return Err(Refused::WhichOne { events });
    }
    Ok(fitting.into_iter().next())
}

/// Whether the event stands where the command makes sense: what a command without a number is
/// about. The life cycle has the last word.
fn could(view: &View, event: &Event, who: &Who, name: Name, at: Timestamp) -> bool {
    let state = event.state;
    let underway = matches!(state, State::Open | State::Dispatched | State::InProgress);
    match name {
        Name::Accept => {
            let offered =
                event.offered.contains(&who.person) || event.holder.as_ref() == Some(&who.person);
            (state == State::Dispatched && offered)
                || state == State::Open
                || (event.suspended.is_some() && event.holder.as_ref() == Some(&who.person))
        }
        Name::Resolve if who.role == Role::Resident => state == State::Resolved || underway,
        Name::Resolve | Name::HandBack => matches!(state, State::Dispatched | State::InProgress),
        Name::Suspend | Name::Extend => matches!(state, State::Dispatched | State::InProgress),
        Name::Transfer => underway,
        Name::Merge | Name::Recategorise | Name::Void => underway || state == State::Lead,
        Name::Confirm => state == State::Lead || (underway && !event.restored_by.is_empty()),
        Name::Approve => event.awaiting.is_some(),
        Name::Verify => state == State::Resolved && !event.verified,
        Name::Rework | Name::Satisfied => state == State::Resolved,
        Name::Dissatisfied => state == State::Resolved || reopenable(view, event, at),
        Name::Escalate => underway && event.escalated_at.is_none(),
        Name::Supervise => underway && event.supervised_at.is_none(),
        Name::Urge => underway || state == State::Resolved,
        Name::Query | Name::Mine | Name::Help | Name::StopBot | Name::StartBot => true,
    }
}

/// Whether a closed event is young enough to be opened again (domain T17).
fn reopenable(view: &View, event: &Event, at: Timestamp) -> bool {
    let solved = matches!(event.outcome, Some(Outcome::Fixed | Outcome::SelfCleared));
    solved && within_reopen_days(view, event, at).is_ok()
}

/// Whether the result is young enough to be doubted.
pub(super) fn within_reopen_days(view: &View, event: &Event, at: Timestamp) -> Result<(), Refused> {
    let category = view.catalogue.categories.get(&event.category);
    let days = category.map_or(7, |category| category.reopen_days);
    let end = jiff::SignedDuration::from_hours(i64::from(days) * 24);
    match event.resolved_at.or(event.closed_at) {
        Some(result) if at.duration_since(result) > end => Err(Refused::LongClosed { days }),
        _ => Ok(()),
    }
}
