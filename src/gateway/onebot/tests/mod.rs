//! Every way of connecting against implementations played on loopback.

mod http;
mod sockets;
mod walle;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::dialect::Version;
use super::{OneBot, Settings, Transport};
use crate::gateway::{Inbound, Source};
use crate::model::{Destination, GatewayId, GroupId, Message, Outgoing, SayingId, SystemClock};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway that runs, and what it hears.
struct Rig {
    gateway: Arc<OneBot>,
    heard: mpsc::Receiver<(GatewayId, Inbound)>,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

fn settings(transport: Transport, heartbeat: Duration) -> Settings {
    Settings {
        heartbeat,
        action_timeout: heartbeat * 5,
        redial_max: Duration::from_millis(20),
        ..Settings::new(transport)
    }
}

impl Rig {
    fn start(version: Version, settings: Settings) -> Self {
        let id = GatewayId::from("wx");
        let gateway = Arc::new(OneBot::new(id, version, settings, Arc::new(SystemClock)));
        let (inbox, heard) = mpsc::channel(8);
        let stop = CancellationToken::new();
        let running = {
            let (gateway, stop) = (gateway.clone(), stop.clone());
            tokio::spawn(async move { gateway.run(inbox, stop).await.expect("the listener opens") })
        };
        Self {
            gateway,
            heard,
            stop,
            running,
        }
    }

    async fn listening(&self) -> SocketAddr {
        let mut listening = self.gateway.listening();
        let address = *listening.wait_for(Option::is_some).await.expect("listens");
        address.expect("bound")
    }

    /// The next message; it is committed as soon as it is heard.
    async fn message(&mut self) -> Message {
        let next = async {
            loop {
                let heard = self.heard.recv().await.expect("the source runs").1;
                if let Inbound::Message { message, done, .. } = heard {
                    if let Some(done) = done {
                        // Whoever waited may have gone.
                        let _ = done.send(true);
                    }
                    return *message;
                }
            }
        };
        tokio::time::timeout(PATIENCE, next)
            .await
            .expect("something is heard")
    }

    /// Waits until events arrive and actions work.
    async fn ready(&self) {
        let ready = async {
            loop {
                let health = Source::health(&*self.gateway);
                if health.connected && health.acting {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, ready).await;
        assert!(waited.is_ok(), "{:?}", Source::health(&*self.gateway));
    }

    async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.running)
            .await
            .expect("stops in time")
            .expect("no panic");
    }
}

fn words() -> Outgoing {
    Outgoing {
        saying: SayingId::from("s1"),
        gateway: GatewayId::from("wx"),
        to: Destination::Group(GroupId::from("100200")),
        text: "已受理".to_owned(),
        mentions: Vec::new(),
        quote: None,
    }
}
