//! `cues.toml`: context words by kind, each with a weight.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::text::Normalised;

use super::diagnostic::{Report, Spot};
use super::keywords::Categories;
use super::row::Cue;
use super::toml_file;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    kind: Vec<Spanned<RawKind>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    name: String,
    title: String,
    weight: f32,
    category: Option<String>,
    needs: Option<String>,
    #[serde(default)]
    boundary: bool,
    words: Vec<Spanned<RawWord>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawWord {
    Plain(String),
    Own(OwnWord),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnWord {
    word: String,
    weight: Option<f32>,
    category: Option<String>,
    needs: Option<String>,
    boundary: Option<bool>,
}

/// No single cue says more than this, either way.
const HEAVIEST: f32 = 10.0;

/// Reads the cues, in the order of the file.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    categories: &Categories,
    report: &mut Report,
) -> Vec<Cue> {
    let Some(raw) = toml_file::read::<RawFile>(file, bytes, report) else {
        return Vec::new();
    };
    let kinds: BTreeSet<&str> = raw
        .value
        .kind
        .iter()
        .map(|k| k.get_ref().name.as_str())
        .collect();
    let mut cues = Vec::new();
    for kind in &raw.value.kind {
        let spot = Spot::row(file, raw.line(&kind.span()));
        let kind = kind.get_ref();
        let mut reader = KindReader {
            kind,
            name: kind.name.as_str().into(),
            title: kind.title.as_str().into(),
            kinds: &kinds,
            categories,
            seen: BTreeSet::new(),
        };
        if kind.name.trim().is_empty() || kind.title.trim().is_empty() {
            report.error(spot, "这一类没有名字，请填 name（英文）和 title（中文）。");
        }
        for word in &kind.words {
            let spot = Spot::row(file, raw.line(&word.span()));
            cues.extend(reader.cue(spot, word.get_ref(), report));
        }
    }
    cues
}

struct KindReader<'a> {
    kind: &'a RawKind,
    name: Arc<str>,
    title: Arc<str>,
    kinds: &'a BTreeSet<&'a str>,
    categories: &'a Categories,
    seen: BTreeSet<String>,
}

impl KindReader<'_> {
    fn cue(&mut self, spot: Spot<'_>, raw: &RawWord, report: &mut Report) -> Option<Cue> {
        let own = match raw {
            RawWord::Plain(word) => &OwnWord {
                word: word.clone(),
                weight: None,
                category: None,
                needs: None,
                boundary: None,
            },
            RawWord::Own(own) => own,
        };
        let normal = Normalised::of(&own.word).text().trim().to_owned();
        if normal.is_empty() {
            report.error(
                spot,
                format!("“{}”是空的或者只有看不见的字符，请填上词。", own.word),
            );
            return None;
        }
        if !self.seen.insert(normal.clone()) {
            report.warn(
                spot,
                format!("“{}”在“{}”里写了两次，请删掉一个。", own.word, self.title),
            );
            return None;
        }
        let weight = own.weight.unwrap_or(self.kind.weight);
        if !weight.is_finite() || weight.abs() > HEAVIEST {
            report.error(
                spot,
                format!(
                    "“{}”的分数是 {weight}，请写 -{HEAVIEST} 到 {HEAVIEST} 之间的数。",
                    own.word
                ),
            );
            return None;
        }
        let needs = own.needs.as_ref().or(self.kind.needs.as_ref());
        if let Some(needs) = needs.filter(|needs| !self.kinds.contains(needs.as_str())) {
            report.error(
                spot,
                format!("needs 写的是“{needs}”，没有这一类，请改成文件里某一类的 name。"),
            );
            return None;
        }
        let category = match own.category.as_ref().or(self.kind.category.as_ref()) {
            Some(value) => Some(
                self.categories
                    .read(spot.column("category"), value, report)?,
            ),
            None => None,
        };
        Some(Cue {
            kind: Arc::clone(&self.name),
            title: Arc::clone(&self.title),
            word: own.word.clone(),
            normal,
            weight,
            category,
            needs: needs.map(|needs| needs.as_str().into()),
            boundary: own.boundary.unwrap_or(self.kind.boundary),
            row: spot.row.unwrap_or_default(),
        })
    }
}
