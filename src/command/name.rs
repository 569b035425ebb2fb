//! The names of commands.

use serde::{Deserialize, Serialize};

/// Everything that can be asked for, by its name in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the Chinese name beside each is the documentation"
)]
pub enum CommandName {
    Accept,
    HandBack,
    Resolve,
    Suspend,
    Extend,
    Transfer,
    Merge,
    Void,
    Recategorise,
    Query,
    Mine,
    Help,
    Urge,
    Satisfied,
    Dissatisfied,
    Confirm,
    Verify,
    Rework,
    Approve,
    Escalate,
    Supervise,
    StopBot,
    StartBot,
}

impl CommandName {
    /// What people type.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Accept => "接单",
            Self::HandBack => "退单",
            Self::Resolve => "办结",
            Self::Suspend => "挂账",
            Self::Extend => "延期",
            Self::Transfer => "转派",
            Self::Merge => "并案",
            Self::Void => "作废",
            Self::Recategorise => "改类别",
            Self::Query => "查询",
            Self::Mine => "我的",
            Self::Help => "帮助",
            Self::Urge => "催办",
            Self::Satisfied => "满意",
            Self::Dissatisfied => "不满意",
            Self::Confirm => "确认",
            Self::Verify => "核查",
            Self::Rework => "返工",
            Self::Approve => "同意",
            Self::Escalate => "吹哨",
            Self::Supervise => "督办",
            Self::StopBot => "停止发言",
            Self::StartBot => "恢复发言",
        }
    }
}
