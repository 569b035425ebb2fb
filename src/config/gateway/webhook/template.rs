//! What is posted for each saying: text with slots in braces. What fills a slot is escaped by where the
//! slot stands (URL, header, JSON, form), so no template can be broken by what residents are called.

use serde_json::Value;

/// What a slot stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// `{to}`: the group, or the person.
    To,
    /// `{group_id}`: the group; nothing when a person is written to.
    Group,
    /// `{person_id}`: the person; nothing when a group is written to.
    Person,
    /// `{text}`: the words.
    Text,
    /// `{at_names}`: `@甲 @乙 ` for those who are mentioned.
    AtNames,
    /// `{mentions}`: the ids of those who are mentioned; a list where the slot stands alone.
    Mentions,
    /// `{mention_ids}`: the same, always a text with commas between.
    MentionIds,
    /// `{quote}`: the message that is quoted.
    Quote,
    /// `{token}`: the secret `send_token`.
    Token,
}

/// The slots by name.
const SLOTS: [(&str, Slot); 9] = [
    ("to", Slot::To),
    ("group_id", Slot::Group),
    ("person_id", Slot::Person),
    ("text", Slot::Text),
    ("at_names", Slot::AtNames),
    ("mentions", Slot::Mentions),
    ("mention_ids", Slot::MentionIds),
    ("quote", Slot::Quote),
    ("token", Slot::Token),
];

/// A part of a [`Phrase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// As written.
    Text(String),
    /// Filled for each saying.
    Slot(Slot),
}

/// Text with slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(pub Vec<Word>);

impl Phrase {
    /// Reads `{to}` and the like; `{{` and `}}` are braces.
    pub(super) fn typed(typed: &str) -> Result<Self, String> {
        let mut words = Vec::new();
        let mut text = String::new();
        let mut rest = typed;
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let tail = &rest[at..];
            let doubled = ["{{", "}}"].iter().find(|it| tail.starts_with(**it));
            if let Some(doubled) = doubled {
                text.push_str(&doubled[1..]);
                rest = &tail[2..];
                continue;
            }
            let name = tail[1..].split_once('}').map(|(name, _)| name);
            let slot = name.and_then(|name| SLOTS.iter().find(|(known, _)| *known == name));
            let Some((name, slot)) = slot.filter(|_| tail.starts_with('{')) else {
                let known: Vec<String> = SLOTS.iter().map(|(it, _)| format!("{{{it}}}")).collect();
                let found: String = tail.chars().take(20).collect();
                return Err(format!(
                    "“{found}”不是可以填的位置（可用：{}；就要大括号时写两个：{{{{ 或 }}}}）",
                    known.join(" ")
                ));
            };
            if !text.is_empty() {
                words.push(Word::Text(std::mem::take(&mut text)));
            }
            words.push(Word::Slot(*slot));
            rest = &tail[name.len() + 2..];
        }
        text.push_str(rest);
        if !text.is_empty() {
            words.push(Word::Text(text));
        }
        Ok(Self(words))
    }

    /// Whether this slot is in it.
    pub fn has(&self, slot: Slot) -> bool {
        self.0.contains(&Word::Slot(slot))
    }
}

/// A JSON value with slots in its texts.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// As written.
    Value(Value),
    /// A text.
    Phrase(Phrase),
    /// `"{to:number}"`: the id as a number, where it is one.
    Number(Slot),
    /// A list.
    List(Vec<Node>),
    /// An object, in the order written.
    Object(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn typed(value: Value) -> Result<Self, String> {
        Ok(match value {
            Value::String(text) => {
                let number = text
                    .strip_prefix('{')
                    .and_then(|text| text.strip_suffix(":number}"));
                let slot = number.and_then(|name| SLOTS.iter().find(|(known, _)| *known == name));
                match slot {
                    Some((_, slot)) => Self::Number(*slot),
                    None => Self::Phrase(Phrase::typed(&text)?),
                }
            }
            Value::Array(items) => Self::List(
                items
                    .into_iter()
                    .map(Self::typed)
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(pairs) => Self::Object(
                pairs
                    .into_iter()
                    .map(|(key, value)| Ok((key, Self::typed(value)?)))
                    .collect::<Result<_, String>>()?,
            ),
            plain => Self::Value(plain),
        })
    }

    /// Whether this slot is somewhere in it.
    pub fn has(&self, slot: Slot) -> bool {
        match self {
            Self::Value(_) => false,
            Self::Phrase(phrase) => phrase.has(slot),
            Self::Number(number) => *number == slot,
            Self::List(items) => items.iter().any(|item| item.has(slot)),
            Self::Object(pairs) => pairs.iter().any(|(_, item)| item.has(slot)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_found_and_doubled_braces_are_braces() {
        let phrase = Phrase::typed("a {{b}} {text}!").expect("a phrase");
        let words = vec![
            Word::Text("a {b} ".to_owned()),
            Word::Slot(Slot::Text),
            Word::Text("!".to_owned()),
        ];
        assert_eq!(phrase.0, words);
    }

    #[test]
    fn an_unknown_slot_is_named_with_those_that_exist() {
        for wrong in ["{txet}", "{", "}", "{text", "{}"] {
            let problem = Phrase::typed(wrong).expect_err("no slot");
            assert!(
                problem.contains(wrong) && problem.contains("{at_names}"),
                "{problem}"
            );
        }
    }
}
