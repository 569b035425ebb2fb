//! What the TOML files of the lexicon have in common: decoding, and errors with a line number.

use std::ops::Range;

use serde::de::DeserializeOwned;

use super::diagnostic::{Report, Spot};
use super::table;

/// A parsed file and its text, from which spans become line numbers.
pub(super) struct TomlFile<T> {
    pub(super) value: T,
    text: String,
}

impl<T> TomlFile<T> {
    /// The line of a span.
    pub(super) fn line(&self, span: &Range<usize>) -> u32 {
        line(&self.text, span.start)
    }
}

/// Parses a file; an error is reported with its line.
pub(super) fn read<T: DeserializeOwned>(
    file: &str,
    bytes: &[u8],
    report: &mut Report,
) -> Option<TomlFile<T>> {
    let text = table::decode(file, bytes, report)?;
    match toml::from_str(&text) {
        Ok(value) => Some(TomlFile { value, text }),
        Err(error) => {
            let row = error.span().map(|span| line(&text, span.start));
            report.error(
                Spot {
                    file,
                    row,
                    column: None,
                },
                format!(
                    "这一行的写法不对（{}），请照着文件里其他条目的样子改。",
                    error.message()
                ),
            );
            None
        }
    }
}

fn line(text: &str, at: usize) -> u32 {
    let newlines = text[..text.floor_char_boundary(at)].matches('\n').count();
    u32::try_from(newlines + 1).unwrap_or(u32::MAX)
}
