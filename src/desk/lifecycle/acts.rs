//! Everything that can happen to an event, with the names histories and people use.

use crate::model::{CategoryCode, EventId, Level, PersonId, Timestamp};
use crate::triage::Emergency;

use super::super::Wish;

/// Something that happens to an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// The Lead is a problem: it gets its number in public.
    Confirm,
    /// Nobody supported the Lead.
    Expire,
    /// It is offered to somebody; `also` heard of it at the same time and may accept too (特急).
    Offer {
        /// Who answers for it until somebody accepts.
        to: PersonId,
        /// Who else may accept.
        also: Vec<PersonId>,
    },
    /// Nobody is left to ask: staff decides, and answers for it meanwhile.
    Park {
        /// The dispatcher, where there is one.
        to: Option<PersonId>,
    },
    /// Somebody takes it on.
    Accept {
        /// Who.
        by: PersonId,
    },
    /// Not mine.
    HandBack,
    /// It waits for something.
    Suspend {
        /// The review date.
        until: Timestamp,
    },
    /// It no longer waits.
    Resume,
    /// More time, once.
    Extend {
        /// The new limit.
        until: Timestamp,
    },
    /// To somebody else, who is asked to accept.
    Transfer {
        /// Who.
        to: PersonId,
    },
    /// A wish that needs staff's word.
    Ask(Wish),
    /// Staff said no to the wish.
    Deny,
    /// The handler says it is done.
    Resolve,
    /// The check failed.
    Rework,
    /// The check passed.
    Verify,
    /// A reporter is content; `enough` residents' word counts as the check.
    Satisfied {
        /// Who.
        by: PersonId,
        /// How many it takes.
        enough: usize,
    },
    /// Residents are asked once more.
    AskAgain,
    /// Nobody answered in time.
    Unanswered,
    /// A reporter is unhappy, or the problem is back.
    Reopen,
    /// It is the same as another.
    Merge {
        /// The other.
        into: EventId,
    },
    /// It went away by itself.
    SelfClear,
    /// Not a problem.
    Void,
    /// Not ours to solve.
    Decline,
    /// It is of another kind.
    Recategorise {
        /// The category.
        category: CategoryCode,
        /// Its family.
        family: String,
        /// Its level; 特急 stays 特急.
        level: Level,
    },
    /// More urgent than thought.
    Raise {
        /// The level.
        level: Level,
        /// Which kind of 特急.
        emergency: Option<Emergency>,
    },
    /// 吹哨.
    Escalate,
    /// 督办.
    Supervise,
    /// A reporter asks how it goes.
    Urge,
    /// A limit came near or passed.
    Remind,
}

impl Act {
    /// Its stable name, as histories keep it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Expire => "expire",
            Self::Offer { .. } => "offer",
            Self::Park { .. } => "park",
            Self::Accept { .. } => "accept",
            Self::HandBack => "hand_back",
            Self::Suspend { .. } => "suspend",
            Self::Resume => "resume",
            Self::Extend { .. } => "extend",
            Self::Transfer { .. } => "transfer",
            Self::Ask(_) => "ask",
            Self::Deny => "deny",
            Self::Resolve => "resolve",
            Self::Rework => "rework",
            Self::Verify => "verify",
            Self::Satisfied { .. } => "satisfied",
            Self::AskAgain => "ask_again",
            Self::Unanswered => "unanswered",
            Self::Reopen => "reopen",
            Self::Merge { .. } => "merge",
            Self::SelfClear => "self_clear",
            Self::Void => "void",
            Self::Decline => "decline",
            Self::Recategorise { .. } => "recategorise",
            Self::Raise { .. } => "raise",
            Self::Escalate => "escalate",
            Self::Supervise => "supervise",
            Self::Urge => "urge",
            Self::Remind => "remind",
        }
    }

    /// What people call it.
    pub fn chinese(&self) -> &'static str {
        chinese_name(self.name()).unwrap_or_default()
    }
}

/// What people call the act of this name.
pub fn chinese_name(act: &str) -> Option<&'static str> {
    let chinese = match act {
        "confirm" => "确认",
        "expire" => "线索过期",
        "offer" => "派单",
        "park" => "转社区决定",
        "accept" => "接单",
        "hand_back" => "退单",
        "suspend" => "挂账",
        "resume" => "恢复办理",
        "extend" => "延期",
        "transfer" => "转派",
        "ask" => "申请",
        "deny" => "不同意申请",
        "resolve" => "办结",
        "rework" => "返工",
        "verify" => "核查",
        "satisfied" => "满意",
        "ask_again" => "再次回访",
        "unanswered" => "回访期满",
        "reopen" => "重办",
        "merge" => "并案",
        "self_clear" => "确认自行消除",
        "void" => "作废",
        "decline" => "不予受理",
        "recategorise" => "改类别",
        "raise" => "提高级别",
        "escalate" => "吹哨",
        "supervise" => "督办",
        "urge" => "催办",
        "remind" => "提醒",
        _ => return None,
    };
    Some(chinese)
}
