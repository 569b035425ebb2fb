//! How a [`Saying`] is kept until the outbox has said it. Here because `desk` and `directory` write
//! it, `outbox` reads it, and none of them knows the others.

use crate::model::{Destination, Level, Saying};

use super::{Index, Key, Kind, Record};

impl Record for Saying {
    const KIND: Kind = Kind::Saying;

    fn id(&self) -> String {
        self.id.to_string()
    }

    /// By destination; within it 特急 first, then in the order of the causes.
    fn keys(&self) -> Vec<(Index, Key)> {
        let key = match &self.to {
            Destination::Group(group) => Key::new().text("group").text(group.as_str()),
            Destination::Person(person) => Key::new().text("person").text(person.as_str()),
        };
        let turn = u64::from(self.level < Level::Critical);
        vec![(Index::SayingDue, key.number(turn).time(self.at))]
    }
}
