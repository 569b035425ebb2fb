//! Hiding personal data before a text leaves: phones, identity numbers, plates, bank cards, and
//! door numbers where it goes public. What can be dialled by anybody (110, 12345, 400) stays.

use std::ops::Range;

use super::{Normalised, place};

/// The text with phones, identity numbers, plates and bank cards hidden. Masking it again changes
/// nothing.
pub fn mask(text: &str) -> String {
    until_settled(text, &personal)
}

/// As [`mask`], and door numbers too.
pub fn mask_public(text: &str) -> String {
    until_settled(text, &|text| {
        let mut spans = personal(text);
        let places = place::find(text, &[]);
        spans.extend(places.into_iter().filter_map(|found| found.room));
        spans
    })
}

/// Hides what `look` finds, also what only shows once the rest is hidden (the end of a long number
/// looks like a door's). Each round hides at least one more character, so it ends.
fn until_settled(text: &str, look: &dyn Fn(&Normalised) -> Vec<Range<usize>>) -> String {
    let mut masked = text.to_owned();
    loop {
        let mut spans = Vec::new();
        collect(&masked, 0, 0, &mut spans, look);
        let again = hide(&masked, spans);
        if again == masked {
            return masked;
        }
        masked = again;
    }
}

/// Quoted messages inside quoted messages are followed this deep.
const DEEPEST: u8 = 8;

/// Gathers what `look` finds in a text, in what it quotes and in whom it mentions.
fn collect(
    text: &str,
    offset: usize,
    depth: u8,
    spans: &mut Vec<Range<usize>>,
    look: &dyn Fn(&Normalised) -> Vec<Range<usize>>,
) {
    let normalised = Normalised::of(text);
    spans.extend(look(&normalised).into_iter().map(|span| {
        let span = normalised.original_span(span);
        span.start + offset..span.end + offset
    }));
    if depth == DEEPEST {
        return;
    }
    let asides = normalised
        .mentions()
        .iter()
        .cloned()
        .chain(normalised.quoted());
    for aside in asides {
        // Without its first mark an aside is ordinary text.
        let Some(mark) = text[aside.clone()].chars().next() else {
            continue;
        };
        let start = aside.start + mark.len_utf8();
        collect(
            &text[start..aside.end],
            offset + start,
            depth + 1,
            spans,
            look,
        );
    }
}

fn hide(text: &str, mut spans: Vec<Range<usize>>) -> String {
    spans.sort_by_key(|span| span.start);
    let mut out = String::with_capacity(text.len());
    let mut taken = 0;
    for span in spans {
        let start = span.start.max(taken);
        if start >= span.end {
            continue;
        }
        out.push_str(&text[taken..start]);
        out.extend(text[start..span.end].chars().map(|_| '*'));
        taken = span.end;
    }
    out.push_str(&text[taken..]);
    out
}

/// The parts to hide of all personal numbers in a text.
fn personal(text: &Normalised) -> Vec<Range<usize>> {
    let text = text.text();
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let found = match text.as_bytes()[at] {
            b'0'..=b'9' => number(text, at),
            0xE0.. => plate(text, at),
            _ => None,
        };
        if let Some(Found { end, hidden }) = found {
            spans.push(hidden);
            at = end;
        } else if text.as_bytes()[at].is_ascii_digit() {
            at = digits_end(text, at);
        } else {
            at += 1;
        }
    }
    spans
}

struct Found {
    end: usize,
    hidden: Range<usize>,
}

/// The number that starts at a digit, if it is somebody's.
fn number(text: &str, start: usize) -> Option<Found> {
    identity(text, start)
        .or_else(|| card(text, start))
        .or_else(|| mobile(text, start))
        .or_else(|| landline(text, start))
}

fn digits_end(text: &str, start: usize) -> usize {
    let digits = text.as_bytes()[start..]
        .iter()
        .take_while(|b| b.is_ascii_digit());
    start + digits.count()
}

