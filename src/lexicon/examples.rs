//! `examples/*.csv`: how people really talk and what should become of it. Weights are fitted on
//! one part of them and measured on the other.

use crate::model::{Catalogue, CategoryCode};
use crate::text::Normalised;

use super::diagnostic::{Diagnostic, Diagnostics, Report, Spot};
use super::keywords::Categories;
use super::table::{self, Column, Row};

const COLUMNS: [Column; 4] = [table::TEXT, table::WANTED, table::CATEGORY, table::NOTE];

/// One in so many examples is kept apart.
const PARTS: u32 = 5;

/// What should become of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// A problem here and now.
    Open,
    /// A question for the counter.
    Ask,
    /// Nothing to track.
    Ignore,
}

impl Wanted {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Open, "open", "受理"),
        (Self::Ask, "ask", "咨询"),
        (Self::Ignore, "ignore", "忽略"),
    ];
}

/// A row of a table of examples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What is said.
    pub text: String,
    /// What may become of it, best first; never empty. More than one: two careful readers differ.
    pub actions: Vec<Wanted>,
    /// What it may be about, best first; empty where nothing is to be tracked.
    pub categories: Vec<CategoryCode>,
    /// 备注.
    pub note: String,
    /// Its row in the table, as the spreadsheet counts.
    pub row: u32,
}

/// How 备注 begins that names a danger to life.
const PERIL: &str = "特急";

impl Example {
    /// The danger to life it tells of: 困人, 燃气 and so on, as 备注 has it after 特急.
    pub fn peril(&self) -> Option<&str> {
        self.note
            .strip_prefix(PERIL)
            .filter(|kind| !kind.is_empty())
    }
}

/// What an example serves for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Weights are fitted on it.
    Fit,
    /// Kept apart: weights are measured on it and never see it.
    Kept,
}

/// Which part a text belongs to: by its words alone, so that the same text is never in both parts,
/// whatever file it stands in, and a new row moves no other.
pub fn part_of(text: &str) -> Part {
    let normal = Normalised::of(text);
    if crc32fast::hash(normal.text().trim().as_bytes()).is_multiple_of(PARTS) {
        Part::Kept
    } else {
        Part::Fit
    }
}

/// The examples of one table, with what is worth a look in it.
///
/// # Errors
///
/// Everything wrong with the table, with row and column, when some of it is an error.
pub fn read(
    file: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
) -> Result<(Vec<Example>, Vec<Diagnostic>), Diagnostics> {
    let mut report = Report::default();
    let categories = Categories::new(&catalogue.categories);
    let table = table::read(file, bytes, &COLUMNS, &mut report);
    let rows = table.rows.iter();
    let examples = rows
        .filter_map(|row| example(file, row, &categories, &mut report))
        .collect();
    if report.has_errors() {
        return Err(Diagnostics(report.sorted()));
    }
    Ok((examples, report.sorted()))
}

fn example(file: &str, row: &Row, categories: &Categories, report: &mut Report) -> Option<Example> {
    let spot = Spot::row(file, row.number);
    let text = table::said(spot, row, report);
    // Every column is read even when one is wrong, so that all problems of a row show at once.
    let actions = actions(spot, row.get(1), report);
    let codes = codes(spot, row.get(2), categories, report);
    let (actions, categories) = (actions?, codes?);
    if categories.is_empty() && actions[0] != Wanted::Ignore {
        report.error(
            spot.column("类别"),
            "要受理或答复的话得有类别，请填类别编号（如 01）；两个都说得通就写 01|06。",
        );
        return None;
    }
    text.map(|text| Example {
        text: text.to_owned(),
        actions,
        categories,
        note: row.get(3).to_owned(),
        row: row.number,
    })
}

