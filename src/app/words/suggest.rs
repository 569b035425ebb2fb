//! Expressions that often stand in real problems, seldom in ordinary talk, and in no word of the
//! lexicon.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Fate, Sample};
use crate::lexicon::{Findings, Lexicon};
use crate::model::CategoryCode;
use crate::text::Normalised;
use crate::text::mask::mask_public;

/// Shortest and longest expression, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=6;

/// It stands in at least so many different events or silences: less is chance, or one person's way
/// of talking.
const SOURCES: usize = 3;

/// It is at least so many times as frequent there as in ordinary talk.
const LIFT: f64 = 3.0;

/// Examples shown of each, and their longest, in characters.
const EXAMPLES: usize = 2;
const EXAMPLE: usize = 40;

/// What is known beside the samples.
#[derive(Clone, Copy)]
pub struct Known<'k> {
    /// Ordinary talk, to compare with.
    pub ordinary: &'k [String],
    /// Names of places and people, which are no words for a lexicon.
    pub names: &'k BTreeSet<String>,
}

/// An expression that may deserve a row in the lexicon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// In normal form.
    pub words: String,
    /// Different events and silences it stood in.
    pub sources: usize,
    /// Of these, events that were real.
    pub confirmed: usize,
    /// How many times as frequent as in ordinary talk.
    pub lift: f64,
    /// What most of them were about.
    pub category: Option<CategoryCode>,
    /// Where it stood, masked.
    pub examples: Vec<String>,
}

#[derive(Default)]
struct Seen<'s> {
    sources: BTreeMap<&'s str, &'s Sample>,
    examples: Vec<String>,
}

/// Looks for expressions in what was real or watched. The most telling first.
pub fn suggest(lexicon: &Lexicon, samples: &[Sample], known: Known<'_>) -> Vec<Suggestion> {
    let mut seen: BTreeMap<String, Seen<'_>> = BTreeMap::new();
    let mut heard: BTreeSet<&str> = BTreeSet::new();
    for sample in samples {
        if !matches!(sample.fate, Fate::Confirmed | Fate::Watched) {
            continue;
        }
        heard.insert(&sample.source);
        for words in expressions(lexicon, &sample.text) {
            let seen = seen.entry(words).or_default();
            let news = seen.sources.insert(&sample.source, sample).is_none();
            if news && seen.examples.len() < EXAMPLES {
                let example = mask_public(&sample.text);
                seen.examples.push(example.chars().take(EXAMPLE).collect());
            }
        }
    }
    seen.retain(|words, seen| seen.sources.len() >= SOURCES && !is_named(words, known.names));
    let refuted = samples.iter().filter(|one| one.fate == Fate::Refuted);
    let refuted = refuted.map(|one| &one.text);
    let ordinary = count(lexicon, known.ordinary.iter().chain(refuted));
    let mut found: Vec<Suggestion> = seen
        .into_iter()
        .map(|(words, seen)| suggestion(words, seen, heard.len(), &ordinary))
        .filter(|one| one.lift >= LIFT)
        .collect();
    found.sort_by(|one, other| {
        let telling = other.sources.cmp(&one.sources);
        telling.then_with(|| other.words.chars().count().cmp(&one.words.chars().count()))
    });
    without_parts(found)
}

/// How many ordinary texts there are, and in how many of them each expression stands.
struct Ordinary {
    texts: usize,
    expressions: BTreeMap<String, usize>,
}

fn count<'t>(lexicon: &Lexicon, texts: impl Iterator<Item = &'t String>) -> Ordinary {
    let mut ordinary = Ordinary {
        texts: 0,
        expressions: BTreeMap::new(),
    };
    for text in texts {
        ordinary.texts += 1;
        for words in expressions(lexicon, text) {
            *ordinary.expressions.entry(words).or_default() += 1;
        }
    }
    ordinary
}

#[expect(
    clippy::cast_precision_loss,
    reason = "at most some ten thousand texts"
)]
fn suggestion(words: String, seen: Seen<'_>, heard: usize, ordinary: &Ordinary) -> Suggestion {
    let elsewhere = ordinary
        .expressions
        .get(&words)
        .copied()
        .unwrap_or_default();
    // Half a text is added so that what never stood there is not infinitely telling.
    let here = seen.sources.len() as f64 / heard.max(1) as f64;
    let there = (elsewhere as f64 + 0.5) / (ordinary.texts as f64 + 1.0);
    let mut categories: BTreeMap<&CategoryCode, usize> = BTreeMap::new();
    for sample in seen.sources.values() {
        if let Some(code) = &sample.category {
            *categories.entry(code).or_default() += 1;
        }
    }
    let confirmed = seen.sources.values();
    let most = categories.into_iter().max_by_key(|(_, count)| *count);
    Suggestion {
        sources: seen.sources.len(),
        confirmed: confirmed.filter(|one| one.fate == Fate::Confirmed).count(),
        lift: (here / there * 10.0).round() / 10.0,
        category: most.map(|(code, _)| code.clone()),
        examples: seen.examples,
        words,
    }
}

/// The expressions of a text, each once: whole words in a row, Chinese only, none of them part of
/// what the lexicon finds there.
fn expressions(lexicon: &Lexicon, text: &str) -> BTreeSet<String> {
    let normal = Normalised::of(text);
    let mut found = Findings::default();
    lexicon.scan(&normal, &mut found);
    let keywords = found.keywords.iter().map(|one| &one.span);
    let covered: Vec<_> = keywords
        .chain(found.cues.iter().map(|one| &one.span))
        .collect();
    let text = normal.text();
    let tokens = lexicon.segmenter().tokens(text);
    let free: Vec<bool> = tokens
        .iter()
        .map(|token| {
            let chinese = text[token.start..token.end].chars().all(is_chinese);
            let touched =
                |span: &&&std::ops::Range<usize>| span.start < token.end && token.start < span.end;
            chinese && !covered.iter().any(|span| touched(&span))
        })
        .collect();
    let mut expressions = BTreeSet::new();
    for first in 0..tokens.len() {
        for last in first..tokens.len() {
            if !free[last] {
                break;
            }
            let words = &text[tokens[first].start..tokens[last].end];
            let length = words.chars().count();
            if length > *LENGTH.end() {
                break;
            }
            if LENGTH.contains(&length) {
                expressions.insert(words.to_owned());
            }
        }
    }
    expressions
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn is_named(words: &str, names: &BTreeSet<String>) -> bool {
    names
        .iter()
        .any(|name| name.contains(words) || words.contains(name.as_str()))
}

/// Leaves out what stands in a longer suggestion as often: it says less.
fn without_parts(found: Vec<Suggestion>) -> Vec<Suggestion> {
    let longer = |one: &Suggestion| {
        let mut all = found.iter();
        all.any(|other| {
            other.words != one.words
                && other.words.contains(&one.words)
                && other.sources == one.sources
        })
    };
    let kept: Vec<bool> = found.iter().map(|one| !longer(one)).collect();
    let kept = found.into_iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|(one, _)| one).collect()
}
