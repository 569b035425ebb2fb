//! From samples to lessons: what each run of characters adds, and where the scale begins.

use std::collections::{HashMap, HashSet};
use std::thread;

use crate::lexicon::{Gram, Lesson, Origin, Teaching, each_gram};
use crate::model::CategoryCode;

use super::fit::{Columns, Hold, Line, Target, fit};
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
/// What a problem counts that is no danger to life, beside those that are: to take one for the
/// other does less harm than to cry wolf at chat.
const CALMER: f64 = 0.2;
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
    urgent: Line,
    votes: HashMap<Gram, Vec<(CategoryCode, f32)>>,
    perils: HashMap<Gram, Vec<(String, f32)>>,
}

/// Where one text stands on each line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Towards a problem.
    pub open: f64,
    /// Towards a question.
    pub ask: f64,
    /// Towards danger to life.
    pub urgent: f64,
}

/// Fits all lines and the votes.
pub fn teach(samples: &[&Sample], background: &Background, owned: &Owned) -> Fitted {
    let ground = Ground::of(samples, background);
    let ((open, point), ask, urgent, votes, perils) = thread::scope(|scope| {
        let lines = scope.spawn(|| (ground.open(owned), ground.ask(), ground.urgent(|_| true)));
        let votes = votes(&ground.vocabulary, samples, |sample| &sample.categories);
        let perils = self::votes(&ground.vocabulary, samples, |sample| {
            sample.peril.as_slice()
        });
        let (open, ask, urgent) = joined(lines);
        (open, ask, urgent, votes, perils)
    });
    Fitted {
        vocabulary: ground.vocabulary,
        open,
        point,
        ask,
        urgent,
        votes,
        perils,
    }
}

/// What a thread came to.
pub(super) fn joined<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Samples as columns, and how each run is held.
pub(super) struct Ground<'s> {
    samples: &'s [&'s Sample],
    vocabulary: Vocabulary,
    columns: Columns,
    holds: Vec<Hold>,
}

impl<'s> Ground<'s> {
    pub(super) fn of(samples: &'s [&'s Sample], background: &Background) -> Self {
        let texts = || samples.iter().map(|sample| sample.text.as_str());
        let vocabulary = Vocabulary::of(texts());
        let columns = vocabulary.columns(texts());
        let hold = |gram: &Gram| Hold {
            ridge: 1.0 + QUIET * background.rate(*gram),
            least: f64::NEG_INFINITY,
        };
        let holds = vocabulary.grams.iter().map(hold).collect();
        Self {
            samples,
            vocabulary,
            columns,
            holds,
        }
    }

    /// The line of problems, and what a point of the lexicon's own score is worth on it.
    fn open(&self, owned: &Owned) -> (Line, f64) {
        let mut holds = self.holds.clone();
        for (hold, gram) in holds.iter_mut().zip(&self.vocabulary.grams) {
            if owned.0.contains(gram) {
                hold.least = 0.0;
            }
        }
        let mut columns = self.columns.clone();
        let words = (0..)
            .zip(self.samples)
            .map(|(row, sample)| (row, sample.by_words));
        columns
            .columns
            .push(words.filter(|(_, score)| *score != 0.0).collect());
        holds.push(WORDS_HOLD);
        let targets = targets(self.samples, |sample| {
            (sample.wanted == Wanted::Open, worth(sample))
        });
        let mut line = fit(&columns, &targets, &holds);
        let point = line.weights.pop().unwrap_or(1.0);
        (line, point)
    }

    fn ask(&self) -> Line {
        let targets = targets(self.samples, |sample| match sample.wanted {
            Wanted::Ask => (true, QUESTION * worth(sample)),
            Wanted::Open | Wanted::Ignore => (false, worth(sample)),
        });
        fit(&self.columns, &targets, &self.holds)
    }

    /// The line of danger to life, from the samples whose number is `seen`.
    pub(super) fn urgent(&self, seen: impl Fn(usize) -> bool) -> Line {
        let mut nth = 0..;
        let targets = targets(self.samples, |sample| {
            let seen = nth.next().is_some_and(&seen);
            let worth = match sample.wanted {
                _ if !seen => 0.0,
                Wanted::Open if sample.peril.is_none() => CALMER * sample.weight,
                Wanted::Open | Wanted::Ask | Wanted::Ignore => sample.weight,
            };
            (sample.peril.is_some(), worth)
        });
        fit(&self.columns, &targets, &self.holds)
    }

    /// The lines of problems and questions alone: enough to choose where they begin.
    pub(super) fn lines(self, owned: &Owned, urgent: Line) -> Fitted {
        let (open, point) = self.open(owned);
        Fitted {
            open,
            point,
            ask: self.ask(),
            urgent,
            votes: HashMap::new(),
            perils: HashMap::new(),
            vocabulary: self.vocabulary,
        }
    }
}

