//! Gateways as configured: what all kinds share, and which kinds there are. A kind has a file of its
//! own here; [`KINDS`] is the one place that names it.

mod entry;
mod onebot;
#[cfg(test)]
mod tests;
pub mod webhook;

use serde::Deserialize;
use toml::{Spanned, Table};

use super::check::Check;
use crate::model::GatewayId;
use entry::Entry;
use onebot::Version;
pub use onebot::{Frames, OneBot, Transport};
use webhook::Webhook;

/// One gateway.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// The name groups refer to.
    pub id: GatewayId,
    /// What it speaks, and how that is set.
    pub kind: GatewayKind,
}

/// What a gateway speaks.
#[derive(Clone, Debug)]
pub enum GatewayKind {
    /// OneBot 11.
    OneBot11(OneBot),
    /// OneBot 12.
    OneBot12(OneBot),
    /// Whatever is described by pointers and a template.
    Webhook(Box<Webhook>),
}

/// Reads what a kind alone needs; `None` when it had problems.
type Read = fn(&mut Entry<'_, '_>) -> Option<GatewayKind>;

/// Every kind by the name in `kind = "…"`.
const KINDS: &[(&str, Read)] = &[
    ("onebot11", |entry| {
        onebot::read(entry, Version::V11).map(GatewayKind::OneBot11)
    }),
    ("onebot12", |entry| {
        onebot::read(entry, Version::V12).map(GatewayKind::OneBot12)
    }),
    ("webhook", |entry| {
        webhook::read(entry).map(|read| GatewayKind::Webhook(Box::new(read)))
    }),
];

/// What every gateway has.
#[derive(Deserialize)]
struct Shared {
    name: String,
    kind: String,
}

/// Checks every `[[gateway]]`.
pub(super) fn gateways(check: &mut Check<'_>, raw: Vec<Spanned<Table>>) -> Vec<Gateway> {
    let mut gateways: Vec<Gateway> = Vec::new();
    let mut names = Vec::new();
    for table in raw {
        let table = table.into_inner();
        if let Some(name) = table.get("name").and_then(toml::Value::as_str) {
            if names.iter().any(|known| known == name) {
                check.problem(format!("有两个网关都叫“{name}”，请改掉一个名字"));
            }
            names.push(name.to_owned());
        }
        gateways.extend(gateway(check, table));
    }
    gateways
}

fn gateway(check: &mut Check<'_>, mut table: Table) -> Option<Gateway> {
    let mut own = Table::new();
    for key in ["name", "kind"] {
        own.extend(table.remove_entry(key));
    }
    let shared: Shared = match own.try_into() {
        Ok(shared) => shared,
        Err(error) => {
            let error: toml::de::Error = error;
            check.problem(format!(
                "[[gateway]] {}",
                super::raw::chinese(error.message())
            ));
            return None;
        }
    };
    let name = shared.name.trim().to_owned();
    if name.is_empty() {
        check.problem("gateway.name 不能为空，请给网关起个名字".to_owned());
    }
    let Some((_, read)) = KINDS.iter().find(|(kind, _)| *kind == shared.kind) else {
        let known: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        check.problem(format!(
            "网关“{name}”的 kind = \"{}\" 不认识，目前可用：{}",
            shared.kind,
            known.join("、")
        ));
        return None;
    };
    let kind = read(&mut Entry::new(check, &name, table))?;
    Some(Gateway {
        id: GatewayId::new(name),
        kind,
    })
}
