//! Reverse WebSocket: the implementation dials us. Version 11: `communication/ws-reverse.md`; version
//! 12: `specs/connect/communication/websocket-reverse.md`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::{SinkExt, StreamExt};
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::OneBot;
use super::dialect::{Account, Version};
use super::link::Channel;
use super::session::{self, WireFrame};
use crate::gateway::{GatewayError, Inbox, door};

/// Connections that wait to be served.
const WAITING: usize = 16;

/// Connections served at once; more are closed. As many as accounts may be known.
const SESSIONS: usize = 1_000;

/// A socket that was let in, with what its headers say of it.
type Accepted = (Channel, Option<Account>, WebSocket);

struct Entrance {
    gateway: String,
    version: Version,
    token: Option<SecretString>,
    max_frame_bytes: usize,
    accepted: mpsc::Sender<Accepted>,
}

/// Listens until told to stop; every accepted socket becomes a session.
pub(super) async fn run(
    gateway: &OneBot,
    listen: SocketAddr,
    path: &str,
    inbox: &Inbox,
    stop: &CancellationToken,
) -> Result<(), GatewayError> {
    let listener = door::open(listen, &gateway.listening).await?;
    info!(gateway.id = %gateway.id, "waiting for OneBot connections");
    let (accepted, mut sockets) = mpsc::channel(WAITING);
    let entrance = Arc::new(Entrance {
        gateway: gateway.id.to_string(),
        version: gateway.version.clone(),
        token: gateway.settings.token.clone(),
        max_frame_bytes: gateway.settings.max_frame_bytes,
        accepted,
    });
    let mut serving = std::pin::pin!(door::serve(listener, router(path, entrance), stop));
    let mut sessions = futures_util::stream::FuturesUnordered::new();
    loop {
        tokio::select! {
            () = &mut serving => {
                while sessions.next().await.is_some() {}
                return Ok(());
            }
            Some((channel, account, socket)) = sockets.recv() => {
                if sessions.len() < SESSIONS {
                    sessions.push(serve(gateway, (channel, account), socket, inbox, stop));
                } else {
                    warn!(gateway.id = %gateway.id, "too many connections, one is closed");
                }
            }
            Some(()) = sessions.next() => {}
        }
    }
}

/// The endpoint, also under the paths that version 11's roles are often given.
fn router(path: &str, entrance: Arc<Entrance>) -> Router {
    let base = path.trim_end_matches('/');
    let suffixes = ["", "/", "/ws", "/api", "/event"].into_iter();
    suffixes
        .filter(|suffix| !(base.is_empty() && suffix.is_empty()))
        .fold(Router::new(), |router, suffix| {
            router.route(&format!("{base}{suffix}"), any(enter))
        })
        .with_state(entrance)
}

async fn serve(
    gateway: &OneBot,
    who: (Channel, Option<Account>),
    socket: WebSocket,
    inbox: &Inbox,
    stop: &CancellationToken,
) {
    let socket = socket
        .map(|frame| frame.map(inbound))
        .with(|frame| std::future::ready(Ok::<_, axum::Error>(outbound(frame))));
    session::serve(gateway, who, socket, inbox, stop).await;
}

async fn enter(
    State(entrance): State<Arc<Entrance>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if let Err(status) = door::bearer(entrance.token.as_ref(), &headers, query.as_deref()) {
        let (id, status) = (&entrance.gateway, status);
        warn!(
            gateway.id = id,
            status = status.as_u16(),
            "connection turned away: token"
        );
        return status.into_response();
    }
    let named = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::trim).unwrap_or_default()
    };
    let channel = match named("x-client-role").to_ascii_lowercase().as_str() {
        "api" => Channel::Api,
        "event" => Channel::Event,
        _ => Channel::Universal,
    };
    let account = Some(named("x-self-id")).filter(|id| !id.is_empty() && id.len() <= 256);
    let account = account.map(|id| Account {
        platform: String::new(),
        id: id.to_owned(),
    });
    let offered = named(header::SEC_WEBSOCKET_PROTOCOL.as_str());
    let upgrade = match entrance.version.subprotocol(offered) {
        Some(subprotocol) => upgrade.protocols([subprotocol]),
        None => upgrade,
    };
    upgrade
        .read_buffer_size(session::READ_BYTES)
        .max_message_size(entrance.max_frame_bytes)
        .max_frame_size(entrance.max_frame_bytes)
        .on_upgrade(async move |socket| {
            // Nobody takes it only when the bot is stopping.
            let _ = entrance.accepted.send((channel, account, socket)).await;
        })
}

fn inbound(frame: Message) -> WireFrame {
    match frame {
        Message::Text(text) => WireFrame::Text(text.as_bytes().to_vec()),
        Message::Binary(bytes) => WireFrame::Binary(bytes.to_vec()),
        Message::Close(_) => WireFrame::Close,
        Message::Ping(_) | Message::Pong(_) => WireFrame::Life,
    }
}

fn outbound(frame: WireFrame) -> Message {
    match frame {
        // What we write is JSON, made of strings.
        WireFrame::Text(text) => Message::text(String::from_utf8_lossy(&text).into_owned()),
        WireFrame::Binary(bytes) => Message::binary(bytes),
        WireFrame::Ping | WireFrame::Life => Message::Ping(Vec::new().into()),
        WireFrame::Close => Message::Close(None),
    }
}
