//! Reads what waits for the destinations of a lane.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::choose::Queue;
use super::delivery::{Delivery, DeliveryState};
use super::manners::key_of;
use super::{Lane, Outbox};
use crate::model::{Destination, Saying};
use crate::store::{Index, Key, Scan, StoreError, Versioned};

/// Sayings read at once.
const CHUNK: usize = 256;

/// Deliveries to be repeated that are looked at, the longest waiting first. There is one for each
/// destination, but for 特急 and what people sent again by hand.
const WAITING: usize = 4096;

impl Outbox {
    /// What waits, by destination of this lane.
    pub(super) async fn queues(&self, lane: &Lane) -> Result<Vec<Queue>, StoreError> {
        let mut queues = BTreeMap::new();
        for delivery in self.waiting().await? {
            let to = delivery.record.to.clone();
            queue(&mut queues, to).waiting.push(delivery);
        }
        self.read_pending(&mut queues).await?;
        let ours = queues
            .into_values()
            .filter(|queue| self.lane_of(&queue.to) == *lane);
        Ok(ours.collect())
    }

    async fn waiting(&self) -> Result<Vec<Versioned<Delivery>>, StoreError> {
        let key = Key::new().text(DeliveryState::Waiting.name());
        let scan = Scan::prefix(Index::DeliveryState, &key).limit(WAITING);
        self.store.scan(&scan).await
    }

    /// Reads the first sayings of every destination. A destination with more than a window of them
    /// is skipped over, so one flooded group does not hide the others.
    async fn read_pending(
        &self,
        queues: &mut BTreeMap<Destination, Queue>,
    ) -> Result<(), StoreError> {
        let window = self.limits.load().window.clamp(1, CHUNK - 1);
        let mut from = Bound::Unbounded;
        loop {
            let scan = Scan::range(Index::SayingDue, from, Bound::Unbounded).limit(CHUNK);
            let chunk = self.store.scan::<Saying>(&scan).await?;
            let full = chunk.len() == CHUNK;
            let Some(last) = chunk.last().map(|saying| saying.record.to.clone()) else {
                return Ok(());
            };
            // The last destination of a full chunk may have more; it is read again from its start,
            // unless this was its start already.
            let cut = full && chunk.first().is_some_and(|first| first.record.to != last);
            for saying in chunk {
                let to = saying.record.to.clone();
                if cut && to == last {
                    continue;
                }
                let pending = &mut queue(queues, to).pending;
                if pending.len() < window {
                    pending.push(saying);
                }
            }
            if !full {
                return Ok(());
            }
            from = if cut {
                Bound::Included(key_of(&last))
            } else {
                behind(&last)
            };
        }
    }
}

/// The lower bound of what follows all sayings of a destination.
fn behind(to: &Destination) -> Bound<Key> {
    match key_of(to).prefix_range().1 {
        Bound::Excluded(next) => Bound::Included(next),
        end => end,
    }
}

fn queue(queues: &mut BTreeMap<Destination, Queue>, to: Destination) -> &mut Queue {
    queues.entry(to.clone()).or_insert_with(|| Queue {
        to,
        waiting: Vec::new(),
        pending: Vec::new(),
    })
}
