//! JSON lines of labelled messages.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{Message, Role, Timestamp};

use super::super::gold::{Line, NoticeGold, Sample, Set, Talk, Told, Wanted};
use super::{Labelled, Names, Reading, Skipped, said};

/// Where notices are posted.
const POSTED_IN: &str = "莲花新区";

/// Reads JSON lines; `None` where their fields are those of no labelled set.
pub(super) fn read(bytes: &[u8]) -> Option<Reading> {
    let mut rows = (1..)
        .zip(bytes.split(|byte| *byte == b'\n'))
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .peekable();
    let (_, first) = rows.peek()?;
    let first: Value = serde_json::from_slice(first).ok()?;
    let has = |field: &str| first.get(field).is_some();
    let mut names = Names::default();
    let reading = if has("opens_window") {
        gather(rows, |row| notice(row, &mut names)).samples()
    } else if has("expected") {
        gather(rows, |row| command(row, &mut names)).samples()
    } else if has("scene") && has("event") {
        gather(rows, scene_line).talk(Set::Bursts)
    } else if has("kind") && has("label") && has("group") {
        gather(rows, stream_line).talk(Set::Stream)
    } else {
        return None;
    };
    Some(reading)
}

struct Gathered<T> {
    rows: Vec<T>,
    skipped: Vec<Skipped>,
}

/// Reads each row, with the message in it where it has one.
fn gather<'b, Row: DeserializeOwned, T>(
    rows: impl Iterator<Item = (u64, &'b [u8])>,
    mut read: impl FnMut(Row) -> T,
) -> Gathered<T> {
    let mut gathered = Gathered {
        rows: Vec::new(),
        skipped: Vec::new(),
    };
    for (row, line) in rows {
        match serde_json::from_slice(line) {
            Ok(value) => gathered.rows.push(read(value)),
            Err(error) => gathered.skipped.push(Skipped {
                row,
                why: format!("读不懂（{error}）"),
            }),
        }
    }
    gathered
}

impl Gathered<Sample> {
    fn samples(self) -> Reading {
        Reading {
            labelled: Labelled::Samples(self.rows),
            skipped: self.skipped,
        }
    }
}

impl Gathered<Line> {
    fn talk(self, set: Set) -> Reading {
        Reading {
            labelled: Labelled::Talk(Talk {
                set,
                lines: self.rows,
            }),
            skipped: self.skipped,
        }
    }
}

#[derive(Deserialize)]
struct NoticeRow {
    id: String,
    posted: Timestamp,
    text: String,
    #[serde(flatten)]
    gold: NoticeGold,
}

fn notice(row: NoticeRow, names: &mut Names) -> Sample {
    let matter = row.gold.matter.map(serde_json::to_value);
    let matter = matter.and_then(Result::ok).unwrap_or_default();
    let id = names.of(row.id);
    Sample {
        set: Set::Notices,
        source: String::new(),
        kind: matter.as_str().unwrap_or_default().to_owned(),
        message: said(&id, &row.text, row.posted, POSTED_IN),
        wanted: Wanted::Notice(row.gold),
        id,
    }
}

#[derive(Deserialize)]
struct CommandRow {
    #[serde(flatten)]
    message: Message,
    expected: Value,
}

fn command(row: CommandRow, names: &mut Names) -> Sample {
    let role = match row.message.sender.role {
        None | Some(Role::Resident) => "居民",
        Some(Role::Worker) => "网格员",
        Some(_) => "管理",
    };
    Sample {
        set: Set::Commands,
        id: names.of(row.message.id.to_string()),
        source: String::new(),
        kind: role.to_owned(),
        message: row.message,
        wanted: Wanted::Command(row.expected),
    }
}

#[derive(Deserialize)]
struct SceneRow {
    #[serde(flatten)]
    message: Message,
    scene: String,
    event: String,
}

fn scene_line(row: SceneRow) -> Line {
    let told = match row.event.as_str() {
        "" => Told::Idle,
        event if event.starts_with("s:") => Told::MeToo,
        event if event.chars().all(char::is_alphabetic) => {
            Told::Problem(format!("{}{event}", row.scene))
        }
        _ => Told::Unscored,
    };
    Line {
        message: row.message,
        scene: row.scene,
        told,
    }
}

#[derive(Deserialize)]
struct StreamRow {
    #[serde(flatten)]
    message: Message,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    cluster: Option<String>,
}

fn stream_line(row: StreamRow) -> Line {
    let told = match (row.cluster, row.kind.as_str(), row.label.as_str()) {
        (Some(cluster), ..) => Told::Problem(cluster),
        (None, "complaint", _) => Told::Lonely,
        (None, "chatter" | "hard", "no") => Told::Idle,
        _ => Told::Unscored,
    };
    Line {
        message: row.message,
        scene: String::new(),
        told,
    }
}
