//! Keys that sort as bytes the way their fields sort as values.

use std::ops::Bound;

use crate::model::Timestamp;

/// The longest id or key, bytes, in every backend. Longer ones would make sled's leaves larger than it
/// syncs, and PostgreSQL's indexes end at about as much.
pub(super) const LONGEST_KEY: usize = 2048;

/// A secondary key: text and instants in order. Bytes compare as the fields do.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<u8>);

impl Key {
    /// The empty key, a prefix of all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds text. A zero byte in it is replaced, as it ends the field.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        let start = self.0.len();
        // Mostly an instant or a number follows.
        self.0.reserve(text.len() + 9);
        self.0.extend(text.as_bytes());
        for byte in &mut self.0[start..] {
            *byte = (*byte).max(1);
        }
        self.0.push(0);
        self
    }

    /// Adds an instant, to the millisecond.
    #[must_use]
    pub fn time(self, at: Timestamp) -> Self {
        self.number(at.as_millisecond().cast_unsigned() ^ (1 << 63))
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, number: u64) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    /// The bytes that are stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// A key of these bytes, as a backend reads them back.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bounds of all keys that start with this one.
    pub fn prefix_range(&self) -> (Bound<Self>, Bound<Self>) {
        let mut end = self.0.clone();
        while let Some(last) = end.pop() {
            if last < u8::MAX {
                end.push(last + 1);
                return (Bound::Included(self.clone()), Bound::Excluded(Self(end)));
            }
        }
        (Bound::Included(self.clone()), Bound::Unbounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_their_fields_do() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        assert!(Key::new().text("a").time(at(-5)) < Key::new().text("a").time(at(5)));
        assert!(Key::new().text("a").number(9) < Key::new().text("ab").number(1));
        assert!(Key::new().text("一").number(1) < Key::new().text("一").number(256));
    }

    #[test]
    fn a_prefix_covers_its_keys_and_no_others() {
        let (Bound::Included(from), Bound::Excluded(to)) = Key::new().text("a").prefix_range()
        else {
            panic!("text has a successor");
        };
        assert!((from..to).contains(&Key::new().text("a").number(u64::MAX)));
    }
}
