//! What labels say: messages with what should become of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lexicon::Case;
use crate::model::{CategoryCode, Message, Timestamp};
use crate::triage::NoticeMatter;

/// What kind of labelled set a message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Set {
    /// Our own examples: `lexicon/examples/*.csv`.
    Examples,
    /// The lexicon's own tests.
    Cases,
    /// Complaints as residents type them.
    Colloquial,
    /// Titles of petitions.
    Complaints,
    /// Conversations, each in a community of its own.
    Bursts,
    /// Ordinary messages.
    Chatter,
    /// Ordinary talk full of keywords.
    HardNegatives,
    /// 特急 and what only sounds like one.
    Emergencies,
    /// What is posted like a notice.
    Notices,
    /// What is typed as a command.
    Commands,
    /// A month of many groups.
    Stream,
}

impl Set {
    /// All, in the order people care about them.
    pub const ALL: [Self; 11] = [
        Self::Examples,
        Self::Cases,
        Self::Colloquial,
        Self::Complaints,
        Self::Bursts,
        Self::Chatter,
        Self::HardNegatives,
        Self::Emergencies,
        Self::Notices,
        Self::Commands,
        Self::Stream,
    ];

    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Examples => "examples",
            Self::Cases => "cases",
            Self::Colloquial => "colloquial",
            Self::Complaints => "complaints",
            Self::Bursts => "bursts",
            Self::Chatter => "chatter",
            Self::HardNegatives => "hard_negatives",
            Self::Emergencies => "emergencies",
            Self::Notices => "notices",
            Self::Commands => "commands",
            Self::Stream => "stream",
        }
    }

    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Examples => "自编例句",
            Self::Cases => "词库用例",
            Self::Colloquial => "居民口语",
            Self::Complaints => "来信标题",
            Self::Bursts => "群聊片段",
            Self::Chatter => "日常闲聊",
            Self::HardNegatives => "易混闲聊",
            Self::Emergencies => "特急与假特急",
            Self::Notices => "通知公告",
            Self::Commands => "指令",
            Self::Stream => "一个月的群聊",
        }
    }
}

/// What may become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A problem here and now.
    Open,
    /// A question for the counter.
    Ask,
    /// Nothing to track.
    Nothing,
}

/// What should become of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// One of these actions, best first, about one of these categories.
    Actions(Vec<Want>, Vec<CategoryCode>),
    /// 特急, here and now.
    Emergency,
    /// Anything but 特急.
    NoEmergency,
    /// An announcement, or what only looks like one.
    Notice(NoticeGold),
    /// This command, in the form of `expected`.
    Command(Value),
    /// A row of `cases.csv`.
    Case(Box<Case>),
}

/// What an announcement says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct NoticeGold {
    /// Whether it is one.
    pub is_notice: bool,
    /// What it is about; `none` where it is none.
    #[serde(deserialize_with = "matter")]
    pub matter: Option<NoticeMatter>,
    /// Start of the window.
    pub start: Option<Timestamp>,
    /// End of the window.
    pub end: Option<Timestamp>,
    /// Places as written.
    pub places: Vec<String>,
    /// Whether it explains a loss of service.
    pub opens_window: bool,
}

fn matter<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<NoticeMatter>, D::Error> {
    let value = Value::deserialize(from)?;
    if value == "none" {
        return Ok(None);
    }
    serde_json::from_value(value).map_err(serde::de::Error::custom)
}

/// One labelled message.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Where it belongs.
    pub set: Set,
    /// Its own within the set, from run to run.
    pub id: String,
    /// Where it comes from; empty where nobody says.
    pub source: String,
    /// What kind it is; empty where nobody says.
    pub kind: String,
    /// As triage hears it.
    pub message: Message,
    /// What should become of it.
    pub wanted: Wanted,
}

impl Sample {
    /// Whether only this may become of it.
    pub fn wants(&self, only: Want) -> bool {
        matches!(&self.wanted, Wanted::Actions(wants, _) if wants.as_slice() == [only])
    }

    /// Whether careful readers differ: it never counts against us.
    pub fn is_debatable(&self) -> bool {
        matches!(&self.wanted, Wanted::Actions(wants, _) if wants.len() > 1)
    }

    /// Categories it may be about, best first.
    pub fn categories(&self) -> &[CategoryCode] {
        match &self.wanted {
            Wanted::Actions(_, categories) => categories,
            _ => &[],
        }
    }
}

/// A recorded conversation, in order of time, to be played through the whole pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Talk {
    /// [`Set::Bursts`] or [`Set::Stream`].
    pub set: Set,
    /// What was said.
    pub lines: Vec<Line>,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The message.
    pub message: Message,
    /// Lines of one scene are about one community; empty: each line is for itself.
    pub scene: String,
    /// What it says.
    pub told: Told,
}

/// What a line of a conversation says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Reports this problem; the name is the problem's own in the whole file.
    Problem(String),
    /// 我家也是, said about a problem.
    MeToo,
    /// A problem that nobody else reports.
    Lonely,
    /// Nothing to track.
    Idle,
    /// Not scored.
    Unscored,
}
