//! `learned.csv` and `learned.toml`: what examples taught, written by `lianxin lexicon train`.
//!
//! Each short run of characters adds its part to "a problem here and now", to "a question for the
//! counter" and to the votes for categories. Readable, and of the same scale as `cues.toml`.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::model::CategoryCode;

use super::diagnostic::{Report, Spot};
use super::gram_map::GramMap;
use super::grams::{Gram, each_gram};
use super::keywords::Categories;
use super::table::{self, Column, Need, Row};
use super::toml_file;

pub(super) const TABLE: &str = "learned.csv";
pub(super) const ORIGIN: &str = "learned.toml";

const COLUMNS: [Column; 6] = [
    column("说法", Need::Required),
    column("立案", Need::Required),
    column("咨询", Need::Required),
    column("特急", Need::Optional),
    column("类别", Need::Optional),
    column("险情", Need::Optional),
];

const fn column(name: &'static str, need: Need) -> Column {
    Column {
        name,
        aliases: &[],
        need,
    }
}

/// Texts longer than this many characters count their runs less: a long letter is not many times as
/// much of a problem as a short one.
const FULL_LENGTH: usize = 16;

/// Where the weights come from, and the two figures that belong to no run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// What a message is worth before its words are looked at.
    pub open_base: f32,
    /// The same for a question.
    pub ask_base: f32,
    /// The same for danger to life.
    #[serde(default)]
    pub urgent_base: f32,
    /// What a point of the lexicon's words is worth on the fitted line.
    pub point: f32,
    /// Where on the fitted line a problem begins: kept for the next fit.
    pub open_from: f32,
    /// Where a question begins.
    pub ask_from: f32,
    /// Where danger to life begins.
    #[serde(default)]
    pub urgent_from: f32,
    /// How many examples the weights were fitted on.
    pub examples: u32,
    /// A hash of those examples and of the words they were fitted beside.
    pub fingerprint: String,
    /// How many ordinary messages the background was counted on.
    pub background: u32,
    /// Where those messages are from.
    pub background_source: String,
}

impl Origin {
    /// As a file.
    pub fn written(&self) -> String {
        let fields = toml::to_string(self).expect("numbers and words");
        format!("# learned.csv 是从哪里学来的。由 lianxin lexicon train 写出，不要手改。\n{fields}")
    }
}

/// What one run adds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Teaching {
    /// To "a problem here and now".
    pub open: f32,
    /// To "a question for the counter".
    pub ask: f32,
    /// To "danger to life".
    pub urgent: f32,
}

/// A run, what it adds, and the categories that it speaks of with their weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// The run.
    pub gram: Gram,
    /// What it adds.
    pub teaching: Teaching,
    /// The categories that it votes for.
    pub votes: Vec<(CategoryCode, f32)>,
    /// The dangers to life that it votes for.
    pub perils: Vec<(String, f32)>,
}

/// All that was learned.
#[derive(Debug)]
pub struct Learned {
    origin: Origin,
    known: GramMap<Known>,
    ballot: Ballot,
}

/// What is known of one run.
#[derive(Clone, Debug, Default)]
struct Known {
    teaching: Teaching,
    /// Where its votes stand in the ballot.
    votes: Range<u32>,
}

impl Known {
    fn teaches(&self) -> bool {
        self.teaching != Teaching::default()
    }
}

/// The votes of all runs, out of the way of what every message asks for.
#[derive(Debug, Default)]
struct Ballot {
    /// The categories and dangers that are voted for.
    labels: Vec<Label>,
    /// A label's place above, and a weight.
    votes: Vec<(usize, f32)>,
}

/// What a run can vote for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Label {
    Category(CategoryCode),
    Peril(String),
}

impl Ballot {
    fn take_in(&mut self, votes: impl Iterator<Item = (Label, f32)>) -> Range<u32> {
        let first = self.len();
        for (label, weight) in votes {
            let known = self.labels.iter().position(|known| *known == label);
            let place = known.unwrap_or_else(|| {
                self.labels.push(label);
                self.labels.len() - 1
            });
            self.votes.push((place, weight));
        }
        first..self.len()
    }

    fn len(&self) -> u32 {
        u32::try_from(self.votes.len()).expect("a file has far fewer votes")
    }

