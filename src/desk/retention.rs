//! How long words are kept: texts of closed events are masked after a season and deleted after a
//! year; counts, times and outcomes stay.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::model::{AreaId, CategoryCode, Place, Timestamp};
use crate::store::{Expect, Index, Key, Kind, Record, Scan, StoreError, Versioned};
use crate::text::mask::mask_public;

use super::{Desk, DeskError, Event, History, Outcome, Planned, Report};

/// How many closed events are read at once.
const BATCH: usize = 200;

/// Whether a duty acts or only says what it would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Say what would be done.
    DryRun,
    /// Do it.
    Apply,
}

/// What retention did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Retained {
    /// Events whose texts were masked.
    pub masked: usize,
    /// Events whose texts were deleted.
    pub deleted: usize,
    /// Reports that were deleted with them.
    pub reports: usize,
}

/// Counts of closed events that outlive their texts: one day, area and category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The day the events were opened, in the community's zone.
    pub day: jiff::civil::Date,
    /// The area.
    pub area: AreaId,
    /// The category.
    pub category: CategoryCode,
    /// Events by outcome.
    pub events: BTreeMap<Outcome, u32>,
    /// Reports that supported them.
    pub reports: u32,
}

impl Record for Tally {
    const KIND: Kind = Kind::Tally;

    fn id(&self) -> String {
        format!("{}/{}/{}", self.day, self.category, self.area)
    }
}

impl Desk {
    /// Masks and deletes what has been kept long enough, one event per commit. A duty, once a day.
    ///
    /// # Errors
    /// What the store reports; what was done stays done.
    pub async fn retain(&self, now: Timestamp, mode: Mode) -> Result<Retained, DeskError> {
        let settings = self.view().settings;
        let days = |days: u16| SignedDuration::from_hours(i64::from(days) * 24);
        let before = |days| now.saturating_sub(days).unwrap_or(Timestamp::MIN);
        let masked_before = before(days(settings.masked_after_days));
        let deleted_before = before(days(settings.deleted_after_days));
        let mut done = Retained::default();
        for id in self
            .closed_before(masked_before.max(deleted_before))
            .await?
        {
            let Some(event) = self.store.get::<Event>(&id).await? else {
                continue;
            };
            let Some(closed_at) = event.record.closed_at else {
                continue;
            };
            if closed_at <= deleted_before {
                done.deleted += 1;
                done.reports += self.reports_of(&event.record).await?.len();
                if mode == Mode::Apply {
                    self.commit(|| self.plan_deleting(&id)).await?;
                }
            } else if closed_at <= masked_before && !event.record.masked {
                done.masked += 1;
                if mode == Mode::Apply {
                    self.commit(|| self.plan_masking(&id)).await?;
                }
            }
        }
        Ok(done)
    }

    /// Ids of closed events up to an instant, oldest first.
    async fn closed_before(&self, upto: Timestamp) -> Result<Vec<String>, StoreError> {
        let mut ids: Vec<String> = Vec::new();
        let mut from = Bound::Unbounded;
        loop {
            let to = Bound::Included(Key::new().time(upto));
            let scan = Scan::range(Index::EventClosed, from.clone(), to).limit(BATCH);
            let page = self.store.scan::<Event>(&scan).await?;
            let last = page.last().and_then(|event| event.record.closed_at);
            let full = page.len() == BATCH;
            let known = ids.len().saturating_sub(BATCH);
            for event in page {
                let id = event.record.id.to_string();
                if !ids[known..].contains(&id) {
                    ids.push(id);
                }
            }
            match last.filter(|_| full) {
                Some(at) => from = next_page(&from, at),
                None => return Ok(ids),
            }
        }
    }

    async fn plan_masking(&self, id: &str) -> Result<(Planned, ()), DeskError> {
        let mut planned = Planned::new();
        let Some(Versioned {
            version,
            mut record,
        }) = self.store.get::<Event>(id).await?
        else {
            return Ok((planned, ()));
        };
        record.masked = true;
        record.gist = mask_public(&record.gist);
        record.result = record.result.map(|result| mask_public(&result));
        record.place = record.place.as_ref().map(Place::public);
        for reason in Arc::make_mut(&mut record.because) {
            reason.text = mask_public(&reason.text);
        }
        for Versioned { version, record } in self.reports_of(&record).await? {
            let masked = Report {
                name: String::new(),
                text: mask_public(&record.text),
                ..record
            };
            planned.put(&masked, Expect::Version(version));
        }
        for Versioned { version, record } in self.history_of(&record).await? {
            let reason = record.reason.as_deref().map(mask_public);
            if reason != record.reason {
                planned.put(&History { reason, ..record }, Expect::Version(version));
            }
        }
        planned.put(&record, Expect::Version(version));
        Ok((planned, ()))
    }

    async fn plan_deleting(&self, id: &str) -> Result<(Planned, ()), DeskError> {
        let mut planned = Planned::new();
        let Some(Versioned {
            version,
            mut record,
        }) = self.store.get::<Event>(id).await?
        else {
            return Ok((planned, ()));
        };
        let reports = self.reports_of(&record).await?;
        for report in &reports {
            let id = report.record.id();
            planned
                .changes
                .delete::<Report>(&id, Expect::Version(report.version));
        }
        for Versioned { version, record } in self.history_of(&record).await? {
            if record.reason.is_some() {
                planned.put(
                    &History {
                        reason: None,
                        ..record
                    },
                    Expect::Version(version),
                );
            }
        }
        self.count(&record, reports.len(), &mut planned).await?;
        record.masked = true;
        record.erased = true;
        record.gist.clear();
        record.result = None;
        record.place = None;
        for reason in Arc::make_mut(&mut record.because) {
            reason.text.clear();
        }
        record.restored_by.clear();
        record.satisfied_by.clear();
        planned.put(&record, Expect::Version(version));
        Ok((planned, ()))
    }

    /// Adds an event to the counts that stay.
    async fn count(
        &self,
        event: &Event,
        reports: usize,
        planned: &mut Planned,
    ) -> Result<(), StoreError> {
        let zone = self.view().settings.zone.clone();
        let mut tally = Tally {
            day: event.opened_at.to_zoned(zone).date(),
            area: event.area.clone(),
            category: event.category.clone(),
            events: BTreeMap::new(),
            reports: 0,
        };
        let mut expect = Expect::New;
        if let Some(known) = self.store.get::<Tally>(&tally.id()).await? {
            expect = Expect::Version(known.version);
            tally = known.record;
        }
        if let Some(outcome) = event.outcome {
            *tally.events.entry(outcome).or_default() += 1;
        }
        tally.reports += u32::try_from(reports).unwrap_or(u32::MAX);
        planned.put(&tally, expect);
        Ok(())
    }
}

/// From the last one's instant on, where ties may go on; past it when a page held nothing else.
fn next_page(bound: &Bound<Key>, at: Timestamp) -> Bound<Key> {
    let next = Bound::Included(Key::new().time(at));
    if *bound == next {
        return Bound::Excluded(Key::new().time(at));
    }
    next
}
