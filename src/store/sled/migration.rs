//! Older shapes of records, rewritten when the store is opened.

use sled::IVec;

use super::disk::{Disk, Layer};
use super::fault::{from_sled, guarded};
use super::layout;
use crate::store::{Index, Key, Kind, StoreError};

/// Records rewritten in one batch.
const PART: usize = 500;

/// A step from one schema version to the next: how each record of a kind is rewritten.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The kind whose shape changed.
    pub kind: Kind,
    /// From the old body to the new one with its keys, or what is wrong with it.
    pub rewrite: fn(&[u8]) -> Result<Rewritten, String>,
}

/// A record in its new shape.
pub type Rewritten = (Vec<u8>, Vec<(Index, Key)>);

/// Whether a store had to be migrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Migrated {
    /// It is as it was.
    Untouched,
    /// Records were rewritten.
    Rewritten,
}

/// The shape of the records this program works with: version 1, and one more with each migration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Schema {
    /// The steps, oldest first. Never shortened or reordered.
    pub migrations: &'static [Migration],
}

impl Schema {
    /// The version that this program writes.
    pub fn version(&self) -> u32 {
        1 + u32::try_from(self.migrations.len()).expect("few migrations")
    }

    /// A body of an older version, in the newest shape.
    pub(in crate::store) fn migrate(
        &self,
        from: u32,
        kind: Kind,
        body: &[u8],
    ) -> Result<Vec<u8>, String> {
        let steps = self.migrations.iter().skip(from as usize - 1);
        steps
            .filter(|step| step.kind == kind)
            .try_fold(body.to_vec(), |body, step| {
                (step.rewrite)(&body).map(|(body, _)| body)
            })
    }

    /// Takes the steps that the store has not taken yet. Each batch notes how far it came, so a step
    /// that was cut short goes on where it stopped and rewrites nothing twice.
    pub(super) fn bring_up_to_date(&self, disk: &mut Disk) -> Result<Migrated, StoreError> {
        if disk.state.schema > self.version() {
            return Err(StoreError::Newer {
                found: disk.state.schema,
                known: self.version(),
            });
        }
        if disk.state.schema == self.version() {
            return Ok(Migrated::Untouched);
        }
        while disk.state.schema < self.version() {
            let step = self.migrations[disk.state.schema as usize - 1];
            tracing::info!(
                from = disk.state.schema,
                kind = step.kind.name(),
                "migrating the store"
            );
            while let Some((layer, last)) = part(disk, step)? {
                disk.apply(&layer, |state| state.migrated = Some(last))?;
            }
            disk.apply(&Layer::new(), |state| {
                state.schema += 1;
                state.migrated = None;
            })?;
        }
        Ok(Migrated::Rewritten)
    }
}

/// The next records, rewritten, and the id of the last of them.
fn part(disk: &Disk, step: Migration) -> Result<Option<(Layer, String)>, StoreError> {
    let mut range = layout::whole(step.kind);
    if let Some(id) = &disk.state.migrated {
        range.0 = std::ops::Bound::Excluded(layout::record_key(step.kind, id));
    }
    let mut layer = Layer::new();
    let mut last = None;
    guarded(|| {
        for entry in disk.db().range::<Vec<u8>, _>(range).take(PART) {
            let (entry, first) = entry.map_err(from_sled)?;
            let id = layout::id_of(&entry).unwrap_or_default();
            rewrite(disk, step, id, &first, &mut layer)?;
            last = Some(id.to_owned());
        }
        Ok(())
    })?;
    Ok(last.map(|last| (layer, last)))
}

fn rewrite(
    disk: &Disk,
    step: Migration,
    id: &str,
    first: &[u8],
    layer: &mut Layer,
) -> Result<(), StoreError> {
    let kind = step.kind;
    let piece = |number| {
        let piece = disk.db().get(layout::piece_key(kind, id, number));
        piece.map_err(from_sled)
    };
    let old = layout::decode(kind, id, first, piece)?;
    let (body, keys) =
        (step.rewrite)(&old.body).map_err(|detail| StoreError::damaged(kind, id, detail))?;
    for (index, key) in &old.keys {
        layer.insert(layout::index_key(*index, key, id).into(), None);
    }
    for number in 1..=layout::further_pieces(first) {
        layer.insert(layout::piece_key(kind, id, number).into(), None);
    }
    for (index, key) in &keys {
        let entry = layout::index_key(*index, key, id);
        layer.insert(entry.into(), Some(IVec::default()));
    }
    for (entry, value) in layout::entries(kind, id, (old.version, &keys, &body)) {
        layer.insert(entry.into(), Some(value));
    }
    Ok(())
}
