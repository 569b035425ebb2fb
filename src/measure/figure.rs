//! A figure: what was measured, of what, and how sure it is.

use serde::{Deserialize, Serialize};

use crate::model::CategoryCode;

use super::gold::Set;
use super::interval::{Piece, interval};
use super::target::{Target, target};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Clear problems that were opened.
    Recall,
    /// Clear problems that were opened or shown to a person.
    RecallOrWatch,
    /// Of what was opened, what is a problem; debatable rows apart.
    Precision,
    /// Of clear problems that were opened, those with a category that fits.
    Category,
    /// Questions recognised as questions.
    Questions,
    /// Ordinary messages opened as problems.
    FalseAlarms,
    /// Ordinary messages that the bot would answer or act on in any way.
    Spoken,
    /// Ordinary messages shown to a person.
    Watched,
    /// Ordinary messages raised to 特急.
    CriticalFalse,
    /// Ordinary messages taken as commands.
    CommandsFromTalk,
    /// Talk that reports nothing, opened as a problem.
    Opened,
    /// Rows of `cases.csv` that hold.
    Holding,
    /// 特急 recognised.
    EmergencyRecall,
    /// 特急 raised where there is none.
    EmergencyFalse,
    /// Commands whose name and right were read.
    CommandsNamed,
    /// Commands read in full.
    CommandsRight,
    /// Windows found.
    Windows,
    /// Windows found where there is none.
    WindowsFalse,
    /// Windows with the right matter.
    Matter,
    /// Windows with exact start and end.
    Times,
    /// How much of the places found and wanted is the same.
    Places,
    /// Notices opened as problems.
    NoticesOpened,
    /// Problems of which at least one report was found.
    Problems,
    /// Reports found.
    Reports,
    /// Pairs put into one event that belong together.
    MergePrecision,
    /// Pairs that belong together and were put into one event.
    MergeRecall,
    /// Both, of the reports found.
    MergeF1,
    /// Events made of one problem.
    EventsPerProblem,
    /// Events made of idle talk only.
    IdleEvents,
    /// Idle lines taken into an event.
    IdleAttached,
    /// Me-too lines taken into an event.
    MeTooAttached,
    /// Lonely problems that share an event with another one.
    Strangers,
}

/// How a figure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 0 to 1.
    Share,
    /// In 10,000 messages.
    PerTenThousand,
    /// In 100,000 messages.
    PerHundredThousand,
    /// So many of one per one of the other.
    Ratio,
}

impl Unit {
    /// What a plain share is multiplied by.
    pub fn scale(self) -> f64 {
        match self {
            Self::Share | Self::Ratio => 1.0,
            Self::PerTenThousand => 1e4,
            Self::PerHundredThousand => 1e5,
        }
    }

    /// Digits behind the point that mean something.
    pub fn digits(self) -> usize {
        match self {
            Self::Share => 4,
            Self::Ratio => 3,
            Self::PerTenThousand => 2,
            Self::PerHundredThousand => 1,
        }
    }
}

/// Which way a figure should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Up.
    Higher,
    /// Down.
    Lower,
}

impl Measure {
    /// How it is counted.
    pub fn unit(self) -> Unit {
        match self {
            Self::FalseAlarms | Self::Spoken | Self::Watched | Self::CommandsFromTalk => {
                Unit::PerTenThousand
            }
            Self::CriticalFalse => Unit::PerHundredThousand,
            Self::EventsPerProblem | Self::Places => Unit::Ratio,
            _ => Unit::Share,
        }
    }

    /// Which way it should go.
    pub fn better(self) -> Better {
        match self {
            Self::FalseAlarms
            | Self::Spoken
            | Self::Watched
            | Self::CriticalFalse
            | Self::CommandsFromTalk
            | Self::Opened
            | Self::EmergencyFalse
            | Self::WindowsFalse
            | Self::NoticesOpened
            | Self::EventsPerProblem
            | Self::IdleEvents
            | Self::IdleAttached
            | Self::Strangers => Better::Lower,
            _ => Better::Higher,
        }
    }

