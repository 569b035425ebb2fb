//! How often the bot may speak publicly about one event in one group: at most four times, one of
//! them kept for the outcome. Answers to commands do not count.

use crate::model::{GroupId, SayingKind};

use super::super::{Event, Settings};

/// Takes one word out of the group's budget. False: it is used up, or the rest is kept for the
/// outcome, or the group did not raise the event.
pub(super) fn spend(
    settings: &Settings,
    event: &mut Event,
    group: &GroupId,
    kind: SayingKind,
) -> bool {
    let kept = u8::from(!ends(kind));
    let limit = settings.public_words.saturating_sub(kept);
    let source = event.sources.iter_mut().find(|it| it.group == *group);
    let Some(source) = source.filter(|source| source.said < limit) else {
        return false;
    };
    source.said += 1;
    true
}

/// Whether this is how residents hear that it is over.
fn ends(kind: SayingKind) -> bool {
    matches!(
        kind,
        SayingKind::Outcome | SayingKind::SelfCleared | SayingKind::Declined | SayingKind::Merged
    )
}
