//! One live socket, whoever opened it: reads events, writes actions, notices when it is dead.

use futures_util::{Sink, SinkExt, Stream, StreamExt};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::OneBot;
use super::dialect::{self, Account, Ears, Frame};
use super::link::{Attachment, Channel, Via};
use super::wire::{self, Encoding};
use crate::gateway::{Inbound, Inbox};

/// What a socket reads at once, bytes: the libraries' own 128 KiB for each of several hundred accounts
/// would be most of the memory there is.
pub(super) const READ_BYTES: usize = 32 << 10;

/// A WebSocket frame, as both libraries agree on it.
#[derive(Debug)]
pub(super) enum WireFrame {
    /// Text.
    Text(Vec<u8>),
    /// Bytes: MessagePack, or text that was sent so.
    Binary(Vec<u8>),
    /// Ping, pong: only a sign of life.
    Life,
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
    gateway: &OneBot,
    (channel, account): (Channel, Option<Account>),
    socket: S,
    inbox: &Inbox,
    stop: &CancellationToken,
) -> Ended
where
    S: Stream<Item = Result<WireFrame, E>> + Sink<WireFrame, Error = E> + Unpin,
{
    let attachment = gateway.link.attach(channel, account);
    info!(gateway.id = %gateway.id, ?channel, "gateway connected");
    let (writer, reader) = socket.split();
    let (replaced, serial) = (attachment.replaced.clone(), attachment.serial);
    let ended = tokio::select! {
        () = stop.cancelled() => Ended::Stopped,
        () = replaced.cancelled() => Ended::Replaced,
        ended = read(gateway, serial, reader, inbox) => ended,
        ended = write(gateway, attachment, writer) => ended,
        ended = probe(gateway, channel, serial, inbox) => ended,
    };
    info!(gateway.id = %gateway.id, ?channel, ?ended, "gateway disconnected");
    ended
}

async fn read<R, E>(gateway: &OneBot, serial: u64, mut reader: R, inbox: &Inbox) -> Ended
where
    R: Stream<Item = Result<WireFrame, E>> + Unpin,
{
    let patience = gateway.settings.heartbeat * 3;
    loop {
        let (value, frame) = match tokio::time::timeout(patience, reader.next()).await {
            Err(_) => return Ended::Silent,
            Ok(None | Some(Err(_) | Ok(WireFrame::Close))) => return Ended::Closed,
            Ok(Some(Ok(WireFrame::Text(frame)))) => (wire::text(&frame), frame),
            Ok(Some(Ok(WireFrame::Binary(frame)))) => (wire::binary(&frame), frame),
            Ok(Some(Ok(WireFrame::Life | WireFrame::Ping))) => {
                gateway.link.heard(serial);
                continue;
            }
        };
        // A full inbox makes the socket wait: the peer is slowed down, nothing is dropped.
        if take(gateway, serial, value, &frame, None, inbox)
            .await
            .is_err()
        {
            return Ended::Stopped;
        }
    }
}

/// Nobody listens any more.
#[derive(Debug)]
pub(super) struct Deserted;

/// Puts one frame where it belongs. `done`, where somebody waits, is told when a message is committed,
/// and of everything else that it was taken.
pub(super) async fn take(
    gateway: &OneBot,
    serial: u64,
    value: Option<Value>,
    frame: &[u8],
    done: Option<oneshot::Sender<bool>>,
    inbox: &Inbox,
) -> Result<(), Deserted> {
    let heard = gateway.link.heard(serial);
    let mut inbound = match sort(gateway, value, &heard.ours) {
        Frame::Reply { echo, reply } => {
            gateway.link.answered(&echo, Ok(reply));
            settle(done);
            return Ok(());
        }
        Frame::Life { accounts } => {
            gateway.link.identify(serial, &accounts);
            settle(done);
            return Ok(());
        }
        Frame::Other => {
            settle(done);
            return Ok(());
        }
        Frame::Inbound { inbound, account } => {
            let account = account.as_ref().or(match &*heard.here {
                [only] => Some(only),
                _ => None,
            });
            let news = |it: &&Account| heard.ours.len() > 1 || !heard.here.contains(it);
            if let Some(account) = account.filter(news) {
                let to = dialect::answered_at(&inbound);
                gateway.link.home(serial, to, account);
            }
            inbound
        }
        Frame::Unreadable(reason) => {
            debug!(gateway.id = %gateway.id, reason, "frame not understood");
            // MessagePack is kept as what it says, which people can read.
            let unpacked = wire::binary(frame).map(|value| value.to_string().into_bytes());
            Inbound::unreadable(reason, unpacked.as_deref().unwrap_or(frame))
        }
    };
    let waits = match &mut inbound {
        Inbound::Message { done: waiting, .. } => {
            *waiting = done;
            None
        }
        _ => done,
    };
    let sent = inbox.send((gateway.id.clone(), inbound)).await;
    sent.map_err(|_| Deserted)?;
    settle(waits);
    Ok(())
}

