//! The only way out: durable sending with order, pace, merging, retry and a ledger.
//!
//! Others commit [`Saying`](crate::model::Saying)s; a *lane* (one gateway, or the drafts of all
//! groups that nothing may write to) turns them into [`Delivery`]s. One [`Outbox::step_lane`]:
//!
//! 1. what a crash left in mid-air becomes *unknown*: nobody knows whether it went out;
//! 2. every destination of the lane is asked for its next words ([`choose`]): 特急 first, then what
//!    was tried before, then by age; quiet hours, age and missing company decide what may go;
//! 3. the pace of account and destination decides how many go now;
//! 4. their words are found and the *claim* (saying gone, delivery `sending`) is committed and
//!    durable **before** the sink is called; each claim covers one part of one message;
//! 5. each outcome is committed as it arrives. *Not sent* is evidence and is repeated with back-off,
//!    in the same words; *unknown* is never repeated: it waits for its echo, then for a person.
//!
//! So a saying is in the store exactly once: as a `Saying`, or as a `Delivery` under the same id.

mod choose;
mod delivery;
mod echo;
mod flight;
mod ledger;
mod limits;
mod manners;
mod memory;
mod merge;
mod own;
mod pace;
mod plan;
mod privacy;
mod queues;
mod report;
mod split;
mod switch;
mod words;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::future::join_all;

use crate::assistant::Renderer;
use crate::gateway::{Sink, Sinks};
use crate::model::{Destination, GatewayId, SayingId, SendOutcome, Timestamp};
use crate::store::{Index, Key, Scan, Store, StoreError};

pub use delivery::{Delivery, DeliveryState, Part};
pub use ledger::{Ledger, LedgerError};
pub use limits::{Limits, Pace, Quiet};
pub use privacy::{Forgotten, Overdue, OverduePages};
pub use report::StepReport;
pub use switch::Stop;

use choose::Queue;
use memory::Memory;

/// Entries of the last hour that are read back at the start.
const RECALLED: usize = 10_000;

/// Which sink writes to a destination. Asked for every destination at every step, so it answers
/// from memory.
pub trait Routes: Send + Sync {
    /// The gateway that may write there; `None`: nothing may, words become drafts.
    fn sink_of(&self, to: &Destination) -> Option<GatewayId>;
}

/// What is pumped on its own, so that a slow sink holds up nobody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Everything that goes out through one gateway.
    Gateway(GatewayId),
    /// Everything that no sink may write: it becomes drafts at once.
    Drafts,
}

impl std::fmt::Display for Lane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gateway(gateway) => gateway.fmt(f),
            Self::Drafts => f.write_str("drafts"),
        }
    }
}

/// What is ahead of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// The first instant at which a step may have something to do; `None`: not before something
    /// happens.
    pub due: Option<Timestamp>,
    /// Sayings and deliveries that wait, of each destination at most what a step looks at.
    pub waiting: usize,
}

/// What the outbox works with.
pub struct Parts {
    /// Where sayings and the ledger are.
    pub store: Store,
    /// The sinks by name.
    pub sinks: Sinks,
    /// Which of them writes where.
    pub routes: Arc<dyn Routes>,
    /// Finds the words.
    pub renderer: Arc<dyn Renderer>,
    /// See [`Limits`].
    pub limits: Limits,
    /// Of the jitter.
    pub seed: u64,
}

/// The way out. All methods may be called from several tasks at once; a lane is stepped by one at a
/// time, a second caller does nothing.
pub struct Outbox {
    store: Store,
    sinks: Sinks,
    routes: Arc<dyn Routes>,
    renderer: Arc<dyn Renderer>,
    limits: ArcSwap<Limits>,
    memory: Mutex<Memory>,
    stepping: Mutex<HashSet<Lane>>,
    /// Outcomes that could not be written yet; bounded by what is in flight at once.
    unsettled: Mutex<BTreeMap<SayingId, Unsettled>>,
}

/// An outcome that is known but not in the store.
#[derive(Clone)]
struct Unsettled {
    lane: Lane,
    outcome: SendOutcome,
}

impl Outbox {
    /// Opens the outbox and reads back what the last hour's ledger says about pace, budgets and own
    /// words.
    pub async fn open(parts: Parts, now: Timestamp) -> Result<Self, StoreError> {
        let mut memory = Memory::new(parts.seed);
        let hour_ago = Key::new().time(now - Duration::from_hours(1));
        let scan = Scan::range(
            Index::DeliveryAt,
            Bound::Included(hour_ago),
            Bound::Unbounded,
        );
        let recent = parts
            .store
            .scan::<Delivery>(&scan.limit(RECALLED).backward())
            .await?;
        for entry in recent.iter().rev() {
            memory.recall(&entry.record, &parts.limits);
        }
        Ok(Self {
            store: parts.store,
            sinks: parts.sinks,
            routes: parts.routes,
            renderer: parts.renderer,
            limits: ArcSwap::from_pointee(parts.limits),
            memory: Mutex::new(memory),
            stepping: Mutex::new(HashSet::new()),
            unsettled: Mutex::new(BTreeMap::new()),
        })
    }

