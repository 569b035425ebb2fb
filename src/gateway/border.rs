//! The border: whatever a platform sends is of bounded size from here on, whichever gateway it came
//! through. Texts and names are cut; a message whose ids are endless is refused, since an id that was
//! changed could not be answered.

use super::Inbound;
use crate::model::{GroupRef, Message};

/// How long is long enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Longest text that is read, bytes; what follows is not looked at. WeChat itself lets nobody
    /// write more than 16 KiB at once, and finding words takes longer than a text's length alone.
    pub text_bytes: usize,
    /// Longest id of a message, group or person, and longest name, bytes. No platform comes near it;
    /// the store takes keys of some kilobytes, made of several ids.
    pub id_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            text_bytes: 16 << 10,
            id_bytes: 256,
        }
    }
}

/// A bound that was hit, to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hit {
    /// A text went on beyond what is read.
    Text,
    /// An id was too long: the message was refused, or what it pointed at is left out.
    Id,
    /// A name was cut.
    Name,
}

impl Hit {
    /// Its name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text_bytes",
            Self::Id => "id_bytes",
            Self::Name => "name_bytes",
        }
    }
}

impl Bounds {
    /// What may come in of this, and which bounds were hit. A refused message is told so.
    pub fn admit(&self, inbound: Inbound) -> (Inbound, Vec<Hit>) {
        let mut hits = Vec::new();
        let admitted = match inbound {
            Inbound::Message {
                mut message,
                arrived,
                done,
            } => {
                if self.bound(&mut message, &mut hits) {
                    Inbound::Message {
                        message,
                        arrived,
                        done,
                    }
                } else {
                    if let Some(done) = done {
                        // A source that has gone needs no answer.
                        let _ = done.send(false);
                    }
                    too_long()
                }
            }
            Inbound::Echo(mut message) => {
                if self.bound(&mut message, &mut hits) {
                    Inbound::Echo(message)
                } else {
                    too_long()
                }
            }
            Inbound::Groups(groups) => Inbound::Groups(self.groups(groups, &mut hits)),
            unreadable @ Inbound::Unreadable { .. } => unreadable,
        };
        hits.sort_unstable();
        hits.dedup();
        (admitted, hits)
    }

    /// Whether the ids a message cannot do without are short enough.
    pub fn holds_ids_of(&self, message: &Message) -> bool {
        let ids = [
            message.id.as_str(),
            message.group.id.as_str(),
            message.sender.id.as_str(),
        ];
        ids.iter().all(|id| id.len() <= self.id_bytes)
    }

    /// Cuts what may be cut; whether the rest may come in.
    fn bound(&self, message: &mut Message, hits: &mut Vec<Hit>) -> bool {
        if !self.holds_ids_of(message) {
            hits.push(Hit::Id);
            return false;
        }
        let texts = std::iter::once(&mut message.text).chain(&mut message.quoted);
        for text in texts {
            cut(text, self.text_bytes, Hit::Text, hits);
        }
        for name in [&mut message.group.name, &mut message.sender.name] {
            cut(name, self.id_bytes, Hit::Name, hits);
        }
        let named = message.mentions.len();
        message
            .mentions
            .retain(|id| id.as_str().len() <= self.id_bytes);
        let short = |id: &str| id.len() <= self.id_bytes;
        let pointers =
            usize::from(message.reply_to.is_some()) + usize::from(message.quotes_event.is_some());
        message.reply_to = message.reply_to.take().filter(|id| short(id.as_str()));
        message.quotes_event = message.quotes_event.take().filter(|id| short(id));
        let kept =
            usize::from(message.reply_to.is_some()) + usize::from(message.quotes_event.is_some());
        if message.mentions.len() < named || kept < pointers {
            hits.push(Hit::Id);
        }
        for media in &mut message.media {
            cut(&mut media.kind, self.id_bytes, Hit::Name, hits);
            cut(&mut media.reference, self.text_bytes, Hit::Text, hits);
        }
        true
    }

