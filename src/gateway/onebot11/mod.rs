//! OneBot 11: `event/*`, `api/public.md` and `message/*` of botuniverse/onebot-11. How it is connected
//! is shared with version 12, see [`crate::gateway::onebot`].

mod action;
mod event;
mod segment;

use serde_json::{Value, json};

use super::onebot::dialect::{Account, Dialect, Ears, Frame, Online, Request};
use super::onebot::value::opaque_id;
use crate::model::{Outgoing, SendOutcome};

/// Version 11 of the protocol.
pub(super) struct OneBot11;

impl Dialect for OneBot11 {
    fn name(&self) -> &'static str {
        "OneBot 11"
    }

    fn read(&self, value: Value, ears: &Ears<'_>) -> Frame {
        event::read(value, ears)
    }

    fn who(&self) -> &'static str {
        "get_login_info"
    }

    fn accounts(&self, reply: &Value) -> Vec<(Account, Online)> {
        let id = reply.pointer("/data/user_id").and_then(opaque_id);
        let id = id.filter(|id| !id.is_empty());
        id.map(|id| (event::account(id), Online::Yes))
            .into_iter()
            .collect()
    }

    fn send(&self, outgoing: &Outgoing) -> (&'static str, Value) {
        action::send(outgoing)
    }

    fn outcome(&self, reply: &Value) -> SendOutcome {
        action::outcome(reply)
    }

    /// The standard has no code for it.
    fn lacks_segment(&self, _: &Value) -> bool {
        false
    }

    fn written(&self, request: &Request) -> Value {
        json!({"action": request.action, "params": request.params, "echo": request.echo})
    }

    fn posted(&self, request: Request) -> (String, Value) {
        (request.action.to_owned(), request.params)
    }

    fn subprotocol(&self, _: &str) -> Option<String> {
        None
    }
}
