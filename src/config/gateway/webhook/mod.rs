//! The mapped webhook as configured: any gateway that posts JSON or forms, described and not coded.
//! A preset describes a format; what the admin writes beside it wins, key by key.

mod mapping;
mod preset;
mod reading;
mod template;
#[cfg(test)]
mod tests;
mod writing;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use toml::Table;

use super::GatewayKind;
use super::entry::Entry;
use crate::config::{Config, Problems};
pub use mapping::{Holds, Piece, Place, Probe, Test};
pub use preset::{PRESETS, Preset};
pub use reading::{Content, NoGroup, Reading};
pub use template::{Node, Phrase, Slot, Word};
pub use writing::{Body, Method, Writing};

/// A gateway that is described by pointers and a template.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Where messages come in; `None`: it only writes.
    pub entrance: Option<Entrance>,
    /// How a message is read.
    pub reading: Reading,
    /// How words are posted; `None`: it only reads.
    pub writing: Option<Writing>,
}

/// Where messages come in, and who may bring them.
#[derive(Clone, Debug)]
pub struct Entrance {
    /// Where we listen.
    pub listen: SocketAddr,
    /// On this path.
    pub path: String,
    /// What a caller must show.
    pub token: Option<Token>,
    /// What a caller signs with.
    pub signature: Option<Signature>,
    /// Who may call at all; empty: anybody.
    pub allow: Vec<IpAddr>,
    /// The body of the answer when all is well.
    pub answer: String,
    /// How long a caller is kept waiting for the commit.
    pub answer_within: Duration,
}

/// A token and where it is shown.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token.
    pub token: SecretString,
    /// This header has it; `None`: `Authorization: Bearer`.
    pub header: Option<String>,
    /// This parameter of the query may have it instead.
    pub query: String,
}

/// An HMAC over the body as it came, in hexadecimal.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The key.
    pub secret: SecretString,
    /// The header that carries it; `sha1=` and `sha256=` in front are left out.
    pub header: String,
    /// With which hash.
    pub hash: Hash,
}

/// What an HMAC is made with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    #[default]
    Sha256,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    preset: Option<String>,
    listen: Option<String>,
    path: Option<String>,
    token_header: Option<String>,
    token_query: Option<String>,
    signature: Option<TypedSignature>,
    #[serde(default)]
    allow: Vec<String>,
    answer: Option<String>,
    answer_within: Option<String>,
    self_ids: Option<Vec<String>>,
    read: Option<Table>,
    write: Option<Table>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TypedSignature {
    header: Option<String>,
    hash: Hash,
}

/// What guards the entrance, as far as secrets go.
struct Secrets {
    token: Option<SecretString>,
    secret: Option<SecretString>,
}

pub(super) fn read(entry: &mut Entry<'_, '_>) -> Option<Webhook> {
    let secrets = Secrets {
        token: entry.secret("token"),
        secret: entry.secret("secret"),
    };
    let send_token = entry.secret("send_token");
    let mut raw: Raw = entry.rest()?;
    let preset = match &raw.preset {
        Some(name) => Some(preset::named(name).or_else(|| {
            let known: Vec<&str> = PRESETS.iter().map(|it| it.name).collect();
            entry.problem(&format!(
                "的 preset = \"{name}\" 没有，可用：{}（看内容：lianxin gateway preset 名字）",
                known.join("、")
            ));
            None
        })?),
        None => None,
    };
    let mut table = preset.map(Preset::table).unwrap_or_default();
    if preset.is_none() && raw.listen.is_some() && raw.read.is_none() {
        entry.problem("要写 preset（一种现成的格式），或自己写 [gateway.read]");
        return None;
    }
    if raw.answer.is_none() {
        let answer = table.get("answer").and_then(toml::Value::as_str);
        raw.answer = answer.map(str::to_owned);
    }
    let own_ids = raw.self_ids.take().unwrap_or_default();
    let reading = match laid_over(&mut table, "read", raw.read.take()) {
        Some(typed) => reading::read(entry, typed, own_ids),
        None => Some(Reading::default()),
    };
    let writing = match raw.write.take() {
        Some(typed) => {
            let whole = laid_over(&mut table, "write", Some(typed)).unwrap_or_default();
            Some(writing::read(entry, whole, send_token)?)
        }
        None => None,
    };
    let entrance = match raw.listen.take() {
        Some(listen) => Some(entrance(entry, &listen, raw, secrets)?),
        None => None,
    };
    if entrance.is_none() && writing.is_none() {
        entry.problem("要写 listen（收消息的地址，如 \"127.0.0.1:8090\"），或 [gateway.write]（怎么发），至少一样");
        return None;
    }
    Some(Webhook {
        entrance,
        reading: reading?,
        writing,
    })
}

/// The admin's keys over those of the preset.
fn laid_over(preset: &mut Table, name: &str, typed: Option<Table>) -> Option<Table> {
    let below = match preset.remove(name) {
        Some(toml::Value::Table(table)) => Some(table),
        _ => None,
    };
    match (below, typed) {
        (Some(mut below), Some(typed)) => {
            below.extend(typed);
            Some(below)
        }
        (below, typed) => typed.or(below),
    }
}

fn entrance(
    entry: &mut Entry<'_, '_>,
    listen: &str,
    raw: Raw,
    secrets: Secrets,
) -> Option<Entrance> {
    let guard = secrets.token.as_ref().or(secrets.secret.as_ref());
    let listen = entry.listen(listen, ("token", guard))?;
    let path = entry.path(raw.path, "/webhook")?;
    let mut allow = Vec::new();
    for typed in raw.allow {
        match typed.parse() {
            Ok(address) => allow.push(address),
            Err(_) => entry.problem(&format!(
                "的 allow 里“{typed}”不是 IP 地址，请写成 \"10.0.0.5\""
            )),
        }
    }
    if secrets.secret.is_none() && raw.signature.is_some() {
        entry.problem("写了 signature，还要写签名密钥 secret（或 secret_env、secret_file）");
    }
    let signature = raw.signature.unwrap_or_default();
    let token_query = raw.token_query.unwrap_or_else(|| "access_token".to_owned());
    Some(Entrance {
        listen,
        path,
        token: secrets.token.map(|token| Token {
            token,
            header: raw.token_header,
            query: token_query,
        }),
        signature: secrets.secret.map(|secret| Signature {
            secret,
            header: signature.header.unwrap_or_else(|| "X-Signature".to_owned()),
            hash: signature.hash,
        }),
        allow,
        answer: raw.answer.unwrap_or_default(),
        answer_within: entry.duration("answer_within", raw.answer_within, ["4s", "1s", "30s"]),
    })
}

/// A preset alone, as it is tried before anything is configured.
///
/// # Errors
///
/// What is wrong with the preset.
pub fn of_preset(preset: &Preset) -> Result<Webhook, Problems> {
    let name = preset.name;
    let mut text = format!(
        "[[gateway]]\nname = \"{name}\"\nkind = \"webhook\"\npreset = \"{name}\"\nlisten = \"127.0.0.1:1\"\n"
    );
    if preset.table().contains_key("write") {
        text.push_str("[gateway.write]\nurl = \"http://127.0.0.1:1/send\"\n");
    }
    let mut gateways = Config::parse(&text, Path::new("."))?.gateways;
    match gateways.pop().map(|gateway| gateway.kind) {
        Some(GatewayKind::Webhook(webhook)) => Ok(*webhook),
        _ => Err(Problems(vec![format!("格式“{name}”用不了")])),
    }
}
