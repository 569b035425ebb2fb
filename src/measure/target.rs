//! What the judgement must reach and what it should, as promised to those who use it.

use super::figure::{Better, Measure};
use super::gold::Set;

/// A floor that must hold and an aim beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Must be reached.
    pub floor: f64,
    /// Should be reached.
    pub aim: f64,
    /// Which way is better.
    pub better: Better,
}

/// How far a value has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// Not even the floor.
    Below,
    /// The floor.
    Floor,
    /// The aim.
    Aim,
}

impl Target {
    /// How far a value has come.
    pub fn reached(&self, value: f64) -> Reached {
        let holds = |least: f64| match self.better {
            Better::Higher => value >= least,
            Better::Lower => value <= least,
        };
        if holds(self.aim) {
            Reached::Aim
        } else if holds(self.floor) {
            Reached::Floor
        } else {
            Reached::Below
        }
    }
}

/// The target of a measure on a set. Our own examples are typed as `colloquial` is and mixed with
/// talk like `hard_negatives`, so they are held to the same.
pub fn target(set: Set, measure: Measure) -> Option<Target> {
    use Measure as M;
    use Set as S;
    let (floor, aim) = match (set, measure) {
        (S::Chatter, M::FalseAlarms) => (8.0, 2.0),
        (S::Chatter, M::Spoken) => (14.0, 5.0),
        (S::Chatter, M::Watched) => (60.0, 20.0),
        (S::Chatter, M::CriticalFalse) => (5.0, 1.0),
        (S::HardNegatives | S::Examples, M::Opened) => (0.08, 0.03),
        (S::Colloquial | S::Examples, M::Recall) => (0.70, 0.90),
        (S::Colloquial | S::Examples, M::Precision) => (0.82, 0.92),
        (S::Complaints, M::Recall) => (0.80, 0.92),
        (S::Complaints | S::Colloquial | S::Examples, M::Category) => (0.85, 0.93),
        (S::Bursts, M::Problems) => (0.85, 0.97),
        (S::Bursts, M::MergeF1) => (0.80, 0.93),
        (S::Bursts, M::EventsPerProblem) => (1.30, 1.05),
        (S::Bursts, M::IdleEvents) => (0.08, 0.02),
        (S::Stream, M::MergeF1) => (0.70, 0.85),
        (S::Emergencies, M::EmergencyRecall) | (S::Notices, M::Windows) => (0.90, 0.98),
        (S::Emergencies, M::EmergencyFalse) => (0.06, 0.02),
        (S::Notices, M::WindowsFalse) => (0.05, 0.02),
        (S::Notices, M::Matter) => (0.95, 0.99),
        (S::Notices, M::Times) => (0.80, 0.95),
        (S::Cases, M::Holding) => (1.0, 1.0),
        _ => return None,
    };
    Some(Target {
        floor,
        aim,
        better: measure.better(),
    })
}
