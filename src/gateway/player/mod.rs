//! The other side, played: a recorded chat as a OneBot implementation brings it, on a connection of
//! either direction, and what the bot answers. For rehearsals and load; never part of `run`.

mod frames;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Wire;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::config::{GatewayKind, OneBot, Transport};
use crate::model::{Message, Timestamp};
pub use frames::Version;

/// Frames that wait for the socket; more slow the player down.
const WAITING: usize = 256;

/// How long the bot may take to be there.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something the bot said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The group it was said in, or nothing.
    pub group: Option<String>,
    /// The person it was said to alone, or nothing.
    pub person: Option<String>,
    /// The message that was quoted, by its id in the recording.
    pub reply_to: Option<String>,
    /// Who was mentioned.
    pub mentions: Vec<String>,
    /// The words.
    pub text: String,
}

/// Why nothing can be played.
#[derive(Debug, thiserror::Error)]
pub enum PlayerError {
    /// The gateway is of no use for this.
    #[error(
        "网关“{0}”不能用来演练：要 OneBot 的 WebSocket 网关（listen，或 connect = \"ws://…\"）"
    )]
    NoSocket(String),
    /// Nobody is there.
    #[error("{0}")]
    NobodyThere(String),
    /// The bot has gone.
    #[error("连接断了，机器人停了吗？")]
    Gone,
}

/// A connection to the bot.
pub struct Player {
    version: Version,
    /// In front of every id, so that a second run is no redelivery.
    run: String,
    frames: mpsc::Sender<Wire>,
    said: mpsc::UnboundedReceiver<(Instant, Said)>,
}

impl Player {
    /// Meets the bot where its configuration says: dials it, or waits for it.
    ///
    /// # Errors
    ///
    /// When the gateway has no socket, or nobody comes.
    pub async fn meet(name: &str, kind: &GatewayKind, run: String) -> Result<Self, PlayerError> {
        let no_socket = || PlayerError::NoSocket(name.to_owned());
        let (version, config) = match kind {
            GatewayKind::OneBot11(config) => (Version::V11, config),
            GatewayKind::OneBot12(config) => (Version::V12, config),
            GatewayKind::Webhook(_) => return Err(no_socket()),
        };
        let socket = match &config.transport {
            Transport::Reverse(listen, path) => dial(*listen, path, version, config).await?,
            Transport::Forward(url) => wait(url).await?.ok_or_else(no_socket)?,
            Transport::Webhook(..) | Transport::Polling(_) => return Err(no_socket()),
        };
        let (writes, reads) = socket.split();
        let (frames, waiting) = mpsc::channel(WAITING);
        let (answers, answering) = mpsc::unbounded_channel();
        let (tell, said) = mpsc::unbounded_channel();
        for frame in version.first() {
            // The bot is told who it is; the line is open and empty.
            let _ = frames.try_send(Wire::text(frame.to_string()));
        }
        tokio::spawn(write(writes, waiting, answering));
        tokio::spawn(read(reads, version, run.clone(), (answers, tell)));
        Ok(Self {
            version,
            run,
            frames,
            said,
        })
    }

    /// Plays one message, sent at this time by the platform's clock. Waits while the socket is full.
    ///
    /// # Errors
    ///
    /// When the bot has gone.
    pub async fn play(&self, message: &Message, at: Timestamp) -> Result<(), PlayerError> {
        let frame = self.version.event(message, at, &self.run);
        let sent = self.frames.send(Wire::text(frame.to_string())).await;
        sent.map_err(|_| PlayerError::Gone)
    }

    /// What the bot said next; `None` when it has gone.
    pub async fn hear(&mut self) -> Option<(Instant, Said)> {
        self.said.recv().await
    }

    /// What the bot said since, without waiting.
    pub fn heard(&mut self) -> Option<(Instant, Said)> {
        self.said.try_recv().ok()
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn dial(
    listen: SocketAddr,
    path: &str,
    version: Version,
    config: &OneBot,
) -> Result<Socket, PlayerError> {
    let nobody = || {
        PlayerError::NobodyThere(format!(
            "{listen} 连不上：请先在另一个窗口 lianxin run，用同一个配置"
        ))
    };
    let stream = TcpStream::connect(listen).await.map_err(|_| nobody())?;
    let url = format!("ws://{listen}{path}");
    let mut request = url.into_client_request().map_err(|_| nobody())?;
    let headers = request.headers_mut();
    for (name, value) in version.headers() {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    if let Some(token) = config.token.as_ref().map(SecretString::expose_secret)
        && let Ok(bearer) = HeaderValue::try_from(format!("Bearer {token}"))
    {
        headers.insert("authorization", bearer);
    }
    let met = tokio_tungstenite::client_async(request, stream).await;
    let (socket, _) = met.map_err(|_| {
        PlayerError::NobodyThere("机器人不让连：口令或路径和它的配置不一样".to_owned())
    })?;
    Ok(socket)
}

/// Waits for the bot at the address it dials; `None` when that is not on this machine.
async fn wait(url: &str) -> Result<Option<Socket>, PlayerError> {
    let Some(rest) = url.strip_prefix("ws://") else {
        return Ok(None);
    };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host.replace("localhost", "127.0.0.1");
    let Ok(listen) = host.parse::<SocketAddr>() else {
        return Ok(None);
    };
    let busy = |error| PlayerError::NobodyThere(format!("不能监听 {listen}（{error}）"));
    let listener = TcpListener::bind(listen).await.map_err(busy)?;
    let come = async {
        loop {
            // Whoever only looks whether somebody listens says nothing and goes.
            if let Ok((stream, _)) = listener.accept().await
                && let Ok(socket) = tokio_tungstenite::accept_async(stream).await
            {
                return socket;
            }
        }
    };
    let waited = tokio::time::timeout(PATIENCE, come).await;
    waited.map(Some).map_err(|_| {
        PlayerError::NobodyThere(format!(
            "等了半分钟，机器人没有连到 {listen}：请先在另一个窗口 lianxin run，用同一个配置"
        ))
    })
}

/// Answers first: a bot that waits for one must not wait for the recording.
async fn write(
    mut socket: SplitSink<Socket, Wire>,
    mut frames: mpsc::Receiver<Wire>,
    mut answers: mpsc::UnboundedReceiver<Wire>,
) {
    loop {
        let frame = tokio::select! {
            biased;
            Some(answer) = answers.recv() => answer,
            Some(frame) = frames.recv() => frame,
            else => return,
        };
        if socket.send(frame).await.is_err() {
            return;
        }
    }
}

async fn read(
    mut socket: SplitStream<Socket>,
    version: Version,
    run: String,
    (answers, tell): (
        mpsc::UnboundedSender<Wire>,
        mpsc::UnboundedSender<(Instant, Said)>,
    ),
) {
    let mut serial = 0_u64;
    while let Some(Ok(frame)) = socket.next().await {
        let Wire::Text(text) = frame else { continue };
        let Ok(call) = serde_json::from_str::<Value>(&text) else {
            continue;
        };
        serial += 1;
        let id = format!("{run}said-{serial}");
        let (answer, said) = version.answer(&call, &id, &run);
        if let Some(said) = said {
            // Nobody listens any more: the recording is over.
            let _ = tell.send((Instant::now(), said));
        }
        if answers.send(Wire::text(answer.to_string())).is_err() {
            return;
        }
    }
}
