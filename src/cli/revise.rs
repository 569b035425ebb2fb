//! `lexicon replay`: what a change of the lexicon would do, and publishing it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::app::judge::judge;
use crate::app::request::Request;
use crate::app::revision::{
    Changed, Compared, Lost, Outcome, Recording, Revision, Turn, beside_the_store, cases,
    one_of_each, played, publish,
};
use crate::app::shelf::load;
use crate::app::table::table;
use crate::app::words::{Fate, Sample};
use crate::config::Config;
use crate::lexicon::{Diagnostic, Diagnostics, Lexicon, Severity, Sources, diff};
use crate::model::{Level, Message};

use super::arguments::{Format, Revise};
use super::lines::Lines;
use super::{Ending, Printer, Tone, office, print};

/// What stands for the built-in lexicon in place of a folder.
const BUILT_IN: &str = "自带";

/// Most lines of one list; the JSON has all.
const SHOWN: usize = 30;

/// Longest text shown in a table, in characters.
const TEXT: usize = 40;

/// The changed lexicon and what is wrong with it.
struct Tried {
    sources: Sources,
    examples: BTreeMap<String, Vec<u8>>,
    lexicon: Arc<Lexicon>,
    failed: Vec<Diagnostic>,
}

/// Everything that came out.
struct Report {
    revision: Revision,
    edits: usize,
    stored: Compared,
    chat: Recording,
    failed: Vec<Diagnostic>,
    published: Published,
}

/// What became of the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Published {
    /// Nobody asked.
    NotAsked,
    /// Confirmed problems would be lost, or cases fail.
    Refused,
    /// It is in the folder in force.
    Done,
}

/// Runs the command.
pub(super) async fn run(config: &Config, revise: Revise) -> anyhow::Result<Ending> {
    if let Some(problem) = misuse(config, &revise) {
        print::complain(&problem);
        return Ok(Ending::Usage);
    }
    let tried = read(&revise.folder, &config.packs)?;
    let against = revise.against.clone().or_else(|| config.lexicon.clone());
    let against = against.filter(|folder| folder != Path::new(BUILT_IN));
    let old = Arc::new(load(against.as_deref(), &config.packs)?.lexicon);
    let new = Arc::clone(&tried.lexicon);
    let open_at = config.open_at;
    let revision = Revision { old, new, open_at };
    let stored = revision.compare(&kept(config, &revision).await?);
    let (messages, skipped) = recorded(&revise.files)?;
    let chat = played(config, &revision, &messages).await?;
    let bad = !tried.failed.is_empty() || (!stored.lost.is_empty() && !revise.accept_losses);
    let published = match (&config.lexicon, revise.publish) {
        (Some(folder), true) if !bad => {
            publish(&tried.sources, &tried.examples, folder)?;
            Published::Done
        }
        (_, false) => Published::NotAsked,
        _ => Published::Refused,
    };
    let report = Report {
        edits: diff(&revision.old, &revision.new).len(),
        revision,
        stored,
        chat,
        failed: tried.failed,
        published,
    };
    let mut printer = Printer::new();
    match revise.output.format {
        Format::Json => report.rows().iter().try_for_each(|row| printer.json(row))?,
        Format::Text => tell(&mut printer, &report)?,
    }
    printer.finish()?;
    Ok(match (bad, skipped) {
        (true, _) => Ending::Failed,
        (false, 0) => Ending::Done,
        (false, _) => Ending::Skipped,
    })
}

/// Why it cannot be done as typed.
fn misuse(config: &Config, revise: &Revise) -> Option<String> {
    let same = |one: &Path, other: &Path| {
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        real(one).is_some() && real(one) == real(other)
    };
    let (folder, in_force) = (&revise.folder, config.lexicon.as_deref());
    let itself = in_force.is_some_and(|path| same(path, folder));
    if revise.publish && in_force.is_none() {
        return Some(
            "配置里没有写 [lexicon] path，用的是自带词库，没有地方可以发布。请先写上词库目录。"
                .to_owned(),
        );
    }
    if itself && (revise.against.is_none() || revise.publish) {
        return Some(format!(
            "{} 就是正在用的词库。请把它复制一份，在副本里改，再用副本来试；或用 --against 写明和哪一份比。",
            folder.display()
        ));
    }
    None
}

