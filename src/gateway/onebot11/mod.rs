//! OneBot 11 over WebSocket, both directions: forward (we dial) and reverse (we listen).
//!
//! Protocol: botuniverse/onebot-11, `communication/ws.md`, `communication/ws-reverse.md`, `event/*`,
//! `api/public.md`, `message/*`. What implementations do beyond the text (string ids, negative
//! message ids, half-dead sockets) is handled here and nowhere else.

mod action;
mod event;
mod forward;
mod link;
mod opening;
mod reverse;
mod segment;
mod session;
#[cfg(test)]
mod tests;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::link::Link;
use super::{
    GatewayError, Health, Hears, Inbox, Sink, SinkCapabilities, Source, SourceCapabilities,
};
use crate::model::{Clock, GatewayId, Outgoing, SendOutcome};
pub(super) use opening::{open, reach};

/// Which side opens the connection.
#[derive(Clone, Debug)]
pub enum Transport {
    /// We dial the implementation.
    Forward {
        /// `ws://host:port/` or `wss://host:port/`.
        url: String,
    },
    /// The implementation dials us.
    Reverse {
        /// `127.0.0.1:8080`.
        listen: SocketAddr,
        /// The path of the endpoint, `/onebot/v11`.
        path: String,
    },
}

/// How one OneBot 11 gateway behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which side opens the connection.
    pub transport: Transport,
    /// The shared access token, if one is agreed.
    pub token: Option<SecretString>,
    /// How often a sign of life is asked for; a socket silent for three of these is dead.
    pub heartbeat: Duration,
    /// How long an action may take before its outcome counts as unknown.
    pub action_timeout: Duration,
    /// Longest pause between two attempts to dial; the first is a second.
    pub redial_max: Duration,
    /// Largest frame that is read, bytes.
    pub max_frame_bytes: usize,
}

impl Settings {
    /// Settings as the example configuration documents them.
    pub fn new(transport: Transport) -> Self {
        Self {
            transport,
            token: None,
            heartbeat: Duration::from_secs(15),
            action_timeout: Duration::from_secs(10),
            redial_max: Duration::from_mins(1),
            max_frame_bytes: 1 << 20,
        }
    }
}

/// A socket is not answered, and nothing is delivered afterwards.
const HEARS: SourceCapabilities = SourceCapabilities {
    acknowledged: false,
    hears: Hears::Everything,
    history: false,
};

/// Text length and rate are not limited by the protocol; 4,000 bytes is what chat clients show whole.
const WRITES: SinkCapabilities = SinkCapabilities {
    mention: true,
    quote: true,
    image: true,
    direct: true,
    ..SinkCapabilities::text_only(4000)
};

/// One OneBot 11 account: reads and writes over the same link.
pub struct OneBot11 {
    id: GatewayId,
    settings: Settings,
    link: Link,
    clock: Arc<dyn Clock>,
    listening: watch::Sender<Option<SocketAddr>>,
}

impl OneBot11 {
    /// A gateway that is not connected yet.
    pub fn new(id: GatewayId, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        Self {
            id,
            settings,
            link: Link::default(),
            clock,
            listening: watch::Sender::new(None),
        }
    }

    /// Where the reverse endpoint listens, once it does; port 0 in the settings lets the system choose.
    pub fn listening(&self) -> watch::Receiver<Option<SocketAddr>> {
        self.listening.subscribe()
    }
}

#[async_trait]
impl Source for OneBot11 {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SourceCapabilities {
        HEARS
    }

    async fn run(&self, inbox: Inbox, stop: CancellationToken) -> Result<(), GatewayError> {
        match &self.settings.transport {
            Transport::Forward { url } => {
                forward::run(self, url, &inbox, &stop).await;
                Ok(())
            }
            Transport::Reverse { listen, path } => {
                reverse::run(self, *listen, path, &inbox, &stop).await
            }
        }
    }

    fn health(&self) -> Health {
        self.link.health()
    }
}

#[async_trait]
impl Sink for OneBot11 {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SinkCapabilities {
        WRITES
    }

    async fn send(&self, outgoing: &Outgoing) -> SendOutcome {
        let (action, params) = action::send(outgoing);
        match self
            .link
            .call(action, params, self.settings.action_timeout)
            .await
        {
            Ok(reply) => action::outcome(&reply),
            Err(failure) => failure.into(),
        }
    }

    fn health(&self) -> Health {
        self.link.health()
    }
}
