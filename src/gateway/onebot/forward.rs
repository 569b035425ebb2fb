//! Forward WebSocket: we dial.

use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, header};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

use super::OneBot;
use super::link::Channel;
use super::redial::{self, NotConnected};
use super::session::{self, Ended, WireFrame};
use super::tls;
use crate::gateway::Inbox;

/// Dials until told to stop.
pub(super) async fn run(gateway: &OneBot, url: &str, inbox: &Inbox, stop: &CancellationToken) {
    redial::forever(gateway, inbox, stop, async || {
        let dialled = dial(gateway, url, inbox, stop).await;
        dialled.map_err(|error| NotConnected {
            blame: blame(&error),
            trouble: trouble(&error),
        })
    })
    .await;
}

async fn dial(
    gateway: &OneBot,
    url: &str,
    inbox: &Inbox,
    stop: &CancellationToken,
) -> Result<Ended, Error> {
    let mut request = url.into_client_request()?;
    if let Some(token) = &gateway.settings.token {
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    let limits = WebSocketConfig::default()
        .read_buffer_size(session::READ_BYTES)
        .max_message_size(Some(gateway.settings.max_frame_bytes))
        .max_frame_size(Some(gateway.settings.max_frame_bytes));
    let target = url.to_owned();
    let connector = tokio::task::spawn_blocking(move || tls::connector(&target)).await;
    let connector = connector.map_err(|error| Error::Io(std::io::Error::other(error)))??;
    let connecting = tokio_tungstenite::connect_async_tls_with_config(
        request,
        Some(limits),
        true,
        Some(connector),
    );
    let connected = tokio::time::timeout(gateway.settings.action_timeout, connecting).await;
    let (socket, _) = connected.map_err(|_| Error::Io(std::io::ErrorKind::TimedOut.into()))??;
    let socket = socket
        .map(|frame| frame.map(inbound))
        .with(|frame| std::future::ready(Ok::<_, Error>(outbound(frame))));
    let who = (Channel::Universal, None);
    Ok(session::serve(gateway, who, socket, inbox, stop).await)
}

fn inbound(frame: Message) -> WireFrame {
    match frame {
        Message::Text(text) => WireFrame::Text(text.as_bytes().to_vec()),
        Message::Binary(bytes) => WireFrame::Binary(bytes.to_vec()),
        Message::Close(_) => WireFrame::Close,
        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => WireFrame::Life,
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

/// The error without what a URL or header may carry.
fn blame(error: &Error) -> String {
    match error {
        Error::Http(response) => format!("HTTP {}", response.status().as_u16()),
        Error::Url(_) => "bad URL".to_owned(),
        other => other.to_string(),
    }
}

fn trouble(error: &Error) -> String {
    match error {
        Error::Http(response) if matches!(response.status().as_u16(), 401 | 403) => {
            "对方不接受访问令牌，请核对网关的 token".to_owned()
        }
        Error::Io(error) => tls::trouble(error)
            .unwrap_or("连不上对方，请确认 OneBot 程序已启动、地址和端口正确")
            .to_owned(),
        _ => "连接没有建立，请核对网关地址".to_owned(),
    }
}
