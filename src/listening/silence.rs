//! A silence: something was there, and the bot did nothing.

use serde::{Deserialize, Serialize};

use super::{Against, Keeper, LONGEST_TEXT, Passing, main_reason};
use crate::model::{CategoryCode, GroupId, Message, PersonId, Timestamp};
use crate::store::{Index, Key, Kind, Record};
use crate::triage::{Action, Decision};

/// The silence ledger.
pub type Silences = Keeper<Silence>;

/// One message that nearly became something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// `S-1120-1a2b3c4d`: the message's day and a hash of its own id, short enough to type.
    pub id: String,
    /// Gateway, group and message, as a report of it would be called.
    pub message: String,
    /// The group.
    pub group: GroupId,
    /// Who wrote it, for `forget`.
    pub person: PersonId,
    /// Time of the message.
    pub at: Timestamp,
    /// When it was written down.
    pub kept_at: Timestamp,
    /// What was written, masked, at most [`LONGEST_TEXT`] characters.
    pub text: String,
    /// What was decided: ignore, or watch that came to nothing.
    pub action: Action,
    /// What it would have been about.
    pub category: Option<CategoryCode>,
    /// The sum of the reasons.
    #[serde(serialize_with = "super::two_digits")]
    pub score: f32,
    /// The kind of the main reason against.
    pub rule: String,
    /// The main reason against, Chinese.
    pub against: String,
    /// Words that counted, as they stand in the lexicon.
    pub words: Vec<String>,
    /// A person said that it was real: it is a case and an example now.
    #[serde(default)]
    pub real: bool,
}

impl Silence {
    /// The silence about a message; `masked` is its text without personal numbers.
    pub fn of(now: Timestamp, message: &Message, decision: &Decision, masked: &str) -> Self {
        let Against { rule, text } = main_reason(decision);
        let name = format!("{}/{}/{}", message.gateway, message.group.id, message.id);
        Self {
            id: short_id('S', message.time, &name),
            message: name,
            group: message.group.id.clone(),
            person: message.sender.id.clone(),
            at: message.time,
            kept_at: now,
            text: masked.chars().take(LONGEST_TEXT).collect(),
            action: decision.action,
            category: decision.category.clone(),
            score: decision.score,
            rule,
            against: text,
            words: decision.hits.iter().map(|it| it.keyword.clone()).collect(),
            real: false,
        }
    }
}

/// An id that a person can type and that the same message always gets. The day is that of UTC: it
/// only keeps hashes of different days apart.
pub(super) fn short_id(letter: char, at: Timestamp, name: &str) -> String {
    let hash = crc32fast::hash(name.as_bytes());
    format!("{letter}-{}-{hash:08x}", at.strftime("%m%d"))
}

impl Record for Silence {
    const KIND: Kind = Kind::Silence;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let person = Key::new().text(self.person.as_str());
        vec![
            (Index::SilenceAt, Key::new().time(self.kept_at)),
            (Index::SilencePerson, person.time(self.kept_at)),
        ]
    }
}

impl Passing for Silence {
    const BY_TIME: Index = Index::SilenceAt;
    const BY_PERSON: Index = Index::SilencePerson;

    fn kept_at(&self) -> Timestamp {
        self.kept_at
    }
}
