//! A decision as one line of JSON, exactly as `triage` prints it.

use serde::Serialize;

use crate::command::Command;
use crate::model::{CategoryCode, EventId, Level, MessageId};

use super::{Action, Decision, Emergency, NoticeFound};

/// One line of output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DecisionLine<'d> {
    /// The message.
    pub id: &'d MessageId,
    /// What becomes of it.
    pub action: Action,
    /// What it is about.
    pub category: Option<&'d CategoryCode>,
    /// How urgent it is.
    pub level: Option<Level>,
    /// The sum of the weights.
    pub score: f32,
    /// Words that count, bytes of the original text.
    pub hits: Vec<HitLine<'d>>,
    /// Where, as people read it.
    pub place: Option<String>,
    /// Which of the nine kinds of 特急.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Emergency>,
    /// Not to be spoken of in the group.
    #[serde(skip_serializing_if = "is_open_talk")]
    pub discreet: bool,
    /// What an announcement says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<&'d NoticeFound>,
    /// What was asked of the bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<&'d Command>,
    /// The event whose conversation this continues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports: Option<&'d EventId>,
    /// The reasons, each with its weight.
    pub because: Vec<String>,
}

/// A word that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HitLine<'d> {
    /// As it stands in the lexicon.
    pub keyword: &'d str,
    /// Byte offset of its first character.
    pub start: usize,
    /// Byte offset behind its last character.
    pub end: usize,
}

impl<'d> From<&'d Decision> for DecisionLine<'d> {
    fn from(decision: &'d Decision) -> Self {
        Self {
            id: &decision.id,
            action: decision.action,
            category: decision.category.as_ref(),
            level: decision.level,
            score: decision.score,
            hits: decision
                .hits
                .iter()
                .map(|hit| HitLine {
                    keyword: &hit.keyword,
                    start: hit.start,
                    end: hit.end,
                })
                .collect(),
            place: decision.place.as_ref().map(ToString::to_string),
            emergency: decision.emergency,
            discreet: decision.discreet,
            notice: decision.notice.as_ref(),
            command: decision.command.as_ref(),
            supports: decision.supports.as_ref(),
            because: decision
                .because
                .iter()
                .map(|reason| weighted(&reason.text, reason.weight))
                .chain(
                    decision
                        .dropped
                        .iter()
                        .map(|dropped| format!("不算：“{}”{}", dropped.hit.keyword, dropped.why)),
                )
                .collect(),
        }
    }
}

/// A reason with its weight behind it, where it has one.
pub(super) fn weighted(text: &str, weight: f32) -> String {
    if weight == 0.0 {
        text.to_owned()
    } else {
        format!("{text}（{weight:+}）")
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_open_talk(discreet: &bool) -> bool {
    !discreet
}