/// What is decided by words alone teaches neither problems nor questions.
fn worth(sample: &Sample) -> f64 {
    if sample.decided { 0.0 } else { sample.weight }
}

fn targets(samples: &[&Sample], mut target: impl FnMut(&Sample) -> (bool, f64)) -> Vec<Target> {
    samples
        .iter()
        .map(|sample| {
            let (positive, weight) = target(sample);
            Target { positive, weight }
        })
        .collect()
}

/// One line for each label against the others, among the samples that have labels, best first.
fn votes<L: Clone + Ord + Sync>(
    vocabulary: &Vocabulary,
    samples: &[&Sample],
    labels: impl Fn(&Sample) -> &[L],
) -> HashMap<Gram, Vec<(L, f32)>> {
    let told: Vec<(&str, &[L])> = samples
        .iter()
        .map(|sample| (sample.text.as_str(), labels(sample)))
        .filter(|(_, labels)| !labels.is_empty())
        .collect();
    let columns = vocabulary.columns(told.iter().map(|(text, _)| *text));
    let mut names: Vec<&L> = told.iter().flat_map(|(_, labels)| *labels).collect();
    names.sort_unstable();
    names.dedup();
    let free = Hold {
        ridge: 1.0,
        least: f64::NEG_INFINITY,
    };
    let holds = vec![free; columns.columns.len()];
    let mut votes: HashMap<Gram, Vec<(L, f32)>> = HashMap::new();
    for name in names {
        let line = fit(&columns, &belonging(&told, name), &holds);
        for (gram, weight) in vocabulary.grams.iter().zip(line.weights) {
            if weight >= SLIGHT_VOTE {
                let vote = (name.clone(), rounded(weight));
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

fn belonging<L: PartialEq>(told: &[(&str, &[L])], name: &L) -> Vec<Target> {
    told.iter()
        .map(|(_, labels)| {
            let first = labels.first() == Some(name);
            let among = labels.contains(name);
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
            let sum = row.iter().filter_map(|&(number, value)| {
                Some(line.weights.get(number as usize)? * f64::from(value))
            });
            line.bias + sum.sum::<f64>()
        };
        Standing {
            open: along(&self.open) + self.point * f64::from(by_words),
            ask: along(&self.ask),
            urgent: along(&self.urgent),
        }
    }

    /// The lessons on the scale of the cues, when a problem begins at `from.open` of its line, a
    /// question at `from.ask`, danger to life at `from.urgent`.
    pub fn lessons(&self, from: Standing, origin: Origin) -> (Origin, Vec<Lesson>) {
        let scale = self.point;
        let mut lessons = Vec::new();
        for (nth, &gram) in self.vocabulary.grams.iter().enumerate() {
            let open = self.open.weights[nth] / scale;
            let ask = self.ask.weights[nth];
            let urgent = self.urgent.weights[nth];
            let votes = self.votes.get(&gram).cloned().unwrap_or_default();
            let perils = self.perils.get(&gram).cloned().unwrap_or_default();
            let [open, ask, urgent] = [open, ask, urgent].map(|weight| {
                if weight.abs() < SLIGHT {
                    0.0
                } else {
                    rounded(weight)
                }
            });
            let teaching = Teaching { open, ask, urgent };
            if teaching == Teaching::default() && votes.is_empty() && perils.is_empty() {
                continue;
            }
            lessons.push(Lesson {
                gram,
                teaching,
                votes,
                perils,
            });
        }
        let origin = Origin {
            open_base: rounded((self.open.bias - from.open) / scale + OPENS),
            ask_base: rounded(self.ask.bias - from.ask + OPENS),
            urgent_base: rounded(self.urgent.bias - from.urgent + OPENS),
            point: rounded(scale),
            open_from: rounded(from.open),
            ask_from: rounded(from.ask),
            urgent_from: rounded(from.urgent),
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
