//! Matching the turns of phrase that people use instead of command words.

/// Small words at the end of a clause that change nothing.
const PARTICLES: &[char] = &[
    '哈', '嘛', '哦', '喽', '咯', '吧', '噻', '喔', '呀', '哟', '哒', '啊', '啦', '撒', '嗄', '嘞',
    '呐', '诶', '唉', '嗯', '噢', '喂',
];

/// The clauses of a text: parted by signs and spaces, without small words at their ends.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !"'#%?".contains(c))
        .flat_map(|clause| clause.split_inclusive('?'))
        .map(|clause| {
            clause
                .trim_end_matches(PARTICLES)
                .trim_start_matches(['嗯', '哦', '啊', '唉', '诶', '喂', '呀', '哎', '额', '呃'])
        })
        .filter(|clause| !clause.is_empty())
}

/// Whether some clause of `text` holds one of the cues, which stand parted by spaces.
///
/// A cue is words in order; `…` stands for up to eight other characters, `^` for the start and `$`
/// for the end of a clause.
pub(super) fn has(text: &str, cues: &str) -> bool {
    cues.split_whitespace().any(|cue| holds(text, cue))
}

fn holds(text: &str, cue: &str) -> bool {
    let body = cue.trim_start_matches('^').trim_end_matches('$');
    let first = body.split('…').next().unwrap_or_default();
    text.contains(first) && clauses(text).any(|clause| clause_holds(clause, cue))
}

fn clause_holds(clause: &str, cue: &str) -> bool {
    let (cue, anchored) = match cue.strip_prefix('^') {
        Some(rest) => (rest, Anchor::Start),
        None => (cue, Anchor::Free),
    };
    let (cue, to_end) = match cue.strip_suffix('$') {
        Some(rest) => (rest, Anchor::End),
        None => (cue, Anchor::Free),
    };
    let mut parts = cue.split('…');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    clause.match_indices(first).any(|(at, _)| {
        (anchored != Anchor::Start || at == 0)
            && goes_on(&clause[at + first.len()..], &rest).is_some_and(|left| {
                to_end != Anchor::End || left.is_empty() || rest_ends(clause, &rest)
            })
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Free,
    Start,
    End,
}

/// Finds the further parts, each at most eight characters on; gives what is left behind them.
fn goes_on<'t>(mut tail: &'t str, parts: &[&str]) -> Option<&'t str> {
    for part in parts {
        let at = tail.find(part)?;
        if tail[..at].chars().count() > 8 {
            return None;
        }
        tail = &tail[at + part.len()..];
    }
    Some(tail)
}

fn rest_ends(clause: &str, parts: &[&str]) -> bool {
    parts.last().is_some_and(|part| clause.ends_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_stands_in_one_clause() {
        assert!(has("这个不归我们这边管", "不归…管"));
        assert!(!has("不归我，你管", "不归…管"));
        assert!(has("好的，我来嘛", "^我来$"));
        assert!(!has("我来自外地", "^我来$"));
        assert!(has("那就我来", "我来$"));
        assert!(has("弄好没?", "好没"));
    }
}
