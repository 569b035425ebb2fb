//! Dead letters: what no gateway could read, and reading it again.

use serde_json::json;

use super::{Handled, Office, say};
use crate::app::request::Answer;
use crate::app::table::table;
use crate::listening::DeadLetter;

/// Longest body shown in a table, in characters.
const SHOWN: usize = 60;

impl Office {
    pub(super) async fn dead_letters(&self, limit: usize) -> Handled {
        if !self.notes.dead_letters.is_on() {
            let text = "没有记录：配置里 [dead_letters] keep_days = 0。要看，改成 7，重启。";
            return Ok(Answer::done(text, Vec::new()));
        }
        let now = self.clock.now();
        let mut letters = self.notes.dead_letters.all(now).await.map_err(say)?;
        letters.reverse();
        letters.truncate(limit);
        if letters.is_empty() {
            return Ok(Answer::done("没有看不懂的消息。", Vec::new()));
        }
        let rows = letters.iter().map(|letter| {
            [
                letter.id.clone(),
                self.when(letter.kept_at),
                letter.gateway.to_string(),
                reason(&letter.reason),
                shown(&letter.body),
            ]
        });
        let mut text = table(
            ["编号", "时间", "网关", "为什么看不懂", "内容（已打码）"],
            rows,
        );
        text.push_str("\n升级或改好配置以后重新读：lianxin gateway dead retry 编号（全部：--all）");
        let rows = letters.iter().map(|letter| json!(letter)).collect();
        Ok(Answer::done(text, rows))
    }

    pub(super) async fn dead_retry(&self, id: Option<&str>) -> Handled {
        let Some(reread) = &self.reread else {
            return Err("机器人没在运行，读懂了也没人处理；请先 lianxin run，再重读".to_owned());
        };
        let letters = match id {
            Some(id) => {
                let found = self.notes.dead_letters.get(id).await.map_err(say)?;
                let missing = || format!("没有编号 {id}；看看有哪些：lianxin gateway dead list");
                vec![found.ok_or_else(missing)?]
            }
            None => self
                .notes
                .dead_letters
                .all(self.clock.now())
                .await
                .map_err(say)?,
        };
        let all = letters.len();
        let (mut text, mut read) = (String::new(), 0);
        for letter in letters {
            let outcome = if letter.whole {
                reread(letter.gateway.clone(), letter.body.clone().into_bytes()).await
            } else {
                Err("太长，没有全留下".to_owned())
            };
            match outcome {
                Ok(()) => {
                    self.remove_dead(&letter).await?;
                    read += 1;
                }
                Err(why) => text.push_str(&format!("{}：{why}\n", letter.id)),
            }
        }
        if read == 0 && id.is_some() {
            return Err(text.trim_end().to_owned());
        }
        text.push_str(&format!(
            "重读 {all} 条，读懂 {read} 条，已当作迟到的消息处理。"
        ));
        Ok(Answer::done(
            text,
            vec![json!({"tried": all, "read": read})],
        ))
    }

    async fn remove_dead(&self, letter: &DeadLetter) -> Result<(), String> {
        let letters = &self.notes.dead_letters;
        letters
            .take_out(|it| it.id == letter.id)
            .await
            .map_err(say)?;
        Ok(())
    }
}

/// The kind of trouble in words for people.
fn reason(reason: &str) -> String {
    match reason {
        "not JSON" => "不是 JSON".to_owned(),
        "no list" => "没有 read.each 说的列表".to_owned(),
        "time cannot be read" => "时间看不懂".to_owned(),
        "no post_type" | "no type" => "不是 OneBot 事件".to_owned(),
        other => match other.strip_prefix("no ") {
            Some(field) => format!("缺少 {field}"),
            None => other.to_owned(),
        },
    }
}

fn shown(body: &str) -> String {
    let line: String = body.chars().take(SHOWN).collect();
    let line = line.replace(['\n', '\r', '\t'], " ");
    if body.chars().count() > SHOWN {
        format!("{line}…")
    } else {
        line
    }
}
