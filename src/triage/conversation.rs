//! What the conversation adds: an open matter draws weak signals to it, a run of weak signals
//! from several people opens one.

use crate::model::{CategoryCode, Timestamp};

use super::evidence::Evidence;
use super::kind::Kind;
use super::votes::Votes;
use super::{Action, Context, Decision, OpenMatter, weights};

/// What the conversation made of a message that alone opens nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer<'c> {
    /// It speaks of a matter under way.
    Supports(&'c OpenMatter),
    /// It says that a matter under way is over.
    Over(&'c OpenMatter),
    /// Several people murmured the same within minutes.
    Joins(&'c CategoryCode, u8),
}

/// What the conversation makes of a message that is neither a command nor a notice.
pub(super) fn answer<'c>(
    now: Timestamp,
    context: &'c Context,
    evidence: &Evidence<'_>,
    decision: &Decision,
) -> Option<Answer<'c>> {
    if context.open.is_empty() && context.murmurs.is_empty() {
        return None;
    }
    if let Some(matter) = over(now, context, evidence, decision) {
        return Some(Answer::Over(matter));
    }
    if decision.action == Action::Open || is_beside_the_point(evidence) {
        return None;
    }
    if let Some(matter) = supported(now, context, evidence, decision) {
        return Some(Answer::Supports(matter));
    }
    let category = decision.category.as_ref()?;
    let (murmured, people) = context
        .murmurs
        .iter()
        .find(|(known, _)| known == category)?;
    (decision.score >= weights::MURMUR && *people >= weights::MURMURS_OPEN)
        .then_some(Answer::Joins(murmured, *people))
}

/// Lets the categories spoken of lately count for more: a word that could mean either means the
/// matter at hand.
pub(super) fn lean(now: Timestamp, context: &Context, votes: &mut Votes<'_>) {
    let lately = context
        .open
        .iter()
        .filter(|matter| seconds_since(matter.last_at, now) <= weights::ECHO_SECONDS)
        .map(|matter| &matter.category);
    let murmured = context.murmurs.iter().map(|(category, _)| category);
    let mut leaned: Vec<&CategoryCode> = Vec::new();
    for category in lately.chain(murmured) {
        if !leaned.contains(&category) {
            votes.lean(category, weights::LEAN);
            leaned.push(category);
        }
    }
}

/// The open matter that a message says is over.
fn over<'c>(
    now: Timestamp,
    context: &'c Context,
    evidence: &Evidence<'_>,
    decision: &Decision,
) -> Option<&'c OpenMatter> {
    let eased = evidence.has(Kind::Eased) || evidence.has(Kind::Restored);
    let last_good = evidence
        .items()
        .iter()
        .filter(|item| matches!(item.kind, Kind::Eased | Kind::Restored))
        .map(|item| item.span.start)
        .max();
    let trouble_after = evidence
        .items()
        .iter()
        .filter(|item| matches!(item.kind, Kind::Trouble | Kind::Scene | Kind::Strong))
        .any(|item| last_good.is_some_and(|good| item.span.start > good));
    if !eased || trouble_after || evidence.asks || decision.action == Action::Open {
        return None;
    }
    let near = |matter: &&OpenMatter| seconds_since(matter.last_at, now) <= weights::MATTER_SECONDS;
    context
        .open
        .iter()
        .filter(near)
        .find(|matter| decision.category.as_ref() == Some(&matter.category))
        .or_else(|| context.open.iter().find(near))
}

/// The open matter that a message speaks of.
fn supported<'c>(
    now: Timestamp,
    context: &'c Context,
    evidence: &Evidence<'_>,
    decision: &Decision,
) -> Option<&'c OpenMatter> {
    let of_it = |matter: &&OpenMatter| {
        seconds_since(matter.last_at, now) <= weights::MATTER_SECONDS
            && decision.category.as_ref() == Some(&matter.category)
    };
    if decision.score >= weights::SUPPORT
        && let Some(matter) = context.open.iter().find(of_it)
    {
        return Some(matter);
    }
    let echoes =
        evidence.has(Kind::Echo) && evidence.length <= 20 && decision.score >= weights::ECHO;
    context
        .open
        .iter()
        .find(|matter| echoes && seconds_since(matter.last_at, now) <= weights::ECHO_SECONDS)
}

/// Jokes, thanks, other places and questions about something else support nothing.
fn is_beside_the_point(evidence: &Evidence<'_>) -> bool {
    [
        Kind::Thanks,
        Kind::Hyperbole,
        Kind::Advert,
        Kind::News,
        Kind::Elsewhere,
        Kind::Negation,
        Kind::Wish,
    ]
    .into_iter()
    .any(|kind| evidence.has(kind))
        || (evidence.has(Kind::Past) && !evidence.now)
}

fn seconds_since(then: Timestamp, now: Timestamp) -> i64 {
    now.as_second().saturating_sub(then.as_second()).abs()
}
