//! `lexicon train`: learn from examples, and say how good it is.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

use crate::app::learning::{Against, Lessons, Material};
use crate::app::revision::put_in_place;
use crate::config::Config;
use crate::training::assess::{Allowed, Found};

use super::arguments::{Format, Train};
use super::{Ending, Printer, Tone};

/// Runs the command.
pub(super) fn run(config: &Config, train: Train) -> anyhow::Result<Ending> {
    let folder = train.folder.clone().or_else(|| config.lexicon.clone());
    let material = Material::gather(folder.as_deref(), train.own.as_deref(), &config.packs)?;
    let against = match &train.ordinary {
        Some(file) => Against::Messages(ordinary(file)?, train.source.clone()),
        None => Against::Counts,
    };
    let allowed = Allowed {
        open: train.false_alarms,
        ask: train.false_questions,
    };
    let lessons = material
        .learn(against, allowed, train.curve)
        .map_err(anyhow::Error::msg)?;
    let written = match &folder {
        Some(folder) if !train.dry_run => {
            let files = lessons.files.iter();
            put_in_place(folder, files.map(|(name, text)| (name, text.as_bytes())))?;
            true
        }
        _ => false,
    };
    let mut printer = Printer::new();
    match train.output.format {
        Format::Json => printer.json(&Report::of(&material, &lessons, written))?,
        Format::Text => tell(&mut printer, &Report::of(&material, &lessons, written))?,
    }
    printer.finish()?;
    Ok(Ending::Done)
}

/// A message, of which only its words matter here.
#[derive(serde::Deserialize)]
struct Line {
    text: String,
}

/// The texts of a file: a CSV with a column text or 原文 (rows labelled otherwise than `no` are left
/// out), or messages as JSON lines.
fn ordinary(file: &Path) -> anyhow::Result<Vec<String>> {
    let read = || format!("读不出 {}", file.display());
    if file.extension().is_some_and(|ext| ext == "csv") {
        let mut reader = csv::Reader::from_path(file).with_context(read)?;
        let header = reader.headers().with_context(read)?.clone();
        let at = |names: &[&str]| {
            header
                .iter()
                .position(|h| names.contains(&h.trim_matches('\u{FEFF}')))
        };
        let text = at(&["text", "原文"])
            .with_context(|| format!("{} 里没有 text 或 原文 这一列", file.display()))?;
        let label = at(&["label"]);
        let ordinary = reader.records().flatten().filter(|row| {
            label.is_none_or(|label| row.get(label).is_none_or(|label| label == "no"))
        });
        return Ok(ordinary
            .filter_map(|row| row.get(text).map(str::to_owned))
            .collect());
    }
    let lines = fs::read_to_string(file).with_context(read)?;
    Ok(lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Line>(line).ok())
        .map(|line| line.text)
        .collect())
}

#[derive(Serialize)]
struct Report {
    examples: usize,
    kept: usize,
    runs: usize,
    background: u32,
    recall: f64,
    falsely: f64,
    danger: f64,
    danger_falsely: f64,
    curve: Vec<(usize, f64)>,
    files: Vec<String>,
}

impl Report {
    fn of(material: &Material, lessons: &Lessons, written: bool) -> Self {
        let (examples, kept) = material.sizes();
        let found: Found = lessons.kept;
        Self {
            examples,
            kept,
            runs: lessons.runs,
            background: lessons.origin.background,
            recall: found.recall(),
            falsely: found.false_share(),
            danger: lessons.danger.recall(),
            danger_falsely: lessons.danger.false_share(),
            curve: lessons
                .curve
                .iter()
                .map(|point| (point.samples, point.found.recall()))
                .collect(),
            files: if written {
                lessons.files.keys().cloned().collect()
            } else {
                Vec::new()
            },
        }
    }
}

fn tell(printer: &mut Printer, report: &Report) -> std::io::Result<()> {
    printer.line(&format!(
        "用 {} 条例句学到 {} 个说法的分数，对照 {} 句平常话。",
        report.examples, report.runs, report.background
    ))?;
    printer.line(&format!(
        "留着没学的 {} 条例句里：真问题找到 {:.0} %，没事的误报 {:.1} %（例句比平常话难得多）。",
        report.kept,
        report.recall * 100.0,
        report.falsely * 100.0
    ))?;
    printer.line(&format!(
        "其中单凭学到的：特急找到 {:.0} %，不急的当成特急 {:.1} %。",
        report.danger * 100.0,
        report.danger_falsely * 100.0
    ))?;
    for (samples, recall) in &report.curve {
        printer.line(&format!(
            "学 {samples} 条时（没事的误报 2 %）：找到 {:.1} %",
            recall * 100.0
        ))?;
    }
    if report.files.is_empty() {
        printer.line("没有写文件。写上词库目录、去掉 --dry-run，就写进去。")
    } else {
        printer.toned(
            Tone::Good,
            &format!(
                "已写好 {}。请再跑一遍 lianxin lexicon check，看用例是不是都通过。",
                report.files.join("、")
            ),
        )
    }
}
