//! A store that fails for a while, a sink that is slow, a lane that is stepped twice.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use super::*;
use crate::store::{Backend, CommitError, CommitNo, Instant, Kind, RawRecord};

/// A store in memory whose disk is full when told so.
#[derive(Default)]
struct Failing {
    memory: InMemory,
    commits: AtomicBool,
    flushes: AtomicBool,
}

struct Shared(Arc<Failing>);

#[async_trait]
impl Backend for Shared {
    async fn get(&self, kind: Kind, id: &str) -> Result<Option<RawRecord>, StoreError> {
        self.0.memory.get(kind, id).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Vec<RawRecord>, StoreError> {
        self.0.memory.scan(scan).await
    }

    async fn commit(&self, changes: Changes) -> Result<CommitNo, CommitError> {
        if self.0.commits.load(Ordering::SeqCst) {
            return Err(StoreError::Full.into());
        }
        self.0.memory.commit(changes).await
    }

    async fn durable(&self, upto: CommitNo) -> Result<(), StoreError> {
        if self.0.flushes.load(Ordering::SeqCst) {
            return Err(StoreError::Full);
        }
        self.0.memory.durable(upto).await
    }

    fn last(&self) -> CommitNo {
        self.0.memory.last()
    }

    async fn instant(&self) -> Result<Box<dyn Instant>, StoreError> {
        self.0.memory.instant().await
    }
}

/// A sink that answers when it is let, and can fill the disk while it sends.
struct Slow {
    id: GatewayId,
    gate: Option<Arc<Notify>>,
    fills: Option<Arc<Failing>>,
    heard: Mutex<u32>,
}

#[async_trait]
impl Sink for Slow {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SinkCapabilities {
        words::BY_HAND
    }

    async fn send(&self, _: &Outgoing) -> SendOutcome {
        *self.heard.lock().expect("whole") += 1;
        if let Some(gate) = &self.gate {
            gate.notified().await;
        }
        if let Some(store) = &self.fills {
            store.commits.store(true, Ordering::SeqCst);
        }
        SendOutcome::Sent { message: None }
    }

    fn health(&self) -> Health {
        Health::default()
    }
}

/// Each group goes through the gateway of its own name.
struct ByName;

impl Routes for ByName {
    fn sink_of(&self, to: &Destination) -> Option<GatewayId> {
        match to {
            Destination::Group(group) => Some(group.as_str().into()),
            Destination::Person(_) => None,
        }
    }
}

fn slow(id: &str) -> Slow {
    Slow {
        id: id.into(),
        gate: None,
        fills: None,
        heard: Mutex::default(),
    }
}

async fn outbox<const N: usize>(store: &Store, sinks: [Arc<Slow>; N]) -> Outbox {
    let sinks = sinks.map(|sink| (sink.id.clone(), sink as Arc<dyn Sink>));
    let parts = Parts {
        store: store.clone(),
        sinks: BTreeMap::from(sinks),
        routes: Arc::new(ByName),
        renderer: Arc::new(Plain),
        limits: Limits::unhurried(),
        seed: 1,
    };
    Outbox::open(parts, time(NOON)).await.expect("opened")
}

async fn commit(store: &Store, id: &str, to: &str) {
    let mut changes = Changes::new();
    let to = group(to);
    let now = time(NOON);
    changes.put(
        &Saying {
            to,
            ..saying(id, SayingKind::Done, now)
        },
        Expect::New,
    );
    store.commit(changes).await.expect("committed");
}

async fn state(outbox: &Outbox, id: &str) -> DeliveryState {
    let entry = outbox.ledger().get(&id.into()).await.expect("readable");
    entry.expect("in the ledger").state
}

#[tokio::test]
async fn nothing_is_sent_while_the_claim_is_not_on_disk_and_it_goes_out_later() {
    let disk = Arc::new(Failing::default());
    let store = Store::new(Shared(disk.clone()));
    let sink = Arc::new(slow("one"));
    let outbox = outbox(&store, [sink.clone()]).await;
    commit(&store, "a", "one").await;
    disk.flushes.store(true, Ordering::SeqCst);
    outbox.step(time(NOON)).await.expect_err("the disk is full");
    assert_eq!(*sink.heard.lock().expect("whole"), 0);
    disk.flushes.store(false, Ordering::SeqCst);
    let mut now = time(NOON);
    for _ in 0..3 {
        outbox.step(now).await.expect("a step");
        now += Duration::from_secs(2);
    }
    assert_eq!(*sink.heard.lock().expect("whole"), 1);
    assert_eq!(state(&outbox, "a").await, DeliveryState::Sent);
}

#[tokio::test]
async fn an_outcome_that_cannot_be_written_is_kept_and_written_later() {
    let disk = Arc::new(Failing::default());
    let store = Store::new(Shared(disk.clone()));
    let sink = Arc::new(Slow {
        fills: Some(disk.clone()),
        ..slow("one")
    });
    let outbox = outbox(&store, [sink.clone()]).await;
    commit(&store, "a", "one").await;
    let report = outbox.step(time(NOON)).await.expect("a step");
    assert_eq!((report.sent, report.unsettled), (0, 1));
    assert_eq!(state(&outbox, "a").await, DeliveryState::Sending);
    disk.commits.store(false, Ordering::SeqCst);
    let report = outbox.step(time(NOON)).await.expect("a step");
    assert_eq!((report.sent, report.orphaned), (1, 0));
    assert_eq!(state(&outbox, "a").await, DeliveryState::Sent);
    assert_eq!(*sink.heard.lock().expect("whole"), 1);
}

#[tokio::test]
async fn a_slow_sink_holds_up_nobody_else_and_its_lane_is_stepped_once() {
    let store = Store::new(InMemory::new());
    let gate = Arc::new(Notify::new());
    let stuck = Arc::new(Slow {
        gate: Some(gate.clone()),
        ..slow("stuck")
    });
    let quick = Arc::new(slow("quick"));
    let outbox = outbox(&store, [stuck.clone(), quick.clone()]).await;
    commit(&store, "a", "stuck").await;
    commit(&store, "b", "quick").await;
    let lane = Lane::Gateway("stuck".into());
    let long = outbox.step_lane(&lane, time(NOON));
    let meanwhile = async {
        let again = outbox.step_lane(&lane, time(NOON)).await.expect("a step");
        assert_eq!(again, StepReport::default(), "somebody is at it");
        let lane = Lane::Gateway("quick".into());
        let other = outbox.step_lane(&lane, time(NOON)).await.expect("a step");
        assert_eq!(other.sent, 1);
        gate.notify_one();
    };
    let (long, ()) = tokio::join!(long, meanwhile);
    assert_eq!(long.expect("a step").sent, 1);
    assert_eq!(*stuck.heard.lock().expect("whole"), 1);
}

#[tokio::test]
async fn a_step_that_is_dropped_half_way_leaves_an_unknown_sending() {
    let store = Store::new(InMemory::new());
    let gate = Arc::new(Notify::new());
    let stuck = Arc::new(Slow {
        gate: Some(gate),
        ..slow("one")
    });
    let outbox = outbox(&store, [stuck.clone()]).await;
    commit(&store, "a", "one").await;
    let step = tokio::time::timeout(Duration::ZERO, outbox.step(time(NOON)));
    assert!(step.await.is_err(), "it never answers");
    outbox.step(time(NOON)).await.expect("a step");
    assert_eq!(state(&outbox, "a").await, DeliveryState::Unknown);
    assert_eq!(*stuck.heard.lock().expect("whole"), 1);
}
