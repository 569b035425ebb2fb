//! The built-in template of every kind of saying, and which facts it may use.

use std::collections::BTreeSet;

use crate::model::SayingKind;

/// What every template may use besides its own facts. `also` (names of the kinds said together with
/// this one, see [`super::Renderer::render`]) is always there; the others are about the event, made
/// by the desk, and absent without one or in a discreet matter.
pub(super) const GIVEN: [&str; 11] = [
    "also",
    "area",
    "body",
    "category",
    "id",
    "level",
    "number",
    "opened",
    "place",
    "state",
    "supporters",
];

macro_rules! wordings {
    ($($kind:ident $name:literal,)*) => {
        /// Every kind, in the order of [`SayingKind`].
        pub(super) const ALL: &[SayingKind] = &[$(SayingKind::$kind),*];

        /// The kind's name in file names and in `also`; the same as in JSON.
        pub(super) fn name(kind: SayingKind) -> &'static str {
            match kind {
                $(SayingKind::$kind => $name,)*
            }
        }

        /// Reads what [`name`] writes.
        pub(super) fn kind_of(name: &str) -> Option<SayingKind> {
            match name {
                $($name => Some(SayingKind::$kind),)*
                _ => None,
            }
        }

        /// The template that is used unless an operator wrote another.
        pub(super) fn built_in(kind: SayingKind) -> &'static str {
            match kind {
                $(SayingKind::$kind => include_str!(concat!("texts/", $name, ".txt")),)*
            }
        }
    };
}

wordings! {
    Welcome "welcome",
    Acknowledged "acknowledged",
    EmergencyAdvice "emergency_advice",
    DiscreetCare "discreet_care",
    KnownCause "known_cause",
    Accepted "accepted",
    Suspended "suspended",
    Extended "extended",
    Transferred "transferred",
    Escalated "escalated",
    Outcome "outcome",
    Reopened "reopened",
    Merged "merged",
    Declined "declined",
    SelfCleared "self_cleared",
    Answer "answer",
    Done "done",
    RefusedKindly "refused_kindly",
    WhichOne "which_one",
    Dispatch "dispatch",
    Reminder "reminder",
    Alarm "alarm",
    LeadShown "lead_shown",
    AwaitingStaff "awaiting_staff",
    ObjectionKept "objection_kept",
    Consultation "consultation",
}

/// The facts that a kind's template may use, read from the comment at the top of the built-in one:
/// its lines of the form `- name：meaning` are the one place where facts are declared.
pub(super) fn facts(kind: SayingKind) -> BTreeSet<&'static str> {
    let comment = built_in(kind).split("#}").next().unwrap_or_default();
    let own = comment
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split_once('：'))
        .map(|(name, _)| name);
    own.chain(GIVEN).collect()
}

/// What a text of this kind must keep, whoever wrote it, and why. Checked with and without facts.
pub(super) fn duty(kind: SayingKind, text: &str) -> Result<(), &'static str> {
    let first = text.lines().next().unwrap_or_default();
    let emergency_number = ["110", "119", "120"]
        .iter()
        .any(|call| first.contains(call));
    match kind {
        SayingKind::EmergencyAdvice if !emergency_number => {
            Err("第一行必须有要拨打的号码（110、119 或 120）")
        }
        SayingKind::Welcome if !text.contains("不要记录我") => {
            Err("必须保留“不要记录我”这句话，居民要知道怎样才能不被记录")
        }
        _ if text.trim().is_empty() => Err("写出来是空的，请至少留一句话"),
        _ => Ok(()),
    }
}
