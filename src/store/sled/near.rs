//! What readers find without asking sled, which makes them wait while a group is written.
//!
//! - The indexes that intake and clocks scan, whole, while they are small enough.
//! - Records and their pieces as they were read or written last.
//! - Which records there may be: most lookups are about ids that are not there yet.
//!
//! All of it is as committed, and bounded whatever the length of the store; the rest is read from
//! sled.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sled::IVec;

use super::content::Range;
use super::disk::Layer;
use super::layout;
use crate::store::{Direction, Index};

/// Indexes that are kept.
const KEPT: [Index; 6] = [
    Index::EventOpen,
    Index::EventNear,
    Index::EventPast,
    Index::TimerDue,
    Index::NoticeArea,
    Index::DeliveryMessage,
];

/// Bytes of index entries kept; when there are more, the longest index is given up.
const INDEXES: usize = 6 << 20;

/// Bytes of records kept, in each of two generations.
const RECORDS: usize = 2 << 20;

/// What an entry costs beyond its bytes.
const OVERHEAD: usize = 80;

/// Bits that say which records there may be. With a million records one lookup in forty asks sled
/// in vain; with more of them more do.
const MARKS: usize = 8 << 20;

/// Marks of one record.
const MARKS_EACH: u64 = 4;

/// What is kept in memory.
#[derive(Debug)]
pub(super) struct Near {
    kept: Vec<Kept>,
    marks: Vec<u64>,
    hasher: RandomState,
    recent: Mutex<Recent>,
}

/// All entries of an index.
#[derive(Debug)]
struct Kept {
    start: Vec<u8>,
    entries: BTreeSet<IVec>,
    bytes: usize,
}

/// Entries read or written last; the older generation goes when the younger one is full.
#[derive(Debug, Default)]
struct Recent {
    young: HashMap<IVec, Option<IVec>>,
    bytes: usize,
    old: HashMap<IVec, Option<IVec>>,
}

/// What is known of an entry.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    /// Nothing: sled is to be asked.
    Nothing,
    /// There is none.
    Absent,
    /// It is this.
    There(IVec),
}

impl From<Option<IVec>> for Known {
    fn from(value: Option<IVec>) -> Self {
        value.map_or(Self::Absent, Self::There)
    }
}

impl Near {
    /// Of an empty store.
    pub(super) fn new() -> Self {
        let kept = KEPT.into_iter().map(|index| Kept {
            start: layout::index_of(index),
            entries: BTreeSet::new(),
            bytes: 0,
        });
        Self {
            kept: kept.collect(),
            marks: vec![0; MARKS / 64],
            hasher: RandomState::new(),
            recent: Mutex::default(),
        }
    }

    /// Notes an entry that sled has.
    pub(super) fn found(&mut self, key: &IVec) {
        if layout::is_record(key) {
            self.mark(key);
        } else {
            self.index(key, true);
        }
    }

    /// Follows a commit.
    pub(super) fn follow(&mut self, writes: &Layer) {
        for (key, value) in writes {
            if layout::is_index(key) {
                self.index(key, value.is_some());
                continue;
            }
            if value.is_some() && layout::is_record(key) {
                self.mark(key);
            }
            self.recent().put(key, value.clone());
        }
    }

    /// What is known of an entry.
    pub(super) fn get(&self, key: &[u8]) -> Known {
        let known = self.recent().get(key);
        match known {
            Known::Nothing if layout::is_record(key) && !self.is_marked(key) => Known::Absent,
            known => known,
        }
    }

    /// Keeps an entry that sled was asked for.
    pub(super) fn keep(&self, key: &[u8], value: Option<&IVec>) {
        self.recent().put(&IVec::from(key), value.cloned());
    }

    /// The entries of a range of an index, if the index is kept.
    pub(super) fn scan(
        &self,
        index: Index,
        range: &Range,
        direction: Direction,
        limit: usize,
    ) -> Option<Vec<IVec>> {
        let start = layout::index_of(index);
        let kept = self.kept.iter().find(|kept| kept.start == start)?;
        let bounds = (
            range.0.as_ref().map(Vec::as_slice),
            range.1.as_ref().map(Vec::as_slice),
        );
        let entries = kept
            .entries
            .range::<[u8], (Bound<&[u8]>, Bound<&[u8]>)>(bounds);
        Some(match direction {
            Direction::Forward => entries.take(limit).cloned().collect(),
            Direction::Backward => entries.rev().take(limit).cloned().collect(),
        })
    }

