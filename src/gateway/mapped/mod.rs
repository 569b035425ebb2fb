//! The mapped webhook: any gateway that posts JSON or forms, as the configuration describes it. Nothing
//! here knows any platform; what is known of formats stands in the presets.

mod body;
mod entrance;
mod guard;
mod look;
mod posting;
mod reading;
mod rehearsal;
#[cfg(test)]
mod tests;
mod xml;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OnceCell, watch};
use tokio_util::sync::CancellationToken;

use self::look::Look;
use self::reading::{Circumstances, Verdict};
use super::registry::Opened;
use super::{
    GatewayError, Health, Hears, Inbound, Inbox, Profile, Sink, SinkCapabilities, Source,
    SourceCapabilities,
};
use crate::config::webhook::{Slot, Webhook};
use crate::model::{Clock, GatewayId, Outgoing, SendOutcome};
pub use look::{Outcome, Step};
pub use rehearsal::{Becomes, Posted, Rehearsed, post, rehearse};

/// Largest body that is read, bytes.
const BODY_BYTES: usize = 1 << 20;

/// One gateway that is described; its handlers hold it as well.
struct Mapped(Arc<Core>);

impl std::ops::Deref for Mapped {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.0
    }
}

/// What there is of one gateway.
struct Core {
    id: GatewayId,
    config: Webhook,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    client: OnceCell<reqwest::Client>,
    listening: watch::Sender<Option<SocketAddr>>,
}

#[derive(Default)]
struct State {
    /// When a caller was let in last.
    heard: Option<Instant>,
    /// What is wrong with what comes in, Chinese.
    unread: String,
    /// What was wrong with the last posting, Chinese.
    unsent: String,
}

/// Makes the gateway ready to run.
pub(super) fn open(id: &GatewayId, config: &Webhook, clock: &Arc<dyn Clock>) -> Opened {
    let core = Core::new(id.clone(), config.clone(), clock.clone());
    let gateway = Arc::new(Mapped(Arc::new(core)));
    let reads = config.entrance.is_some();
    let writes = config.writing.is_some();
    let way = match (reads, writes) {
        (true, true) => "对方把消息推过来，我们把话发过去",
        (true, false) => "对方把消息推过来，只听不说",
        (false, _) => "只说不听",
    };
    let source: Option<Arc<dyn Source>> = reads.then(|| gateway.clone() as Arc<dyn Source>);
    let sink: Option<Arc<dyn Sink>> = writes.then_some(gateway);
    let profile = Profile {
        id: id.clone(),
        protocol: "映射 webhook",
        way: way.to_owned(),
        source: source.as_ref().map(|source| source.capabilities()),
        sink: sink.as_ref().map(|sink| sink.capabilities()),
    };
    Opened {
        profile,
        source,
        sink,
    }
}

/// Whether we can listen, and whether somebody is where words are posted.
pub(super) async fn reach(config: &Webhook) -> Result<String, String> {
    let mut found = Vec::new();
    if let Some(entrance) = &config.entrance {
        let listen = entrance.listen;
        found.push(match TcpListener::bind(listen).await {
            Ok(_) => format!("等待对方把消息 POST 到 http://{listen}{}", entrance.path),
            Err(_) if TcpStream::connect(listen).await.is_ok() => {
                format!("{listen} 已在监听（机器人正在运行）")
            }
            Err(error) => return Err(format!("不能监听 {listen}（{error}）")),
        });
    }
    if let Some(writing) = &config.writing {
        found.push(posting::reach(writing).await?);
    }
    Ok(found.join("；"))
}

impl Core {
    fn new(id: GatewayId, config: Webhook, clock: Arc<dyn Clock>) -> Self {
        Self {
            id,
            config,
            clock,
            state: Mutex::default(),
            client: OnceCell::new(),
            listening: watch::Sender::new(None),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads one item of a body.
    fn read(&self, item: &Value, whole: &Value) -> Verdict {
        let look = Look {
            item,
            whole,
            steps: None,
        };
        let around = Circumstances {
            gateway: &self.id,
            now: self.clock.now(),
        };
        reading::read(&self.config.reading, &look, &around)
    }

    fn health(&self) -> Health {
        let state = self.state();
        let listens = self.config.entrance.is_none() || self.listening.borrow().is_some();
        let trouble = [&state.unread, &state.unsent];
        let trouble = trouble.into_iter().find(|trouble| !trouble.is_empty());
        Health {
            connected: listens,
            acting: state.unsent.is_empty(),
            silent_for: state.heard.map(|at| at.elapsed()),
            trouble: trouble.cloned().unwrap_or_default(),
        }
    }
}

/// The messages in a body: the items of the list, if one is named and there.
fn items<'v>(each: Option<&String>, whole: &'v Value) -> Option<Vec<&'v Value>> {
    match each.map(|each| whole.pointer(each)) {
        None => Some(vec![whole]),
        Some(Some(Value::Array(items))) => Some(items.iter().collect()),
        Some(Some(item @ Value::Object(_))) => Some(vec![item]),
        Some(_) => None,
    }
}

#[async_trait]
impl Source for Mapped {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SourceCapabilities {
        SourceCapabilities {
            acknowledged: true,
            hears: if self.config.reading.only_mentions {
                Hears::Mentions
            } else {
                Hears::Everything
            },
            history: false,
        }
    }

    async fn run(&self, inbox: Inbox, stop: CancellationToken) -> Result<(), GatewayError> {
        entrance::run(&self.0, inbox, &stop).await
    }

    fn read_again(&self, body: &[u8]) -> Option<Inbound> {
        let mut whole = body::read(None, body)?;
        let reading = &self.config.reading;
        body::parse(&mut whole, &reading.parse);
        // What was kept may be one item of a list.
        let items = items(reading.each.as_ref(), &whole).unwrap_or_else(|| vec![&whole]);
        match self.read(items.first()?, &whole) {
            Verdict::Message(message) => Some(Inbound::Message {
                message,
                arrived: Instant::now(),
                done: None,
            }),
            Verdict::Own(message) => Some(Inbound::Echo(message)),
            Verdict::Skipped(_) | Verdict::Broken { .. } => None,
        }
    }

    fn health(&self) -> Health {
        self.0.health()
    }
}

#[async_trait]
impl Sink for Mapped {
    fn id(&self) -> &GatewayId {
        &self.id
    }

    fn capabilities(&self) -> SinkCapabilities {
        let Some(writing) = &self.config.writing else {
            return SinkCapabilities::text_only(0);
        };
        SinkCapabilities {
            mention: writing.has(Slot::Mentions) || writing.has(Slot::MentionIds),
            quote: writing.has(Slot::Quote),
            direct: writing.direct,
            ..SinkCapabilities::text_only(writing.max_bytes)
        }
    }

    async fn send(&self, outgoing: &Outgoing) -> SendOutcome {
        let outcome = posting::send(&self.0, outgoing).await;
        self.state().unsent = match &outcome {
            SendOutcome::Sent { .. } => String::new(),
            SendOutcome::Refused { reason }
            | SendOutcome::NotSent { reason, .. }
            | SendOutcome::Unknown { reason } => reason.clone(),
        };
        outcome
    }

    fn health(&self) -> Health {
        self.0.health()
    }
}
