//! The ledger's entry: what was said to whom, in which words, and how it ended.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::manners::key_of;
use crate::model::{
    Destination, EventId, GatewayId, Level, MessageId, PersonId, SayingId, SayingKind, SendOutcome,
    Timestamp,
};
use crate::store::{Index, Key, Kind, Record};

/// Where a delivery stands. Every saying ends in exactly one of the last five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// 待重试: has its words and evidence that they did not all go out; goes out by itself.
    Waiting,
    /// 发送中: handed to the sink; after a crash this becomes [`DeliveryState::Unknown`].
    Sending,
    /// 已发出.
    Sent,
    /// 未发: the platform, a limit or a person said no; nothing (more) goes out.
    Refused,
    /// 不确定: nobody knows; waits for its echo, then for a person.
    Unknown,
    /// 待人工发送: no sink may write there, or too many attempts failed; a person sends it.
    Draft,
    /// 已合并: said together with another saying, see [`Delivery::with`].
    Merged,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::Sent,
        Self::Refused,
        Self::Unknown,
        Self::Draft,
        Self::Merged,
    ];

    /// Its name in JSON, keys and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::Draft => "draft",
            Self::Merged => "merged",
        }
    }

    /// Reads what [`DeliveryState::name`] writes.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Waiting => "待重试",
            Self::Sending => "发送中",
            Self::Sent => "已发出",
            Self::Refused => "未发",
            Self::Unknown => "不确定",
            Self::Draft => "待人工发送",
            Self::Merged => "已合并",
        }
    }
}

/// One entry of the ledger, under the id of its (leading) saying.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The leading saying.
    pub id: SayingId,
    /// Sayings said together with it; each has an entry of its own that points here.
    #[serde(default)]
    pub also: Vec<SayingId>,
    /// What kinds of words, the leading one last.
    pub kinds: Vec<SayingKind>,
    /// What it is about.
    pub event: Option<EventId>,
    /// Who hears it.
    pub to: Destination,
    /// How urgent.
    pub level: Level,
    /// Where it stands.
    pub state: DeliveryState,
    /// The gateway it went out through, or would have.
    pub gateway: Option<GatewayId>,
    /// The words, one message each; kept and repeated unchanged.
    pub parts: Vec<Part>,
    /// Whom the first part mentions.
    #[serde(default)]
    pub mentions: Vec<(PersonId, String)>,
    /// What the first part quotes.
    #[serde(default)]
    pub quote: Option<MessageId>,
    /// Attempts at the present part.
    pub attempts: u32,
    /// When the cause was committed.
    pub caused_at: Timestamp,
    /// When the words were found.
    pub at: Timestamp,
    /// When the state last changed.
    pub changed_at: Timestamp,
    /// Not to be tried before.
    pub not_before: Timestamp,
    /// Why it is where it is, Chinese; empty when there is nothing to say.
    #[serde(default)]
    pub reason: String,
    /// The delivery that said it, when merged.
    #[serde(default)]
    pub with: Option<SayingId>,
}

/// One message of a delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The words.
    pub text: String,
    /// When they were seen to have gone out.
    pub sent_at: Option<Timestamp>,
    /// The platform's id of the message, where it gave one.
    pub message: Option<MessageId>,
}

impl Part {
    /// Words that have not gone out.
    pub fn new(text: String) -> Self {
        Self {
            text,
            sent_at: None,
            message: None,
        }
    }
}

/// What an attempt made of a delivery, for counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Everything went out.
    Sent,
    /// This part went out, more follow.
    PartSent,
    /// The platform said no.
    Refused,
    /// It did not go out and will be tried again.
    Retried,
    /// It did not go out too often.
    GivenUp,
    /// Nobody knows.
    Unknown,
}

impl Delivery {
    /// The first part that has not gone out.
    pub fn next_part(&self) -> Option<&Part> {
        self.parts.iter().find(|part| part.sent_at.is_none())
    }

