//! A bot on a clock of its own: time jumps from one thing to the next, nothing sleeps. What happens
//! depends on the messages alone, so a rehearsal always goes the same way.

use std::sync::Arc;

use crate::gateway::Sinks;
use crate::gateway::simulator::Simulator;
use crate::model::{Clock, GatewayId, ManualClock, Message, MessageId, Outgoing, Timestamp};

use super::bot::{Bot, Reaction};

/// The simulator's name, as groups are bound to it.
pub const GATEWAY: &str = "simulator";

/// Steps at one instant; more would mean that something is due for ever.
const STEPS_AT_ONCE: usize = 10_000;

/// The rehearsed bot.
pub struct Rehearsal {
    /// The bot.
    pub bot: Bot,
    clock: Arc<ManualClock>,
    simulator: Arc<Simulator>,
}

/// Something the bot said, and when.
#[derive(Clone, Debug)]
pub struct Said {
    /// When.
    pub at: Timestamp,
    /// The id the simulated platform gave it.
    pub message: MessageId,
    /// The words and where they went.
    pub words: Outgoing,
}

/// The one sink of a rehearsal.
pub fn simulated() -> (Arc<Simulator>, Sinks) {
    let simulator = Arc::new(Simulator::new(GatewayId::from(GATEWAY)));
    let sinks = Sinks::from([(GatewayId::from(GATEWAY), simulator.clone() as _)]);
    (simulator, sinks)
}

impl Rehearsal {
    /// A rehearsal of a bot that was opened with the simulator's sinks.
    pub fn new(bot: Bot, clock: Arc<ManualClock>, simulator: Arc<Simulator>) -> Self {
        Self {
            bot,
            clock,
            simulator,
        }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass until `until`: every timer and every word in its turn. Gives what was said.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub async fn pass(&self, until: Timestamp) -> anyhow::Result<Vec<Said>> {
        let mut said = Vec::new();
        let mut at_once = 0;
        loop {
            self.step(&mut said).await?;
            let Some(next) = self.next_due().await?.filter(|next| *next <= until) else {
                break;
            };
            at_once = if next > self.now() { 0 } else { at_once + 1 };
            anyhow::ensure!(
                at_once < STEPS_AT_ONCE,
                "something is due for ever at {next}"
            );
            self.clock.set(next.max(self.now()));
        }
        self.clock.set(until.max(self.now()));
        Ok(said)
    }

    /// A message arrives now, after everything due before it.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub async fn hear(&mut self, mut message: Message) -> anyhow::Result<(Vec<Said>, Reaction)> {
        let said = self.pass(message.time).await?;
        let now = self.now();
        let reaction = self.bot.hear(now, &mut message).await?;
        if let Some(commit) = reaction.commit {
            self.bot.desk.store.durable(commit).await?;
        }
        Ok((said, reaction))
    }

    async fn step(&self, said: &mut Vec<Said>) -> anyhow::Result<()> {
        let at = self.now();
        self.bot.tick(at).await?;
        while self.bot.outbox.step(at).await?.is_busy() {}
        let new = self.simulator.take().into_iter();
        said.extend(new.map(|(message, words)| Said { at, message, words }));
        Ok(())
    }

    async fn next_due(&self) -> anyhow::Result<Option<Timestamp>> {
        let timer = self.bot.desk.next_due().await?;
        let word = self.bot.outbox.next_due(self.now()).await?;
        Ok([timer, word].into_iter().flatten().min())
    }
}
