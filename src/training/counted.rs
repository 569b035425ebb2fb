//! `background.csv`: how often each run stands in ordinary talk. Counts, no text.

use std::collections::HashMap;

use crate::lexicon::Gram;
use crate::table::{Column, Need, read};

use super::samples::Background;

/// The file's name.
pub const FILE: &str = "background.csv";

const COLUMNS: [Column; 2] = [
    Column {
        name: "说法",
        aliases: &[],
        need: Need::Required,
    },
    Column {
        name: "每万句",
        aliases: &[],
        need: Need::Required,
    },
];

impl Background {
    /// As a file, in a fixed order.
    pub fn written(&self) -> String {
        let mut rows: Vec<(String, f32)> = self
            .per_10000
            .iter()
            .map(|(gram, count)| (gram.written(), *count))
            .collect();
        rows.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let mut file = format!(
            "# 平常话里每个说法一万句出现几次：数自 {} 句，来源：{}。只有次数，没有原话。\n说法,每万句\n",
            self.messages,
            self.source.replace(['\n', '"'], " ")
        );
        for (gram, count) in rows {
            let gram = if gram.contains([',', ';']) {
                format!("\"{gram}\"")
            } else {
                gram
            };
            file.push_str(&format!("{gram},{count:.1}\n"));
        }
        file
    }

    /// Reads a file; `messages` and `source` are told elsewhere.
    ///
    /// # Errors
    ///
    /// The row that is wrong, in Chinese.
    pub fn parse(bytes: &[u8], messages: u32, source: String) -> Result<Self, String> {
        let (table, problems) = read(bytes, &COLUMNS);
        if let Some(problem) = problems.first() {
            return Err(format!("{FILE}：{}", problem.text));
        }
        let per_10000 = table
            .rows
            .iter()
            .map(|row| {
                let gram = Gram::parse(row.get(0));
                let count = row.get(1).parse::<f32>().ok().filter(|c| c.is_finite());
                gram.zip(count).ok_or_else(|| {
                    format!(
                        "{FILE} 第 {} 行不对，请用 lianxin lexicon train --ordinary 重新数一遍。",
                        row.number
                    )
                })
            })
            .collect::<Result<HashMap<_, _>, _>>()?;
        Ok(Self {
            messages,
            source,
            per_10000,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_back_as_they_were_written() {
        let texts = ["吃饭了吗, 今天", "吃饭没; 好", "出门了 12点"];
        let counted = Background::count(texts.into_iter(), "自己的\"群\"", 1);
        let file = counted.written();
        let read = Background::parse(file.as_bytes(), 3, counted.source.clone()).expect("good");
        assert_eq!(read.per_10000.len(), counted.per_10000.len());
        for (gram, count) in &counted.per_10000 {
            assert!(
                (read.per_10000[gram] - count).abs() < 0.1,
                "{}",
                gram.written()
            );
        }
    }

    #[test]
    fn a_bad_row_is_named() {
        let error = Background::parse("说法,每万句\n好,三\n".as_bytes(), 0, String::new());
        assert!(error.is_err_and(|error| error.contains("第 2 行")));
    }
}
