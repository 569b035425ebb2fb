//! What an edit changes, row by row.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::model::{Level, MergeScope};

use super::{Cue, Keyword, Lexicon};

/// One difference between two lexicons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// What it happened to, Chinese: 关键词, 语境词, 类别.
    pub of: &'static str,
    /// The word or name.
    pub word: String,
    /// What it is now, or what differs, Chinese.
    pub details: Vec<String>,
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 新增.
    Added,
    /// 删除.
    Removed,
    /// 修改.
    Changed,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ChangeKind::Added => "新增",
            ChangeKind::Removed => "删除",
            ChangeKind::Changed => "修改",
        };
        write!(f, "{kind}{}“{}”", self.of, self.word)?;
        if !self.details.is_empty() {
            write!(f, "：{}", self.details.join("；"))?;
        }
        Ok(())
    }
}

/// A row as titled values, to be held against another.
type Values = Vec<(&'static str, String)>;

/// What `new` changes in `old`: keywords, cues, categories, in the order of their words.
pub fn diff(old: &Lexicon, new: &Lexicon) -> Vec<Change> {
    let mut changes = compare("关键词", &keywords(old), &keywords(new));
    changes.extend(compare("语境词", &cues(old), &cues(new)));
    changes.extend(compare("类别", &categories(old), &categories(new)));
    changes
}

fn compare(
    of: &'static str,
    old: &BTreeMap<String, Values>,
    new: &BTreeMap<String, Values>,
) -> Vec<Change> {
    let change = |kind, word: &String, details| Change {
        kind,
        of,
        word: word.clone(),
        details,
    };
    let mut changes: Vec<_> = new
        .iter()
        .filter_map(|(word, values)| match old.get(word) {
            None => Some(change(ChangeKind::Added, word, filled(values))),
            Some(before) if before == values => None,
            Some(before) => Some(change(ChangeKind::Changed, word, differing(before, values))),
        })
        .collect();
    changes.extend(
        old.iter()
            .filter(|(word, _)| !new.contains_key(*word))
            .map(|(word, values)| change(ChangeKind::Removed, word, filled(values))),
    );
    changes
}

fn filled(values: &Values) -> Vec<String> {
    values
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(title, value)| format!("{title} {value}"))
        .collect()
}

fn differing(old: &Values, new: &Values) -> Vec<String> {
    let name = |value: &String| {
        if value.is_empty() {
            "空".to_owned()
        } else {
            value.clone()
        }
    };
    old.iter()
        .zip(new)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((title, before), (_, after))| format!("{title} {} → {}", name(before), name(after)))
        .collect()
}

fn keywords(lexicon: &Lexicon) -> BTreeMap<String, Values> {
    let values = |keyword: &Keyword| {
        vec![
            ("类别", lexicon.category_title(&keyword.category)),
            ("强弱", keyword.strength.chinese().to_owned()),
            ("级别", keyword.level.map_or("", Level::chinese).to_owned()),
            ("排除语境", keyword.excluded_by.join("|")),
            ("需同现", keyword.needs.join("|")),
            ("状态", keyword.status.chinese().to_owned()),
            ("备注", keyword.note.clone()),
        ]
    };
    lexicon
        .keywords()
        .map(|(_, keyword)| (keyword.word.clone(), values(keyword)))
        .collect()
}

fn cues(lexicon: &Lexicon) -> BTreeMap<String, Values> {
    let values = |cue: &Cue| {
        let category = cue.category.as_ref();
        vec![
            ("分数", cue.weight.to_string()),
            (
                "类别",
                category
                    .map(|code| lexicon.category_title(code))
                    .unwrap_or_default(),
            ),
            ("需要", cue.needs.as_deref().unwrap_or_default().to_owned()),
            ("整词", if cue.boundary { "是" } else { "否" }.to_owned()),
        ]
    };
    lexicon
        .cues()
        .map(|(_, cue)| (format!("{}·{}", cue.title, cue.word), values(cue)))
        .collect()
}

fn categories(lexicon: &Lexicon) -> BTreeMap<String, Values> {
    let minutes = |duration: std::time::Duration| format!("{} 分钟", duration.as_secs() / 60);
    lexicon
        .catalogue()
        .categories
        .values()
        .map(|category| {
            let limits = category.limits.map(|limits| {
                format!(
                    "{}、{}、{}",
                    minutes(limits.accept),
                    minutes(limits.answer),
                    minutes(limits.finish)
                )
            });
            let values = vec![
                ("名称", category.name.clone()),
                ("级别", category.level.chinese().to_owned()),
                ("责任主体", category.body.clone()),
                ("并案范围", scope(category.merge_scope).to_owned()),
                ("并案时间", minutes(category.merge_window)),
                (
                    "服务中断",
                    if category.loss_of_service {
                        "是"
                    } else {
                        "否"
                    }
                    .to_owned(),
                ),
                ("重办天数", category.reopen_days.to_string()),
                ("时限", limits.unwrap_or_default()),
            ];
            (category.code.to_string(), values)
        })
        .collect()
}

fn scope(scope: MergeScope) -> &'static str {
    match scope {
        MergeScope::Building => "楼栋",
        MergeScope::Estate => "小区",
        MergeScope::Quarter => "片区",
    }
}
