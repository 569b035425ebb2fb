//! The ledger of silences: what nearly became something, and the word that it was real.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Handled, Office, say};
use crate::app::lessons::{Lesson, Verdict};
use crate::app::request::Answer;
use crate::app::table::table;
use crate::desk::{Event, Filter, Outcome, Report, State};
use crate::listening::Against;
use crate::model::{Category, CategoryCode, GroupId, Timestamp};

/// Longest text shown in a table, in characters.
const SHOWN: usize = 40;

/// One line of the list: a near miss, or a Lead that nobody supported.
struct Line {
    id: String,
    at: Timestamp,
    group: GroupId,
    rule: String,
    against: String,
    category: Option<CategoryCode>,
    score: f32,
    text: String,
}

impl Office {
    pub(super) async fn silences(&self, group: Option<&str>, limit: usize) -> Handled {
        if !self.notes.silences.is_on() {
            let text = "没有记录：配置里 [silences] keep_days = 0。要看差一点的话，改成 7，重启。";
            return Ok(Answer::done(text, Vec::new()));
        }
        let mut lines = self.near_misses().await?;
        lines.extend(self.expired_leads().await?);
        lines.retain(|line| group.is_none_or(|wanted| self.is_called(&line.group, wanted)));
        lines.sort_by_key(|line| Reverse(line.at));
        lines.truncate(limit);
        if lines.is_empty() {
            return Ok(Answer::done("没有差一点的话。", Vec::new()));
        }
        let mut by_rule: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
        for line in &lines {
            let kind = Against::chinese(&line.rule);
            by_rule.entry(kind).or_default().push(line);
        }
        let mut groups: Vec<_> = by_rule.into_iter().collect();
        groups.sort_by_key(|(_, lines)| Reverse(lines.len()));
        let mut text = String::new();
        for (kind, mut lines) in groups {
            lines.sort_by(|one, other| {
                let groups = one.group.cmp(&other.group);
                groups.then_with(|| other.at.cmp(&one.at))
            });
            let head = [
                "编号",
                "群",
                "时间",
                "类别",
                "分",
                "原话（已打码）",
                "为什么没理会",
            ];
            let rows = lines.iter().map(|line| self.silence_row(line));
            text += &format!("{kind}（{} 条）\n{}\n\n", lines.len(), table(head, rows));
        }
        text += "其中有真问题？lianxin silences real 编号 --category 类别";
        Ok(Answer::done(text, lines.iter().map(silence_json).collect()))
    }

    pub(super) async fn silence_was_real(&self, id: &str, category: Option<&str>) -> Handled {
        let id = id.trim();
        let named = category
            .map(|words| self.category_named(words))
            .transpose()?;
        let silence = self.notes.silences.get(id).await.map_err(say)?;
        let (text, own) = match &silence {
            Some(silence) => (silence.text.clone(), silence.category.clone()),
            None => self.expired_lead(id).await?,
        };
        let category = named.or(own);
        let Some(category) = category else {
            return Err("请写明是哪一类，如 --category 05".to_owned());
        };
        let lesson = Lesson {
            source: id.to_owned(),
            text,
            verdict: Verdict::Open,
            category: Some(category.clone()),
            why: "人工认定是真问题".to_owned(),
        };
        self.notes.lessons.case(&lesson).map_err(say)?;
        self.notes.lessons.example(&lesson).map_err(say)?;
        if let Some(mut silence) = silence {
            silence.real = true;
            self.notes.silences.change(&silence).await.map_err(say)?;
            self.desk.store.sync().await.map_err(say)?;
        }
        let name = self.category_title(Some(&category));
        let text = format!(
            "记下了：{id} 是真问题，归{name}。已写进数据目录的 cases.csv 和 examples.csv，改词库时请一并带上。"
        );
        let row = json!({"id": id, "category": category, "text": lesson.text});
        Ok(Answer::done(text, vec![row]))
    }

    /// Near misses that nobody called real and that no event took up afterwards.
    async fn near_misses(&self) -> Result<Vec<Line>, String> {
        let mut lines = Vec::new();
        let all = self
            .notes
            .silences
            .all(self.clock.now())
            .await
            .map_err(say)?;
        for silence in all.into_iter().filter(|silence| !silence.real) {
            let report = self.desk.store.get::<Report>(&silence.message).await;
            if report.map_err(say)?.is_none() {
                lines.push(Line {
                    id: silence.id,
                    at: silence.at,
                    group: silence.group,
                    rule: silence.rule,
                    against: silence.against,
                    category: silence.category,
                    score: silence.score,
                    text: silence.text,
                });
            }
        }
        Ok(lines)
    }

