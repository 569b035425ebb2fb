//! A recorded chat through the whole pipeline, on the recording's own time.

use std::collections::HashSet;
use std::ops::Bound;
use std::sync::Arc;

use crate::desk::{DeskError, Event, Outcome, Report, Settings, Speech, State};
use crate::directory::Admission;
use crate::model::{
    AreaId, EventId, Facts, GroupId, GroupPurpose, GroupRef, Message, MessageId, Saying, Timestamp,
};
use crate::store::{Changes, Expect, Index, Key, Kind, Scan, Store, StoreError};

use super::bot::{Bot, Reaction};
use super::reading::{Read, Reader, Tape};

/// Records handled at a time: bounds memory whatever the length.
const PAGE: usize = 500;

/// Plays messages to a bot: every group of a recording is listened to, timers go off in between.
/// What it remembers does not grow with the length of the recording.
pub struct Player {
    bot: Bot,
    admitted: HashSet<GroupId>,
    /// The latest message time: timers do not run backwards.
    now: Option<Timestamp>,
}

impl Player {
    /// A player to a bot whose outbox nobody pumps: what the desk would say is dropped.
    pub fn new(bot: Bot) -> Self {
        let settings = Settings {
            speech: Speech::Dropped,
            ..(*bot.desk.view().settings).clone()
        };
        bot.desk.set_settings(settings);
        Self {
            bot,
            admitted: HashSet::new(),
            now: None,
        }
    }

    /// The bot hears a recording, each message after everything due before it; gives the tape back.
    /// Words are read ahead on another thread, what they come to is decided one after another.
    ///
    /// # Errors
    ///
    /// What the store or the tape reports.
    pub async fn play<T: Tape>(&mut self, tape: T) -> anyhow::Result<T> {
        self.play_and_note(tape, drop).await
    }

    /// The same, with what became of each message, in order.
    ///
    /// # Errors
    ///
    /// As [`Player::play`].
    pub async fn play_and_note<T: Tape>(
        &mut self,
        tape: T,
        mut note: impl FnMut(Reaction),
    ) -> anyhow::Result<T> {
        let mut reader = Reader::begin(
            tape,
            Arc::clone(&self.bot.shelf),
            Arc::clone(&self.bot.desk),
        )?;
        while let Some(mut chunk) = reader.next().await {
            for read in &mut chunk {
                note(self.hear(read).await?);
            }
            reader.give_back(chunk);
        }
        reader.end()
    }

    async fn hear(&mut self, read: &mut Read) -> Result<Reaction, DeskError> {
        let message = &read.message;
        if !self.admitted.contains(&message.group.id) {
            self.admit(message).await?;
        }
        let now = self.now.map_or(message.time, |now| now.max(message.time));
        self.now = Some(now);
        while self.bot.desk.may_be_due(now) {
            let due = self.bot.desk.next_due().await?;
            let Some(due) = due.filter(|due| *due <= now) else {
                break;
            };
            self.bot.tick(due).await?;
        }
        self.bot.hear_read(message.time, read).await
    }

    /// Every group of a recording is listened to; it hangs where its messages say.
    async fn admit(&mut self, message: &Message) -> Result<(), DeskError> {
        let group = &message.group;
        let directory = &self.bot.desk.directory;
        if directory.snapshot().admitted(&group.id).is_none() {
            let admission = Admission {
                group: group.clone(),
                gateway: message.gateway.clone(),
                sink: None,
                area: area(group),
                purpose: GroupPurpose::Residents,
                welcome: Some(Facts::new()),
                at: message.time,
            };
            directory.admit(&admission).await?;
        }
        self.admitted.insert(group.id.clone());
        Ok(())
    }
}

/// Where a recorded group hangs; one that does not say is an area of its own.
fn area(group: &GroupRef) -> AreaId {
    if !group.area.is_empty() {
        return AreaId::from_path(&group.area);
    }
    let name = if group.name.is_empty() {
        group.id.as_str()
    } else {
        &group.name
    };
    AreaId::from_path(&[name])
}

/// Takes back what was said about the recording's groups when they were admitted: a replay speaks to
/// nobody, and a bot that opens its store later must not say it either.
///
/// # Errors
///
/// What the store reports.
pub async fn hush(store: &Store) -> Result<(), DeskError> {
    loop {
        let sayings = store
            .scan::<Saying>(&Scan::all(Kind::Saying).limit(PAGE))
            .await?;
        if sayings.is_empty() {
            return Ok(());
        }
        let mut changes = Changes::new();
        for saying in &sayings {
            changes.delete::<Saying>(saying.record.id.as_str(), Expect::Any);
        }
        store.commit(changes).await?;
    }
}

/// Whether Leads are among the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// Only what was opened.
    Hidden,
    /// They too.
    Shown,
}

/// An event as a replay leaves it.
#[derive(Debug)]
pub struct Replayed {
    /// In its last state.
    pub event: Event,
    /// The messages that support it.
    pub messages: Vec<MessageId>,
}

/// Every event that was ever opened, once, in order of opening, a page at a time; a merged one
/// appears only through its master.
pub struct Results<'s> {
    store: &'s Store,
    leads: Leads,
    /// Where the next page begins; `None`: there is none.
    from: Option<Bound<Key>>,
    seen: HashSet<EventId>,
}

impl<'s> Results<'s> {
    /// The events of a store.
    pub fn new(store: &'s Store, leads: Leads) -> Self {
        Self {
            store,
            leads,
            from: Some(Bound::Unbounded),
            seen: HashSet::new(),
        }
    }

    /// The next page, which may be empty; `None` after the last.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub async fn page(&mut self) -> Result<Option<Vec<Replayed>>, StoreError> {
        let Some(from) = self.from.take() else {
            return Ok(None);
        };
        let scan = Scan::range(Index::EventOpened, from, Bound::Unbounded).limit(PAGE);
        let page = self.store.scan::<Event>(&scan).await?;
        let mut results = Vec::new();
        for event in page
            .iter()
            .filter(|one| !self.seen.contains(&one.record.id))
        {
            if self.shows(&event.record) {
                results.push(self.supported(event.record.clone()).await?);
            }
        }
        // The next page begins with the instant this one ended at.
        if page.len() == PAGE {
            let last = page.last().map(|event| event.record.opened_at);
            self.from = last.map(|last| Bound::Included(Key::new().time(last)));
        }
        self.seen = page.into_iter().map(|event| event.record.id).collect();
        Ok(Some(results))
    }

    fn shows(&self, event: &Event) -> bool {
        let lead = event.state == State::Lead || event.outcome == Some(Outcome::Expired);
        event.outcome != Some(Outcome::Merged) && (!lead || self.leads == Leads::Shown)
    }

    async fn supported(&self, event: Event) -> Result<Replayed, StoreError> {
        let key = Key::new().text(event.id.as_str());
        let reports = self
            .store
            .scan::<Report>(&Scan::prefix(Index::ReportEvent, &key))
            .await?;
        let messages = reports.into_iter().map(|one| one.record.message).collect();
        Ok(Replayed { event, messages })
    }
}
