//! One pass over a text for all keywords and cues.

use std::ops::Range;

use daachorse::CharwiseDoubleArrayAhoCorasick;

use crate::text::Normalised;

use super::Lexicon;
use super::row::{Cue, CueId, Keyword, KeywordId, Status};

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

/// The automaton. It steps by characters and is small: half a megabyte for the built-in words, so
/// that it stays in the cache (measured: 8,600 words, 117 ns for a chat line, where a full table by
/// bytes took 390).
pub(super) struct Matcher(CharwiseDoubleArrayAhoCorasick<Meaning>);

/// What a found word is.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    Keyword(KeywordId),
    Cue(CueId),
}

impl std::fmt::Debug for Matcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Matcher({} states)", self.0.num_states())
    }
}

impl Matcher {
    pub(super) fn new(keywords: &[Keyword], cues: &[Cue]) -> Self {
        let keywords = (0..)
            .map(|id| Meaning::Keyword(KeywordId(id)))
            .zip(keywords)
            .filter(|(_, keyword)| keyword.status != Status::Off)
            .map(|(meaning, keyword)| (keyword.normal.as_str(), meaning));
        let cues = (0..)
            .map(|id| Meaning::Cue(CueId(id)))
            .zip(cues)
            .map(|(meaning, cue)| (cue.normal.as_str(), meaning));
        let automaton = CharwiseDoubleArrayAhoCorasick::with_values(keywords.chain(cues))
            .expect("the loader bounds the words' number and length");
        Self(automaton)
    }
}

impl Lexicon {
    /// Finds all keywords and cues of a text. Allocates nothing once `found` has grown.
    pub fn scan(&self, text: &Normalised, found: &mut Findings) {
        found.clear();
        let Matcher(automaton) = &self.matcher;
        for hit in automaton.find_overlapping_iter(text.text()) {
            let span = hit.start()..hit.end();
            match hit.value() {
                Meaning::Keyword(id) => found.keywords.push(KeywordMatch {
                    id,
                    span,
                    in_compact: None,
                }),
                Meaning::Cue(id) => found.cues.push(CueMatch { id, span }),
            }
        }
        if text.compact().has_gaps() {
            self.scan_compact(text, found);
        }
    }

    /// Finds the keywords that were broken up. Cues are not: they are too short and too many.
    fn scan_compact(&self, text: &Normalised, found: &mut Findings) {
        let compact = text.compact();
        let Matcher(automaton) = &self.matcher;
        for hit in automaton.find_overlapping_iter(compact.text()) {
            let Meaning::Keyword(id) = hit.value() else {
                continue;
            };
            let in_compact = hit.start()..hit.end();
            let span = compact.span_in_text(in_compact.clone());
            if span.len() != in_compact.len() {
                found.keywords.push(KeywordMatch {
                    id,
                    span,
                    in_compact: Some(in_compact),
                });
            }
        }
    }
}
