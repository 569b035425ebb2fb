//! `shadow report`: what a bot in shadow mode would have done, in words and as rows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Handled, Office, say};
use crate::app::request::Answer;
use crate::app::table::table;
use crate::config::Mode;
use crate::listening::Shadowed;
use crate::listening::report::{
    Comparison, Given, Missed, Problem, Recorded, Report, Score, Thresholds, Where, Workload, read,
    report,
};
use crate::model::CategoryCode;

/// Most lines of one list; the JSON has all.
const SHOWN: usize = 30;

/// Longest text shown in a table, in characters.
const TEXT: usize = 36;

impl Office {
    pub(super) async fn shadow_report(
        &self,
        recorded: Option<&(String, Vec<u8>)>,
        per_day: Option<u32>,
    ) -> Handled {
        let now = self.clock.now();
        let decisions = self.notes.shadows.all(now).await.map_err(say)?;
        if decisions.is_empty() {
            return Ok(Answer::done(self.nothing_recorded(), Vec::new()));
        }
        let view = self.desk.view();
        let (mut rows, mut notes) = (None, Vec::new());
        if let Some((name, bytes)) = recorded {
            let year = now.to_zoned(view.settings.zone.clone()).year();
            let read = read(bytes, &view.catalogue, year, &|name| self.whereabouts(name));
            let (found, wrong) = read.map_err(|error| format!("{name}：{error}"))?;
            notes.extend(wrong.into_iter().map(|note| format!("{name} {note}")));
            rows = Some(found);
        }
        let made = report(&Given {
            decisions: &decisions,
            recorded: rows.as_deref(),
            catalogue: &view.catalogue,
            zone: &view.settings.zone,
            per_day,
            open_at: self.open_at,
        });
        let mut text = self.summary(&made, &decisions);
        for note in notes.iter().take(SHOWN) {
            let _ = writeln!(text, "提醒：{note}");
        }
        text += &self.workload(&made.workload);
        if let Some(comparison) = &made.comparison {
            text += &self.comparison(comparison);
        }
        text += &thresholds(&made.thresholds, self.open_at);
        Ok(Answer::done(text, json_rows(&made)))
    }

    fn nothing_recorded(&self) -> &'static str {
        match self.mode {
            Mode::Shadow => "还没有旁听到什么。请确认群已接入（lianxin groups list），过一阵再看。",
            Mode::Live => {
                "没有旁听记录。要先旁听几天：把配置里的 mode 改成 \"shadow\" 再重启，过几天再看。"
            }
        }
    }

    /// A group or area by any of its names.
    fn whereabouts(&self, name: &str) -> Option<Where> {
        let snapshot = self.desk.directory.snapshot();
        let group = snapshot
            .groups()
            .find(|group| group.id.as_str() == name || group.name == name);
        if let Some(group) = group.filter(|_| !name.is_empty()) {
            return Some(Where::Group(group.id.clone()));
        }
        let mut areas = snapshot.areas().filter(|area| {
            area.id.as_str() == name
                || area.id.name() == name
                || area.aliases.iter().any(|alias| alias == name)
        });
        let area = areas.next()?;
        // Two of one name: it does not say which.
        areas.next().is_none().then(|| Where::Area(area.id.clone()))
    }

    fn summary(&self, made: &Report, decisions: &[Shadowed]) -> String {
        let first = decisions.iter().map(|one| one.at).min();
        let last = decisions.iter().map(|one| one.at).max();
        let span = first.zip(last).map_or_else(String::new, |(first, last)| {
            format!("{} 到 {}", self.when(first), self.when(last))
        });
        format!(
            "旁听 {} 天（{span}），记下 {} 条判断。原话都已打码。\n",
            made.days, made.decisions
        )
    }

    fn workload(&self, load: &Workload) -> String {
        let mut text = format!(
            "\n一、工作量\n会立案 {} 件，平均每天 {:.1} 件，最多的一天 {} 件；特急 {} 件；另有线索每天 {:.1} 条要人看一眼。\n",
            load.events, load.per_day, load.busiest_day, load.emergencies, load.leads_per_day
        );
        if let Some((hour, most)) = load.by_hour.iter().max_by_key(|(_, count)| **count) {
            let _ = writeln!(
                text,
                "最忙的时候：{hour} 点到 {} 点（{most} 件）。",
                hour + 1
            );
        }
        let categories = load.by_category.iter();
        let mut categories: Vec<_> = categories
            .map(|(code, count)| (self.title(code), *count))
            .collect();
        categories.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let rows = categories
            .into_iter()
            .map(|(name, count)| [name, count.to_string()]);
        let _ = writeln!(text, "\n{}", table(["类别", "件"], rows));
        let mut areas: Vec<_> = load.by_area.iter().collect();
        areas.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let rows = areas
            .into_iter()
            .take(SHOWN)
            .map(|(area, count)| [area.clone(), count.to_string()]);
        let _ = writeln!(text, "\n{}", table(["片区", "件"], rows));
        text
    }

    fn comparison(&self, comparison: &Comparison) -> String {
        let total = &comparison.total;
        let mut text = format!(
            "\n二、和人工记录对照（只比有记录的那些天）\n人工记了 {} 件，机器人找到 {} 件（查全 {}）；机器人会立 {} 件，其中 {} 件人工也记了（查准 {}）。\n",
            total.recorded,
            total.found,
            percent(total.recall()),
            total.opened,
            total.right,
            percent(total.precision())
        );
        let rows = comparison.by_category.iter().map(|(code, score)| {
            [
                self.title(code),
                score.recorded.to_string(),
                score.found.to_string(),
                percent(score.recall()),
                score.opened.to_string(),
                score.right.to_string(),
                percent(score.precision()),
            ]
        });
        let head = ["类别", "人工", "找到", "查全", "会立", "对上", "查准"];
        let _ = writeln!(text, "\n{}", table(head, rows));
        if !comparison.missed.is_empty() {
            let _ = writeln!(text, "\n漏掉的 {} 件：", comparison.missed.len());
            let rows = comparison.missed.iter().take(SHOWN);
            let rows = rows.map(missed_row);
            let _ = writeln!(
                text,
                "{}",
                table(["行", "人工记录", "机器人听到了什么"], rows)
            );
        }
        if !comparison.surplus.is_empty() {
            let _ = writeln!(
                text,
                "\n人工没有记的 {} 件（误报，或是人工漏记，请看一眼）：",
                comparison.surplus.len()
            );
            let rows = comparison.surplus.iter().take(SHOWN);
            let rows = rows.map(|problem| self.surplus_row(problem));
            let _ = writeln!(
                text,
                "{}",
                table(["时间", "群", "类别", "分", "原话"], rows)
            );
        }
        text
    }

    fn surplus_row(&self, problem: &Problem) -> [String; 5] {
        [
            self.when(problem.first_at),
            self.group_name(&problem.group),
            self.category_title(problem.category.as_ref()),
            format!("{:.1}", problem.score),
            problem
                .texts
                .first()
                .map(|text| short(text))
                .unwrap_or_default(),
        ]
    }

    fn title(&self, code: &str) -> String {
        let code = CategoryCode::from(code);
        self.category_title(Some(&code).filter(|code| !code.as_str().is_empty()))
    }
}