/// 18 digits with a date of birth, the last may be x; or the 15 of before 1999.
fn identity(text: &str, start: usize) -> Option<Found> {
    let mut end = digits_end(text, start);
    let digits = &text[start..end];
    let date = match digits.len() {
        17 if text[end..].starts_with('x') => {
            end += 1;
            &digits[6..14]
        }
        18 => &digits[6..14],
        15 => &digits[6..12],
        _ => return None,
    };
    let (year, day) = date.split_at(date.len() - 4);
    let (month, day) = day.split_at(2);
    let plausible = (year.len() == 2 || ["18", "19", "20"].contains(&&year[..2]))
        && ("01"..="12").contains(&month)
        && ("01"..="31").contains(&day);
    plausible.then(|| Found {
        end,
        hidden: start + 3..end - 2,
    })
}

/// 16 to 19 digits with the right check digit, glued or in fours.
fn card(text: &str, start: usize) -> Option<Found> {
    let end = grouped(text, start, &[4, 4, 4, 4, 3])
        .or_else(|| grouped(text, start, &[6, 13]))
        .or_else(|| grouped(text, start, &[4, 4, 4, 4]))
        .or_else(|| Some(digits_end(text, start)))?;
    let digits: Vec<u32> = text[start..end]
        .chars()
        .filter_map(|c| c.to_digit(10))
        .collect();
    let plausible =
        (16..=19).contains(&digits.len()) && (3..=6).contains(&digits[0]) && luhn(&digits);
    plausible.then(|| Found {
        end,
        hidden: start + 4..end - 4,
    })
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, &digit)| match (index % 2, digit) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// 138 1234 5678, with or without 86 before it.
fn mobile(text: &str, start: usize) -> Option<Found> {
    let prefix = ["0086", "86"]
        .iter()
        .find(|prefix| text[start..].starts_with(**prefix) && digits_end(text, start) != start + 11)
        .map_or(0, |prefix| prefix.len());
    let mut first = start + prefix;
    if prefix > 0 && matches!(text.as_bytes().get(first), Some(b'-' | b' ')) {
        first += 1;
    }
    let bytes = text.as_bytes();
    if bytes.get(first) != Some(&b'1') || !matches!(bytes.get(first + 1), Some(b'3'..=b'9')) {
        return None;
    }
    let end = grouped(text, first, &[3, 4, 4]).or_else(|| grouped(text, first, &[3, 3, 5]))?;
    Some(Found {
        end,
        hidden: first + 3..end - 4,
    })
}

/// 028-8555 1234, and eight digits behind 电话.
fn landline(text: &str, start: usize) -> Option<Found> {
    let area = if text[start..].starts_with('0') {
        let short = text[start..].starts_with("010") || text[start..].starts_with("02");
        let end = start + if short { 3 } else { 4 };
        match digits_end(text, start) {
            glued if glued > end => matches!(glued - end, 7 | 8).then_some((end, glued)),
            glued
                if glued == end && matches!(text.as_bytes().get(end), Some(b'-' | b' ' | b')')) =>
            {
                local(text, end + 1).map(|local| (end + 1, local))
            }
            _ => None,
        }
    } else {
        let before = &text[text.floor_char_boundary(start.saturating_sub(18))..start];
        let named = ["电话", "座机", "致电", "拨打"]
            .iter()
            .any(|word| before.contains(word));
        named
            .then(|| local(text, start).map(|end| (start, end)))
            .flatten()
    };
    let (local, end) = area?;
    Some(Found {
        end,
        hidden: local..end - 4,
    })
}

/// Behind the seven or eight digits of a local number that starts here.
fn local(text: &str, start: usize) -> Option<usize> {
    let digits = text.as_bytes().get(start)?;
    if !matches!(digits, b'2'..=b'8') || text[start..].starts_with("400") {
        return None;
    }
    [&[4, 4][..], &[8], &[7], &[3, 4]]
        .into_iter()
        .find_map(|groups| grouped(text, start, groups))
}

