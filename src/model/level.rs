//! How urgent a matter is.

use serde::{Deserialize, Serialize};

/// Urgency, from 疑难 and 咨询 up to 特急. Ordered: a higher level sorts later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 咨询: a question for the community's counter.
    Inquiry,
    /// 疑难: needs more than the community, 15 days.
    Hard,
    /// 一般.
    Normal,
    /// 紧急: loss of a service, danger to property.
    Urgent,
    /// 特急: danger to life; only the nine emergency kinds give it.
    Critical,
}

impl Level {
    /// All levels, most urgent first.
    pub const ALL: [Self; 5] = [
        Self::Critical,
        Self::Urgent,
        Self::Normal,
        Self::Hard,
        Self::Inquiry,
    ];

    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Critical => "特急",
            Self::Urgent => "紧急",
            Self::Normal => "一般",
            Self::Hard => "疑难",
            Self::Inquiry => "咨询",
        }
    }

    /// Reads what [`Level::chinese`] writes.
    pub fn from_chinese(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.chinese() == name)
    }
}
