//! What kinds of matter there are, as `categories.toml` says, and the days nobody works.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CategoryCode, Level};

/// How far apart two reports may be and still be one problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MergeScope {
    /// The same building.
    #[serde(rename = "楼栋")]
    Building,
    /// The same 小区.
    #[serde(rename = "小区")]
    Estate,
    /// All 小区 under the same parent.
    #[serde(rename = "片区")]
    Quarter,
}

/// Time limits of one level. Working time except for 特急.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// To accept an order.
    pub accept: Duration,
    /// To the first answer after accepting.
    pub answer: Duration,
    /// To the result.
    pub finish: Duration,
}

/// A row of `categories.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Two digits.
    pub code: CategoryCode,
    /// 供电用电.
    pub name: String,
    /// The level a report has of itself; never 特急.
    pub level: Level,
    /// 责任主体, as residents read it.
    pub body: String,
    /// Categories of one family may be one problem (漏水 and 楼上漏水).
    pub family: String,
    /// See [`MergeScope`].
    pub merge_scope: MergeScope,
    /// How long after the last report another one still joins.
    pub merge_window: Duration,
    /// A loss of service (停电, 停水, 停气, 停网, lift): lasts until it is restored.
    pub loss_of_service: bool,
    /// Days after the result within which the same problem reopens the event.
    pub reopen_days: u16,
    /// Limits that differ from the level's.
    pub limits: Option<Limits>,
    /// Codes of the city's own catalogues, by catalogue.
    pub city_codes: BTreeMap<String, String>,
}

/// All categories and the limits of each level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    /// By code.
    pub categories: BTreeMap<CategoryCode, Category>,
    /// By level.
    pub limits: BTreeMap<Level, Limits>,
    /// Days off and 调休 working days.
    pub holidays: Holidays,
}

/// What differs from Monday to Friday.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holidays {
    /// Days off, on whatever weekday.
    pub off: BTreeSet<Date>,
    /// Weekend days that are worked (调休).
    pub work: BTreeSet<Date>,
}