/// Whoever waits may go.
fn settle(done: Option<oneshot::Sender<bool>>) {
    if let Some(done) = done {
        // Who does not wait any more needs no answer.
        let _ = done.send(true);
    }
}

/// What a frame is, of the accounts of its connection.
pub(super) fn sort(gateway: &OneBot, value: Option<Value>, own: &[Account]) -> Frame {
    let Some(value) = value else {
        return Frame::Unreadable("not JSON");
    };
    let ears = Ears {
        gateway: &gateway.id,
        own,
        clock: &*gateway.clock,
    };
    gateway.version.read(value, &ears)
}

async fn write<W, E>(gateway: &OneBot, mut attachment: Attachment<'_>, mut writer: W) -> Ended
where
    W: Sink<WireFrame, Error = E> + Unpin,
{
    let heartbeat = gateway.settings.heartbeat;
    let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + heartbeat, heartbeat);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let frame = tokio::select! {
            request = attachment.requests.recv() => match request {
                Some(request) => encoded(gateway, &gateway.version.written(&request)),
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

fn encoded(gateway: &OneBot, request: &Value) -> WireFrame {
    match gateway.settings.encoding {
        Encoding::Json => WireFrame::Text(request.to_string().into_bytes()),
        Encoding::MessagePack => WireFrame::Binary(wire::pack(request)),
    }
}

/// Asks who is there and which groups there are, then goes on asking for a sign that actions work:
/// a connection on which events flow and actions do not is as dead as a silent one.
pub(super) async fn probe(gateway: &OneBot, channel: Channel, serial: u64, inbox: &Inbox) -> Ended {
    if channel == Channel::Event {
        return std::future::pending().await;
    }
    greet(gateway, serial, inbox).await;
    let mut unanswered = 0;
    let mut beat = tokio::time::interval(gateway.settings.heartbeat);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let timeout = gateway.settings.heartbeat;
        let via = Via::Connection(serial);
        let answer = gateway
            .link
            .call(via, "get_status", json!({}), None, timeout)
            .await;
        if let Ok(reply) = &answer
            && gateway.version.who() == "get_status"
        {
            gateway
                .link
                .identify(serial, &gateway.version.accounts(reply));
        }
        unanswered = if answer.is_ok() { 0 } else { unanswered + 1 };
        if unanswered == 3 {
            warn!(gateway.id = %gateway.id, "actions are not answered, reconnecting");
            return Ended::Deaf;
        }
    }
}

async fn greet(gateway: &OneBot, serial: u64, inbox: &Inbox) {
    let (link, version) = (&gateway.link, &gateway.version);
    let timeout = gateway.settings.action_timeout;
    let via = Via::Connection(serial);
    if let Ok(reply) = link
        .call(via, version.who(), json!({}), None, timeout)
        .await
    {
        link.identify(serial, &version.accounts(&reply));
    }
    let asked: Vec<Option<Account>> = match &*link.heard(serial).here {
        [] => vec![None],
        some => some.iter().cloned().map(Some).collect(),
    };
    for account in asked {
        let listed = link.call(via, "get_group_list", json!({}), account.clone(), timeout);
        let Ok(reply) = listed.await else { continue };
        let groups = dialect::groups(&reply);
        if let Some(account) = &account {
            for group in &groups {
                let to = crate::model::Destination::Group(group.id.clone());
                link.home(serial, Some(to), account);
            }
        }
        if !groups.is_empty() {
            // The inbox closes only when the bot stops, and then the list is not needed.
            let _ = inbox
                .send((gateway.id.clone(), Inbound::Groups(groups)))
                .await;
        }
    }
}