fn actions(spot: Spot<'_>, field: &str, report: &mut Report) -> Option<Vec<Wanted>> {
    let named = |value: &str| {
        Wanted::ALL
            .iter()
            .find(|(_, name, chinese)| value.eq_ignore_ascii_case(name) || value == *chinese)
            .map(|(wanted, ..)| *wanted)
    };
    let found: Option<Vec<_>> = choices(field).map(named).collect();
    let found = found.filter(|found| !found.is_empty());
    if found.is_none() {
        report.error(
            spot.column("期望"),
            format!(
                "期望写的是“{field}”，请改成 open、ask、ignore 之一；两种都说得通就写 open|ignore，好的在前。"
            ),
        );
    }
    found
}

fn codes(
    spot: Spot<'_>,
    field: &str,
    categories: &Categories,
    report: &mut Report,
) -> Option<Vec<CategoryCode>> {
    let spot = spot.column("类别");
    let found: Vec<_> = choices(field)
        .map(|value| categories.read(spot, value, report))
        .collect();
    found.into_iter().collect()
}

/// What a field allows, best first.
fn choices(field: &str) -> impl Iterator<Item = &str> {
    field
        .split(['|', '｜'])
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Lexicon, Sources};

    fn told(table: &str) -> Vec<String> {
        let lexicon = Lexicon::embedded();
        match read("examples/a.csv", table.as_bytes(), lexicon.catalogue()) {
            Ok((_, warnings)) => warnings,
            Err(Diagnostics(found)) => found,
        }
        .iter()
        .map(ToString::to_string)
        .collect()
    }

    #[test]
    fn a_row_may_allow_several_answers_best_first() {
        let lexicon = Lexicon::embedded();
        let table =
            "原文,期望,类别,备注\n门铃响了没人,ignore,,\n楼道灯不亮,open|咨询,5｜供电用电,短句\n";
        let (rows, warnings) =
            read("a.csv", table.as_bytes(), lexicon.catalogue()).expect("a good table");
        assert!(warnings.is_empty());
        assert_eq!(rows[0].actions, [Wanted::Ignore]);
        assert_eq!(rows[1].actions, [Wanted::Open, Wanted::Ask]);
        let codes: Vec<_> = rows[1]
            .categories
            .iter()
            .map(CategoryCode::as_str)
            .collect();
        assert_eq!((codes, rows[1].row), (vec!["05", "01"], 3));
    }

    #[test]
    fn every_problem_of_a_table_is_told_with_row_and_column() {
        let found = told("原文,期望,类别\n灯不亮,opne,05\n,open,99\n没得水,open,\n");
        for part in [
            "examples/a.csv 第 2 行 “期望”列：期望写的是“opne”",
            "第 3 行 “原文”列：原文是空的",
            "第 3 行 “类别”列：没有“99”这个类别",
            "第 4 行 “类别”列：要受理或答复的话得有类别",
        ] {
            assert!(
                found.iter().any(|one| one.contains(part)),
                "{part}\n{found:#?}"
            );
        }
    }

    #[test]
    fn the_same_words_are_always_in_the_same_part() {
        for text in ["3栋没电", "门禁又坏了", "哪个晓得快递放哪儿了"] {
            let spaced = format!(" {}", text.replace('3', "３"));
            assert_eq!(part_of(text), part_of(&spaced), "{text}");
        }
        let kept = |n: &u32| part_of(&format!("第{n}句话")) == Part::Kept;
        let kept = (0..1_000).filter(kept).count();
        assert!((150..250).contains(&kept), "{kept}");
    }

    #[test]
    fn every_table_in_the_folder_is_embedded_and_good() {
        let lexicon = Lexicon::embedded();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicon");
        let there = Sources::read_examples(&folder).expect("the folder is readable");
        let embedded = Sources::examples();
        assert_eq!(
            there.keys().map(String::as_str).collect::<Vec<_>>(),
            embedded.iter().map(|(name, _)| *name).collect::<Vec<_>>()
        );
        for (name, text) in embedded {
            let (rows, warnings) = read(name, text.as_bytes(), lexicon.catalogue())
                .unwrap_or_else(|problems| panic!("{problems}"));
            assert!(warnings.is_empty(), "{warnings:?}");
            assert_eq!(rows.len() + 1, text.lines().count(), "{name}");
        }
    }
}
