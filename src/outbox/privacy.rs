//! What leaves the ledger again: words about somebody who asked for it, and words that are too old.

use std::ops::Bound;

use super::delivery::{Delivery, DeliveryState};
use super::ledger::Ledger;
use crate::model::{Destination, PersonId, Saying, Timestamp};
use crate::store::{Changes, CommitError, Expect, Key, Record, Scan, Store, StoreError, Versioned};

/// Records read and changed at once.
const PAGE: usize = 512;

/// What of the ledger is older than it may be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overdue {
    /// Entries whose words and names are to be taken out; that something was said stays.
    pub mask: Vec<Versioned<Delivery>>,
    /// Entries to be deleted.
    pub delete: Vec<Versioned<Delivery>>,
}

/// All that is overdue, in pages of bounded size.
pub struct OverduePages<'a> {
    pages: Pages<'a>,
    mask: Timestamp,
    delete: Timestamp,
}

impl OverduePages<'_> {
    /// The next page that holds anything; `None` after the last one.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn next(&mut self) -> Result<Option<Overdue>, StoreError> {
        while let Some(page) = self.pages.next::<Delivery>().await? {
            let mut overdue = Overdue::default();
            for entry in page {
                if is_under_way(&entry.record) {
                    continue;
                }
                if entry.record.at < self.delete {
                    overdue.delete.push(entry);
                } else if entry.record.at < self.mask && has_words(&entry.record) {
                    overdue.mask.push(entry);
                }
            }
            if overdue != Overdue::default() {
                return Ok(Some(overdue));
            }
        }
        Ok(None)
    }
}

/// What was found about a person, and taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Entries of the ledger whose words went.
    pub entries: usize,
    /// Sayings without words yet: no longer mention the person, or are not said at all.
    pub sayings: usize,
}

impl Ledger {
    /// Entries made before `mask` that still have words, and those made before `delete`, a page after
    /// the other: the dry run of [`Ledger::expire`]. What is still on its way is left alone.
    pub fn overdue(&self, mask: Timestamp, delete: Timestamp) -> OverduePages<'_> {
        OverduePages {
            pages: Pages::of(self.store()),
            mask,
            delete,
        }
    }

    /// Takes out what a page of [`Ledger::overdue`] holds; nothing of it if an entry was changed
    /// meanwhile.
    pub async fn expire(&self, overdue: &Overdue, now: Timestamp) -> Result<(), CommitError> {
        let mut changes = Changes::new();
        for entry in &overdue.mask {
            let masked = masked(&entry.record, "过了保存期限", now);
            changes.put(&masked, Expect::Version(entry.version));
        }
        for entry in &overdue.delete {
            changes.delete::<Delivery>(&entry.record.id(), Expect::Version(entry.version));
        }
        self.store().commit(changes).await.map(drop)
    }

    /// Takes out of the ledger and the queue whatever was said to a person alone, and the words and
    /// names of what mentioned them. What has not gone out is not said any more.
    pub async fn forget(
        &self,
        person: &PersonId,
        now: Timestamp,
    ) -> Result<Forgotten, CommitError> {
        let alone = Destination::Person(person.clone());
        let sayings = self.sweep(|saying: Versioned<Saying>, changes| {
            let Versioned { version, record } = saying;
            let expect = Expect::Version(version);
            let found = record.to == alone || names(&record.mentions, person);
            if record.to == alone {
                changes.delete::<Saying>(record.id.as_str(), expect);
            } else if found {
                changes.put(&without(record, person), expect);
            }
            found
        });
        let sayings = sayings.await?;
        let entries = self.sweep(|entry: Versioned<Delivery>, changes| {
            let Versioned { version, record } = entry;
            let expect = Expect::Version(version);
            let found = record.to == alone || names(&record.mentions, person);
            if record.to == alone {
                changes.delete::<Delivery>(record.id.as_str(), expect);
            } else if found {
                changes.put(&masked(&record, "应本人要求删除", now), expect);
            }
            found
        });
        let entries = entries.await?;
        Ok(Forgotten { entries, sayings })
    }

    /// Goes through all records of a kind, one commit a page; gives how many were changed.
    async fn sweep<R: Record>(
        &self,
        mut change: impl FnMut(Versioned<R>, &mut Changes) -> bool,
    ) -> Result<usize, CommitError> {
        let mut count = 0;
        let mut pages = Pages::of(self.store());
        while let Some(page) = pages.next::<R>().await? {
            let mut changes = Changes::new();
            for record in page {
                count += usize::from(change(record, &mut changes));
            }
            self.store().commit(changes).await?;
        }
        Ok(count)
    }
}

/// An entry without words and names. What had not gone out can no longer be sent.
fn masked(entry: &Delivery, why: &str, now: Timestamp) -> Delivery {
    let mut entry = entry.clone();
    entry.mentions.clear();
    entry.quote = None;
    for part in &mut entry.parts {
        part.text.clear();
    }
    if !matches!(entry.state, DeliveryState::Sent | DeliveryState::Merged) {
        entry.move_to(DeliveryState::Refused, why, now);
    }
    entry
}

fn has_words(entry: &Delivery) -> bool {
    !entry.mentions.is_empty() || !entry.text().trim().is_empty()
}

/// The outbox itself ends these; taking their words away would send an empty message.
fn is_under_way(entry: &Delivery) -> bool {
    matches!(entry.state, DeliveryState::Waiting | DeliveryState::Sending)
}

fn names(mentions: &[(PersonId, String)], person: &PersonId) -> bool {
    mentions.iter().any(|(mentioned, _)| mentioned == person)
}

fn without(saying: Saying, person: &PersonId) -> Saying {
    let mut saying = saying;
    saying.mentions.retain(|(mentioned, _)| mentioned != person);
    saying.quote = None;
    saying
}

/// Goes through all records of a kind by id, a page at a time; changes behind it do not disturb it.
struct Pages<'a> {
    store: &'a Store,
    from: Bound<Key>,
}

impl<'a> Pages<'a> {
    fn of(store: &'a Store) -> Self {
        let from = Bound::Unbounded;
        Self { store, from }
    }

    async fn next<R: Record>(&mut self) -> Result<Option<Vec<Versioned<R>>>, StoreError> {
        let scan = Scan {
            from: self.from.clone(),
            limit: PAGE,
            ..Scan::all(R::KIND)
        };
        let page = self.store.scan::<R>(&scan).await?;
        let Some(last) = page.last() else {
            return Ok(None);
        };
        self.from = Bound::Excluded(Key::from_bytes(last.record.id().into_bytes()));
        Ok(Some(page))
    }
}
