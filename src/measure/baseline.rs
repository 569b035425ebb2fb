//! Decisions kept from an earlier run, and what changed since: message by message, figure by figure.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::model::{CategoryCode, Level};
use crate::triage::{Action, Decision};

use super::figure::{Better, Figure};
use super::gold::Set;
use super::played::Played;
use super::verdict::{Judged, Verdict};

/// One line of a kept run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SavedLine {
    /// A decision.
    Decision(SavedDecision),
    /// A figure.
    Figure(SavedFigure),
}

/// A decision, without the words it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedDecision {
    /// Which set the message belongs to.
    pub set: Set,
    /// Its id there.
    pub id: String,
    /// What became of it.
    pub action: Action,
    /// What it is about.
    pub category: Option<CategoryCode>,
    /// How urgent it is.
    pub level: Option<Level>,
    /// Its score.
    pub score: f32,
    /// What that was worth.
    pub verdict: Verdict,
}

/// A figure's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedFigure {
    /// See [`Figure::key`].
    pub figure: String,
    /// See [`Figure::value`].
    pub value: f64,
}

/// A message of this run, as a kept run is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<'j> {
    /// What is kept of it.
    pub saved: SavedDecision,
    /// What was said.
    pub text: &'j str,
    /// What triage made of it; `None` where nobody listened.
    pub decision: Option<&'j Decision>,
}

/// All messages of this run.
pub fn outcomes<'j>(judged: &'j [Judged], played: &'j [Played]) -> Vec<Outcome<'j>> {
    let of_rows = judged.iter().map(|one| Outcome {
        saved: saved(
            one.sample.set,
            &one.sample.id,
            Some(&one.decision),
            one.verdict(),
        ),
        text: &one.sample.message.text,
        decision: Some(&one.decision),
    });
    let of_talk = played.iter().flat_map(|played| {
        let lines = played.talk.lines.iter().zip(&played.decisions);
        lines
            .zip(played.verdicts())
            .map(|((line, decision), verdict)| {
                let decision = decision.as_ref();
                Outcome {
                    saved: saved(played.talk.set, line.message.id.as_str(), decision, verdict),
                    text: &line.message.text,
                    decision,
                }
            })
    });
    of_rows.chain(of_talk).collect()
}

fn saved(set: Set, id: &str, decision: Option<&Decision>, verdict: Verdict) -> SavedDecision {
    SavedDecision {
        set,
        id: id.to_owned(),
        action: decision.map(|one| one.action).unwrap_or_default(),
        category: decision.and_then(|one| one.category.clone()),
        level: decision.and_then(|one| one.level),
        score: decision.map_or(0.0, |one| one.score),
        verdict,
    }
}

/// What is kept of a figure.
pub fn saved_figure(figure: &Figure) -> SavedFigure {
    SavedFigure {
        figure: figure.key(),
        value: figure.value(),
    }
}

/// How a message's outcome changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Found now.
    Found,
    /// Found before, not now.
    Lost,
    /// False now.
    False,
    /// False before, quiet now.
    Quiet,
}

impl Turn {
    /// All, the good ones first.
    pub const ALL: [Self; 4] = [Self::Found, Self::Quiet, Self::Lost, Self::False];
}

/// A message whose outcome changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed<'d> {
    /// How.
    pub turn: Turn,
    /// What it was.
    pub before: SavedDecision,
    /// What it is.
    pub now: &'d Outcome<'d>,
}

/// A figure that changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved<'d> {
    /// What it is.
    pub now: &'d Figure,
    /// What it was.
    pub before: f64,
}

impl Moved<'_> {
    /// Whether it moved the way it should.
    pub fn is_better(&self) -> bool {
        match self.now.measure.better() {
            Better::Higher => self.now.value() > self.before,
            Better::Lower => self.now.value() < self.before,
        }
    }
}

/// What changed since a kept run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference<'d> {
    /// Messages whose outcome changed, in order of [`Turn::ALL`] and of the sets.
    pub messages: Vec<Changed<'d>>,
    /// Figures that changed.
    pub figures: Vec<Moved<'d>>,
    /// Messages of this run that the kept run did not have.
    pub new: usize,
    /// Messages of the kept run that are no longer there.
    pub gone: usize,
}

/// Compares a run with a kept one.
pub fn difference<'d>(
    kept: &[SavedLine],
    outcomes: &'d [Outcome<'d>],
    figures: &'d [Figure],
) -> Difference<'d> {
    let mut decisions: HashMap<(Set, &str), &SavedDecision> = HashMap::new();
    let mut values: HashMap<&str, f64> = HashMap::new();
    for line in kept {
        match line {
            SavedLine::Decision(one) => _ = decisions.insert((one.set, &one.id), one),
            SavedLine::Figure(one) => _ = values.insert(&one.figure, one.value),
        }
    }
    let mut difference = Difference::default();
    for now in outcomes {
        let Some(before) = decisions.remove(&(now.saved.set, now.saved.id.as_str())) else {
            difference.new += 1;
            continue;
        };
        difference
            .messages
            .extend(
                turns(before.verdict, now.saved.verdict)
                    .into_iter()
                    .map(|turn| Changed {
                        turn,
                        before: before.clone(),
                        now,
                    }),
            );
    }
    difference.gone = decisions.len();
    let order = |turn: Turn| Turn::ALL.iter().position(|one| *one == turn);
    difference
        .messages
        .sort_by_key(|changed| (order(changed.turn), changed.now.saved.set));
    difference.figures = figures
        .iter()
        .filter_map(|now| {
            let before = *values.get(now.key().as_str())?;
            // Both were rounded the same way.
            (before.to_bits() != now.value().to_bits()).then_some(Moved { now, before })
        })
        .collect();
    difference
}

/// A question that was answered and is now opened as a problem is both lost and false.
fn turns(before: Verdict, now: Verdict) -> Vec<Turn> {
    let found = |verdict| verdict == Verdict::Found;
    [
        (!found(before) && found(now), Turn::Found),
        (found(before) && !found(now), Turn::Lost),
        (!before.is_false() && now.is_false(), Turn::False),
        (before.is_false() && !now.is_false(), Turn::Quiet),
    ]
    .into_iter()
    .filter_map(|(holds, turn)| holds.then_some(turn))
    .collect()
}
