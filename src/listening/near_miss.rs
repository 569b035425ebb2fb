//! What counts as a near miss, and what mainly spoke against it.

use crate::triage::{Action, Decision, Dropped};

/// From this score on a silence is worth a look: half of what it takes to ask a person.
pub const NEAR: f32 = 0.7;

/// What takes away less than this decides nothing.
const TELLING: f32 = -0.3;

/// What mainly spoke against a message: a kind to group by, and the words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Against {
    /// The rule's stable name; `word` for a word that did not count, `little` where nothing spoke
    /// against it and there was only too little.
    pub rule: String,
    /// Chinese.
    pub text: String,
}

/// Whether evidence was there and the decision was to do nothing: a score from [`NEAR`] on, or a
/// strong word. What is not to be spoken of is never kept.
pub fn is_near_miss(decision: &Decision) -> bool {
    let strong = || {
        let mut reasons = decision.because.iter();
        reasons.any(|reason| reason.rule == "strong_word")
    };
    decision.action == Action::Ignore && !decision.discreet && (decision.score >= NEAR || strong())
}

/// The heaviest reason against, else the first word that did not count, else that it was too little.
pub fn main_reason(decision: &Decision) -> Against {
    let heaviest = decision.strongest_against();
    if let Some(reason) = heaviest.filter(|reason| reason.weight <= TELLING) {
        return Against {
            rule: reason.rule.clone(),
            text: reason.text.clone(),
        };
    }
    let left_out = |dropped: &&Dropped| !dropped.why.starts_with("已算在");
    if let Some(dropped) = decision.dropped.iter().find(left_out) {
        return Against {
            rule: "word".to_owned(),
            text: format!("“{}”{}", dropped.hit.keyword, dropped.why),
        };
    }
    let text = if decision.action == Action::Watch {
        "像是线索，但说不清是哪一类、在哪里"
    } else {
        "迹象不够"
    };
    Against {
        rule: "little".to_owned(),
        text: text.to_owned(),
    }
}

impl Against {
    /// What people call this kind of reason.
    pub fn chinese(rule: &str) -> &'static str {
        match rule {
            "negation" => "说的是没有",
            "device" => "自家物件",
            "restored" | "eased" => "已经好了",
            "past" => "过去的事",
            "elsewhere" => "别处的事",
            "news" => "新闻、转述",
            "hyperbole" => "夸张、玩笑",
            "advert" => "广告",
            "notice_words" => "通知的话",
            "plan" => "打算、预告",
            "thanks" => "感谢",
            "wish" => "愿望",
            "theory" => "假设、议论",
            "chat" => "闲聊",
            "staff_speaks" => "社区或物业说的",
            "little_ground" => "没说到具体的事",
            "word" => "词不算数",
            "expired" => "线索无人附和",
            "little" => "迹象不够",
            _ => "其他",
        }
    }
}
