//! What all three tables share while they are read: mistakes, areas, lists within a field.

use std::collections::BTreeMap;

use crate::model::{Area, AreaId, AreaKind};
use crate::table::{self, Column, Gravity, Table};

use super::plan::{ImportPlan, compare};
use super::{File, Known, Mistake, Wanted};

/// Longest id of a group or person and longest path of an area, bytes: keys of the store are made of
/// several of them, and nothing that is kept may later refuse what is said about it.
const LONGEST_ID: usize = 256;

/// The state of reading.
pub(super) struct Reading<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) wanted: Wanted,
    pub(super) areas: BTreeMap<AreaId, AreaKind>,
    mistakes: Vec<Mistake>,
    warnings: Vec<Mistake>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(known: &'a Known<'a>) -> Self {
        let areas = known.directory.areas();
        Self {
            known,
            wanted: Wanted::default(),
            areas: areas.map(|area| (area.id.clone(), area.kind)).collect(),
            mistakes: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The table of a file; what is wrong with its form is noted.
    pub(super) fn table(&mut self, file: &File, columns: &[Column]) -> Table {
        let (table, problems) = table::read(&file.bytes, columns);
        for problem in problems {
            let mistake = Mistake {
                file: file.name.clone(),
                row: problem.row,
                text: problem.text,
            };
            match problem.gravity {
                Gravity::Error => self.mistakes.push(mistake),
                Gravity::Warning => self.warnings.push(mistake),
            }
        }
        let endless = |row: &&table::Row| row.get(0).len() > LONGEST_ID;
        for row in table.rows.iter().filter(endless) {
            let text = format!("第一列太长，最多 {LONGEST_ID} 字节，请改短");
            self.mistake(file, Some(row.number), text);
        }
        if table.rows.len() > super::MAX_ROWS {
            self.mistake(
                file,
                None,
                format!("表太大，一次最多导入{}行，请分成几份", super::MAX_ROWS),
            );
            return Table::default();
        }
        table
    }

    /// Notes a mistake.
    pub(super) fn mistake(&mut self, file: &File, row: Option<u32>, text: impl Into<String>) {
        self.mistakes.push(Mistake {
            file: file.name.clone(),
            row,
            text: text.into(),
        });
    }

    /// The area of a path that must exist, or a mistake.
    pub(super) fn area(&mut self, file: &File, row: u32, path: &str) -> Option<AreaId> {
        let id = path_id(path);
        if self.areas.contains_key(&id) {
            return Some(id);
        }
        let text = format!("没有“{path}”这个区域，请先在 areas.csv 里加上，或改正路径");
        self.mistake(file, Some(row), text);
        None
    }

    pub(super) fn add_area(&mut self, area: Area) {
        self.areas.insert(area.id.clone(), area.kind);
        self.wanted.areas.push(area);
    }

    pub(super) fn finish(self) -> Result<ImportPlan, Vec<Mistake>> {
        if self.mistakes.is_empty() {
            return Ok(compare(self.wanted, self.known, self.warnings));
        }
        let mut mistakes = self.mistakes;
        mistakes.sort();
        Err(mistakes)
    }
}

/// A path as people type it: full-width and backward slashes, spaces around the names.
pub(super) fn path_id(path: &str) -> AreaId {
    let names: Vec<&str> = path
        .split(['/', '／', '\\', '>'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    AreaId::from_path(&names)
}

/// The parts of a field that lists several: `01|02`, `01、02`.
pub(super) fn listed(field: &str) -> impl Iterator<Item = &str> {
    field
        .split(['|', '｜', '、', ';', '；'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
