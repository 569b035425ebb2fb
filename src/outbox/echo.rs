//! Our own words come back: evidence that they went out.

use super::Outbox;
use super::delivery::{Delivery, DeliveryState, Ended, Part};
use super::manners::key_of;
use super::own::plain;
use crate::model::{Destination, GatewayId, MessageId, SayingId, Timestamp};
use crate::store::{Changes, CommitError, Expect, Index, Scan, Versioned};

/// Entries of a destination that an echo is compared with, the newest.
const COMPARED: usize = 64;

/// How often a record that others change at the same time is read again.
const TRIES: usize = 8;

impl Outbox {
    /// Our own message was heard in a destination: the delivery that waits for this evidence counts
    /// as sent (or its next part goes on), and the message's id is kept for quoted cards. Gives the
    /// delivery.
    pub async fn echo(
        &self,
        gateway: &GatewayId,
        to: &Destination,
        text: &str,
        message: &MessageId,
        now: Timestamp,
    ) -> Result<Option<SayingId>, CommitError> {
        let heard = plain(text);
        let mut tried = 0;
        loop {
            let scan = Scan::prefix(Index::DeliveryTo, &key_of(to))
                .backward()
                .limit(COMPARED);
            let mut entries = self.store.scan::<Delivery>(&scan).await?;
            if entries
                .iter()
                .any(|entry| knows(&entry.record, gateway, message))
            {
                return Ok(None);
            }
            // The oldest that waits for it: words said twice come back twice, in order.
            entries.reverse();
            let evidence =
                |entry: &mut Versioned<Delivery>| prove(&mut entry.record, &heard, message, now);
            let Some(proven) = entries
                .iter_mut()
                .find_map(|entry| evidence(entry).then_some(entry))
            else {
                return Ok(None);
            };
            proven.record.gateway.get_or_insert_with(|| gateway.clone());
            let mut changes = Changes::new();
            changes.put(&proven.record, Expect::Version(proven.version));
            match self.store.commit(changes).await {
                Ok(_) => return Ok(Some(proven.record.id.clone())),
                Err(CommitError::Conflict { .. }) if tried < TRIES => tried += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

fn knows(entry: &Delivery, gateway: &GatewayId, message: &MessageId) -> bool {
    entry.gateway.as_ref() == Some(gateway)
        && entry
            .parts
            .iter()
            .any(|part| part.message.as_ref() == Some(message))
}

/// Whether the echo says something new about an entry, which is changed accordingly.
fn prove(entry: &mut Delivery, heard: &str, message: &MessageId, now: Timestamp) -> bool {
    use DeliveryState as S;
    match entry.state {
        S::Sending | S::Unknown | S::Waiting | S::Draft => {
            let next = entry.next_part().is_some_and(|part| same(part, heard));
            let draft = entry.state == S::Draft;
            if next && entry.part_sent(Some(message.clone()), now) == Ended::PartSent && draft {
                // A person sends a draft's parts; the bot does not join in.
                entry.move_to(S::Draft, "还有后半段，请人工发送", now);
            }
            next
        }
        S::Sent => {
            let nameless = |part: &&mut Part| part.message.is_none() && same(part, heard);
            let part = entry.parts.iter_mut().find(nameless);
            part.map(|part| part.message = Some(message.clone()))
                .is_some()
        }
        S::Refused | S::Merged => false,
    }
}

fn same(part: &Part, heard: &str) -> bool {
    plain(&part.text) == heard
}
