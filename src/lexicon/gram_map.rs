//! A map from runs of characters, made to be asked for all runs of a text in one walk.
//!
//! Nothing is known of most runs of ordinary talk. A run of three is looked up only where both
//! pairs it is made of belong to known ones, so that a character mostly costs two look-ups in small
//! tables, however many runs are known.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use super::grams::{Gram, Window, each_letter};

/// Values by run.
#[derive(Debug)]
pub(super) struct GramMap<T> {
    singles: HashMap<Gram, T, FixedState>,
    pairs: HashMap<Gram, Pair<T>, FixedState>,
    triples: HashMap<Gram, T, FixedState>,
}

/// What is known of two characters.
#[derive(Debug, Default)]
struct Pair<T> {
    value: Option<T>,
    /// Whether a known run of three begins with them.
    begins: bool,
    /// Whether a known run of three ends with them.
    ends: bool,
}

// Derived, it would ask for values with a default.
impl<T> Default for GramMap<T> {
    fn default() -> Self {
        Self {
            singles: HashMap::default(),
            pairs: HashMap::default(),
            triples: HashMap::default(),
        }
    }
}

impl<T> GramMap<T> {
    /// The value of a run.
    pub(super) fn get(&self, gram: Gram) -> Option<&T> {
        match gram.length() {
            1 => self.singles.get(&gram),
            2 => self.pairs.get(&gram)?.value.as_ref(),
            _ => self.triples.get(&gram),
        }
    }

    /// Calls `each` with the value of every known run of `text`, a normal text, and where the run
    /// stands, in the order of [`super::each_gram`]; returns how many characters were counted, with
    /// both ends.
    #[inline]
    pub(super) fn each_in(&self, text: &str, mut each: impl FnMut(&T, Range<usize>)) -> usize {
        let mut window = Window::default();
        let mut begun = false;
        each_letter(text, |letter, span| {
            let [(single, first), (pair, second), (triple, third)] =
                window.push(letter, span.start);
            let mut tell = |value: Option<&T>, start| {
                if let Some(value) = value {
                    each(value, start..span.end);
                }
            };
            tell(self.singles.get(&single), first);
            let known = self.pairs.get(&pair);
            tell(known.and_then(|pair| pair.value.as_ref()), second);
            if begun && known.is_some_and(|pair| pair.ends) {
                tell(self.triples.get(&triple), third);
            }
            begun = known.is_some_and(|pair| pair.begins);
        })
    }
}

impl<T: Default> GramMap<T> {
    /// The value of a run, to be changed.
    pub(super) fn entry(&mut self, gram: Gram) -> &mut T {
        match gram.length() {
            1 => self.singles.entry(gram).or_default(),
            2 => {
                let pair = self.pairs.entry(gram).or_default();
                pair.value.get_or_insert_default()
            }
            _ => {
                let (first, last) = gram.pairs();
                self.pairs.entry(first).or_default().begins = true;
                self.pairs.entry(last).or_default().ends = true;
                self.triples.entry(gram).or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::each_gram;
    use super::*;

    proptest! {
        #[test]
        fn a_walk_finds_what_asking_for_each_run_finds(
            known in prop::collection::vec("[停电没水0^$␣𨋢]{1,3}", 0..40),
            text in "[停电没水了0-9 ,，!a𨋢]{0,12}",
        ) {
            let mut map = GramMap::default();
            for (number, run) in known.iter().enumerate() {
                let gram = Gram::parse(run).expect("of one to three characters");
                *map.entry(gram) = number;
            }
            let mut expected = Vec::new();
            let length = each_gram(&text, |gram, span| {
                let last = known.iter().rposition(|run| *run == gram.written());
                assert_eq!(map.get(gram).copied(), last);
                expected.extend(last.map(|number| (number, span)));
            });
            let mut found = Vec::new();
            prop_assert_eq!(map.each_in(&text, |&value, span| found.push((value, span))), length);
            prop_assert_eq!(found, expected);
        }
    }
}
