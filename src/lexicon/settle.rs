//! Which of the words that stand in a text count: whole words, the longest, in the right company.

use std::ops::Range;

use serde::Serialize;

use crate::text::Normalised;
use crate::text::segment::{Boundaries, Segmenter, Token};

use super::Lexicon;
use super::matcher::{CueMatch, Findings, KeywordMatch};
use super::row::{KeywordId, Status, Strength};

/// What counts in a text, and what does not and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settled {
    /// Keywords that count, in order of appearance.
    pub hits: Vec<SettledHit>,
    /// Keywords that stand there and do not count.
    pub dropped: Vec<(KeywordMatch, DropReason)>,
    /// Cues that count, in order of appearance.
    pub cues: Vec<CueMatch>,
    /// Where the text's words begin and end.
    pub words: Boundaries,
}

/// A keyword that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledHit {
    /// Which one.
    pub id: KeywordId,
    /// Where, in bytes of the normalised text.
    pub span: Range<usize>,
    /// How much it says alone.
    pub strength: Strength,
}

/// Why a keyword does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum DropReason {
    /// It cuts through a word.
    Straddles {
        /// The word that stands across its edge.
        word: String,
    },
    /// It is part of a longer keyword that counts.
    Inside {
        /// The longer keyword.
        longer: String,
    },
    /// 排除语境.
    Excluded {
        /// The phrase beside it.
        by: String,
    },
    /// 需同现: none of the words it needs is there.
    Alone {
        /// The words it needs.
        needs: Vec<String>,
    },
    /// 试运行.
    Trial,
}

impl DropReason {
    /// For people.
    pub fn chinese(&self) -> String {
        match self {
            Self::Straddles { word } => format!("在“{word}”里，不是一个完整的词"),
            Self::Inside { longer } => format!("已算在更长的词“{longer}”里"),
            Self::Excluded { by } => format!("旁边有排除语境“{by}”"),
            Self::Alone { needs } => format!("没有同时出现“{}”", needs.join("”或“")),
            Self::Trial => "试运行的词，只统计不立案".to_owned(),
        }
    }
}

impl Lexicon {
    /// Which of the finds count.
    pub fn settle(&self, text: &Normalised, found: &Findings) -> Settled {
        let judge = Judge::new(self, text, found);
        let mut settled = Settled::default();
        let mut standing = Vec::new();
        for hit in &found.keywords {
            match judge.verdict(hit) {
                Some(reason) => settled.dropped.push((hit.clone(), reason)),
                None => standing.push(hit),
            }
        }
        standing.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.span.end)));
        self.take_longest(&standing, &mut settled);
        settled.cues = judge.cues(&found.cues);
        settled.words = judge.words;
        settled
    }

    /// Keeps the hits that lie in no longer one. `standing` is sorted: a longer one comes first.
    fn take_longest(&self, standing: &[&KeywordMatch], settled: &mut Settled) {
        let mut longest: Option<&KeywordMatch> = None;
        for &hit in standing {
            match longest {
                Some(outer) if hit.span.end <= outer.span.end => {
                    let longer = self.keyword(outer.id).word.clone();
                    settled
                        .dropped
                        .push((hit.clone(), DropReason::Inside { longer }));
                }
                _ => {
                    longest = Some(hit);
                    settled.hits.push(SettledHit {
                        id: hit.id,
                        span: hit.span.clone(),
                        strength: self.keyword(hit.id).strength,
                    });
                }
            }
        }
    }
}

/// A text and where its words are, to judge single finds.
struct Judge<'a> {
    lexicon: &'a Lexicon,
    text: &'a Normalised,
    words: Boundaries,
    compact_words: Option<Boundaries>,
    /// Words that the lexicon added to the dictionary and that stand in the text.
    own_words: Vec<&'a str>,
}

impl<'a> Judge<'a> {
    fn new(lexicon: &'a Lexicon, text: &'a Normalised, found: &Findings) -> Self {
        let broken_up = found.keywords.iter().any(|hit| hit.in_compact.is_some());
        let keywords = found
            .keywords
            .iter()
            .map(|hit| &lexicon.keyword(hit.id).normal);
        let cues = found.cues.iter().map(|cue| lexicon.cue(cue.id));
        let cues = cues.filter(|cue| cue.boundary).map(|cue| &cue.normal);
        Self {
            lexicon,
            text,
            own_words: keywords.chain(cues).map(String::as_str).collect(),
            words: lexicon.segmenter.boundaries(text.text()),
            compact_words: broken_up.then(|| lexicon.segmenter.boundaries(text.compact().text())),
        }
    }

