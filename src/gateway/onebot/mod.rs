//! What OneBot 11 and 12 share: connections of either direction, HTTP with a webhook or with polling,
//! the table of calls, accounts behind one connection, liveness and redialling. Where the versions
//! differ is one trait ([`dialect::Dialect`]).
//!
//! Protocols: botuniverse/onebot-11, `communication/*`, and botuniverse/onebot, `specs/connect/*`. What
//! implementations do beyond the text (half-dead sockets, answers out of order, 403 for 401, connections
//! that come twice) is handled here.

pub(super) mod dialect;
mod forward;
mod http;
mod link;
mod opening;
mod polling;
mod redial;
mod reverse;
mod session;
#[cfg(test)]
mod tests;
mod tls;
pub(super) mod value;
mod webhook;
pub(super) mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::dialect::{Frame, Version};
use self::link::{Link, Via};
pub(super) use self::wire::Encoding;
use super::{
    GatewayError, Health, Hears, Inbound, Inbox, Sink, SinkCapabilities, Source, SourceCapabilities,
};
use crate::model::{Clock, GatewayId, Outgoing, SendOutcome};

pub(super) use opening::{open, reach};

/// Who calls whom.
#[derive(Clone, Debug)]
pub(super) enum Transport {
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
    /// Actions are posted to the implementation, which posts its events to us.
    Webhook {
        /// `http://host:port/` of its actions.
        actions: String,
        /// `127.0.0.1:8080`.
        listen: SocketAddr,
        /// The path of the endpoint, `/onebot/v11`.
        path: String,
    },
    /// Actions are posted to the implementation, events are fetched. Version 12 alone.
    Polling {
        /// `http://host:port/` of its actions.
        actions: String,
    },
}

/// How one OneBot gateway behaves.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Who calls whom.
    pub(super) transport: Transport,
    /// The shared access token, if one is agreed.
    pub(super) token: Option<SecretString>,
    /// What version 11 signs its webhook with, if that is agreed.
    pub(super) secret: Option<SecretString>,
    /// How frames and bodies are written.
    pub(super) encoding: Encoding,
    /// How often a sign of life is asked for; a socket silent for three of these is dead.
    pub(super) heartbeat: Duration,
    /// How long an action may take before its outcome counts as unknown.
    pub(super) action_timeout: Duration,
    /// Longest pause between two attempts to dial; the first is a second.
    pub(super) redial_max: Duration,
    /// Largest frame or body that is read, bytes.
    pub(super) max_frame_bytes: usize,
}

impl Settings {
    /// Settings as the example configuration documents them.
    pub(super) fn new(transport: Transport) -> Self {
        Self {
            transport,
            token: None,
            secret: None,
            encoding: Encoding::Json,
            heartbeat: Duration::from_secs(15),
            action_timeout: Duration::from_secs(10),
            redial_max: Duration::from_mins(1),
            max_frame_bytes: 1 << 20,
        }
    }
}

/// One OneBot implementation with its accounts: reads and writes over the same link.
pub(super) struct OneBot {
    id: GatewayId,
    version: Version,
    settings: Settings,
    link: Link,
    clock: Arc<dyn Clock>,
    listening: watch::Sender<Option<SocketAddr>>,
}

impl OneBot {
    /// A gateway that is not connected yet.
    pub(super) fn new(
        id: GatewayId,
        version: Version,
        settings: Settings,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            id,
            version,
            settings,
            link: Link::default(),
            clock,
            listening: watch::Sender::new(None),
        }
    }

    /// Where it listens, once it does; port 0 in the settings lets the system choose.
    #[cfg(test)]
    fn listening(&self) -> watch::Receiver<Option<SocketAddr>> {
        self.listening.subscribe()
    }
}

#[async_trait]
impl Source for OneBot {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    /// A socket is not answered, and nothing is delivered afterwards; a webhook is answered; an
    /// implementation that is polled keeps events until they are fetched, as many as it has room for.
    fn capabilities(&self) -> SourceCapabilities {
        let transport = &self.settings.transport;
        SourceCapabilities {
            acknowledged: matches!(transport, Transport::Webhook { .. }),
            hears: Hears::Everything,
            history: matches!(transport, Transport::Polling { .. }),
        }
    }

    async fn run(&self, inbox: Inbox, stop: CancellationToken) -> Result<(), GatewayError> {
        match &self.settings.transport {
            Transport::Forward { url } => forward::run(self, url, &inbox, &stop).await,
            Transport::Reverse { listen, path } => {
                return reverse::run(self, *listen, path, &inbox, &stop).await;
            }
            Transport::Webhook {
                actions,
                listen,
                path,
            } => {
                let hearing = webhook::run(self, *listen, path, &inbox, &stop);
                // Both end when told to stop; a door that cannot be opened ends both.
                let calling = async {
                    http::run(self, actions, &inbox, &stop).await;
                    Ok(())
                };
                tokio::try_join!(hearing, calling)?;
            }
            Transport::Polling { actions } => polling::run(self, actions, &inbox, &stop).await,
        }
        Ok(())
    }

    fn read_again(&self, body: &[u8]) -> Option<Inbound> {
        match session::sort(self, wire::text(body), &[]) {
            Frame::Inbound { inbound, .. } => Some(inbound),
            _ => None,
        }
    }

    fn health(&self) -> Health {
        self.link.health()
    }
}

#[async_trait]
impl Sink for OneBot {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    /// Text length and rate are not limited by the protocol; 4,000 bytes is what chat clients show
    /// whole.
    fn capabilities(&self) -> SinkCapabilities {
        SinkCapabilities {
            mention: true,
            quote: true,
            image: true,
            direct: true,
            ..SinkCapabilities::text_only(4000)
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> SendOutcome {
        let (via, timeout) = (Via::HomeOf(&outgoing.to), self.settings.action_timeout);
        let mut words = outgoing.clone();
        loop {
            let (action, params) = self.version.send(&words);
            let reply = match self.link.call(via, action, params, None, timeout).await {
                Ok(reply) => reply,
                Err(failure) => return failure.into(),
            };
            // Not every implementation can what the standard asks for; nothing was sent, then.
            if !(self.version.lacks_segment(&reply) && plainer(&mut words)) {
                return self.version.outcome(&reply);
            }
        }
    }

    fn health(&self) -> Health {
        self.link.health()
    }
}

/// Does without the quote, else without mentions: their names stand in front then. `false` when
/// nothing is left to do without.
fn plainer(words: &mut Outgoing) -> bool {
    if words.quote.take().is_some() {
        return true;
    }
    let names: Vec<String> = words.mentions.drain(..).map(|(_, name)| name).collect();
    if names.is_empty() {
        return false;
    }
    words.text = format!("{}：{}", names.join("、"), words.text);
    true
}
