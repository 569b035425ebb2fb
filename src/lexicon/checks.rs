//! Checks that help: rows that are written well and still do not do what somebody hoped for.

use std::collections::BTreeMap;

use super::Lexicon;
use super::diagnostic::{Report, Spot};
use super::matcher::Findings;
use super::row::{Keyword, KeywordId, Status, Strength};
use crate::text::Normalised;

/// Above this many words nobody reads a list of words that may never fire.
const MOST_TRIED: usize = 20_000;

/// What a word usually stands in; one that is cut in all of these is hardly ever found.
const CARRIERS: [(&str, &str); 4] = [
    ("", ""),
    ("3栋", "了"),
    ("我们这里", "，有没有人管"),
    ("又是", "的问题"),
];

/// Reports rows that contradict themselves or each other. Of two rows with the same word the
/// first is kept.
pub(super) fn rows(keywords: &mut Vec<Keyword>, report: &mut Report) {
    for keyword in keywords.iter() {
        row(keyword, report);
    }
    let mut first: BTreeMap<String, (String, u32, Strength)> = BTreeMap::new();
    keywords.retain(|keyword| {
        if keyword.status == Status::Off {
            return true;
        }
        let seen = (keyword.file.to_string(), keyword.row, keyword.strength);
        let Some((file, row, _)) = first.get(&keyword.normal) else {
            first.insert(keyword.normal.clone(), seen);
            return true;
        };
        report.warn(
            Spot::row(&keyword.file, keyword.row).column("关键词"),
            format!(
                "“{}”在 {file} 第 {row} 行已经有了，只用那一行，请删掉一行。",
                keyword.word
            ),
        );
        false
    });
}

fn row(keyword: &Keyword, report: &mut Report) {
    let spot = Spot::row(&keyword.file, keyword.row);
    let word = &keyword.word;
    if keyword.strength == Strength::Strong && keyword.normal.chars().nth(1).is_none() {
        report.error(
            spot.column("强弱"),
            format!("“{word}”只有一个字，不能是强词，请改成 弱，或者写完整的词。"),
        );
    }
    if let Some(phrase) = keyword
        .excluded_by
        .iter()
        .find(|p| keyword.normal.contains(p.as_str()))
    {
        report.error(
            spot.column("排除语境"),
            format!(
                "排除语境“{phrase}”就在“{word}”里面，这个词永远不会命中，请把它从排除语境里删掉。"
            ),
        );
    }
    if let Some(phrase) = keyword
        .needs
        .iter()
        .find(|p| keyword.normal.contains(p.as_str()))
    {
        report.warn(
            spot.column("需同现"),
            format!("需同现“{phrase}”就在“{word}”里面，要另外再出现一次才算，请确认。"),
        );
    }
    if keyword.normal.contains(['。', '!', '?', ';', '\n']) {
        report.warn(
            spot.column("关键词"),
            format!("“{word}”里有标点，别人少打一个标点就不会命中，请去掉标点。"),
        );
    }
}

impl Lexicon {
    /// Reports what only shows when all words stand together.
    pub(super) fn check_words(&self, report: &mut Report) {
        let many = self.keywords.len() > MOST_TRIED;
        let (mut text, mut found) = (Normalised::new(), Findings::default());
        for (id, keyword) in self.keywords().filter(|(_, k)| k.status != Status::Off) {
            text.read(&keyword.word);
            self.scan(&text, &mut found);
            self.check_inner_words(id, keyword, &found, report);
            if !many && !self.is_ever_found(keyword) {
                report.warn(
                    Spot::row(&keyword.file, keyword.row).column("关键词"),
                    format!(
                        "“{}”放进常见的句子里都会被分词切开，可能永远不会命中，请换一个更完整的说法。",
                        keyword.word
                    ),
                );
            }
        }
    }

    /// Words of other categories inside a word: where the longer stands, only it counts.
    fn check_inner_words(
        &self,
        id: KeywordId,
        keyword: &Keyword,
        found: &Findings,
        report: &mut Report,
    ) {
        let inner = found
            .keywords
            .iter()
            .filter(|inner| inner.id != id)
            .map(|inner| self.keyword(inner.id))
            .filter(|inner| {
                inner.category != keyword.category && inner.strength == Strength::Strong
            })
            .max_by_key(|inner| inner.normal.len());
        let Some(inner) = inner else {
            return;
        };
        report.warn(
            Spot::row(&keyword.file, keyword.row).column("类别"),
            format!(
                "“{}”里有 {} 第 {} 行的“{}”（{}），说到它时只算 {}，请确认类别没有填错。",
                keyword.word,
                inner.file,
                inner.row,
                inner.word,
                self.category_title(&inner.category),
                self.category_title(&keyword.category),
            ),
        );
    }

    fn is_ever_found(&self, keyword: &Keyword) -> bool {
        let segmenter = self.segmenter();
        CARRIERS.iter().any(|(before, behind)| {
            let sentence = format!("{before}{}{behind}", keyword.normal);
            let words = segmenter.boundaries(&sentence);
            let span = before.len()..before.len() + keyword.normal.len();
            words.across(span.start).is_none() && words.across(span.end).is_none()
        })
    }
}
