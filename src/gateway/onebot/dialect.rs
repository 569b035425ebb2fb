//! Where OneBot 11 and 12 differ: how frames read, how actions are written, what answers mean.
//! Everything else is shared.

use std::sync::Arc;

use serde_json::Value;

use crate::gateway::Inbound;
use crate::model::{Clock, Destination, GatewayId, GroupRef, Outgoing, SendOutcome};

/// One account behind a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::gateway) struct Account {
    /// `wechat`, `qq`; empty in version 11, which does not say.
    pub(in crate::gateway) platform: String,
    /// The platform's id of the account.
    pub(in crate::gateway) id: String,
}

/// What a frame is read with.
pub(in crate::gateway) struct Ears<'a> {
    pub(in crate::gateway) gateway: &'a GatewayId,
    /// Our own accounts, as far as they are known.
    pub(in crate::gateway) own: &'a [Account],
    pub(in crate::gateway) clock: &'a dyn Clock,
}

impl Ears<'_> {
    /// Whether this person is one of our own accounts.
    pub(in crate::gateway) fn is_own(&self, person: &str) -> bool {
        self.own.iter().any(|account| account.id == person)
    }
}

/// One frame, sorted.
#[derive(Debug)]
pub(in crate::gateway) enum Frame {
    /// The answer to an action, by its echo.
    Reply { echo: String, reply: Value },
    /// A heartbeat or the like, with the accounts it names and whether each is online.
    Life { accounts: Vec<(Account, Online)> },
    /// Something for the house, with the account that heard it.
    Inbound {
        inbound: Inbound,
        account: Option<Account>,
    },
    /// An event nobody here needs.
    Other,
    /// Not understood; the kind of trouble, English.
    Unreadable(&'static str),
}

/// Whether an account is logged in, as its implementation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gateway) enum Online {
    Yes,
    No,
}

/// An action on its way.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Request {
    pub(in crate::gateway) echo: String,
    pub(in crate::gateway) action: &'static str,
    pub(in crate::gateway) params: Value,
    /// Whose action it is, where the connection has several accounts.
    pub(in crate::gateway) account: Option<Account>,
}

/// One version of the protocol.
pub(in crate::gateway) trait Dialect: Send + Sync + 'static {
    /// `OneBot 11`.
    fn name(&self) -> &'static str;

    /// Sorts a frame that was decoded.
    fn read(&self, value: Value, ears: &Ears<'_>) -> Frame;

    /// The action that says which accounts are there.
    fn who(&self) -> &'static str;

    /// The accounts in the answer to [`Dialect::who`].
    fn accounts(&self, reply: &Value) -> Vec<(Account, Online)>;

    /// The action that sends these words.
    fn send(&self, outgoing: &Outgoing) -> (&'static str, Value);

    /// What the answer to a send means.
    fn outcome(&self, reply: &Value) -> SendOutcome;

    /// Whether the answer to a send says that the implementation cannot write one of its segments.
    fn lacks_segment(&self, reply: &Value) -> bool;

    /// A request as it is written to a socket.
    fn written(&self, request: &Request) -> Value;

    /// Where a request is posted, behind the base address, and what.
    fn posted(&self, request: Request) -> (String, Value);

    /// The WebSocket subprotocol to answer with, of those a caller offers.
    fn subprotocol(&self, offered: &str) -> Option<String>;
}

/// Shared by all connections of a gateway.
pub(in crate::gateway) type Version = Arc<dyn Dialect>;

/// The groups in the answer to `get_group_list`, which both versions spell alike.
pub(super) fn groups(reply: &Value) -> Vec<GroupRef> {
    let list = reply.get("data").and_then(Value::as_array);
    let groups = list.into_iter().flatten().filter_map(|group| {
        let id = group.get("group_id").and_then(super::value::opaque_id)?;
        Some(GroupRef {
            id: id.as_str().into(),
            name: super::value::text_at(group, "/group_name"),
            area: Vec::new(),
        })
    });
    groups.collect()
}

/// Where somebody who wrote this is answered.
pub(super) fn answered_at(inbound: &Inbound) -> Option<Destination> {
    let (Inbound::Message { message, .. } | Inbound::Echo(message)) = inbound else {
        return None;
    };
    Some(if message.direct {
        Destination::Person(message.sender.id.clone())
    } else {
        Destination::Group(message.group.id.clone())
    })
}
