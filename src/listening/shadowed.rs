//! A decision that was only recorded: what a bot in shadow mode would have done.

use serde::{Deserialize, Serialize};

use super::silence::short_id;
use super::{Keeper, LONGEST_TEXT, Passing, main_reason};
use crate::model::{AreaId, CategoryCode, GroupId, Level, Message, PersonId, Place, Timestamp};
use crate::store::{Index, Key, Kind, Record};
use crate::triage::{Action, Decision, Emergency};

/// The record of shadow mode.
pub type Shadows = Keeper<Shadowed>;

/// One decision about one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shadowed {
    /// `D-1120-1a2b3c4d`: the message's day and a hash of its own id.
    pub id: String,
    /// The group.
    pub group: GroupId,
    /// Where the group hangs.
    pub area: Option<AreaId>,
    /// Who wrote it, for `forget`.
    pub person: PersonId,
    /// Time of the message.
    pub at: Timestamp,
    /// When it was written down.
    pub kept_at: Timestamp,
    /// What was written, masked, at most [`LONGEST_TEXT`] characters; empty where it is not to be
    /// spoken of.
    pub text: String,
    /// What was decided.
    pub action: Action,
    /// What it is about.
    pub category: Option<CategoryCode>,
    /// How urgent.
    pub level: Option<Level>,
    /// Which kind of 特急: it opens whatever the threshold.
    pub emergency: Option<Emergency>,
    /// The sum of the reasons.
    #[serde(serialize_with = "super::two_digits")]
    pub score: f32,
    /// Where, as far as it was said.
    pub place: Option<Place>,
    /// The main reason: against where nothing was opened, else for.
    pub because: String,
}

impl Shadowed {
    /// The record of a decision; `masked` is the text without personal numbers.
    pub fn of(
        now: Timestamp,
        message: &Message,
        area: Option<&AreaId>,
        decision: &Decision,
        masked: &str,
    ) -> Self {
        let name = format!("{}/{}/{}", message.gateway, message.group.id, message.id);
        let told = !decision.discreet;
        Self {
            id: short_id('D', message.time, &name),
            group: message.group.id.clone(),
            area: area.cloned(),
            person: message.sender.id.clone(),
            at: message.time,
            kept_at: now,
            text: masked.chars().take(LONGEST_TEXT).filter(|_| told).collect(),
            action: decision.action,
            category: decision.category.clone(),
            level: decision.level,
            emergency: decision.emergency,
            score: decision.score,
            place: decision.place.clone().filter(|_| told),
            because: because(decision),
        }
    }
}

fn because(decision: &Decision) -> String {
    if matches!(decision.action, Action::Ignore | Action::Watch) {
        return main_reason(decision).text;
    }
    let mut reasons = decision.because.iter();
    let first = reasons.next();
    let heaviest = reasons.fold(first, |best, one| match best {
        Some(best) if best.weight >= one.weight => Some(best),
        _ => Some(one),
    });
    heaviest
        .map(|reason| reason.text.clone())
        .unwrap_or_default()
}

impl Record for Shadowed {
    const KIND: Kind = Kind::Shadow;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let person = Key::new().text(self.person.as_str());
        vec![
            (Index::ShadowAt, Key::new().time(self.kept_at)),
            (Index::ShadowPerson, person.time(self.kept_at)),
        ]
    }
}

impl Passing for Shadowed {
    const BY_TIME: Index = Index::ShadowAt;
    const BY_PERSON: Index = Index::ShadowPerson;

    fn kept_at(&self) -> Timestamp {
        self.kept_at
    }
}
