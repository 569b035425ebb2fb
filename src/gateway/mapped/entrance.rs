//! The door of a mapped webhook: a body is read, taken to the desk, and answered when all of it is
//! committed, or when the caller's patience is at its end.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::reading::Verdict;
use super::{BODY_BYTES, Core, body, guard, items};
use crate::config::webhook::Entrance;
use crate::gateway::door::{self, Caller};
use crate::gateway::{GatewayError, Inbound, Inbox};

/// Most messages of one body.
const MESSAGES: usize = 500;

/// What every request is served with.
struct Doorway {
    core: Arc<Core>,
    entrance: Entrance,
    inbox: Inbox,
}

/// Listens until told to stop.
pub(super) async fn run(
    core: &Arc<Core>,
    inbox: Inbox,
    stop: &CancellationToken,
) -> Result<(), GatewayError> {
    let Some(entrance) = core.config.entrance.clone() else {
        return Ok(());
    };
    let listener = door::open(entrance.listen, &core.listening).await?;
    info!(gateway.id = %core.id, "waiting for messages over HTTP");
    let base = entrance.path.trim_end_matches('/').to_owned();
    let doorway = Arc::new(Doorway {
        core: core.clone(),
        entrance,
        inbox,
    });
    let router = Router::new().route(&format!("{base}/"), post(receive));
    let router = match base.as_str() {
        "" => router,
        base => router.route(base, post(receive)),
    };
    door::serve(listener, router.with_state(doorway), stop).await;
    core.listening.send_replace(None);
    Ok(())
}

async fn receive(
    State(doorway): State<Arc<Doorway>>,
    Extension(Caller(caller)): Extension<Caller>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let arrived = Instant::now();
    let (core, entrance) = (&doorway.core, &doorway.entrance);
    let bytes = match door::body(&headers, body, BODY_BYTES).await {
        Ok(bytes) => bytes,
        Err(status) => return status.into_response(),
    };
    let shown = (&headers, query.as_deref());
    if let Err(status) = guard::admit(entrance, caller, shown, &bytes) {
        let turned = status.as_u16();
        warn!(gateway.id = %core.id, status = turned, "a message was turned away: address, token or signature");
        return status.into_response();
    }
    core.state().heard = Some(Instant::now());
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    let Some(brought) = heard(core, kind, &bytes, arrived) else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let mut waiting = Vec::new();
    let taken = async {
        for inbound in brought {
            let (inbound, told) = awaited(inbound);
            doorway.inbox.send((core.id.clone(), inbound)).await.ok()?;
            waiting.extend(told);
        }
        let mut kept = true;
        for told in waiting.drain(..) {
            kept &= told.await.ok()?;
        }
        Some(kept)
    };
    match tokio::time::timeout(entrance.answer_within, taken).await {
        Ok(Some(true)) => answer(entrance),
        Ok(Some(false)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        // Nobody knows whether it was kept: it may be sent again, a redelivery is harmless.
        Ok(None) | Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A message with somebody who waits for its commit; anything else is not waited for.
fn awaited(mut inbound: Inbound) -> (Inbound, Option<oneshot::Receiver<bool>>) {
    let Inbound::Message { done, .. } = &mut inbound else {
        return (inbound, None);
    };
    let (told, kept) = oneshot::channel();
    *done = Some(told);
    (inbound, Some(kept))
}

fn answer(entrance: &Entrance) -> Response {
    let body = entrance.answer.clone();
    let kind = if body.starts_with(['{', '[']) {
        "application/json"
    } else {
        "text/plain; charset=utf-8"
    };
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

/// Everything in a body that is for the house; `None` when it is too much at once, since what is left
/// out would be lost.
fn heard(core: &Core, kind: Option<&str>, bytes: &[u8], arrived: Instant) -> Option<Vec<Inbound>> {
    let Some(mut whole) = body::read(kind, bytes) else {
        core.state().unread = String::from("收到的既不是 JSON 也不是表单");
        return Some(vec![Inbound::unreadable("not JSON", bytes)]);
    };
    let reading = &core.config.reading;
    body::parse(&mut whole, &reading.parse);
    let Some(items) = items(reading.each.as_ref(), &whole) else {
        core.state().unread = told("each");
        return Some(vec![Inbound::unreadable("no list", bytes)]);
    };
    if items.len() > MESSAGES {
        core.state().unread = format!(
            "一次推来 {} 条，最多收 {MESSAGES} 条，请让对方分几次推",
            items.len()
        );
        return None;
    }
    let mut all = Vec::new();
    for item in items {
        match core.read(item, &whole) {
            Verdict::Message(message) => {
                core.state().unread.clear();
                all.push(Inbound::Message {
                    message,
                    arrived,
                    done: None,
                });
            }
            Verdict::Own(message) => all.push(Inbound::Echo(message)),
            Verdict::Skipped(_) => {}
            Verdict::Broken { reason, field } => {
                core.state().unread = told(field);
                // As JSON, also what came as a form: so it can be read again.
                all.push(Inbound::unreadable(reason, item.to_string().as_bytes()));
            }
        }
    }
    Some(all)
}

/// What an admin reads in `check`; nothing of what was said is in it.
fn told(field: &str) -> String {
    format!(
        "有消息看不懂（{field} 的写法可能不对）：先看 lianxin gateway dead list，再用 lianxin gateway try 试"
    )
}
