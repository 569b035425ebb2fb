//! The nouns every other room speaks of: ids, messages, people, areas, sayings and time. No I/O.

mod area;
mod category;
mod id;
mod level;
mod message;
mod outgoing;
mod place;
mod saying;
mod time;

pub use area::{Area, AreaKind, Duty, Group, GroupPurpose, GroupState, Person, Role};
pub use category::{Catalogue, Category, Holidays, Limits, MergeScope};
pub use id::{AreaId, CategoryCode, EventId, GatewayId, GroupId, MessageId, PersonId, SayingId};
pub use level::Level;
pub use message::{GroupRef, Media, Message, Sender};
pub use outgoing::{Destination, Outgoing, SendOutcome};
pub use place::Place;
pub use saying::{Facts, Saying, SayingKind};
pub use time::{Clock, ManualClock, SystemClock, Timestamp};