    /// Replaces the limits from the next step on.
    pub fn set_limits(&self, limits: Limits) {
        self.limits.store(Arc::new(limits));
    }

    /// The ledger of the same store.
    pub fn ledger(&self) -> Ledger {
        Ledger::new(self.store.clone())
    }

    /// One lane per sink and the drafts' lane; each is best stepped by a task of its own.
    pub fn lanes(&self) -> Vec<Lane> {
        let gateways = self.sinks.keys().cloned().map(Lane::Gateway);
        gateways.chain([Lane::Drafts]).collect()
    }

    /// One step of every lane, side by side. For tests, replays and rehearsals; a running bot steps
    /// its lanes apart.
    pub async fn step(&self, now: Timestamp) -> Result<StepReport, StoreError> {
        let lanes = self.lanes();
        let steps = join_all(lanes.iter().map(|lane| self.step_lane(lane, now))).await;
        let mut total = StepReport::default();
        for step in steps {
            total += step?;
        }
        Ok(total)
    }

    /// The first instant at which a step of any lane may have something to do; `None`: not before
    /// somebody commits a saying, decides in the ledger or lifts the stop.
    pub async fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let mut first = None;
        for lane in self.lanes() {
            let due = self.outlook(&lane, now).await?.due;
            first = [first, due].into_iter().flatten().min();
        }
        Ok(first)
    }

    /// Whether words of this lane can leave at all. While they cannot, waiting costs them no attempt.
    pub fn is_connected(&self, lane: &Lane) -> bool {
        self.sink(lane).is_none_or(|sink| sink.health().connected)
    }

    /// What a lane does while it is not connected: outcomes that could not be written before are, and
    /// what a crash left in mid-air becomes unknown. Nothing is attempted.
    pub async fn recover_lane(
        &self,
        lane: &Lane,
        now: Timestamp,
    ) -> Result<StepReport, StoreError> {
        let mut report = StepReport::default();
        let Some(_turn) = Stepping::begin(self, lane) else {
            return Ok(report);
        };
        self.write_unsettled(lane, now, &mut report).await;
        self.find_orphans(lane, now, &mut report).await?;
        Ok(report)
    }

    /// One step of a lane: everything that may go out now goes out, at most one message for each
    /// destination and a batch in all.
    pub async fn step_lane(&self, lane: &Lane, now: Timestamp) -> Result<StepReport, StoreError> {
        let mut report = StepReport::default();
        let Some(_turn) = Stepping::begin(self, lane) else {
            return Ok(report);
        };
        self.write_unsettled(lane, now, &mut report).await;
        self.find_orphans(lane, now, &mut report).await?;
        let mut queues = self.queues(lane).await?;
        if let Some(stop) = switch::read(&self.store).await? {
            report.stopped = 1;
            stop.silence(&mut queues);
        }
        let claims = self.plan(lane, &queues, now, &mut report);
        self.carry_out(lane, claims, now, &mut report).await?;
        Ok(report)
    }

    /// What is ahead of a lane, see [`Outbox::next_due`].
    pub async fn outlook(&self, lane: &Lane, now: Timestamp) -> Result<Outlook, StoreError> {
        let mut queues = self.queues(lane).await?;
        let waiting = queues.iter().map(Queue::len).sum();
        if let Some(stop) = switch::read(&self.store).await? {
            stop.silence(&mut queues);
        }
        let due = self.due(lane, &queues, now);
        Ok(Outlook { due, waiting })
    }

    /// Whether these words are our own of the last minutes, come back as somebody's message. Asked
    /// for each message that arrives; answers from memory.
    pub fn is_own_text(&self, to: &Destination, text: &str, now: Timestamp) -> bool {
        let limits = self.limits.load();
        self.memory()
            .own
            .contains(to, text, now, limits.own_text_for)
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unsettled(&self) -> MutexGuard<'_, BTreeMap<SayingId, Unsettled>> {
        self.unsettled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn sink(&self, lane: &Lane) -> Option<&Arc<dyn Sink>> {
        match lane {
            Lane::Gateway(gateway) => self.sinks.get(gateway),
            Lane::Drafts => None,
        }
    }

    /// The lane of a destination.
    fn lane_of(&self, to: &Destination) -> Lane {
        let routed = self.routes.sink_of(to);
        let able = routed.filter(|gateway| match (self.sinks.get(gateway), to) {
            (Some(sink), Destination::Person(_)) => sink.capabilities().direct,
            (sink, _) => sink.is_some(),
        });
        able.map_or(Lane::Drafts, Lane::Gateway)
    }
}

/// A lane is stepped by one task at a time; freed however the step ends, also when it is dropped.
struct Stepping<'a> {
    outbox: &'a Outbox,
    lane: Lane,
}

impl<'a> Stepping<'a> {
    fn begin(outbox: &'a Outbox, lane: &Lane) -> Option<Self> {
        let mut stepping = outbox
            .stepping
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        stepping.insert(lane.clone()).then(|| Self {
            outbox,
            lane: lane.clone(),
        })
    }
}

impl Drop for Stepping<'_> {
    fn drop(&mut self) {
        let mut stepping = self
            .outbox
            .stepping
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        stepping.remove(&self.lane);
    }
}
