//! `gateway …`: a mapping is tried on a body before anything is connected; formats are shown.

use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use serde_json::json;

use crate::config::webhook::{PRESETS, Preset, Webhook, of_preset};
use crate::config::{Config, GatewayKind, Problems};
use crate::gateway::mapped::{self, Becomes, Outcome, Posted, Rehearsed, Step};
use crate::model::{Clock, GatewayId, Message, SystemClock};

use super::arguments::{Format, Gateway, Try};
use super::print::complain;
use super::{Ending, Printer, office, print, wait};

/// Longest body that is tried, bytes: what the gateway itself reads.
const MOST: u64 = 1 << 20;

/// Runs the command.
pub(super) fn run(
    config: impl Fn() -> Result<Config, Problems>,
    command: Gateway,
) -> anyhow::Result<Ending> {
    match command {
        Gateway::Dead(command) => wait(office::dead(&config()?, command)),
        Gateway::Preset { name } => presets(name.as_deref()),
        Gateway::Try(typed) => try_mapping(config, &typed),
    }
}

fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

fn presets(name: Option<&str>) -> anyhow::Result<Ending> {
    let mut printer = Printer::new();
    let Some(name) = name else {
        for preset in PRESETS {
            printer.line(&format!("{:<14} {}", preset.name, preset.about))?;
        }
        printer.line("看一种格式的全部写法：lianxin gateway preset 格式")?;
        printer.finish()?;
        return Ok(Ending::Done);
    };
    let Some(preset) = preset(name) else {
        complain(&unknown(name, &[]));
        return Ok(Ending::Usage);
    };
    printer.line(preset.text.trim_end())?;
    printer.finish()?;
    Ok(Ending::Done)
}

fn unknown(name: &str, gateways: &[String]) -> String {
    let presets: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    let mut text = format!("没有叫“{name}”的格式；现成的有：{}", presets.join("、"));
    if !gateways.is_empty() {
        text.push_str(&format!("；配置里的网关有：{}", gateways.join("、")));
    }
    text
}

fn try_mapping(
    config: impl Fn() -> Result<Config, Problems>,
    typed: &Try,
) -> anyhow::Result<Ending> {
    let Some((gateway, mapping)) = mapping(&config()?, &typed.mapping)? else {
        return Ok(Ending::Usage);
    };
    let body = body(typed.file.as_deref())?;
    let tried = mapped::rehearse(&mapping, &gateway, &body, SystemClock.now());
    let first = tried.iter().find_map(|it| match &it.result {
        Becomes::Message { message } => Some(&**message),
        _ => None,
    });
    let writing = mapping.writing.as_ref();
    let posted = writing.map(|writing| mapped::post(writing, &gateway, first));
    let mut printer = Printer::new();
    match typed.output.format {
        Format::Json => {
            for one in &tried {
                printer.json(one)?;
            }
        }
        Format::Text => {
            for (at, one) in tried.iter().enumerate() {
                if tried.len() > 1 {
                    printer.line(&format!("—— 第 {} 条 ——", at + 1))?;
                }
                show(&mut printer, one)?;
            }
            if let Some(posted) = posted {
                show_posted(&mut printer, &posted)?;
            }
        }
    }
    printer.finish()?;
    let broken = |it: &Rehearsed| matches!(it.result, Becomes::Broken { .. });
    Ok(if tried.iter().any(broken) {
        Ending::Failed
    } else {
        Ending::Done
    })
}

/// A configured gateway of this name, else a preset.
fn mapping(config: &Config, name: &str) -> anyhow::Result<Option<(GatewayId, Webhook)>> {
    let configured = config.gateways.iter().find(|it| it.id.as_str() == name);
    match (configured.map(|it| &it.kind), preset(name)) {
        (Some(GatewayKind::Webhook(webhook)), _) => {
            Ok(Some((GatewayId::from(name), (**webhook).clone())))
        }
        (Some(_), None) => {
            complain(&format!(
                "网关“{name}”是 OneBot，不用映射；能试的是 kind = \"webhook\" 的网关和现成格式"
            ));
            Ok(None)
        }
        (_, Some(preset)) => Ok(Some((GatewayId::from(name), of_preset(preset)?))),
        (None, None) => {
            let gateways = config.gateways.iter();
            let gateways = gateways.filter(|it| matches!(it.kind, GatewayKind::Webhook(_)));
            let names: Vec<String> = gateways.map(|it| it.id.to_string()).collect();
            complain(&unknown(name, &names));
            Ok(None)
        }
    }
}