    /// The stable name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recall => "recall",
            Self::RecallOrWatch => "recall_open_or_watch",
            Self::Precision => "precision",
            Self::Category => "category_accuracy",
            Self::Questions => "questions_as_ask",
            Self::FalseAlarms => "false_alarms_per_10000",
            Self::Spoken => "spoken_or_acted_per_10000",
            Self::Watched => "watched_per_10000",
            Self::CriticalFalse => "critical_false_per_100000",
            Self::CommandsFromTalk => "commands_per_10000",
            Self::Opened => "opened",
            Self::Holding => "holding",
            Self::EmergencyRecall => "critical_recall",
            Self::EmergencyFalse => "critical_false",
            Self::CommandsNamed => "named",
            Self::CommandsRight => "right",
            Self::Windows => "windows_recall",
            Self::WindowsFalse => "windows_false",
            Self::Matter => "matter",
            Self::Times => "times",
            Self::Places => "places_overlap",
            Self::NoticesOpened => "opened_as_events",
            Self::Problems => "problems_found",
            Self::Reports => "messages_found",
            Self::MergePrecision => "merge_precision",
            Self::MergeRecall => "merge_recall",
            Self::MergeF1 => "merge_f1_of_found",
            Self::EventsPerProblem => "events_per_problem",
            Self::IdleEvents => "events_from_idle_share",
            Self::IdleAttached => "idle_attached",
            Self::MeTooAttached => "me_too_attached",
            Self::Strangers => "strangers_merged",
        }
    }
}

/// What part of a set a figure is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    /// All of it.
    All,
    /// A category.
    Category(CategoryCode),
    /// Where messages come from.
    Source(String),
    /// What kind they are.
    Kind(String),
}

impl Slice {
    /// What it is cut by and which part it is, as in JSON; `None` for all.
    pub fn name(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::All => None,
            Self::Category(code) => Some(("category", code.as_str())),
            Self::Source(source) => Some(("source", source)),
            Self::Kind(kind) => Some(("kind", kind)),
        }
    }
}

/// One measured figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Of which set.
    pub set: Set,
    /// What.
    pub measure: Measure,
    /// Of which part of the set.
    pub slice: Slice,
    /// Above the line.
    pub hits: f64,
    /// Below the line; 0: nothing there to measure.
    pub of: f64,
    /// The 95 % interval, in the figure's unit.
    pub interval: Option<(f64, f64)>,
}

impl Figure {
    /// A figure of pieces that add up.
    pub fn of(set: Set, measure: Measure, slice: Slice, pieces: &[Piece]) -> Self {
        let scale = measure.unit().scale();
        // An event across two problems is counted with one of them, so a draw may exceed all.
        let most = match measure.unit() {
            Unit::Ratio => f64::INFINITY,
            _ => scale,
        };
        let in_unit = |share: f64| (share * scale).min(most);
        Self {
            set,
            measure,
            slice,
            hits: pieces.iter().map(|piece| piece.0).sum(),
            of: pieces.iter().map(|piece| piece.1).sum(),
            interval: interval(pieces).map(|(low, high)| (in_unit(low), in_unit(high))),
        }
    }

    /// In its unit, with the digits that mean something; 0 where nothing was there to measure.
    pub fn value(&self) -> f64 {
        let unit = self.measure.unit();
        rounded(self.hits / self.of.max(1.0) * unit.scale(), unit.digits())
    }

    /// The interval, rounded as the value is.
    pub fn bounds(&self) -> Option<(f64, f64)> {
        let digits = self.measure.unit().digits();
        let (low, high) = self.interval?;
        Some((rounded(low, digits), rounded(high, digits)))
    }

    /// What it must and what it should reach; only whole sets have targets.
    pub fn target(&self) -> Option<Target> {
        (self.slice == Slice::All).then(|| target(self.set, self.measure))?
    }

    /// Its name from run to run: `colloquial.recall`, `colloquial.recall/category=05`.
    pub fn key(&self) -> String {
        let whole = format!("{}.{}", self.set.name(), self.measure.name());
        match self.slice.name() {
            None => whole,
            Some((by, part)) => format!("{whole}/{by}={part}"),
        }
    }
}

/// Rounded as printing rounds: to the nearest of the exact binary value.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().unwrap_or(value)
}
