//! Tables of the lexicon: the room `table` reads them, problems go into the lexicon's report.

use crate::table::{Gravity, Problem};

use super::diagnostic::{Report, Spot};

pub(super) use crate::table::{Column, Need, Row, Table};

/// What was said.
pub(super) const TEXT: Column = Column {
    name: "原文",
    aliases: &["文本", "内容"],
    need: Need::Required,
};

/// What should become of it.
pub(super) const WANTED: Column = Column {
    name: "期望",
    aliases: &[],
    need: Need::Required,
};

/// What it is about.
pub(super) const CATEGORY: Column = Column {
    name: "类别",
    aliases: &["分类"],
    need: Need::Optional,
};

/// Whatever a person wants to keep beside it.
pub(super) const NOTE: Column = Column {
    name: "备注",
    aliases: &["说明"],
    need: Need::Optional,
};

/// What was said, by a row of cases or examples; empty is a mistake.
pub(super) fn said<'r>(spot: Spot<'_>, row: &'r Row, report: &mut Report) -> Option<&'r str> {
    let text = row.get(0);
    if text.is_empty() {
        report.error(
            spot.column(TEXT.name),
            "原文是空的，请填上一句话，或者把整行删掉。",
        );
    }
    (!text.is_empty()).then_some(text)
}

/// The text of a file in any of the encodings people save in.
pub(super) fn decode(file: &str, bytes: &[u8], report: &mut Report) -> Option<String> {
    let text = crate::table::decode(bytes);
    text.map_err(|problem| tell(file, problem, report)).ok()
}

/// Reads a table; problems of the table's form go into the report.
pub(super) fn read(file: &str, bytes: &[u8], columns: &[Column], report: &mut Report) -> Table {
    let (table, problems) = crate::table::read(bytes, columns);
    for problem in problems {
        tell(file, problem, report);
    }
    table
}

fn tell(file: &str, problem: Problem, report: &mut Report) {
    let spot = problem
        .row
        .map_or_else(|| Spot::file(file), |row| Spot::row(file, row));
    match problem.gravity {
        Gravity::Error => report.error(spot, problem.text),
        Gravity::Warning => report.warn(spot, problem.text),
    }
}
