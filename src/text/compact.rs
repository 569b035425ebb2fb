//! A text without the marks that people put between the characters of a word: 停 电, 停.电.

use std::ops::Range;

use super::pieces::Pieces;

/// The longest run of marks that still counts as inside a word.
const WIDEST_GAP: usize = 2;

/// A text without gaps inside words. Equal to the text where there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compact {
    text: String,
    pieces: Pieces,
    gaps: usize,
}

impl Compact {
    /// The text without gaps; empty where the text has none.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether anything was left out. Without gaps there is nothing to read here.
    pub fn has_gaps(&self) -> bool {
        self.gaps > 0
    }

    /// Bytes of the compact text → bytes of the text, gaps inside the span included.
    pub fn span_in_text(&self, span: Range<usize>) -> Range<usize> {
        self.pieces.source(span)
    }

    /// Re-fills from a normalised text.
    pub(super) fn read(&mut self, text: &str) {
        self.text.clear();
        self.pieces.clear();
        self.gaps = 0;
        if !text.bytes().any(is_mark_byte) {
            return;
        }
        self.fill(text);
        if self.gaps == 0 {
            self.text.clear();
        }
    }

    fn fill(&mut self, text: &str) {
        let mut taken = 0;
        let mut before = None;
        let mut chars = text.char_indices().peekable();
        while let Some((start, c)) = chars.next() {
            if !is_mark(c) {
                before = Some(c);
                continue;
            }
            let mut width = 1;
            while chars.next_if(|&(_, c)| is_mark(c)).is_some() {
                width += 1;
            }
            let (end, after) = chars
                .peek()
                .map_or((text.len(), None), |&(at, c)| (at, Some(c)));
            if width <= WIDEST_GAP && before.is_some_and(is_han) && after.is_some_and(is_han) {
                self.take(text, taken..start);
                taken = end;
                self.gaps += 1;
            }
            before = None;
        }
        self.take(text, taken..text.len());
    }

    fn take(&mut self, text: &str, span: Range<usize>) {
        self.pieces.even(self.text.len(), span.clone());
        self.text.push_str(&text[span]);
    }
}

fn is_mark_byte(byte: u8) -> bool {
    // 0xC2 leads · and 0xE2 leads •, the only marks outside ASCII.
    matches!(
        byte,
        b' ' | b'.' | b'~' | b'-' | b'_' | b'*' | b'^' | b'`' | b'|' | b'/' | 0xC2 | 0xE2
    )
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        ' ' | '.' | '~' | '-' | '_' | '*' | '^' | '`' | '|' | '/' | '·' | '•'
    )
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{2_0000}'..='\u{3_FFFF}')
}
