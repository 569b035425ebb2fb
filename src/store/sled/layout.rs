//! How records and their keys lie in sled.
//!
//! Everything lies in one tree, because that is what sled applies atomically by itself: each kind
//! and each index has its own stretch of it, named by the first bytes of the key.
//!
//! ```text
//! r kind 0 id                      → total length, first piece of the record
//! p kind 0 ⟨id⟩ number             → a further piece
//! i index 0 ⟨key⟩ id               → nothing
//! s                                → the state of the store
//! ```
//!
//! ⟨…⟩ is written so that it ends itself and still sorts as before: a zero byte becomes `0 ff`, the
//! end is `0 1`. A record is a checksum, the version, its keys and its body.

use std::borrow::Cow;
use std::ops::Bound;

use sled::IVec;

use crate::store::{Index, Key, Kind, RawRecord, Scan, StoreError};

/// The key of the store's state; nothing else starts with this byte.
pub(super) const STATE: &[u8] = b"s";

/// Bytes of a record in one entry. sled keeps a leaf of up to 16 entries together and moves leaves
/// above 128 KB to files of their own, which it does not sync: pieces keep leaves below that.
const PIECE: usize = 4096;

/// Bytes of a record's total length, before its first piece.
const TOTAL: usize = 4;

/// A record as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stored {
    pub(super) version: u64,
    pub(super) keys: Vec<(Index, Key)>,
    pub(super) body: Vec<u8>,
}

/// Where a kind's records begin.
pub(super) fn records_of(kind: Kind) -> Vec<u8> {
    stretch(b'r', kind.name(), 0)
}

/// Where an index's entries begin.
pub(super) fn index_of(index: Index) -> Vec<u8> {
    stretch(b'i', index.name(), 0)
}

/// Whether this is the first entry of a record.
pub(super) fn is_record(entry: &[u8]) -> bool {
    entry.first() == Some(&b'r')
}

/// Whether this is an entry of an index.
pub(super) fn is_index(entry: &[u8]) -> bool {
    entry.first() == Some(&b'i')
}

/// The entry of a record.
pub(super) fn record_key(kind: Kind, id: &str) -> Vec<u8> {
    let mut key = stretch(b'r', kind.name(), id.len());
    key.extend(id.as_bytes());
    key
}

/// The entry of a record's further piece, counted from 1.
pub(super) fn piece_key(kind: Kind, id: &str, number: usize) -> Vec<u8> {
    let mut key = stretch(b'p', kind.name(), id.len() + 6);
    delimit(&mut key, id.as_bytes());
    let number = u32::try_from(number).expect("a record has fewer than 2³² pieces");
    key.extend(number.to_be_bytes());
    key
}

/// The entry of a record in an index.
pub(super) fn index_key(index: Index, key: &Key, id: &str) -> Vec<u8> {
    let more = 2 * key.as_bytes().len() + 2 + id.len();
    let mut entry = stretch(b'i', index.name(), more);
    delimit(&mut entry, key.as_bytes());
    entry.extend(id.as_bytes());
    entry
}

/// The id at the end of an entry of `kind` or of an index.
pub(super) fn id_of(entry: &[u8]) -> Option<&str> {
    let name_end = entry.iter().position(|byte| *byte == 0)?;
    let rest = &entry[name_end + 1..];
    let id = match entry[0] {
        b'r' => rest,
        _ => &rest[rest.windows(2).position(|pair| pair == [0, 1])? + 2..],
    };
    std::str::from_utf8(id).ok()
}

/// The entries that a scan reads.
pub(super) fn range_of(scan: &Scan) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    let start = match scan.index {
        Some(index) => index_of(index),
        None => records_of(scan.kind),
    };
    // In an index a key stands before its id: all entries of a key lie between its ends 1 and 2.
    let entry = |key: &Key, end: u8| {
        let mut entry = start.clone();
        if scan.index.is_some() {
            delimit(&mut entry, key.as_bytes());
            *entry.last_mut().expect("just ended") = end;
        } else {
            entry.extend(key.as_bytes());
        }
        entry
    };
    let indexed = scan.index.is_some();
    let from = match &scan.from {
        Bound::Unbounded => Bound::Included(start.clone()),
        Bound::Included(key) => Bound::Included(entry(key, 1)),
        Bound::Excluded(key) if indexed => Bound::Included(entry(key, 2)),
        Bound::Excluded(key) => Bound::Excluded(entry(key, 1)),
    };
    let to = match &scan.to {
        Bound::Unbounded => Bound::Excluded(after(start.clone())),
        Bound::Included(key) if indexed => Bound::Excluded(entry(key, 2)),
        Bound::Included(key) => Bound::Included(entry(key, 1)),
        Bound::Excluded(key) => Bound::Excluded(entry(key, 1)),
    };
    (from, to)
}

/// All records of a kind.
pub(super) fn whole(kind: Kind) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
    range_of(&Scan::all(kind))
}

/// A record's entries, of its version, keys and body: the first under its own key, then its pieces.
pub(super) fn entries(
    kind: Kind,
    id: &str,
    (version, keys, body): (u64, &[(Index, Key)], &[u8]),
) -> impl Iterator<Item = (Vec<u8>, IVec)> {
    let key = record_key(kind, id);
    let bytes = encode(&key, (version, keys, body));
    let first = bytes.len().min(TOTAL + PIECE);
    let mut further = Vec::new();
    for (at, piece) in bytes[first..].chunks(PIECE).enumerate() {
        further.push((piece_key(kind, id, at + 1), IVec::from(piece)));
    }
    std::iter::once((key, IVec::from(&bytes[..first]))).chain(further)
}

