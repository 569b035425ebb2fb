//! The decision and everything it was made of.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::model::{AreaId, CategoryCode, EventId, Level, MessageId, Place, Role, Timestamp};

/// What becomes of a message.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing to do.
    #[default]
    Ignore,
    /// A person should look: a Lead, silent.
    Watch,
    /// A problem here and now.
    Open,
    /// An official announcement.
    Notice,
    /// It works again.
    Restored,
    /// A question for the assistant.
    Ask,
    /// Said to the bot about an event.
    Command,
}

impl Action {
    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Ignore => "不理会",
            Self::Watch => "请人看一看（线索）",
            Self::Open => "立案",
            Self::Notice => "通知",
            Self::Restored => "已恢复",
            Self::Ask => "咨询",
            Self::Command => "对机器人说的话",
        }
    }
}

/// What one message means.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The message.
    pub id: MessageId,
    /// What becomes of it.
    pub action: Action,
    /// What it is about.
    pub category: Option<CategoryCode>,
    /// How urgent it is.
    pub level: Option<Level>,
    /// The sum of the weights in `because`.
    pub score: f32,
    /// Words found, in order of appearance.
    pub hits: Vec<Hit>,
    /// Words that stand there and do not count, and why.
    pub dropped: Vec<Dropped>,
    /// Where.
    pub place: Option<Place>,
    /// Which of the nine kinds of 特急.
    pub emergency: Option<Emergency>,
    /// 轻生, 家暴, minors, illness, named neighbours: not to be spoken of in the group.
    #[serde(default)]
    pub discreet: bool,
    /// What an announcement says.
    pub notice: Option<NoticeFound>,
    /// What was asked of the bot.
    pub command: Option<Command>,
    /// The event whose conversation this continues (我家也是), where only that made it count.
    #[serde(default)]
    pub supports: Option<EventId>,
    /// Every rule that raised or lowered the score.
    pub because: Vec<Reason>,
}

/// At most this many words and reasons are kept of one message: a flood of words explains nothing.
const MOST: usize = 64;

impl Decision {
    /// The rule that lowered the score most, a rule with a name before the sum of what sounds
    /// ordinary; `None` where nothing spoke against it.
    pub fn strongest_against(&self) -> Option<&Reason> {
        let against = self.because.iter().filter(|reason| reason.weight < 0.0);
        against.min_by(|one, other| {
            let ordinary = |reason: &Reason| reason.rule == super::taught::AGAINST;
            let by_weight = one.weight.total_cmp(&other.weight);
            ordinary(one).cmp(&ordinary(other)).then(by_weight)
        })
    }

    /// Each word once where it stands, and of everything no more than a person reads.
    pub(super) fn bounded(mut self) -> Self {
        self.hits.dedup_by(|later, earlier| {
            (later.start, later.end, &later.keyword)
                == (earlier.start, earlier.end, &earlier.keyword)
        });
        self.hits.truncate(MOST);
        self.dropped.truncate(MOST);
        self.because.truncate(MOST);
        self
    }
}

/// A keyword or weighted cue that counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// As it stands in the lexicon.
    pub keyword: String,
    /// Its category; `None` for a cue without one.
    pub category: Option<CategoryCode>,
    /// Byte offset of its first character in the original text.
    pub start: usize,
    /// Byte offset behind its last character in the original text.
    pub end: usize,
}

/// A keyword that stands in the text and does not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// The word and where it stands.
    #[serde(flatten)]
    pub hit: Hit,
    /// Why not, Chinese (在“停电视台”里跨了词).
    pub why: String,
}

/// One rule that had a say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule's stable name, English (`negation`, `duration`, `strong_word`).
    pub rule: String,
    /// What it added; negative lowers.
    pub weight: f32,
    /// For people, Chinese (否定：“没有停电”).
    pub text: String,
    /// The words it saw, bytes of the original.
    #[serde(default)]
    pub span: Option<Range<usize>>,
}

/// The nine kinds of 特急.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emergency {
    /// 困人: 119.
    Trapped,
    /// 燃气: 119 and the gas company.
    Gas,
    /// 着火: 119.
    Fire,
    /// 轻生: 110, 120.
    Suicide,
    /// 走失: 110.
    Missing,
    /// 坍塌: 119.
    Collapse,
    /// 溺水或晕倒: 120.
    Medical,
    /// 触电或漏电: 120, 119.
    Shock,
    /// 持刀或打架: 110.
    Violence,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum NoticeMatter {
    Water,
    Power,
    Gas,
    Heating,
    Lift,
    Road,
    Network,
    Other,
}

/// What an announcement says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeFound {
    /// What it is about.
    pub matter: NoticeMatter,
    /// Start of the window, `None` where not stated.
    pub start: Option<Timestamp>,
    /// End of the window, `None` where not stated.
    pub end: Option<Timestamp>,
    /// Places as written.
    pub places: Vec<String>,
    /// Whether it explains a loss of service.
    pub opens_window: bool,
}

/// What the caller knows of the conversation and the place. Empty for single lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// The speaker's role by the directory; `None`: as the message says, else resident.
    pub role: Option<Role>,
    /// The area the group hangs under.
    pub area: Option<AreaId>,
    /// Whether it is a work group or a direct conversation with the bot.
    pub work: bool,
    /// The bot's name in chat.
    pub bot_name: Option<Arc<str>>,
    /// Names of areas under the street, to be recognised as places here.
    pub area_names: Arc<[String]>,
    /// Matters under way in this group's area, newest first.
    pub open: Vec<OpenMatter>,
    /// Weak signals of the last minutes in this group: category, person-distinct count.
    pub murmurs: Vec<(CategoryCode, u8)>,
}

/// An event or window as the conversation sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenMatter {
    /// The event.
    pub event: EventId,
    /// Its category.
    pub category: CategoryCode,
    /// Its place.
    pub place: Option<Place>,
    /// When it was last spoken of in this group.
    pub last_at: Timestamp,
}
