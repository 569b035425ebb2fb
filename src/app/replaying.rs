//! A recorded chat through the whole pipeline, on the recording's own time.

use std::collections::HashSet;

use crate::desk::DeskError;
use crate::directory::Admission;
use crate::model::{AreaId, Facts, GroupId, GroupPurpose, GroupRef, Message, Saying, Timestamp};
use crate::store::{Changes, Expect, Kind, Scan, Store};

use super::bot::{Bot, Reaction};

/// Words deleted at a time: bounds memory whatever the length.
const PAGE: usize = 500;

/// Commits after which unsaid words are taken back: few enough to stay small, many enough to cost little.
const COMMITS_UNTIL_HUSHED: u32 = 1_000;

/// Plays messages to a bot: every group of a recording is listened to, timers go off in between.
/// What it remembers does not grow with the length of the recording.
pub struct Player {
    bot: Bot,
    admitted: HashSet<GroupId>,
    /// The earliest timer, as of the last commit.
    due: Option<Timestamp>,
    /// The latest message time: timers do not run backwards.
    now: Option<Timestamp>,
    /// Commits since words were last taken back.
    commits: u32,
}

impl Player {
    /// A player to a bot whose outbox nobody pumps.
    pub fn new(bot: Bot) -> Self {
        Self {
            bot,
            admitted: HashSet::new(),
            due: None,
            now: None,
            commits: 0,
        }
    }

    /// The bot hears the next message, after everything due before it.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub async fn hear(&mut self, message: &mut Message) -> Result<Reaction, DeskError> {
        if !self.admitted.contains(&message.group.id) {
            self.admit(message).await?;
        }
        let now = self.now.map_or(message.time, |now| now.max(message.time));
        self.now = Some(now);
        while let Some(due) = self.due.filter(|due| *due <= now) {
            self.bot.tick(due).await?;
            self.due = self.bot.desk.next_due().await?;
        }
        let reaction = self.bot.hear(message.time, message).await?;
        if reaction.commit.is_some() {
            self.due = self.bot.desk.next_due().await?;
            self.commits += 1;
        }
        if self.commits == COMMITS_UNTIL_HUSHED {
            hush(&self.bot.desk.store).await?;
            self.commits = 0;
        }
        Ok(reaction)
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
                facts: Facts::new(),
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

/// Takes back what a replay would have said: it speaks to nobody, and a bot that finds the words
/// later must not say them either.
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