/// How many further pieces belong to this first entry.
pub(super) fn further_pieces(first: &[u8]) -> usize {
    match first.split_first_chunk::<4>() {
        Some((total, _)) => (u32::from_be_bytes(*total) as usize)
            .div_ceil(PIECE)
            .saturating_sub(1),
        None => 0,
    }
}

/// Reads a record back from its first entry; `piece` reads the further ones.
pub(super) fn decode(
    kind: Kind,
    id: &str,
    first: &[u8],
    piece: impl FnMut(usize) -> Result<Option<IVec>, StoreError>,
) -> Result<Stored, StoreError> {
    let bytes = gather(kind, id, first, piece)?;
    let stored = parse(&record_key(kind, id), &bytes);
    stored.ok_or_else(|| StoreError::damaged(kind, id, "校验和不符"))
}

/// The same for those who do not ask for its keys.
pub(super) fn read(
    kind: Kind,
    id: &str,
    first: &[u8],
    piece: impl FnMut(usize) -> Result<Option<IVec>, StoreError>,
) -> Result<RawRecord, StoreError> {
    let bytes = gather(kind, id, first, piece)?;
    let read = checked(&record_key(kind, id), &bytes).and_then(|(version, mut rest)| {
        for _ in 0..u16::from_be_bytes(take(&mut rest)?) {
            field(&mut rest)?;
            field(&mut rest)?;
        }
        Some(RawRecord {
            id: id.to_owned(),
            version,
            body: rest.to_vec(),
        })
    });
    read.ok_or_else(|| StoreError::damaged(kind, id, "校验和不符"))
}

fn gather<'f>(
    kind: Kind,
    id: &str,
    first: &'f [u8],
    mut piece: impl FnMut(usize) -> Result<Option<IVec>, StoreError>,
) -> Result<Cow<'f, [u8]>, StoreError> {
    let damaged = |what: &str| StoreError::damaged(kind, id, what);
    let (total, start) = first
        .split_first_chunk::<4>()
        .ok_or_else(|| damaged("内容不完整"))?;
    let total = u32::from_be_bytes(*total) as usize;
    let mut bytes = Cow::Borrowed(start);
    for number in 1..=further_pieces(first) {
        let piece = piece(number)?.ok_or_else(|| damaged("内容不完整"))?;
        bytes.to_mut().extend(piece.iter());
    }
    if bytes.len() != total {
        return Err(damaged("长度不符"));
    }
    Ok(bytes)
}

/// Total length, checksum, version, keys and body.
fn encode(key: &[u8], (version, keys, body): (u64, &[(Index, Key)], &[u8])) -> Vec<u8> {
    let each = keys
        .iter()
        .map(|(index, key)| 4 + index.name().len() + key.as_bytes().len());
    let mut bytes = Vec::with_capacity(TOTAL + 14 + each.sum::<usize>() + body.len());
    bytes.extend([0; TOTAL + 4]);
    bytes.extend(version.to_be_bytes());
    bytes.extend(length(keys.len()));
    for (index, key) in keys {
        bytes.extend(length(index.name().len()));
        bytes.extend(index.name().as_bytes());
        bytes.extend(length(key.as_bytes().len()));
        bytes.extend(key.as_bytes());
    }
    bytes.extend(body);
    let total = u32::try_from(bytes.len() - TOTAL).expect("a body is far below 4 GB");
    bytes[..TOTAL].copy_from_slice(&total.to_be_bytes());
    let sum = checksum(key, &bytes[TOTAL + 4..]);
    bytes[TOTAL..TOTAL + 4].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn parse(key: &[u8], bytes: &[u8]) -> Option<Stored> {
    let (version, mut rest) = checked(key, bytes)?;
    let mut keys = Vec::new();
    for _ in 0..u16::from_be_bytes(take(&mut rest)?) {
        let name = std::str::from_utf8(field(&mut rest)?).ok()?;
        let index = Index::ALL.into_iter().find(|index| index.name() == name);
        let key = field(&mut rest)?.to_vec();
        // An index that is no longer in the catalogue has no entries that could matter.
        keys.extend(index.map(|index| (index, Key::from_bytes(key))));
    }
    Some(Stored {
        version,
        keys,
        body: rest.to_vec(),
    })
}

/// The version and what follows it, if all is as it was written.
fn checked<'b>(key: &[u8], bytes: &'b [u8]) -> Option<(u64, &'b [u8])> {
    let (sum, mut rest) = bytes.split_first_chunk::<4>()?;
    if u32::from_be_bytes(*sum) != checksum(key, rest) {
        return None;
    }
    let version = u64::from_be_bytes(take(&mut rest)?);
    Some((version, rest))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::from(u16::from_be_bytes(take(rest)?));
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

fn length(length: usize) -> [u8; 2] {
    let length = u16::try_from(length).expect("keys are checked to be short");
    length.to_be_bytes()
}

/// CRC-32 of an entry.
pub(super) fn checksum(key: &[u8], value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(value);
    hasher.finalize()
}

/// Where a stretch begins, with room for so many bytes `more`.
fn stretch(what: u8, name: &str, more: usize) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 2 + more);
    key.push(what);
    key.extend(name.as_bytes());
    key.push(0);
    key
}

fn delimit(out: &mut Vec<u8>, bytes: &[u8]) {
    for (at, part) in bytes.split(|byte| *byte == 0).enumerate() {
        if at > 0 {
            out.extend([0, u8::MAX]);
        }
        out.extend(part);
    }
    out.extend([0, 1]);
}

/// The first key after all that start with `start`, which ends with the zero of its name.
fn after(mut start: Vec<u8>) -> Vec<u8> {
    *start.last_mut().expect("a stretch has a name") = 1;
    start
}
