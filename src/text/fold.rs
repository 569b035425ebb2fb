//! The normal form of single characters: half width, simplified, lower case, nothing invisible.
//!
//! One table for the Basic Multilingual Plane answers for nearly every character with one load.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use encoding_rs::GBK;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// What stands where a face or a picture was.
pub(super) const FACE: char = '\u{FFFC}';

/// What becomes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// This character.
    One(char),
    /// Nothing: invisible.
    Nothing,
    /// It may open a face, a mention or needs its neighbours; the character is its normal form.
    Special(char),
    /// It combines with what stands before it.
    Joins,
    /// Several characters, or one beyond the table: ask [`expand`].
    Several,
}

// Noncharacters serve as marks in the table; as characters they are removed.
const NOTHING: u16 = 0xFFFF;
const JOINS: u16 = 0xFFFE;
const SEVERAL: u16 = 0xFDD0;
const SPECIAL_OPEN: u16 = 0xFDD1;
const SPECIAL_AT: u16 = 0xFDD2;
const SPECIAL_ZHU: u16 = 0xFDD3;
const SPECIAL_QIAN: u16 = 0xFDD4;
const SPECIAL_LIAO: u16 = 0xFDD5;
const SPECIAL_RETURN: u16 = 0xFDD6;

/// What the characters marked [`SEVERAL`] become.
static EXPANSIONS: LazyLock<BTreeMap<char, Box<str>>> = LazyLock::new(|| {
    (0..=u16::MAX)
        .filter(|&code| TABLE[usize::from(code)] == SEVERAL)
        .filter_map(|code| char::from_u32(u32::from(code)))
        .map(|c| (c, settle(c.encode_utf8(&mut [0; 4])).into()))
        .collect()
});

static TABLE: LazyLock<Box<[u16]>> = LazyLock::new(|| (0..=u16::MAX).map(entry).collect());

/// The table, built at first use: a caller in a loop takes the reference once.
#[derive(Clone, Copy)]
pub(super) struct Folder(&'static [u16]);

impl Folder {
    pub(super) fn new() -> Self {
        Self(&TABLE)
    }

    /// Whether the character stays as it is and needs no neighbour.
    #[inline]
    pub(super) fn keeps(self, c: char) -> bool {
        u16::try_from(u32::from(c)).is_ok_and(|code| self.0[usize::from(code)] == code)
    }

    /// The normal form.
    #[inline]
    pub(super) fn fold(self, c: char) -> Folded {
        let Ok(code) = u16::try_from(u32::from(c)) else {
            return fold_beyond(c);
        };
        match self.0[usize::from(code)] {
            NOTHING => Folded::Nothing,
            JOINS => Folded::Joins,
            SEVERAL => Folded::Several,
            SPECIAL_OPEN => Folded::Special('['),
            SPECIAL_AT => Folded::Special('@'),
            SPECIAL_ZHU => Folded::Special('著'),
            SPECIAL_QIAN => Folded::Special('乾'),
            SPECIAL_LIAO => Folded::Special('瞭'),
            SPECIAL_RETURN => Folded::Special('\n'),
            other => Folded::One(char::from_u32(u32::from(other)).unwrap_or(c)),
        }
    }

    /// The normal form where it is one character; others stand for themselves.
    #[inline]
    pub(super) fn single(self, c: char) -> Option<char> {
        match self.fold(c) {
            Folded::One(c) | Folded::Special(c) => Some(c),
            Folded::Nothing => None,
            Folded::Joins => Some(c),
            Folded::Several => {
                let mut form = String::new();
                expand(c, &mut form);
                form.chars().next()
            }
        }
    }
}

/// Whether every character of a text stays as it is.
pub(super) fn is_normal(text: &str) -> bool {
    let folder = Folder::new();
    text.chars().all(|c| folder.keeps(c))
}

/// Appends the normal form of one character that becomes several.
pub(super) fn expand(c: char, out: &mut String) {
    match EXPANSIONS.get(&c) {
        Some(form) => out.push_str(form),
        None => out.push_str(&settle(c.encode_utf8(&mut [0; 4]))),
    }
}

/// The normal form of a short text whose characters combine.
pub(super) fn settle(text: &str) -> String {
    let mut form = text.to_owned();
    // Each step may give the others work (a ligature opens into capitals); none has been seen to
    // need a third round, the bound is for characters that are not yet invented.
    for _ in 0..4 {
        let next = step(&form);
        if next == form {
            break;
        }
        form = next;
    }
    form
}

fn step(text: &str) -> String {
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|&c| !is_invisible(c))
        .map(simplified)
        .nfkc()
        .collect()
}

