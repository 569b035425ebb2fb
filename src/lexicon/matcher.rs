//! One pass over a text for all keywords and cues.

use std::ops::Range;

use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, nfa::contiguous::NFA};

use crate::text::Normalised;

use super::Lexicon;
use super::row::{Cue, CueId, Keyword, KeywordId, Status};

/// Up to this many words the automaton is a full table of two kilobytes a word. Measured with 9,700
/// words, 19 MB: 138 ns for a chat line of 30 bytes, where the contiguous one of half a megabyte takes
/// 250. `AhoCorasick`, which may be any of them, adds 100 ns to either; full tables without byte
/// classes are half as fast, and no prefilter has anything to skip in Chinese.
const FULL_TABLE_WORDS: usize = 16_000;

/// How deep the contiguous automaton is a table: the bytes of one character.
const DENSE_DEPTH: usize = 3;

/// A keyword that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeywordMatch {
    /// Which one.
    pub id: KeywordId,
    /// Where, in bytes of the normalised text.
    pub span: Range<usize>,
    /// Where in the compact text, for a word that was broken up.
    pub in_compact: Option<Range<usize>>,
}

/// A cue that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueMatch {
    /// Which one.
    pub id: CueId,
    /// Where, in bytes of the normalised text.
    pub span: Range<usize>,
}

/// Everything that stands in one text, overlapping or not, in order of its ends. Reusable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Keywords, those on trial too.
    pub keywords: Vec<KeywordMatch>,
    /// Cues.
    pub cues: Vec<CueMatch>,
}

impl Findings {
    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.keywords.is_empty() && self.cues.is_empty()
    }

    fn clear(&mut self) {
        self.keywords.clear();
        self.cues.clear();
    }
}

/// The automaton and what its patterns mean.
#[derive(Debug)]
pub(super) struct Matcher {
    automaton: Kind,
    meanings: Vec<Meaning>,
}

#[derive(Debug)]
enum Kind {
    Full(Box<DFA>),
    Contiguous(Box<NFA>),
}

#[derive(Clone, Copy, Debug)]
enum Meaning {
    Keyword(KeywordId),
    Cue(CueId),
}

impl Matcher {
    pub(super) fn new(keywords: &[Keyword], cues: &[Cue]) -> Self {
        let (patterns, meanings): (Vec<&str>, Vec<_>) = (0..)
            .map(|id| Meaning::Keyword(KeywordId(id)))
            .zip(keywords)
            .filter(|(_, keyword)| keyword.status != Status::Off)
            .map(|(meaning, keyword)| (keyword.normal.as_str(), meaning))
            .chain(
                (0..)
                    .map(|id| Meaning::Cue(CueId(id)))
                    .zip(cues)
                    .map(|(meaning, cue)| (cue.normal.as_str(), meaning)),
            )
            .unzip();
        let automaton = if patterns.len() <= FULL_TABLE_WORDS {
            let full = DFA::builder().prefilter(false).build(&patterns);
            full.map(|full| Kind::Full(Box::new(full)))
        } else {
            let mut builder = NFA::builder();
            builder.prefilter(false).dense_depth(DENSE_DEPTH);
            let contiguous = builder.build(&patterns);
            contiguous.map(|contiguous| Kind::Contiguous(Box::new(contiguous)))
        };
        Self {
            automaton: automaton.expect("the loader bounds the words' number and length"),
            meanings,
        }
    }

    /// Tells of every word that stands in a text and of its bytes, in order of their ends.
    fn each(&self, text: &str, mut tell: impl FnMut(Meaning, Range<usize>)) {
        let tell = |pattern: usize, span| tell(self.meanings[pattern], span);
        match &self.automaton {
            Kind::Full(full) => walk(&**full, text, tell),
            Kind::Contiguous(contiguous) => walk(&**contiguous, text, tell),
        }
    }
}

/// One step per byte, and nothing between two of them: the library's own search begins anew after
/// each word it finds.
fn walk(automaton: &impl Automaton, text: &str, mut tell: impl FnMut(usize, Range<usize>)) {
    let mut state = automaton
        .start_state(Anchored::No)
        .expect("it is built to begin anywhere");
    for (end, &byte) in (1..).zip(text.as_bytes()) {
        state = automaton.next_state(Anchored::No, state, byte);
        if automaton.is_special(state) && automaton.is_match(state) {
            for nth in 0..automaton.match_len(state) {
                let pattern = automaton.match_pattern(state, nth);
                tell(
                    pattern.as_usize(),
                    end - automaton.pattern_len(pattern)..end,
                );
            }
        }
    }
}

impl Lexicon {
    /// Finds all keywords and cues of a text. Allocates nothing once `found` has grown.
    pub fn scan(&self, text: &Normalised, found: &mut Findings) {
        found.clear();
        let Findings { keywords, cues } = found;
        self.matcher
            .each(text.text(), |meaning, span| match meaning {
                Meaning::Keyword(id) => keywords.push(KeywordMatch {
                    id,
                    span,
                    in_compact: None,
                }),
                Meaning::Cue(id) => cues.push(CueMatch { id, span }),
            });
        if text.compact().has_gaps() {
            self.scan_compact(text, found);
        }
    }

    /// Finds the keywords that were broken up. Cues are not: they are too short and too many.
    fn scan_compact(&self, text: &Normalised, found: &mut Findings) {
        let compact = text.compact();
        self.matcher.each(compact.text(), |meaning, in_compact| {
            let Meaning::Keyword(id) = meaning else {
                return;
            };
            let span = compact.span_in_text(in_compact.clone());
            if span.len() != in_compact.len() {
                found.keywords.push(KeywordMatch {
                    id,
                    span,
                    in_compact: Some(in_compact),
                });
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use aho_corasick::AhoCorasick;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_automata_find_what_the_library_finds(
            words in prop::collection::vec("[停电水漏a]{1,4}", 1..12),
            text in "[停电水漏a ]{0,30}",
        ) {
            let mut expected = Vec::new();
            for hit in AhoCorasick::new(&words).unwrap().find_overlapping_iter(&text) {
                expected.push((hit.pattern().as_usize(), hit.range()));
            }
            let (mut full, mut contiguous) = (Vec::new(), Vec::new());
            let automaton = DFA::builder().prefilter(false).build(&words).unwrap();
            walk(&automaton, &text, |pattern, span| full.push((pattern, span)));
            let automaton = NFA::builder().prefilter(false).build(&words).unwrap();
            walk(&automaton, &text, |pattern, span| contiguous.push((pattern, span)));
            prop_assert_eq!(&full, &expected);
            prop_assert_eq!(&contiguous, &expected);
        }
    }
}
