//! Recorded chat through the whole pipeline, once by each lexicon.

use std::sync::Arc;

use crate::app::bot::Reaction;
use crate::app::judge::judge;
use crate::app::opening;
use crate::app::reading::Spool;
use crate::app::replaying::{Leads, Player, Results};
use crate::app::shelf::Shelf;
use crate::config::Config;
use crate::gateway::Sinks;
use crate::lexicon::Lexicon;
use crate::model::{Clock, ManualClock, Message, SystemClock};
use crate::outbox::Limits;
use crate::triage::Decision;

use super::{Changed, Revision};

/// What differs in a recording.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    /// Messages heard.
    pub messages: usize,
    /// Events that the old lexicon and its conversation make of it, and the new one.
    pub events: (usize, usize),
    /// Messages decided otherwise.
    pub changed: Vec<Changed>,
}

/// Plays a recording twice, each time to a bot of its own whose store is thrown away.
///
/// # Errors
///
/// What the stores report.
pub async fn played(
    config: &Config,
    revision: &Revision,
    messages: &[Message],
) -> anyhow::Result<Recording> {
    let (before, old_events) = play(config, &revision.old, messages).await?;
    let (after, new_events) = play(config, &revision.new, messages).await?;
    let silence = Decision::default();
    let changed = messages.iter().zip(before.iter().zip(&after));
    let changed = changed.filter_map(|(message, (before, after))| {
        let [before, after] = [before, after].map(|it| it.as_ref().unwrap_or(&silence));
        Changed::between(message.id.as_str(), None, &message.text, [before, after])
    });
    Ok(Recording {
        messages: messages.len(),
        events: (old_events, new_events),
        changed: changed.collect(),
    })
}

async fn play(
    config: &Config,
    lexicon: &Arc<Lexicon>,
    messages: &[Message],
) -> anyhow::Result<(Vec<Option<Decision>>, usize)> {
    let scratch = tempfile::tempdir()?;
    let clock = ManualClock::new(SystemClock.now());
    let store = opening::store(&scratch.path().join("data"), clock.now())?;
    let shelf = Shelf::holding(Arc::clone(lexicon), judge);
    let limits = Limits::unhurried();
    let sinks = Sinks::new();
    let opened = opening::bot_on(shelf, config, store.clone(), sinks, limits, &clock).await?;
    let mut decisions = Vec::with_capacity(messages.len());
    let note = |reaction: Reaction| decisions.push(reaction.decision);
    let spool = Spool::of(messages.to_vec());
    Player::new(opened.bot).play_and_note(spool, note).await?;
    let mut events = 0;
    let mut results = Results::new(&store, Leads::Hidden);
    while let Some(page) = results.page().await? {
        events += page.len();
    }
    Ok((decisions, events))
}
