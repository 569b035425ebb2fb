//! From samples to lessons: what each run of characters adds, and where the scale begins.

use std::collections::{HashMap, HashSet};

use crate::lexicon::{Gram, Lesson, Origin, Teaching, each_gram};
use crate::model::CategoryCode;

use super::fit::{Hold, Line, Target, fit};
use super::samples::{Background, Sample, Vocabulary, Wanted};

/// How much a run that stands in every ordinary message is held down; found by cross-validation
/// (3,000 to 30,000 differ little).
const QUIET: f64 = 10_000.0;
/// The lexicon's own score may count for much.
const WORDS_HOLD: Hold = Hold {
    ridge: 0.25,
    least: 0.1,
};
/// What a question counts among the others, which are many.
const QUESTION: f64 = 2.0;
/// A run's weight below this is left out of the file.
const SLIGHT: f64 = 0.04;
/// A run's vote below this too, and of its votes this many are kept.
const SLIGHT_VOTE: f64 = 0.15;
const VOTES: usize = 3;
/// On the scale of the cues a problem opens from here.
const OPENS: f64 = 2.0;

/// Runs that stand inside a strong keyword: a person put it into the lexicon, and no examples talk
/// it down. What takes its force away is said elsewhere in a message.
#[derive(Clone, Debug, Default)]
pub struct Owned(HashSet<Gram>);

impl Owned {
    /// By the keywords, in normal form. Single characters stand in too many other words.
    pub fn of<'a>(keywords: impl Iterator<Item = &'a str>) -> Self {
        let mut owned = HashSet::new();
        for word in keywords {
            each_gram(word, |gram, _| {
                if gram.length() > 1 {
                    owned.insert(gram);
                }
            });
        }
        Self(owned)
    }
}

/// What was fitted, before it is put on the scale of the cues.
#[derive(Debug)]
pub struct Fitted {
    vocabulary: Vocabulary,
    open: Line,
    /// What a point of the lexicon's own score is worth on the line.
    point: f64,
    ask: Line,
    votes: HashMap<Gram, Vec<(CategoryCode, f32)>>,
}

/// Two numbers about one text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Towards a problem.
    pub open: f64,
    /// Towards a question.
    pub ask: f64,
}

/// Fits both lines and the votes.
pub fn teach(samples: &[&Sample], background: &Background, owned: &Owned) -> Fitted {
    let mut fitted = teach_lines(samples, background, owned);
    fitted.votes = votes(&fitted.vocabulary, samples);
    fitted
}

/// Fits the lines alone: enough to choose where a problem begins.
pub(super) fn teach_lines(samples: &[&Sample], background: &Background, owned: &Owned) -> Fitted {
    let vocabulary = Vocabulary::of(samples.iter().map(|sample| sample.text.as_str()));
    let mut columns = vocabulary.columns(samples.iter().map(|sample| sample.text.as_str()));
    let hold = |gram: &Gram| Hold {
        ridge: 1.0 + QUIET * background.rate(*gram),
        least: f64::NEG_INFINITY,
    };
    let mut holds: Vec<Hold> = vocabulary.grams.iter().map(hold).collect();
    let ask = fit(&columns, &targets(samples, Wanted::Ask, QUESTION), &holds);
    for (hold, gram) in holds.iter_mut().zip(&vocabulary.grams) {
        if owned.0.contains(gram) {
            hold.least = 0.0;
        }
    }
    let words = (0..)
        .zip(samples)
        .map(|(row, sample)| (row, sample.by_words));
    columns
        .columns
        .push(words.filter(|(_, score)| *score != 0.0).collect());
    holds.push(WORDS_HOLD);
    let mut open = fit(&columns, &targets(samples, Wanted::Open, 1.0), &holds);
    let point = open.weights.pop().unwrap_or(1.0);
    Fitted {
        vocabulary,
        open,
        point,
        ask,
        votes: HashMap::new(),
    }
}

