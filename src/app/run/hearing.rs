//! The desk's worker: one message after another, timers when they are due, acknowledged from disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::{counter, histogram};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info};

use super::Wake;
use super::counts::{count, count_late};
use super::full_disk::{self, rest_if_full};
use crate::app::bot::{Bot, Effect};
use crate::desk::DeskError;
use crate::directory::DirectoryError;
use crate::gateway::Inbound;
use crate::gateway::border::Bounds;
use crate::model::{Clock, Destination, GatewayId, Message, Timestamp};
use crate::store::{CommitError, CommitNo, Store, StoreError};

/// Commits that wait for the disk before they are acknowledged; more slow the desk down.
const ACKNOWLEDGEMENTS: usize = 1024;

/// Longest sleep between two looks at the timers: the machine's clock may jump.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Dead letters written down in a minute; more are only counted, so that a broken peer does not keep
/// the disk busy.
const BURIED_A_MINUTE: u32 = 30;

/// What the worker works with; outlives a panic.
pub(super) struct Hearing {
    bot: Bot,
    heard: mpsc::Receiver<(GatewayId, Inbound)>,
    clock: Arc<dyn Clock>,
    wake: Wake,
    acknowledge: mpsc::Sender<Acknowledgement>,
    bounds: Bounds,
    /// Since when dead letters are counted, and how many there were.
    burying: (Timestamp, u32),
}

struct Acknowledgement {
    commit: CommitNo,
    done: Option<oneshot::Sender<bool>>,
    arrived: Instant,
    applied: Instant,
}

impl Hearing {
    pub(super) fn new(
        bot: Bot,
        heard: mpsc::Receiver<(GatewayId, Inbound)>,
        clock: Arc<dyn Clock>,
        wake: Wake,
        bounds: Bounds,
    ) -> Self {
        let (acknowledge, waiting) = mpsc::channel(ACKNOWLEDGEMENTS);
        tokio::spawn(acknowledge_from_disk(
            bot.desk.store.clone(),
            waiting,
            wake.clone(),
        ));
        Self {
            bot,
            heard,
            clock,
            wake,
            acknowledge,
            bounds,
            burying: (Timestamp::UNIX_EPOCH, 0),
        }
    }

    /// Works until the inbox is closed and empty.
    pub(super) async fn run(&mut self) -> anyhow::Result<()> {
        let mut woken = self.wake.subscribe();
        loop {
            let sleep = self.tick().await?;
            let inbound = tokio::select! {
                inbound = self.heard.recv() => inbound,
                _ = woken.changed() => continue,
                () = tokio::time::sleep(sleep) => continue,
            };
            let Some((gateway, inbound)) = inbound else {
                return Ok(());
            };
            self.take(gateway, inbound).await?;
            // Timers are looked at again when something was committed; talk costs no scan.
            while let Ok((gateway, inbound)) = self.heard.try_recv() {
                self.take(gateway, inbound).await?;
            }
        }
    }

    /// Does what is due; gives the time until something is.
    async fn tick(&mut self) -> anyhow::Result<Duration> {
        let now = self.clock.now();
        loop {
            let ticked = async {
                self.bot.tick(now).await?;
                self.bot.next_due().await
            };
            match ticked.await {
                Ok(due) => {
                    let sleep = due.map_or(LONGEST_SLEEP, |due| until(now, due));
                    return Ok(sleep.min(LONGEST_SLEEP));
                }
                Err(error) => rest_if_full(error).await?,
            }
        }
    }

    async fn take(&mut self, gateway: GatewayId, inbound: Inbound) -> anyhow::Result<()> {
        let (inbound, hits) = self.bounds.admit(inbound);
        for hit in hits {
            let gateway = gateway.to_string();
            counter!("lianxin_inbound_limits_total", "gateway" => gateway, "limit" => hit.name())
                .increment(1);
        }
        match inbound {
            Inbound::Message {
                message,
                arrived,
                done,
            } => self.hear(*message, arrived, done).await,
            Inbound::Echo(message) => self.hear_echo(&gateway, &message).await,
            Inbound::Groups(groups) => {
                let directory = &self.bot.desk.directory;
                for group in groups {
                    let now = self.clock.now();
                    while let Err(error) = directory.see_group(&group, &gateway, now).await {
                        rest_if_full(error).await?;
                    }
                }
                Ok(())
            }
            Inbound::Unreadable { reason, body } => {
                self.bury(&gateway, reason, &body).await;
                Ok(())
            }
        }
    }

