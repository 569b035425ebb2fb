//! OneBot 12: `specs/connect/data-protocol/*`, `specs/interface/*` and `specs/event` of
//! botuniverse/onebot. How it is connected is shared with version 11, see [`crate::gateway::onebot`].

mod action;
mod event;
mod segment;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::onebot::dialect::{Account, Dialect, Ears, Frame, Online, Request};
use crate::model::{Outgoing, SendOutcome};

/// Version 12 of the protocol.
pub(super) struct OneBot12;

impl Dialect for OneBot12 {
    fn name(&self) -> &'static str {
        "OneBot 12"
    }

    fn read(&self, value: Value, ears: &Ears<'_>) -> Frame {
        event::read(value, ears)
    }

    fn who(&self) -> &'static str {
        "get_status"
    }

    fn accounts(&self, reply: &Value) -> Vec<(Account, Online)> {
        event::bots(reply.get("data"))
    }

    fn send(&self, outgoing: &Outgoing) -> (&'static str, Value) {
        action::send(outgoing)
    }

    fn outcome(&self, reply: &Value) -> SendOutcome {
        action::outcome(reply)
    }

    /// Unsupported segment, and unsupported data of one.
    fn lacks_segment(&self, reply: &Value) -> bool {
        let code = reply.get("retcode").and_then(Value::as_i64);
        matches!(code, Some(10005 | 10007))
    }

    /// `self` is required where a connection serves several accounts, and allowed where it serves one.
    fn written(&self, request: &Request) -> Value {
        let Request {
            echo,
            action,
            params,
            account,
        } = request;
        let mut written = json!({"action": action, "params": params});
        if !echo.is_empty() {
            written["echo"] = json!(echo);
        }
        if let Some(Account { platform, id }) = account {
            written["self"] = json!({"platform": platform, "user_id": id});
        }
        written
    }

    fn posted(&self, request: Request) -> (String, Value) {
        (String::new(), self.written(&request))
    }

    /// `12.<implementation>`; it has to be sent back, or the caller hangs up.
    fn subprotocol(&self, offered: &str) -> Option<String> {
        let mut offers = offered.split(',').map(str::trim);
        offers.find(|it| it.starts_with("12.")).map(str::to_owned)
    }
}