    fn groups(&self, mut groups: Vec<GroupRef>, hits: &mut Vec<Hit>) -> Vec<GroupRef> {
        let listed = groups.len();
        groups.retain(|group| group.id.as_str().len() <= self.id_bytes);
        if groups.len() < listed {
            hits.push(Hit::Id);
        }
        for group in &mut groups {
            cut(&mut group.name, self.id_bytes, Hit::Name, hits);
        }
        groups
    }
}

/// Nothing of it is worth keeping: ids are what it would be known by.
fn too_long() -> Inbound {
    Inbound::unreadable("an id is too long", &[])
}

/// Cuts a text at a character.
fn cut(text: &mut String, most: usize, hit: Hit, hits: &mut Vec<Hit>) {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        hits.push(hit);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::sync::oneshot;

    use super::*;
    use crate::model::{GroupId, MessageId, PersonId, Sender};

    fn message() -> Message {
        serde_json::from_value(serde_json::json!({
            "id": "m1", "group": {"id": "g1", "name": "一群"}, "sender": {"id": "u1", "name": "王先生"},
            "time": "2026-11-20T08:00:00+08:00", "text": "停电", "mentions": ["u2"], "reply_to": "m0",
        }))
        .expect("a message")
    }

    fn admit(message: Message) -> (Inbound, Vec<Hit>) {
        let (done, message) = (None, Box::new(message));
        Bounds::default().admit(Inbound::Message {
            message,
            arrived: Instant::now(),
            done,
        })
    }

    fn admitted(message: Message) -> (Message, Vec<Hit>) {
        match admit(message) {
            (Inbound::Message { message, .. }, hits) => (*message, hits),
            (other, _) => panic!("refused: {other:?}"),
        }
    }

    #[test]
    fn what_is_short_enough_comes_in_as_it_is() {
        assert_eq!(admitted(message()), (message(), Vec::new()));
    }

    #[test]
    fn an_endless_text_is_cut_at_a_character_and_counted() {
        let text = format!("a{}", "停".repeat(Bounds::default().text_bytes));
        let (message, hits) = admitted(Message { text, ..message() });
        assert!(message.text.len() <= 16 << 10 && message.text.len() > (16 << 10) - 4);
        assert!(message.text.ends_with('停'));
        assert_eq!(hits, [Hit::Text]);
    }

    #[test]
    fn an_endless_name_is_cut_and_an_endless_pointer_left_out() {
        let long = "长".repeat(1000);
        let sender = Sender {
            id: PersonId::from("u1"),
            name: long.clone(),
            role: None,
        };
        let (message, hits) = admitted(Message {
            sender,
            mentions: vec![PersonId::new(long.clone()), PersonId::from("u2")],
            reply_to: Some(MessageId::new(long)),
            ..message()
        });
        assert_eq!(message.sender.name.len(), 255, "whole characters");
        assert_eq!((message.mentions.len(), message.reply_to), (1, None));
        assert_eq!(hits, [Hit::Id, Hit::Name]);
    }

    #[test]
    fn a_message_of_an_endless_id_is_refused_and_told_so() {
        let long = "停".repeat(10_000);
        let change: [fn(&mut Message, &str); 3] = [
            |message, long| message.id = MessageId::new(long),
            |message, long| message.group.id = GroupId::new(long),
            |message, long| message.sender.id = PersonId::new(long),
        ];
        for change in change {
            let mut endless = message();
            change(&mut endless, &long);
            let (told, mut hears) = oneshot::channel();
            let (message, done) = (Box::new(endless), Some(told));
            let (refused, hits) = Bounds::default().admit(Inbound::Message {
                message,
                arrived: Instant::now(),
                done,
            });
            assert!(matches!(refused, Inbound::Unreadable { .. }));
            assert_eq!((hits, hears.try_recv()), (vec![Hit::Id], Ok(false)));
        }
    }
}
