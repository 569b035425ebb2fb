//! What the running outbox remembers besides the ledger: pace, budgets, pauses, own words. All of
//! it is bounded, and may be lost at a restart; what matters is read back from the ledger's last hour.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::delivery::Delivery;
use super::limits::Limits;
use super::manners::is_reply;
use super::own::OwnTexts;
use super::pace::{Pacer, Pacing};
use crate::gateway::{Rate, RateScope};
use crate::model::{Destination, GatewayId, Level, PersonId, Saying, Timestamp};

const HOUR: Duration = Duration::from_hours(1);

/// Destinations and people remembered at once; above it, idle ones are forgotten.
const MOST_REMEMBERED: usize = 4096;

/// See the module's page.
pub(super) struct Memory {
    accounts: HashMap<GatewayId, Account>,
    destinations: HashMap<Destination, Pacer>,
    replies: HashMap<Replied, VecDeque<Timestamp>>,
    pub(super) own: OwnTexts,
    rng: fastrand::Rng,
}

/// One account's pace and the pause that a failure asked for.
#[derive(Default)]
struct Account {
    pacer: Pacer,
    failures: u32,
    pause: Option<Pause>,
}

/// Until when an account says nothing.
#[derive(Clone, Copy)]
struct Pause {
    /// When the attempt was made that failed.
    since: Timestamp,
    until: Timestamp,
    critical_until: Timestamp,
}

/// Whose budget a reply is taken from.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Replied {
    In(Destination),
    To(PersonId),
}

/// What bounds the words of one gateway: what is configured, and what its platform allows.
#[derive(Clone, Copy)]
pub(super) struct Bounds<'a> {
    pub(super) limits: &'a Limits,
    pub(super) rates: &'a [Rate],
}

impl<'a> Bounds<'a> {
    fn account(self) -> Pacing<'a> {
        Pacing {
            pace: self.limits.account.as_ref(),
            rates: self.rates,
            scope: RateScope::Account,
        }
    }

    fn destination(self) -> Pacing<'a> {
        Pacing {
            pace: self.limits.destination.as_ref(),
            rates: self.rates,
            scope: RateScope::Destination,
        }
    }
}

/// What holds a message back, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brake {
    /// The account's pause after a failure or a complaint.
    Pause,
    /// The account's pace.
    Account,
    /// The destination's pace.
    Destination,
}

impl Memory {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            accounts: HashMap::new(),
            destinations: HashMap::new(),
            replies: HashMap::new(),
            own: OwnTexts::default(),
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// Reads back what an entry of the ledger's last hour says.
    pub(super) fn recall(&mut self, entry: &Delivery, limits: &Limits) {
        for part in &entry.parts {
            let Some(at) = part.sent_at else { continue };
            if let Some(gateway) = &entry.gateway {
                let account = self.accounts.entry(gateway.clone()).or_default();
                account.pacer.remember(at);
            }
            let pacer = self.destinations.entry(entry.to.clone()).or_default();
            pacer.remember(at);
        }
        for part in &entry.parts {
            self.own
                .remember(&entry.to, &part.text, entry.changed_at, limits.own_texts);
        }
        if entry
            .kinds
            .last()
            .is_some_and(|kind| is_reply(*kind, entry.level))
        {
            let person = entry.mentions.first().map(|(person, _)| person);
            for budget in budgets(&entry.to, person) {
                self.replies.entry(budget).or_default().push_back(entry.at);
            }
        }
    }

