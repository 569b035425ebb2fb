//! From what was written to what was said, in one pass and without allocating for ordinary text.

use std::ops::Range;

use super::aside::{self, Quotation};
use super::compact::Compact;
use super::fold::{self, FACE, Folded, Folder};
use super::pieces::Pieces;

/// A face or picture that stood in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Its name in normal form, without brackets: 捂脸.
    pub name: String,
    /// Where its placeholder stands, in bytes of the normal text.
    pub at: usize,
}

/// A text in normal form: NFKC, half width, simplified, lower case, nothing invisible; faces are
/// one placeholder each, mentions and quoted messages are taken out. Normalising it again changes
/// nothing, and every span leads back to the original.
#[derive(Clone, Debug)]
pub struct Normalised {
    folder: Folder,
    text: String,
    pieces: Pieces,
    faces: Vec<Face>,
    mentions: Vec<Range<usize>>,
    quoted: Option<Range<usize>>,
    compact: Compact,
    scratch: String,
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Folder")
    }
}

impl Default for Normalised {
    fn default() -> Self {
        Self::new()
    }
}

impl Normalised {
    /// Empty, to be filled by [`Normalised::read`].
    pub fn new() -> Self {
        Self {
            folder: Folder::new(),
            text: String::new(),
            pieces: Pieces::default(),
            faces: Vec::new(),
            mentions: Vec::new(),
            quoted: None,
            compact: Compact::default(),
            scratch: String::new(),
        }
    }

    /// The normal form of `original`.
    pub fn of(original: &str) -> Self {
        let mut normalised = Self::new();
        normalised.read(original);
        normalised
    }

    /// What the sender says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Bytes of [`Normalised::text`] → bytes of the original, on character boundaries.
    pub fn original_span(&self, span: Range<usize>) -> Range<usize> {
        let mut start = span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = span.end.min(self.text.len()).max(start);
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.pieces.source(start..end)
    }

    /// Faces and pictures, in order.
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// Where `@name` stands in the original, the mark included, in order.
    pub fn mentions(&self) -> &[Range<usize>] {
        &self.mentions
    }

    /// Where the original holds a message that the platform quoted.
    pub fn quoted(&self) -> Option<Range<usize>> {
        self.quoted.clone()
    }

    /// The text without gaps inside words.
    pub fn compact(&self) -> &Compact {
        &self.compact
    }

    /// Re-fills from another original and keeps the buffers.
    pub fn read(&mut self, original: &str) {
        self.text.clear();
        self.pieces.clear();
        self.faces.clear();
        self.mentions.clear();
        self.quoted = None;
        self.fill(original);
        self.set_quotation_apart();
        self.compact.read(&self.text);
    }

    fn fill(&mut self, original: &str) {
        let folder = self.folder;
        let mut at = 0;
        loop {
            let rest = &original[at..];
            let Some((kept, c)) = rest.char_indices().find(|&(_, c)| !folder.keeps(c)) else {
                self.copy(original, at..original.len());
                return;
            };
            let start = at + kept;
            self.copy(original, at..start);
            at = self.fold(original, start..start + c.len_utf8(), c);
        }
    }

    fn copy(&mut self, original: &str, span: Range<usize>) {
        if !span.is_empty() {
            self.pieces.even(self.text.len(), span.clone());
            self.text.push_str(&original[span]);
        }
    }

    /// Takes in one character that does not stay as it is; returns where to go on.
    fn fold(&mut self, original: &str, span: Range<usize>, c: char) -> usize {
        match self.folder.fold(c) {
            Folded::Nothing => {}
            Folded::One(form) => self.push(form, span.clone()),
            Folded::Several => {
                self.pieces.whole(self.text.len(), span.clone());
                fold::expand(c, &mut self.text);
            }
            Folded::Joins => return self.join(original, span.start),
            Folded::Special('[') => return self.open_bracket(original, span),
            Folded::Special('@') => return self.at_sign(original, span),
            Folded::Special('\n') => {
                if !original[span.end..].starts_with('\n') {
                    self.push('\n', span.clone());
                }
            }
            Folded::Special(form) => {
                let before = self.text.chars().next_back();
                let after = original[span.end..]
                    .chars()
                    .find_map(|c| self.folder.single(c));
                self.push(fold::by_neighbours(before, form, after), span.clone());
            }
        }
        span.end
    }

    fn push(&mut self, form: char, source: Range<usize>) {
        if form.len_utf8() == source.len() {
            self.pieces.even(self.text.len(), source);
        } else {
            self.pieces.whole(self.text.len(), source);
        }
        self.text.push(form);
    }

    /// Combines the marks from `start` on with what stands before them.
    fn join(&mut self, original: &str, start: usize) -> usize {
        let folder = self.folder;
        let base = self
            .text
            .rfind(|c| folder.fold(c) != Folded::Joins)
            .unwrap_or(0);
        let from = if base < self.text.len() {
            self.pieces.source(base..self.text.len()).start
        } else {
            start
        };
        self.scratch.clear();
        self.scratch.push_str(&self.text[base..]);
        let mut end = start;
        for c in original[start..].chars() {
            match folder.fold(c) {
                Folded::Joins => self.scratch.push(c),
                Folded::Nothing => {}
                _ => break,
            }
            end += c.len_utf8();
        }
        self.text.truncate(base);
        self.pieces.truncate(base);
        self.pieces.whole(base, from..end);
        self.text.push_str(&fold::settle(&self.scratch));
        end
    }

    fn open_bracket(&mut self, original: &str, span: Range<usize>) -> usize {
        let name = &mut self.scratch;
        name.clear();
        let Some(length) = aside::face(self.folder, &original[span.end..], name) else {
            self.push('[', span.clone());
            return span.end;
        };
        self.faces.push(Face {
            name: name.clone(),
            at: self.text.len(),
        });
        let end = span.end + length;
        self.push(FACE, span.start..end);
        end
    }

    fn at_sign(&mut self, original: &str, span: Range<usize>) -> usize {
        let before = self.text.chars().next_back();
        let Some(length) = aside::mention(self.folder, before, &original[span.end..]) else {
            self.push('@', span.clone());
            return span.end;
        };
        let end = span.end + length;
        if before.is_some_and(|c| !matches!(c, ' ' | '\n')) {
            self.pieces.whole(self.text.len(), span.start..end);
            self.text.push(' ');
        }
        self.mentions.push(span.start..end);
        end
    }

    /// Takes a quoted message off the front.
    fn set_quotation_apart(&mut self) {
        let Some(Quotation { start, end }) = aside::quotation(&self.text) else {
            return;
        };
        let quoted = self.pieces.source(start..end);
        self.text.drain(..end);
        self.pieces.behead(end);
        self.faces.retain(|face| face.at >= end);
        for face in &mut self.faces {
            face.at -= end;
        }
        self.mentions
            .retain(|mention| mention.end <= quoted.start || mention.start >= quoted.end);
        self.quoted = Some(quoted);
    }
}

#[cfg(test)]
mod tests;
