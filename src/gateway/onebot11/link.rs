//! What source and sink share: the live connection, the calls under way, and how it is doing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::gateway::Health;
use crate::model::SendOutcome;

/// Frames that wait for the socket; a full queue means that the peer does not read.
const OUTGOING_FRAMES: usize = 64;

/// Calls under way at once; more are not sent.
const CALLS: usize = 256;

/// Which of the protocol's roles a connection plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// Events only.
    Event,
    /// Actions only.
    Api,
    /// Both.
    Universal,
}

impl Channel {
    fn carries_events(self) -> bool {
        self != Self::Api
    }

    fn carries_actions(self) -> bool {
        self != Self::Event
    }
}

/// The state of one account's connections. Locks are held for a few instructions, never across `.await`.
#[derive(Default)]
pub(super) struct Link {
    state: Mutex<State>,
    serial: AtomicU64,
}

#[derive(Default)]
struct State {
    event: Option<Attached>,
    api: Option<Attached>,
    calls: HashMap<String, Waiting>,
    self_id: Option<String>,
    acting: bool,
    last_frame: Option<Instant>,
    trouble: String,
}

/// A call that was written to a connection and waits for its answer.
struct Waiting {
    connection: u64,
    answered: oneshot::Sender<Value>,
}

#[derive(Clone)]
struct Attached {
    serial: u64,
    frames: mpsc::Sender<String>,
    replaced: CancellationToken,
}

/// A connection's own end of the link; dropping it detaches.
pub(super) struct Attachment<'a> {
    link: &'a Link,
    serial: u64,
    /// Frames to write to the socket.
    pub(super) outgoing: mpsc::Receiver<String>,
    /// Cancelled when a newer connection takes this one's place.
    pub(super) replaced: CancellationToken,
}

/// A call got no answer.
#[derive(Debug)]
pub(super) enum CallFailure {
    /// It never left.
    NotSent(&'static str),
    /// It left, and then nothing was heard.
    NoAnswer,
}

impl From<CallFailure> for SendOutcome {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::NotSent(reason) => Self::NotSent {
                reason: reason.to_owned(),
                retry_after: None,
            },
            CallFailure::NoAnswer => Self::Unknown {
                reason: "平台没有回答，不知道是否已发出".to_owned(),
            },
        }
    }
}

impl Link {
    /// Takes a new connection; one that plays the same role is told to go.
    pub(super) fn attach(&self, channel: Channel) -> Attachment<'_> {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let (frames, outgoing) = mpsc::channel(OUTGOING_FRAMES);
        let replaced = CancellationToken::new();
        let attached = Attached {
            serial,
            frames,
            replaced: replaced.clone(),
        };
        let mut state = self.state();
        let State { event, api, .. } = &mut *state;
        let slots = [
            (channel.carries_events(), event),
            (channel.carries_actions(), api),
        ];
        for (_, slot) in slots.into_iter().filter(|(carries, _)| *carries) {
            if let Some(old) = slot.replace(attached.clone()) {
                old.replaced.cancel();
            }
        }
        state.acting = false;
        state.last_frame = Some(Instant::now());
        state.trouble.clear();
        Attachment {
            link: self,
            serial,
            outgoing,
            replaced,
        }
    }

    /// Calls an action and waits for the answer with its echo.
    pub(super) async fn call(
        &self,
        action: &str,
        params: Value,
        timeout: Duration,
    ) -> Result<Value, CallFailure> {
        let echo = format!("lx{}", self.serial.fetch_add(1, Ordering::Relaxed));
        let frame = json!({"action": action, "params": params, "echo": echo}).to_string();
        let (connection, answer) = self.dispatch(&echo, frame)?;
        let result = tokio::time::timeout(timeout, answer).await;
        let mut state = self.state();
        state.calls.remove(&echo);
        // An answer says nothing about the connection that has taken the place of its own.
        let current = state.api.as_ref().map(|api| api.serial) == Some(connection);
        if current {
            state.acting = matches!(result, Ok(Ok(_)));
        }
        match result {
            Ok(Ok(reply)) => Ok(reply),
            _ => Err(CallFailure::NoAnswer),
        }
    }

    /// Writes a call to the connection in use; gives that connection and where the answer comes.
    fn dispatch(
        &self,
        echo: &str,
        frame: String,
    ) -> Result<(u64, oneshot::Receiver<Value>), CallFailure> {
        let mut state = self.state();
        let api = state
            .api
            .as_ref()
            .ok_or(CallFailure::NotSent("网关还没有连上"))?;
        if state.calls.len() >= CALLS {
            return Err(CallFailure::NotSent("等待平台回答的请求太多"));
        }
        let (answered, answer) = oneshot::channel();
        api.frames
            .try_send(frame)
            .map_err(|_| CallFailure::NotSent("平台没有在读取连接"))?;
        let connection = api.serial;
        let waiting = Waiting {
            connection,
            answered,
        };
        state.calls.insert(echo.to_owned(), waiting);
        Ok((connection, answer))
    }

    /// Hands an answer to whoever waits for it; late and foreign ones are dropped.
    pub(super) fn answered(&self, echo: &str, reply: Value) {
        let waiting = self.state().calls.remove(echo);
        if let Some(waiting) = waiting {
            // The caller may have gone on its time-out; then nobody needs the answer.
            let _ = waiting.answered.send(reply);
        }
    }

    /// Notes a sign of life.
    pub(super) fn heard(&self, self_id: Option<String>) {
        let mut state = self.state();
        state.last_frame = Some(Instant::now());
        if self_id.is_some() {
            state.self_id = self_id;
        }
    }

    /// Notes why there is no connection, Chinese.
    pub(super) fn troubled(&self, trouble: String) {
        self.state().trouble = trouble;
    }

    /// The account's own id, once it is known.
    pub(super) fn self_id(&self) -> Option<String> {
        self.state().self_id.clone()
    }

    /// Ready means that events arrive and actions are answered.
    pub(super) fn health(&self) -> Health {
        let state = self.state();
        Health {
            connected: state.event.is_some() && state.api.is_some(),
            acting: state.api.is_some() && state.acting,
            silent_for: state.last_frame.map(|at| at.elapsed()),
            trouble: state.trouble.clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Attachment<'_> {
    /// Calls that wait on this connection get no answer any more; they end as unknown at once.
    fn drop(&mut self) {
        let mut state = self.link.state();
        if state
            .event
            .as_ref()
            .is_some_and(|event| event.serial == self.serial)
        {
            state.event = None;
        }
        if state
            .api
            .as_ref()
            .is_some_and(|api| api.serial == self.serial)
        {
            state.api = None;
            state.acting = false;
        }
        let calls = &mut state.calls;
        calls.retain(|_, call| call.connection != self.serial);
    }
}
