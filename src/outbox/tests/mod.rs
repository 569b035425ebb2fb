//! The rules of sending, one by one, on a store in memory with a scripted platform.

mod crash;
mod faults;
mod ledger;
mod order;
mod outcomes;
mod pace;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;

use super::*;
use crate::assistant::RenderError;
use crate::gateway::{Health, SinkCapabilities};
use crate::model::{Facts, Level, MessageId, Outgoing, Saying, SayingKind};
use crate::store::memory::Memory as InMemory;
use crate::store::{Changes, Expect};

/// A platform that answers as scripted and remembers what it was given.
struct Platform {
    id: GatewayId,
    can: Mutex<SinkCapabilities>,
    script: Mutex<VecDeque<SendOutcome>>,
    heard: Mutex<Vec<Outgoing>>,
    store: Store,
}

#[async_trait]
impl Sink for Platform {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SinkCapabilities {
        *self.can.lock().expect("whole")
    }

    async fn send(&self, outgoing: &Outgoing) -> SendOutcome {
        let entry = self.store.get::<Delivery>(outgoing.saying.as_str()).await;
        let entry = entry.expect("readable").expect("claimed before it is sent");
        assert_eq!(
            entry.record.state,
            DeliveryState::Sending,
            "claimed before it is sent"
        );
        let number = {
            let mut heard = self.heard.lock().expect("whole");
            heard.push(outgoing.clone());
            heard.len()
        };
        let scripted = self.script.lock().expect("whole").pop_front();
        scripted.unwrap_or_else(|| SendOutcome::Sent {
            message: Some(MessageId::new(format!("m{number}"))),
        })
    }

    fn health(&self) -> Health {
        Health::default()
    }
}

/// Everything goes through `one`, but for `silent`, where nothing may write.
struct AllThroughOne;

impl Routes for AllThroughOne {
    fn sink_of(&self, to: &Destination) -> Option<GatewayId> {
        (*to != group("silent")).then(|| "one".into())
    }
}

/// Words that show what they were made of.
struct Plain;

impl Renderer for Plain {
    fn render(&self, saying: &Saying, merged: &[Saying]) -> Result<String, RenderError> {
        if saying.facts.contains_key("wordless") {
            let detail = "x".to_owned();
            return Err(RenderError {
                kind: "done",
                detail,
            });
        }
        let text = saying
            .facts
            .get("text")
            .cloned()
            .unwrap_or_else(|| saying.id.to_string());
        let merged = merged.iter().map(|other| format!("+{}", other.id));
        Ok(text + &merged.collect::<String>())
    }
}

/// A store, a platform and an outbox between them.
struct Rehearsal {
    store: Store,
    platform: Arc<Platform>,
    outbox: Outbox,
    now: Timestamp,
}

const NOON: &str = "2026-01-05T12:00:00+08:00";

fn group(id: &str) -> Destination {
    Destination::Group(id.into())
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn saying(id: &str, kind: SayingKind, at: Timestamp) -> Saying {
    Saying {
        id: id.into(),
        kind,
        event: None,
        to: group("g"),
        level: Level::Normal,
        facts: Facts::new(),
        quote: None,
        mentions: Vec::new(),
        at,
    }
}

fn not_sent(retry_after: Option<Duration>) -> SendOutcome {
    let reason = "没连上".to_owned();
    SendOutcome::NotSent {
        reason,
        retry_after,
    }
}

impl Rehearsal {
    async fn at(now: &str, limits: Limits) -> Self {
        let store = Store::new(InMemory::new());
        let platform = Arc::new(Platform {
            id: "one".into(),
            can: Mutex::new(SinkCapabilities {
                mention: true,
                quote: true,
                direct: true,
                ..SinkCapabilities::text_only(2048)
            }),
            script: Mutex::default(),
            heard: Mutex::default(),
            store: store.clone(),
        });
        let outbox = reopen(&store, &platform, limits, time(now)).await;
        Self {
            store,
            platform,
            outbox,
            now: time(now),
        }
    }

    /// At noon, without anything that holds words back.
    async fn unhurried() -> Self {
        Self::at(NOON, Limits::unhurried()).await
    }

    /// Commits a saying, caused one millisecond after the one before.
    async fn say(&mut self, id: &str, kind: SayingKind) {
        self.say_so(saying(id, kind, self.now)).await;
    }

    async fn say_so(&mut self, saying: Saying) {
        let mut changes = Changes::new();
        changes.put(
            &Saying {
                at: self.now,
                ..saying
            },
            Expect::Any,
        );
        self.store.commit(changes).await.expect("committed");
        self.wait(Duration::from_millis(1));
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
    }

    async fn step(&self) -> StepReport {
        self.outbox.step(self.now).await.expect("a step")
    }

    async fn due(&self) -> Option<Timestamp> {
        self.outbox.next_due(self.now).await.expect("readable")
    }

    /// Steps and sleeps until nothing is due any more.
    async fn drain(&mut self) {
        for _ in 0..1000 {
            self.step().await;
            match self.due().await {
                None => return,
                Some(due) => self.now = self.now.max(due),
            }
        }
        panic!("it never rests");
    }

    fn script<const N: usize>(&self, outcomes: [SendOutcome; N]) {
        self.platform.script.lock().expect("whole").extend(outcomes);
    }

    fn can(&self, change: impl FnOnce(&mut SinkCapabilities)) {
        change(&mut self.platform.can.lock().expect("whole"));
    }

    fn heard(&self) -> Vec<String> {
        let heard = self.platform.heard.lock().expect("whole");
        heard.iter().map(|outgoing| outgoing.text.clone()).collect()
    }

    fn last(&self) -> Outgoing {
        let heard = self.platform.heard.lock().expect("whole");
        heard.last().expect("something was said").clone()
    }

    async fn entry(&self, id: &str) -> Delivery {
        let entry = self
            .outbox
            .ledger()
            .get(&id.into())
            .await
            .expect("readable");
        entry.expect("in the ledger")
    }

    async fn state(&self, id: &str) -> DeliveryState {
        self.entry(id).await.state
    }

    /// The process ends and begins again on the same store.
    async fn restart(&mut self) {
        let limits = (**self.outbox.limits.load()).clone();
        self.outbox = reopen(&self.store, &self.platform, limits, self.now).await;
    }
}

async fn reopen(store: &Store, platform: &Arc<Platform>, limits: Limits, now: Timestamp) -> Outbox {
    let sink: Arc<dyn Sink> = platform.clone();
    let parts = Parts {
        store: store.clone(),
        sinks: BTreeMap::from([("one".into(), sink)]),
        routes: Arc::new(AllThroughOne),
        renderer: Arc::new(Plain),
        limits,
        seed: 7,
    };
    Outbox::open(parts, now).await.expect("opened")
}
