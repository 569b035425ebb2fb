//! `lexicon`: what an operator needs before and after an edit.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::app::judge::judge;
use crate::app::request::Request;
use crate::app::shelf::{load, verify};
use crate::config::Config;
use crate::lexicon::{Diagnostic, Diagnostics, Sources};

use super::arguments::{Format, Lexicon, Output};
use super::{Ending, Printer, Tone, office};

/// Runs the command.
pub(super) fn run(config: &Config, command: Lexicon) -> anyhow::Result<Ending> {
    match command {
        Lexicon::Check { folder, output } => check(
            folder.or_else(|| config.lexicon.clone()),
            &config.packs,
            output,
        ),
        Lexicon::Diff { old, new, output } => diff(&old, &new, &config.packs, output),
        Lexicon::Replay(revise) => super::wait(super::revise::run(config, revise)),
        Lexicon::Copy { folder } => copy(&folder),
        Lexicon::Train(train) => super::train::run(config, train),
        Lexicon::Stats(output) => {
            super::wait(office::show(config, Request::WordStats, output.format))
        }
        Lexicon::Suggest { limit, output } => {
            let request = Request::WordSuggestions { limit };
            super::wait(office::show(config, request, output.format))
        }
    }
}

fn check(folder: Option<PathBuf>, packs: &[String], output: Output) -> anyhow::Result<Ending> {
    let place = folder.as_ref().map_or("自带词库".to_owned(), |folder| {
        folder.display().to_string()
    });
    let checked = load(folder.as_deref(), packs).and_then(|loaded| verify(loaded, judge));
    let (found, good) = match &checked {
        Ok((_, warnings)) => (warnings.as_slice(), true),
        Err(Diagnostics(found)) => (found.as_slice(), false),
    };
    let mut printer = Printer::new();
    report(&mut printer, output.format, found)?;
    if let (Format::Text, Ok((lexicon, _))) = (output.format, &checked) {
        printer.toned(
            Tone::Good,
            &format!(
                "{place}可以用：{} 个词、{} 条语境、{} 个用例都通过（版本 {}）。",
                lexicon.keywords().count(),
                lexicon.cues().count(),
                lexicon.cases().len(),
                lexicon.version()
            ),
        )?;
    } else if output.format == Format::Text {
        printer.toned(
            Tone::Alarm,
            &format!("{place}有问题，请按上面的提示改好再用；运行中的机器人会继续用上一份好的。"),
        )?;
    }
    printer.finish()?;
    Ok(if good { Ending::Done } else { Ending::Failed })
}

fn report(printer: &mut Printer, format: Format, found: &[Diagnostic]) -> std::io::Result<()> {
    for one in found {
        match format {
            Format::Text => printer.line(&one.to_string())?,
            Format::Json => printer.json(one)?,
        }
    }
    Ok(())
}

fn diff(old: &Path, new: &Path, packs: &[String], output: Output) -> anyhow::Result<Ending> {
    let (old, new) = (
        load(Some(old), packs)?.lexicon,
        load(Some(new), packs)?.lexicon,
    );
    let changes = crate::lexicon::diff(&old, &new);
    let mut printer = Printer::new();
    for change in &changes {
        match output.format {
            Format::Text => printer.line(&change.to_string())?,
            Format::Json => printer.json(change)?,
        }
    }
    if output.format == Format::Text {
        printer.line(&format!("共 {} 处不同。", changes.len()))?;
    }
    printer.finish()?;
    Ok(Ending::Done)
}

/// Writes the embedded files where nothing of theirs stands yet.
fn copy(folder: &Path) -> anyhow::Result<Ending> {
    let taken = folder
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some());
    anyhow::ensure!(
        !taken,
        "{} 不是空目录；请换一个新目录，免得盖掉您的词库",
        folder.display()
    );
    let examples = Sources::examples().iter();
    let examples = examples.map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    for (name, bytes) in Sources::embedded().0.into_iter().chain(examples) {
        let path = folder.join(name);
        let write = || {
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::write(&path, bytes)
        };
        write().with_context(|| format!("写不进 {}", path.display()))?;
    }
    let mut printer = Printer::new();
    printer.line(&format!(
        "已复制到 {0}。请在配置里写：\n[lexicon]\npath = \"{0}\"\n然后用 WPS 或 Excel 打开 keywords.csv 修改，保存即生效。",
        folder.display()
    ))?;
    printer.finish()?;
    Ok(Ending::Done)
}
