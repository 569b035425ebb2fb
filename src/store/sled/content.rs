//! What readers see: sled, and over it what is committed but not yet in sled. What is [`Near`] is
//! read without asking sled.
//!
//! A commit goes into `fresh`. The flusher freezes `fresh` into `flushing`, writes it to sled, and
//! drops it once it is on disk. A reader looks through the layers from the newest down, so it sees
//! every commit whole, whatever sled is doing meanwhile. An instant keeps what later commits
//! overwrite in a layer of its own, above all others.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::iter::Peekable;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use sled::{Db, IVec};

use super::disk::{Balance, Layer};
use super::fault::{from_sled, guarded};
use super::gathered::{Gathered, Group, Stood, Writes};
use super::layout;
use super::near::{Known, Near};
use crate::store::changes::Plan;
use crate::store::{Changes, CommitError, CommitNo, Direction, Kind, RawRecord, Scan, StoreError};

/// Bounds of entries.
pub(super) type Range = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// Entries as they were when an instant was taken, as far as they were written since.
pub(super) type View = Arc<Mutex<Layer>>;

/// An entry that was read; `None` where it was removed.
type Found = Result<(IVec, Option<IVec>), StoreError>;

/// Records as they stood before a commit.
type Before<'a> = HashMap<(Kind, &'a str), Option<Stood>>;

/// From so many bytes of commits on a group is written though nobody waits for it.
const GROUP_BYTES: u64 = 1 << 20;

/// The layers.
#[derive(Debug)]
pub(super) struct Content {
    /// `None` while sled is being reopened.
    pub(super) db: Option<Db>,
    fresh: Gathered,
    pub(super) flushing: Arc<Layer>,
    pub(super) last: u64,
    /// Bytes of all commits since the store was opened.
    pub(super) bytes: u64,
    views: Vec<Weak<Mutex<Layer>>>,
    near: Near,
}

impl Content {
    pub(super) fn new(db: Db, last: u64, near: Near) -> Self {
        Self {
            db: Some(db),
            fresh: Gathered::default(),
            flushing: Arc::default(),
            last,
            bytes: 0,
            views: Vec::new(),
            near,
        }
    }

    /// A record, read through the layers.
    pub(super) fn record(&self, kind: Kind, id: &str) -> Result<Option<RawRecord>, StoreError> {
        let first = self.get(None, &layout::record_key(kind, id))?;
        first
            .map(|first| self.raw(None, kind, id, &first))
            .transpose()
    }

    /// The records of a range of a scan, at most `limit`; where that cut it short, with the entry of
    /// the last one to go on from.
    pub(super) fn scan(
        &self,
        scan: &Scan,
        range: &Range,
        limit: usize,
    ) -> Result<(Vec<RawRecord>, Option<Vec<u8>>), StoreError> {
        let entries = match self.near(scan, range, limit) {
            Some(near) => near,
            None => self.entries(None, range, scan.direction, limit)?,
        };
        let next = (entries.len() == limit).then(|| entries.last().map(|(key, _)| key.to_vec()));
        let mut records = Vec::with_capacity(entries.len());
        for (entry, value) in entries {
            let id = layout::id_of(&entry).ok_or_else(|| unreadable(scan.kind, &entry))?;
            let stored = match scan.index {
                Some(_) => self.record(scan.kind, id)?,
                None => Some(self.raw(None, scan.kind, id, &value)?),
            };
            let stored =
                stored.ok_or_else(|| StoreError::damaged(scan.kind, id, "索引指向不存在的记录"))?;
            records.push(stored);
        }
        Ok((records, next.flatten()))
    }

    fn near(&self, scan: &Scan, range: &Range, limit: usize) -> Option<Vec<(IVec, IVec)>> {
        let entries = self.near.scan(scan.index?, range, scan.direction, limit)?;
        let nothing = |entry| (entry, IVec::default());
        Some(entries.into_iter().map(nothing).collect())
    }

