//! The worst mistakes, each with the decision that made it.

use crate::triage::{Action, Decision, OPENS_AT};

use super::gold::{Sample, Set, Told, Want, Wanted};
use super::played::Played;
use super::verdict::{Judged, Verdict};

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 特急 was not recognised.
    EmergencyMissed,
    /// 特急 was raised where there is none.
    EmergencyFalse,
    /// A problem was not opened.
    Missed,
    /// What is no problem was opened.
    FalseAlarm,
    /// The bot would have spoken into small talk.
    Spoken,
    /// A problem was filed under a category that does not fit.
    Category,
    /// A question was not recognised.
    Unanswered,
    /// An announcement was misread.
    Notice,
    /// A command was misread.
    Command,
    /// A row of `cases.csv` does not hold.
    Case,
}

impl Fault {
    /// All, the gravest first.
    pub const ALL: [Self; 10] = [
        Self::EmergencyMissed,
        Self::EmergencyFalse,
        Self::Missed,
        Self::FalseAlarm,
        Self::Spoken,
        Self::Category,
        Self::Unanswered,
        Self::Notice,
        Self::Command,
        Self::Case,
    ];
}

/// One mistake.
#[derive(Clone, Debug)]
pub struct Mistake<'j> {
    /// What went wrong.
    pub fault: Fault,
    /// In which set.
    pub set: Set,
    /// The message's id there.
    pub id: &'j str,
    /// What was said.
    pub text: &'j str,
    /// The label; `None` for a line of a conversation.
    pub sample: Option<&'j Sample>,
    /// What triage made of it; `None` where nobody listened.
    pub decision: Option<&'j Decision>,
    /// How far the score was on the wrong side.
    pub distance: f32,
}

/// All mistakes: the gravest faults first, of each the score that was farthest off first.
pub fn mistakes<'j>(judged: &'j [Judged], played: &'j [Played]) -> Vec<Mistake<'j>> {
    let of_rows = judged.iter().filter_map(|one| {
        let fault = fault(one)?;
        Some(Mistake {
            fault,
            set: one.sample.set,
            id: &one.sample.id,
            text: &one.sample.message.text,
            sample: Some(&one.sample),
            decision: Some(&one.decision),
            distance: distance(fault, Some(&one.decision)),
        })
    });
    // The month of many groups repeats the other sets; only its merging is its own.
    let of_talk = played
        .iter()
        .filter(|one| one.talk.set == Set::Bursts)
        .flat_map(of_talk);
    let mut all: Vec<_> = of_rows.chain(of_talk).collect();
    all.sort_by(|one, other| {
        (one.fault, other.distance, one.set, one.id)
            .partial_cmp(&(other.fault, one.distance, other.set, other.id))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    all
}

fn of_talk(played: &Played) -> Vec<Mistake<'_>> {
    let lines = played.talk.lines.iter().zip(&played.decisions);
    lines
        .zip(played.verdicts())
        .filter_map(|((line, decision), verdict)| {
            let fault = match (verdict, &line.told) {
                (Verdict::Missed, Told::Problem(_)) => Fault::Missed,
                (Verdict::False, _) => Fault::FalseAlarm,
                _ => return None,
            };
            Some(Mistake {
                fault,
                set: played.talk.set,
                id: line.message.id.as_str(),
                text: &line.message.text,
                sample: None,
                decision: decision.as_ref(),
                distance: distance(fault, decision.as_ref()),
            })
        })
        .collect()
}

fn fault(judged: &Judged) -> Option<Fault> {
    let verdict = judged.verdict();
    let sample = &judged.sample;
    let wrong = matches!(verdict, Verdict::Missed | Verdict::False | Verdict::Spoken);
    match &sample.wanted {
        Wanted::Actions(..) if verdict == Verdict::Spoken => Some(Fault::Spoken),
        Wanted::Actions(..) if verdict == Verdict::False => Some(Fault::FalseAlarm),
        Wanted::Actions(..) if verdict == Verdict::Missed => Some(if sample.wants(Want::Ask) {
            Fault::Unanswered
        } else {
            Fault::Missed
        }),
        Wanted::Actions(_, categories)
            if sample.wants(Want::Open) && !categories.is_empty() && !judged.category_fits() =>
        {
            Some(Fault::Category)
        }
        Wanted::Actions(..) => None,
        _ if !wrong => None,
        Wanted::Emergency => Some(Fault::EmergencyMissed),
        Wanted::NoEmergency => Some(Fault::EmergencyFalse),
        Wanted::Notice(_) => Some(Fault::Notice),
        Wanted::Command(_) => Some(Fault::Command),
        Wanted::Case(_) => Some(Fault::Case),
    }
}

fn distance(fault: Fault, decision: Option<&Decision>) -> f32 {
    let score = decision.map_or(0.0, |decision| match decision.action {
        // The score of an announcement says how official it is.
        Action::Notice => 0.0,
        _ => decision.score,
    });
    match fault {
        Fault::Missed | Fault::EmergencyMissed | Fault::Unanswered => OPENS_AT - score,
        Fault::FalseAlarm | Fault::EmergencyFalse => score - OPENS_AT,
        _ => score,
    }
}
