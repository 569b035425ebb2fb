//! One `[[gateway]]` table while it is checked: what kinds of gateways read alike, and how they complain.

use std::net::SocketAddr;
use std::time::Duration;

use secrecy::SecretString;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::config::check::Check;
use crate::config::raw;

/// A gateway's own keys, `name` and `kind` taken out.
pub(super) struct Entry<'a, 'c> {
    check: &'a mut Check<'c>,
    name: &'a str,
    table: Table,
    /// Keys that were taken out by name, for the list of what may be written.
    taken: Vec<String>,
}

impl<'a, 'c> Entry<'a, 'c> {
    pub(super) fn new(check: &'a mut Check<'c>, name: &'a str, table: Table) -> Self {
        Self {
            check,
            name,
            table,
            taken: Vec::new(),
        }
    }

    /// Notes what is wrong, a Chinese half sentence that follows the gateway's name.
    pub(super) fn problem(&mut self, text: &str) {
        self.check.problem(format!("网关“{}”{text}", self.name));
    }

    /// A secret by value, from an environment variable (`KEY_env`) or from a file (`KEY_file`). To be
    /// called before [`Entry::rest`].
    pub(super) fn secret(&mut self, key: &str) -> Option<SecretString> {
        let keys = [key.to_owned(), format!("{key}_env"), format!("{key}_file")];
        let typed: Vec<(usize, Value)> = keys
            .iter()
            .enumerate()
            .filter_map(|(which, key)| Some((which, self.table.remove(key)?)))
            .collect();
        let [plain, variable, file] = &keys;
        if typed.len() > 1 {
            self.problem(&format!("的 {plain}、{variable}、{file} 只能写一个"));
            self.taken.extend(keys);
            return None;
        }
        let found = match typed.first() {
            None => None,
            Some((0, Value::String(secret))) => Some(SecretString::from(secret.as_str())),
            Some((1, Value::String(variable))) => self.read_variable(variable),
            Some((2, Value::String(path))) => self.read_file(file, path),
            Some((which, _)) => {
                self.problem(&format!("的 {} 要写成带引号的文字", keys[*which]));
                None
            }
        };
        self.taken.extend(keys);
        found
    }

    fn read_variable(&mut self, variable: &str) -> Option<SecretString> {
        let value = std::env::var(variable).ok();
        let value = value.filter(|value| !value.is_empty());
        if value.is_none() {
            self.problem(&format!("要的环境变量 {variable} 没有设置"));
        }
        value.map(SecretString::from)
    }

    fn read_file(&mut self, key: &str, path: &str) -> Option<SecretString> {
        let path = self.check.path(path.into());
        match std::fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => Some(SecretString::from(text.trim())),
            _ => {
                self.problem(&format!("的 {key} {} 读不到或是空的", path.display()));
                None
            }
        }
    }

    /// Everything else, as the kind's own type with `deny_unknown_fields`.
    pub(super) fn rest<T: DeserializeOwned>(&mut self) -> Option<T> {
        let read: Result<T, toml::de::Error> = std::mem::take(&mut self.table).try_into();
        match read {
            Ok(read) => Some(read),
            Err(error) => {
                let mut text = raw::chinese(error.message());
                if error.message().starts_with("unknown field") && !self.taken.is_empty() {
                    let more = format!(", {}）", self.taken.join(", "));
                    text = text.trim_end_matches('）').to_owned() + &more;
                }
                self.problem(&format!("：{text}"));
                None
            }
        }
    }

    /// A duration between two bounds, all as people write them.
    pub(super) fn duration(
        &mut self,
        key: &str,
        typed: Option<String>,
        [default, least, most]: [&str; 3],
    ) -> Duration {
        let key = format!("gateway.{key}");
        self.check.duration(&key, typed, default, least, most)
    }

    /// An address to listen on. One that others reach needs the secret under this key to guard it.
    pub(super) fn listen(
        &mut self,
        typed: &str,
        (key, guard): (&str, Option<&SecretString>),
    ) -> Option<SocketAddr> {
        let Ok(address) = typed.parse::<SocketAddr>() else {
            self.problem(&format!(
                "的 listen = \"{typed}\" 不对，请写成 \"127.0.0.1:8081\""
            ));
            return None;
        };
        if !address.ip().is_loopback() && guard.is_none() {
            self.problem(&format!(
                "监听 {address}，别的机器也能连上，必须设置 {key}（或 {key}_env、{key}_file）"
            ));
            return None;
        }
        Some(address)
    }

    /// A path of our own listener.
    pub(super) fn path(&mut self, typed: Option<String>, usual: &str) -> Option<String> {
        let path = typed.unwrap_or_else(|| usual.to_owned());
        if !path.starts_with('/') || path.contains(['{', '}', '*', ' ', '?', '#']) {
            self.problem(&format!("的 path = \"{path}\" 不对，请写成 \"{usual}\""));
            return None;
        }
        Some(path)
    }
}
