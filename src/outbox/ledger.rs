//! The ledger as people see it: what was said or could not be, and what they decide about it. Works
//! on the store of a running bot and on one at rest.

use thiserror::Error;

use super::delivery::{Delivery, DeliveryState, message_key};
use super::manners::key_of;
use super::switch::{self, Stop};
use super::words;
use crate::model::{Destination, EventId, GatewayId, MessageId, Saying, SayingId, Timestamp};
use crate::store::{
    Changes, CommitError, Expect, Index, Key, Kind, Scan, Store, StoreError, Versioned,
};

/// Reads and decides; cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
}

/// Why a person's decision about a delivery was not carried out.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// There is no such entry.
    #[error("没有编号为 {0} 的发送记录；用 outbox 列表查看编号")]
    NotFound(SayingId),
    /// Its state does not allow it.
    #[error("{id} 现在是“{}”，不能{wish}", state.chinese())]
    NotNow {
        /// The entry.
        id: SayingId,
        /// Where it stands.
        state: DeliveryState,
        /// What was asked, Chinese.
        wish: &'static str,
    },
    /// The store failed, or somebody else was faster.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        Self::Commit(error.into())
    }
}

impl Ledger {
    /// The ledger in a store.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// One entry.
    pub async fn get(&self, id: &SayingId) -> Result<Option<Delivery>, StoreError> {
        Ok(self.store.get(id.as_str()).await?.map(|found| found.record))
    }

    /// At most `limit` entries, newest first.
    pub async fn recent(&self, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        self.newest(Index::DeliveryAt, &Key::new(), limit).await
    }

    /// At most `limit` entries in a state, last changed first.
    pub async fn by_state(
        &self,
        state: DeliveryState,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let key = Key::new().text(state.name());
        self.newest(Index::DeliveryState, &key, limit).await
    }

    /// At most `limit` entries about an event, newest first.
    pub async fn by_event(
        &self,
        event: &EventId,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let key = Key::new().text(event.as_str());
        self.newest(Index::DeliveryEvent, &key, limit).await
    }

    /// At most `limit` entries for a destination, newest first.
    pub async fn by_destination(
        &self,
        to: &Destination,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.newest(Index::DeliveryTo, &key_of(to), limit).await
    }

    /// At most `limit` sayings that have no words yet, by destination and order.
    pub async fn pending(&self, limit: usize) -> Result<Vec<Saying>, StoreError> {
        let scan = Scan::prefix(Index::SayingDue, &Key::new()).limit(limit);
        let found = self.store.scan::<Saying>(&scan).await?;
        Ok(found.into_iter().map(|saying| saying.record).collect())
    }

    /// The event that one of our messages is about: what a quoted card means.
    pub async fn event_of_message(
        &self,
        gateway: &GatewayId,
        message: &MessageId,
    ) -> Result<Option<EventId>, StoreError> {
        let key = message_key(gateway, message);
        let found = self.newest(Index::DeliveryMessage, &key, 1).await?;
        Ok(found.into_iter().next().and_then(|delivery| delivery.event))
    }

    /// Sends an unknown, refused or draft delivery (again), in the same words: a person knows that
    /// it did not go out. The running bot sees it at its next step.
    pub async fn retry(
        &self,
        id: &SayingId,
        by: &str,
        now: Timestamp,
    ) -> Result<Delivery, LedgerError> {
        use DeliveryState as S;
        self.decide(id, "重发", &[S::Unknown, S::Refused, S::Draft], |entry| {
            entry.attempts = 0;
            entry.not_before = now;
            entry.move_to(S::Waiting, format!("{by}要求重发"), now);
        })
        .await
    }

    /// Gives a delivery up that has not gone out; also a saying that has no words yet.
    pub async fn drop(
        &self,
        id: &SayingId,
        by: &str,
        now: Timestamp,
    ) -> Result<Delivery, LedgerError> {
        use DeliveryState as S;
        if let Some(pending) = self.store.get::<Saying>(id.as_str()).await? {
            return self.drop_pending(&pending, by, now).await;
        }
        self.decide(id, "放弃", &[S::Unknown, S::Waiting, S::Draft], |entry| {
            entry.move_to(S::Refused, format!("{by}决定不发"), now);
        })
        .await
    }

    /// A person sent a draft by hand, or saw that an unknown delivery is there.
    pub async fn mark_sent(
        &self,
        id: &SayingId,
        by: &str,
        now: Timestamp,
    ) -> Result<Delivery, LedgerError> {
        use DeliveryState as S;
        self.decide(id, "标记为已发出", &[S::Unknown, S::Draft], |entry| {
            if entry.state == S::Draft {
                for part in &mut entry.parts {
                    part.sent_at.get_or_insert(now);
                }
                entry.move_to(S::Sent, "", now);
            } else {
                entry.part_sent(None, now);
            }
            entry.reason = format!("{by}确认已发出");
        })
        .await
    }

    /// Stops all words of the bot; on disk when this returns. Sayings wait.
    pub async fn stop(&self, stop: &Stop) -> Result<(), CommitError> {
        switch::stop(&self.store, stop).await
    }

    /// Lets the bot speak again. What grew too old meanwhile is not said any more.
    pub async fn start(&self) -> Result<(), CommitError> {
        switch::start(&self.store).await
    }

    /// The stop in force, if one is.
    pub async fn stopped(&self) -> Result<Option<Stop>, StoreError> {
        switch::read(&self.store).await
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    async fn drop_pending(
        &self,
        pending: &Versioned<Saying>,
        by: &str,
        now: Timestamp,
    ) -> Result<Delivery, LedgerError> {
        let mut entry = words::entry(&pending.record, now);
        entry.move_to(DeliveryState::Refused, format!("{by}决定不发"), now);
        let mut changes = Changes::new();
        changes.delete::<Saying>(entry.id.as_str(), Expect::Version(pending.version));
        changes.put(&entry, Expect::New);
        self.commit(changes).await?;
        Ok(entry)
    }

    async fn decide(
        &self,
        id: &SayingId,
        wish: &'static str,
        from: &[DeliveryState],
        change: impl FnOnce(&mut Delivery),
    ) -> Result<Delivery, LedgerError> {
        let found = self.store.get::<Delivery>(id.as_str()).await?;
        let Some(Versioned {
            version,
            mut record,
        }) = found
        else {
            return Err(LedgerError::NotFound(id.clone()));
        };
        // Words that were never found, or were taken out, cannot be sent by anybody.
        if !from.contains(&record.state) || record.text().trim().is_empty() {
            return Err(LedgerError::NotNow {
                id: id.clone(),
                state: record.state,
                wish,
            });
        }
        change(&mut record);
        let mut changes = Changes::new();
        changes.put(&record, Expect::Version(version));
        self.commit(changes).await?;
        Ok(record)
    }

    async fn commit(&self, changes: Changes) -> Result<(), CommitError> {
        let commit = self.store.commit(changes).await?;
        Ok(self.store.durable(commit).await?)
    }

    async fn newest(
        &self,
        index: Index,
        prefix: &Key,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let scan = Scan::prefix(index, prefix).limit(limit).backward();
        debug_assert!(
            index.kind() == Kind::Delivery,
            "the ledger holds deliveries"
        );
        let found = self.store.scan::<Delivery>(&scan).await?;
        Ok(found.into_iter().map(|delivery| delivery.record).collect())
    }
}
