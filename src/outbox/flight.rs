//! From the claim to the outcome: durable before the sink is called, settled as it answers.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::delivery::{Delivery, DeliveryState, Ended};
use super::plan::Claim;
use super::report::StepReport;
use super::{Lane, Outbox, Unsettled};
use crate::model::{Outgoing, Saying, SayingId, SendOutcome, Timestamp};
use crate::store::{Changes, CommitError, Expect, Index, Key, Scan, StoreError, Versioned};

/// How often a record that others change at the same time is read again.
const TRIES: usize = 8;

impl Outbox {
    /// Commits the claims, waits until they are on disk, sends, and settles each outcome.
    pub(super) async fn carry_out(
        &self,
        lane: &Lane,
        claims: Vec<Claim>,
        now: Timestamp,
        report: &mut StepReport,
    ) -> Result<(), StoreError> {
        if claims.is_empty() {
            return Ok(());
        }
        let mut changes = Changes::new();
        for claim in &claims {
            claim.write(&mut changes, now);
        }
        let commit = match self.store.commit(changes).await {
            Ok(commit) => commit,
            Err(CommitError::Conflict { .. }) => {
                // Counts of the plan did not happen either.
                *report = StepReport {
                    conflicts: 1,
                    repeated: self.remove_repeats(&claims).await?,
                    ..StepReport::default()
                };
                return Ok(());
            }
            Err(CommitError::Store(error)) => return Err(error),
        };
        let flights = claims
            .into_iter()
            .filter_map(|claim| claim.outgoing)
            .collect::<Vec<_>>();
        if flights.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.store.durable(commit).await {
            // Nothing was sent, and nothing may be: the claim might not survive a crash.
            for outgoing in flights {
                let reason = "磁盘暂时写不进去".to_owned();
                let retry_after = None;
                self.keep(
                    lane,
                    outgoing.saying,
                    SendOutcome::NotSent {
                        reason,
                        retry_after,
                    },
                );
            }
            return Err(error);
        }
        let sent = flights
            .into_iter()
            .map(|outgoing| self.send(lane, outgoing, now));
        for part in join_all(sent).await {
            *report += part;
        }
        Ok(())
    }

    /// A saying whose id is in the ledger already was committed a second time by its cause: it is
    /// taken out of the queue without being said again.
    async fn remove_repeats(&self, claims: &[Claim]) -> Result<u32, StoreError> {
        let mut removed = 0;
        for saying in claims.iter().flat_map(|claim| &claim.taken) {
            let id = saying.record.id.as_str();
            if self.store.get::<Delivery>(id).await?.is_none() {
                continue;
            }
            let mut changes = Changes::new();
            changes.delete::<Saying>(id, Expect::Version(saying.version));
            match self.store.commit(changes).await {
                Ok(_) => removed += 1,
                Err(CommitError::Conflict { .. }) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok(removed)
    }

    async fn send(&self, lane: &Lane, outgoing: Outgoing, now: Timestamp) -> StepReport {
        let mut report = StepReport::default();
        let outcome = match self.sink(lane) {
            Some(sink) => sink.send(&outgoing).await,
            None => SendOutcome::NotSent {
                reason: "账号已经移除".to_owned(),
                retry_after: None,
            },
        };
        let failure = match &outcome {
            SendOutcome::NotSent { retry_after, .. } => Some(retry_after.unwrap_or_default()),
            _ => None,
        };
        self.memory()
            .answered(&outgoing.gateway, failure, now, &self.limits.load());
        self.settle_or_keep(lane, outgoing.saying, outcome, now, &mut report)
            .await;
        report
    }

    /// What an earlier step could not write. It stays kept when the store still fails.
    pub(super) async fn write_unsettled(
        &self,
        lane: &Lane,
        now: Timestamp,
        report: &mut StepReport,
    ) {
        let ours = {
            let mut unsettled = self.unsettled();
            let (ours, others) = std::mem::take(&mut *unsettled)
                .into_iter()
                .partition::<BTreeMap<_, _>, _>(|(_, unsettled)| unsettled.lane == *lane);
            *unsettled = others;
            ours
        };
        for (id, unsettled) in ours {
            self.settle_or_keep(lane, id, unsettled.outcome, now, report)
                .await;
        }
    }

    /// Deliveries of this lane that are `sending` although nobody is sending them: the process, or
    /// the step, ended in between. Nobody knows whether they went out.
    pub(super) async fn find_orphans(
        &self,
        lane: &Lane,
        now: Timestamp,
        report: &mut StepReport,
    ) -> Result<(), StoreError> {
        let key = Key::new().text(DeliveryState::Sending.name());
        let scan = Scan::prefix(Index::DeliveryState, &key);
        for Versioned {
            version,
            mut record,
        } in self.store.scan::<Delivery>(&scan).await?
        {
            let known = record
                .gateway
                .clone()
                .filter(|gateway| self.sinks.contains_key(gateway));
            let ours = known.map_or(Lane::Drafts, Lane::Gateway) == *lane;
            if !ours || self.unsettled().contains_key(&record.id) {
                continue;
            }
            let reason = "发送时程序中断，不知道有没有发出去；请到群里看一眼再决定";
            record.move_to(DeliveryState::Unknown, reason, now);
            let mut changes = Changes::new();
            changes.put(&record, Expect::Version(version));
            match self.store.commit(changes).await {
                Ok(_) => report.orphaned += 1,
                // Its echo was faster.
                Err(CommitError::Conflict { .. }) => report.conflicts += 1,
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok(())
    }

    async fn settle_or_keep(
        &self,
        lane: &Lane,
        id: SayingId,
        outcome: SendOutcome,
        now: Timestamp,
        report: &mut StepReport,
    ) {
        match self.settle(&id, &outcome, now).await {
            Ok(ended) => count(ended, report),
            Err(error) => {
                tracing::warn!(%error, "the outcome of a sending cannot be written yet");
                report.unsettled += 1;
                self.keep(lane, id, outcome);
            }
        }
    }

    fn keep(&self, lane: &Lane, id: SayingId, outcome: SendOutcome) {
        let lane = lane.clone();
        self.unsettled().insert(id, Unsettled { lane, outcome });
    }

    /// Writes an outcome. An echo may have been faster: then it has said all that matters, but for
    /// the message's id.
    async fn settle(
        &self,
        id: &SayingId,
        outcome: &SendOutcome,
        now: Timestamp,
    ) -> Result<Option<Ended>, CommitError> {
        let mut tried = 0;
        loop {
            let found = self.store.get::<Delivery>(id.as_str()).await?;
            let Some(Versioned {
                version,
                mut record,
            }) = found
            else {
                return Ok(None);
            };
            if record.state != DeliveryState::Sending {
                return Ok(None);
            }
            let ended = record.settle(outcome, now, &self.limits.load());
            let mut changes = Changes::new();
            changes.put(&record, Expect::Version(version));
            match self.store.commit(changes).await {
                Ok(_) => return Ok(Some(ended)),
                Err(CommitError::Conflict { .. }) if tried < TRIES => tried += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

fn count(ended: Option<Ended>, report: &mut StepReport) {
    match ended {
        None => {}
        Some(Ended::Sent) => report.sent += 1,
        Some(Ended::PartSent) => report.parts_sent += 1,
        Some(Ended::Refused) => report.refused += 1,
        Some(Ended::Retried) => report.retried += 1,
        Some(Ended::GivenUp) => report.given_up += 1,
        Some(Ended::Unknown) => report.unknown += 1,
    }
}
