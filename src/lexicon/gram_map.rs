//! A map from runs of characters, made to be asked for all runs of a text in one walk.
//!
//! Of ten runs of ordinary talk one or two are known, and which cannot be foretold: asking a table
//! for each costs a miss of the cache or a wrong guess of the branch. So all of them go through a
//! small sieve without branching, and only what it holds back is looked up.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use super::grams::{Gram, Window, each_letter};

/// Values by run.
#[derive(Debug)]
pub(super) struct GramMap<T> {
    values: HashMap<Gram, T, FixedState>,
    sieve: Sieve,
}

impl<T> FromIterator<(Gram, T)> for GramMap<T> {
    fn from_iter<I: IntoIterator<Item = (Gram, T)>>(values: I) -> Self {
        let values: HashMap<_, _, _> = values.into_iter().collect();
        let sieve = Sieve::of(values.keys().copied());
        Self { values, sieve }
    }
}

impl<T> GramMap<T> {
    /// The value of a run.
    pub(super) fn get(&self, gram: Gram) -> Option<&T> {
        self.values.get(&gram)
    }

    /// All values, in no order.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.values.values()
    }

    /// Calls `each` with the value of every known run of `text`, a normal text, and where the run
    /// stands, in the order of [`super::each_gram`]; returns how many characters were counted, with
    /// both ends.
    #[inline]
    pub(super) fn each_in(&self, text: &str, mut each: impl FnMut(&T, Range<usize>)) -> usize {
        let mut look_up = |held: &[Held]| {
            for &Held { gram, start, end } in held {
                if let Some(value) = self.values.get(&gram) {
                    each(value, start..end);
                }
            }
        };
        let mut window = Window::default();
        let mut held = [Held::default(); BATCH];
        let mut count = 0;
        let length = each_letter(text, |letter, span| {
            let runs = window.push(letter, span.start);
            if count > BATCH - runs.len() {
                look_up(&held[..count]);
                count = 0;
            }
            for (gram, start) in runs {
                let end = span.end;
                held[count] = Held { gram, start, end };
                // Kept only where the next one does not take its place.
                count += usize::from(self.sieve.holds(gram));
            }
        });
        look_up(&held[..count]);
        length
    }
}

/// A run that is probably known, and where it stands.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    gram: Gram,
    start: usize,
    end: usize,
}

/// So many are looked up together: more than a chat line has.
const BATCH: usize = 32;

/// One bit for each run by its hash: what is not set is not known.
#[derive(Debug)]
struct Sieve {
    words: Vec<u64>,
    /// How far a hash is shifted to be a bit's number.
    shift: u32,
}

/// Bits for each run: about one in twenty unknown runs is held back by mistake.
const BITS_EACH: usize = 16;

impl Sieve {
    fn of(grams: impl ExactSizeIterator<Item = Gram>) -> Self {
        let bits = (grams.len() * BITS_EACH).next_power_of_two().max(64);
        let mut sieve = Self {
            words: vec![0; bits / 64],
            shift: 64 - bits.trailing_zeros(),
        };
        for gram in grams {
            let (word, bit) = sieve.place(gram);
            sieve.words[word] |= bit;
        }
        sieve
    }

    fn place(&self, gram: Gram) -> (usize, u64) {
        let number = gram.spread() >> self.shift;
        let word = usize::try_from(number / 64).expect("a place in memory");
        (word, 1 << (number % 64))
    }

    fn holds(&self, gram: Gram) -> bool {
        let (word, bit) = self.place(gram);
        self.words[word] & bit != 0
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
            text in "[停电没水了0-9 ,，!a𨋢]{0,60}",
        ) {
            let runs = known.iter().map(|run| Gram::parse(run).expect("of one to three"));
            let map: GramMap<usize> = runs.zip(0..).collect();
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
