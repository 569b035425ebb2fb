//! `demo`: the whole bot plays a day of an invented street, on a clock that runs ahead.

mod report;
pub(super) mod scene;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::app::bot::Reaction;
use crate::app::rehearsal::{Rehearsal, Said};
use crate::config::Config;
use crate::directory::Snapshot;
use crate::model::{Message, Timestamp};
use crate::outbox::Limits;
use crate::triage::Action;

use super::arguments::Demo;
use super::{Ending, Printer, Tone, spoken};
use report::Figures;

/// Between two messages on a terminal, so that an eye can follow; a day takes about fifteen seconds.
const BREATH: Duration = Duration::from_millis(35);

/// The same when asked to be slow: about five minutes.
const SLOW_BREATH: Duration = Duration::from_millis(800);

/// Between the welcome and the first message.
const QUIET_MORNING: Duration = Duration::from_mins(1);

/// After the last message words are still on their way and results wait for an answer.
const AFTERWARDS: Duration = Duration::from_hours(1);

/// Runs the command.
pub(super) async fn run(demo: &Demo) -> anyhow::Result<Ending> {
    let scratch = Scratch::make(demo.keep.clone())?;
    let config = Config {
        store: scratch.store(),
        ..Config::default()
    };
    let messages = scene::messages()?;
    let day = messages.first().context("the day has messages")?.time;
    let mut rehearsal = scene::open(&config, day, Limits::default()).await?;
    rehearsal.pass(day - QUIET_MORNING).await?;
    let mut stage = Stage::new(demo, &config, &rehearsal);
    stage.opening(&messages)?;
    let mut figures = Figures::default();
    let mut end = day;
    for message in messages {
        end = end.max(message.time);
        play(&mut rehearsal, &mut stage, &mut figures, message).await?;
    }
    let last = rehearsal.pass(end + AFTERWARDS).await?;
    stage.answers(&last)?;
    report::print(&mut stage.printer, &rehearsal, &mut figures).await?;
    if let Some(folder) = &demo.keep {
        stage.printer.line(&format!(
            "\n数据留在 {0}。接着看：lianxin events list --config {0}/lianxin.toml",
            folder.display()
        ))?;
        std::fs::write(folder.join("lianxin.toml"), "[store]\npath = \"data\"\n")?;
    }
    stage.printer.finish()?;
    Ok(Ending::Done)
}

async fn play(
    rehearsal: &mut Rehearsal,
    stage: &mut Stage,
    figures: &mut Figures,
    mut message: Message,
) -> anyhow::Result<()> {
    scene::fill_in(rehearsal, &mut message).await?;
    let before = rehearsal.pass(message.time).await?;
    stage.answers(&before)?;
    figures.said(&before);
    stage.message(&message)?;
    let started = Instant::now();
    let (said, reaction) = rehearsal.hear(message).await?;
    figures.heard(&reaction, started.elapsed());
    stage.reason(&reaction)?;
    stage.answers(&said)?;
    figures.said(&said);
    stage.breathe().await?;
    Ok(())
}

/// Where the demo shows what happens.
pub(super) struct Stage {
    pub(super) printer: Printer,
    breath: Option<Duration>,
    explain: bool,
    zone: jiff::tz::Offset,
    directory: Arc<Snapshot>,
}

impl Stage {
    fn new(demo: &Demo, config: &Config, rehearsal: &Rehearsal) -> Self {
        let printer = Printer::new();
        let quick = printer.on_terminal().then_some(BREATH);
        Self {
            breath: if demo.slow { Some(SLOW_BREATH) } else { quick },
            printer,
            explain: demo.explain,
            zone: config.offset,
            directory: rehearsal.bot.desk.directory.snapshot(),
        }
    }

    fn opening(&mut self, messages: &[Message]) -> anyhow::Result<()> {
        let day = messages.first().map_or_else(String::new, |message| {
            self.zone
                .to_datetime(message.time)
                .strftime("%Y年%-m月%-d日")
                .to_string()
        });
        self.printer.toned(
            Tone::Good,
            &format!("云杉街道的一天：{day}，三个小区、六个居民群、一个工作群、{} 条消息（人和事都是编的）\n", messages.len()),
        )?;
        Ok(())
    }

    async fn breathe(&mut self) -> std::io::Result<()> {
        if let Some(breath) = self.breath {
            self.printer.flush()?;
            tokio::time::sleep(breath).await;
        }
        Ok(())
    }

    fn clock(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).strftime("%H:%M").to_string()
    }

    fn message(&mut self, message: &Message) -> anyhow::Result<()> {
        let clock = self.clock(message.time);
        self.printer
            .piece(Tone::Faint, &format!("{clock} {}　", message.group.name))?;
        let tone = if message.group.id.as_str() == scene::WORK {
            Tone::Worker
        } else {
            Tone::Plain
        };
        self.printer
            .toned(tone, &format!("{}：{}", message.sender.name, message.text))?;
        Ok(())
    }

    /// Why something was done, or why the bot stayed silent although there was something to see.
    fn reason(&mut self, reaction: &Reaction) -> anyhow::Result<()> {
        let Some(decision) = reaction.decision.as_ref().filter(|_| self.explain) else {
            return Ok(());
        };
        if decision.action == Action::Ignore && decision.because.is_empty() {
            return Ok(());
        }
        let because: Vec<&str> = decision
            .because
            .iter()
            .map(|reason| reason.text.as_str())
            .collect();
        let line = format!(
            "      └ {}（{:.1}）{}",
            decision.action.chinese(),
            decision.score,
            because.join("；")
        );
        self.printer.toned(Tone::Faint, &line)?;
        Ok(())
    }

    fn answers(&mut self, said: &[Said]) -> anyhow::Result<()> {
        for said in said {
            let clock = format!("{} ", self.clock(said.at));
            spoken::show(&mut self.printer, &self.directory, &clock, said)?;
        }
        Ok(())
    }
}

/// The folder of the demo's store; a temporary one goes with the demo.
enum Scratch {
    Kept(PathBuf),
    Temporary(tempfile::TempDir),
}

impl Scratch {
    fn make(keep: Option<PathBuf>) -> anyhow::Result<Self> {
        let Some(path) = keep else {
            return Ok(Self::Temporary(tempfile::tempdir()?));
        };
        let taken = path
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_some());
        anyhow::ensure!(!taken, "{} 不是空目录；请换一个新目录", path.display());
        std::fs::create_dir_all(&path)?;
        Ok(Self::Kept(path))
    }

    fn store(&self) -> PathBuf {
        match self {
            Self::Kept(path) => path.join("data"),
            Self::Temporary(folder) => folder.path().join("data"),
        }
    }
}
