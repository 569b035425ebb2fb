//! `chat`: the bot in a terminal, to talk to as a resident, a worker or an admin. Time stands still
//! until it is told to pass, and an edit of the keyword file counts from the next line on.

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::app::bot::Reaction;
use crate::app::rehearsal::{Rehearsal, Said};
use crate::app::shelf::Reloaded;
use crate::config::Config;
use crate::model::{Clock, Group, GroupPurpose, GroupRef, Message, Person, Sender, SystemClock};
use crate::outbox::Limits;
use crate::triage::Triage;
use crate::triage::explain::explain;

use super::demo::scene;
use super::{Ending, Printer, Tone, spoken};

const HELP: &str = "直接打字就是在群里说话。斜杠开头是给终端的话：
  /as 名字        换个人说话（居民随便起名；网格员 陈默、李巧、罗勇，社区 周岚，管理员 方芸）
  /group 群       换个群（写群名里的几个字，或群号）
  /later 2h       让时间过去（30m、2h、1d）
  /quote 12       引用 12 号事件的卡片说话（只管下一句）
  /why            上一句为什么这样判断
  /who            现在是谁、在哪个群、几点
  /help           看这份说明
  /quit           结束";

/// Longest line that is read, bytes.
const LONGEST: usize = 1 << 16;

/// Runs the command.
pub(super) async fn run(config: &Config) -> anyhow::Result<Ending> {
    let scratch = tempfile::tempdir()?;
    let config = Config {
        store: scratch.path().join("data"),
        ..config.clone()
    };
    let now = SystemClock.now();
    // Whoever tries the bot at night wants to hear it, too.
    let limits = Limits {
        quiet: None,
        ..Limits::default()
    };
    let rehearsal = scene::open(&config, now, limits).await?;
    rehearsal.pass(now).await?;
    let mut room = Room::enter(rehearsal, config.open_at)?;
    room.printer
        .line("和机器人说话（数据用完即删）。/help 看怎么用。")?;
    room.who()?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await.context("读不到输入")? {
        let line = line.trim();
        anyhow::ensure!(line.len() <= LONGEST, "这一句太长了");
        if line == "/quit" {
            break;
        }
        if !line.is_empty() {
            room.line(line).await?;
        }
    }
    room.printer.finish()?;
    Ok(Ending::Done)
}

/// Who speaks where, and what was last said.
struct Room {
    rehearsal: Rehearsal,
    printer: Printer,
    group: Group,
    sender: Sender,
    quotes: Option<String>,
    last: Option<Message>,
    serial: u64,
    ears: jiff::tz::TimeZone,
    open_at: f32,
}

impl Room {
    fn enter(rehearsal: Rehearsal, open_at: f32) -> anyhow::Result<Self> {
        let view = rehearsal.bot.desk.view();
        let mut groups = view.directory.groups();
        let group = groups.find(|group| group.purpose == GroupPurpose::Residents);
        let group = group.context("the street has a group")?.clone();
        let sender = Sender {
            id: "r-居民您".into(),
            name: "居民您".to_owned(),
            role: None,
        };
        let (printer, ears) = (Printer::new(), view.settings.zone.clone());
        Ok(Self {
            rehearsal,
            printer,
            group,
            sender,
            quotes: None,
            last: None,
            serial: 0,
            ears,
            open_at,
        })
    }

