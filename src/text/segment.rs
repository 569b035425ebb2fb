//! Where words begin and end, by jieba with its stock dictionary and the lexicon's words.
//!
//! The hidden Markov model stays off: it invents words from names and slips, and what it invents
//! cannot be explained to an operator.

use std::sync::LazyLock;

use jieba_rs::Jieba;

/// Loading the dictionary takes a tenth of a second; every segmenter starts as a copy.
static STOCK: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Cuts text into words.
#[derive(Clone, Debug)]
pub struct Segmenter {
    jieba: Jieba,
}

/// A word's place in the text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its first byte.
    pub start: usize,
    /// The byte behind it.
    pub end: usize,
}

/// Where words begin and end in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boundaries(Vec<Token>);

impl Segmenter {
    /// With the stock dictionary and these words, each in normal form.
    pub fn with_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut jieba = STOCK.clone();
        for word in words {
            // One character is a word anyway; more weight would tear others apart.
            if word.chars().nth(1).is_some() {
                jieba.add_word(word, None, None);
            }
        }
        Self { jieba }
    }

    /// With the stock dictionary alone.
    pub fn stock() -> Self {
        Self::with_words([])
    }

    /// The words by the stock dictionary alone: what a word of the lexicon is made of.
    pub fn parts(word: &str) -> Boundaries {
        Boundaries(cut(&STOCK, word))
    }

    /// The words of a text, in order and without gaps.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        cut(&self.jieba, text)
    }

    /// Where words begin and end.
    pub fn boundaries(&self, text: &str) -> Boundaries {
        Boundaries(self.tokens(text))
    }

    /// Whether the stock dictionary or the lexicon holds this word.
    pub fn knows(&self, word: &str) -> bool {
        self.jieba.has_word(word)
    }
}

fn cut(jieba: &Jieba, text: &str) -> Vec<Token> {
    jieba
        .cut(text, false)
        .iter()
        .map(|token| Token {
            start: token.byte_start,
            end: token.byte_end,
        })
        .collect()
}

impl Boundaries {
    /// Whether a word begins at this byte.
    pub fn begins(&self, at: usize) -> bool {
        self.0
            .binary_search_by_key(&at, |token| token.start)
            .is_ok()
    }

    /// Whether a word ends before this byte.
    pub fn ends(&self, at: usize) -> bool {
        self.0.binary_search_by_key(&at, |token| token.end).is_ok()
    }

    /// The word that stands across this byte, if one does.
    pub fn across(&self, at: usize) -> Option<Token> {
        let after = self.0.partition_point(|token| token.end <= at);
        self.0.get(after).copied().filter(|token| token.start < at)
    }

    /// All words.
    pub fn tokens(&self) -> &[Token] {
        &self.0
    }
}
