//! Tables as WPS, Excel and text editors really write them: UTF-8 with or without a mark, GBK,
//! UTF-16, commas, tabs or full-width commas, blank columns and rows, columns in any order.

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::diagnostic::{Report, Spot};

/// A column that a table may have.
pub(super) struct Column {
    pub(super) name: &'static str,
    /// Other headings that mean it.
    pub(super) aliases: &'static [&'static str],
    pub(super) need: Need,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
}

/// A table's rows, each with the wanted columns in the wanted order.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    /// As the spreadsheet counts, from 1.
    pub(super) number: u32,
    fields: Vec<String>,
}

impl Row {
    /// The trimmed value of the wanted column at `index`; empty where the row has none.
    pub(super) fn get(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", String::as_str)
    }
}

/// The text of a file in any of the encodings people save in.
pub(super) fn decode(file: &str, bytes: &[u8], report: &mut Report) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if !broken {
            return Some(text.into_owned());
        }
    } else if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        return Some(text.into_owned());
    } else if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return Some(text.into_owned());
    }
    report.error(
        Spot::file(file),
        "文件的编码认不出来，请在 WPS 或 Excel 里另存为“CSV UTF-8”再放回来。",
    );
    None
}

/// Reads a table; problems of the table's form go into the report.
pub(super) fn read(file: &str, bytes: &[u8], columns: &[Column], report: &mut Report) -> Table {
    let rows = decode(file, bytes, report)
        .map(|text| records(&text))
        .unwrap_or_default();
    let mut rows = rows.into_iter();
    let Some((number, header)) = rows.next() else {
        report.error(
            Spot::file(file),
            format!("文件是空的，请至少写上表头：{}。", headings(columns)),
        );
        return Table { rows: Vec::new() };
    };
    let Some(places) = places(file, number, &header, columns, report) else {
        return Table { rows: Vec::new() };
    };
    let rows = rows
        .map(|(number, fields)| Row {
            number,
            fields: places
                .iter()
                .map(|place| {
                    place
                        .and_then(|at| fields.get(at))
                        .cloned()
                        .unwrap_or_default()
                })
                .collect(),
        })
        .collect();
    Table { rows }
}

/// Where each wanted column stands in the header.
fn places(
    file: &str,
    number: u32,
    header: &[String],
    columns: &[Column],
    report: &mut Report,
) -> Option<Vec<Option<usize>>> {
    let spot = Spot::row(file, number);
    let matches = |heading: &str, column: &Column| {
        heading == column.name || column.aliases.contains(&heading)
    };
    if !header
        .iter()
        .any(|heading| columns.iter().any(|c| matches(heading, c)))
    {
        report.error(
            spot,
            format!(
                "第一行应当是表头，请在最上面加一行：{}。",
                headings(columns)
            ),
        );
        return None;
    }
    for (at, heading) in header.iter().enumerate() {
        if heading.is_empty() {
            continue;
        }
        if !columns.iter().any(|c| matches(heading, c)) {
            report.warn(
                spot,
                format!(
                    "不认识“{heading}”这一列，已略过；认得的列是：{}。",
                    headings(columns)
                ),
            );
        } else if header[..at].contains(heading) {
            report.warn(
                spot,
                format!("“{heading}”这一列出现了两次，只用左边的一列，请删掉多余的。"),
            );
        }
    }
    let places: Vec<_> = columns
        .iter()
        .map(|column| header.iter().position(|heading| matches(heading, column)))
        .collect();
    let mut complete = true;
    for (column, place) in columns.iter().zip(&places) {
        if column.need == Need::Required && place.is_none() {
            report.error(spot, format!("缺少“{}”这一列，请在表头补上。", column.name));
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
