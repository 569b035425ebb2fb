//! Platform protocols behind two traits: a [`Source`] reads, a [`Sink`] writes. A group is bound to
//! one of each, since hardly any platform lets one account do both.

pub mod border;
mod capability;
pub mod client;
mod door;
pub mod mapped;
mod onebot;
mod onebot11;
mod onebot12;
pub mod player;
mod profile;
pub mod registry;
pub mod simulator;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

pub use capability::{
    Addressing, Confirmation, Hears, Rate, RateScope, SinkCapabilities, SourceCapabilities,
};
pub use profile::Profile;

use crate::model::{GatewayId, GroupRef, Message, Outgoing, SendOutcome};

/// What a source delivers.
#[derive(Debug)]
pub enum Inbound {
    /// A message somebody wrote, with the way to say that it is committed.
    Message {
        /// The message.
        message: Box<Message>,
        /// When its last byte had arrived.
        arrived: Instant,
        /// Answered with `true` after the commit, `false` if it could not be kept.
        done: Option<oneshot::Sender<bool>>,
    },
    /// Our own words came back: evidence that they went out.
    Echo(Box<Message>),
    /// Groups the platform lists; incomplete by nature.
    Groups(Vec<GroupRef>),
    /// Something arrived that cannot be understood; counted, never the content.
    Unreadable {
        /// The kind of trouble, English, for logs and metrics.
        reason: &'static str,
        /// What arrived, as far as it is of use to whoever looks into it.
        body: Vec<u8>,
    },
}

/// Most that is kept of what cannot be understood.
const UNREADABLE_BYTES: usize = 16 << 10;

impl Inbound {
    /// Something that cannot be understood.
    pub fn unreadable(reason: &'static str, body: &[u8]) -> Self {
        let body = body[..body.len().min(UNREADABLE_BYTES)].to_vec();
        Self::Unreadable { reason, body }
    }
}

/// Where sources put what they hear: bounded; a full inbox slows the source down.
pub type Inbox = mpsc::Sender<(GatewayId, Inbound)>;

/// Reads a platform until told to stop, through every disconnection.
#[async_trait]
pub trait Source: Send + Sync {
    /// The configured name.
    fn id(&self) -> &GatewayId;

    /// What it can hear.
    fn capabilities(&self) -> SourceCapabilities;

    /// Reads for ever. Returns early only for what no retry mends.
    async fn run(&self, inbox: Inbox, stop: CancellationToken) -> Result<(), GatewayError>;

    /// Reads once more what could not be read when it came; `None` when it still cannot be.
    fn read_again(&self, _body: &[u8]) -> Option<Inbound> {
        None
    }

    /// How it is doing.
    fn health(&self) -> Health;
}

/// Writes to a platform.
#[async_trait]
pub trait Sink: Send + Sync {
    /// The configured name.
    fn id(&self) -> &GatewayId;

    /// What it can do.
    fn capabilities(&self) -> SinkCapabilities;

    /// One attempt, bounded in time.
    async fn send(&self, outgoing: &Outgoing) -> SendOutcome;

    /// How it is doing.
    fn health(&self) -> Health;
}

/// The sinks by name, as the outbox uses them.
pub type Sinks = std::collections::BTreeMap<GatewayId, Arc<dyn Sink>>;

/// Ready means that events arrive and actions work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// A live connection exists, for events and for actions.
    pub connected: bool,
    /// An action was answered since the connection was made.
    pub acting: bool,
    /// Since the last frame of any kind.
    pub silent_for: Option<Duration>,
    /// What is wrong, Chinese; empty when nothing is.
    pub trouble: String,
}

/// A gateway that no retry mends.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The listener cannot be opened.
    #[error("无法监听 {address}：{detail}")]
    Listen {
        /// As configured.
        address: String,
        /// The system's words.
        detail: String,
    },
}
