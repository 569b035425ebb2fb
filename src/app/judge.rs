//! Triage as the lexicon's own cases see it.

use crate::lexicon::{Case, CaseOutcome, Lexicon};
use crate::model::{AreaId, GroupRef, Message, Sender, Timestamp};
use crate::triage::{Context, decide};

/// A resident of no particular place says the case's text; this is what becomes of it.
pub fn judge(lexicon: &Lexicon, case: &Case) -> CaseOutcome {
    let at = Timestamp::UNIX_EPOCH;
    let decision = decide(at, &said(&case.text, at), &Context::default(), lexicon);
    let action = serde_json::to_value(decision.action).unwrap_or_default();
    CaseOutcome {
        action: action.as_str().unwrap_or_default().to_owned(),
        category: decision.category,
        level: decision.level,
        hits: decision.hits.into_iter().map(|hit| hit.keyword).collect(),
    }
}

/// A line somebody typed to try it, as a message.
pub fn said(text: &str, at: Timestamp) -> Message {
    Message {
        id: "1".into(),
        gateway: "".into(),
        group: GroupRef {
            id: "g1".into(),
            name: String::new(),
            area: Vec::new(),
        },
        sender: Sender {
            id: "u1".into(),
            ..Sender::default()
        },
        time: at,
        text: text.to_owned(),
        mentions: Vec::new(),
        mentions_bot: false,
        direct: false,
        reply_to: None,
        quoted: None,
        quotes_event: None,
        media: Vec::new(),
    }
}

/// What a recorded message brings along about itself, where no directory is asked.
pub fn recorded_context(message: &Message) -> Context {
    let area = AreaId::from_path(&message.group.area);
    Context {
        role: message.sender.role,
        area: (!message.group.area.is_empty()).then_some(area),
        area_names: message.group.area.clone().into(),
        ..Context::default()
    }
}
