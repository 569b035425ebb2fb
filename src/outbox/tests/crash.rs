//! Whatever ends when, every saying is in the ledger once and nothing is said twice by guess.

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;

use super::*;

/// What becomes of one attempt: the platform's word, or the end of the process.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Sent,
    SentWithoutId,
    NotSent,
    Refused,
    Unknown,
    /// The process ends before the platform answers.
    Crash,
}

/// Deals fates and notes for each message how often it may have gone out.
struct Fates {
    id: GatewayId,
    dealt: Mutex<VecDeque<Fate>>,
    /// By saying and text: attempts that may have gone out.
    out: Mutex<BTreeMap<(SayingId, String), u32>>,
}

#[async_trait]
impl Sink for Fates {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SinkCapabilities {
        SinkCapabilities {
            mention: true,
            quote: true,
            direct: true,
            ..SinkCapabilities::text_only(40)
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> SendOutcome {
        let fate = self
            .dealt
            .lock()
            .expect("whole")
            .pop_front()
            .unwrap_or(Fate::Sent);
        if !matches!(fate, Fate::NotSent) {
            let message = (outgoing.saying.clone(), outgoing.text.clone());
            *self.out.lock().expect("whole").entry(message).or_default() += 1;
        }
        let reason = "x".to_owned();
        match fate {
            Fate::Sent => SendOutcome::Sent {
                message: Some("m".into()),
            },
            Fate::SentWithoutId => SendOutcome::Sent { message: None },
            Fate::NotSent => not_sent(None),
            Fate::Refused => SendOutcome::Refused { reason },
            Fate::Unknown => SendOutcome::Unknown { reason },
            Fate::Crash => pending().await,
        }
    }

    fn health(&self) -> Health {
        Health::default()
    }
}

fn open(store: &Store, sink: &Arc<Fates>, now: Timestamp) -> Outbox {
    let sink: Arc<dyn Sink> = sink.clone();
    let limits = Limits {
        attempts: 4,
        batch: 3,
        ..Limits::unhurried()
    };
    let parts = Parts {
        store: store.clone(),
        sinks: BTreeMap::from([("one".into(), sink)]),
        routes: Arc::new(AllThroughOne),
        renderer: Arc::new(Plain),
        limits,
        seed: 1,
    };
    ready(Outbox::open(parts, now))
        .expect("memory is always ready")
        .expect("opened")
}

/// Runs what never waits for anything but a crash: `None` is the crash.
fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Sent),
        1 => Just(Fate::SentWithoutId),
        3 => Just(Fate::NotSent),
        1 => Just(Fate::Refused),
        1 => Just(Fate::Unknown),
        2 => Just(Fate::Crash),
    ]
}

proptest! {
    #[test]
    fn every_saying_ends_once_and_nothing_is_said_twice_without_evidence(
        fates in proptest::collection::vec(fate(), 0..40),
        sayings in proptest::collection::vec((0..26usize, 0..3u8, 0..4u8, 0..3usize), 1..12),
    ) {
        let kinds = every_kind();
        let store = Store::new(InMemory::new());
        let sink = Arc::new(Fates {
            id: "one".into(),
            dealt: Mutex::new(fates.into()),
            out: Mutex::default(),
        });
        let mut now = time(NOON);
        let mut changes = Changes::new();
        for (number, (kind, event, to, sentences)) in sayings.iter().enumerate() {
            let id = format!("s{number}");
            let to = if *to == 3 { group("silent") } else { group(&format!("g{to}")) };
            let event = (*event > 0).then(|| crate::model::EventId::new(format!("E-1-000{event}")));
            let text = format!("{id}{}", "这是一句话。".repeat(*sentences * 2));
            let facts = Facts::from([("text".to_owned(), text)]);
            changes.put(&Saying { event, to, facts, ..saying(&id, kinds[*kind], now) }, Expect::New);
        }
        ready(store.commit(changes)).expect("ready").expect("committed");

        let mut outbox = open(&store, &sink, now);
        let mut rested = false;
        for _ in 0..400 {
            match ready(outbox.step(now)) {
                None => outbox = open(&store, &sink, now),
                Some(report) => { report.expect("memory never fails"); }
            }
            let due = ready(outbox.next_due(now)).expect("ready").expect("readable");
            rested = due.is_none();
            if rested {
                break;
            }
            now = due.map_or(now, |due| now.max(due));
        }
        prop_assert!(rested, "it comes to rest");
        // A crash's orphans are found by the step after it.
        ready(outbox.step(now)).expect("ready").expect("a step");

        let ledger = outbox.ledger();
        prop_assert!(ready(ledger.pending(99)).expect("ready").expect("readable").is_empty());
        let entries = ready(ledger.recent(99)).expect("ready").expect("readable");
        prop_assert_eq!(entries.len(), sayings.len());
        for entry in &entries {
            prop_assert!(!matches!(entry.state, DeliveryState::Waiting | DeliveryState::Sending));
            if let Some(lead) = &entry.with {
                let lead = entries.iter().find(|other| other.id == *lead).expect("in the ledger");
                prop_assert!(lead.also.contains(&entry.id) && lead.with.is_none());
            }
        }
        for (message, times) in sink.out.lock().expect("whole").iter() {
            prop_assert!(*times == 1, "{message:?} may have gone out {times} times");
        }
    }
}

