//! Cutting a long text into parts that a platform takes, at the end of a sentence where there is one.

use unicode_segmentation::UnicodeSegmentation;

/// A part is never shorter than this many bytes because of a strange limit.
const LEAST_BYTES: usize = 32;

/// The text in parts of at most `most` bytes each (but at least 32), of which the first has room for
/// `first` bytes alone; nothing lost but white space at the cuts.
pub(super) fn split(text: &str, first: usize, most: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let room = if parts.is_empty() { first } else { most };
        let most = room.max(LEAST_BYTES);
        if rest.len() <= most {
            break;
        }
        let (part, after) = rest.split_at(cut(rest, most));
        parts.push(part.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

/// Where to cut: behind the last line, sentence or clause that fits; else behind the last character
/// as people see it: a flag or a family stays whole, and so does a letter with its accent.
fn cut(text: &str, most: usize) -> usize {
    let whole = text
        .grapheme_indices(true)
        .map(|(at, seen)| at + seen.len())
        .take_while(|end| *end <= most)
        .last();
    // One heap of accents larger than a message is cut all the same.
    let fits = &text[..whole.unwrap_or_else(|| text.floor_char_boundary(most))];
    let ends: [&[char]; 3] = [
        &['\n'],
        &['。', '！', '？', '；', '!', '?', ';'],
        &['，', '、', '：', ',', ' '],
    ];
    ends.into_iter()
        .filter_map(|ends| {
            let (at, end) = fits.char_indices().rev().find(|(_, c)| ends.contains(c))?;
            Some(at + end.len_utf8())
        })
        // A cut far at the front would make many tiny messages.
        .find(|at| *at >= most / 3)
        .unwrap_or(fits.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_that_fits_stays_whole() {
        assert_eq!(split("收到。", 2048, 2048), ["收到。"]);
        assert_eq!(split(" \n", 2048, 2048), Vec::<String>::new());
    }

    #[test]
    fn a_long_text_is_cut_behind_a_sentence() {
        let text = "第一句话说完了。第二句话也说完了。第三句";
        assert_eq!(
            split(text, 52, 52),
            ["第一句话说完了。第二句话也说完了。", "第三句"]
        );
    }

    #[test]
    fn the_first_part_leaves_room_for_mentions() {
        let parts = split(&"一句话。".repeat(12), 36, 48);
        assert_eq!(
            parts.iter().map(String::len).collect::<Vec<_>>(),
            [36, 48, 48, 12]
        );
    }

    #[test]
    fn what_people_see_as_one_character_stays_whole() {
        let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
        let parts = split(&family.repeat(4), 60, 60);
        assert_eq!(parts, vec![family.repeat(2); 2]);
    }

    proptest! {
        #[test]
        fn parts_fit_and_lose_nothing_but_space(text in "[a-c，。\n 停电水😀]{0,300}", most in 1..200usize) {
            let parts = split(&text, most, most);
            for part in &parts {
                prop_assert!(part.len() <= most.max(LEAST_BYTES) && !part.is_empty());
            }
            let solid = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(solid(&parts.concat()), solid(&text));
        }
    }
}
