//! What a step does, decided without touching the store: who speaks now, and in which words.

use super::choose::{Choice, Queue, Turn, choose};
use super::delivery::{Delivery, DeliveryState};
use super::limits::Limits;
use super::memory::{Bounds, Brake, Memory};
use super::merge::Group;
use super::report::StepReport;
use super::words::{self, BY_HAND, compose};
use super::{Lane, Outbox};
use crate::gateway::SinkCapabilities;
use crate::model::{GatewayId, Outgoing, Saying, Timestamp};
use crate::store::{Changes, Expect, Versioned};

/// One delivery's change of state, and the message that follows from it.
pub(super) struct Claim {
    pub(super) delivery: Delivery,
    /// The version it was read at; `None`: it is new.
    version: Option<u64>,
    /// Sayings that it takes out of the queue, the leading one last.
    pub(super) taken: Vec<Versioned<Saying>>,
    /// What goes to the sink once the claim is durable.
    pub(super) outgoing: Option<Outgoing>,
}

/// The sink's side of a lane.
struct Way<'a> {
    gateway: &'a GatewayId,
    can: SinkCapabilities,
}

impl Way<'_> {
    fn bounds<'a>(&self, limits: &'a Limits) -> Bounds<'a> {
        Bounds {
            limits,
            rates: self.can.rates,
        }
    }
}

impl Outbox {
    /// Decides for every queue, takes from pace and budget what it decides, and counts what is held
    /// back.
    pub(super) fn plan(
        &self,
        lane: &Lane,
        queues: &[Queue],
        now: Timestamp,
        report: &mut StepReport,
    ) -> Vec<Claim> {
        let limits = self.limits.load();
        let mut claims = Vec::new();
        let mut turns = Vec::new();
        for queue in queues {
            let choice = Self::choice(lane, queue, now, &limits);
            report.held_by_night += choice.quiet;
            report.held_by_gathering += choice.gathering;
            report.stale += u32::try_from(choice.stale.len()).unwrap_or(u32::MAX);
            let stale = choice
                .stale
                .iter()
                .map(|turn| self.refuse(turn, "等得太久，不再发出", now));
            claims.extend(stale);
            turns.extend(choice.turn.map(|turn| (queue, turn)));
        }
        turns.sort_by_key(|(_, turn)| turn.order());
        let (Some(sink), Lane::Gateway(gateway)) = (self.sink(lane), lane) else {
            claims.extend(turns.iter().map(|(_, turn)| self.draft(turn, now, report)));
            return claims;
        };
        let way = Way {
            gateway,
            can: sink.capabilities(),
        };
        let bounds = way.bounds(&limits);
        let mut memory = self.memory();
        let mut flying = 0;
        for (queue, turn) in &turns {
            let level = turn.level();
            let (_, brake) = memory.free_at(gateway, &queue.to, level, now, bounds);
            if flying == limits.batch {
                report.held_by_batch += 1;
            } else if let Some(brake) = brake {
                count(brake, report);
            } else {
                let claim = self.speak(turn, &way, &mut memory, now, &limits, report);
                flying += usize::from(claim.outgoing.is_some());
                claims.push(claim);
            }
        }
        claims
    }

    /// The first instant at which [`Outbox::plan`] would claim something or find another reason.
    pub(super) fn due(&self, lane: &Lane, queues: &[Queue], now: Timestamp) -> Option<Timestamp> {
        let limits = self.limits.load();
        let rates = self
            .sink(lane)
            .map_or(&[][..], |sink| sink.capabilities().rates);
        let bounds = Bounds {
            limits: &limits,
            rates,
        };
        let memory = self.memory();
        let dues = queues.iter().filter_map(|queue| {
            let choice = Self::choice(lane, queue, now, &limits);
            if !choice.stale.is_empty() {
                return Some(now);
            }
            let free = choice.turn.map(|turn| match lane {
                Lane::Gateway(gateway) => {
                    memory
                        .free_at(gateway, &queue.to, turn.level(), now, bounds)
                        .0
                }
                Lane::Drafts => now,
            });
            [free, choice.wake].into_iter().flatten().min()
        });
        dues.min()
    }

