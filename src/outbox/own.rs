//! Our own recent words, recognised when they come back without a flag.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::model::{Destination, Timestamp};

/// Fingerprints of what was said lately and where; bounded, the oldest goes first.
#[derive(Debug, Default)]
pub(super) struct OwnTexts {
    hasher: RandomState,
    said: VecDeque<(u64, Timestamp)>,
    latest: HashMap<u64, Timestamp>,
}

impl OwnTexts {
    /// Remembers words for a destination, of at most `most` in all.
    pub(super) fn remember(&mut self, to: &Destination, text: &str, now: Timestamp, most: usize) {
        let mark = self.mark(to, text);
        self.said.push_back((mark, now));
        self.latest.insert(mark, now);
        while self.said.len() > most {
            if let Some((old, at)) = self.said.pop_front()
                && self.latest.get(&old) == Some(&at)
            {
                self.latest.remove(&old);
            }
        }
    }

    /// Whether these words were ours within the last `window`.
    pub(super) fn contains(
        &self,
        to: &Destination,
        text: &str,
        now: Timestamp,
        window: Duration,
    ) -> bool {
        if self.latest.is_empty() {
            return false;
        }
        let age = self
            .latest
            .get(&self.mark(to, text))
            .map(|at| now.duration_since(*at));
        age.is_some_and(|age| age.unsigned_abs() <= window)
    }

    fn mark(&self, to: &Destination, text: &str) -> u64 {
        self.hasher.hash_one((to, plain(text)))
    }
}

/// Words without what platforms add or change on the way: white space (also the U+2005 behind an
/// @name), mentions in front, control and zero-width characters.
pub(super) fn plain(text: &str) -> String {
    let space = |c: char| c.is_whitespace() || c.is_control();
    let mut rest = text.trim_start_matches(space);
    while let Some(mention) = rest.strip_prefix('@') {
        let Some((_, after)) = mention.split_once(space) else {
            break;
        };
        rest = after.trim_start_matches(space);
    }
    rest.chars()
        .filter(|c| !space(*c) && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_mins(10);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn own_words_are_known_through_mentions_and_spaces() {
        let group = Destination::Group("g".into());
        let mut own = OwnTexts::default();
        own.remember(&group, "收到，\n已登记", at(0), 9);
        assert!(own.contains(&group, "@张三\u{2005}收到， 已登记", at(5), WINDOW));
        assert!(!own.contains(&group, "收到", at(5), WINDOW));
        assert!(!own.contains(
            &Destination::Group("h".into()),
            "收到，已登记",
            at(5),
            WINDOW
        ));
        assert!(!own.contains(&group, "收到，已登记", at(601), WINDOW));
    }

    #[test]
    fn the_memory_of_own_words_is_bounded() {
        let group = Destination::Group("g".into());
        let mut own = OwnTexts::default();
        for number in 0..100 {
            own.remember(&group, &format!("第{number}句"), at(number), 10);
        }
        assert_eq!((own.said.len(), own.latest.len()), (10, 10));
        assert!(own.contains(&group, "第99句", at(99), WINDOW));
    }
}
