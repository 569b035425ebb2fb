//! Runs of one to three characters: what the weights learned from examples stand on.
//!
//! Digits count as one digit and blanks as one blank; the text's two ends are characters too, so
//! that a short 没水了 differs from the same characters inside a sentence.

use std::ops::Range;

/// A run of one to three characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gram(u64);

/// Bits of a character.
const BITS: u32 = 21;
/// The text's beginning.
const BEGIN: char = '^';
/// The text's end.
const END: char = '$';
/// A blank, as it is written in files.
const BLANK: char = '␣';

impl Gram {
    /// The run as it is written in a file, `None` when it is empty or too long.
    pub fn parse(written: &str) -> Option<Self> {
        let mut packed = 0;
        let mut length = 0;
        for c in written.chars() {
            packed = packed << BITS | u64::from(u32::from(c));
            length += 1;
        }
        (1..=3).contains(&length).then_some(Self(packed))
    }

    /// Whether a file gives it back as it is: no comment, nothing that a spreadsheet would eat.
    pub fn can_be_written(self) -> bool {
        let written = self.written();
        let eaten =
            |c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}' || c == '\u{200B}';
        !written.starts_with('#') && !written.contains(['"', '|']) && !written.contains(eaten)
    }

    /// As it is written in a file.
    pub fn written(self) -> String {
        (0..3)
            .rev()
            .filter_map(|nth| {
                let code = (self.0 >> (nth * BITS)) & ((1 << BITS) - 1);
                char::from_u32(u32::try_from(code).ok()?).filter(|&c| c != '\0')
            })
            .collect()
    }
}

/// Calls `each` with every run of `text`, a normal text, and where it stands in bytes; returns how
/// many characters were counted, with both ends.
pub fn each_gram(text: &str, mut each: impl FnMut(Gram, Range<usize>)) -> usize {
    let mut window = Window::default();
    window.push(BEGIN, 0..0, &mut each);
    let mut blank = false;
    for (at, c) in text.char_indices() {
        let folded = match c {
            '0'..='9' => '0',
            c if c.is_whitespace() => BLANK,
            c => c,
        };
        if folded == BLANK && blank {
            continue;
        }
        blank = folded == BLANK;
        window.push(folded, at..at + c.len_utf8(), &mut each);
    }
    window.push(END, text.len()..text.len(), &mut each);
    window.length
}

/// The last characters seen.
#[derive(Default)]
struct Window {
    one: u64,
    two: u64,
    starts: [usize; 2],
    length: usize,
}

impl Window {
    fn push(&mut self, c: char, span: Range<usize>, each: &mut impl FnMut(Gram, Range<usize>)) {
        let code = u64::from(u32::from(c));
        let pair = self.one << BITS | code;
        each(Gram(code), span.clone());
        if self.length > 0 {
            each(Gram(pair), self.starts[1]..span.end);
        }
        if self.length > 1 {
            each(Gram(self.two << BITS | code), self.starts[0]..span.end);
        }
        self.two = pair;
        self.one = code;
        self.starts = [self.starts[1], span.start];
        self.length += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        each_gram(text, |gram, span| found.push((gram.written(), span)));
        found
    }

    #[test]
    fn runs_of_up_to_three_characters_stand_where_they_say() {
        let text = "又停12  了";
        let found = grams(text);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["^", "又停", "^又停", "停00", "0␣了", "␣了$", "$"] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
        for (name, span) in &found {
            assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            if !name.contains(['^', '$', '0', '␣']) {
                assert_eq!(&text[span.clone()], name);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        each_gram("3栋又停电 了!", |gram, _| {
            assert_eq!(Gram::parse(&gram.written()), Some(gram));
        });
        assert_eq!(Gram::parse(""), None);
        assert_eq!(Gram::parse("停电了吗"), None);
    }

    #[test]
    fn an_empty_text_has_two_ends() {
        assert_eq!(each_gram("", |_, _| {}), 2);
    }
}