    /// Drafts know no night: a person sends them when it suits.
    fn choice<'a>(lane: &Lane, queue: &'a Queue, now: Timestamp, limits: &Limits) -> Choice<'a> {
        match lane {
            Lane::Gateway(_) => choose(queue, now, limits),
            Lane::Drafts => {
                let limits = Limits {
                    quiet: None,
                    ..limits.clone()
                };
                choose(queue, now, &limits)
            }
        }
    }

    fn speak(
        &self,
        turn: &Turn<'_>,
        way: &Way<'_>,
        memory: &mut Memory,
        now: Timestamp,
        limits: &Limits,
        report: &mut StepReport,
    ) -> Claim {
        let mut claim = match turn {
            Turn::Again(delivery) => again(delivery),
            Turn::New(group) => {
                if !memory.spend(&group.lead.record, now, limits) {
                    report.over_budget += 1;
                    return self.refuse(turn, "这一小时里回复太多，不再发出", now);
                }
                match compose(group, &*self.renderer, way.can, now) {
                    Ok(delivery) if !delivery.parts.is_empty() => new(delivery, group),
                    _ => {
                        report.wordless += 1;
                        return self.refuse(
                            turn,
                            "没有可发的文字，请检查 texts 文件夹里的模板",
                            now,
                        );
                    }
                }
            }
        };
        words::fit(&mut claim.delivery, way.can);
        claim.delivery.claim(way.gateway, now);
        claim.outgoing = words::outgoing(&claim.delivery, way.gateway, way.can);
        if let Some(outgoing) = &claim.outgoing {
            memory.take(
                way.gateway,
                &outgoing.to,
                &outgoing.text,
                now,
                way.bounds(limits),
            );
        }
        report.merged += u32::try_from(claim.delivery.also.len()).unwrap_or(u32::MAX)
            * u32::from(claim.version.is_none());
        claim
    }

    /// Ends a turn without sending; the words are kept so that a person may still send them.
    fn refuse(&self, turn: &Turn<'_>, reason: &str, now: Timestamp) -> Claim {
        let mut claim = self.by_hand(turn, now);
        claim.delivery.move_to(DeliveryState::Refused, reason, now);
        claim
    }

    fn draft(&self, turn: &Turn<'_>, now: Timestamp, report: &mut StepReport) -> Claim {
        let mut claim = self.by_hand(turn, now);
        if claim.delivery.parts.is_empty() {
            report.wordless += 1;
            let reason = "没有可发的文字，请检查 texts 文件夹里的模板";
            claim.delivery.move_to(DeliveryState::Refused, reason, now);
        } else {
            report.drafted += 1;
            let reason = "这里没有可以代发的账号，请人工发送";
            claim.delivery.move_to(DeliveryState::Draft, reason, now);
        }
        claim
    }

    fn by_hand(&self, turn: &Turn<'_>, now: Timestamp) -> Claim {
        match turn {
            Turn::Again(delivery) => again(delivery),
            Turn::New(group) => {
                let composed = compose(group, &*self.renderer, BY_HAND, now);
                let wordless = |_| words::entry(&group.lead.record, now);
                new(composed.unwrap_or_else(wordless), group)
            }
        }
    }
}

fn again(delivery: &Versioned<Delivery>) -> Claim {
    Claim {
        delivery: delivery.record.clone(),
        version: Some(delivery.version),
        taken: Vec::new(),
        outgoing: None,
    }
}

fn new(delivery: Delivery, group: &Group<'_>) -> Claim {
    Claim {
        delivery,
        version: None,
        taken: group.iter().cloned().collect(),
        outgoing: None,
    }
}

fn count(brake: Brake, report: &mut StepReport) {
    match brake {
        Brake::Pause => report.held_by_pause += 1,
        Brake::Account => report.held_by_account += 1,
        Brake::Destination => report.held_by_destination += 1,
    }
}

impl Claim {
    /// Adds the claim to a commit: the sayings leave the queue, each gets its entry in the ledger.
    pub(super) fn write(&self, changes: &mut Changes, now: Timestamp) {
        let expect = self.version.map_or(Expect::New, Expect::Version);
        changes.put(&self.delivery, expect);
        for saying in &self.taken {
            let id = &saying.record.id;
            changes.delete::<Saying>(id.as_str(), Expect::Version(saying.version));
            if *id != self.delivery.id {
                let mut entry = words::entry(&saying.record, now);
                entry.with = Some(self.delivery.id.clone());
                let reason = format!("与 {} 一起说", self.delivery.id);
                entry.move_to(DeliveryState::Merged, reason, now);
                changes.put(&entry, Expect::New);
            }
        }
    }
}
