//! Why something is not done: kind, short, and always with what to do instead.

use thiserror::Error;

use crate::model::EventId;

use super::State;

/// A refusal as the person who asked reads it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// The event stands where this cannot be done.
    #[error("这件事现在是“{}”，不能{asked}；{instead}", state.chinese())]
    NotNow {
        /// What was asked.
        asked: &'static str,
        /// Where the event stands.
        state: State,
        /// What can be done.
        instead: &'static str,
    },
    /// The role may never do it.
    #[error("{asked}要由{by}来做；{instead}")]
    Role {
        /// What was asked.
        asked: &'static str,
        /// Who may.
        by: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// Somebody else holds the event.
    #[error("这件事现在由{holder}负责，不能替他{asked}；需要的话请让社区转派给您")]
    Held {
        /// What was asked.
        asked: &'static str,
        /// The holder's name.
        holder: String,
    },
    /// The event lies in another area.
    #[error("这件事不在您负责的片区；请联系当地的网格员，或发“我的”看自己的事件")]
    Elsewhere,
    /// Only those who reported it may say so.
    #[error("这句话要由反映这件事的居民来说；您也遇到了的话，直接在群里说一声就会记上")]
    NotReporter,
    /// No such number among those this person may act on.
    #[error("没有找到{number}号事件；发“我的”或“查询”看看编号")]
    Unknown {
        /// As typed.
        number: String,
    },
    /// No number was given and nothing fits.
    #[error("没有找到对得上“{asked}”的事件；请带上编号再发一次，例如“{asked} 12”")]
    NoneFits {
        /// What was asked.
        asked: &'static str,
    },
    /// Several events fit.
    #[error("有好几件事都对得上，请带上编号再发一次")]
    WhichOne {
        /// Those that fit, newest first.
        events: Vec<EventId>,
    },
    /// A reason is needed.
    #[error("请把原因一起说一下，例如“{asked} 12 {example}”")]
    ReasonNeeded {
        /// What was asked.
        asked: &'static str,
        /// A reason that would do.
        example: &'static str,
    },
    /// A date is needed or the one given cannot be read.
    #[error("请写清到哪一天，例如“{asked} 12 到11月25日”")]
    DateNeeded {
        /// What was asked.
        asked: &'static str,
    },
    /// The date lies in the past.
    #[error("日期要在今天以后；请换一个日期再发一次")]
    DatePast,
    /// The date lies too far ahead.
    #[error("{asked}最晚只能到{latest}；请换一个日期，还不够时请社区吹哨")]
    DateTooFar {
        /// What was asked.
        asked: &'static str,
        /// The latest date, as people read it.
        latest: String,
    },
    /// It was done once and may be done once.
    #[error("这件事已经{asked}过，不能再来一次；{instead}")]
    Twice {
        /// What was asked.
        asked: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// The time was over before it was asked.
    #[error("办理时限已过，不能再延期；请直接办结，或请社区吹哨")]
    TooLate,
    /// Whoever did the work cannot check it.
    #[error("核查要由另一位同事来做；请让社区的同事核查")]
    OwnWork,
    /// It was handed back as often as it may be.
    #[error("这件事已经退过{times}次，不能再退；请联系社区决定由谁来办")]
    HandedBackTooOften {
        /// How often.
        times: u8,
    },
    /// A wish of the holder waits for staff already.
    #[error("上一个申请还在等社区同意，请稍等，或直接联系社区")]
    AlreadyAwaiting,
    /// Nothing waits for an answer.
    #[error("这件事没有等待同意的申请；发“查询”加编号看它的情况")]
    NothingAwaits,
    /// The name is nobody's, or several people's.
    #[error("没有找到这位同事“{words}”；请@他，或写通讯录里的全名")]
    Colleague {
        /// As typed; empty when nothing was.
        words: String,
    },
    /// The category is none of ours.
    #[error("没有“{words}”这个类别；请写类别名称或两位编号，例如“改类别 12 供水排水”")]
    Category {
        /// As typed; empty when nothing was.
        words: String,
    },
    /// An event cannot be merged into itself or a closed one.
    #[error("并案要并到另一件还没结案的事上；请写成“并案 12 到 9”")]
    MergeTarget,
    /// Too long after the result.
    #[error("这件事结案已经超过{days}天；问题又出现的话，直接在群里说一声，会重新受理")]
    LongClosed {
        /// The days within which it could be reopened.
        days: u16,
    },
    /// Said before the result it is about.
    #[error("这句话比办理结果还早，没有算进去；请再发一次")]
    BeforeResult,
    /// Somebody who still works on something cannot be forgotten.
    #[error("此人还负责{count}件没有结案的事（例如{number}号）；请先转派，再删除")]
    StillHolds {
        /// How many.
        count: usize,
        /// One of them.
        number: String,
    },
}
