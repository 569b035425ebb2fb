//! `keywords.csv` and the packs: one row per keyword.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Category, CategoryCode, Level};
use crate::text::Normalised;

use super::diagnostic::{Report, Spot};
use super::row::{Keyword, Status, Strength};
use super::table::{self, Column, Need, Row};

const WORD: usize = 0;
const CATEGORY: usize = 1;
const STRENGTH: usize = 2;
const LEVEL: usize = 3;
const EXCLUDED_BY: usize = 4;
const NEEDS: usize = 5;
const STATUS: usize = 6;
const NOTE: usize = 7;

const COLUMNS: [Column; 8] = [
    column("关键词", &["关键字", "词", "词语"], Need::Required),
    column("类别", &["分类", "类别编号", "类别代码"], Need::Required),
    column("强弱", &["强度"], Need::Required),
    column("级别", &["等级"], Need::Optional),
    column("排除语境", &["排除", "排除词"], Need::Optional),
    column("需同现", &["同现", "需同现词"], Need::Optional),
    column("状态", &[], Need::Optional),
    column("备注", &["说明"], Need::Optional),
];

const fn column(name: &'static str, aliases: &'static [&'static str], need: Need) -> Column {
    Column {
        name,
        aliases,
        need,
    }
}

/// The longest keyword, in characters; a longer one is a sentence or a slip of a quote.
const LONGEST: usize = 30;

/// Reads one table of keywords.
pub(super) fn read(
    file: &str,
    bytes: &[u8],
    categories: &Categories,
    report: &mut Report,
) -> Vec<Keyword> {
    let table = table::read(file, bytes, &COLUMNS, report);
    let name: Arc<str> = file.into();
    table
        .rows
        .iter()
        .filter_map(|row| keyword(&name, row, categories, report))
        .collect()
}

fn keyword(
    file: &Arc<str>,
    row: &Row,
    categories: &Categories,
    report: &mut Report,
) -> Option<Keyword> {
    let spot = Spot::row(file, row.number);
    // Every column is read even when one is wrong, so that all problems of a row show at once.
    let normal = word(spot, row.get(WORD), report);
    let category = categories.read(spot.column("类别"), row.get(CATEGORY), report);
    let strength = strength(spot, row.get(STRENGTH), report);
    let level = level(spot, row.get(LEVEL), report);
    let status = status(spot, row.get(STATUS), report);
    Some(Keyword {
        word: row.get(WORD).to_owned(),
        normal: normal?,
        category: category?,
        strength: strength?,
        level: level.ok()?,
        excluded_by: phrases(row.get(EXCLUDED_BY)),
        needs: phrases(row.get(NEEDS)),
        status: status?,
        note: row.get(NOTE).to_owned(),
        file: Arc::clone(file),
        row: row.number,
    })
}

fn word(spot: Spot<'_>, word: &str, report: &mut Report) -> Option<String> {
    let spot = spot.column("关键词");
    if word.is_empty() {
        report.error(spot, "关键词是空的，请填上词，或者把整行删掉。");
        return None;
    }
    if word.contains('\n') || word.chars().count() > LONGEST {
        report.error(
            spot,
            format!("关键词太长或者换了行，多半是引号没有配对；请检查这一行的引号，词不要超过 {LONGEST} 个字。"),
        );
        return None;
    }
    if word.contains('，') {
        report.error(
            spot,
            format!("“{word}”里有全角逗号，请把分列的逗号改成英文逗号。"),
        );
        return None;
    }
    let normal = Normalised::of(word);
    if !normal.faces().is_empty() {
        report.error(spot, format!("“{word}”是表情，不是词，请删掉这一行。"));
        return None;
    }
    let normal = normal.text().trim();
    if normal.is_empty() {
        report.error(
            spot,
            format!("“{word}”只有看不见的字符，永远不会命中，请重新输入这个词。"),
        );
        return None;
    }
    Some(normal.to_owned())
}

fn strength(spot: Spot<'_>, value: &str, report: &mut Report) -> Option<Strength> {
    match value {
        "强" => return Some(Strength::Strong),
        "弱" => return Some(Strength::Weak),
        "" => report.error(spot.column("强弱"), "强弱是空的，请填 强 或 弱。"),
        _ => report.error(
            spot.column("强弱"),
            format!("强弱写的是“{value}”，请改成 强 或 弱。"),
        ),
    }
    None
}

fn status(spot: Spot<'_>, value: &str, report: &mut Report) -> Option<Status> {
    match value {
        "" | "启用" => Some(Status::Active),
        "试运行" => Some(Status::Trial),
        "停用" => Some(Status::Off),
        _ => {
            report.error(
                spot.column("状态"),
                format!("状态写的是“{value}”，请改成 启用、试运行 或 停用。"),
            );
            None
        }
    }
}

/// A level that a row or a category may have of itself. The error has been reported.
pub(super) fn level(spot: Spot<'_>, value: &str, report: &mut Report) -> Result<Option<Level>, ()> {
    let spot = spot.column("级别");
    match Level::from_chinese(value) {
        Some(Level::Critical) => report.error(
            spot,
            "特急由九类险情自动判定，不能写在词库里，请改成 紧急、一般、疑难、咨询 之一。",
        ),
        Some(level) => return Ok(Some(level)),
        None if value.is_empty() => return Ok(None),
        None => report.error(
            spot,
            format!("级别写的是“{value}”，请改成 紧急、一般、疑难、咨询 之一，或者留空。"),
        ),
    }
    Err(())
}

/// The phrases of one field, in normal form.
pub(super) fn phrases(field: &str) -> Vec<String> {
    field
        .split(['|', '｜', '、', ';', '；'])
        .map(|phrase| Normalised::of(phrase).text().trim().to_owned())
        .filter(|phrase| !phrase.is_empty())
        .collect()
}

/// The categories as a table may name them: by code, by name or both.
pub(super) struct Categories {
    by_name: BTreeMap<String, CategoryCode>,
    names: BTreeMap<CategoryCode, String>,
}

impl Categories {
    pub(super) fn new(categories: &BTreeMap<CategoryCode, Category>) -> Self {
        let names: BTreeMap<_, _> = categories
            .values()
            .map(|c| (c.code.clone(), Normalised::of(&c.name).text().to_owned()))
            .collect();
        let by_name = names
            .iter()
            .map(|(code, name)| (name.clone(), code.clone()))
            .collect();
        Self { by_name, names }
    }

    /// The code that `value` means.
    pub(super) fn read(
        &self,
        spot: Spot<'_>,
        value: &str,
        report: &mut Report,
    ) -> Option<CategoryCode> {
        if value.is_empty() {
            report.error(spot, "类别是空的，请填类别编号（如 01）或类别名称。");
            return None;
        }
        let code = self.find(value);
        if code.is_none() {
            report.error(
                spot,
                format!("没有“{value}”这个类别，请填 categories.toml 里的编号（如 01）或名称。"),
            );
        }
        code
    }

    /// The category of this very code.
    pub(super) fn known(&self, code: &str) -> Option<CategoryCode> {
        self.names
            .get_key_value(&CategoryCode::from(code))
            .map(|(known, _)| known.clone())
    }

    fn find(&self, value: &str) -> Option<CategoryCode> {
        let value = Normalised::of(value);
        let value = value.text().trim();
        if let Some(code) = self.by_name.get(value) {
            return Some(code.clone());
        }
        let digits = value.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, name) = value.split_at(digits);
        // Excel turns 01 into 1.
        let code = CategoryCode::new(format!("{digits:0>2}"));
        let known = self.names.get(&code)?;
        let name = name.trim();
        (name.is_empty() || known == name).then_some(code)
    }
}
