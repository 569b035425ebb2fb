//! From sayings to a delivery: asks for the words, cuts them to the sink's size, does without what
//! the sink cannot do.

use super::delivery::{Delivery, DeliveryState, Part};
use super::merge::Group;
use super::split::split;
use crate::assistant::{RenderError, Renderer};
use crate::gateway::SinkCapabilities;
use crate::model::{Destination, GatewayId, Outgoing, PersonId, Saying, Timestamp};

/// What a person can do who sends a draft by hand: everything but quoting and mentioning for us.
pub(super) const BY_HAND: SinkCapabilities = SinkCapabilities {
    direct: true,
    ..SinkCapabilities::text_only(usize::MAX)
};

/// The delivery of a group of sayings, in state [`DeliveryState::Waiting`].
pub(super) fn compose(
    group: &Group<'_>,
    renderer: &dyn Renderer,
    can: SinkCapabilities,
    now: Timestamp,
) -> Result<Delivery, RenderError> {
    let lead = &group.lead.record;
    let merged = group
        .others
        .iter()
        .map(|other| other.record.clone())
        .collect::<Vec<_>>();
    let mut delivery = entry(lead, now);
    delivery.also = merged.iter().map(|other| other.id.clone()).collect();
    delivery.kinds = group.iter().map(|saying| saying.record.kind).collect();
    delivery.level = group.level();
    delivery.mentions = mentions(group);
    let mut quotes = group
        .iter()
        .rev()
        .filter_map(|saying| saying.record.quote.as_ref());
    delivery.quote = quotes.next().cloned();

    let text = renderer.render(lead, &merged)?;
    delivery.parts = vec![Part::new(text)];
    fit(&mut delivery, can);
    Ok(delivery)
}

/// The ledger's entry for one saying, without words yet.
pub(super) fn entry(saying: &Saying, now: Timestamp) -> Delivery {
    Delivery {
        id: saying.id.clone(),
        also: Vec::new(),
        kinds: vec![saying.kind],
        event: saying.event.clone(),
        to: saying.to.clone(),
        level: saying.level,
        state: DeliveryState::Waiting,
        gateway: None,
        parts: Vec::new(),
        mentions: Vec::new(),
        quote: None,
        attempts: 0,
        caused_at: saying.at,
        at: now,
        changed_at: now,
        not_before: now,
        reason: String::new(),
        with: None,
    }
}

/// The next part of a delivery as its sink takes it.
pub(super) fn outgoing(
    delivery: &Delivery,
    gateway: &GatewayId,
    can: SinkCapabilities,
) -> Option<Outgoing> {
    let part = delivery.next_part()?;
    let first = !delivery.is_begun();
    let mentions = if first && can.mention {
        delivery.mentions.clone()
    } else {
        Vec::new()
    };
    Some(Outgoing {
        saying: delivery.id.clone(),
        gateway: gateway.clone(),
        to: delivery.to.clone(),
        text: part.text.clone(),
        mentions,
        quote: delivery.quote.clone().filter(|_| first && can.quote),
    })
}

/// Brings what has not gone out yet to what a sink can do: a quote it cannot make is left to the
/// mention beside it, a mention it cannot make becomes the name in front, what is too long is cut.
/// Needed anew when a group was bound to another sink, or when a draft is sent after all.
pub(super) fn fit(delivery: &mut Delivery, can: SinkCapabilities) {
    if !can.quote && !delivery.is_begun() {
        delivery.quote = None;
    }
    if !can.mention && !delivery.is_begun() {
        let named = named(&std::mem::take(&mut delivery.mentions));
        let worded = delivery.parts.first_mut();
        if let Some(first) = worded.filter(|part| !part.text.trim().is_empty()) {
            first.text.insert_str(0, &named);
        }
    }
    // The sink spells each mention as `@name ` in front of the first part.
    let spelled = delivery.mentions.iter().map(|(_, name)| name.len() + 2);
    let first_room = can.max_bytes.saturating_sub(spelled.sum());
    let parts = std::mem::take(&mut delivery.parts);
    for part in parts {
        let room = if delivery.parts.is_empty() {
            first_room
        } else {
            can.max_bytes
        };
        if part.sent_at.is_none() {
            let cut = split(&part.text, room, can.max_bytes);
            delivery.parts.extend(cut.into_iter().map(Part::new));
        } else {
            delivery.parts.push(part);
        }
    }
}

/// Nobody is mentioned in a conversation with themselves; nobody twice.
fn mentions(group: &Group<'_>) -> Vec<(PersonId, String)> {
    let mut all: Vec<(PersonId, String)> = Vec::new();
    if matches!(group.lead.record.to, Destination::Person(_)) {
        return all;
    }
    for (person, name) in group.iter().flat_map(|saying| &saying.record.mentions) {
        if all.iter().all(|(known, _)| known != person) {
            all.push((person.clone(), name.clone()));
        }
    }
    all
}

/// The names in front of words that cannot mention anybody: `王先生、李阿姨：`.
fn named(mentions: &[(PersonId, String)]) -> String {
    let names = mentions
        .iter()
        .map(|(_, name)| name.trim())
        .filter(|name| !name.is_empty());
    let names = names.collect::<Vec<_>>().join("、");
    if names.is_empty() {
        names
    } else {
        format!("{names}：")
    }
}
