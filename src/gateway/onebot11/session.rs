//! One live socket, whoever opened it: reads events, writes actions, notices when it is dead.

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use serde_json::json;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::event::{self, Frame};
use super::link::{Attachment, Channel};
use super::{OneBot11, action};
use crate::gateway::{Inbound, Inbox};

/// A WebSocket frame, as both libraries agree on it.
#[derive(Debug)]
pub(super) enum WireFrame {
    /// Text, or binary that should have been text.
    Payload(Vec<u8>),
    /// Ping, pong: only a sign of life.
    Life,
    /// To be written: text.
    Text(String),
    /// To be written: a ping.
    Ping,
    /// The peer says goodbye.
    Close,
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// We are stopping, or nobody takes what we hear.
    Stopped,
    /// A newer connection of the same account took over.
    Replaced,
    /// The peer closed, or the socket broke.
    Closed,
    /// Nothing was heard for three heartbeats.
    Silent,
    /// Frames arrive, but no action was answered three times in a row.
    Deaf,
}

/// Serves one socket until it ends.
pub(super) async fn serve<S, E>(
    gateway: &OneBot11,
    channel: Channel,
    socket: S,
    inbox: &Inbox,
    stop: &CancellationToken,
) -> Ended
where
    S: Stream<Item = Result<WireFrame, E>> + Sink<WireFrame, Error = E> + Unpin,
{
    let attachment = gateway.link.attach(channel);
    info!(gateway.id = %gateway.id, ?channel, "gateway connected");
    let (writer, reader) = socket.split();
    let replaced = attachment.replaced.clone();
    let ended = tokio::select! {
        () = stop.cancelled() => Ended::Stopped,
        () = replaced.cancelled() => Ended::Replaced,
        ended = read(gateway, reader, inbox) => ended,
        ended = write(gateway, attachment, writer) => ended,
        ended = probe(gateway, channel, inbox) => ended,
    };
    info!(gateway.id = %gateway.id, ?channel, ?ended, "gateway disconnected");
    ended
}

async fn read<R, E>(gateway: &OneBot11, mut reader: R, inbox: &Inbox) -> Ended
where
    R: Stream<Item = Result<WireFrame, E>> + Unpin,
{
    let patience = gateway.settings.heartbeat * 3;
    loop {
        let payload = match tokio::time::timeout(patience, reader.next()).await {
            Err(_) => return Ended::Silent,
            Ok(None | Some(Err(_) | Ok(WireFrame::Close))) => return Ended::Closed,
            Ok(Some(Ok(WireFrame::Payload(payload)))) => payload,
            Ok(Some(Ok(_))) => {
                gateway.link.heard(None);
                continue;
            }
        };
        if !take(gateway, &payload, inbox).await {
            return Ended::Stopped;
        }
    }
}

/// Puts one frame where it belongs; `false` when nobody listens any more.
async fn take(gateway: &OneBot11, payload: &[u8], inbox: &Inbox) -> bool {
    let self_id = gateway.link.self_id();
    match event::read(payload, &gateway.id, self_id.as_deref(), &*gateway.clock) {
        Frame::Reply { echo, reply } => {
            gateway.link.heard(None);
            gateway.link.answered(&echo, reply);
        }
        Frame::Life { self_id } => gateway.link.heard(self_id),
        Frame::Other => gateway.link.heard(None),
        Frame::Inbound(inbound) => {
            gateway.link.heard(None);
            if let Inbound::Unreadable { reason } = &inbound {
                debug!(gateway.id = %gateway.id, reason, "frame not understood");
            }
            // A full inbox makes the socket wait: the peer is slowed down, nothing is dropped.
            return inbox.send((gateway.id.clone(), inbound)).await.is_ok();
        }
    }
    true
}

async fn write<W, E>(gateway: &OneBot11, mut attachment: Attachment<'_>, mut writer: W) -> Ended
where
    W: Sink<WireFrame, Error = E> + Unpin,
{
    let mut beat = tokio::time::interval_at(
        Instant::now() + gateway.settings.heartbeat,
        gateway.settings.heartbeat,
    );
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let frame = tokio::select! {
            frame = attachment.outgoing.recv() => match frame {
                Some(text) => WireFrame::Text(text),
                None => return Ended::Replaced,
            },
            _ = beat.tick() => WireFrame::Ping,
        };
        let written =
            tokio::time::timeout(gateway.settings.action_timeout, writer.send(frame)).await;
        if !matches!(written, Ok(Ok(()))) {
            return Ended::Closed;
        }
    }
}

/// Asks who we are and which groups there are, then goes on asking for a sign that actions work:
/// a socket on which events flow and actions do not is as dead as a silent one.
async fn probe(gateway: &OneBot11, channel: Channel, inbox: &Inbox) -> Ended {
    if channel == Channel::Event {
        return std::future::pending().await;
    }
    greet(gateway, inbox).await;
    let mut unanswered = 0;
    let mut beat = tokio::time::interval(gateway.settings.heartbeat);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let answer = gateway
            .link
            .call("get_status", json!({}), gateway.settings.heartbeat)
            .await;
        unanswered = if answer.is_ok() { 0 } else { unanswered + 1 };
        if unanswered == 3 {
            warn!(gateway.id = %gateway.id, "actions are not answered, reconnecting");
            return Ended::Deaf;
        }
    }
}

async fn greet(gateway: &OneBot11, inbox: &Inbox) {
    let timeout = gateway.settings.action_timeout;
    if let Ok(reply) = gateway
        .link
        .call("get_login_info", json!({}), timeout)
        .await
    {
        gateway
            .link
            .heard(reply.pointer("/data/user_id").and_then(event::opaque_id));
    }
    if let Ok(reply) = gateway
        .link
        .call("get_group_list", json!({}), timeout)
        .await
    {
        let groups = action::groups(&reply);
        if !groups.is_empty() {
            // The inbox closes only when the bot stops, and then the list is not needed.
            let _ = inbox
                .send((gateway.id.clone(), Inbound::Groups(groups)))
                .await;
        }
    }
}
