//! Numbers as people write them: 三, 十二, 两, 一百零三, 五〇一, 12.

/// The value of a number in Chinese or Arabic digits; `None` if anything else stands in it.
pub fn chinese_number(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 9 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    if text.chars().all(|c| digit(c).is_some()) {
        return digit_by_digit(text);
    }
    with_units(text)
}

/// Whether a character can stand in a number.
pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some() || unit(c).is_some()
}

fn digit(c: char) -> Option<u32> {
    let value = match c {
        '0'..='9' => return c.to_digit(10),
        '零' | '〇' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    };
    Some(value)
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1_000),
        '万' => Some(10_000),
        _ => None,
    }
}

fn digit_by_digit(text: &str) -> Option<u32> {
    text.chars()
        .try_fold(0u32, |sum, c| sum.checked_mul(10)?.checked_add(digit(c)?))
}

fn with_units(text: &str) -> Option<u32> {
    let (mut total, mut section, mut waiting) = (0u32, 0u32, None);
    let mut below = u32::MAX;
    for c in text.chars() {
        if let Some(value) = digit(c) {
            // 一百零三: the nought only holds a place.
            waiting = match waiting {
                None | Some(0) => Some(value),
                Some(tens) if c.is_ascii_digit() => Some(tens * 10 + value),
                Some(_) => return None,
            };
            continue;
        }
        let size = unit(c)?;
        if size == 10_000 {
            total = total.checked_add(section.checked_add(waiting.take()?)?.checked_mul(size)?)?;
            section = 0;
            below = u32::MAX;
            continue;
        }
        if size >= below {
            return None;
        }
        below = size;
        let count = match waiting.take() {
            None if size == 10 && section == 0 => 1,
            None => return None,
            Some(count) => count,
        };
        section = section.checked_add(count.checked_mul(size)?)?;
    }
    total
        .checked_add(section)?
        .checked_add(waiting.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("三", 3),
            ("两", 2),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("三十一", 31),
            ("一百零三", 103),
            ("一百二十", 120),
            ("五〇一", 501),
            ("12", 12),
            ("0", 0),
            ("一万二千", 12_000),
            ("1千", 1_000),
        ] {
            assert_eq!(chinese_number(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "栋", "三栋", "百", "十十", "一二三四五六七八九十一"] {
            assert_eq!(chinese_number(text), None, "{text}");
        }
    }
}
