//! What is wrong with the lexicon's files, in words an operator understands.

use std::fmt;

use serde::Serialize;

/// Whether the lexicon can be used in spite of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The lexicon is refused.
    Error,
    /// Worth a look.
    Warning,
}

/// One problem: where it is and one Chinese sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The file, as it is called in the lexicon's folder.
    pub file: String,
    /// The row as the spreadsheet counts, the line in a TOML file.
    pub row: Option<u32>,
    /// The column's name.
    pub column: Option<String>,
    /// Whether the lexicon is refused.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "错误",
            Severity::Warning => "提醒",
        };
        write!(f, "{severity} {}", self.file)?;
        if let Some(row) = self.row {
            write!(f, " 第 {row} 行")?;
        }
        if let Some(column) = &self.column {
            write!(f, " “{column}”列")?;
        }
        write!(f, "：{}", self.message)
    }
}

/// All problems of a lexicon that was refused, in the order of files and rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
#[error("{}", list(.0))]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// A file that cannot be read.
    pub fn unreadable(file: &str, error: &std::io::Error) -> Self {
        let mut report = Report::default();
        report.error(
            Spot::file(file),
            format!("文件读不出来（{error}），请确认文件没有被别的程序占用、权限没有改过。"),
        );
        Self(report.found)
    }
}

fn list(all: &[Diagnostic]) -> String {
    all.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Where problems are gathered while files are read.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) found: Vec<Diagnostic>,
}

/// Where in the files a problem stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    pub(super) file: &'a str,
    pub(super) row: Option<u32>,
    pub(super) column: Option<&'a str>,
}

impl<'a> Spot<'a> {
    pub(super) fn file(file: &'a str) -> Self {
        Self {
            file,
            row: None,
            column: None,
        }
    }

    pub(super) fn row(file: &'a str, row: u32) -> Self {
        Self {
            file,
            row: Some(row),
            column: None,
        }
    }

    pub(super) fn column(self, column: &'a str) -> Self {
        Self {
            column: Some(column),
            ..self
        }
    }
}

impl Report {
    pub(super) fn error(&mut self, spot: Spot<'_>, message: impl Into<String>) {
        self.push(spot, Severity::Error, message.into());
    }

    pub(super) fn warn(&mut self, spot: Spot<'_>, message: impl Into<String>) {
        self.push(spot, Severity::Warning, message.into());
    }

    fn push(&mut self, spot: Spot<'_>, severity: Severity, message: String) {
        self.found.push(Diagnostic {
            file: spot.file.to_owned(),
            row: spot.row,
            column: spot.column.map(str::to_owned),
            severity,
            message,
        });
    }

    pub(super) fn has_errors(&self) -> bool {
        self.found.iter().any(|d| d.severity == Severity::Error)
    }

    /// Everything found, ordered as somebody would work through it.
    pub(super) fn sorted(mut self) -> Vec<Diagnostic> {
        self.found
            .sort_by(|a, b| (a.severity, &a.file, a.row).cmp(&(b.severity, &b.file, b.row)));
        self.found
    }
}
