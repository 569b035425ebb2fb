//! Events as they were decoded or written last: intake looks at the same few open ones again and
//! again, and decoding one costs ten times what copying it does.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Kind, RawRecord, Record};

/// Events in each of two generations.
const MOST: usize = 256;

/// What was decoded, by id; the older generation goes when the younger one is full.
#[derive(Debug, Default)]
pub(super) struct Decoded(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<String, Entry>,
    old: HashMap<String, Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    /// What was decoded: the same bytes give the same record.
    body: Vec<u8>,
    record: Arc<dyn Any + Send + Sync>,
}

/// What a commit puts, until it is applied. It says nothing that the changes do not say.
#[derive(Clone, Debug, Default)]
pub(super) struct Fresh(Vec<(String, Entry)>);

impl PartialEq for Fresh {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Fresh {
    /// Keeps what is being put, with its bytes.
    pub(super) fn keep<R: Record>(&mut self, id: &str, body: &[u8], record: &R) {
        if R::KIND == Kind::Event {
            let entry = Entry::new(body.to_vec(), record);
            self.0.push((id.to_owned(), entry));
        }
    }
}

impl Entry {
    fn new<R: Record>(body: Vec<u8>, record: &R) -> Self {
        let record = Arc::new(record.clone());
        Self { body, record }
    }
}

impl Decoded {
    /// The record in these bytes, if it was decoded lately.
    pub(super) fn get<R: Record>(&self, raw: &RawRecord) -> Option<R> {
        if R::KIND != Kind::Event {
            return None;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((id, entry)) = known.old.remove_entry(&raw.id) {
            known.put(id, entry);
        }
        let entry = known.young.get(&raw.id)?;
        let same = entry.body == raw.body;
        entry.record.downcast_ref::<R>().filter(|_| same).cloned()
    }

    /// Follows a commit.
    pub(super) fn follow(&self, fresh: Fresh) {
        if fresh.0.is_empty() {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, entry) in fresh.0 {
            known.old.remove(&id);
            known.put(id, entry);
        }
    }

    /// Keeps what was decoded.
    pub(super) fn keep<R: Record>(&self, raw: RawRecord, record: &R) {
        if R::KIND != Kind::Event {
            return;
        }
        let entry = Entry::new(raw.body, record);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.old.remove(&raw.id);
        known.put(raw.id, entry);
    }
}

impl Generations {
    fn put(&mut self, id: String, entry: Entry) {
        if self.young.len() >= MOST {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, entry);
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use crate::store::memory::Memory;
    use crate::store::{Changes, Expect, Store};

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Event(String);

    impl Record for Event {
        const KIND: Kind = Kind::Event;

        fn id(&self) -> String {
            "e".to_owned()
        }
    }

    #[tokio::test]
    async fn an_event_is_read_as_it_stands_though_it_was_decoded_before() {
        let store = Store::new(Memory::new());
        for gist in ["一", "二", "一"] {
            let mut changes = Changes::new();
            changes.delete::<Event>("e", Expect::Any);
            store.commit(changes).await.expect("deleted");
            let mut changes = Changes::new();
            changes.put(&Event(gist.to_owned()), Expect::New);
            store.commit(changes).await.expect("put");
            for _ in 0..2 {
                let read = store.get::<Event>("e").await.expect("read");
                assert_eq!(read.expect("there").record.0, gist);
            }
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let decoded = Decoded::default();
        for number in 0..10 * MOST {
            let raw = RawRecord {
                id: number.to_string(),
                version: 1,
                body: Vec::new(),
            };
            decoded.keep(raw, &Event(String::new()));
        }
        let known = decoded.0.lock().expect("unpoisoned");
        assert!(known.young.len() + known.old.len() <= 2 * MOST);
    }
}
