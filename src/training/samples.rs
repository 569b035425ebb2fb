//! Texts as rows of features: which runs of characters stand in which.

use std::collections::{BTreeMap, HashMap};

use crate::lexicon::{Gram, each_gram, share};
use crate::model::CategoryCode;
use crate::text::Normalised;

use super::fit::Columns;

/// A text to learn from, and what the words of the lexicon made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What is said.
    pub text: String,
    /// What should become of it.
    pub wanted: Wanted,
    /// How much it counts; below 1 it is debatable and not measured on.
    pub weight: f64,
    /// What it may be about, best first.
    pub categories: Vec<CategoryCode>,
    /// What the lexicon's words alone came to.
    pub by_words: f32,
    /// Whether that decides it: an announcement, a command. Then it teaches neither what is a problem
    /// nor what is a question.
    pub decided: bool,
    /// Which danger to life it tells of.
    pub peril: Option<String>,
    /// Whether it is everyday talk, as most of a residents' group is.
    pub everyday: bool,
}

impl Sample {
    /// Whether two careful readers may differ.
    pub fn is_debatable(&self) -> bool {
        self.weight < 1.0
    }
}

pub use crate::lexicon::examples::Wanted;

/// Runs that stand in fewer samples than this say nothing.
const FEWEST: usize = 2;

/// The runs that stand in the samples, each with a number.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: HashMap<Gram, u32>,
    /// The run of each number.
    pub(super) grams: Vec<Gram>,
}

impl Vocabulary {
    /// The runs that stand in at least two of the texts, in a fixed order.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: BTreeMap<Gram, usize> = BTreeMap::new();
        for text in texts {
            for gram in runs(text).into_keys() {
                *counts.entry(gram).or_default() += 1;
            }
        }
        let grams: Vec<Gram> = counts
            .into_iter()
            .filter(|&(gram, count)| count >= FEWEST && gram.can_be_written())
            .map(|(gram, _)| gram)
            .collect();
        let numbers = (0..).zip(&grams).map(|(nth, &gram)| (gram, nth)).collect();
        Self { numbers, grams }
    }

    /// The texts as columns, a run each.
    pub(super) fn columns<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Columns {
        let mut columns = vec![Vec::new(); self.grams.len()];
        let mut rows = 0;
        for (row, text) in (0u32..).zip(texts) {
            for (number, value) in self.row(text) {
                columns[number as usize].push((row, value));
            }
            rows += 1;
        }
        Columns { columns, rows }
    }

    /// The known runs of a text and how much of each.
    pub(super) fn row(&self, text: &str) -> Vec<(u32, f32)> {
        runs(text)
            .into_iter()
            .filter_map(|(gram, value)| Some((*self.numbers.get(&gram)?, value)))
            .collect()
    }
}

/// The runs of a text as written and how much of each.
fn runs(text: &str) -> BTreeMap<Gram, f32> {
    let normal = Normalised::of(text);
    let mut runs: BTreeMap<Gram, f32> = BTreeMap::new();
    let length = each_gram(normal.text(), |gram, _| {
        *runs.entry(gram).or_default() += 1.0;
    });
    for value in runs.values_mut() {
        *value *= share(length);
    }
    runs
}

/// How much of each run stands in an ordinary message, on average.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Background {
    /// How many messages were counted.
    pub messages: u32,
    /// Where they are from.
    pub source: String,
    /// Per ten thousand messages.
    pub per_10000: HashMap<Gram, f32>,
}

impl Background {
    /// Counts ordinary messages. A run of fewer than `rarest` messages is not kept: it might tell
    /// what one person said.
    pub fn count<'a>(texts: impl Iterator<Item = &'a str>, source: &str, rarest: u32) -> Self {
        let mut sums: HashMap<Gram, (u32, f32)> = HashMap::new();
        let mut messages = 0u32;
        for text in texts {
            messages += 1;
            for (gram, value) in runs(text) {
                let sum = sums.entry(gram).or_default();
                sum.0 += 1;
                sum.1 += value;
            }
        }
        let scale = 10_000.0 / exact(messages.max(1));
        let per_10000 = sums
            .into_iter()
            .filter(|(gram, (count, _))| *count >= rarest && gram.can_be_written())
            .map(|(gram, (_, sum))| (gram, sum * scale))
            .collect();
        Self {
            messages,
            source: source.to_owned(),
            per_10000,
        }
    }

    /// The same with everyday talk of residents' groups, each text counted `times` times: chat from
    /// elsewhere hardly has their words (对面, 走廊, 楼下), and what is frequent is held small.
    #[must_use]
    pub fn beside<'a>(&self, everyday: impl Iterator<Item = &'a str>, times: f32) -> Self {
        let before = exact(self.messages);
        let mut sums: HashMap<Gram, f32> = self
            .per_10000
            .iter()
            .map(|(&gram, rate)| (gram, rate * before))
            .collect();
        let mut messages = before;
        for text in everyday {
            messages += times;
            for (gram, value) in runs(text) {
                *sums.entry(gram).or_default() += times * 10_000.0 * value;
            }
        }
        for sum in sums.values_mut() {
            *sum /= messages.max(1.0);
        }
        Self {
            per_10000: sums,
            ..self.clone()
        }
    }

    /// How much of a run stands in one message, on average.
    pub(super) fn rate(&self, gram: Gram) -> f64 {
        f64::from(self.per_10000.get(&gram).copied().unwrap_or_default()) / 10_000.0
    }
}

/// A count of messages as a number with a point.
#[expect(clippy::cast_precision_loss, reason = "counts of messages")]
fn exact(count: u32) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_one_text_alone_is_no_feature() {
        let vocabulary = Vocabulary::of(["又停电", "又停水"].into_iter());
        let names: Vec<String> = vocabulary.grams.iter().map(|g| g.written()).collect();
        assert!(names.contains(&"又停".to_owned()), "{names:?}");
        assert!(!names.contains(&"停电".to_owned()), "{names:?}");
    }

    #[test]
    fn the_background_forgets_what_few_said() {
        let texts = ["吃饭了吗", "吃饭没", "出门了"];
        let background = Background::count(texts.into_iter(), "test", 2);
        let gram = |written: &str| {
            let mut found = None;
            each_gram(written, |gram, _| {
                if gram.written() == written {
                    found = Some(gram);
                }
            });
            found.expect("a run")
        };
        assert_eq!(background.messages, 3);
        assert!((background.rate(gram("吃饭")) - 2.0 / 3.0).abs() < 1e-6);
        assert!(background.rate(gram("出门")).abs() < 1e-9);
        let beside = background.beside(["出门买菜"].into_iter(), 3.0);
        assert!((beside.rate(gram("出门")) - 0.5).abs() < 1e-6);
        assert!((beside.rate(gram("吃饭")) - 1.0 / 3.0).abs() < 1e-6);
    }
}