fn missed_row(missed: &Missed) -> [String; 3] {
    let Recorded { row, text, .. } = &missed.recorded;
    let heard = missed.heard.as_ref().map_or_else(
        || "没听到相关的话".to_owned(),
        |heard| {
            format!(
                "“{}”{:.1} 分，{}：{}",
                short(&heard.text),
                heard.score,
                heard.action.chinese(),
                heard.because
            )
        },
    );
    [row.to_string(), short(text), heard]
}

fn thresholds(found: &Thresholds, open_at: f32) -> String {
    let rows = found.tried.iter().map(|one| {
        let now = (one.threshold - open_at).abs() < f32::EPSILON;
        let mark = match found.advised {
            Some(advised) if (advised - one.threshold).abs() < f32::EPSILON => "← 建议",
            _ if now => "← 现在",
            _ => "",
        };
        [
            format!("{:.1}", one.threshold),
            format!("{:.1}", one.per_day),
            percent(one.recall),
            percent(one.precision),
            mark.to_owned(),
        ]
    });
    let table = table(["门槛（分）", "每天立案", "查全", "查准", ""], rows);
    let advice = found.advised.map_or_else(
        || "没有建议：请带上人工记录（--recorded 表.csv），或说明一天最多办几件（--per-day 20）。".to_owned(),
        |advised| {
            format!("建议门槛 {advised:.1}（现在是 {open_at:.1}），在配置的 [triage] 里写 open_at = {advised:.1}：越低找到得越多，误报也越多。记录不到两周、不到一百件时，只作参考。")
        },
    );
    format!("\n三、换个门槛会怎样\n{table}\n\n{advice}\n")
}

fn json_rows(made: &Report) -> Vec<Value> {
    let comparison = made.comparison.as_ref();
    let total = comparison.map(|comparison| score(&comparison.total));
    let advised = made.thresholds.advised.map(tenths);
    let mut rows = vec![json!({
        "kind": "summary", "days": made.days, "decisions": made.decisions,
        "workload": made.workload, "total": total, "advised_threshold": advised,
    })];
    if let Some(comparison) = comparison {
        for (code, one) in &comparison.by_category {
            rows.push(json!({"kind": "category", "category": code, "score": score(one)}));
        }
        let missed = comparison.missed.iter();
        rows.extend(
            missed
                .map(|one| json!({"kind": "missed", "recorded": one.recorded, "heard": one.heard})),
        );
        let surplus = comparison.surplus.iter();
        rows.extend(surplus.map(|one| json!({"kind": "surplus", "problem": one})));
    }
    let tried = made.thresholds.tried.iter();
    rows.extend(tried.map(|one| json!({"kind": "threshold", "candidate": one})));
    rows
}

fn score(score: &Score) -> Value {
    let mut row = json!(score);
    row["recall"] = json!(score.recall());
    row["precision"] = json!(score.precision());
    row
}

/// A threshold has one digit; as JSON, too.
fn tenths(threshold: f32) -> f64 {
    (f64::from(threshold) * 10.0).round() / 10.0
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "—".to_owned(), |share| format!("{:.0}%", share * 100.0))
}

fn short(text: &str) -> String {
    text.chars().take(TEXT).collect()
}
