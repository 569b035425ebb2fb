//! How a message is read, as configured: `[gateway.read]`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Table, Value};

use super::mapping::{Probe, Test, pointer, several};
use crate::config::gateway::entry::Entry;
use crate::config::raw::chinese;

/// Most ways to find one value.
const WAYS: usize = 16;

/// How a message is read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// All must hold, else it is no message and nothing is done.
    pub accept: Vec<Test>,
    /// A list of messages; each is read by itself.
    pub each: Option<String>,
    /// Texts that are JSON and are read as such first.
    pub parse: Vec<String>,
    /// The message's id; empty: made from what it says.
    pub id: Vec<Probe>,
    /// The group's id.
    pub group: Vec<Probe>,
    /// The group's name.
    pub group_name: Vec<Probe>,
    /// The writer's id.
    pub sender: Vec<Probe>,
    /// The writer's name.
    pub sender_name: Vec<Probe>,
    /// The words.
    pub text: Vec<Probe>,
    /// When; empty: when it arrives.
    pub time: Vec<Probe>,
    /// Who is mentioned: a list, or ids with commas between.
    pub mentions: Vec<Probe>,
    /// The bot is mentioned when any of these holds.
    pub mentions_bot: Vec<Test>,
    /// We wrote it when any of these holds.
    pub own: Vec<Test>,
    /// The bot's own id.
    pub me: Vec<Probe>,
    /// The bot's own ids, where no message says it.
    pub own_ids: Vec<String>,
    /// The words of a quoted message.
    pub quoted: Vec<Probe>,
    /// The id of a quoted message.
    pub reply_to: Vec<Probe>,
    /// What kind of message it is.
    pub kind: Vec<Probe>,
    /// What the kinds mean; others are left out. Empty: everything is text.
    pub kinds: BTreeMap<String, Content>,
    /// It is a conversation with the bot alone when any of these holds.
    pub direct: Vec<Test>,
    /// What to do when no group is found.
    pub no_group: NoGroup,
    /// Only messages that mention the bot ever come.
    pub only_mentions: bool,
}

/// What a kind of message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Words.
    Text,
    /// A picture.
    Image,
    /// A voice message.
    Voice,
    /// A film.
    Video,
    /// A file.
    File,
    /// A link.
    Link,
    /// A place on the map.
    Location,
    /// XML with a title, and perhaps a quoted message.
    App,
}

/// What to do when no group is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoGroup {
    /// It cannot be understood.
    #[default]
    Error,
    /// It is somebody's private talk and left alone.
    Skip,
    /// It is said to the bot alone.
    Direct,
}

/// Each key of the table that finds a value, so that one loop reads them all.
type Found = fn(&mut Reading) -> &mut Vec<Probe>;
/// The same for what holds or not.
type Held = fn(&mut Reading) -> &mut Vec<Test>;

const PROBES: [(&str, Found); 12] = [
    ("id", |it| &mut it.id),
    ("group", |it| &mut it.group),
    ("group_name", |it| &mut it.group_name),
    ("sender", |it| &mut it.sender),
    ("sender_name", |it| &mut it.sender_name),
    ("text", |it| &mut it.text),
    ("time", |it| &mut it.time),
    ("mentions", |it| &mut it.mentions),
    ("me", |it| &mut it.me),
    ("quoted", |it| &mut it.quoted),
    ("reply_to", |it| &mut it.reply_to),
    ("kind", |it| &mut it.kind),
];

const TESTS: [(&str, Held); 4] = [
    ("accept", |it| &mut it.accept),
    ("mentions_bot", |it| &mut it.mentions_bot),
    ("own", |it| &mut it.own),
    ("direct", |it| &mut it.direct),
];

/// What is not found in the body.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rest {
    each: Option<String>,
    kinds: BTreeMap<String, Content>,
    no_group: NoGroup,
    only_mentions: bool,
}

pub(super) fn read(
    entry: &mut Entry<'_, '_>,
    mut typed: Table,
    own_ids: Vec<String>,
) -> Option<Reading> {
    let mut reading = Reading {
        own_ids,
        ..Reading::default()
    };
    let mut good = true;
    for (key, field) in PROBES {
        match ways(&mut typed, key, Probe::typed) {
            Ok(ways) => *field(&mut reading) = ways,
            Err(problem) => good = told(entry, &problem),
        }
    }
    for (key, field) in TESTS {
        match ways(&mut typed, key, Test::typed) {
            Ok(ways) => *field(&mut reading) = ways,
            Err(problem) => good = told(entry, &problem),
        }
    }
    let parsed = |typed: Value| match typed {
        Value::String(typed) => pointer(&typed),
        other => Err(format!("“{other}”要写成带引号的指针")),
    };
    match ways(&mut typed, "parse", parsed) {
        Ok(pointers) => reading.parse = pointers,
        Err(problem) => good = told(entry, &problem),
    }
    let rest: Rest = match typed.try_into() {
        Ok(rest) => rest,
        Err(error) => {
            let error: toml::de::Error = error;
            let problem = chinese(error.message());
            let problem = problem.trim_end_matches('）');
            let keys = PROBES.iter().map(|(key, _)| *key);
            let keys: Vec<&str> = keys.chain(TESTS.iter().map(|(key, _)| *key)).collect();
            entry.problem(&format!(
                "的 [gateway.read]：{problem}、parse、{}）",
                keys.join("、")
            ));
            return None;
        }
    };
    if let Some(each) = rest.each {
        match pointer(&each) {
            Ok(each) => reading.each = Some(each),
            Err(problem) => good = told(entry, &format!("的 read.each：{problem}")),
        }
    }
    (reading.kinds, reading.no_group) = (rest.kinds, rest.no_group);
    reading.only_mentions = rest.only_mentions;
    for (key, ways) in [
        ("group", &reading.group),
        ("sender", &reading.sender),
        ("text", &reading.text),
    ] {
        if ways.is_empty() && good {
            good = told(
                entry,
                &format!(
                    "的 [gateway.read] 缺 {key}，请写上它在正文里的指针，如 {key} = \"/data/{key}\""
                ),
            );
        }
    }
    good.then_some(reading)
}

fn told(entry: &mut Entry<'_, '_>, problem: &str) -> bool {
    entry.problem(problem);
    false
}

/// Takes one key out and reads all its ways.
fn ways<T>(
    typed: &mut Table,
    key: &str,
    read: impl Fn(Value) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let Some(typed) = typed.remove(key) else {
        return Ok(Vec::new());
    };
    let typed = several(typed);
    if typed.len() > WAYS {
        return Err(format!("的 read.{key} 最多写 {WAYS} 种写法"));
    }
    let read =
        |(at, typed)| read(typed).map_err(|why| format!("的 read.{key} 第 {} 个：{why}", at + 1));
    typed.into_iter().enumerate().map(read).collect()
}