    /// Takes an instant.
    pub(super) fn view(&mut self) -> View {
        let view = View::default();
        self.views.retain(|view| view.strong_count() > 0);
        self.views.push(Arc::downgrade(&view));
        view
    }

    /// Records of a kind as an instant sees them.
    pub(super) fn page(
        &self,
        view: &View,
        kind: Kind,
        range: &Range,
        limit: usize,
    ) -> Result<Vec<RawRecord>, StoreError> {
        let view = view.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = self.entries(Some(&view), range, Direction::Forward, limit)?;
        let read = entries.iter().map(|(entry, value)| {
            let id = layout::id_of(entry).ok_or_else(|| unreadable(kind, entry))?;
            self.raw(Some(&view), kind, id, value)
        });
        read.collect()
    }

    /// Moves what is fresh to `flushing`, as the next group for the disk.
    pub(super) fn freeze(&mut self) -> Group {
        let group = self.fresh.take(self.last, self.bytes);
        self.flushing = Arc::clone(&group.entries);
        group
    }

    /// Whether the fresh commits make a group worth writing, though nobody waits for it.
    pub(super) fn is_a_group(&self) -> bool {
        self.fresh.bytes >= GROUP_BYTES
    }

    /// Applies a commit to `fresh`, or refuses it.
    pub(super) fn commit(&mut self, changes: &Changes) -> Result<CommitNo, CommitError> {
        let plan = Plan::of(changes)?;
        let mut before = Before::new();
        for (kind, id, expect) in &plan.expectations {
            let stood = match before.entry((*kind, *id)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.stood(*kind, id)?),
            };
            if !expect.holds(stood.as_ref().map(|stood| stood.stored.version)) {
                return Err(CommitError::Conflict {
                    kind: *kind,
                    id: (*id).to_owned(),
                });
            }
        }
        if changes.is_empty() {
            return Ok(CommitNo(self.last));
        }
        let mut writes = Writes::default();
        for change in plan.effects {
            let stood = before.get(&change.target()).and_then(Option::as_ref);
            writes.prepare(change, stood);
        }
        self.keep_for_views(&writes.entries)?;
        self.near.follow(&writes.entries);
        self.bytes += self.fresh.add(writes);
        self.last += 1;
        Ok(CommitNo(self.last))
    }

    fn keep_for_views(&mut self, writes: &Layer) -> Result<(), StoreError> {
        self.views.retain(|view| view.strong_count() > 0);
        for view in self.views.iter().filter_map(Weak::upgrade) {
            let mut view = view.lock().unwrap_or_else(PoisonError::into_inner);
            for key in writes.keys() {
                if !view.contains_key(key) {
                    let old = self.get(None, key)?;
                    view.insert(key.clone(), old);
                }
            }
        }
        Ok(())
    }

    fn stood(&self, kind: Kind, id: &str) -> Result<Option<Stood>, StoreError> {
        let Some(first) = self.get(None, &layout::record_key(kind, id))? else {
            return Ok(None);
        };
        let mut balance = Balance::default();
        balance.gain(&layout::record_key(kind, id), &first);
        let stored = layout::decode(kind, id, &first, |number| {
            let key = layout::piece_key(kind, id, number);
            let piece = self.get(None, &key)?;
            if let Some(piece) = &piece {
                balance.gain(&key, piece);
            }
            Ok(piece)
        })?;
        Ok(Some(Stood {
            stored,
            pieces: layout::further_pieces(&first),
            balance,
        }))
    }

    fn raw(
        &self,
        view: Option<&Layer>,
        kind: Kind,
        id: &str,
        first: &[u8],
    ) -> Result<RawRecord, StoreError> {
        layout::read(kind, id, first, |number| {
            self.get(view, &layout::piece_key(kind, id, number))
        })
    }

    fn get(&self, view: Option<&Layer>, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        let layers = view
            .into_iter()
            .chain([&self.fresh.entries, &*self.flushing]);
        for layer in layers {
            if let Some(value) = layer.get(key) {
                return Ok(value.clone());
            }
        }
        match self.near.get(key) {
            Known::There(value) => return Ok(Some(value)),
            Known::Absent => return Ok(None),
            Known::Nothing => {}
        }
        let db = self.db()?;
        let found = guarded(|| db.get(key).map_err(from_sled))?;
        self.near.keep(key, found.as_ref());
        Ok(found)
    }

    fn entries(
        &self,
        view: Option<&Layer>,
        range: &Range,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(IVec, IVec)>, StoreError> {
        let db = self.db()?;
        let layers = view
            .into_iter()
            .chain([&self.fresh.entries, &*self.flushing]);
        guarded(|| {
            let mut sources: Vec<Source<'_>> = layers
                .filter(|layer| !layer.is_empty())
                .map(|layer| in_layer(layer, range, direction))
                .collect();
            sources.push(in_sled(db, range, direction));
            let mut found = Vec::new();
            while found.len() < limit {
                match next(&mut sources, direction)? {
                    Some((key, Some(value))) => found.push((key, value)),
                    Some((_, None)) => {}
                    None => break,
                }
            }
            Ok(found)
        })
    }

    fn db(&self) -> Result<&Db, StoreError> {
        self.db.as_ref().ok_or(StoreError::Full)
    }
}