    /// Leads of the same days that ended without support.
    async fn expired_leads(&self) -> Result<Vec<Line>, String> {
        let days = SignedDuration::from_hours(i64::from(self.notes.silences.days()) * 24);
        let since = self.clock.now().saturating_sub(days).ok();
        let filter = Filter {
            states: vec![State::Closed],
            since,
            limit: usize::MAX,
            ..Filter::default()
        };
        let events = self.desk.list(&filter).await.map_err(say)?;
        let known: HashSet<String> = self.notes.lessons.sources().map_err(say)?;
        let expired = events
            .iter()
            .filter(|event| is_expired_lead(event) && !known.contains(event.id.as_str()));
        Ok(expired.map(line_of_lead).collect())
    }

    async fn expired_lead(&self, id: &str) -> Result<(String, Option<CategoryCode>), String> {
        let shown = self.desk.show(id).await.map_err(say)?;
        let shown = shown.filter(|shown| is_expired_lead(&shown.event));
        let Some(shown) = shown else {
            return Err(format!(
                "没有编号为 {id} 的记录，可能已经到期；用 lianxin silences 看编号"
            ));
        };
        let first = shown.reports.iter().min_by_key(|report| report.at);
        let text = first.map_or(&shown.event.gist, |report| &report.text);
        Ok((text.clone(), Some(shown.event.category.clone())))
    }

    fn silence_row(&self, line: &Line) -> [String; 7] {
        [
            line.id.clone(),
            self.group_name(&line.group),
            self.when(line.at),
            self.category_title(line.category.as_ref()),
            format!("{:.1}", line.score),
            line.text.chars().take(SHOWN).collect(),
            line.against.clone(),
        ]
    }

    /// A group as people call it: its name, else its number.
    pub(super) fn group_name(&self, group: &GroupId) -> String {
        let snapshot = self.desk.directory.snapshot();
        let name = snapshot.group(group).map(|group| group.name.clone());
        name.filter(|name| !name.is_empty())
            .unwrap_or_else(|| group.to_string())
    }

    fn is_called(&self, group: &GroupId, wanted: &str) -> bool {
        group.as_str() == wanted || self.group_name(group) == wanted
    }

    /// A category's name; a dash where there is none.
    pub(super) fn category_title(&self, code: Option<&CategoryCode>) -> String {
        let Some(code) = code else {
            return "—".to_owned();
        };
        let view = self.desk.view();
        let known = view.catalogue.categories.get(code);
        known.map_or_else(|| code.to_string(), |category| category.name.clone())
    }

    /// The category a person typed: two digits or its name.
    fn category_named(&self, words: &str) -> Result<CategoryCode, String> {
        let view = self.desk.view();
        let words = words.trim();
        let code = format!("{words:0>2}");
        let is_it = |category: &&Category| category.code.as_str() == code || category.name == words;
        let found = view.catalogue.categories.values().find(is_it);
        found.map(|category| category.code.clone()).ok_or_else(|| {
            format!("没有“{words}”这个类别；请写两位编号或名称，见词库的 categories.toml")
        })
    }
}

fn is_expired_lead(event: &Event) -> bool {
    let kept = !event.discreet && !event.masked && !event.erased;
    event.outcome == Some(Outcome::Expired) && kept
}

fn line_of_lead(event: &Event) -> Line {
    Line {
        id: event.id.to_string(),
        at: event.opened_at,
        group: event
            .sources
            .first()
            .map(|source| source.group.clone())
            .unwrap_or_default(),
        rule: "expired".to_owned(),
        against: "当线索记了，没人附和也没人确认".to_owned(),
        category: Some(event.category.clone()),
        score: event.because.iter().map(|reason| reason.weight).sum(),
        text: event.gist.clone(),
    }
}

fn silence_json(line: &Line) -> Value {
    let score = (f64::from(line.score) * 100.0).round() / 100.0;
    json!({
        "id": line.id, "time": line.at, "group": line.group, "rule": line.rule,
        "reason": line.against, "category": line.category, "score": score, "text": line.text,
    })
}
