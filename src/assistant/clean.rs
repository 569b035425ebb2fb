//! What residents wrote is data: bounded, on one line, without characters that steer a screen.

/// Longest fact, in characters. A gist has 80; an answer's list is the longest thing said.
pub(super) const FACT_CHARS: usize = 1_000;

/// Longest text that leaves this room, in characters. The outbox splits it for the sink.
pub(super) const TEXT_CHARS: usize = 2_000;

/// A fact as a template may show it. `lines` says whether line ends are kept.
pub(super) fn fact(value: &str, lines: Lines) -> String {
    let kept = value
        .replace("\r\n", "\n")
        .chars()
        .map(|c| match (c, lines) {
            ('\n', Lines::Kept) => '\n',
            ('\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}', _) => ' ',
            _ => c,
        })
        .filter(|c| shown(*c))
        .collect::<String>();
    // A quoted resident must not make the bot call everybody.
    let quiet = kept.replace("@所有人", "＠所有人").replace("@all", "＠all");
    cut(quiet.trim(), FACT_CHARS)
}

/// Whether a fact is a list that the desk wrote line by line, or somebody's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Line ends stay.
    Kept,
    /// A line end would let a resident's words look like another line of the bot.
    Joined,
}

/// A finished text: no empty lines, no invisible characters, bounded.
pub(super) fn text(rendered: &str) -> String {
    let lines = rendered
        .lines()
        .map(|line| line.chars().filter(|c| shown(*c)).collect::<String>())
        .map(|line| line.trim_end().to_owned())
        .filter(|line| !line.trim().is_empty())
        .collect::<Vec<_>>();
    cut(&lines.join("\n"), TEXT_CHARS)
}

/// Whether a character is something to read: no control, direction or zero-width characters. The
/// joiner of composed emoji stays.
fn shown(c: char) -> bool {
    let invisible = matches!(c,
        '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}' | '\u{fff9}'..='\u{fffb}');
    c == '\n' || !(c.is_control() || invisible)
}

fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some(_) => text.chars().take(chars - 1).chain(['…']).collect(),
    }
}