type Source<'a> = Peekable<Box<dyn Iterator<Item = Found> + 'a>>;

fn in_layer<'a>(layer: &'a Layer, range: &Range, direction: Direction) -> Source<'a> {
    let bounds = (
        range.0.as_ref().map(Vec::as_slice),
        range.1.as_ref().map(Vec::as_slice),
    );
    let entries = layer
        .range::<[u8], _>(bounds)
        .map(|(key, value)| Ok((key.clone(), value.clone())));
    directed(entries, direction)
}

fn in_sled<'a>(db: &Db, range: &Range, direction: Direction) -> Source<'a> {
    let entries = db
        .range::<Vec<u8>, _>(range.clone())
        .map(|entry| match entry {
            Ok((key, value)) => Ok((key, Some(value))),
            Err(error) => Err(from_sled(error)),
        });
    directed(entries, direction)
}

fn directed<'a>(
    entries: impl DoubleEndedIterator<Item = Found> + 'a,
    direction: Direction,
) -> Source<'a> {
    let boxed: Box<dyn Iterator<Item = Found>> = match direction {
        Direction::Forward => Box::new(entries),
        Direction::Backward => Box::new(entries.rev()),
    };
    boxed.peekable()
}

/// The next entry of all sources; where several have it, the first one's.
fn next(
    sources: &mut [Source<'_>],
    direction: Direction,
) -> Result<Option<(IVec, Option<IVec>)>, StoreError> {
    let mut best: Option<(usize, IVec)> = None;
    for (at, source) in sources.iter_mut().enumerate() {
        let key = match source.peek() {
            Some(Ok((key, _))) => key.clone(),
            Some(Err(_)) => return source.next().transpose(),
            None => continue,
        };
        let wanted = match direction {
            Direction::Forward => Ordering::Less,
            Direction::Backward => Ordering::Greater,
        };
        if best
            .as_ref()
            .is_none_or(|(_, best)| key.cmp(best) == wanted)
        {
            best = Some((at, key));
        }
    }
    let Some((winner, key)) = best else {
        return Ok(None);
    };
    let found = sources[winner].next().transpose()?;
    for source in &mut sources[winner + 1..] {
        source.next_if(|entry| matches!(entry, Ok((other, _)) if *other == key));
    }
    Ok(found)
}

fn unreadable(kind: Kind, entry: &[u8]) -> StoreError {
    StoreError::damaged(kind, &String::from_utf8_lossy(entry), "编号无法识别")
}
