//! Areas, groups and people from the tables a community keeps: read, checked as a whole, compared
//! with what is known, and only then written.

mod areas;
mod groups;
mod people;
mod plan;
mod reading;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

use crate::model::{Area, Catalogue, Facts, Group, Person, Timestamp};

use super::Snapshot;
use reading::Reading;

pub use plan::{ImportPlan, MAX_ROWS};

/// Which of the three tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `areas.csv`: 路径, 类型, 别名, 需审批.
    Areas,
    /// `groups.csv`: 群号, 群名, 区域路径, 用途, 读取, 发送.
    Groups,
    /// `people.csv`: 编号, 姓名, 角色, 负责区域, 负责类别, 顺序; one person may have several rows.
    People,
}

impl Kind {
    /// The table a file holds, by the beginning of its name: `people`, `people-2026.csv`, `人员.csv`.
    pub fn of_file(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let starts = |words: [&str; 2]| words.iter().any(|word| name.starts_with(word));
        if starts(["areas", "区域"]) {
            Some(Self::Areas)
        } else if starts(["groups", "群"]) {
            Some(Self::Groups)
        } else if starts(["people", "人员"]) {
            Some(Self::People)
        } else {
            None
        }
    }
}

/// One file as it was uploaded.
#[derive(Clone, Debug)]
pub struct File {
    /// Which table.
    pub kind: Kind,
    /// Its name, for messages.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// The row, as the spreadsheet counts; `None`: the whole file.
    pub row: Option<u32>,
    /// One Chinese sentence: what is wrong and what to do.
    pub text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "{} 第{row}行：{}", self.file, self.text),
            None => write!(f, "{}：{}", self.file, self.text),
        }
    }
}

/// What is known besides the files.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The directory as it is.
    pub directory: &'a Snapshot,
    /// The categories that duties may name.
    pub catalogue: &'a Catalogue,
    /// What the welcome of a new group may say: the bot's name, how long things are kept. `None`:
    /// nothing is said now.
    pub welcome: Option<&'a Facts>,
    /// Now.
    pub at: Timestamp,
}

/// Reads and checks the files and says what would change. Nothing is written.
///
/// # Errors
/// Every mistake of every file at once.
pub fn plan(files: &[File], known: &Known<'_>) -> Result<ImportPlan, Vec<Mistake>> {
    let mut reading = Reading::new(known);
    let mut files: Vec<&File> = files.iter().collect();
    // Groups and people may stand in areas of the same import.
    files.sort_by_key(|file| file.kind);
    for file in files {
        match file.kind {
            Kind::Areas => areas::read(file, &mut reading),
            Kind::Groups => groups::read(file, &mut reading),
            Kind::People => people::read(file, &mut reading),
        }
    }
    reading.finish()
}

/// What the files say, after checking.
#[derive(Debug, Default)]
struct Wanted {
    areas: Vec<Area>,
    groups: Vec<Group>,
    people: Vec<Person>,
    /// A people table was among the files: whoever is not in it has left.
    all_people: bool,
}
