//! `check`: configuration, lexicon, texts, store and gateways, in one report.

use serde_json::json;

use crate::app::judge::judge;
use crate::app::opening;
use crate::app::request::Request;
use crate::app::shelf::{load, verify};
use crate::assistant::{Assistant, read_folder};
use crate::config::{Config, Gateway, Mode};
use crate::gateway::registry;
use crate::lexicon::{Diagnostics, Severity};
use crate::model::{Clock, SystemClock};

use super::arguments::{Format, Output};
use super::{Ending, Printer, Tone, client, office};

/// What one look found.
struct Finding {
    part: &'static str,
    good: bool,
    text: String,
}

impl Finding {
    fn good(part: &'static str, text: impl Into<String>) -> Self {
        Self {
            part,
            good: true,
            text: text.into(),
        }
    }

    fn bad(part: &'static str, text: impl Into<String>) -> Self {
        Self {
            part,
            good: false,
            text: text.into(),
        }
    }
}

/// Runs the command. The configuration is good, else it had not come here.
pub(super) async fn run(config: &Config, output: Output) -> anyhow::Result<Ending> {
    let mut findings = vec![Finding::good(
        "配置",
        format!("可以用，{} 个网关", config.gateways.len()),
    )];
    let mode = match config.mode {
        Mode::Live => "正式运行（live）",
        Mode::Shadow => "旁听（shadow）：只听、只判断、只记录，一句话也不说，也不派单",
    };
    findings.push(Finding::good("模式", mode));
    findings.extend(lexicon(config));
    findings.extend(texts(config));
    findings.push(store(config).await);
    for gateway in &config.gateways {
        findings.push(reach(gateway).await);
    }
    if config.gateways.is_empty() {
        findings.push(Finding::bad(
            "网关",
            "还没有配置；请在配置里写一个 [[gateway]]，见 config.example.toml",
        ));
    }
    if config.store.exists() {
        findings.extend(groups(config).await);
    }
    let mut printer = Printer::new();
    for finding in &findings {
        match output.format {
            Format::Json => {
                printer.json(
                    &json!({"part": finding.part, "good": finding.good, "text": finding.text}),
                )?;
            }
            Format::Text => {
                let (tone, mark) = if finding.good {
                    (Tone::Good, "好")
                } else {
                    (Tone::Alarm, "要改")
                };
                printer.piece(tone, mark)?;
                printer.line(&format!("　{}：{}", finding.part, finding.text))?;
            }
        }
    }
    printer.finish()?;
    let good = findings.iter().all(|finding| finding.good);
    Ok(if good { Ending::Done } else { Ending::Failed })
}

fn lexicon(config: &Config) -> Vec<Finding> {
    let checked =
        load(config.lexicon.as_deref(), &config.packs).and_then(|loaded| verify(loaded, judge));
    let place = config
        .lexicon
        .as_ref()
        .map_or("自带词库".to_owned(), |path| path.display().to_string());
    match checked {
        Ok((lexicon, warnings)) => vec![Finding::good(
            "词库",
            format!(
                "{place}，{} 个词、{} 个用例通过，{} 处提醒（lianxin lexicon check 看详情）",
                lexicon.keywords().count(),
                lexicon.cases().len(),
                warnings.len()
            ),
        )],
        Err(Diagnostics(found)) => found
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .map(|one| Finding::bad("词库", one.to_string()))
            .collect(),
    }
}

fn texts(config: &Config) -> Vec<Finding> {
    let Some(folder) = &config.texts else {
        return vec![Finding::good("文案", "用自带文案")];
    };
    match read_folder(folder) {
        Err(error) => vec![Finding::bad(
            "文案",
            format!("读不到 {}（{error}）", folder.display()),
        )],
        Ok(sources) => {
            let assistant = Assistant::new();
            let problems = assistant.reload(&sources);
            if problems.is_empty() {
                let count = assistant.overridden().len();
                return vec![Finding::good(
                    "文案",
                    format!("{}，改了 {count} 种", folder.display()),
                )];
            }
            problems
                .iter()
                .map(|problem| Finding::bad("文案", problem.to_string()))
                .collect()
        }
    }
}

async fn store(config: &Config) -> Finding {
    match client::ask_running(config, &Request::Groups).await {
        Ok(Some(answer)) => {
            return Finding::good(
                "数据",
                format!(
                    "{}，机器人正在运行，{} 个群",
                    config.store.display(),
                    answer.rows.len()
                ),
            );
        }
        Err(error) => return Finding::bad("数据", format!("{error:#}")),
        Ok(None) => {}
    }
    if !config.store.exists() {
        return Finding::good(
            "数据",
            format!("{} 还没有，第一次运行时会建", config.store.display()),
        );
    }
    let (folder, now) = (config.store.clone(), SystemClock.now());
    match tokio::task::spawn_blocking(move || opening::store(&folder, now)).await {
        Ok(Ok(_)) => Finding::good(
            "数据",
            format!("{} 完好，没有机器人在用", config.store.display()),
        ),
        Ok(Err(error)) => Finding::bad("数据", format!("{error:#}")),
        Err(error) => Finding::bad("数据", error.to_string()),
    }
}

/// Whether a gateway can be reached: the other side when we dial, the port when we listen.
async fn reach(gateway: &Gateway) -> Finding {
    let id = &gateway.id;
    match registry::reach(gateway).await {
        Ok(text) => Finding::good("网关", format!("{id}：{text}")),
        Err(text) => Finding::bad("网关", format!("{id}：{text}")),
    }
}

/// Each admitted group: heard, answered, and what is missing.
async fn groups(config: &Config) -> Vec<Finding> {
    let Ok(answer) = office::ask(config, Request::Standings).await else {
        // What is wrong with the store or the lexicon was said already.
        return Vec::new();
    };
    let rows = answer.rows.iter().map(|row| Finding {
        part: "群",
        good: row["good"].as_bool().unwrap_or_default(),
        text: row["line"].as_str().unwrap_or_default().to_owned(),
    });
    rows.collect()
}
