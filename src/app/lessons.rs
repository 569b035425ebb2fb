//! What people taught the bot: examples and cases, as tables beside the store that operators open
//! in WPS and take over into their lexicon.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use crate::command::CommandName;
use crate::desk::{Desk, DeskError, Outcome, Shown};
use crate::model::{CategoryCode, EventId};
use crate::table;
use crate::text::mask::mask;

/// 原文,期望,类别,备注: as `lexicon/examples/*.csv`.
const EXAMPLES: Sheet = Sheet {
    file: "examples.csv",
    head: &["原文", "期望", "类别", "备注"],
};

/// As `lexicon/cases.csv`.
const CASES: Sheet = Sheet {
    file: "cases.csv",
    head: &["原文", "期望", "类别", "级别", "命中", "备注"],
};

/// Rules by which the conversation, not the words, opened an event: its first words teach nothing.
const BY_CONVERSATION: [&str; 2] = ["murmurs", "supports"];

/// A table beside the store; its last column holds what a row came from.
struct Sheet {
    file: &'static str,
    head: &'static [&'static str],
}

/// Why nothing was learnt.
#[derive(Debug, Error)]
pub enum LessonError {
    /// The file cannot be read or written.
    #[error("写不进 {file}（{source}）；请看磁盘和权限，再试一次")]
    Io {
        /// Which file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Somebody changed the file so that rows can no longer be added.
    #[error("{file} 的表头不对，应当是“{head}”；请改好或把文件移走，再试一次")]
    Head {
        /// Which file.
        file: String,
        /// What the first row should be.
        head: String,
    },
}

/// What should have become of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A real problem.
    Open,
    /// Nothing.
    Ignore,
}

impl Verdict {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ignore => "ignore",
        }
    }
}

/// One text and what a person said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The event or silence it comes from: a source has one row, the last word counts.
    pub source: String,
    /// What was said, masked.
    pub text: String,
    /// What should have become of it.
    pub verdict: Verdict,
    /// What it is about; `None` where it is nothing.
    pub category: Option<CategoryCode>,
    /// Who or what said so, Chinese.
    pub why: String,
}

/// Adds to the tables. Cheap to clone; one writes at a time.
#[derive(Clone, Debug)]
pub struct Lessons {
    folder: PathBuf,
    writing: Arc<Mutex<()>>,
}

impl Lessons {
    /// Lessons beside a store.
    pub fn beside(store: &Path) -> Self {
        Self {
            folder: store.to_owned(),
            writing: Arc::default(),
        }
    }

    /// Adds an example; an earlier one from the same source makes room.
    ///
    /// # Errors
    /// What keeps the file from being written; then it is as before.
    pub fn example(&self, lesson: &Lesson) -> Result<(), LessonError> {
        let category = lesson.category.as_ref().map_or("", CategoryCode::as_str);
        let row = [
            said(&lesson.text),
            lesson.verdict.name().to_owned(),
            category.to_owned(),
            note(lesson),
        ];
        self.rewrite(&EXAMPLES, &[lesson.source.as_str()], Some(&row))
    }

    /// Adds a case; an earlier one from the same source makes room.
    ///
    /// # Errors
    /// What keeps the file from being written; then it is as before.
    pub fn case(&self, lesson: &Lesson) -> Result<(), LessonError> {
        let category = lesson.category.as_ref().map_or("", CategoryCode::as_str);
        let row = [
            said(&lesson.text),
            lesson.verdict.name().to_owned(),
            category.to_owned(),
            String::new(),
            String::new(),
            note(lesson),
        ];
        self.rewrite(&CASES, &[lesson.source.as_str()], Some(&row))
    }

    /// Takes out everything that came from these sources.
    ///
    /// # Errors
    /// What keeps the files from being written.
    pub fn strike(&self, sources: &[&str]) -> Result<(), LessonError> {
        for sheet in [&EXAMPLES, &CASES] {
            if !sources.is_empty() && self.folder.join(sheet.file).exists() {
                self.rewrite(sheet, sources, None)?;
            }
        }
        Ok(())
    }

    /// The events and silences that examples came from.
    ///
    /// # Errors
    /// What keeps the file from being read.
    pub fn sources(&self) -> Result<HashSet<String>, LessonError> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = self.rows(&EXAMPLES)?;
        let source = |row: &Vec<String>| source_of(&EXAMPLES, row).map(str::to_owned);
        Ok(rows.iter().filter_map(source).collect())
    }

    fn rows(&self, sheet: &Sheet) -> Result<Vec<Vec<String>>, LessonError> {
        let path = self.folder.join(sheet.file);
        match std::fs::read(&path) {
            Ok(bytes) => sheet.parse(&bytes, &path),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// The table without the rows of `sources` and with `row` at its end. The old file stands until
    /// the new one is complete.
    fn rewrite(
        &self,
        sheet: &Sheet,
        sources: &[&str],
        row: Option<&[String]>,
    ) -> Result<(), LessonError> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows = self.rows(sheet)?;
        rows.retain(|row| source_of(sheet, row).is_none_or(|it| !sources.contains(&it)));
        rows.extend(row.map(<[String]>::to_vec));
        let path = self.folder.join(sheet.file);
        sheet
            .write(&rows, &path)
            .map_err(|error| failed(&path, error))
    }
}

