//! Answers to what somebody asked of the bot, where they asked it.

use crate::model::{
    Destination, EventId, Facts, GatewayId, Level, MessageId, PersonId, Saying, SayingId,
    SayingKind, Timestamp,
};

/// Where an answer goes and what it answers.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The gateway it was asked through; part of the id, as message ids are unique only within one.
    pub gateway: GatewayId,
    /// The group, or the person where they spoke to the bot alone.
    pub to: Destination,
    /// The message; quoted, and the cause of the id.
    pub message: MessageId,
    /// Who asked, with the name shown.
    pub person: (PersonId, String),
    /// Now.
    pub at: Timestamp,
}

/// The answer of this kind. One per message and kind.
pub fn reply(reply: &Reply, kind: SayingKind, event: Option<&EventId>, facts: Facts) -> Saying {
    let place = match &reply.to {
        Destination::Group(group) => format!("g:{group}"),
        Destination::Person(person) => format!("p:{person}"),
    };
    let id = format!("reply/{}/{place}/{}/{kind:?}", reply.gateway, reply.message);
    let mentions = match &reply.to {
        Destination::Group(_) => vec![reply.person.clone()],
        Destination::Person(_) => Vec::new(),
    };
    Saying {
        id: SayingId::new(id),
        kind,
        event: event.cloned(),
        to: reply.to.clone(),
        level: Level::Normal,
        facts,
        quote: Some(reply.message.clone()),
        mentions,
        at: reply.at,
    }
}
