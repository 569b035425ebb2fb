//! The little of XML that chat clients put into messages: the content of one element. Nothing is
//! expanded but the five entities everybody knows and numbers; nothing is looked up.

/// Longest XML that is looked at, bytes.
const MOST: usize = 64 << 10;

/// The content of the first element of this name, without markup of its own around it.
pub(super) fn element(xml: &str, tag: &str) -> Option<String> {
    inner(xml, tag).map(|inner| plain(inner.trim()))
}

/// The first element of this name, as it stands.
pub(super) fn inner<'x>(xml: &'x str, tag: &str) -> Option<&'x str> {
    let xml = &xml[..xml.floor_char_boundary(MOST)];
    let mut rest = xml;
    loop {
        let at = rest.find('<')?;
        rest = &rest[at + 1..];
        let Some(after) = rest.strip_prefix(tag) else {
            continue;
        };
        if !after.starts_with(['>', ' ', '\t', '\r', '\n', '/']) {
            continue;
        }
        let (head, content) = after.split_once('>')?;
        if head.ends_with('/') {
            return Some("");
        }
        let end = content.find(&format!("</{tag}>"))?;
        return Some(&content[..end]);
    }
}

/// Text without CDATA and entities.
fn plain(text: &str) -> String {
    let cdata = text
        .strip_prefix("<![CDATA[")
        .and_then(|text| text.strip_suffix("]]>"));
    match cdata {
        Some(text) => text.to_owned(),
        None => unescape(text),
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let tail = &rest[at..];
        let end = tail.find(';').filter(|end| *end <= 10);
        let entity = end.and_then(|end| Some((entity(&tail[1..end])?, end + 1)));
        let (character, taken) = entity.unwrap_or(('&', 1));
        plain.push(character);
        rest = &tail[taken..];
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_content_of_an_element_is_found_plain() {
        let xml = "<msg><titles>no</titles><title a=\"1\">停电&amp;停水&#33;</title><b/></msg>";
        assert_eq!(element(xml, "title").as_deref(), Some("停电&停水!"));
        assert_eq!(element(xml, "b").as_deref(), Some(""));
        assert_eq!(element(xml, "c"), None);
        let cdata = "<at><![CDATA[a,b]]></at>";
        assert_eq!(element(cdata, "at").as_deref(), Some("a,b"));
    }

    #[test]
    fn entities_of_its_own_are_not_expanded() {
        let xml = "<!DOCTYPE x [<!ENTITY a \"bomb\">]><t>&a;&a;</t>";
        assert_eq!(element(xml, "t").as_deref(), Some("&a;&a;"));
    }

    proptest! {
        #[test]
        fn any_text_is_looked_through(text in "[<>/a&;# \\[\\]!停]{0,80}") {
            let _ = element(&text, "a");
        }
    }
}
