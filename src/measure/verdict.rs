//! What a decision is worth, beside what its label wants.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Level;
use crate::triage::{Action, Decision};

use super::gold::{NoticeGold, Sample, Set, Want, Wanted};

/// A labelled message and what triage made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The message and its label.
    pub sample: Sample,
    /// What triage made of it.
    pub decision: Decision,
}

/// Whether a decision is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// What there was to find was found.
    Found,
    /// It was not.
    Missed,
    /// Something was made of what is nothing, or the wrong thing.
    False,
    /// The bot would have spoken where it had nothing to say.
    Spoken,
    /// Nothing was there and nothing was made of it.
    Quiet,
    /// Careful readers differ.
    Debatable,
}

impl Verdict {
    /// Whether it is a mistake of saying too much.
    pub fn is_false(self) -> bool {
        matches!(self, Self::False | Self::Spoken)
    }
}

impl Judged {
    /// Whether a problem was opened.
    pub fn opened(&self) -> bool {
        self.decision.action == Action::Open
    }

    /// Whether a person would look.
    pub fn opened_or_watched(&self) -> bool {
        matches!(self.decision.action, Action::Open | Action::Watch)
    }

    /// Whether the bot would speak or act.
    pub fn speaks(&self) -> bool {
        !matches!(self.decision.action, Action::Ignore | Action::Watch)
    }

    /// Whether 特急 was raised.
    pub fn critical(&self) -> bool {
        self.opened() && self.decision.level == Some(Level::Critical)
    }

    /// Whether the category is one of those that fit.
    pub fn category_fits(&self) -> bool {
        let found = self.decision.category.as_ref();
        found.is_some_and(|found| self.sample.categories().contains(found))
    }

    /// Whether a known-cause window was found.
    pub fn window(&self) -> bool {
        let notice = self.decision.notice.as_ref();
        self.decision.action == Action::Notice && notice.is_some_and(|notice| notice.opens_window)
    }

    /// What the decision is worth.
    pub fn verdict(&self) -> Verdict {
        match &self.sample.wanted {
            Wanted::Actions(wants, _) => self.of_actions(wants),
            Wanted::Emergency => found(self.critical()),
            Wanted::NoEmergency => quiet(!self.critical()),
            Wanted::Notice(gold) => self.of_notice(gold),
            Wanted::Command(expected) => match self.command(expected) {
                Obeyed::Right if expected["command"] == "none" => Verdict::Quiet,
                Obeyed::Right => Verdict::Found,
                _ if self.decision.command.is_none() => Verdict::Missed,
                _ => Verdict::False,
            },
            Wanted::Case(_) => found(self.case_holds()),
        }
    }

    fn of_actions(&self, wants: &[Want]) -> Verdict {
        match wants {
            [Want::Open] => found(self.opened()),
            [Want::Ask] if self.decision.action == Action::Ask => Verdict::Found,
            [Want::Ask] if !self.opened() => Verdict::Missed,
            [Want::Ask | Want::Nothing] if self.opened() => Verdict::False,
            // What is typed like a notice or as thanks may be answered as that; small talk may not.
            [Want::Nothing] if self.sample.set == Set::Chatter && self.speaks() => Verdict::Spoken,
            [Want::Nothing] => Verdict::Quiet,
            _ => Verdict::Debatable,
        }
    }

    fn of_notice(&self, gold: &NoticeGold) -> Verdict {
        match (gold.opens_window, self.window()) {
            (true, _) => found(self.window()),
            (false, true) => Verdict::False,
            (false, false) => quiet(!(gold.is_notice && self.opened())),
        }
    }

    /// Whether a row of `cases.csv` holds, as `lexicon check` sees it.
    pub fn case_holds(&self) -> bool {
        let Wanted::Case(case) = &self.sample.wanted else {
            return false;
        };
        let decision = &self.decision;
        let hit = |word: &String| decision.hits.iter().any(|hit| hit.keyword == *word);
        serde_json::to_value(decision.action).is_ok_and(|action| action == case.expect.as_str())
            && (case.category.is_none() || decision.category == case.category)
            && (case.level.is_none() || decision.level == case.level)
            && case.hits.iter().all(hit)
    }

    /// How much of a command was understood.
    pub fn command(&self, expected: &Value) -> Obeyed {
        let got = serde_json::to_value(&self.decision.command).unwrap_or_default();
        let name = got["name"].as_str().unwrap_or("none");
        let allowed = |of: &Value| of.get("allowed").is_none_or(|it| *it == Value::Bool(true));
        if expected["command"] != name || allowed(&got) != allowed(expected) {
            return Obeyed::Wrong;
        }
        let right = name == "none"
            || number(&got["event"]) == number(&expected["event"])
                && person(&got["to"]) == person(&expected["to"])
                && words(&got["until"]) == words(&expected["until"]);
        if right { Obeyed::Right } else { Obeyed::Named }
    }
}

/// How much of a command was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obeyed {
    /// Not even what is wanted.
    Wrong,
    /// What is wanted, but not of which event, to whom or until when.
    Named,
    /// All of it.
    Right,
}

fn found(found: bool) -> Verdict {
    if found {
        Verdict::Found
    } else {
        Verdict::Missed
    }
}

fn quiet(quiet: bool) -> Verdict {
    if quiet {
        Verdict::Quiet
    } else {
        Verdict::False
    }
}

/// A short number or the serial of a full id, without leading zeros.
fn number(event: &Value) -> &str {
    let serial = words(event).rsplit('-').next().unwrap_or_default();
    serial.trim_start_matches(['0', '#'])
}

fn person(to: &Value) -> &str {
    words(to).trim_start_matches('@')
}

fn words(of: &Value) -> &str {
    of.as_str().unwrap_or_default()
}
