//! How words are posted, as configured: `[gateway.write]`.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use toml::{Table, Value};

use super::mapping::{Probe, Test, several};
use super::template::{Node, Phrase, Slot};
use crate::config::gateway::entry::Entry;
use crate::config::raw::chinese;

/// How words are posted.
#[derive(Clone)]
pub struct Writing {
    /// Where.
    pub url: Phrase,
    /// With which method.
    pub method: Method,
    /// Headers of our own.
    pub headers: Vec<(String, Phrase)>,
    /// The body.
    pub body: Body,
    /// Fills `{token}`.
    pub token: Option<SecretString>,
    /// It went out when this holds; `None`: when the status says so.
    pub success: Option<Test>,
    /// It did not go out and may be tried again when any of these holds.
    pub retry: Vec<Test>,
    /// Nobody knows when any of these holds.
    pub unknown: Vec<Test>,
    /// The platform's id of our message.
    pub message_id: Vec<Probe>,
    /// Longest text, bytes.
    pub max_bytes: usize,
    /// Whether persons can be written to as well.
    pub direct: bool,
    /// How long an answer is waited for.
    pub timeout: Duration,
}

impl fmt::Debug for Writing {
    /// Admins put keys into URLs and headers; neither shows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writing").finish_non_exhaustive()
    }
}

impl Writing {
    /// Whether this slot is anywhere in it.
    pub fn has(&self, slot: Slot) -> bool {
        let body = match &self.body {
            Body::None => false,
            Body::Json(node) => node.has(slot),
            Body::Form(pairs) => pairs.iter().any(|(_, phrase)| phrase.has(slot)),
        };
        body || self.url.has(slot) || self.headers.iter().any(|(_, phrase)| phrase.has(slot))
    }
}

/// What is posted.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing: all is in the URL.
    None,
    /// JSON.
    Json(Node),
    /// A form.
    Form(Vec<(String, Phrase)>),
}

/// The methods that carry words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    #[default]
    Post,
    /// PUT.
    Put,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    url: String,
    #[serde(default)]
    method: Method,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
    form: Option<BTreeMap<String, String>>,
    success: Option<Value>,
    retry: Option<Value>,
    unknown: Option<Value>,
    message_id: Option<Value>,
    max_bytes: Option<usize>,
    #[serde(default)]
    direct: bool,
    timeout: Option<String>,
}

pub(super) fn read(
    entry: &mut Entry<'_, '_>,
    typed: Table,
    token: Option<SecretString>,
) -> Option<Writing> {
    let raw: Raw = match typed.try_into() {
        Ok(raw) => raw,
        Err(error) => {
            let error: toml::de::Error = error;
            entry.problem(&format!("的 [gateway.write]：{}", chinese(error.message())));
            return None;
        }
    };
    let timeout = entry.duration("write.timeout", raw.timeout.clone(), ["10s", "1s", "60s"]);
    let writing = match writing(raw, token, timeout) {
        Ok(writing) => writing,
        Err(problem) => {
            entry.problem(&format!("的 write.{problem}"));
            return None;
        }
    };
    let missing = if !writing.has(Slot::Text) {
        "里没有 {text}，要说的话放在哪里？请在 body、form 或 url 里写上"
    } else if writing.has(Slot::Token) && writing.token.is_none() {
        "里用了 {token}，还要写 send_token（或 send_token_env、send_token_file）"
    } else {
        return Some(writing);
    };
    entry.problem(&format!("的 [gateway.write] {missing}"));
    None
}

fn writing(raw: Raw, token: Option<SecretString>, timeout: Duration) -> Result<Writing, String> {
    if !["http://", "https://"]
        .iter()
        .any(|scheme| raw.url.starts_with(scheme))
    {
        return Err(
            "url 要以 http:// 或 https:// 开头，如 \"http://127.0.0.1:2531/send\"".to_owned(),
        );
    }
    let max_bytes = raw.max_bytes.unwrap_or(4000);
    if !(100..=65_536).contains(&max_bytes) {
        return Err(format!("max_bytes = {max_bytes} 不对，请写 100 到 65536"));
    }
    let phrase =
        |key: &str, typed: &str| Phrase::typed(typed).map_err(|why| format!("{key}：{why}"));
    let headers = raw.headers.iter().map(|(name, typed)| {
        let plain = |it: u8| it.is_ascii_alphanumeric() || b"-_".contains(&it);
        if name.is_empty() || !name.bytes().all(plain) {
            return Err(format!("headers 里“{name}”不是请求头的名字"));
        }
        Ok((name.clone(), phrase("headers", typed)?))
    });
    let body = match (raw.body, raw.form) {
        (Some(_), Some(_)) => return Err("body 和 form 只能写一个".to_owned()),
        (None, None) => Body::None,
        (Some(typed), None) => {
            let value = serde_json::from_str(&typed).map_err(|error| {
                format!(
                    "body 不是 JSON（第 {} 行第 {} 列），请检查引号和逗号；填空的地方也要在引号里，如 \"{{text}}\"",
                    error.line(),
                    error.column()
                )
            })?;
            Body::Json(Node::typed(value).map_err(|why| format!("body：{why}"))?)
        }
        (None, Some(form)) => Body::Form(
            form.iter()
                .map(|(key, typed)| Ok((key.clone(), phrase("form", typed)?)))
                .collect::<Result<_, String>>()?,
        ),
    };
    let tests = |key: &str, typed: Option<Value>| -> Result<Vec<Test>, String> {
        let typed = typed.map(several).unwrap_or_default().into_iter();
        typed
            .map(|typed| Test::typed(typed).map_err(|why| format!("{key}：{why}")))
            .collect()
    };
    let probes = raw.message_id.map(several).unwrap_or_default().into_iter();
    let mut success = tests("success", raw.success)?;
    if success.len() > 1 {
        return Err("success 只能写一个条件".to_owned());
    }
    Ok(Writing {
        url: phrase("url", &raw.url)?,
        method: raw.method,
        headers: headers.collect::<Result<_, _>>()?,
        body,
        token,
        success: success.pop(),
        retry: tests("retry", raw.retry)?,
        unknown: tests("unknown", raw.unknown)?,
        message_id: probes
            .map(|typed| Probe::typed(typed).map_err(|why| format!("message_id：{why}")))
            .collect::<Result<_, _>>()?,
        max_bytes,
        direct: raw.direct,
        timeout,
    })
}