    fn at(&self, places: &Range<u32>) -> &[(usize, f32)] {
        &self.votes[places.start as usize..places.end as usize]
    }
}

/// What a text comes to by what was learned.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Impression {
    /// Towards a problem here and now, in the unit of the cues.
    pub open: f32,
    /// Towards a question for the counter.
    pub ask: f32,
    /// Towards danger to life.
    pub urgent: f32,
}

impl Learned {
    /// Puts lessons together.
    pub fn new(origin: Origin, lessons: Vec<Lesson>) -> Self {
        let mut ballot = Ballot::default();
        let mut known: BTreeMap<Gram, Known> = BTreeMap::new();
        for lesson in lessons {
            let known = known.entry(lesson.gram).or_default();
            if lesson.teaching != Teaching::default() {
                known.teaching = lesson.teaching;
            }
            let named = |(category, weight)| (Label::Category(category), weight);
            let feared = |(peril, weight)| (Label::Peril(peril), weight);
            let votes = lesson.votes.into_iter().map(named);
            let votes = ballot.take_in(votes.chain(lesson.perils.into_iter().map(feared)));
            if !votes.is_empty() {
                known.votes = votes;
            }
        }
        Self {
            origin,
            known: known.into_iter().collect(),
            ballot,
        }
    }

    /// Where the weights come from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How many runs have a weight.
    pub fn len(&self) -> usize {
        let taught = self.known.values().filter(|known| known.teaches());
        taught.count()
    }

    /// Whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether anything of a word, in normal form, stood in the examples.
    pub fn knows(&self, word: &str) -> bool {
        let mut stood = false;
        each_gram(word, |gram, span| {
            // Single characters stand everywhere, and the word's ends are none in a text.
            let inside = gram.length() > 1 && !span.is_empty() && gram.is_plain();
            stood |= inside && self.known.get(gram).is_some_and(Known::teaches);
        });
        stood
    }

    /// What a normal text comes to. One pass, without allocating.
    pub fn impression(&self, text: &str) -> Impression {
        let mut sum = Impression::default();
        let length = self.known.each_in(text, |known, _| {
            sum.open += known.teaching.open;
            sum.ask += known.teaching.ask;
            sum.urgent += known.teaching.urgent;
        });
        let share = share(length);
        Impression {
            open: self.origin.open_base + share * sum.open,
            ask: self.origin.ask_base + share * sum.ask,
            urgent: self.origin.urgent_base + share * sum.urgent,
        }
    }

    /// What each run of a normal text adds towards what `side` picks, in order, and where it stands.
    pub fn told(&self, text: &str, side: fn(&Teaching) -> f32) -> Vec<(Range<usize>, f32)> {
        let mut told = Vec::new();
        let length = self.known.each_in(text, |known, span| {
            if known.teaches() {
                told.push((span, side(&known.teaching)));
            }
        });
        for (_, weight) in &mut told {
            *weight *= share(length);
        }
        told
    }

    /// What a normal text speaks of, by what was learned.
    pub fn votes<'l>(&'l self, text: &str) -> Vec<(&'l CategoryCode, f32)> {
        let named = |(label, sum): (&'l Label, f32)| match label {
            Label::Category(category) => Some((category, sum)),
            Label::Peril(_) => None,
        };
        self.labels_in(text).into_iter().filter_map(named).collect()
    }

    /// The danger to life that a normal text most likely tells of, if of any.
    pub fn peril<'l>(&'l self, text: &str) -> Option<&'l str> {
        let named = |(label, sum): (&'l Label, f32)| match label {
            Label::Category(_) => None,
            Label::Peril(peril) => Some((peril.as_str(), sum)),
        };
        let perils = self.labels_in(text).into_iter().filter_map(named);
        let likeliest = perils.max_by(|one, other| one.1.total_cmp(&other.1));
        likeliest.map(|(peril, _)| peril)
    }

    fn labels_in(&self, text: &str) -> Vec<(&Label, f32)> {
        let mut found = Vec::with_capacity(text.len());
        let length = self.known.each_in(text, |known, _| {
            found.extend_from_slice(self.ballot.at(&known.votes));
        });
        let mut sums: Vec<(usize, f32)> = Vec::new();
        for (label, weight) in found {
            let weight = weight * share(length);
            match sums.iter_mut().find(|(place, _)| *place == label) {
                Some((_, sum)) => *sum += weight,
                None => sums.push((label, weight)),
            }
        }
        let named = |(place, sum): (usize, f32)| (&self.ballot.labels[place], sum);
        sums.into_iter().map(named).collect()
    }
}

