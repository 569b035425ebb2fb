//! Figures, mistakes and changes for people at a terminal.

use std::io;

use crate::app::table::table;
use crate::measure::baseline::{Difference, Turn};
use crate::measure::mistakes::Mistake;
use crate::measure::{Figure, Reached, Set, Slice};

use super::json::because;
use super::{Findings, Printer, wording};
use crate::cli::Tone;

/// Changed messages that are told of each kind; the rest is only counted.
const TOLD: usize = 50;

/// Prints everything.
pub(super) fn print(
    printer: &mut Printer,
    findings: &Findings<'_>,
    detail: bool,
) -> io::Result<()> {
    printer.line(&format!(
        "共 {} 条，词库版本 {}。括号里是 95% 的把握区间；有争议的话不计对错。",
        findings.messages,
        findings.lexicon.version()
    ))?;
    for set in Set::ALL {
        let of_set = findings.figures.iter().filter(|one| one.set == set);
        let whole: Vec<&Figure> = of_set
            .clone()
            .filter(|one| one.slice == Slice::All)
            .collect();
        if whole.is_empty() {
            continue;
        }
        printer.line("")?;
        printer.toned(Tone::Good, &format!("【{}】", set.chinese()))?;
        printer.line(&figures(&whole))?;
        let parts: Vec<&Figure> = of_set.filter(|one| one.slice != Slice::All).collect();
        if detail && !parts.is_empty() {
            printer.line("")?;
            printer.line(&self::parts(&parts, findings))?;
        }
    }
    print_mistakes(printer, findings)?;
    if let Some(difference) = findings.difference {
        print_difference(printer, difference)?;
    }
    Ok(())
}

fn figures(figures: &[&Figure]) -> String {
    table(
        ["指标", "数值", "区间", "计数", "底线", "目标", ""],
        figures.iter().map(|figure| {
            let target = figure.target();
            let amount = |value| wording::amount(figure.measure, value);
            let reached = target.filter(|_| figure.of > 0.0);
            [
                wording::title(figure.set, figure.measure).to_owned(),
                wording::value(figure),
                wording::interval(figure),
                wording::counted(figure),
                target.map_or_else(String::new, |target| amount(target.floor)),
                target.map_or_else(String::new, |target| amount(target.aim)),
                reached.map_or_else(String::new, |target| {
                    let reached = target.reached(figure.value());
                    let mark = if reached == Reached::Below {
                        "✗ "
                    } else {
                        ""
                    };
                    format!("{mark}{}", wording::reached(reached))
                }),
            ]
        }),
    )
}

fn parts(parts: &[&Figure], findings: &Findings<'_>) -> String {
    table(
        ["指标", "其中", "数值", "区间", "计数"],
        parts.iter().map(|figure| {
            [
                wording::title(figure.set, figure.measure).to_owned(),
                wording::slice(&figure.slice, findings.lexicon),
                wording::value(figure),
                wording::interval(figure),
                wording::counted(figure),
            ]
        }),
    )
}

fn print_mistakes(printer: &mut Printer, findings: &Findings<'_>) -> io::Result<()> {
    for (fault, count) in &findings.faults {
        let of_fault = findings.mistakes.iter().filter(|one| one.fault == *fault);
        let shown = of_fault.clone().count();
        if shown == 0 {
            continue;
        }
        let title = wording::fault(*fault);
        printer.line("")?;
        printer.toned(
            Tone::Alarm,
            &format!("{title}：共 {count} 条，最严重的 {shown} 条"),
        )?;
        for mistake in of_fault {
            print_mistake(printer, mistake, findings)?;
        }
    }
    Ok(())
}

fn print_mistake(
    printer: &mut Printer,
    mistake: &Mistake<'_>,
    findings: &Findings<'_>,
) -> io::Result<()> {
    let got = mistake.decision.map_or_else(String::new, |decision| {
        let title = decision
            .category
            .as_ref()
            .map(|code| findings.lexicon.category_title(code));
        format!(
            "判为 {} {}（{} 分）",
            decision.action.chinese(),
            title.unwrap_or_default(),
            decision.score
        )
    });
    let wanted = wording::expected(mistake, findings.lexicon);
    printer.line(&format!("  {}", mistake.text.replace('\n', " ")))?;
    let reasons = because(mistake.decision);
    let reasons = if reasons.is_empty() {
        "没有一个词说得上话".to_owned()
    } else {
        reasons.join("；")
    };
    printer.toned(
        Tone::Faint,
        &format!(
            "    {} {}：{got}；应当 {wanted}；{reasons}",
            mistake.set.chinese(),
            mistake.id
        ),
    )
}

fn print_difference(printer: &mut Printer, difference: &Difference<'_>) -> io::Result<()> {
    printer.line("")?;
    printer.toned(Tone::Good, "【和上次相比】")?;
    let count = |turn: Turn| {
        let of_turn = difference.messages.iter().filter(|one| one.turn == turn);
        format!("{} {} 条", wording::turn(turn), of_turn.count())
    };
    let mut summary = Turn::ALL.map(count).join("，");
    if difference.new + difference.gone > 0 {
        summary.push_str(&format!(
            "；这次多了 {} 条、少了 {} 条，不参与比较",
            difference.new, difference.gone
        ));
    }
    printer.line(&format!("{summary}。"))?;
    for turn in Turn::ALL {
        let of_turn = difference.messages.iter().filter(|one| one.turn == turn);
        for changed in of_turn.take(TOLD) {
            let now = &changed.now.saved;
            printer.line(&format!(
                "  {}  {}  {}→{}（{}→{} 分）",
                wording::turn(turn),
                changed.now.text.replace('\n', " "),
                changed.before.action.chinese(),
                now.action.chinese(),
                changed.before.score,
                now.score
            ))?;
            let reasons = because(changed.now.decision).join("；");
            printer.toned(
                Tone::Faint,
                &format!("    {} {}：{reasons}", now.set.chinese(), now.id),
            )?;
        }
    }
    let whole = difference
        .figures
        .iter()
        .filter(|one| one.now.slice == Slice::All);
    let rows = whole.map(|moved| {
        let measure = moved.now.measure;
        [
            moved.now.set.chinese().to_owned(),
            wording::title(moved.now.set, measure).to_owned(),
            wording::amount(measure, moved.before),
            wording::amount(measure, moved.now.value()),
            if moved.is_better() {
                "变好"
            } else {
                "变差"
            }
            .to_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return printer.line("各项数字都没有变。");
    }
    printer.line("")?;
    printer.line(&table(["在", "指标", "上次", "这次", ""], rows))
}