fn fold_beyond(c: char) -> Folded {
    match u32::from(c) {
        // Pictures: nothing to normalise, and the most frequent by far.
        0x1_F300..=0x1_FAFF => Folded::One(c),
        _ if is_invisible(c) => Folded::Nothing,
        _ if joins(c) => Folded::Joins,
        _ => Folded::Several,
    }
}

fn entry(code: u16) -> u16 {
    let Some(c) = char::from_u32(u32::from(code)) else {
        return NOTHING;
    };
    match c {
        '\r' => return SPECIAL_RETURN,
        '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => return u16::from(b'\n'),
        '\t' => return u16::from(b' '),
        '著' => return SPECIAL_ZHU,
        '乾' => return SPECIAL_QIAN,
        '瞭' => return SPECIAL_LIAO,
        _ if is_invisible(c) => return NOTHING,
        _ if joins(c) => return JOINS,
        _ => {}
    }
    let form = settle(c.encode_utf8(&mut [0; 4]));
    let mut chars = form.chars();
    match (chars.next(), chars.next()) {
        (None, _) => NOTHING,
        (Some('['), None) => SPECIAL_OPEN,
        (Some('@'), None) => SPECIAL_AT,
        (Some('著'), None) => SPECIAL_ZHU,
        (Some('乾'), None) => SPECIAL_QIAN,
        (Some('瞭'), None) => SPECIAL_LIAO,
        (Some(only), None) => u16::try_from(u32::from(only)).unwrap_or(SEVERAL),
        _ => SEVERAL,
    }
}

/// Whether a character may change what stands before it.
fn joins(c: char) -> bool {
    let first = std::iter::once(c).nfkc().next().unwrap_or(c);
    [c, first].into_iter().any(|c| {
        canonical_combining_class(c) != 0
            || is_nfkc_quick(std::iter::once(c)) == IsNormalized::Maybe
    })
}

/// Characters that show nothing: controls, joiners, direction marks, selectors, fillers. The
/// four-per-em space is one of them because WeChat writes it behind a mention.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}'
        | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{2005}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FFA0}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}'
        | '\u{1_BCA0}'..='\u{1_BCA3}' | '\u{1_D173}'..='\u{1_D17A}'
        | '\u{E_0000}'..='\u{E_0FFF}')
}

/// The simplified form, one character for one. Characters that are themselves part of the
/// simplified standard (覆, 幺, 藉) stay, since most people here write simplified.
fn simplified(c: char) -> char {
    if c.len_utf8() != 3 || is_standard(c) {
        return c;
    }
    let mut buffer = [0; 4];
    let converted = fast2s::convert(c.encode_utf8(&mut buffer));
    let mut chars = converted.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// Whether a character stands in GB 2312, the set that simplified writing was encoded in.
fn is_standard(c: char) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, unmappable) = GBK.encode(c.encode_utf8(&mut buffer));
    !unmappable && matches!(*bytes, [0xB0..=0xF7, 0xA1..=0xFE])
}

/// The normal form of the three characters that are simplified in one use and traditional in
/// another: 著火 but 著名, 乾淨 but 乾隆, 瞭解 but 瞭望.
pub(super) fn by_neighbours(before: Option<char>, c: char, after: Option<char>) -> char {
    let keeps = |before_keeps: &str, after_keeps: &str| {
        before.is_some_and(|b| before_keeps.contains(b))
            || after.is_some_and(|a| after_keeps.contains(a))
    };
    match c {
        '著' if !keeps("显土名原专巨昭编论遗译合新旧", "名作称述者书录") => {
            '着'
        }
        '乾' if !keeps("", "隆坤卦县元陵") => '干',
        '瞭' if before == Some('明') || after == Some('解') => '了',
        _ => c,
    }
}