fn body(file: Option<&Path>) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => std::fs::File::open(file)
            .and_then(|opened| opened.take(MOST + 1).read_to_end(&mut body))
            .with_context(|| format!("读不到 {}", file.display()))?,
        None => std::io::stdin().take(MOST + 1).read_to_end(&mut body)?,
    };
    anyhow::ensure!(body.len() as u64 <= MOST, "正文超过 1 MB，网关也不会收");
    Ok(body)
}

/// The keys as an admin knows them.
const FIELDS: [(&str, &str); 18] = [
    ("accept", "收不收"),
    ("kind", "消息类型"),
    ("direct", "是不是私聊"),
    ("group", "群号"),
    ("group_name", "群名"),
    ("me", "机器人的号"),
    ("sender", "发送人"),
    ("sender_name", "发送人名字"),
    ("own", "是不是自己说的"),
    ("text", "正文"),
    ("time", "时间"),
    ("mentions", "@ 了谁"),
    ("mentions_bot", "@ 了机器人"),
    ("id", "消息编号"),
    ("reply_to", "引用的编号"),
    ("quoted", "引用的话"),
    ("each", "列表"),
    ("parse", "文字里的 JSON"),
];

fn show(printer: &mut Printer, tried: &Rehearsed) -> anyhow::Result<()> {
    for step in &tried.steps {
        let name = FIELDS.iter().find(|(key, _)| *key == step.field);
        let name = name.map_or(step.field, |(_, name)| name);
        let tone = match step.outcome {
            Outcome::Used | Outcome::Holds => print::Tone::Plain,
            _ => print::Tone::Faint,
        };
        printer.toned(tone, &format!("{name}（{}） {}", step.field, line(step)))?;
    }
    let (tone, text) = match &tried.result {
        Becomes::Message { message } => (
            print::Tone::Good,
            format!("读出一条消息：{}", told(message)),
        ),
        Becomes::Own { message } => (
            print::Tone::Good,
            format!("机器人自己说的话，只用来核对发出去没有：{}", told(message)),
        ),
        Becomes::Skipped { why } => (print::Tone::Plain, format!("不是要听的消息，跳过：{why}")),
        Becomes::Broken { why } => (print::Tone::Alarm, format!("看不懂：{why}")),
    };
    printer.toned(tone, &text)?;
    Ok(())
}

fn line(step: &Step) -> String {
    let found = step.found.replace('\n', "⏎");
    let way = &step.way;
    match step.outcome {
        Outcome::Used => format!("✓ {way} → {found}"),
        Outcome::Missing => format!("· {way} → 什么也没有"),
        Outcome::Unfit => format!("· {way} → {found}，对不上"),
        Outcome::Holds => format!("✓ {way} → {found}，成立"),
        Outcome::Fails if found.is_empty() => format!("· {way} → 什么也没有，不成立"),
        Outcome::Fails => format!("· {way} → {found}，不成立"),
    }
}

/// The message as JSON lines have it; what is not there is left out.
fn told(message: &Message) -> String {
    let mut value = json!(message);
    if let Some(object) = value.as_object_mut() {
        object.retain(|_, value| match value {
            serde_json::Value::Null => false,
            serde_json::Value::Array(items) => !items.is_empty(),
            serde_json::Value::Bool(flag) => *flag,
            _ => true,
        });
    }
    value.to_string()
}

fn show_posted(printer: &mut Printer, posted: &Posted) -> anyhow::Result<()> {
    printer.line("回话时会这样发（口令用 *** 代替）：")?;
    printer.line(&format!("  {}", posted.request))?;
    for header in &posted.headers {
        printer.line(&format!("  {header}"))?;
    }
    if !posted.body.is_empty() {
        printer.line(&format!("  {}", posted.body))?;
    }
    Ok(())
}
