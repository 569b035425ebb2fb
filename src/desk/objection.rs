//! 不要记录我: somebody asks not to be listened to, and is believed at once.

use crate::model::{Destination, Facts, Message, SayingKind};

use super::sayings::{Reply, reply};
use super::{Desk, DeskError};

/// What the welcome says people should say, and how they vary it.
const OBJECTIONS: [&str; 6] = [
    "不要记录我",
    "不要记我",
    "别记录我",
    "别记我",
    "不要监听我",
    "不准记录我",
];

/// How it is taken back.
const WITHDRAWALS: [&str; 2] = ["可以记录我", "重新记录我"];

/// A longer message talks about objecting instead of doing it, in characters.
const LONGEST: usize = 30;

/// What a message says about being listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Do not listen to me.
    Made,
    /// You may listen to me again.
    Withdrawn,
}

impl Objection {
    /// Reads it from the text as written.
    pub fn read(text: &str) -> Option<Self> {
        if text.chars().count() > LONGEST {
            return None;
        }
        let said = |words: &[&str]| words.iter().any(|words| text.contains(words));
        if said(&OBJECTIONS) {
            Some(Self::Made)
        } else if said(&WITHDRAWALS) {
            Some(Self::Withdrawn)
        } else {
            None
        }
    }
}

impl Desk {
    /// Keeps or forgets an objection without a word: a bot that only listens honours it, too.
    ///
    /// # Errors
    /// When the store fails; then nothing was done.
    pub async fn object_unanswered(
        &self,
        message: &Message,
        objection: Objection,
    ) -> Result<bool, DeskError> {
        let person = &message.sender.id;
        let changed = match objection {
            Objection::Withdrawn => self.directory.withdraw_objection(person).await?,
            Objection::Made => self.directory.object(person, None, message.time).await?,
        };
        Ok(changed)
    }

    /// Keeps or forgets the objection of a message's writer. The words that answer are said once,
    /// with the change; a redelivered message finds nothing to change. Gives whether anything
    /// changed.
    ///
    /// # Errors
    /// When the store fails; then nothing was done.
    pub async fn object(&self, message: &Message, objection: Objection) -> Result<bool, DeskError> {
        let person = &message.sender.id;
        let changed = match objection {
            Objection::Withdrawn => self.directory.withdraw_objection(person).await?,
            Objection::Made => {
                let to = if message.direct {
                    Destination::Person(person.clone())
                } else {
                    Destination::Group(message.group.id.clone())
                };
                let place = Reply {
                    gateway: message.gateway.clone(),
                    to,
                    message: message.id.clone(),
                    person: (person.clone(), message.sender.name.clone()),
                    at: message.time,
                };
                let kept = reply(&place, SayingKind::ObjectionKept, None, Facts::new());
                self.directory
                    .object(person, Some(&kept), message.time)
                    .await?
            }
        };
        Ok(changed)
    }
}
