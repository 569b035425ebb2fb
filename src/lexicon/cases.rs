//! `cases.csv`: the lexicon's own tests, and running them.

use crate::model::{Catalogue, Level};

use super::Lexicon;
use super::diagnostic::{Diagnostic, Diagnostics, Report, Severity, Spot};
use super::keywords::Categories;
use super::row::{Case, CaseOutcome};
use super::table::{self, Column, Need, Row};

pub(super) const FILE: &str = "cases.csv";

const COLUMNS: [Column; 6] = [
    table::TEXT,
    table::WANTED,
    table::CATEGORY,
    Column {
        name: "级别",
        aliases: &[],
        need: Need::Optional,
    },
    Column {
        name: "命中",
        aliases: &[],
        need: Need::Optional,
    },
    table::NOTE,
];

const ACTIONS: [(&str, &str); 7] = [
    ("open", "受理"),
    ("watch", "线索"),
    ("ignore", "忽略"),
    ("notice", "通知"),
    ("restored", "恢复"),
    ("ask", "咨询"),
    ("command", "指令"),
];

/// The cases of a table that is no part of a lexicon.
///
/// # Errors
///
/// Everything wrong with the table, with row and column, when some of it is an error.
pub fn read_cases(
    file: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
) -> Result<Vec<Case>, Diagnostics> {
    let mut report = Report::default();
    let categories = Categories::new(&catalogue.categories);
    let cases = read(file, bytes, &categories, &mut report);
    if report.has_errors() {
        return Err(Diagnostics(report.sorted()));
    }
    Ok(cases)
}

/// Reads the cases.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    categories: &Categories,
    report: &mut Report,
) -> Vec<Case> {
    let table = table::read(file, bytes, &COLUMNS, report);
    table
        .rows
        .iter()
        .filter_map(|row| case(file, row, categories, report))
        .collect()
}

fn case(file: &str, row: &Row, categories: &Categories, report: &mut Report) -> Option<Case> {
    let spot = Spot::row(file, row.number);
    let text = table::said(spot, row, report);
    let expect = action(spot, row.get(1), report);
    let category = match row.get(2) {
        "" => Some(None),
        value => categories
            .read(spot.column("类别"), value, report)
            .map(Some),
    };
    let level = match row.get(3) {
        "" => Some(None),
        value => Level::from_chinese(value).map(Some),
    };
    if level.is_none() {
        report.error(
            spot.column("级别"),
            format!(
                "级别写的是“{}”，请改成 特急、紧急、一般、疑难、咨询 之一，或者留空。",
                row.get(3)
            ),
        );
    }
    Some(Case {
        text: text?.to_owned(),
        expect: expect?,
        category: category?,
        level: level?,
        hits: row
            .get(4)
            .split(['|', '｜'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        note: row.get(5).to_owned(),
        row: row.number,
    })
}

fn action(spot: Spot<'_>, value: &str, report: &mut Report) -> Option<String> {
    let found = ACTIONS
        .iter()
        .find(|(name, chinese)| value.eq_ignore_ascii_case(name) || value == *chinese);
    if found.is_none() {
        report.error(
            spot.column("期望"),
            format!("期望写的是“{value}”，请改成 open、watch、ignore、notice、restored、ask、command 之一。"),
        );
    }
    found.map(|(name, _)| (*name).to_owned())
}

impl Lexicon {
    /// Runs the lexicon's own cases through `decide` and reports those that fail.
    pub fn check_cases(&self, mut decide: impl FnMut(&Case) -> CaseOutcome) -> Vec<Diagnostic> {
        self.cases()
            .iter()
            .flat_map(|case| {
                let outcome = decide(case);
                self.failures(case, &outcome)
            })
            .collect()
    }

    fn failures(&self, case: &Case, outcome: &CaseOutcome) -> Vec<Diagnostic> {
        let mut failures = Vec::new();
        let mut fail = |column: &str, message: String| {
            failures.push(Diagnostic {
                file: FILE.to_owned(),
                row: Some(case.row),
                column: Some(column.to_owned()),
                severity: Severity::Error,
                message,
            });
        };
        let text = &case.text;
        if outcome.action != case.expect {
            fail(
                "期望",
                format!(
                    "“{text}”应当判为 {}，现在判为 {}，请检查涉及的词，或改期望。",
                    case.expect, outcome.action
                ),
            );
        }
        if case.category.is_some() && outcome.category != case.category {
            let name = |code: &Option<_>| {
                code.as_ref()
                    .map_or("无".to_owned(), |code| self.category_title(code))
            };
            fail(
                "类别",
                format!(
                    "“{text}”应当归 {}，现在归 {}，请检查涉及的词，或改类别。",
                    name(&case.category),
                    name(&outcome.category)
                ),
            );
        }
        if case.level.is_some() && outcome.level != case.level {
            let name = |level: Option<Level>| level.map_or("无", Level::chinese);
            fail(
                "级别",
                format!(
                    "“{text}”应当是 {}，现在是 {}，请检查涉及的词，或改级别。",
                    name(case.level),
                    name(outcome.level)
                ),
            );
        }
        for word in case.hits.iter().filter(|word| !outcome.hits.contains(word)) {
            fail(
                "命中",
                format!("“{text}”应当命中“{word}”，现在没有，请检查这个词的状态和排除语境。"),
            );
        }
        failures
    }
}
