//! What is to be said, before there are words for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Destination, EventId, Level, MessageId, PersonId, SayingId, Timestamp};

/// Values a template may use: masked already where the destination is public.
pub type Facts = BTreeMap<String, String>;

/// One thing to say to one destination. Committed with its cause; the outbox finds the words later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saying {
    /// Derived from the cause and the destination, so that the same cause never makes two.
    pub id: SayingId,
    /// What kind of words.
    pub kind: SayingKind,
    /// The event it is about.
    pub event: Option<EventId>,
    /// Who hears it.
    pub to: Destination,
    /// [`Level::Critical`] breaks quiet hours and overtakes.
    pub level: Level,
    /// What the words are made of.
    pub facts: Facts,
    /// The message it answers.
    pub quote: Option<MessageId>,
    /// Whom it mentions, id and name.
    pub mentions: Vec<(PersonId, String)>,
    /// When the cause was committed.
    pub at: Timestamp,
}

/// Every kind of thing the bot says; each has one template of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SayingKind {
    /// To a group just admitted: who I am, what I keep, how to object.
    Welcome,
    /// 已受理 with the number.
    Acknowledged,
    /// 特急: the number to call first, then who is told.
    EmergencyAdvice,
    /// A kind general line where the matter is not to be named.
    DiscreetCare,
    /// Reports inside a known-cause window: what the notice said.
    KnownCause,
    /// 已派单 / somebody has taken it on.
    Accepted,
    /// 挂账: why it waits.
    Suspended,
    /// 延期: the new time.
    Extended,
    /// Sent on to another body.
    Transferred,
    /// 督办 or 吹哨, where residents should know.
    Escalated,
    /// The outcome, and the question whether it is well.
    Outcome,
    /// Reopened after an unhappy answer or a recurrence.
    Reopened,
    /// 并案: follow the other number.
    Merged,
    /// 作废 or 不予受理, with the reason.
    Declined,
    /// Went away by itself, confirmed.
    SelfCleared,
    /// An answer to 查询, 我的 or 帮助.
    Answer,
    /// A command was done.
    Done,
    /// A command was refused, kindly, with what to do instead.
    RefusedKindly,
    /// Which of several events is meant?
    WhichOne,
    /// To a worker: an order to take.
    Dispatch,
    /// To a worker: a limit comes near or has passed.
    Reminder,
    /// To the chain: a 特急 or a discreet matter, or nobody has taken it.
    Alarm,
    /// To staff: a lead to confirm or dismiss.
    LeadShown,
    /// To staff: something waits for approval or verification.
    AwaitingStaff,
    /// An objection was kept.
    ObjectionKept,
    /// A consultation was taken up (questions for the counter).
    Consultation,
}
