//! What was said to the bot, cleaned for the grammar, with the way back to the original.

use std::borrow::Cow;
use std::ops::Range;

use super::Asked;
use crate::text::Normalised;

/// A message without the bot's name, in half width and lower case.
pub(super) struct Heard<'a> {
    /// What is left to read.
    pub(super) text: String,
    /// People mentioned, the bot left out.
    pub(super) mentions: Vec<String>,
    /// Whether the bot was called by its name.
    pub(super) names_bot: bool,
    original: Cow<'a, str>,
    /// For each byte of `text`, the bytes of the original it came from.
    map: Vec<Range<usize>>,
}

impl<'a> Heard<'a> {
    /// Reads a message; `said` is `original` normalised.
    pub(super) fn new(said: &Normalised, original: &'a str, asked: &Asked) -> Self {
        let glued = said
            .mentions()
            .iter()
            .filter_map(|span| original.get(span.clone()))
            .any(|mention| glued_to_words(mention, asked.bot_name));
        if !glued {
            return Self::of(said, Cow::Borrowed(original), asked.bot_name);
        }
        // @小助手接单 is one mention to the platform-neutral reader; only the name is the bot's.
        let parted = original.replace(asked.bot_name, &format!("{} ", asked.bot_name));
        Self::of(&Normalised::of(&parted), Cow::Owned(parted), asked.bot_name)
    }

    fn of(said: &Normalised, original: Cow<'a, str>, bot_name: &str) -> Self {
        let mut heard = Self {
            text: String::with_capacity(said.text().len()),
            mentions: Vec::new(),
            names_bot: false,
            original,
            map: Vec::with_capacity(said.text().len()),
        };
        for span in said.mentions() {
            let name = heard.original.get(span.clone()).unwrap_or_default();
            let name = bare_name(name).to_owned();
            if !bot_name.is_empty() && name.contains(bot_name) {
                heard.names_bot = true;
            } else if !name.is_empty() {
                heard.mentions.push(name);
            }
        }
        let body = heard.without_the_name(said.text(), bot_name);
        for (at, c) in said.text()[body.clone()].char_indices() {
            let at = body.start + at;
            let source = said.original_span(at..at + c.len_utf8());
            heard.push(plain(c), source);
        }
        heard
    }

    /// The bot's name said without @, at the start (小助手，接单12) or the end.
    fn without_the_name(&mut self, text: &str, bot_name: &str) -> Range<usize> {
        let start = text.len()
            - text
                .trim_start_matches(|c: char| !c.is_alphanumeric())
                .len();
        if bot_name.is_empty() {
            return 0..text.len();
        }
        if text[start..].starts_with(bot_name) {
            self.names_bot = true;
            return start + bot_name.len()..text.len();
        }
        let tail = text.trim_end_matches(|c: char| !c.is_alphanumeric());
        if tail.ends_with(bot_name) {
            self.names_bot = true;
            return 0..tail.len() - bot_name.len();
        }
        0..text.len()
    }

    fn push(&mut self, c: char, source: Range<usize>) {
        self.text.push(c);
        self.map.extend(std::iter::repeat_n(source, c.len_utf8()));
    }

    /// What the sender wrote for a part of `text`, without the marks around it.
    pub(super) fn original(&self, span: Range<usize>) -> &str {
        let (Some(first), Some(last)) = (
            self.map.get(span.start),
            span.end.checked_sub(1).and_then(|at| self.map.get(at)),
        ) else {
            return "";
        };
        self.original.get(first.start..last.end).unwrap_or_default()
    }
}

/// Whether a mention runs on into the words behind the bot's name.
fn glued_to_words(mention: &str, bot_name: &str) -> bool {
    let name = bare_name(mention);
    !bot_name.is_empty() && name.starts_with(bot_name) && name.len() > bot_name.len()
}

fn bare_name(mention: &str) -> &str {
    mention.trim_matches(|c: char| {
        c == '@' || c == '＠' || c.is_whitespace() || c.is_control() || c == '\u{2005}'
    })
}

/// One spelling for signs that people use alike; faces and emoji become a space.
fn plain(c: char) -> char {
    match c {
        '\t' | '\r' | '\u{3000}' | '\u{fffc}' | '\u{2005}' => ' ',
        '，' | '、' | '；' | ';' => ',',
        '：' => ':',
        '？' => '?',
        '！' => '!',
        '～' | '〜' => '~',
        '＃' | '♯' => '#',
        c if is_emoji(c) => ' ',
        c => c,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0xFE00..=0xFE0F | 0x200D)
}