    /// When a message may go out there, and what holds it back if that is later than `now`.
    pub(super) fn free_at(
        &self,
        gateway: &GatewayId,
        to: &Destination,
        level: Level,
        now: Timestamp,
        bounds: Bounds<'_>,
    ) -> (Timestamp, Option<Brake>) {
        let account = self.accounts.get(gateway);
        let pause = account
            .and_then(|account| account.pause)
            .map(|pause| match level {
                Level::Critical => pause.critical_until,
                _ => pause.until,
            });
        let account_free = account.map(|a| a.pacer.free_at(now, bounds.account(), level));
        let pacer = self.destinations.get(to);
        let destination_free = pacer.map(|p| p.free_at(now, bounds.destination(), level));
        [
            (pause, Brake::Pause),
            (account_free, Brake::Account),
            (destination_free, Brake::Destination),
        ]
        .into_iter()
        .filter_map(|(free, brake)| Some((free.filter(|free| *free > now)?, brake)))
        .max_by_key(|(free, _)| *free)
        .map_or((now, None), |(free, brake)| (free, Some(brake)))
    }

    /// Counts a message that goes out now, and remembers its words.
    pub(super) fn take(
        &mut self,
        gateway: &GatewayId,
        to: &Destination,
        text: &str,
        now: Timestamp,
        bounds: Bounds<'_>,
    ) {
        self.forget_idle(now);
        let account = self.accounts.entry(gateway.clone()).or_default();
        account.pacer.take(now, bounds.account(), &mut self.rng);
        let pacer = self.destinations.entry(to.clone()).or_default();
        pacer.take(now, bounds.destination(), &mut self.rng);
        let most = bounds.limits.own_texts;
        self.own.remember(to, text, now, most);
    }

    /// Notes how an account's attempt went: a failure pauses the account, with back-off. Attempts made
    /// at one instant fail together, so they count as one: a broken line that took a batch of words
    /// with it is one trouble, not sixteen.
    pub(super) fn answered(
        &mut self,
        gateway: &GatewayId,
        failure: Option<Duration>,
        now: Timestamp,
        limits: &Limits,
    ) {
        let account = self.accounts.entry(gateway.clone()).or_default();
        let Some(wish) = failure else {
            account.failures = 0;
            account.pause = None;
            return;
        };
        let together = account.pause.filter(|pause| pause.since == now);
        if together.is_none() {
            account.failures = account.failures.saturating_add(1);
        }
        let wait = |most| now + limits.backoff(account.failures, most).max(wish);
        let (until, critical_until) = (wait(limits.backoff_most), wait(limits.backoff_critical));
        account.pause = Some(Pause {
            since: now,
            until: together.map_or(until, |pause| pause.until.max(until)),
            critical_until: together
                .map_or(critical_until, |it| it.critical_until.max(critical_until)),
        });
    }

    /// Whether a saying's replies are within their budgets; a reply is counted when it is.
    pub(super) fn spend(&mut self, saying: &Saying, now: Timestamp, limits: &Limits) -> bool {
        if !is_reply(saying.kind, saying.level) {
            return true;
        }
        let person = saying.mentions.first().map(|(person, _)| person);
        let budgets = budgets(&saying.to, person);
        for budget in &budgets {
            let spent = self.replies.entry(budget.clone()).or_default();
            spent.retain(|at| *at <= now && *at + HOUR > now);
            let most = match budget {
                Replied::In(Destination::Group(_)) => limits.replies_per_group,
                Replied::In(Destination::Person(_)) | Replied::To(_) => limits.replies_per_person,
            };
            if spent.len() >= most {
                return false;
            }
        }
        for budget in budgets {
            self.replies.entry(budget).or_default().push_back(now);
        }
        true
    }

    fn forget_idle(&mut self, now: Timestamp) {
        if self.destinations.len() > MOST_REMEMBERED {
            self.destinations.retain(|_, pacer| !pacer.is_idle(now));
        }
        if self.replies.len() > MOST_REMEMBERED {
            self.replies
                .retain(|_, spent| spent.back().is_some_and(|at| *at + HOUR > now));
        }
    }
}

fn budgets(to: &Destination, person: Option<&PersonId>) -> Vec<Replied> {
    let to_person = person.map(|person| Replied::To(person.clone()));
    std::iter::once(Replied::In(to.clone()))
        .chain(to_person)
        .collect()
}