/// Behind digits in groups of these widths, glued or with one space or dash between two groups.
fn grouped(text: &str, start: usize, widths: &[usize]) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = start;
    for (index, &width) in widths.iter().enumerate() {
        if index > 0 && matches!(bytes.get(at), Some(b' ' | b'-')) {
            at += 1;
        }
        let group = bytes.get(at..at + width)?;
        if !group.iter().all(u8::is_ascii_digit) {
            return None;
        }
        at += width;
    }
    let goes_on = bytes.get(at).is_some_and(u8::is_ascii_digit);
    (!goes_on).then_some(at)
}

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// 川A·12345, 川AD12345.
fn plate(text: &str, start: usize) -> Option<Found> {
    let rest = text.get(start..)?;
    let province = rest.chars().next().filter(|&c| PROVINCES.contains(c))?;
    let letter = start + province.len_utf8();
    if !text.as_bytes().get(letter)?.is_ascii_lowercase() {
        return None;
    }
    let behind = &text[letter + 1..];
    let dot = behind
        .chars()
        .next()
        .filter(|c| matches!(c, '·' | '•' | '.' | '-' | ' '));
    let serial = letter + 1 + dot.map_or(0, char::len_utf8);
    let width = text.as_bytes()[serial..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let end = serial + width;
    let digits = text[serial..end].bytes().filter(u8::is_ascii_digit).count();
    (matches!(width, 5 | 6) && digits >= 2).then(|| Found {
        end,
        hidden: serial..end - 2,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn personal_numbers_are_hidden() {
        for (text, masked) in [
            ("打13812345678找我", "打138****5678找我"),
            ("138 1234 5678", "138******5678"),
            ("+86 138-1234-5678", "+86 138******5678"),
            ("１３８１２３４５６７８", "１３８****５６７８"),
            ("138\u{200b}12345678", "138\u{200b}****5678"),
            ("8613812345678", "86138****5678"),
            ("座机028-85551234", "座机028-****1234"),
            ("02885551234", "028****1234"),
            ("电话85551234", "电话****1234"),
            ("510104199001011234", "510*************34"),
            ("51010419900101123X", "510*************3X"),
            ("510104900101123", "510**********23"),
            ("6222021234567890128", "6222***********0128"),
            ("川A12345挡路", "川A***45挡路"),
            ("川A·D12345", "川A·****45"),
            (
                "「张三：13812345678」\n----\n好的",
                "「张三：138****5678」\n----\n好的",
            ),
            ("@王师傅13812345678 快来", "@王师傅138****5678 快来"),
        ] {
            assert_eq!(mask(text), masked, "{text}");
        }
    }

    #[test]
    fn public_numbers_and_others_stay() {
        for text in [
            "打12345",
            "95598",
            "110",
            "400-800-1234",
            "停了100000000年",
            "3栋501",
            "20261120",
            "2026-11-20 14:30",
            "订单12345678901234567",
        ] {
            assert_eq!(mask(text), text);
        }
    }

    #[test]
    fn door_numbers_are_hidden_where_it_goes_public() {
        assert_eq!(
            mask_public("3栋2单元501漏水，打13812345678"),
            "3栋2单元***漏水，打138****5678"
        );
        assert_eq!(mask_public("2-1-502漏水"), "2-1-***漏水");
        assert_eq!(mask_public("5栋停电501的进来"), "5栋停电501的进来");
    }

    #[test]
    fn the_end_of_a_long_number_is_no_door_left_open() {
        let once = mask_public("00000000100室");
        assert_eq!(mask_public(&once), once);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn masking_twice_changes_nothing(text in "[0-9]{0,20}[-0-9 a-c川栋室@「」：\n]{0,30}") {
            let once = mask_public(&text);
            prop_assert_eq!(mask_public(&once), once.clone());
            prop_assert_eq!(once.chars().count(), text.chars().count());
        }
    }
}
