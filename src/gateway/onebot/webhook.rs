//! Webhook: the implementation posts its events to us. Version 11 signs the body (`X-Signature`, HMAC
//! with SHA-1, `communication/http-post.md`); version 12 sends the token. An answer without a body
//! asks for nothing; it is given when the message is committed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha1::Sha1;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::OneBot;
use super::link::Channel;
use super::session;
use super::wire;
use crate::gateway::{GatewayError, Inbox, door};

/// Events that wait to be taken; more keep their callers waiting.
const WAITING: usize = 64;

/// How long a caller waits for the commit before it is told that we could not keep the event.
const COMMITS_WITHIN: Duration = Duration::from_secs(10);

/// An event that was let in, and who waits for it.
struct Event {
    value: Option<Value>,
    body: Bytes,
    kept: oneshot::Sender<bool>,
}

struct Entrance {
    gateway: String,
    token: Option<SecretString>,
    secret: Option<SecretString>,
    most: usize,
    events: mpsc::Sender<Event>,
}

/// Listens until told to stop.
pub(super) async fn run(
    gateway: &OneBot,
    listen: SocketAddr,
    path: &str,
    inbox: &Inbox,
    stop: &CancellationToken,
) -> Result<(), GatewayError> {
    let listener = door::open(listen, &gateway.listening).await?;
    info!(gateway.id = %gateway.id, "waiting for OneBot events over HTTP");
    let (events, mut arrived) = mpsc::channel(WAITING);
    let settings = &gateway.settings;
    let entrance = Arc::new(Entrance {
        gateway: gateway.id.to_string(),
        // Where bodies are signed the token is that of the actions alone.
        token: settings.token.clone().filter(|_| settings.secret.is_none()),
        secret: settings.secret.clone(),
        most: settings.max_frame_bytes,
        events,
    });
    let base = path.trim_end_matches('/');
    let router = Router::new().route(&format!("{base}/"), post(receive));
    let router = match base {
        "" => router,
        base => router.route(base, post(receive)),
    };
    let mut serving = std::pin::pin!(door::serve(listener, router.with_state(entrance), stop));
    let attachment = gateway.link.attach(Channel::Event, None);
    loop {
        let event = tokio::select! {
            () = &mut serving => return Ok(()),
            Some(event) = arrived.recv() => event,
        };
        let Event { value, body, kept } = event;
        let serial = attachment.serial;
        let taken = session::take(gateway, serial, value, &body, Some(kept), inbox);
        if taken.await.is_err() {
            return Ok(());
        }
    }
}

async fn receive(
    State(entrance): State<Arc<Entrance>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let read = door::body(&headers, body, entrance.most).await;
    let body = match read {
        Ok(body) => body,
        Err(status) => return status,
    };
    let allowed = match &entrance.secret {
        Some(secret) => signed(secret, &headers, &body),
        None => door::bearer(entrance.token.as_ref(), &headers, query.as_deref()),
    };
    if let Err(status) = allowed {
        let (id, status_code) = (&entrance.gateway, status.as_u16());
        warn!(
            gateway.id = id,
            status = status_code,
            "event turned away: signature or token"
        );
        return status;
    }
    let kind = headers.get(header::CONTENT_TYPE);
    let packed = kind.is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.contains("msgpack")));
    let value = if packed {
        wire::binary(&body)
    } else {
        wire::text(&body)
    };
    let (kept, told) = oneshot::channel();
    let event = Event { value, body, kept };
    if entrance.events.send(event).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    match tokio::time::timeout(COMMITS_WITHIN, told).await {
        Ok(Ok(true)) => StatusCode::NO_CONTENT,
        Ok(Ok(false)) => StatusCode::INTERNAL_SERVER_ERROR,
        // Nobody knows whether it was kept: it may be sent again, a redelivery is harmless.
        Ok(Err(_)) | Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Whether the body bears the secret's signature. A body without one costs the same work.
fn signed(secret: &SecretString, headers: &HeaderMap, body: &[u8]) -> Result<(), StatusCode> {
    let claimed = headers.get("x-signature").and_then(|it| it.to_str().ok());
    let digits = claimed.and_then(|claimed| claimed.strip_prefix("sha1="));
    let offered: Option<[u8; 20]> = digits.and_then(unhex);
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(body);
    let same = mac.verify_slice(&offered.unwrap_or_default()).is_ok();
    match (claimed, same && offered.is_some()) {
        (_, true) => Ok(()),
        (None, false) => Err(StatusCode::UNAUTHORIZED),
        (Some(_), false) => Err(StatusCode::FORBIDDEN),
    }
}

fn unhex<const N: usize>(digits: &str) -> Option<[u8; N]> {
    if digits.len() != 2 * N || !digits.is_ascii() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_body_with_the_right_signature_is_let_in() {
        // RFC 2202, test case 2.
        let secret = SecretString::from("Jefe");
        let body = b"what do ya want for nothing?";
        let with = |signature: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-signature", signature.parse().expect("a header"));
            headers
        };
        let right = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
        assert_eq!(signed(&secret, &with(right), body), Ok(()));
        assert_eq!(
            signed(&secret, &HeaderMap::new(), body),
            Err(StatusCode::UNAUTHORIZED)
        );
        for wrong in [
            "",
            "sha1=",
            "sha1=00",
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c78",
            "sha1=+ffcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        ] {
            let answered = signed(&secret, &with(wrong), body);
            assert_eq!(answered, Err(StatusCode::FORBIDDEN), "{wrong}");
        }
        assert!(signed(&secret, &with(right), b"another body").is_err());
    }
}