fn every_kind() -> Vec<SayingKind> {
    let names = [
        "welcome",
        "acknowledged",
        "emergency_advice",
        "discreet_care",
        "known_cause",
        "accepted",
        "suspended",
        "extended",
        "transferred",
        "escalated",
        "outcome",
        "reopened",
        "merged",
        "declined",
        "self_cleared",
        "answer",
        "done",
        "refused_kindly",
        "which_one",
        "dispatch",
        "reminder",
        "alarm",
        "lead_shown",
        "awaiting_staff",
        "objection_kept",
        "consultation",
    ];
    let kind = |name: &&str| serde_json::from_value(serde_json::json!(name)).expect("a kind");
    names.iter().map(kind).collect()
}

#[tokio::test]
async fn a_sending_that_a_crash_cut_short_is_unknown_and_its_sent_parts_stay_sent() {
    let mut it = Rehearsal::unhurried().await;
    it.can(|can| can.max_bytes = 40);
    let facts = Facts::from([("text".to_owned(), "一句话到这里结束。".repeat(4))]);
    it.say_so(Saying {
        facts,
        ..saying("a", SayingKind::Answer, it.now)
    })
    .await;
    it.step().await;
    let mut record = it.entry("a").await;
    record.claim(&"one".into(), it.now);
    let mut changes = Changes::new();
    changes.put(&record, Expect::Any);
    it.store.commit(changes).await.expect("committed");
    it.restart().await;
    assert_eq!(it.step().await.orphaned, 1);
    it.drain().await;
    let entry = it.entry("a").await;
    assert_eq!((entry.state, it.heard().len()), (DeliveryState::Unknown, 1));
    assert!(entry.parts[0].sent_at.is_some() && entry.parts[1].sent_at.is_none());
    it.outbox
        .ledger()
        .retry(&"a".into(), "小周", it.now)
        .await
        .expect("retried");
    it.drain().await;
    assert_eq!(it.heard().len(), entry.parts.len(), "no part twice");
}

#[tokio::test]
async fn an_echo_that_is_faster_than_the_answer_counts() {
    let mut it = Rehearsal::unhurried().await;
    it.say("a", SayingKind::Done).await;
    it.step().await;
    let mut record = it.entry("a").await;
    record.parts[0] = Part::new("a".to_owned());
    record.claim(&"one".into(), it.now);
    let mut changes = Changes::new();
    changes.put(&record, Expect::Any);
    it.store.commit(changes).await.expect("committed");
    it.outbox
        .echo(&"one".into(), &group("g"), "a", &"m7".into(), it.now)
        .await
        .expect("read");
    it.drain().await;
    assert_eq!(it.state("a").await, DeliveryState::Sent);
}
