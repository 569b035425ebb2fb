//! The little language in which a mapping is written: where a value stands (a JSON pointer, RFC 6901, or
//! a pattern of several), what is cut from it, and when it counts.

use serde::Deserialize;
use toml::Value;

use crate::config::raw::chinese;

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this pointer.
    Pointer(String),
    /// Text with pointers in braces: `{/Appid}:{/Data/NewMsgId}`.
    Pattern(Vec<Piece>),
}

/// A part of a [`Place::Pattern`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As written.
    Text(String),
    /// The value at this pointer.
    Pointer(String),
}

/// One way to find a value. The first of several that finds something wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// As the admin wrote it, for what is told of it.
    pub written: String,
    /// Where.
    pub place: Place,
    /// The content of this XML element within it.
    pub tag: Option<String>,
    /// Only what stands before this; nothing is found where it is not in the text.
    pub before: Option<String>,
    /// Only what stands after this; the same.
    pub after: Option<String>,
    /// It counts only when it starts so.
    pub starts_with: Option<String>,
    /// It counts only when it ends so.
    pub ends_with: Option<String>,
}

/// Something that holds or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// What is looked at.
    pub probe: Probe,
    /// What must be there.
    pub holds: Holds,
}

/// What a [`Test`] asks of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// `true`, a number that is not 0, or a text that is none of 0, false, no and nothing.
    Truthy,
    /// One of these, as text.
    Is(Vec<String>),
    /// None of these, as text; also when nothing is there.
    IsNot(Vec<String>),
    /// The same as what stands at this pointer.
    Same(String),
    /// This is part of it.
    Contains(String),
}

/// A list, or one alone, as people like to write.
pub(super) fn several(typed: Value) -> Vec<Value> {
    match typed {
        Value::Array(all) => all,
        one => vec![one],
    }
}

/// A probe or test as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    at: String,
    tag: Option<String>,
    before: Option<String>,
    after: Option<String>,
    starts_with: Option<String>,
    ends_with: Option<String>,
    is: Option<Value>,
    is_not: Option<Value>,
    same: Option<String>,
    contains: Option<String>,
}

impl Probe {
    /// As a way to find a value.
    pub(super) fn typed(typed: Value) -> Result<Self, String> {
        let typed = Typed::read(typed)?;
        if typed.asks().is_some() {
            return Err(format!(
                "“{}”这里只找值，is、is_not、same、contains 用不上，请去掉",
                typed.at
            ));
        }
        typed.probe()
    }
}

impl Test {
    /// As something that holds or not; `"/type == text"` is short for `{ at = "/type", is = "text" }`.
    pub(super) fn typed(typed: Value) -> Result<Self, String> {
        let mut typed = Typed::read(typed)?;
        let short = typed.at.clone();
        if let Some((at, value)) = short.split_once("==") {
            at.trim().clone_into(&mut typed.at);
            match value.trim() {
                value if value.starts_with('/') => typed.same = Some(value.to_owned()),
                value => typed.is = Some(Value::String(value.to_owned())),
            }
        }
        let holds = typed.asks().unwrap_or(Ok(Holds::Truthy))?;
        Ok(Self {
            probe: typed.probe()?,
            holds,
        })
    }
}

impl Typed {
    fn read(typed: Value) -> Result<Self, String> {
        match typed {
            Value::String(at) => Ok(Self {
                at,
                ..Self::default()
            }),
            Value::Table(table) => table
                .try_into()
                .map_err(|error: toml::de::Error| chinese(error.message())),
            other => Err(format!(
                "“{other}”要写成带引号的指针，或 {{ at = \"/…\", … }}"
            )),
        }
    }

    fn asks(&self) -> Option<Result<Holds, String>> {
        let asked = [
            self.is.clone().map(|is| Ok(Holds::Is(texts(is)))),
            self.is_not.clone().map(|is| Ok(Holds::IsNot(texts(is)))),
            self.same
                .as_ref()
                .map(|same| pointer(same).map(Holds::Same)),
            self.contains.clone().map(|it| Ok(Holds::Contains(it))),
        ];
        let mut asked = asked.into_iter().flatten();
        let first = asked.next()?;
        Some(match asked.next() {
            Some(_) => Err(format!(
                "“{}”的 is、is_not、same、contains 只能写一个",
                self.at
            )),
            None => first,
        })
    }

    fn probe(self) -> Result<Probe, String> {
        let place = if self.at.contains("{/") {
            Place::Pattern(pattern(&self.at)?)
        } else {
            Place::Pointer(pointer(&self.at)?)
        };
        Ok(Probe {
            place,
            written: self.at,
            tag: self.tag,
            before: self.before,
            after: self.after,
            starts_with: self.starts_with,
            ends_with: self.ends_with,
        })
    }
}

fn texts(values: Value) -> Vec<String> {
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    several(values).into_iter().map(text).collect()
}

/// A pointer as RFC 6901 writes it; the whole body (an empty pointer) is no value.
pub(super) fn pointer(typed: &str) -> Result<String, String> {
    let mut tildes = typed.split('~').skip(1);
    let sound = tildes.all(|after| after.starts_with(['0', '1']));
    if !typed.starts_with('/') || !sound || typed.len() > 256 {
        return Err(format!(
            "“{typed}”不是指针，请写成 \"/data/group_id\" 这样（每层前面一个 /，数组用序号；名字里的 / 写 ~1，~ 写 ~0）"
        ));
    }
    Ok(typed.to_owned())
}

/// Text with pointers in braces.
fn pattern(typed: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = typed;
    while let Some(open) = rest.find("{/") {
        let (text, tail) = rest.split_at(open);
        let Some(close) = tail.find('}') else {
            return Err(format!("“{typed}”里的 {{ 没有配对的 }}"));
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        pieces.push(Piece::Pointer(pointer(&tail[1..close])?));
        rest = &tail[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Value {
        let table: toml::Table = toml::from_str(&format!("x = {text}")).expect("TOML");
        table["x"].clone()
    }

    fn probe(text: &str) -> Result<Probe, String> {
        Probe::typed(typed(text))
    }

    fn test(text: &str) -> Result<Test, String> {
        Test::typed(typed(text))
    }

    #[test]
    fn short_and_long_spellings_mean_the_same() {
        let short = test("\"/type == 1\"").expect("a test");
        let long = test("{ at = \"/type\", is = 1 }").expect("a test");
        assert_eq!(short, long);
        let same = test("\"/from == /me\"").expect("a test");
        assert_eq!(same.holds, Holds::Same("/me".to_owned()));
        let flag = test("\"/is_self\"").expect("a test");
        assert_eq!(flag.holds, Holds::Truthy);
    }

    #[test]
    fn a_pattern_is_text_and_pointers() {
        let probe = probe("\"{/app}:{/id}\"").expect("a probe");
        let pieces = vec![
            Piece::Pointer("/app".to_owned()),
            Piece::Text(":".to_owned()),
            Piece::Pointer("/id".to_owned()),
        ];
        assert_eq!(probe.place, Place::Pattern(pieces));
    }

    #[test]
    fn what_is_no_pointer_is_named_with_an_example() {
        for wrong in ["\"group.id\"", "\"/a~2\"", "\"{/a\"", "\"\""] {
            assert!(probe(wrong).is_err(), "{wrong}");
        }
        let problem = probe("\"group.id\"").expect_err("no pointer");
        assert!(
            problem.contains("group.id") && problem.contains("/data/group_id"),
            "{problem}"
        );
        assert!(test("{ at = \"/a\", is = 1, contains = \"b\" }").is_err());
        assert!(probe("{ at = \"/a\", is = 1 }").is_err());
    }
}
