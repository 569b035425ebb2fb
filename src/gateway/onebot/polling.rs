//! HTTP with polling: events are fetched with `get_latest_events`, oldest first
//! (`specs/connect/communication/http.md`, version 12 alone). No meta events come this way.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::OneBot;
use super::http::Actions;
use super::link::Channel;
use super::redial::{self, NotConnected};
use super::session::{self, Ended};
use crate::gateway::Inbox;

/// Events fetched at once.
const BATCH: usize = 100;

/// Polls that fail in a row before it is dialled anew.
const FAILURES: u32 = 3;

/// The answer of an implementation that knows no polling.
const UNSUPPORTED: i64 = 10002;

/// Polls and posts actions until told to stop.
pub(super) async fn run(gateway: &OneBot, url: &str, inbox: &Inbox, stop: &CancellationToken) {
    redial::forever(gateway, inbox, stop, async || {
        let actions = Actions::dial(gateway, url).await?;
        // The first poll tells whether it can be polled at all, and waits for nothing.
        let first = fetch(gateway, &actions, Duration::ZERO).await?;
        let attachment = gateway.link.attach(Channel::Universal, None);
        let serial = attachment.serial;
        info!(gateway.id = %gateway.id, "events are fetched");
        let ended = tokio::select! {
            () = stop.cancelled() => Ended::Stopped,
            ended = actions.carry(gateway, attachment) => ended,
            ended = session::probe(gateway, Channel::Universal, serial, inbox) => ended,
            ended = poll(gateway, &actions, serial, first, inbox) => ended,
        };
        info!(gateway.id = %gateway.id, ?ended, "events are not fetched any more");
        Ok(ended)
    })
    .await;
}

async fn poll(
    gateway: &OneBot,
    actions: &Actions,
    serial: u64,
    mut events: Vec<Value>,
    inbox: &Inbox,
) -> Ended {
    let mut failures = 0;
    loop {
        gateway.link.heard(serial);
        for event in std::mem::take(&mut events) {
            let frame = event.to_string();
            let frame = frame.as_bytes();
            let taken = session::take(gateway, serial, Some(event), frame, None, inbox);
            if taken.await.is_err() {
                return Ended::Stopped;
            }
        }
        let asked = Instant::now();
        let pause = gateway.settings.redial_max.min(Duration::from_secs(1));
        match fetch(gateway, actions, gateway.settings.heartbeat).await {
            Ok(fetched) => {
                failures = 0;
                events = fetched;
                // Not every implementation waits as it was asked to.
                if events.is_empty() && asked.elapsed() < pause {
                    tokio::time::sleep(pause).await;
                }
            }
            Err(error) => {
                failures += 1;
                warn!(gateway.id = %gateway.id, error = error.blame, "events were not fetched");
                if failures == FAILURES {
                    return Ended::Closed;
                }
                tokio::time::sleep(pause).await;
            }
        }
    }
}

/// The next events; waits for one at most so long.
async fn fetch(
    gateway: &OneBot,
    actions: &Actions,
    waits: Duration,
) -> Result<Vec<Value>, NotConnected> {
    let params = json!({"limit": BATCH, "timeout": waits.as_secs()});
    let patience = waits + gateway.settings.action_timeout;
    let fetched = actions.call(gateway, "get_latest_events", params, patience);
    let reply = fetched.await.map_err(|failure| NotConnected {
        blame: format!("{failure:?}"),
        trouble: "轮询不到消息，请确认 OneBot 程序还在运行".to_owned(),
    })?;
    match reply.get("data") {
        Some(Value::Array(events)) => Ok(events.clone()),
        _ => Err(refused(&reply)),
    }
}

fn refused(reply: &Value) -> NotConnected {
    let code = reply
        .get("retcode")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let trouble = if code == UNSUPPORTED {
        "对方不支持轮询（get_latest_events），请改用 WebSocket，或加上 listen 让它把消息推过来"
    } else {
        "对方没有交出消息，请看看它的日志"
    };
    NotConnected {
        blame: format!("get_latest_events: retcode {code}"),
        trouble: trouble.to_owned(),
    }
}
