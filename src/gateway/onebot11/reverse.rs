//! Reverse WebSocket: the implementation dials us, `communication/ws-reverse.md`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::serve::ListenerExt;
use futures_util::{SinkExt, StreamExt};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::OneBot11;
use super::link::Channel;
use super::session::{self, WireFrame};
use crate::gateway::{GatewayError, Inbox};

/// Connections that wait to be served; more are turned away by the accept queue.
const WAITING: usize = 16;

struct Door {
    gateway: String,
    token: Option<SecretString>,
    max_frame_bytes: usize,
    accepted: mpsc::Sender<(Channel, WebSocket)>,
}

/// Small frames leave at once instead of waiting 40 ms for the peer's acknowledgement.
fn unhurried(stream: &mut tokio::net::TcpStream) {
    // A socket that cannot be hurried still works.
    let _ = stream.set_nodelay(true);
}

/// Listens until told to stop; every accepted socket becomes a session.
pub(super) async fn run(
    gateway: &OneBot11,
    listen: SocketAddr,
    path: &str,
    inbox: &Inbox,
    stop: &CancellationToken,
) -> Result<(), GatewayError> {
    let refused = |error: std::io::Error| GatewayError::Listen {
        address: listen.to_string(),
        detail: error.to_string(),
    };
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    gateway.listening.send_replace(Some(address));
    info!(gateway.id = %gateway.id, %address, "waiting for OneBot connections");
    let (accepted, mut sockets) = mpsc::channel(WAITING);
    let door = Arc::new(Door {
        gateway: gateway.id.to_string(),
        token: gateway.settings.token.clone(),
        max_frame_bytes: gateway.settings.max_frame_bytes,
        accepted,
    });
    let base = path.trim_end_matches('/');
    let router = [
        String::new(),
        "/".into(),
        "/ws".into(),
        "/api".into(),
        "/event".into(),
    ]
    .iter()
    .filter(|suffix| !(base.is_empty() && suffix.is_empty()))
    .fold(Router::new(), |router, suffix| {
        router.route(&format!("{base}{suffix}"), any(enter))
    })
    .with_state(door);
    let server = axum::serve(listener.tap_io(unhurried), router)
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    let mut sessions = futures_util::stream::FuturesUnordered::new();
    let mut server = std::pin::pin!(server.into_future());
    loop {
        tokio::select! {
            ended = &mut server => {
                while sessions.next().await.is_some() {}
                return ended.map_err(refused);
            }
            Some((channel, socket)) = sockets.recv() => {
                sessions.push(serve(gateway, channel, socket, inbox, stop));
            }
            Some(()) = sessions.next() => {}
        }
    }
}

async fn serve(
    gateway: &OneBot11,
    channel: Channel,
    socket: WebSocket,
    inbox: &Inbox,
    stop: &CancellationToken,
) {
    let socket = socket
        .map(|frame| frame.map(inbound))
        .with(|frame| std::future::ready(Ok::<_, axum::Error>(outbound(frame))));
    session::serve(gateway, channel, socket, inbox, stop).await;
}

async fn enter(
    State(door): State<Arc<Door>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if let Err(status) = admit(door.token.as_ref(), &headers, query.as_deref()) {
        warn!(
            gateway.id = door.gateway,
            status = status.as_u16(),
            "connection turned away: token"
        );
        return status.into_response();
    }
    let role = headers
        .get("x-client-role")
        .and_then(|role| role.to_str().ok())
        .unwrap_or_default();
    let channel = match role.to_ascii_lowercase().as_str() {
        "api" => Channel::Api,
        "event" => Channel::Event,
        _ => Channel::Universal,
    };
    upgrade
        .max_message_size(door.max_frame_bytes)
        .max_frame_size(door.max_frame_bytes)
        .on_upgrade(async move |socket| {
            // Nobody takes it only when the bot is stopping.
            let _ = door.accepted.send((channel, socket)).await;
        })
}

/// 401 without a token, 403 with a wrong one; compared in constant time.
fn admit(
    token: Option<&SecretString>,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<(), StatusCode> {
    let Some(token) = token else { return Ok(()) };
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| {
            value
                .strip_prefix("Bearer ")
                .or_else(|| value.strip_prefix("Token "))
        });
    let parameter = query.and_then(|query| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix("access_token="))
    });
    let offered = bearer.or(parameter).ok_or(StatusCode::UNAUTHORIZED)?;
    let same: bool = offered
        .as_bytes()
        .ct_eq(token.expose_secret().as_bytes())
        .into();
    if same {
        Ok(())
    } else {
        Err(StatusCode::FORBIDDEN)
    }
}

fn inbound(frame: Message) -> WireFrame {
    match frame {
        Message::Text(text) => WireFrame::Payload(text.as_bytes().to_vec()),
        Message::Binary(bytes) => WireFrame::Payload(bytes.to_vec()),
        Message::Close(_) => WireFrame::Close,
        Message::Ping(_) | Message::Pong(_) => WireFrame::Life,
    }
}

fn outbound(frame: WireFrame) -> Message {
    match frame {
        WireFrame::Text(text) => Message::text(text),
        WireFrame::Payload(bytes) => Message::binary(bytes),
        WireFrame::Ping | WireFrame::Life => Message::Ping(Vec::new().into()),
        WireFrame::Close => Message::Close(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_token_enters() {
        let token = SecretString::from("open-sesame");
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().expect("a header"));
            headers
        };
        assert_eq!(admit(None, &HeaderMap::new(), None), Ok(()));
        assert_eq!(
            admit(Some(&token), &with("Bearer open-sesame"), None),
            Ok(())
        );
        assert_eq!(
            admit(
                Some(&token),
                &HeaderMap::new(),
                Some("a=1&access_token=open-sesame")
            ),
            Ok(())
        );
        assert_eq!(
            admit(Some(&token), &HeaderMap::new(), None),
            Err(StatusCode::UNAUTHORIZED)
        );
        assert_eq!(
            admit(Some(&token), &with("Bearer open-sesam"), None),
            Err(StatusCode::FORBIDDEN)
        );
        assert_eq!(
            admit(Some(&token), &HeaderMap::new(), Some("access_token=")),
            Err(StatusCode::FORBIDDEN)
        );
    }
}
