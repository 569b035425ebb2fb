//! The operator's own templates: read from a folder, checked before they are used.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use minijinja::{Environment, ErrorKind};

use super::wording;
use crate::model::{Destination, EventId, SayingId, Timestamp};
use crate::model::{Facts, Level, Saying, SayingKind};

/// Files of the folder by name, as read.
pub type Sources = BTreeMap<String, Vec<u8>>;

/// Largest template file that is read, in bytes; the built-in ones have less than 2 KB.
const FILE_BYTES: u64 = 16 * 1024;

/// What is wrong with an operator's file; the words used before stay in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextProblem {
    /// The file's name.
    pub file: String,
    /// Its line, from 1, where one is known.
    pub line: Option<usize>,
    /// One Chinese sentence: what is wrong and what to do.
    pub message: String,
}

impl fmt::Display for TextProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} 第 {line} 行：{}", self.file, self.message),
            None => write!(f, "{}：{}", self.file, self.message),
        }
    }
}

/// Reads the `.txt` files of a folder. A folder that is not there is an empty one.
pub fn read_folder(folder: &Path) -> std::io::Result<Sources> {
    let mut sources = Sources::new();
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(sources),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
        if !text || name.starts_with('.') || !entry.file_type()?.is_file() {
            continue;
        }
        // One byte more than allowed is enough for the check to name an oversized file.
        let mut bytes = Vec::new();
        std::fs::File::open(entry.path())?
            .take(FILE_BYTES + 1)
            .read_to_end(&mut bytes)?;
        sources.insert(name, bytes);
    }
    Ok(sources)
}

/// Which kinds are overridden now, and what is wrong. A bad file leaves its kind as it was `before`.
pub(super) fn check(
    sources: &Sources,
    before: &BTreeMap<SayingKind, Arc<str>>,
) -> (BTreeMap<SayingKind, Arc<str>>, Vec<TextProblem>) {
    let mut good = BTreeMap::new();
    let mut problems = Vec::new();
    for (file, bytes) in sources {
        let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str());
        let Some(kind) = stem.and_then(wording::kind_of) else {
            problems.push(problem(file, None, unknown_file()));
            continue;
        };
        match check_one(file, kind, bytes) {
            Ok(source) => {
                good.insert(kind, source);
            }
            Err(found) => {
                problems.push(found);
                if let Some(last) = before.get(&kind) {
                    good.insert(kind, Arc::clone(last));
                }
            }
        }
    }
    (good, problems)
}

fn unknown_file() -> String {
    let names = wording::ALL.iter().map(|kind| wording::name(*kind));
    let names = names.collect::<Vec<_>>().join("、");
    format!("文件名不认识，请用这些名字之一加 .txt：{names}")
}

fn check_one(file: &str, kind: SayingKind, bytes: &[u8]) -> Result<Arc<str>, TextProblem> {
    if bytes.len() as u64 > FILE_BYTES {
        let message = "文件太大，请缩到 16 KB 以内".to_owned();
        return Err(problem(file, None, message));
    }
    let source = decode(bytes);
    let environment = super::environment();
    let template = environment
        .template_from_str(&source)
        .map_err(|error| from_engine(file, &error))?;
    let known = wording::facts(kind);
    for name in template.undeclared_variables(false) {
        if !known.contains(name.as_str()) && !is_function(&environment, &name) {
            let facts = known.iter().copied().collect::<Vec<_>>().join("、");
            let message = format!("不认识“{name}”，这里可以用的有：{facts}");
            return Err(problem(file, line_of(&source, &name), message));
        }
    }
    for sample in [rich(kind), bare(kind)] {
        let text = super::finish(&template, super::context(&sample, &[]))
            .map_err(|error| from_engine(file, &error))?;
        wording::duty(kind, &text).map_err(|why| problem(file, None, why.to_owned()))?;
    }
    Ok(source.into())
}

/// UTF-8 with or without its mark, or GBK as older editors on Windows write it.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GBK.decode(bytes).0.into_owned(),
    }
}

fn is_function(environment: &Environment<'_>, name: &str) -> bool {
    environment.globals().any(|(global, _)| global == name) || name == "loop"
}

fn line_of(source: &str, name: &str) -> Option<usize> {
    let mut in_template = source.lines().enumerate();
    in_template
        .find(|(_, line)| line.contains(name) && (line.contains("{{") || line.contains("{%")))
        .map(|(at, _)| at + 1)
}

fn from_engine(file: &str, error: &minijinja::Error) -> TextProblem {
    let what = match error.kind() {
        ErrorKind::SyntaxError => "格式不对，请检查 {{ }} 和 {% %} 是否成对、if 是否有 endif",
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            "用了不存在的功能，请照着自带的文字改"
        }
        ErrorKind::OutOfFuel => "运行不完，请去掉循环",
        _ => "写不出文字，请照着自带的文字改",
    };
    let detail = error.detail().unwrap_or_default();
    let message = if detail.is_empty() {
        what.to_owned()
    } else {
        format!("{what}（{detail}）")
    };
    problem(file, error.line(), message)
}

fn problem(file: &str, line: Option<usize>, message: String) -> TextProblem {
    TextProblem {
        file: file.to_owned(),
        line,
        message,
    }
}

/// A saying with every fact its kind knows.
pub(super) fn rich(kind: SayingKind) -> Saying {
    let facts = wording::facts(kind)
        .into_iter()
        .filter(|name| !["also", "level", "id"].contains(name))
        .map(|name| (name.to_owned(), sample(name).to_owned()));
    Saying {
        event: Some(EventId::from("E-20260105-0012")),
        facts: facts.collect(),
        ..bare(kind)
    }
}

/// A saying that knows nothing but its kind.
pub(super) fn bare(kind: SayingKind) -> Saying {
    Saying {
        id: SayingId::from("sample"),
        kind,
        event: None,
        to: Destination::Group("sample".into()),
        level: Level::Normal,
        facts: Facts::new(),
        quote: None,
        mentions: Vec::new(),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn sample(fact: &str) -> &'static str {
    match fact {
        "call" => "119",
        "number" | "into" => "12",
        "supporters" => "6",
        "keep_days" => "90",
        "overdue" => "5小时",
        "instead" => "请联系社区决定由谁来办",
        "outcome" => "不予受理",
        "purpose" => "居民",
        "bot" => "小助手",
        "body" => "供电公司",
        "contact" => "社区服务台",
        "place" => "3栋2单元",
        "area" => "桂花园",
        "group" => "桂花园一群",
        "category" => "供电用电",
        "gist" => "三栋又停电了，老人下不了楼",
        "holder" | "by" | "to" => "网格员小周",
        "reason" => "等配件",
        "result" => "换好了开关",
        "why" => "上一位未接单",
        "command" | "wish" => "延期",
        "limit" => "办结",
        "light" => "红灯",
        "emergency" => "人员被困",
        "matter" => "停水",
        "places" => "1至6栋",
        "note" => "请先联系物业",
        "text" | "choices" => "12 号 供电用电 处置中\n13 号 供水排水 待接单",
        "mark" => "督办",
        "because" => "只有一个人说起",
        _ => "1月5日 18:00",
    }
}
