//! OneBot 11 and 12 as configured.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::entry::Entry;

/// Which version a table is about; they differ in what they allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V11,
    V12,
}

/// How a OneBot gateway connects and behaves.
#[derive(Clone, Debug)]
pub struct OneBot {
    /// Who calls whom.
    pub transport: Transport,
    /// The access token.
    pub token: Option<SecretString>,
    /// What version 11 signs its webhook with.
    pub secret: Option<SecretString>,
    /// How frames are written.
    pub frames: Frames,
    /// How often a sign of life is asked for.
    pub heartbeat: Duration,
}

/// Who calls whom.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Forward: we dial this URL.
    Forward(String),
    /// Reverse: we listen here, on this path.
    Reverse(SocketAddr, String),
    /// Actions are posted to this URL, events come in here, on this path.
    Webhook(String, SocketAddr, String),
    /// Actions are posted to this URL, events are fetched there.
    Polling(String),
}

/// How frames are written; both are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frames {
    /// JSON.
    #[default]
    Json,
    /// MessagePack, in version 12 alone.
    MsgPack,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    connect: Option<String>,
    listen: Option<String>,
    path: Option<String>,
    heartbeat: Option<String>,
    frames: Option<Frames>,
}

pub(super) fn read(entry: &mut Entry<'_, '_>, version: Version) -> Option<OneBot> {
    let token = entry.secret("token");
    let secret = match version {
        Version::V11 => entry.secret("secret"),
        Version::V12 => None,
    };
    let raw: Raw = entry.rest()?;
    let heartbeat = entry.duration("heartbeat", raw.heartbeat, ["15s", "1s", "5m"]);
    let frames = raw.frames.unwrap_or_default();
    if (version, frames) == (Version::V11, Frames::MsgPack) {
        entry.problem("的 frames 只能写 \"json\"，msgpack 是 OneBot 12 才有的");
    }
    let usual = match version {
        Version::V11 => "/onebot/v11",
        Version::V12 => "/onebot/v12",
    };
    let webhook = raw.connect.as_deref().is_some_and(is_http);
    // Version 11 sends no token with its events: only the signature tells whose they are.
    let guard = match (webhook, version) {
        (true, Version::V11) => ("secret", secret.as_ref()),
        _ => ("token", token.as_ref()),
    };
    let listen = match raw.listen {
        Some(typed) => {
            let address = entry.listen(&typed, guard)?;
            Some((address, entry.path(raw.path, usual)?))
        }
        None => None,
    };
    let transport = transport(entry, raw.connect, listen, version)?;
    if secret.is_some() && !matches!(transport, Transport::Webhook(..)) {
        entry.problem("的 secret 只在 connect 写 http:// 又写 listen 时有用（它是推送消息的签名密钥），请去掉");
    }
    Some(OneBot {
        transport,
        token,
        secret,
        frames,
        heartbeat,
    })
}

fn transport(
    entry: &mut Entry<'_, '_>,
    connect: Option<String>,
    listen: Option<(SocketAddr, String)>,
    version: Version,
) -> Option<Transport> {
    let problem = match (connect, listen) {
        (None, Some((address, path))) => return Some(Transport::Reverse(address, path)),
        (Some(url), None) if is_websocket(&url) => return Some(Transport::Forward(url)),
        (Some(url), Some((address, path))) if is_http(&url) => {
            return Some(Transport::Webhook(url, address, path));
        }
        (Some(url), None) if is_http(&url) && version == Version::V12 => {
            return Some(Transport::Polling(url));
        }
        (Some(url), None) if is_http(&url) => {
            "的 connect 是 http://，还要写 listen（如 \"127.0.0.1:8081\"），让对方把消息推过来"
        }
        (Some(url), Some(_)) if is_websocket(&url) => {
            "的 connect（我们连过去）和 listen（等它连过来）只能写一个"
        }
        (Some(_), _) => {
            "的 connect 要以 ws://、wss://、http:// 或 https:// 开头，如 \"ws://127.0.0.1:6700/\""
        }
        (None, None) => {
            "要写 connect（我们连过去，如 \"ws://127.0.0.1:6700/\"）或 listen（等它连过来，如 \"127.0.0.1:8081\"）"
        }
    };
    entry.problem(problem);
    None
}

fn is_websocket(url: &str) -> bool {
    has_scheme(url, ["ws://", "wss://"])
}

fn is_http(url: &str) -> bool {
    has_scheme(url, ["http://", "https://"])
}

fn has_scheme(url: &str, schemes: [&str; 2]) -> bool {
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty())
}
