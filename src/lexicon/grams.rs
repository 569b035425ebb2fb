//! Runs of one to three characters: what the weights learned from examples stand on.
//!
//! All numbers are alike, blanks and most punctuation are one pause, faces say nothing; the text's
//! two ends are characters too, so that a short 没水了 differs from the same characters inside a sentence.

use std::ops::Range;

/// A run of one to three characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gram(u64);

/// Bits of a character.
const BITS: u32 = 21;
/// The text's beginning.
const BEGIN: char = '^';
/// A pause between two things said.
const PAUSE: char = '␣';
/// The text's end.
const END: char = '$';

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

    /// Its bits spread over all 64, by Fibonacci hashing.
    pub(super) fn spread(self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// How many characters it has.
    pub fn length(self) -> u32 {
        (64 - self.0.leading_zeros()).div_ceil(BITS)
    }

    /// Whether it holds neither end of a text.
    pub fn is_plain(self) -> bool {
        !self.written().contains([BEGIN, END])
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
    let mut seen = 0;
    each_letter(text, |letter, span| {
        seen += 1;
        for (gram, start) in window.push(letter, span.start).into_iter().take(seen) {
            each(gram, start..span.end);
        }
    })
}

/// Calls `each` with every character that counts, both ends too, and where it stands in bytes;
/// returns how many they were.
pub(super) fn each_letter(text: &str, mut each: impl FnMut(char, Range<usize>)) -> usize {
    let mut length = 0;
    let mut push = |letter, span| {
        length += 1;
        each(letter, span);
    };
    push(BEGIN, 0..0);
    let mut last = BEGIN;
    let mut pause = None;
    for (at, c) in text.char_indices() {
        let span = at..at + c.len_utf8();
        let folded = match Folded::of(c, &text[span.end..]) {
            Folded::Nothing => continue,
            Folded::Pause => {
                pause = pause.or(Some(span));
                continue;
            }
            Folded::Said(folded) => folded,
        };
        if folded == last && pause.is_none() && REPEATED.contains(&folded) {
            continue;
        }
        // A pause counts only between two things said.
        if let Some(span) = pause.take().filter(|_| last != BEGIN) {
            push(PAUSE, span);
        }
        last = folded;
        push(folded, span);
    }
    push(END, text.len()..text.len());
    length
}

/// Written once however often it stands there: 12栋 and 3栋 are alike, so are ! and !!!.
const REPEATED: [char; 3] = ['0', '!', '?'];

/// How a character counts.
enum Folded {
    /// A face says nothing here.
    Nothing,
    /// A blank, a comma, a full stop: people use one for the other.
    Pause,
    /// Itself, or what it stands for.
    Said(char),
}

impl Folded {
    fn of(c: char, rest: &str) -> Self {
        match c {
            '0'..='9' => Self::Said('0'),
            '一' | '二' | '两' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
                if rest.starts_with(['栋', '幢', '号', '单', '#']) =>
            {
                Self::Said('0')
            }
            // Nearly every character that comes by, and a letter without asking the big tables.
            '\u{4E00}'..='\u{9FFF}' | '?' | '!' => Self::Said(c),
            c if c.is_alphanumeric() => Self::Said(c),
            '\u{FFFC}' => Self::Nothing,
            _ => Self::Pause,
        }
    }
}

/// The last characters seen.
#[derive(Debug)]
pub(super) struct Window {
    one: u64,
    two: u64,
    starts: [usize; 2],
}

/// Stands where no character was seen yet: it is none, so that no known run holds it.
const NOT_SEEN: u64 = (1 << BITS) - 1;

impl Default for Window {
    fn default() -> Self {
        Self {
            one: NOT_SEEN,
            two: NOT_SEEN << BITS | NOT_SEEN,
            starts: [0; 2],
        }
    }
}

impl Window {
    /// The runs of one, two and three characters that end with `letter`, which begins at `start`,
    /// and where they begin.
    pub(super) fn push(&mut self, letter: char, start: usize) -> [(Gram, usize); 3] {
        let code = u64::from(u32::from(letter));
        let pair = self.one << BITS | code;
        let triple = self.two << BITS | code;
        let [third, second] = self.starts;
        self.two = pair;
        self.one = code;
        self.starts = [second, start];
        [
            (Gram(code), start),
            (Gram(pair), second),
            (Gram(triple), third),
        ]
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
        let text = "又停12,  了";
        let found = grams(text);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["^", "又停", "^又停", "停0", "0␣了", "␣了$", "$"] {
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
            assert_eq!(gram.length() as usize, gram.written().chars().count());
        });
        assert_eq!(Gram::parse(""), None);
        assert_eq!(Gram::parse("停电了吗"), None);
    }

    #[test]
    fn blanks_faces_and_the_spelling_of_numbers_change_no_run() {
        let names =
            |text: &str| -> Vec<String> { grams(text).into_iter().map(|(name, _)| name).collect() };
        assert_eq!(
            names("3栋又停电,没人管!"),
            names("  三栋又停电\u{FFFC} 没人管!! ")
        );
    }

    #[test]
    fn a_chinese_character_is_a_letter_by_the_big_tables_too() {
        assert!(('\u{4E00}'..='\u{9FFF}').all(char::is_alphanumeric));
    }

    #[test]
    fn an_empty_text_has_two_ends() {
        assert_eq!(each_gram("", |_, _| {}), 2);
    }
}
