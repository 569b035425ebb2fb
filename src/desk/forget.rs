//! `forget PERSON`: what somebody said, their name and who they were are removed; that something
//! was reported, and what came of it, stays. An objection stays as a bare id, or it could not be
//! honoured.

use serde::Serialize;

use crate::model::{EventId, PersonId, Saying, Timestamp};
use crate::store::{Expect, Index, Key, Kind, Scan, Versioned};

use super::query::Filter;
use super::{Actor, Desk, DeskError, Event, History, Notice, Planned, Refused, Report, State};

/// Stands where a forgotten person's id stood.
pub const FORGOTTEN: &str = "forgotten";

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// Reports whose name and text are gone.
    pub reports: usize,
    /// Events that mentioned the person.
    pub events: usize,
    /// Entries of histories that named the person.
    pub history: usize,
    /// Words not yet said that would have mentioned the person.
    pub sayings: usize,
    /// Notices the person had posted.
    pub notices: usize,
    /// Whether the directory knew the person.
    pub directory: bool,
    /// Whether an objection is kept, as a bare id.
    pub objection_kept: bool,
}

impl Desk {
    /// Removes somebody, one event per commit; doing it again finds nothing more. The ledger of
    /// what was said is the outbox's to clean.
    ///
    /// # Errors
    /// When they still hold open events, or what the store reports.
    pub async fn forget(&self, person: &PersonId, now: Timestamp) -> Result<Forgotten, DeskError> {
        let holding = self.held_by(person).await?;
        if let Some(event) = holding.first() {
            return Err(Refused::StillHolds {
                count: holding.len(),
                number: super::sayings::number(&event.record),
            }
            .into());
        }
        let mut done = Forgotten::default();
        for event in self.touched_by(person, now).await? {
            let (_, found) = self.commit(|| self.plan_forgetting(&event, person)).await?;
            done.reports += found.reports;
            done.events += found.events;
            done.history += found.history;
        }
        done.sayings = self.forget_sayings(person).await?;
        done.notices = self.forget_notices(person).await?;
        done.directory = self.directory.strike(person).await?;
        done.objection_kept = self.directory.snapshot().objects(person);
        self.store.sync().await?;
        Ok(done)
    }

    /// The events that know this person: reported, handled, praised or declared over by them.
    async fn touched_by(
        &self,
        person: &PersonId,
        now: Timestamp,
    ) -> Result<Vec<EventId>, DeskError> {
        let key = Key::new().text(person.as_str());
        let reports = self
            .store
            .scan::<Report>(&Scan::prefix(Index::ReportPerson, &key))
            .await?;
        let mut ids: Vec<EventId> = reports.into_iter().map(|it| it.record.event).collect();
        let everything = Filter {
            states: State::ALL.to_vec(),
            limit: usize::MAX,
            ..Filter::default()
        };
        for event in self.list(&everything).await? {
            let worked = self.directory.snapshot().person(person).is_some();
            if names(&event, person) || (worked && event.opened_at <= now && event.steps > 0) {
                ids.push(event.id);
            }
        }
        ids.sort();
        ids.dedup();
        Ok(ids)
    }

    async fn plan_forgetting(
        &self,
        id: &EventId,
        person: &PersonId,
    ) -> Result<(Planned, Forgotten), DeskError> {
        let mut planned = Planned::new();
        let mut found = Forgotten::default();
        let Some(Versioned { version, record }) = self.store.get::<Event>(id.as_str()).await?
        else {
            return Ok((planned, found));
        };
        let mut event = record.clone();
        for Versioned { version, record } in self.reports_of(&event).await? {
            if record.person == *person {
                if record.at == event.opened_at {
                    event.gist.clear();
                }
                planned.put(&anonymous(record), Expect::Version(version));
                found.reports += 1;
            }
        }
        for Versioned { version, record } in self.history_of(&event).await? {
            if let Some(entry) = without(record, person) {
                planned.put(&entry, Expect::Version(version));
                found.history += 1;
            }
        }
        forget_in(&mut event, person);
        if event != record {
            planned.put(&event, Expect::Version(version));
            found.events += 1;
        }
        Ok((planned, found))
    }

    async fn forget_sayings(&self, person: &PersonId) -> Result<usize, DeskError> {
        let mut planned = Planned::new();
        let mut count = 0;
        for saying in self.store.scan::<Saying>(&Scan::all(Kind::Saying)).await? {
            if saying.record.mentions.iter().any(|(id, _)| id == person) {
                let mut kept = saying.record;
                kept.mentions.retain(|(id, _)| id != person);
                planned.put(&kept, Expect::Version(saying.version));
                count += 1;
            }
        }
        if count > 0 {
            self.store.commit(planned.changes).await?;
        }
        Ok(count)
    }

    async fn forget_notices(&self, person: &PersonId) -> Result<usize, DeskError> {
        let mut planned = Planned::new();
        let mut count = 0;
        for notice in self.store.scan::<Notice>(&Scan::all(Kind::Notice)).await? {
            if notice.record.by == *person {
                let kept = Notice {
                    by: PersonId::from(FORGOTTEN),
                    ..notice.record
                };
                planned.put(&kept, Expect::Version(notice.version));
                count += 1;
            }
        }
        if count > 0 {
            self.store.commit(planned.changes).await?;
        }
        Ok(count)
    }
}

fn names(event: &Event, person: &PersonId) -> bool {
    event.holder.as_ref() == Some(person)
        || event.offered.contains(person)
        || event.restored_by.contains(person)
        || event.satisfied_by.contains(person)
}

fn anonymous(report: Report) -> Report {
    Report {
        person: PersonId::from(FORGOTTEN),
        name: String::new(),
        text: String::new(),
        ..report
    }
}

/// The entry without the person, if it named them.
fn without(entry: History, person: &PersonId) -> Option<History> {
    let acted = entry.actor.person() == Some(person);
    let held = entry.holder.as_ref() == Some(person);
    if !acted && !held {
        return None;
    }
    let nobody = PersonId::from(FORGOTTEN);
    Some(History {
        actor: if acted {
            Actor::Person(nobody.clone())
        } else {
            entry.actor
        },
        holder: if held { Some(nobody) } else { entry.holder },
        reason: entry.reason.filter(|_| !acted),
        message: entry.message.filter(|_| !acted),
        ..entry
    })
}

/// Puts nobody in the person's place: how many there were still counts.
fn forget_in(event: &mut Event, person: &PersonId) {
    let nobody = PersonId::from(FORGOTTEN);
    let lists = [
        &mut event.offered,
        &mut event.restored_by,
        &mut event.satisfied_by,
    ];
    for list in lists {
        for id in list.iter_mut().filter(|id| *id == person) {
            *id = nobody.clone();
        }
    }
    if event.holder.as_ref() == Some(person) {
        event.holder = Some(nobody);
    }
}
