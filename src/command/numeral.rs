//! Whole numbers at the start of a text, in digits or in Chinese.

/// Reads a number at the very start and gives its value and the bytes read. At most 9999 in
/// Chinese, nine digits in Arabic.
pub fn read(rest: &str) -> Option<(u32, usize)> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Some((
            rest.get(..digits)?.parse().ok().filter(|_| digits <= 9)?,
            digits,
        ));
    }
    let (mut total, mut digit, mut read) = (0, None, 0);
    for c in rest.chars().take(8) {
        if let Some(value) = value_of(c) {
            if digit.is_some_and(|digit| digit != 0) {
                break;
            }
            digit = Some(value);
        } else if let Some(unit) = unit_of(c) {
            total += digit.filter(|digit| *digit != 0).unwrap_or(1) * unit;
            digit = None;
        } else {
            break;
        }
        read += c.len_utf8();
    }
    (read > 0).then(|| (total + digit.unwrap_or(0), read))
}

fn value_of(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit_of(c: char) -> Option<u32> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_both_scripts() {
        for (text, expected) in [
            ("12号", (12, 2)),
            ("十二号", (12, 6)),
            ("两天", (2, 3)),
            ("二十八日", (28, 9)),
            ("一百零三", (103, 12)),
            ("三四天", (3, 3)),
            ("007", (7, 3)),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
        assert_eq!(read("号"), None);
        assert_eq!(read(""), None);
        assert_eq!(read("12345678901"), None);
    }
}
