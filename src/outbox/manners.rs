//! What each kind of saying asks of the outbox: whether it merges, may break the night, answers.

use crate::model::{Destination, Level, SayingKind};
use crate::store::Key;

/// How a kind of saying is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Somebody just asked: goes at once, day or night, and never into another message.
    Answer,
    /// Progress for residents: pending ones about one event are said together.
    Progress,
    /// The end of an event for residents: says what is still pending of its progress, too.
    Closing,
    /// To those who must act.
    Order,
    /// Only the newest pending one about an event is worth saying.
    Reminder,
    /// On its own.
    Alone,
}

pub(super) fn manner(kind: SayingKind) -> Manner {
    use SayingKind as K;
    match kind {
        K::Answer | K::Done | K::RefusedKindly | K::WhichOne | K::ObjectionKept => Manner::Answer,
        K::Acknowledged
        | K::Accepted
        | K::Suspended
        | K::Extended
        | K::Transferred
        | K::Escalated
        | K::Reopened => Manner::Progress,
        K::Outcome | K::Merged | K::Declined | K::SelfCleared => Manner::Closing,
        K::Dispatch | K::Alarm => Manner::Order,
        K::Reminder => Manner::Reminder,
        K::Welcome
        | K::EmergencyAdvice
        | K::DiscreetCare
        | K::KnownCause
        | K::LeadShown
        | K::AwaitingStaff
        | K::Consultation => Manner::Alone,
    }
}

/// Whether a person's message caused it, so that two bots could keep each other talking. 特急 is
/// never held back by a budget.
pub(super) fn is_reply(kind: SayingKind, level: Level) -> bool {
    use SayingKind as K;
    let caused = matches!(
        kind,
        K::Acknowledged | K::DiscreetCare | K::KnownCause | K::Consultation
    );
    level < Level::Critical && (caused || manner(kind) == Manner::Answer)
}

/// Whether it is said in quiet hours: see [`super::Quiet`].
pub(super) fn breaks_the_night(kind: SayingKind, level: Level) -> bool {
    match manner(kind) {
        Manner::Answer => true,
        Manner::Order => level >= Level::Urgent,
        _ => level == Level::Critical,
    }
}

/// A destination in keys, the same as in those of pending sayings.
pub(super) fn key_of(to: &Destination) -> Key {
    match to {
        Destination::Group(group) => Key::new().text("group").text(group.as_str()),
        Destination::Person(person) => Key::new().text("person").text(person.as_str()),
    }
}
