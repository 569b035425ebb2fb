//! The desk's worker: one message after another, timers when they are due, acknowledged from disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::{counter, gauge, histogram};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info};

use super::Wake;
use crate::app::bot::{Bot, Effect, Reaction};
use crate::desk::{DeskError, Effect as Taken};
use crate::directory::DirectoryError;
use crate::gateway::Inbound;
use crate::gateway::border::Bounds;
use crate::model::{Clock, Destination, GatewayId, Message, Timestamp};
use crate::store::{CommitError, CommitNo, Store, StoreError};
use crate::triage::Action;

/// Commits that wait for the disk before they are acknowledged; more slow the desk down.
const ACKNOWLEDGEMENTS: usize = 1024;

/// How long a full disk is left alone before it is tried again.
const FULL_DISK_REST: Duration = Duration::from_secs(1);

/// Longest sleep between two looks at the timers: the machine's clock may jump.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// What the worker works with; outlives a panic.
pub(super) struct Hearing {
    bot: Bot,
    heard: mpsc::Receiver<(GatewayId, Inbound)>,
    clock: Arc<dyn Clock>,
    wake: Wake,
    acknowledge: mpsc::Sender<Acknowledgement>,
    bounds: Bounds,
}

struct Acknowledgement {
    commit: CommitNo,
    done: Option<oneshot::Sender<bool>>,
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
            #[expect(clippy::cast_precision_loss, reason = "a gauge of at most a thousand")]
            gauge!("lianxin_inbox_depth").set(self.heard.len() as f64);
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
                self.bot.desk.next_due().await
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
            Inbound::Message { message, done } => self.hear(*message, done).await,
            Inbound::Echo(message) => {
                let to = Destination::Group(message.group.id.clone());
                let to = if message.direct {
                    Destination::Person(message.sender.id.clone())
                } else {
                    to
                };
                let now = self.clock.now();
                let outbox = &self.bot.outbox;
                while let Err(error) = outbox
                    .echo(&gateway, &to, &message.text, &message.id, now)
                    .await
                {
                    rest_if_full(error.into()).await?;
                }
                Ok(())
            }
            Inbound::Groups(groups) => {
                let (directory, now) = (&self.bot.desk.directory, self.clock.now());
                for group in groups {
                    while let Err(error) = directory.see_group(&group, &gateway, now).await {
                        rest_if_full(error.into()).await?;
                    }
                }
                Ok(())
            }
            Inbound::Unreadable { reason } => {
                let gateway = gateway.to_string();
                counter!("lianxin_unreadable_total", "gateway" => gateway, "reason" => reason)
                    .increment(1);
                Ok(())
            }
        }
    }

    async fn hear(
        &mut self,
        mut message: Message,
        done: Option<oneshot::Sender<bool>>,
    ) -> anyhow::Result<()> {
        let started = Instant::now();
        counter!("lianxin_messages_total", "gateway" => message.gateway.to_string()).increment(1);
        let group = message.group.id.to_string();
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970")]
        gauge!("lianxin_group_last_heard_timestamp_seconds", "group" => group)
            .set(message.time.as_second() as f64);
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
        let waiting = Acknowledgement {
            commit,
            done,
            applied,
        };
        // The other end lives as long as the store works.
        let _ = self.acknowledge.send(waiting).await;
        Ok(())
    }
}

/// A full disk heals when there is room; everything else stops the bot with its reason.
async fn rest_if_full(error: DeskError) -> anyhow::Result<()> {
    let full = matches!(
        &error,
        DeskError::Commit(CommitError::Store(StoreError::Full))
            | DeskError::Directory(DirectoryError::Commit(CommitError::Store(StoreError::Full)))
    );
    if full {
        error!("the disk is full: nothing is acknowledged until there is room");
        tokio::time::sleep(FULL_DISK_REST).await;
        return Ok(());
    }
    Err(error.into())
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

/// Says that messages are kept, in order, each from the disk.
async fn acknowledge_from_disk(
    store: Store,
    mut waiting: mpsc::Receiver<Acknowledgement>,
    wake: Wake,
) {
    while let Some(Acknowledgement {
        commit,
        done,
        applied,
    }) = waiting.recv().await
    {
        let kept = store.durable(commit).await;
        if let Err(error) = &kept {
            error!(%error, "a commit did not reach the disk");
        }
        histogram!("lianxin_store_durable_seconds").record(applied.elapsed());
        tell(done, kept.is_ok());
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

/// Counts a decision, or the reason of a silence. Never what was said.
fn count(reaction: &Reaction) {
    let silence = match &reaction.effect {
        Effect::NotAdmitted => "not_admitted",
        Effect::Objecting => "objecting",
        Effect::NotAPerson => "not_a_person",
        Effect::Intake(intake) if intake.effect == Taken::Redelivered => "redelivered",
        Effect::Intake(intake) if intake.effect == Taken::Nothing => "nothing_to_do",
        Effect::Intake(_) | Effect::Obeyed(_) | Effect::Objection => "",
    };
    if !silence.is_empty() {
        counter!("lianxin_silences_total", "reason" => silence).increment(1);
    }
    if let Some(decision) = &reaction.decision {
        let action = match decision.action {
            Action::Ignore => "ignore",
            Action::Watch => "watch",
            Action::Open => "open",
            Action::Notice => "notice",
            Action::Restored => "restored",
            Action::Ask => "ask",
            Action::Command => "command",
        };
        let category = decision
            .category
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        counter!("lianxin_decisions_total", "action" => action, "category" => category)
            .increment(1);
    }
}