    async fn line(&mut self, line: &str) -> anyhow::Result<()> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "/as" => self.become_somebody(rest)?,
            "/group" => self.go(rest)?,
            "/later" => self.later(rest).await?,
            "/quote" => {
                self.quotes = Some(rest.to_owned()).filter(|number| !number.is_empty());
                self.printer.line("下一句引用这张卡片。")?;
            }
            "/why" => self.why()?,
            "/who" => self.who()?,
            "/help" => self.printer.line(HELP)?,
            _ if word.starts_with('/') => {
                self.printer
                    .line(&format!("没有 {word} 这个说法；/help 看怎么用"))?;
            }
            _ => self.say(line).await?,
        }
        self.printer.flush()?;
        Ok(())
    }

    fn become_somebody(&mut self, name: &str) -> std::io::Result<()> {
        if name.is_empty() {
            return self.printer.line("请写名字，如 /as 陈默");
        }
        let view = self.rehearsal.bot.desk.view();
        let known: Option<&Person> = view.directory.people().find(|person| person.name == name);
        self.sender = match known {
            Some(person) => Sender {
                id: person.id.clone(),
                name: person.name.clone(),
                role: None,
            },
            None => Sender {
                id: format!("r-{name}").as_str().into(),
                name: name.to_owned(),
                role: None,
            },
        };
        self.who()
    }

    fn go(&mut self, name: &str) -> std::io::Result<()> {
        let view = self.rehearsal.bot.desk.view();
        let fits = |group: &&Group| group.id.as_str() == name || group.name.contains(name);
        let Some(found) = view.directory.groups().find(fits) else {
            let names: Vec<&str> = view
                .directory
                .groups()
                .map(|group| group.name.as_str())
                .collect();
            return self
                .printer
                .line(&format!("没有这个群；有：{}", names.join("、")));
        };
        self.group = found.clone();
        self.who()
    }

    async fn later(&mut self, span: &str) -> anyhow::Result<()> {
        let Ok(span) = span.parse::<jiff::SignedDuration>() else {
            self.printer.line("时长写法：30m、2h、48h")?;
            return Ok(());
        };
        let until = self.rehearsal.now().checked_add(span)?;
        let said = self.rehearsal.pass(until).await?;
        self.answers(&said)?;
        self.who()?;
        Ok(())
    }

    fn who(&mut self) -> std::io::Result<()> {
        let now = self
            .rehearsal
            .now()
            .to_zoned(self.ears.clone())
            .strftime("%m-%d %H:%M")
            .to_string();
        let line = format!(
            "（{now}，您是“{}”，在“{}”）",
            self.sender.name, self.group.name
        );
        self.printer.toned(Tone::Faint, &line)
    }

    async fn say(&mut self, text: &str) -> anyhow::Result<()> {
        self.look_at_lexicon()?;
        self.serial += 1;
        let name = self.rehearsal.bot.desk.view().settings.bot_name.clone();
        let message = Message {
            id: format!("chat-{}", self.serial).as_str().into(),
            gateway: self.group.gateway.clone(),
            group: GroupRef {
                id: self.group.id.clone(),
                name: self.group.name.clone(),
                area: Vec::new(),
            },
            sender: self.sender.clone(),
            time: self.rehearsal.now(),
            text: text.to_owned(),
            mentions: Vec::new(),
            mentions_bot: text.contains(&format!("@{name}")),
            direct: false,
            reply_to: None,
            quoted: None,
            quotes_event: self.quotes.take(),
            media: Vec::new(),
        };
        self.last = Some(message.clone());
        let (before, reaction) = self.rehearsal.hear(message).await?;
        self.answers(&before)?;
        let now = self.rehearsal.now();
        let soon = now.checked_add(jiff::SignedDuration::from_secs(30))?;
        let said = self.rehearsal.pass(soon).await?;
        if said.is_empty() {
            self.printer.toned(
                Tone::Faint,
                &format!("（没有出声：{}）", silence(&reaction)),
            )?;
        }
        self.answers(&said)
    }

    /// An operator saved the keyword file: the next line is judged by it.
    fn look_at_lexicon(&mut self) -> std::io::Result<()> {
        match self.rehearsal.bot.shelf.reload() {
            Reloaded::Unchanged => Ok(()),
            Reloaded::Swapped { lexicon, .. } => {
                self.rehearsal
                    .bot
                    .desk
                    .set_catalogue(lexicon.catalogue().clone());
                self.printer.toned(
                    Tone::Good,
                    &format!("（词库已更新，版本 {}）", lexicon.version()),
                )
            }
            Reloaded::Kept(problems) => self.printer.toned(
                Tone::Alarm,
                &format!("词库有问题，仍用上一份：\n{problems}"),
            ),
        }
    }

    fn why(&mut self) -> std::io::Result<()> {
        let Some(message) = &self.last else {
            return self.printer.line("还没有说过话。");
        };
        let bot = &self.rehearsal.bot;
        let context = bot.desk.context(message);
        let mut triage = Triage::opening_at(self.open_at);
        let explanation = explain(
            &mut triage,
            message.time,
            message,
            &context,
            &bot.shelf.lexicon(),
        );
        self.printer.line(explanation.to_string().trim_end())
    }

    fn answers(&mut self, said: &[Said]) -> anyhow::Result<()> {
        let directory = self.rehearsal.bot.desk.directory.snapshot();
        for said in said {
            spoken::show(&mut self.printer, &directory, "", said)?;
        }
        Ok(())
    }
}

/// Why nothing was said, in a few words.
fn silence(reaction: &Reaction) -> String {
    match &reaction.decision {
        None => "这一句不归机器人听".to_owned(),
        Some(decision) => format!("{}，/why 看理由", decision.action.chinese()),
    }
}