/// How much each run of a text of so many characters counts.
pub fn share(length: usize) -> f32 {
    if length <= FULL_LENGTH {
        1.0
    } else {
        // Both are far below the 24 bits that are exact.
        #[expect(clippy::cast_precision_loss, reason = "lengths of messages")]
        let ratio = FULL_LENGTH as f32 / length as f32;
        ratio.sqrt()
    }
}

/// Reads both files; nothing is learned where neither is there.
pub(super) fn read(
    table: &[u8],
    origin: &[u8],
    categories: &Categories,
    report: &mut Report,
) -> Option<Learned> {
    let origin = toml_file::read::<Origin>(ORIGIN, origin, report)?.value;
    let rows = table::read(TABLE, table, &COLUMNS, report).rows;
    let lessons = rows
        .iter()
        .filter_map(|row| lesson(row, categories, report))
        .collect();
    Some(Learned::new(origin, lessons))
}

fn lesson(row: &Row, categories: &Categories, report: &mut Report) -> Option<Lesson> {
    let spot = Spot::row(TABLE, row.number);
    let gram = Gram::parse(row.get(0));
    if gram.is_none() {
        report.error(
            spot.column("说法"),
            "说法要一到三个字。这个文件由 lianxin lexicon train 写出，请重新训练，不要手改。",
        );
    }
    let open = weight(spot.column("立案"), row.get(1), report);
    let ask = weight(spot.column("咨询"), row.get(2), report);
    let urgent = weight(spot.column("特急"), row.get(3), report);
    // A category that this community does not have gets no votes.
    let votes = votes(spot.column("类别"), row.get(4), report, |code| {
        categories.known(code)
    });
    let perils = self::votes(spot.column("险情"), row.get(5), report, |name| {
        Some(name.to_owned())
    });
    Some(Lesson {
        gram: gram?,
        teaching: Teaching {
            open: open?,
            ask: ask?,
            urgent: urgent?,
        },
        votes: votes?,
        perils: perils?,
    })
}

/// What stands in a field of votes, `01:0.5|07:0.3`.
fn votes<L>(
    spot: Spot<'_>,
    field: &str,
    report: &mut Report,
    known: impl Fn(&str) -> Option<L>,
) -> Option<Vec<(L, f32)>> {
    field
        .split('|')
        .filter_map(|vote| {
            let (name, value) = vote.split_once(':')?;
            let name = known(name)?;
            Some(weight(spot, value, report).map(|weight| (name, weight)))
        })
        .collect()
}

fn weight(spot: Spot<'_>, value: &str, report: &mut Report) -> Option<f32> {
    let weight = match value {
        "" => Some(0.0),
        value => value.parse::<f32>().ok().filter(|w| w.is_finite()),
    };
    if weight.is_none() {
        report.error(
            spot,
            format!(
                "“{value}”不是一个数。这个文件由 lianxin lexicon train 写出，请重新训练，不要手改。"
            ),
        );
    }
    weight
}

/// The table as a file.
pub fn written(lessons: &[Lesson]) -> String {
    let mut file = String::from("说法,立案,咨询,特急,类别,险情\n");
    for lesson in lessons {
        let Teaching { open, ask, urgent } = lesson.teaching;
        let gram = lesson.gram.written();
        let gram = if gram.contains([',', ';']) {
            format!("\"{gram}\"")
        } else {
            gram
        };
        let [open, ask, urgent] = [open, ask, urgent].map(|weight| match weight {
            weight if weight.abs() < 0.005 => String::new(),
            weight => format!("{weight:.2}"),
        });
        let (votes, perils) = (written_votes(&lesson.votes), written_votes(&lesson.perils));
        file.push_str(&format!("{gram},{open},{ask},{urgent},{votes},{perils}\n"));
    }
    file
}

fn written_votes<L: Display>(votes: &[(L, f32)]) -> String {
    let votes: Vec<String> = votes
        .iter()
        .map(|(name, weight)| format!("{name}:{weight:.2}"))
        .collect();
    votes.join("|")
}