fn targets(samples: &[&Sample], looked_for: Wanted, worth: f64) -> Vec<Target> {
    samples
        .iter()
        .map(|sample| {
            let positive = sample.wanted == looked_for;
            let weight = sample.weight;
            Target {
                positive,
                weight: if positive { weight * worth } else { weight },
            }
        })
        .collect()
}

/// One line for each category against the others, among what is to be tracked.
fn votes(vocabulary: &Vocabulary, samples: &[&Sample]) -> HashMap<Gram, Vec<(CategoryCode, f32)>> {
    let told: Vec<&&Sample> = samples
        .iter()
        .filter(|sample| !sample.categories.is_empty())
        .collect();
    let columns = vocabulary.columns(told.iter().map(|sample| sample.text.as_str()));
    let mut codes: Vec<&CategoryCode> = told.iter().flat_map(|s| &s.categories).collect();
    codes.sort_unstable();
    codes.dedup();
    let free = Hold {
        ridge: 1.0,
        least: f64::NEG_INFINITY,
    };
    let holds = vec![free; columns.columns.len()];
    let mut votes: HashMap<Gram, Vec<(CategoryCode, f32)>> = HashMap::new();
    for code in codes {
        let line = fit(&columns, &belonging(&told, code), &holds);
        for (gram, weight) in vocabulary.grams.iter().zip(line.weights) {
            if weight >= SLIGHT_VOTE {
                let vote = (code.clone(), rounded(weight));
                votes.entry(*gram).or_default().push(vote);
            }
        }
    }
    for votes in votes.values_mut() {
        votes.sort_by(|one, other| other.1.total_cmp(&one.1));
        votes.truncate(VOTES);
    }
    votes
}

fn belonging(told: &[&&Sample], code: &CategoryCode) -> Vec<Target> {
    told.iter()
        .map(|sample| {
            let first = sample.categories.first() == Some(code);
            let among = sample.categories.contains(code);
            Target {
                positive: first,
                weight: if first == among { 1.0 } else { 0.0 },
            }
        })
        .collect()
}

impl Fitted {
    /// Where a text stands on both lines, `by_words` being what the lexicon's words came to.
    pub fn standing(&self, text: &str, by_words: f32) -> Standing {
        let row = self.vocabulary.row(text);
        let along = |line: &Line| {
            let sum = row
                .iter()
                .map(|&(number, value)| line.weights[number as usize] * f64::from(value));
            line.bias + sum.sum::<f64>()
        };
        Standing {
            open: along(&self.open) + self.point * f64::from(by_words),
            ask: along(&self.ask),
        }
    }

    /// The lessons on the scale of the cues, when a problem begins at `from.open` of the line and a
    /// question at `from.ask`.
    pub fn lessons(&self, from: Standing, origin: Origin) -> (Origin, Vec<Lesson>) {
        let scale = self.point;
        let mut lessons = Vec::new();
        for (nth, &gram) in self.vocabulary.grams.iter().enumerate() {
            let open = self.open.weights[nth] / scale;
            let ask = self.ask.weights[nth];
            let votes = self.votes.get(&gram).cloned().unwrap_or_default();
            let [open, ask] = [open, ask].map(|w| if w.abs() < SLIGHT { 0.0 } else { w });
            if open == 0.0 && ask == 0.0 && votes.is_empty() {
                continue;
            }
            lessons.push(Lesson {
                gram,
                teaching: Teaching {
                    open: rounded(open),
                    ask: rounded(ask),
                },
                votes,
            });
        }
        let origin = Origin {
            open_base: rounded((self.open.bias - from.open) / scale + OPENS),
            ask_base: rounded(self.ask.bias - from.ask + OPENS),
            point: rounded(scale),
            open_from: rounded(from.open),
            ask_from: rounded(from.ask),
            ..origin
        };
        (origin, lessons)
    }
}

/// Two decimals, as the file keeps them.
fn rounded(weight: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "two decimals are kept")]
    let weight = ((weight * 100.0).round() / 100.0) as f32;
    weight
}