fn read(folder: &Path, packs: &[String]) -> anyhow::Result<Tried> {
    let unreadable =
        |(file, error): (String, std::io::Error)| Diagnostics::unreadable(&file, &error);
    let sources = Sources::read(folder).map_err(unreadable)?;
    let examples = Sources::read_examples(folder).map_err(unreadable)?;
    let lexicon = Arc::new(Lexicon::from_sources(&sources, packs)?.lexicon);
    let mut failed = lexicon.check_cases(|case| judge(&lexicon, case));
    failed.retain(|one| one.severity == Severity::Error);
    Ok(Tried {
        sources,
        examples,
        lexicon,
        failed,
    })
}

/// What is still kept: by the store, where there is one, by the tables beside it, by the cases.
async fn kept(config: &Config, revision: &Revision) -> anyhow::Result<Vec<Sample>> {
    let mut stored = Vec::new();
    if config.store.exists() {
        let answer = office::ask(config, Request::StoredTexts).await?;
        anyhow::ensure!(answer.done, answer.text);
        for row in answer.rows {
            let sample = serde_json::from_value(row);
            stored.push(sample.context("运行中的机器人是另一个版本，请先升级")?);
        }
    }
    let taught = beside_the_store(&config.store, &revision.old)?;
    let mut all = one_of_each(stored, taught);
    all.extend(cases(&revision.old, &revision.new));
    Ok(all)
}

/// The messages of all recordings, and how many lines were none.
fn recorded(files: &[std::path::PathBuf]) -> anyhow::Result<(Vec<Message>, usize)> {
    let (mut messages, mut skipped) = (Vec::new(), 0);
    for file in files {
        let mut lines = Lines::open(file)?;
        while let Some(message) = lines.next_message()? {
            messages.push(message);
        }
        skipped += lines.finish();
    }
    Ok((messages, skipped))
}

impl Report {
    fn changed(&self, turn: Turn) -> Vec<&Changed> {
        let all = self.stored.changed.iter().chain(&self.chat.changed);
        all.filter(|one| one.turn == turn).collect()
    }

    fn rows(&self) -> Vec<Value> {
        let failed = self.failed.iter();
        let mut rows: Vec<Value> = failed
            .map(|one| json!({"kind": "failed_case", "problem": one}))
            .collect();
        for turn in Turn::ALL {
            let changed = self.changed(turn).into_iter();
            rows.extend(changed.map(|one| json!({"kind": "changed", "change": one})));
        }
        let lost = self.stored.lost.iter();
        rows.extend(lost.map(|one| json!({"kind": "lost", "loss": one})));
        let count = |turn| self.changed(turn).len();
        rows.push(json!({
            "kind": "summary",
            "old": self.revision.old.version(), "new": self.revision.new.version(),
            "edits": self.edits, "texts": self.stored.texts, "messages": self.chat.messages,
            "opens": count(Turn::Opens), "silent": count(Turn::Silent),
            "moves": count(Turn::Moves), "other": count(Turn::Other),
            "events_before": self.chat.events.0, "events_after": self.chat.events.1,
            "lost": self.stored.lost.len(), "failed_cases": self.failed.len(),
            "published": self.published == Published::Done,
        }));
        rows
    }

