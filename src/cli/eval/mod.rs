//! `eval`: how good the judgement is, on labelled messages.

mod chart;
mod json;
mod page;
mod text;
mod wording;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context as _;

use crate::app::evaluating::{Judgement, Omitted, evaluate};
use crate::app::opening;
use crate::config::Config;
use crate::lexicon::Lexicon;
use crate::lexicon::examples::Part;
use crate::measure::Figure;
use crate::measure::baseline::{self, Difference, Outcome, SavedLine};
use crate::measure::figures::figures;
use crate::measure::mistakes::{Fault, Mistake, mistakes};
use crate::measure::reading::{Parts, Unreadable};
use crate::model::{Clock, SystemClock};

use super::arguments::{Eval, EvalPart, Format};
use super::print::complain;
use super::{Ending, Printer};

/// Left-out rows that are told one by one; the rest is only counted.
const TOLD: usize = 20;

/// Everything there is to show.
struct Findings<'f> {
    lexicon: &'f Lexicon,
    figures: &'f [Figure],
    /// The worst of each fault.
    mistakes: &'f [Mistake<'f>],
    /// How many there are of each fault.
    faults: Vec<(Fault, usize)>,
    difference: Option<&'f Difference<'f>>,
    messages: usize,
}

/// Runs the command.
pub(super) async fn run(config: &Config, eval: &Eval) -> anyhow::Result<Ending> {
    let parts = match eval.part {
        EvalPart::All => Parts::All,
        EvalPart::Fit => Parts::Only(Part::Fit),
        EvalPart::Kept => Parts::Only(Part::Kept),
    };
    let kept = eval.baseline.as_deref().map(read_baseline).transpose()?;
    let judgement = evaluate(config, &eval.files, parts).await?;
    let ending = tell_omitted(&judgement.omitted);
    if judgement.judged.is_empty() && judgement.played.is_empty() {
        complain("没有可以评测的标注，请换一个文件，或者什么文件都不写，用词库自己的用例和例句。");
        return Ok(Ending::Usage);
    }
    let lexicon = opening::shelf(config)?.0.lexicon();
    let figures = figures(&judgement.judged, &judgement.played);
    let outcomes = baseline::outcomes(&judgement.judged, &judgement.played);
    let difference = kept.map(|kept| baseline::difference(&kept, &outcomes, &figures));
    let (mistakes, faults) = worst(&judgement, eval.mistakes);
    let findings = Findings {
        lexicon: &lexicon,
        figures: &figures,
        mistakes: &mistakes,
        faults,
        difference: difference.as_ref(),
        messages: outcomes.len(),
    };
    if let Some(file) = &eval.save {
        save(file, &outcomes, &figures).with_context(|| format!("写不进 {}", file.display()))?;
    }
    if let Some(file) = &eval.html {
        let date = SystemClock.now().to_zoned(config.offset.to_time_zone());
        let page = page::render(&findings, &date.strftime("%Y年%-m月%-d日").to_string())?;
        fs::write(file, page).with_context(|| format!("写不进 {}", file.display()))?;
    }
    let mut printer = Printer::new();
    match eval.output.format {
        Format::Text => text::print(&mut printer, &findings, eval.detail)?,
        Format::Json => json::print(&mut printer, &findings)?,
    }
    printer.finish()?;
    Ok(ending)
}

/// The first few mistakes of each fault, and how many there are of each.
fn worst(judgement: &Judgement, most: usize) -> (Vec<Mistake<'_>>, Vec<(Fault, usize)>) {
    let all = mistakes(&judgement.judged, &judgement.played);
    let of = |fault: Fault| all.iter().filter(move |one| one.fault == fault);
    let counts = Fault::ALL.map(|fault| (fault, of(fault).count()));
    let worst = Fault::ALL
        .iter()
        .flat_map(|fault| of(*fault).take(most).cloned())
        .collect();
    let counts = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    (worst, counts)
}

/// Says what was left out.
fn tell_omitted(omitted: &[Omitted]) -> Ending {
    for one in omitted.iter().take(TOLD) {
        match one {
            Omitted::File(file, why @ Unreadable::Unknown) => {
                complain(&format!("{}：{why}，已跳过", file.display()));
            }
            Omitted::File(file, why) => {
                complain(&format!("{} 有错，已跳过：\n{why}", file.display()));
            }
            Omitted::Row(file, row) => complain(&format!(
                "{} 第 {} 行：{}，已跳过",
                file.display(),
                row.row,
                row.why
            )),
        }
    }
    if omitted.len() > TOLD {
        complain(&format!("共跳过 {} 处", omitted.len()));
    }
    if omitted.is_empty() {
        Ending::Done
    } else {
        Ending::Skipped
    }
}

fn save(file: &Path, outcomes: &[Outcome<'_>], figures: &[Figure]) -> anyhow::Result<()> {
    let mut out = BufWriter::new(fs::File::create(file)?);
    for outcome in outcomes {
        serde_json::to_writer(&mut out, &outcome.saved)?;
        writeln!(out)?;
    }
    for figure in figures {
        serde_json::to_writer(&mut out, &baseline::saved_figure(figure))?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}

fn read_baseline(file: &Path) -> anyhow::Result<Vec<SavedLine>> {
    let text = fs::read_to_string(file).with_context(|| format!("打不开 {}", file.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .zip(1..)
        .map(|(line, number)| {
            serde_json::from_str(line).with_context(|| {
                format!(
                    "{} 第 {number} 行不是 eval --save 存下的判断，请换一个文件",
                    file.display()
                )
            })
        })
        .collect()
}