    /// Why a find does not count by itself.
    fn verdict(&self, hit: &KeywordMatch) -> Option<DropReason> {
        let keyword = self.lexicon.keyword(hit.id);
        if let Some(word) = self.cut_word(hit) {
            return Some(DropReason::Straddles { word });
        }
        let sentence = sentence(self.text.text(), &hit.span);
        let by = keyword.excluded_by.iter().find(|phrase| {
            excludes(
                self.text.text(),
                sentence.clone(),
                phrase,
                &keyword.normal,
                &hit.span,
            )
        });
        if let Some(by) = by {
            return Some(DropReason::Excluded { by: by.clone() });
        }
        if !keyword.needs.is_empty() && !self.has_company(&keyword.needs, &hit.span) {
            return Some(DropReason::Alone {
                needs: keyword.needs.clone(),
            });
        }
        (keyword.status == Status::Trial).then_some(DropReason::Trial)
    }

    /// The word through which an edge of the find goes.
    fn cut_word(&self, hit: &KeywordMatch) -> Option<String> {
        let (text, words, span) = match (&hit.in_compact, &self.compact_words) {
            (Some(span), Some(words)) => (self.text.compact().text(), words, span),
            _ => (self.text.text(), &self.words, &hit.span),
        };
        let across = [span.start, span.end].into_iter().find_map(|edge| {
            words
                .across(edge)
                .filter(|word| !self.is_made_of(text, *word, span))
        })?;
        Some(text[across.start..across.end].to_owned())
    }

    /// Whether a word is the lexicon's own and the find a whole part of it: 漏水 in 楼上漏水. Then
    /// the longer one wins only if it counts.
    fn is_made_of(&self, text: &str, word: Token, span: &Range<usize>) -> bool {
        let inside = word.start <= span.start && span.end <= word.end;
        let spoken = &text[word.start..word.end];
        if !inside || !self.own_words.contains(&spoken) {
            return false;
        }
        let parts = Segmenter::parts(spoken);
        parts.across(span.start - word.start).is_none()
            && parts.across(span.end - word.start).is_none()
    }

    fn has_company(&self, needs: &[String], span: &Range<usize>) -> bool {
        let text = self.text.text();
        let (before, after) = (&text[..span.start], &text[span.end..]);
        needs
            .iter()
            .any(|need| before.contains(need) || after.contains(need))
    }

    /// The cues that count: whole words where they must be, none inside a longer cue of its kind,
    /// and in the company they need. What a keyword swallows is for triage to say.
    fn cues(&self, found: &[CueMatch]) -> Vec<CueMatch> {
        let mut standing: Vec<&CueMatch> = found
            .iter()
            .filter(|cue| {
                !self.lexicon.cue(cue.id).boundary
                    || (self.words.across(cue.span.start).is_none()
                        && self.words.across(cue.span.end).is_none())
            })
            .collect();
        standing.sort_by_key(|cue| (cue.span.start, std::cmp::Reverse(cue.span.end)));
        let mut kept: Vec<&CueMatch> = Vec::with_capacity(standing.len());
        for cue in standing {
            let kind = &self.lexicon.cue(cue.id).kind;
            let nested = kept.iter().any(|longer| {
                self.lexicon.cue(longer.id).kind == *kind && lies_within(&cue.span, &longer.span)
            });
            if !nested {
                kept.push(cue);
            }
        }
        let in_company = |cue: &CueMatch| {
            let Some(needs) = &self.lexicon.cue(cue.id).needs else {
                return true;
            };
            let sentence = sentence(self.text.text(), &cue.span);
            kept.iter().any(|other| {
                self.lexicon.cue(other.id).kind == *needs
                    && other.span != cue.span
                    && sentence.start <= other.span.start
                    && other.span.end <= sentence.end
            })
        };
        kept.iter()
            .copied()
            .filter(|cue| in_company(cue))
            .cloned()
            .collect()
    }
}

/// Whether a span lies in a longer one.
fn lies_within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end && inner.len() < outer.len()
}

/// The sentence around a span, up to the marks that end one.
fn sentence(text: &str, span: &Range<usize>) -> Range<usize> {
    let is_end = |c: char| matches!(c, '。' | '!' | '?' | ';' | '\n');
    let start = text[..span.start]
        .char_indices()
        .rfind(|&(_, c)| is_end(c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let end = text[span.end..]
        .find(is_end)
        .map_or(text.len(), |at| span.end + at);
    start..end
}

/// Whether a phrase stands in the sentence. A phrase that holds the word itself (停电演练) speaks
/// only of the place where it stands.
fn excludes(
    text: &str,
    sentence: Range<usize>,
    phrase: &str,
    word: &str,
    span: &Range<usize>,
) -> bool {
    let inside = &text[sentence.clone()];
    if !phrase.contains(word) {
        return inside.contains(phrase);
    }
    inside.match_indices(phrase).any(|(at, _)| {
        let start = sentence.start + at;
        start <= span.start && span.end <= start + phrase.len()
    })
}
