//! Tables of the lexicon: the room `table` reads them, problems go into the lexicon's report.

use crate::table::{Gravity, Problem};

use super::diagnostic::{Report, Spot};

pub(super) use crate::table::{Column, Need, Row, Table};

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
