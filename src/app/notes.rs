//! What the bot keeps beside the events: near misses for a while, and what people taught it.

use thiserror::Error;
use tracing::warn;

use super::lessons::{LessonError, Lessons, learn};
use crate::config::{Config, Passing};
use crate::desk::{Desk, Done, Effect, Heard, Mode, Obeyed};
use crate::listening::{
    DeadLetter, DeadLetters, Keep, Keeper, Shadowed, Shadows, Silence, Silences, is_near_miss,
};
use crate::model::{GatewayId, Group, GroupPurpose, PersonId, Timestamp};
use crate::store::{CommitError, Store, StoreError};
use crate::triage::{Action, Decision};

/// The ledger of silences and the tables of lessons. Cheap to clone.
#[derive(Clone)]
pub struct Notes {
    /// Near misses.
    pub silences: Silences,
    /// What shadow mode decided.
    pub shadows: Shadows,
    /// What no gateway could read.
    pub dead_letters: DeadLetters,
    /// Examples and cases beside the store.
    pub lessons: Lessons,
}

impl Notes {
    /// Opens what is kept beside the events of this store.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub async fn open(config: &Config, store: &Store) -> Result<Self, StoreError> {
        let of = |passing: &Passing| Keep {
            days: passing.keep_days,
            most: passing.most,
        };
        Ok(Self {
            silences: Keeper::open(store.clone(), of(&config.silences)).await?,
            shadows: Keeper::open(store.clone(), of(&config.shadow)).await?,
            dead_letters: Keeper::open(store.clone(), of(&config.dead_letters)).await?,
            lessons: Lessons::beside(&config.store),
        })
    }

    /// Takes out what a person said, and what was learnt from it or from these events. Gives how
    /// many silences are gone.
    ///
    /// # Errors
    ///
    /// What the store or the files report; doing it again goes on from there.
    pub async fn forget(&self, person: &PersonId, events: &[String]) -> Result<usize, ForgetError> {
        let dead = self.dead_letters.take_out(|it| it.names(person)).await?;
        let shadows = self.shadows.forget(person).await?;
        let silences = self.silences.forget(person).await?;
        let sources: Vec<&str> = silences.iter().chain(events).map(String::as_str).collect();
        self.lessons.strike(&sources)?;
        Ok(silences.len() + shadows.len() + dead)
    }

    /// Takes out what was kept long enough; a dry run only counts.
    ///
    /// # Errors
    ///
    /// What the store reports; what was done stays done.
    pub async fn retain(&self, now: Timestamp, mode: Mode) -> Result<usize, CommitError> {
        match mode {
            Mode::DryRun => Ok(self.silences.due(now).await?
                + self.shadows.due(now).await?
                + self.dead_letters.due(now).await?),
            Mode::Apply => Ok(self.silences.purge(now).await?
                + self.shadows.purge(now).await?
                + self.dead_letters.purge(now).await?),
        }
    }

    /// Keeps what nearly became something, where it may be kept: said among the residents of an
    /// admitted group, by somebody who does not object. What cannot be kept is not worth a stop.
    pub async fn note_silence(&self, desk: &Desk, heard: &Heard<'_>) {
        if among_residents(desk, heard).is_none() || heard.decision.discreet {
            return;
        }
        let silence = Silence::of(heard.now, heard.message, heard.decision, heard.masked);
        if let Err(error) = self.silences.note(&silence).await {
            warn!(%error, "a near miss could not be kept");
        }
    }

    /// Keeps what no gateway could read, unless somebody wrote it who objects.
    pub async fn note_dead(
        &self,
        desk: &Desk,
        now: Timestamp,
        gateway: &GatewayId,
        (reason, body): (&str, &[u8]),
    ) {
        let letter = DeadLetter::of(now, gateway, reason, body);
        let directory = desk.directory.snapshot();
        if letter
            .person
            .as_ref()
            .is_some_and(|it| directory.objects(it))
        {
            return;
        }
        if let Err(error) = self.dead_letters.note(&letter).await {
            warn!(%error, "a dead letter could not be kept");
        }
    }

    /// Records what a bot that only listens decided, under the same conditions; of what is not to be
    /// spoken of the decision alone.
    pub async fn note_shadowed(&self, desk: &Desk, heard: &Heard<'_>) {
        let Some(group) = among_residents(desk, heard) else {
            return;
        };
        let Heard {
            now,
            message,
            decision,
            masked,
        } = *heard;
        if is_near_miss(decision) {
            self.note_silence(desk, heard).await;
        } else if decision.action == Action::Ignore {
            return;
        }
        let shadowed = Shadowed::of(now, message, group.area.as_ref(), decision, masked);
        if let Err(error) = self.shadows.note(&shadowed).await {
            warn!(%error, "a decision could not be recorded");
        }
    }

    /// Learns from 作废 and 确认 said in chat. The word stands even when it cannot be written down.
    pub async fn note_verdict(&self, desk: &Desk, decision: &Decision, obeyed: &Obeyed) {
        let (Some(command), Some(answered)) = (&decision.command, &obeyed.answered) else {
            return;
        };
        let (Ok(Done::Changed(_)), Some(event)) = (&answered.result, &answered.event) else {
            return;
        };
        if let Err(error) = learn(desk, &self.lessons, event, command.name).await {
            warn!(%error, event.id = %event, "a verdict was not made an example");
        }
    }
}

/// Why not all of a person was forgotten.
#[derive(Debug, Error)]
pub enum ForgetError {
    /// The store.
    #[error(transparent)]
    Store(#[from] CommitError),
    /// The tables beside it.
    #[error(transparent)]
    Lesson(#[from] LessonError),
}

/// The group a message was said in, where something of it may be kept: an admitted group of
/// residents, and somebody who does not object.
fn among_residents(desk: &Desk, heard: &Heard<'_>) -> Option<Group> {
    let directory = desk.directory.snapshot();
    let group = directory.admitted(&heard.message.group.id)?;
    let residents = group.purpose == GroupPurpose::Residents;
    let objects = directory.objects(&heard.message.sender.id);
    (residents && !heard.message.direct && !objects).then(|| group.clone())
}

/// Whether a message nearly became something: ignored with evidence, or a watch without effect.
pub fn came_to_nothing(decision: &Decision, effect: Effect) -> bool {
    let idle_watch = decision.action == Action::Watch && effect == Effect::Nothing;
    idle_watch || is_near_miss(decision)
}

#[cfg(test)]
mod tests;
