//! What leaves the house: finished words for one destination, and how sending ended.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{GatewayId, GroupId, MessageId, PersonId, SayingId};

/// Where words go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// Into a group, for all to read.
    Group(GroupId),
    /// To one person alone.
    Person(PersonId),
}

/// Finished words on their way through a sink.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Whose words these are; the first of several merged sayings.
    pub saying: SayingId,
    /// The sink's gateway.
    pub gateway: GatewayId,
    /// Group or person.
    pub to: Destination,
    /// The text, Chinese, at most what the sink's capability says.
    pub text: String,
    /// People to mention, id and name.
    pub mentions: Vec<(PersonId, String)>,
    /// A message to quote.
    pub quote: Option<MessageId>,
}

/// How one attempt to send ended. There is no fourth outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendOutcome {
    /// The platform took it.
    Sent {
        /// The platform's id of our message, where it gives one.
        message: Option<MessageId>,
    },
    /// The platform said no; nothing went out and asking again will not help.
    Refused {
        /// For the ledger and the admin; Chinese, without secrets.
        reason: String,
    },
    /// Evidence that nothing went out (not connected, told to wait): to be tried again.
    NotSent {
        /// Why, Chinese.
        reason: String,
        /// The platform's own wish, if it named one.
        retry_after: Option<Duration>,
    },
    /// Nobody knows (time-out after the frame was written): never repeated blindly.
    Unknown {
        /// Why, Chinese.
        reason: String,
    },
}
