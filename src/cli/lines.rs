//! JSON lines in: one message each; a broken line is reported with its number and skipped.

use std::io::{self, BufRead, Read};
use std::path::Path;

use anyhow::Context as _;

use crate::app::reading::Tape;
use crate::gateway::border::Bounds;
use crate::model::Message;

use super::print::complain;

/// Longest line that is read, bytes; a longer one is broken.
const LONGEST: usize = 4 << 20;

/// Broken lines that are told one by one; the rest is only counted.
const TOLD: usize = 20;

/// Reads messages from a file, or from standard input for `-`.
pub(super) struct Lines {
    input: Box<dyn BufRead + Send>,
    name: String,
    number: u64,
    skipped: usize,
    line: Vec<u8>,
}

impl Lines {
    /// Opens a file.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::of(
                "标准输入".to_owned(),
                Box::new(io::BufReader::new(io::stdin())),
            ));
        }
        let file =
            std::fs::File::open(path).with_context(|| format!("打不开 {}", path.display()))?;
        let input = io::BufReader::with_capacity(1 << 18, file);
        Ok(Self::of(path.display().to_string(), Box::new(input)))
    }

    fn of(name: String, input: Box<dyn BufRead + Send>) -> Self {
        Self {
            input,
            name,
            number: 0,
            skipped: 0,
            line: Vec::new(),
        }
    }

    /// The next message; `None` at the end.
    pub(super) fn next_message(&mut self) -> anyhow::Result<Option<Message>> {
        loop {
            self.line.clear();
            let limit = LONGEST as u64 + 1;
            let read = self
                .input
                .by_ref()
                .take(limit)
                .read_until(b'\n', &mut self.line);
            if read.with_context(|| format!("读不下去：{}", self.name))? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.line.len() > LONGEST {
                self.input.skip_until(b'\n')?;
                self.skip("这一行太长");
                continue;
            }
            let line = self.line.trim_ascii();
            let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(message) if !Bounds::default().holds_ids_of(&message) => {
                    self.skip("编号太长");
                }
                Ok(message) => return Ok(Some(message)),
                Err(error) => self.skip(&format!("不是一条消息（{error}）")),
            }
        }
    }

    fn skip(&mut self, why: &str) {
        self.skipped += 1;
        if self.skipped <= TOLD {
            complain(&format!(
                "{} 第 {} 行：{why}，已跳过",
                self.name, self.number
            ));
        }
    }

    /// How many lines were skipped; says so when not all were told.
    pub(super) fn finish(self) -> usize {
        if self.skipped > TOLD {
            complain(&format!("{}：共跳过 {} 行", self.name, self.skipped));
        }
        self.skipped
    }
}

impl Tape for Lines {
    fn next(&mut self) -> anyhow::Result<Option<Message>> {
        self.next_message()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> (Vec<String>, usize) {
        let mut lines = Lines::of("x".into(), Box::new(io::Cursor::new(text.to_vec())));
        let mut ids = Vec::new();
        while let Some(message) = lines.next_message().expect("memory can be read") {
            ids.push(message.id.to_string());
        }
        (ids, lines.finish())
    }

    const GOOD: &str = r#"{"id":"1","group":{"id":"g"},"sender":{"id":"u"},"time":"2026-11-20T08:00:00+08:00","text":"停电"}"#;

    #[test]
    fn a_broken_line_is_skipped_and_the_others_are_read() {
        let text = format!("\u{feff}{GOOD}\r\nnot json\n\n{GOOD}\n\"\n{GOOD}");
        assert_eq!(read(text.as_bytes()), (vec!["1".to_owned(); 3], 2));
    }

    #[test]
    fn a_message_of_an_endless_id_is_skipped() {
        let endless = GOOD.replace("\"1\"", &format!("\"{}\"", "1".repeat(3000)));
        let text = format!("{endless}\n{GOOD}");
        assert_eq!(read(text.as_bytes()), (vec!["1".to_owned()], 1));
    }

    #[test]
    fn a_line_without_an_end_is_skipped_whole() {
        let mut text = vec![b'x'; LONGEST * 2];
        text.push(b'\n');
        text.extend(GOOD.as_bytes());
        assert_eq!(read(&text), (vec!["1".to_owned()], 1));
    }
}