impl Sheet {
    /// The rows below the header, as they stand.
    fn parse(&self, bytes: &[u8], path: &Path) -> Result<Vec<Vec<String>>, LessonError> {
        let head = || LessonError::Head {
            file: path.display().to_string(),
            head: self.head.join(","),
        };
        let text = table::decode(bytes).map_err(|_| head())?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|_| head())?;
            rows.push(record.iter().map(str::to_owned).collect::<Vec<_>>());
        }
        if rows.is_empty() {
            return Ok(rows);
        }
        let first = rows.remove(0);
        if first
            .iter()
            .map(|it| it.trim())
            .eq(self.head.iter().copied())
        {
            Ok(rows)
        } else {
            Err(head())
        }
    }

    /// UTF-8 with the mark by which WPS and Excel know it.
    fn write(&self, rows: &[Vec<String>], path: &Path) -> std::io::Result<()> {
        let mut text = "\u{feff}".as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(&mut text);
        writer.write_record(self.head)?;
        for row in rows {
            writer.write_record(row)?;
        }
        writer.flush()?;
        drop(writer);
        let fresh = path.with_extension("csv.new");
        let mut file = std::fs::File::create(&fresh)?;
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    }
}

/// What a row came from: the first word of its 备注.
fn source_of<'r>(sheet: &Sheet, row: &'r [String]) -> Option<&'r str> {
    let note = row.get(sheet.head.len() - 1)?;
    note.split(' ').next()
}

fn failed(path: &Path, source: std::io::Error) -> LessonError {
    LessonError::Io {
        file: path.display().to_string(),
        source,
    }
}

/// Where a row comes from, then why it is there.
fn note(lesson: &Lesson) -> String {
    format!("{} {}", lesson.source, lesson.why)
}

/// One line that no spreadsheet takes for a formula and no table for a comment: a first character
/// that would do so is written full width, which means the same to the bot.
fn said(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wide = match line.chars().next() {
        Some('=') => "＝",
        Some('+') => "＋",
        Some('-') => "－",
        Some('@') => "＠",
        Some('#') => "＃",
        _ => return line,
    };
    format!("{wide}{}", &line[1..])
}

/// What 作废 or 确认 of an event teaches, if anything: not where the conversation opened it, not what
/// is real and only not ours, nothing that is not to be spoken of.
pub fn taught(shown: &Shown, command: CommandName) -> Option<Lesson> {
    let event = &shown.event;
    let by_conversation = event
        .because
        .iter()
        .any(|reason| BY_CONVERSATION.contains(&reason.rule.as_str()));
    if event.discreet || event.masked || event.erased || by_conversation {
        return None;
    }
    let (verdict, why) = match (command, event.outcome) {
        (CommandName::Void, Some(Outcome::FalseAlarm)) => (Verdict::Ignore, "作废"),
        (CommandName::Confirm, _) => (Verdict::Open, "确认"),
        _ => return None,
    };
    let first = shown.reports.iter().min_by_key(|report| report.at);
    let text = first.map_or(event.gist.as_str(), |report| report.text.as_str());
    let real = verdict == Verdict::Open;
    (!text.trim().is_empty()).then(|| Lesson {
        source: event.id.to_string(),
        text: mask(text),
        verdict,
        category: Some(event.category.clone()).filter(|_| real),
        why: why.to_owned(),
    })
}

/// Learns from a person's word on an event, after it was committed.
///
/// # Errors
/// What the store or the file reports; the word itself stands.
pub async fn learn(
    desk: &Desk,
    lessons: &Lessons,
    event: &EventId,
    command: CommandName,
) -> Result<(), LearnError> {
    if !matches!(command, CommandName::Void | CommandName::Confirm) {
        return Ok(());
    }
    let shown = desk.show(event.as_str()).await.map_err(DeskError::from)?;
    if let Some(lesson) = shown.and_then(|shown| taught(&shown, command)) {
        lessons.example(&lesson)?;
    }
    Ok(())
}

/// Why a person's word was not learnt from.
#[derive(Debug, Error)]
pub enum LearnError {
    /// The event could not be read.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The table could not be written.
    #[error(transparent)]
    Lesson(#[from] LessonError),
}

#[cfg(test)]
mod tests;