    /// Counts what could not be read, and keeps it: of a flood only the first of each minute.
    async fn bury(&mut self, gateway: &GatewayId, reason: &'static str, body: &[u8]) {
        let name = gateway.to_string();
        counter!("lianxin_unreadable_total", "gateway" => name, "reason" => reason).increment(1);
        let now = self.clock.now();
        if now.duration_since(self.burying.0).as_secs().unsigned_abs() >= 60 {
            self.burying = (now, 0);
        }
        self.burying.1 += 1;
        if body.is_empty() || self.burying.1 > BURIED_A_MINUTE {
            return;
        }
        if let Some(notes) = &self.bot.notes {
            let desk = &self.bot.desk;
            notes.note_dead(desk, now, gateway, (reason, body)).await;
        }
    }

    async fn hear_echo(&self, gateway: &GatewayId, message: &Message) -> anyhow::Result<()> {
        let to = if message.direct {
            Destination::Person(message.sender.id.clone())
        } else {
            Destination::Group(message.group.id.clone())
        };
        let (outbox, now) = (&self.bot.outbox, self.clock.now());
        while let Err(error) = outbox
            .echo(gateway, &to, &message.text, &message.id, now)
            .await
        {
            rest_if_full(error).await?;
        }
        Ok(())
    }

    async fn hear(
        &mut self,
        mut message: Message,
        arrived: Instant,
        done: Option<oneshot::Sender<bool>>,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        counter!("lianxin_messages_total", "gateway" => message.gateway.to_string()).increment(1);
        let reaction = loop {
            match self.bot.hear(self.clock.now(), &mut message).await {
                Ok(reaction) => break reaction,
                Err(error) if is_too_long(&error) => {
                    // This message alone cannot be kept; all others can.
                    error!(message.gateway = %message.gateway, %error, "a message was refused");
                    counter!("lianxin_silences_total", "reason" => "cannot_be_kept").increment(1);
                    tell(done, false);
                    return Ok(());
                }
                Err(error) => rest_if_full(error).await?,
            }
        };
        histogram!("lianxin_decide_seconds").record(started.elapsed());
        count(&reaction);
        let applied = Instant::now();
        let Some(commit) = reaction.commit else {
            // An objection is on disk already, and its answer waits.
            if matches!(reaction.effect, Effect::Objection) {
                self.wake.send_replace(());
            }
            tell(done, true);
            return Ok(());
        };
        if self.is_late(&message) {
            count_late();
        }
        let waiting = Acknowledgement {
            commit,
            done,
            arrived,
            applied,
        };
        // The other end lives as long as the store works.
        let _ = self.acknowledge.send(waiting).await;
        Ok(())
    }

    /// Whether nobody waits for an answer any more.
    fn is_late(&self, message: &Message) -> bool {
        let within = self.bot.desk.view().settings.reply_within;
        message.time
            < self
                .clock
                .now()
                .saturating_sub(within)
                .unwrap_or(Timestamp::MIN)
    }
}

/// Whether the store is well and only this record is of no size it takes.
fn is_too_long(error: &DeskError) -> bool {
    matches!(
        error,
        DeskError::Commit(CommitError::Store(StoreError::TooLong { .. }))
            | DeskError::Directory(DirectoryError::Commit(CommitError::Store(
                StoreError::TooLong { .. }
            )))
    )
}

/// Says that messages are kept, in order, each from the disk. A full disk makes them wait: what was
/// decided stays decided and is written when there is room. Any other failure ends it; then the desk
/// finds the store beyond help as well.
async fn acknowledge_from_disk(
    store: Store,
    mut waiting: mpsc::Receiver<Acknowledgement>,
    wake: Wake,
) {
    while let Some(next) = waiting.recv().await {
        let kept = loop {
            match store.durable(next.commit).await {
                Err(StoreError::Full) => tokio::time::sleep(full_disk::REST).await,
                kept => break kept,
            }
        };
        if let Err(error) = kept {
            error!(%error, "a commit did not reach the disk");
            tell(next.done, false);
            continue;
        }
        histogram!("lianxin_store_durable_seconds").record(next.applied.elapsed());
        histogram!("lianxin_heard_to_durable_seconds").record(next.arrived.elapsed());
        tell(next.done, true);
        wake.send_replace(());
    }
    info!("all that was heard is acknowledged");
}

/// Answers a source that asked for it; one that has gone needs no answer.
fn tell(done: Option<oneshot::Sender<bool>>, kept: bool) {
    if let Some(done) = done {
        let _ = done.send(kept);
    }
}

fn until(now: Timestamp, due: Timestamp) -> Duration {
    Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO)
}
