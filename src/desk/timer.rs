//! Things to do at an instant, kept so that no restart forgets them.

use serde::{Deserialize, Serialize};

use crate::model::{EventId, Timestamp};
use crate::store::{Index, Key, Kind, Record};

/// What is to be done. At most one of each kind per subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// A Lead nobody supported goes away (T3).
    LeadExpires,
    /// A Lead still waits for a person's yes or no (T4).
    LeadWaits,
    /// 80 % of the time to accept.
    AcceptWarn,
    /// Nobody accepted: the next one is asked (T8).
    AcceptBy,
    /// No word from the holder since accepting.
    AnswerBy,
    /// 80 % of the time to finish.
    FinishWarn,
    /// The time to finish is over: red.
    FinishBy,
    /// The review date of a 挂账.
    Review,
    /// A result waits to be checked (T14).
    VerifyBy,
    /// Residents are asked again, or silence counts as well (T16).
    FollowUp,
    /// The 街道 owes an answer (T11, T20).
    StreetBy,
    /// Restored evidence has stood without a new report; `restored.rs` acts.
    RestoredQuiet,
    /// A known-cause window is over; `notices.rs` acts. The subject is the notice.
    NoticeEnds,
}

impl TimerKind {
    /// Its name in ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeadExpires => "lead_expires",
            Self::LeadWaits => "lead_waits",
            Self::AcceptWarn => "accept_warn",
            Self::AcceptBy => "accept_by",
            Self::AnswerBy => "answer_by",
            Self::FinishWarn => "finish_warn",
            Self::FinishBy => "finish_by",
            Self::Review => "review",
            Self::VerifyBy => "verify_by",
            Self::FollowUp => "follow_up",
            Self::StreetBy => "street_by",
            Self::RestoredQuiet => "restored_quiet",
            Self::NoticeEnds => "notice_ends",
        }
    }
}

/// One thing to do. Setting it again moves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// The id of the event, or of the notice.
    pub subject: String,
    /// What.
    pub kind: TimerKind,
    /// When.
    pub due: Timestamp,
}

impl Timer {
    /// A timer about an event.
    pub fn of_event(event: &EventId, kind: TimerKind, due: Timestamp) -> Self {
        Self {
            subject: event.to_string(),
            kind,
            due,
        }
    }

    /// The id of the timer of this kind about this subject.
    pub fn id_of(subject: &str, kind: TimerKind) -> String {
        format!("{subject}/{}", kind.name())
    }
}

impl Record for Timer {
    const KIND: Kind = Kind::Timer;

    fn id(&self) -> String {
        Self::id_of(&self.subject, self.kind)
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        vec![(Index::TimerDue, Key::new().time(self.due))]
    }
}
