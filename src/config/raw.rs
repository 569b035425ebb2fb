//! The configuration as typed. Every field is optional, no field is unknown.

use std::path::PathBuf;

use serde::Deserialize;

use super::{LogFormat, Mode, Problems};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Raw {
    pub(super) mode: Mode,
    pub(super) bot: Bot,
    pub(super) store: Store,
    pub(super) lexicon: Lexicon,
    pub(super) triage: Triage,
    pub(super) texts: Texts,
    pub(super) gateway: Vec<toml::Spanned<toml::Table>>,
    pub(super) limits: Limits,
    pub(super) outbox: Outbox,
    pub(super) desk: Desk,
    pub(super) retention: Retention,
    pub(super) silences: Passing,
    pub(super) shadow: Passing,
    pub(super) dead_letters: Passing,
    pub(super) log: Log,
    pub(super) metrics: Metrics,
    pub(super) shutdown: Shutdown,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Bot {
    pub(super) name: Option<String>,
    pub(super) utc_offset_hours: Option<i8>,
    pub(super) age_gate: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Store {
    pub(super) path: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Lexicon {
    pub(super) path: Option<PathBuf>,
    pub(super) packs: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Triage {
    pub(super) open_at: Option<f32>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Texts {
    pub(super) path: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) text_bytes: Option<usize>,
    pub(super) id_bytes: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Outbox {
    pub(super) spacing: Option<String>,
    pub(super) per_minute: Option<u32>,
    pub(super) jitter: Option<String>,
    pub(super) gather: Option<String>,
    pub(super) quiet: Option<String>,
    pub(super) replies_per_person: Option<u32>,
    pub(super) replies_per_group: Option<u32>,
    pub(super) stale_after: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Desk {
    pub(super) hours: Option<Vec<String>>,
    pub(super) quiet_after_restored: Option<String>,
    pub(super) follow_up: Option<String>,
    pub(super) lead_expires: Option<String>,
    pub(super) lead_confirm: Option<String>,
    pub(super) lead_confirm_off_hours: Option<String>,
    pub(super) lead_confirm_urgent: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_field_names,
    reason = "the unit belongs in the key people type"
)]
pub(super) struct Retention {
    pub(super) mask_after_days: Option<u16>,
    pub(super) delete_after_days: Option<u16>,
    pub(super) seen_days: Option<u16>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Passing {
    pub(super) keep_days: Option<u16>,
    pub(super) most: Option<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Log {
    pub(super) format: LogFormat,
    pub(super) filter: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Metrics {
    pub(super) listen: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Shutdown {
    pub(super) deadline: Option<String>,
}

/// Reads TOML; a mistake is reported with its line.
pub(super) fn parse(text: &str) -> Result<Raw, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text[..start.min(text.len())].matches('\n').count() + 1;
        Problems(vec![format!("第 {line} 行：{}", chinese(error.message()))])
    })
}

/// The library's words, as far as operators meet them, in Chinese.
pub(super) fn chinese(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let field = rest.split('`').next().unwrap_or_default();
        let known = rest
            .split("expected ")
            .nth(1)
            .unwrap_or_default()
            .replace("one of ", "")
            .replace('`', "");
        return format!("不认识的配置项“{field}”，请检查拼写（可用：{known}）");
    }
    if let Some(rest) = message.strip_prefix("missing field `") {
        let field = rest.split('`').next().unwrap_or_default();
        return format!("缺少配置项“{field}”，请补上");
    }
    format!(
        "写法不对，请对照 config.example.toml 修改（{}）",
        message.lines().next().unwrap_or_default()
    )
}
