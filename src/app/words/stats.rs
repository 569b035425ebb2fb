//! Hits, confirmed and false, per word; and the words that never stood anywhere.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Fate, Sample};
use crate::app::judge::said;
use crate::lexicon::{Findings, Keyword, Lexicon, Status};
use crate::model::Timestamp;
use crate::text::Normalised;
use crate::triage::{Context, Triage};

/// What a word did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Used {
    /// As it stands in the lexicon.
    pub word: String,
    /// 强, 弱, 试运行, or 语境 for a cue.
    pub kind: &'static str,
    /// Messages in which it counted.
    pub messages: usize,
    /// Different events of these that were real.
    pub confirmed: usize,
    /// Different events of these that were void.
    pub refuted: usize,
    /// Different Leads and near misses of these.
    pub watched: usize,
}

/// What the lexicon's words did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Texts that were read.
    pub samples: usize,
    /// Words that counted anywhere, the most used first.
    pub used: Vec<Used>,
    /// Keywords in force that stood nowhere, with their categories.
    pub dead: Vec<(String, String)>,
}

/// The sources in which a word counted, by fate.
#[derive(Default)]
struct Tally<'s> {
    messages: usize,
    sources: BTreeSet<(Fate, &'s str)>,
}

impl Tally<'_> {
    fn of(&self, fate: Fate) -> usize {
        self.sources.iter().filter(|(one, _)| *one == fate).count()
    }
}

/// Reads every sample again and counts.
pub fn stats(lexicon: &Lexicon, samples: &[Sample]) -> Stats {
    let mut tallies: BTreeMap<String, Tally<'_>> = BTreeMap::new();
    let mut standing: BTreeSet<String> = BTreeSet::new();
    let (mut triage, mut found) = (Triage::default(), Findings::default());
    for sample in samples {
        let at = Timestamp::UNIX_EPOCH;
        let message = said(&sample.text, at);
        let decision = triage.decide(at, &message, &Context::default(), lexicon);
        let mut words: BTreeSet<String> = decision.hits.into_iter().map(|it| it.keyword).collect();
        lexicon.scan(&Normalised::of(&sample.text), &mut found);
        for one in &found.keywords {
            let keyword = lexicon.keyword(one.id);
            standing.insert(keyword.word.clone());
            if keyword.status == Status::Trial {
                words.insert(keyword.word.clone());
            }
        }
        for word in words {
            let tally = tallies.entry(word).or_default();
            tally.messages += 1;
            tally.sources.insert((sample.fate, &sample.source));
        }
    }
    let keywords: BTreeMap<&str, &Keyword> = lexicon
        .keywords()
        .map(|(_, keyword)| (keyword.word.as_str(), keyword))
        .collect();
    let used = tallies.into_iter().map(|(word, tally)| Used {
        kind: kind(keywords.get(word.as_str()).copied()),
        messages: tally.messages,
        confirmed: tally.of(Fate::Confirmed),
        refuted: tally.of(Fate::Refuted),
        watched: tally.of(Fate::Watched),
        word,
    });
    let mut used: Vec<Used> = used.collect();
    used.sort_by_key(|one| std::cmp::Reverse(one.messages));
    let dead = keywords
        .values()
        .filter(|keyword| keyword.status == Status::Active && !standing.contains(&keyword.word));
    Stats {
        samples: samples.len(),
        used,
        dead: dead
            .map(|keyword| {
                (
                    keyword.word.clone(),
                    lexicon.category_title(&keyword.category),
                )
            })
            .collect(),
    }
}

fn kind(keyword: Option<&Keyword>) -> &'static str {
    match keyword {
        None => "语境",
        Some(keyword) if keyword.status == Status::Trial => Status::Trial.chinese(),
        Some(keyword) => keyword.strength.chinese(),
    }
}
