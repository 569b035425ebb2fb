//! A conversation after it went through the whole pipeline.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::MessageId;
use crate::triage::Decision;

use super::figure::{Figure, Measure, Slice};
use super::gold::{Line, Set, Talk, Told};
use super::interval::Piece;
use super::verdict::Verdict;

/// A conversation and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// What was said.
    pub talk: Talk,
    /// What triage made of each line; `None` where nobody listened.
    pub decisions: Vec<Option<Decision>>,
    /// The events that were ever opened, in order of opening.
    pub events: Vec<PlayedEvent>,
}

/// An event as a replay leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlayedEvent {
    /// Its number.
    pub id: String,
    /// The messages that support it.
    pub messages: Vec<MessageId>,
}

impl Played {
    /// Which event each message supports, by its place among the events.
    pub fn events_of(&self) -> HashMap<&MessageId, usize> {
        let events = self.events.iter().enumerate();
        events
            .flat_map(|(at, event)| event.messages.iter().map(move |message| (message, at)))
            .collect()
    }

    /// What each line's outcome is worth.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let events = self.events_of();
        let of_line = |line: &Line| {
            let is_in = events.contains_key(&line.message.id);
            match (&line.told, is_in) {
                (Told::Problem(_), true) => Verdict::Found,
                (Told::Problem(_), false) => Verdict::Missed,
                (Told::Idle, true) => Verdict::False,
                (Told::Idle, false) => Verdict::Quiet,
                _ => Verdict::Debatable,
            }
        };
        self.talk.lines.iter().map(of_line).collect()
    }
}

/// The figures of conversations of one set.
pub(super) fn figures(set: Set, played: &[&Played]) -> Vec<Figure> {
    let counts: Vec<Counts> = played.iter().map(|one| Counts::of(one)).collect();
    let figure = |measure, pieces: &dyn Fn(&Counts) -> Vec<Piece>| {
        let pieces: Vec<Piece> = counts.iter().flat_map(pieces).collect();
        Figure::of(set, measure, Slice::All, &pieces)
    };
    let by_unit = |of: fn(&Unit) -> (u64, u64)| {
        move |counts: &Counts| -> Vec<Piece> {
            let units = counts.units.values();
            units.map(|unit| piece(of(unit))).collect()
        }
    };
    vec![
        figure(
            Measure::Problems,
            &by_unit(|u| (u.problems_found, u.problems)),
        ),
        figure(Measure::Reports, &by_unit(|u| (u.found, u.reports))),
        figure(
            Measure::MergeF1,
            &by_unit(|u| (2 * u.right, u.wanted_of_found + u.made)),
        ),
        figure(Measure::MergePrecision, &by_unit(|u| (u.right, u.made))),
        figure(Measure::MergeRecall, &by_unit(|u| (u.right, u.wanted))),
        figure(
            Measure::EventsPerProblem,
            &by_unit(|u| (u.events, u.problems_found)),
        ),
        figure(Measure::IdleEvents, &|counts| counts.idle_events.clone()),
        figure(Measure::IdleAttached, &|counts| {
            counts.idle_attached.clone()
        }),
        figure(Measure::MeTooAttached, &|counts| {
            counts.me_too_attached.clone()
        }),
        figure(Measure::Strangers, &|counts| counts.strangers.clone()),
    ]
    .into_iter()
    .filter(|figure| figure.of > 0.0)
    .collect()
}

/// What belongs together for the bootstrap: a scene, or a problem where there are no scenes.
#[derive(Clone, Copy, Debug, Default)]
struct Unit {
    problems: u64,
    problems_found: u64,
    reports: u64,
    found: u64,
    events: u64,
    /// Pairs of reports of one problem.
    wanted: u64,
    /// The same, of reports that were found.
    wanted_of_found: u64,
    /// Pairs of found reports in one event.
    made: u64,
    /// Pairs of both.
    right: u64,
}

#[derive(Debug, Default)]
struct Counts<'p> {
    units: BTreeMap<&'p str, Unit>,
    idle_events: Vec<Piece>,
    idle_attached: Vec<Piece>,
    me_too_attached: Vec<Piece>,
    strangers: Vec<Piece>,
}

impl<'p> Counts<'p> {
    fn of(played: &'p Played) -> Self {
        let mut counts = Self::default();
        let events = played.events_of();
        counts.merging(played, &events);
        let lines = &played.talk.lines;
        let idle: BTreeSet<&MessageId> = of_told(lines, &Told::Idle)
            .map(|line| &line.message.id)
            .collect();
        let is_idle = |event: &PlayedEvent| event.messages.iter().all(|one| idle.contains(one));
        counts.idle_events = played.events.iter().map(is_idle).map(row).collect();
        let attached = |told: &Told| -> Vec<Piece> {
            of_told(lines, told)
                .map(|line| row(events.contains_key(&line.message.id)))
                .collect()
        };
        counts.idle_attached = attached(&Told::Idle);
        counts.me_too_attached = attached(&Told::MeToo);
        let lonely: Vec<usize> = of_told(lines, &Told::Lonely)
            .filter_map(|line| events.get(&line.message.id).copied())
            .collect();
        let mut lodgers: BTreeMap<usize, usize> = BTreeMap::new();
        for event in &lonely {
            *lodgers.entry(*event).or_default() += 1;
        }
        counts.strangers = lonely.iter().map(|event| row(lodgers[event] > 1)).collect();
        counts
    }

    fn merging(&mut self, played: &'p Played, events: &HashMap<&MessageId, usize>) {
        // Per problem: its unit, its reports, and of those found how many are in which event.
        let mut problems: BTreeMap<&str, (&'p str, u64, BTreeMap<usize, u64>)> = BTreeMap::new();
        // Per event: the unit of its first report, and its reports.
        let mut made: BTreeMap<usize, (&'p str, u64)> = BTreeMap::new();
        for line in &played.talk.lines {
            let Told::Problem(name) = &line.told else {
                continue;
            };
            let unit = if line.scene.is_empty() {
                name
            } else {
                &line.scene
            };
            let problem = problems.entry(name).or_insert((unit, 0, BTreeMap::new()));
            problem.1 += 1;
            if let Some(event) = events.get(&line.message.id) {
                *problem.2.entry(*event).or_default() += 1;
                made.entry(*event).or_insert((unit, 0)).1 += 1;
            }
        }
        for (unit, reports, found_in) in problems.values() {
            let found: u64 = found_in.values().sum();
            let unit = self.units.entry(unit).or_default();
            unit.problems += 1;
            unit.problems_found += u64::from(found > 0);
            unit.reports += reports;
            unit.found += found;
            unit.wanted += pairs(*reports);
            unit.wanted_of_found += pairs(found);
            unit.right += found_in.values().copied().map(pairs).sum::<u64>();
        }
        for (unit, reports) in made.values() {
            let unit = self.units.entry(unit).or_default();
            unit.events += 1;
            unit.made += pairs(*reports);
        }
    }
}

fn of_told<'l>(lines: &'l [Line], told: &Told) -> impl Iterator<Item = &'l Line> {
    lines.iter().filter(move |line| line.told == *told)
}

fn pairs(of: u64) -> u64 {
    of * of.saturating_sub(1) / 2
}

fn row(hit: bool) -> Piece {
    (f64::from(u8::from(hit)), 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn piece((above, below): (u64, u64)) -> Piece {
    (above as f64, below as f64)
}
