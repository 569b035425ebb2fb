//! OneBot as configured.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::entry::Entry;

/// How a OneBot gateway connects and behaves.
#[derive(Clone, Debug)]
pub struct OneBot {
    /// Which side opens the connection.
    pub transport: Transport,
    /// The access token.
    pub token: Option<SecretString>,
    /// How often a sign of life is asked for.
    pub heartbeat: Duration,
}

/// Which side opens the connection.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Forward: we dial this URL.
    Forward(String),
    /// Reverse: we listen here, on this path.
    Reverse(SocketAddr, String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    connect: Option<String>,
    listen: Option<String>,
    path: Option<String>,
    heartbeat: Option<String>,
}

pub(super) fn read(entry: &mut Entry<'_, '_>) -> Option<OneBot> {
    let token = entry.secret("token");
    let raw: Raw = entry.rest()?;
    let heartbeat = entry.duration("heartbeat", raw.heartbeat, ["15s", "1s", "5m"]);
    let transport = match (raw.connect, raw.listen) {
        (Some(url), None) => forward(entry, url)?,
        (None, Some(listen)) => {
            let address = entry.listen(&listen, token.as_ref())?;
            Transport::Reverse(address, entry.path(raw.path, "/onebot/v11")?)
        }
        _ => {
            entry.problem("要写 connect（我们连过去，如 \"ws://127.0.0.1:6700/\"）或 listen（等它连过来，如 \"127.0.0.1:8081\"），二选一");
            return None;
        }
    };
    Some(OneBot {
        transport,
        token,
        heartbeat,
    })
}

fn forward(entry: &mut Entry<'_, '_>, url: String) -> Option<Transport> {
    let rest = url.strip_prefix("ws://").or(url.strip_prefix("wss://"));
    if rest.is_none_or(str::is_empty) {
        entry.problem("的 connect 要以 ws:// 或 wss:// 开头，如 \"ws://127.0.0.1:6700/\"");
        return None;
    }
    Some(Transport::Forward(url))
}
