//! Tables as WPS, Excel and text editors really write them: UTF-8 with or without a mark, GBK,
//! UTF-16, commas, tabs or full-width commas, blank columns and rows, columns in any order.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// A column that a table may have.
#[derive(Debug)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// Other headings that mean it.
    pub aliases: &'static [&'static str],
    /// Whether a table without it is refused.
    pub need: Need,
}

/// Whether a table must have a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it nothing can be read.
    Required,
    /// Its fields are then empty.
    Optional,
}

/// Something wrong with a table's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The row, as the spreadsheet counts; `None`: the whole file.
    pub row: Option<u32>,
    /// One Chinese sentence: what is wrong and what to do.
    pub text: String,
    /// Whether the table can be used all the same.
    pub gravity: Gravity,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravity {
    /// The table cannot be used.
    Error,
    /// It can.
    Warning,
}

/// A table's rows, each with the wanted columns in the wanted order.
#[derive(Debug, Default)]
pub struct Table {
    /// Filled rows, without the header.
    pub rows: Vec<Row>,
}

/// One filled row.
#[derive(Debug)]
pub struct Row {
    /// As the spreadsheet counts, from 1.
    pub number: u32,
    fields: Vec<String>,
}

impl Row {
    /// The trimmed value of the wanted column at `index`; empty where the row has none.
    pub fn get(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", String::as_str)
    }
}

/// The text of a file in any of the encodings people save in.
///
/// # Errors
/// When it is in none of them.
pub fn decode(bytes: &[u8]) -> Result<String, Problem> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if !broken {
            return Ok(text.into_owned());
        }
    } else if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    } else if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    Err(error(
        None,
        "文件的编码认不出来，请在 WPS 或 Excel 里另存为“CSV UTF-8”再放回来。",
    ))
}

/// Reads a table, with the problems of its form.
pub fn read(bytes: &[u8], columns: &[Column]) -> (Table, Vec<Problem>) {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(problem) => return (Table::default(), vec![problem]),
    };
    let mut rows = records(&text).into_iter();
    let Some((number, header)) = rows.next() else {
        let words = format!("文件是空的，请至少写上表头：{}。", headings(columns));
        return (Table::default(), vec![error(None, words)]);
    };
    let mut problems = Vec::new();
    let Some(places) = places(number, &header, columns, &mut problems) else {
        return (Table::default(), problems);
    };
    let field = |fields: &[String], place: &Option<usize>| {
        place
            .and_then(|at| fields.get(at))
            .cloned()
            .unwrap_or_default()
    };
    let rows = rows
        .map(|(number, fields)| Row {
            number,
            fields: places.iter().map(|place| field(&fields, place)).collect(),
        })
        .collect();
    (Table { rows }, problems)
}

fn error(row: Option<u32>, text: impl Into<String>) -> Problem {
    Problem {
        row,
        text: text.into(),
        gravity: Gravity::Error,
    }
}

fn warning(row: u32, text: impl Into<String>) -> Problem {
    Problem {
        row: Some(row),
        text: text.into(),
        gravity: Gravity::Warning,
    }
}

/// Where each wanted column stands in the header.
fn places(
    number: u32,
    header: &[String],
    columns: &[Column],
    problems: &mut Vec<Problem>,
) -> Option<Vec<Option<usize>>> {
    let matches = |heading: &str, column: &Column| {
        heading == column.name || column.aliases.contains(&heading)
    };
    if !header
        .iter()
        .any(|heading| columns.iter().any(|c| matches(heading, c)))
    {
        problems.push(error(
            Some(number),
            format!(
                "第一行应当是表头，请在最上面加一行：{}。",
                headings(columns)
            ),
        ));
        return None;
    }
    for (at, heading) in header.iter().enumerate() {
        if heading.is_empty() {
            continue;
        }
        if !columns.iter().any(|c| matches(heading, c)) {
            problems.push(warning(
                number,
                format!(
                    "不认识“{heading}”这一列，已略过；认得的列是：{}。",
                    headings(columns)
                ),
            ));
        } else if header[..at].contains(heading) {
            problems.push(warning(
                number,
                format!("“{heading}”这一列出现了两次，只用左边的一列，请删掉多余的。"),
            ));
        }
    }
    let places: Vec<_> = columns
        .iter()
        .map(|column| header.iter().position(|heading| matches(heading, column)))
        .collect();
    let mut complete = true;
    for (column, place) in columns.iter().zip(&places) {
        if column.need == Need::Required && place.is_none() {
            problems.push(error(
                Some(number),
                format!("缺少“{}”这一列，请在表头补上。", column.name),
            ));
            complete = false;
        }
    }
    complete.then_some(places)
}

fn headings(columns: &[Column]) -> String {
    columns
        .iter()
        .map(|column| column.name)
        .collect::<Vec<_>>()
        .join(",")
}

/// The filled rows of a text with their numbers, fields trimmed.
fn records(text: &str) -> Vec<(u32, Vec<String>)> {
    let (text, separator) = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut wrapped = 0;
    for record in reader.records().flatten() {
        let line = record
            .position()
            .map_or(0, |position| first_line(text, position));
        let number = u32::try_from(line.saturating_sub(wrapped)).unwrap_or(u32::MAX);
        // A line's end inside a quoted field is no row of the spreadsheet.
        wrapped += record
            .iter()
            .map(|field| field.matches('\n').count() as u64)
            .sum::<u64>();
        let fields = split_wide(record.iter().map(tidy).collect());
        let blank = fields.iter().all(String::is_empty);
        if !blank && !fields[0].starts_with('#') {
            rows.push((number, fields));
        }
    }
    rows
}

/// The line of a record's first field: the reader counts blank lines before it to the record.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let blank = text.as_bytes().get(start..).unwrap_or_default();
    let blank = blank
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + blank.filter(|&&byte| byte == b'\n').count() as u64
}

/// The text without Excel's `sep=` line, and what separates its fields.
fn separator(text: &str) -> (&str, u8) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(rest) = first.trim().trim_matches('"').strip_prefix("sep=") {
        let separator = match rest.bytes().next() {
            Some(byte @ (b',' | b';' | b'|')) => byte,
            Some(b'\t') | None => b'\t',
            Some(_) => b',',
        };
        let text = text.split_once('\n').map_or("", |(_, rest)| rest);
        return (text, separator);
    }
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let count = |mark: char| header.matches(mark).count();
    let separator = [('\t', b'\t'), (',', b','), (';', b';')]
        .into_iter()
        .max_by_key(|&(mark, byte)| (count(mark), byte == b','))
        .map_or(b',', |(_, byte)| byte);
    (text, separator)
}

/// A row typed with full-width commas has one field only: those commas then separate. In any other
/// row they belong to the words, since people write notes and texts with them.
fn split_wide(fields: Vec<String>) -> Vec<String> {
    let mut filled = fields.iter().filter(|field| !field.is_empty());
    match (filled.next(), filled.next()) {
        (Some(only), None) if only.matches('，').count() >= 2 => {
            only.split('，').map(tidy).collect()
        }
        _ => fields,
    }
}

fn tidy(field: &str) -> String {
    field
        .trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}')
        .to_owned()
}
