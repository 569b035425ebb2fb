//! The configuration file: as typed ([`raw`]), checked ([`Config`]). All problems are reported at once.
//!
//! Everything here needs a restart; what may change while the bot runs (lexicon, texts) lives in
//! folders that the configuration only names.

mod check;
mod gateway;
mod raw;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use gateway::{Frames, Gateway, GatewayKind, OneBot, Transport, webhook};
use jiff::civil::Time;

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether it acts or only listens.
    pub mode: Mode,
    /// The bot's name in chat.
    pub bot_name: String,
    /// Offset of the community's clock from UTC; +08:00 unless configured.
    pub offset: jiff::tz::Offset,
    /// Messages older than this may open events but get no automatic answer.
    pub age_gate: Duration,
    /// Where the store lives.
    pub store: PathBuf,
    /// The operators' lexicon; `None`: the embedded one.
    pub lexicon: Option<PathBuf>,
    /// From this score on a gripe opens an event.
    pub open_at: f32,
    /// Dialect and city packs that are switched on.
    pub packs: Vec<String>,
    /// A folder with the community's own wording; `None`: the embedded texts.
    pub texts: Option<PathBuf>,
    /// Every gateway.
    pub gateways: Vec<Gateway>,
    /// How long what comes in may be.
    pub limits: Limits,
    /// How fast and when the bot speaks.
    pub outbox: Outbox,
    /// When people work, and who waits for whom.
    pub desk: Desk,
    /// How long texts are kept.
    pub retention: Retention,
    /// How long near misses are kept.
    pub silences: Passing,
    /// How long decisions of shadow mode are kept.
    pub shadow: Passing,
    /// How long what no gateway could read is kept.
    pub dead_letters: Passing,
    /// How the log is written.
    pub log: Log,
    /// Where metrics and health are served; `None`: nowhere.
    pub metrics: Option<SocketAddr>,
    /// One deadline for all steps of a shutdown.
    pub shutdown: Duration,
}

/// How long what comes in may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a text that are read.
    pub text_bytes: usize,
    /// Bytes of an id or a name.
    pub id_bytes: usize,
}

/// How fast and when the bot speaks.
#[derive(Clone, Debug)]
pub struct Outbox {
    /// Shortest pause between two messages of an account, and in a group.
    pub spacing: Duration,
    /// Most messages per minute of an account, and in a group.
    pub per_minute: u32,
    /// Added at random to each pause, at most.
    pub jitter: Duration,
    /// How long words for one event and group wait for others to join them.
    pub gather: Duration,
    /// Nothing but 特急 is said between these times; `None`: no quiet hours.
    pub quiet: Option<(Time, Time)>,
    /// Most answers to one person in an hour.
    pub replies_per_person: u32,
    /// Most answers in one group in an hour.
    pub replies_per_group: u32,
    /// Words that waited longer than this are not said any more.
    pub stale_after: Duration,
}

/// When people work.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Working hours of a day.
    pub hours: Vec<(Time, Time)>,
    /// How long after the last report restored and quiet ends the intake.
    pub quiet_after_restored: Duration,
    /// How long a result waits for the residents' word.
    pub follow_up: Duration,
    /// How long a lead waits for support.
    pub lead_expires: Duration,
    /// How long a lead waits for a person's yes or no in working hours before staff is reminded.
    pub lead_confirm: Duration,
    /// The same outside working hours.
    pub lead_confirm_off_hours: Duration,
    /// The same for 紧急, at any hour.
    pub lead_confirm_urgent: Duration,
}

/// How long what is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Texts of closed events are masked after so many days.
    pub mask_after_days: u16,
    /// and deleted after so many.
    pub delete_after_days: u16,
    /// Dedupe marks are kept so many days.
    pub seen_days: u16,
}

/// What the bot does with what it hears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It opens events, dispatches them and speaks.
    #[default]
    Live,
    /// It listens, decides and records what it would have done; it says and dispatches nothing.
    Shadow,
}

/// How long something is kept that passes. Zero days: it is not kept at all.
#[derive(Clone, Copy, Debug)]
pub struct Passing {
    /// Days.
    pub keep_days: u16,
    /// Records; the oldest makes room.
    pub most: usize,
}

/// How the log is written.
#[derive(Clone, Debug)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// A filter such as `info` or `info,lianxin::gateway=debug`.
    pub filter: String,
}

/// The log's form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object per line.
    Json,
}

/// Everything that is wrong with a configuration, one Chinese sentence each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct Problems(pub Vec<String>);

impl Config {
    /// Reads and checks a file. Paths in it are relative to the file.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Problems(vec![format!(
                "读不到配置文件 {}（{error}）；请先复制 config.example.toml 再修改",
                path.display()
            )])
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::parse(&text, folder).map_err(|Problems(all)| {
            Problems(
                all.into_iter()
                    .map(|one| format!("{}：{one}", path.display()))
                    .collect(),
            )
        })
    }

    /// Checks a configuration's text.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Problems> {
        check::config(raw::parse(text)?, folder)
    }
}

impl Default for Config {
    /// What an empty file gives: no gateway, embedded lexicon, store in `data`.
    fn default() -> Self {
        Self::parse("", Path::new(".")).expect("the empty configuration is valid")
    }
}
