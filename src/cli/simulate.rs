//! `simulate`: a recorded chat played to a running bot, and what it answered.

use std::collections::HashMap;
use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::json;

use crate::config::{Config, Gateway, GatewayKind};
use crate::gateway::player::{Player, Said};
use crate::model::{Clock, SystemClock, Timestamp};

use super::arguments::{Format, Simulate};
use super::lines::Lines;
use super::print::complain;
use super::{Ending, Printer};

/// Most messages of which is known when they were sent: what an answer may quote.
const REMEMBERED: usize = 100_000;

/// Runs the command.
pub(super) async fn run(config: &Config, typed: &Simulate) -> anyhow::Result<Ending> {
    let Some(gateway) = gateway(config, typed.gateway.as_deref()) else {
        return Ok(Ending::Usage);
    };
    let begun = SystemClock.now();
    let run = format!("r{}-", begun.as_millisecond());
    let player = Player::meet(gateway.id.as_str(), &gateway.kind, run).await?;
    let mut play = Play {
        player,
        record: Record::open(typed)?,
        typed,
        started: Instant::now(),
        first: None,
        sent: 0,
        sent_at: HashMap::new(),
        answers: Vec::new(),
        heard: 0,
    };
    let mut skipped = 0;
    for file in &typed.files {
        let mut lines = Lines::open(file)?;
        while let Some(message) = lines.next_message()? {
            play.keep_pace(message.time).await?;
            let at = if typed.recorded_times {
                message.time
            } else {
                SystemClock.now()
            };
            play.player.play(&message, at).await?;
            play.sent += 1;
            if play.sent_at.len() < REMEMBERED {
                play.sent_at.insert(message.id.to_string(), Instant::now());
            }
        }
        skipped += lines.finish();
    }
    let took = play.started.elapsed();
    play.listen(Duration::from_secs(typed.wait)).await?;
    play.finish(took)?;
    Ok(if skipped == 0 {
        Ending::Done
    } else {
        Ending::Skipped
    })
}

/// The gateway of this name; without a name the only one that is OneBot.
fn gateway<'c>(config: &'c Config, name: Option<&str>) -> Option<&'c Gateway> {
    let onebot = |it: &&Gateway| !matches!(it.kind, GatewayKind::Webhook(_));
    let all: Vec<&Gateway> = config.gateways.iter().filter(onebot).collect();
    let found = match (name, all.as_slice()) {
        (Some(name), _) => all.iter().find(|it| it.id.as_str() == name).copied(),
        (None, [one]) => Some(*one),
        (None, _) => None,
    };
    if found.is_none() {
        let names: Vec<&str> = all.iter().map(|it| it.id.as_str()).collect();
        complain(&if names.is_empty() {
            "配置里没有 OneBot 网关，请先写一个（见 config.example.toml）".to_owned()
        } else {
            format!("请用 --gateway 写明演哪一个网关：{}", names.join("、"))
        });
    }
    found
}

struct Play<'a> {
    player: Player,
    record: Record,
    typed: &'a Simulate,
    started: Instant,
    first: Option<Timestamp>,
    sent: u32,
    sent_at: HashMap<String, Instant>,
    /// How long quoted messages waited for their answers.
    answers: Vec<Duration>,
    heard: usize,
}

impl Play<'_> {
    /// Waits for the moment of the next message; notes what the bot says meanwhile.
    async fn keep_pace(&mut self, recorded: Timestamp) -> anyhow::Result<()> {
        let first = *self.first.get_or_insert(recorded);
        let due = match self.typed.pace {
            Some(pace) => {
                let gone = Duration::try_from(recorded.duration_since(first)).unwrap_or_default();
                gone.div_f64(pace)
            }
            None => Duration::from_secs_f64(f64::from(self.sent) / self.typed.rate),
        };
        while let Some((at, said)) = self.player.heard() {
            self.note(at, &said)?;
        }
        let due = tokio::time::Instant::from_std(self.started + due);
        while tokio::time::Instant::now() < due {
            tokio::select! {
                () = tokio::time::sleep_until(due) => return Ok(()),
                said = self.player.hear() => {
                    let (at, said) = said.context("连接断了，机器人停了吗？")?;
                    self.note(at, &said)?;
                }
            }
        }
        Ok(())
    }

    /// Until the bot has been quiet for so long.
    async fn listen(&mut self, quiet: Duration) -> anyhow::Result<()> {
        while let Ok(Some((at, said))) = tokio::time::timeout(quiet, self.player.hear()).await {
            self.note(at, &said)?;
        }
        Ok(())
    }

    fn note(&mut self, at: Instant, said: &Said) -> anyhow::Result<()> {
        self.heard += 1;
        let asked = said.reply_to.as_ref().and_then(|id| self.sent_at.get(id));
        if let Some(asked) = asked {
            self.answers.push(at.saturating_duration_since(*asked));
        }
        let after = at.saturating_duration_since(self.started);
        self.record.line(after, said)
    }

    fn finish(mut self, took: Duration) -> anyhow::Result<()> {
        self.record.finish()?;
        let seconds = took.as_secs_f64();
        let mut told = format!(
            "放了 {} 条，用时 {seconds:.1} 秒（每秒 {:.0} 条）；机器人说了 {} 句",
            self.sent,
            f64::from(self.sent) / seconds.max(0.001),
            self.heard
        );
        self.answers.sort_unstable();
        if let (Some(middle), Some(last)) = (
            self.answers.get(self.answers.len() / 2),
            self.answers.last(),
        ) {
            told.push_str(&format!(
                "；引用原话的 {} 句，从说到答一半在 {:.2} 秒内，最久 {:.2} 秒",
                self.answers.len(),
                middle.as_secs_f64(),
                last.as_secs_f64()
            ));
        }
        if self.heard == 0 {
            told.push_str("。一句也没说？群要先接入（lianxin groups list），夜里免打扰也不说");
        }
        complain(&told);
        Ok(())
    }
}

/// Where answers are written.
struct Record {
    printer: Printer,
    file: Option<std::io::BufWriter<std::fs::File>>,
    format: Format,
}

impl Record {
    fn open(typed: &Simulate) -> anyhow::Result<Self> {
        let file = match &typed.record {
            Some(path) => {
                let file = std::fs::File::create(path)
                    .with_context(|| format!("写不了 {}", path.display()))?;
                Some(std::io::BufWriter::new(file))
            }
            None => None,
        };
        Ok(Self {
            printer: Printer::new(),
            file,
            format: typed.output.format,
        })
    }

    fn line(&mut self, after: Duration, said: &Said) -> anyhow::Result<()> {
        let mut line = json!(said);
        line["after"] = json!(after.as_secs_f64());
        if let Some(file) = &mut self.file {
            writeln!(file, "{line}")?;
            return Ok(());
        }
        match self.format {
            Format::Json => self.printer.json(&line)?,
            Format::Text => {
                let to = match (&said.group, &said.person) {
                    (Some(group), _) => format!("群 {group}"),
                    (None, Some(person)) => format!("私聊 {person}"),
                    (None, None) => String::new(),
                };
                let text = said.text.replace('\n', " ");
                let seconds = after.as_secs_f64();
                self.printer
                    .line(&format!("{seconds:8.1} 秒  {to}  {text}"))?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        self.printer.flush()?;
        Ok(())
    }
}
