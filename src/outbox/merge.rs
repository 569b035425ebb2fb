//! Which pending words of a destination become one message.

use super::manners::{Manner, manner};
use crate::model::{Level, Saying};
use crate::store::Versioned;

/// Sayings that go out as one message.
#[derive(Clone, Debug)]
pub(super) struct Group<'a> {
    /// Whose words they are: the newest.
    pub(super) lead: &'a Versioned<Saying>,
    /// What it speaks for as well, oldest first.
    pub(super) others: Vec<&'a Versioned<Saying>>,
}

impl<'a> Group<'a> {
    /// A saying on its own.
    pub(super) fn of(lead: &'a Versioned<Saying>) -> Self {
        let others = Vec::new();
        Self { lead, others }
    }

    /// All of them, oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &'a Versioned<Saying>> {
        self.others.iter().copied().chain([self.lead])
    }

    /// The highest of their levels.
    pub(super) fn level(&self) -> Level {
        let levels = self.others.iter().map(|other| other.record.level);
        levels.fold(self.lead.record.level, Level::max)
    }
}

/// The sayings that go out together when `head` goes out. Words about one event only; an answer
/// always goes alone.
pub(super) fn together<'a>(
    head: &'a Versioned<Saying>,
    pending: &'a [Versioned<Saying>],
) -> Group<'a> {
    let merges: fn(Manner) -> bool = match manner(head.record.kind) {
        Manner::Progress => |m| matches!(m, Manner::Progress | Manner::Closing),
        Manner::Reminder => |m| m == Manner::Reminder,
        _ => return Group::of(head),
    };
    if head.record.event.is_none() {
        return Group::of(head);
    }
    let mut others = pending
        .iter()
        .filter(|other| other.record.event == head.record.event)
        .filter(|other| merges(manner(other.record.kind)))
        .collect::<Vec<_>>();
    others.sort_by(|a, b| (a.record.at, &a.record.id).cmp(&(b.record.at, &b.record.id)));
    // What was said after the end (重办) is a new story.
    let closing = |other: &&Versioned<Saying>| manner(other.record.kind) == Manner::Closing;
    if let Some(end) = others.iter().position(closing) {
        others.truncate(end + 1);
    }
    // If the head itself lies behind an end, it goes alone.
    let has_head = others.iter().any(|other| other.record.id == head.record.id);
    match others.pop().filter(|_| has_head) {
        Some(lead) => Group { lead, others },
        None => Group::of(head),
    }
}