    fn index(&mut self, key: &IVec, there: bool) {
        let mut kept = self.kept.iter_mut();
        let Some(kept) = kept.find(|kept| key.starts_with(&kept.start)) else {
            return;
        };
        let cost = key.len() + OVERHEAD;
        if there && kept.entries.insert(key.clone()) {
            kept.bytes += cost;
        } else if !there && kept.entries.remove(key) {
            kept.bytes -= cost;
        }
        self.give_up_the_longest();
    }

    fn give_up_the_longest(&mut self) {
        while self.kept.iter().map(|kept| kept.bytes).sum::<usize>() > INDEXES {
            let places = 0..self.kept.len();
            let longest = places.max_by_key(|place| self.kept[*place].bytes);
            self.kept
                .swap_remove(longest.expect("what is too much is there"));
        }
    }

    fn mark(&mut self, key: &[u8]) {
        for place in places(&self.hasher, key) {
            self.marks[place / 64] |= 1 << (place % 64);
        }
    }

    fn is_marked(&self, key: &[u8]) -> bool {
        places(&self.hasher, key).all(|place| self.marks[place / 64] & (1 << (place % 64)) != 0)
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the marks of a record stand.
fn places(hasher: &RandomState, key: &[u8]) -> impl Iterator<Item = usize> + use<> {
    let hash = hasher.hash_one(key);
    let (first, step) = (hash >> 32, (hash & 0xffff_ffff) | 1);
    let place = move |turn| (first + step * turn) % MARKS as u64;
    (0..MARKS_EACH).map(move |turn| usize::try_from(place(turn)).expect("below MARKS"))
}

impl Recent {
    fn get(&mut self, key: &[u8]) -> Known {
        if let Some(value) = self.young.get(key) {
            return value.clone().into();
        }
        let Some((key, value)) = self.old.remove_entry(key) else {
            return Known::Nothing;
        };
        self.put(&key, value.clone());
        value.into()
    }

    fn put(&mut self, key: &IVec, value: Option<IVec>) {
        self.bytes += key.len() + value.as_ref().map_or(0, |value| value.len()) + OVERHEAD;
        self.young.insert(key.clone(), value);
        if self.bytes > RECORDS {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Kind};

    fn entry(number: usize) -> IVec {
        let key = Key::new().number(number as u64);
        layout::index_key(Index::TimerDue, &key, "一个编号").into()
    }

    fn all(near: &Near, direction: Direction, limit: usize) -> Option<Vec<IVec>> {
        let range = (Bound::Unbounded, Bound::Unbounded);
        near.scan(Index::TimerDue, &range, direction, limit)
    }

    #[test]
    fn an_index_is_scanned_both_ways_as_committed() {
        let mut near = Near::new();
        near.found(&entry(2));
        let nothing = Some(IVec::default());
        near.follow(&Layer::from([
            (entry(1), nothing.clone()),
            (entry(3), nothing),
        ]));
        near.follow(&Layer::from([(entry(2), None)]));
        let forward = all(&near, Direction::Forward, 9);
        assert_eq!(forward, Some(vec![entry(1), entry(3)]));
        assert_eq!(all(&near, Direction::Backward, 1), Some(vec![entry(3)]));
        let none = near.scan(
            Index::EventSerial,
            &(Bound::Unbounded, Bound::Unbounded),
            Direction::Forward,
            9,
        );
        assert_eq!(none, None, "not every index is kept");
    }

    #[test]
    fn an_index_that_grows_too_long_is_given_up() {
        let mut near = Near::new();
        for number in 0..=INDEXES / OVERHEAD {
            near.found(&entry(number));
        }
        assert_eq!(all(&near, Direction::Forward, 1), None);
        assert_eq!(near.kept.len(), KEPT.len() - 1);
    }

    #[test]
    fn a_record_is_known_as_written_last_and_most_absent_ones_are_known_to_be() {
        let mut near = Near::new();
        let key = |number: usize| IVec::from(layout::record_key(Kind::Event, &number.to_string()));
        assert_eq!(near.get(&key(0)), Known::Absent, "an empty store has none");
        for number in 0..20_000 {
            let value = IVec::from(vec![1; 1000]);
            near.follow(&Layer::from([(key(number), Some(value))]));
        }
        assert_eq!(near.get(&key(0)), Known::Nothing, "sled is to be asked");
        assert!(matches!(near.get(&key(19_999)), Known::There(_)));
        near.follow(&Layer::from([(key(19_999), None)]));
        assert_eq!(near.get(&key(19_999)), Known::Absent);
        let in_vain = (20_000..30_000).filter(|number| near.get(&key(*number)) == Known::Nothing);
        assert!(in_vain.count() < 100);
        let recent = near.recent();
        let bytes = recent.young.len() + recent.old.len();
        assert!(bytes * 1000 <= 3 * RECORDS, "what is kept is bounded");
    }
}
