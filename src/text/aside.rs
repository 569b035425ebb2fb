//! What stands in a message and is not said by its sender: faces, mentions, quoted messages.

use super::faces;
use super::fold::{self, FACE, Folded, Folder};

/// The mark WeChat writes behind a mention.
const MENTION_END: char = '\u{2005}';

/// The longest name behind which [`MENTION_END`] is looked for.
const LONGEST_NAME: usize = 32;

/// The longest name that a space ends.
const LONGEST_SPACED: usize = 16;

/// The longest name that a sentence's mark or the end of the text ends. Longer, and it is a
/// sentence typed right behind `@`.
const LONGEST_LOOSE: usize = 10;

/// Mentions that people type by hand, glued to what follows: `@物业你们管不管`.
const ROLES: &[&str] = &[
    "所有人",
    "全体成员",
    "全体业主",
    "all",
    "物业",
    "社区",
    "网格员",
    "网格长",
    "管家",
    "客服",
    "业委会",
    "居委会",
    "小助手",
    "书记",
    "主任",
    "群主",
];

/// The longest text in which a quoted message is looked for, in bytes.
const LONGEST_QUOTATION: usize = 1 << 14;

/// Reads a face's name and its closing bracket into `name`; returns the bytes taken.
pub(super) fn face(folder: Folder, rest: &str, name: &mut String) -> Option<usize> {
    for (at, c) in rest.char_indices() {
        match folder.fold(c) {
            Folded::Nothing => {}
            Folded::One(']') => return faces::is_face(name).then_some(at + c.len_utf8()),
            Folded::One(form) => name.push(form),
            Folded::Several => fold::expand(c, name),
            Folded::Joins | Folded::Special(_) => return None,
        }
        if name.len() > faces::LONGEST * 3 {
            return None;
        }
    }
    None
}

/// The bytes of `rest`, which stands right behind `@`, that belong to a mention.
pub(super) fn mention(folder: Folder, before: Option<char>, rest: &str) -> Option<usize> {
    let name = Name::read(folder, rest);
    let first = name.text.chars().next()?;
    if before.is_some_and(is_of_an_address) && is_of_an_address(first) {
        // An address: somebody@example.com.
        return None;
    }
    if let Some(marked) = name.marked {
        return Some(marked);
    }
    let length = name.text.chars().count();
    let role = ROLES.iter().find(|&&role| name.text.starts_with(role));
    match role {
        Some(&role) if length > role.chars().count() && (length > 8 || !name.spaced) => {
            Some(end_of(folder, rest, role.chars().count()))
        }
        _ if length <= LONGEST_LOOSE || (name.spaced && length <= LONGEST_SPACED) => Some(name.end),
        _ => None,
    }
}

/// Whether a character may stand in an address; Latin letters with accents among them, whether
/// written as one character or as two, so that composing them changes nothing.
fn is_of_an_address(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{c0}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}')
}

/// What stands behind `@`, as far as it can be a name.
struct Name {
    text: String,
    /// Behind WeChat's own mark, where there is one.
    marked: Option<usize>,
    /// Behind the name and the space that ends it.
    end: usize,
    /// Whether a space or another mention ends it.
    spaced: bool,
}

impl Name {
    fn read(folder: Folder, rest: &str) -> Self {
        let mut name = Self {
            text: String::new(),
            marked: None,
            end: rest.len(),
            spaced: false,
        };
        let mut ended = false;
        let mut seen = 0;
        let mut form = String::new();
        for (at, c) in rest.char_indices() {
            if c == MENTION_END && seen > 0 {
                name.marked = Some(at + c.len_utf8());
                break;
            }
            form.clear();
            match folder.fold(c) {
                Folded::Nothing | Folded::Joins => continue,
                Folded::One(one) | Folded::Special(one) => form.push(one),
                Folded::Several => fold::expand(c, &mut form),
            }
            for f in form.chars().filter(|&f| folder.fold(f) != Folded::Joins) {
                seen += 1;
                if !ended && is_end(f) {
                    ended = true;
                    name.spaced = matches!(f, ' ' | '@');
                    name.end = if f == ' ' && form.len() == 1 {
                        at + c.len_utf8()
                    } else {
                        at
                    };
                }
                if !ended {
                    name.text.push(f);
                }
            }
            if seen > LONGEST_NAME || form.contains(['\n', '@']) {
                break;
            }
        }
        if !ended && seen > LONGEST_NAME {
            name.end = 0;
        }
        name
    }
}

/// Behind the first `count` visible characters.
fn end_of(folder: Folder, rest: &str, count: usize) -> usize {
    let mut seen = 0;
    for (at, c) in rest.char_indices() {
        if seen == count {
            return at;
        }
        if !matches!(folder.fold(c), Folded::Nothing | Folded::Joins) {
            seen += 1;
        }
    }
    rest.len()
}

fn is_end(c: char) -> bool {
    matches!(
        c,
        ' ' | '\n'
            | '@'
            | ','
            | '。'
            | '!'
            | '?'
            | ';'
            | ':'
            | '、'
            | '"'
            | '“'
            | '”'
            | '「'
            | '」'
            | '['
            | ']'
            | '《'
            | '》'
            | FACE
    )
}

/// A quoted message at the front of a text, in bytes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quotation {
    pub(super) start: usize,
    /// Behind its line's end, or behind the line that sets it apart.
    pub(super) end: usize,
}

/// The quoted messages at the front of a normalised text, as one.
pub(super) fn quotation(text: &str) -> Option<Quotation> {
    let start = text.len() - text.trim_start_matches([' ', '\n']).len();
    let mut end = 0;
    while let Some(length) = one_quotation(&text[end..]) {
        end += length;
    }
    (end > 0).then_some(Quotation { start, end })
}

fn one_quotation(text: &str) -> Option<usize> {
    let body = text.trim_start_matches([' ', '\n']);
    let skipped = text.len() - body.len();
    let end = if body.starts_with('「') {
        in_brackets(body)?
    } else if body.starts_with("引用") {
        first_line(body)?
    } else {
        return None;
    };
    Some(skipped + end)
}

/// 「张三:停电了」 and a line's end, with or without a line of dashes below.
fn in_brackets(body: &str) -> Option<usize> {
    let window = &body[..body.floor_char_boundary(LONGEST_QUOTATION)];
    let (end, dashes) = window
        .match_indices('」')
        .map(|(at, mark)| at + mark.len())
        .find_map(|end| {
            let rest = &body[end..];
            let line = rest.trim_start_matches(' ');
            let line_end = line.strip_prefix('\n')?;
            let end = body.len() - line_end.len();
            Some((end, dashes(line_end)))
        })?;
    let names = body[..end].chars().take(40).any(|c| c == ':');
    (dashes > 0 || names).then_some(end + dashes)
}

/// 引用 张三:停电了 in a line of its own.
fn first_line(body: &str) -> Option<usize> {
    let end = body.find('\n')? + 1;
    let names = body[..end].chars().take(40).any(|c| c == ':');
    (names && end <= LONGEST_QUOTATION).then(|| end + dashes(&body[end..]))
}

/// The bytes of a line of dashes at the front, its end included.
fn dashes(text: &str) -> usize {
    let line = text.find('\n').map_or(text, |end| &text[..end]);
    let marks = line.chars().filter(|&c| c != ' ').count();
    let all = line
        .chars()
        .all(|c| matches!(c, ' ' | '-' | '—' | '–' | '─' | '_'));
    if marks < 3 || !all {
        return 0;
    }
    (line.len() + 1).min(text.len())
}