    /// An outcome in few words.
    fn named(&self, outcome: &Outcome) -> String {
        let action = outcome.action.chinese();
        let code = outcome.category.as_ref();
        let category = code.map(|code| self.revision.new.category_title(code));
        let level = outcome.level.map(Level::chinese);
        let told = [Some(action.to_owned()), category, level.map(str::to_owned)];
        told.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn row(&self, one: &Changed) -> [String; 5] {
        let reasons = |sign: &str, all: &[String]| {
            let named = all.iter().take(2).map(|text| format!("{sign}{text}"));
            named.collect::<Vec<_>>()
        };
        let mut why = reasons("－", &one.gone);
        why.extend(reasons("＋", &one.come));
        [
            one.source.clone(),
            fate(one.fate).to_owned(),
            short(&one.text),
            format!("{} → {}", self.named(&one.before), self.named(&one.after)),
            why.join("；"),
        ]
    }
}

fn fate(fate: Option<Fate>) -> &'static str {
    match fate {
        None => "聊天记录",
        Some(Fate::Confirmed) => "属实",
        Some(Fate::Pending) => "还没有结论",
        Some(Fate::Refuted) => "作废",
        Some(Fate::Watched) => "线索或没理会",
    }
}

fn short(text: &str) -> String {
    text.chars().take(TEXT).collect()
}

fn tell(printer: &mut Printer, report: &Report) -> std::io::Result<()> {
    printer.line(&format!(
        "词库 {} → {}：词、语境词、类别共 {} 处不同。重读存下的话 {} 句，聊天记录 {} 条。",
        report.revision.old.version(),
        report.revision.new.version(),
        report.edits,
        report.stored.texts,
        report.chat.messages
    ))?;
    for turn in Turn::ALL {
        let changed = report.changed(turn);
        if changed.is_empty() {
            continue;
        }
        let head = ["来历", "后来", "原话（已打码）", "判断", "少了－ 多了＋"];
        let rows = changed.iter().take(SHOWN).map(|one| report.row(one));
        let more = changed.len().saturating_sub(SHOWN);
        printer.line(&format!("\n{} {} 句", turn.chinese(), changed.len()))?;
        printer.line(&table(head, rows))?;
        if more > 0 {
            printer.line(&format!("……还有 {more} 句，全部见 --format json"))?;
        }
    }
    if report.chat.messages > 0 {
        let (before, after) = report.chat.events;
        printer.line(&format!(
            "\n聊天记录里的事件：原来 {before} 件，改后 {after} 件。"
        ))?;
    }
    losses(printer, report)?;
    verdict(printer, report)
}

fn losses(printer: &mut Printer, report: &Report) -> std::io::Result<()> {
    let lost = &report.stored.lost;
    if lost.is_empty() {
        return Ok(());
    }
    let row = |one: &Lost| {
        let (before, after) = (report.named(&one.before), report.named(&one.after));
        let text = one.texts.first().map(|text| short(text));
        let turn = format!("{before} → {after}");
        [one.source.clone(), turn, text.unwrap_or_default()]
    };
    printer.toned(
        Tone::Alarm,
        &format!("\n会漏掉 {} 件属实的事：", lost.len()),
    )?;
    let head = ["编号", "判断", "原话（已打码）"];
    printer.line(&table(head, lost.iter().map(row)))
}

fn verdict(printer: &mut Printer, report: &Report) -> std::io::Result<()> {
    for one in &report.failed {
        printer.line(&one.to_string())?;
    }
    if !report.failed.is_empty() {
        return printer.toned(
            Tone::Alarm,
            "\n新词库自己的用例没有全部通过，不能发布：请按上面的提示改词或改用例。",
        );
    }
    match report.published {
        Published::Done => printer.toned(
            Tone::Good,
            "\n已发布到正在用的词库目录；机器人在运行的话，几秒内换上。",
        ),
        Published::Refused => printer.toned(
            Tone::Alarm,
            "\n没有发布。请把漏掉的补回来；确实不要了，就加 --accept-losses 再试。",
        ),
        Published::NotAsked if report.stored.lost.is_empty() => {
            printer.toned(Tone::Good, "\n没有属实的事会漏掉。要换上，加 --publish。")
        }
        Published::NotAsked => printer.line("\n没有发布。"),
    }
}