    /// The whole text, as a person would send it.
    pub fn text(&self) -> String {
        let parts = self.parts.iter().map(|part| part.text.as_str());
        parts.collect::<Vec<_>>().join("\n")
    }

    /// Whether some of it went out already.
    pub fn is_begun(&self) -> bool {
        self.parts.iter().any(|part| part.sent_at.is_some())
    }

    /// Moves to a state, with the reason people read.
    pub(super) fn move_to(
        &mut self,
        state: DeliveryState,
        reason: impl Into<String>,
        now: Timestamp,
    ) {
        self.state = state;
        self.reason = reason.into();
        self.changed_at = now;
    }

    /// Hands the next part to a sink.
    pub(super) fn claim(&mut self, gateway: &GatewayId, now: Timestamp) {
        self.gateway = Some(gateway.clone());
        self.attempts = self.attempts.saturating_add(1);
        self.move_to(DeliveryState::Sending, "", now);
    }

    /// Evidence that the next part went out.
    pub(super) fn part_sent(&mut self, message: Option<MessageId>, now: Timestamp) -> Ended {
        if let Some(part) = self.parts.iter_mut().find(|part| part.sent_at.is_none()) {
            part.sent_at = Some(now);
            part.message = message;
        }
        self.attempts = 0;
        self.not_before = now;
        if self.next_part().is_some() {
            self.move_to(DeliveryState::Waiting, "还有后半段", now);
            Ended::PartSent
        } else {
            self.move_to(DeliveryState::Sent, "", now);
            Ended::Sent
        }
    }

    /// What an attempt's outcome makes of it.
    pub(super) fn settle(
        &mut self,
        outcome: &SendOutcome,
        now: Timestamp,
        limits: &Limits,
    ) -> Ended {
        match outcome {
            SendOutcome::Sent { message } => self.part_sent(message.clone(), now),
            SendOutcome::Refused { reason } => {
                self.move_to(DeliveryState::Refused, reason, now);
                Ended::Refused
            }
            SendOutcome::Unknown { reason } => {
                self.move_to(DeliveryState::Unknown, reason, now);
                Ended::Unknown
            }
            SendOutcome::NotSent { reason, .. } if self.attempts >= limits.attempts => {
                let reason = format!(
                    "试了 {} 次都没发出去（{reason}），请人工发送",
                    self.attempts
                );
                self.move_to(DeliveryState::Draft, reason, now);
                Ended::GivenUp
            }
            SendOutcome::NotSent {
                reason,
                retry_after,
            } => {
                self.not_before = now + self.retry_in(*retry_after, limits);
                self.move_to(DeliveryState::Waiting, reason, now);
                Ended::Retried
            }
        }
    }

    fn retry_in(&self, wish: Option<Duration>, limits: &Limits) -> Duration {
        let most = match self.level {
            Level::Critical => limits.backoff_critical,
            _ => limits.backoff_most,
        };
        let own = limits.backoff(self.attempts, most);
        // A platform's wish beyond a day is a mistake in its answer.
        own.max(wish.unwrap_or_default().min(Duration::from_hours(24)))
    }
}

impl Record for Delivery {
    const KIND: Kind = Kind::Delivery;

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let mut keys = vec![
            (Index::DeliveryAt, Key::new().time(self.at)),
            (
                Index::DeliveryState,
                Key::new().text(self.state.name()).time(self.changed_at),
            ),
            (Index::DeliveryTo, key_of(&self.to).time(self.at)),
        ];
        if let Some(event) = &self.event {
            keys.push((
                Index::DeliveryEvent,
                Key::new().text(event.as_str()).time(self.at),
            ));
        }
        if let Some(gateway) = &self.gateway {
            let messages = self.parts.iter().filter_map(|part| part.message.as_ref());
            keys.extend(
                messages.map(|message| (Index::DeliveryMessage, message_key(gateway, message))),
            );
        }
        keys
    }
}

/// The key of one of our messages.
pub(super) fn message_key(gateway: &GatewayId, message: &MessageId) -> Key {
    Key::new().text(gateway.as_str()).text(message.as_str())
}
