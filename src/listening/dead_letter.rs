//! A dead letter: something a platform sent that no gateway could read. Kept masked, to be looked at
//! and read again when the program or its configuration has learnt to.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::silence::short_id;
use super::{Keeper, Passing};
use crate::model::{GatewayId, PersonId, Timestamp};
use crate::store::{Index, Key, Kind, Record};
use crate::text::mask::mask;

/// The table of dead letters.
pub type DeadLetters = Keeper<DeadLetter>;

/// Longest body that is kept, in characters.
pub(super) const LONGEST_BODY: usize = 4096;

/// Where the writer of a message stands in the bodies that gateways know.
const PERSONS: [&str; 6] = [
    "/user_id",
    "/sender/user_id",
    "/from/userid",
    "/sender",
    "/wx_id",
    "/FromUserName",
];

/// Something that no gateway could read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// `D-1120-1a2b3c4d`: the day and a hash of the rest, short enough to type. The same body of a
    /// day is kept once.
    pub id: String,
    /// Where it came in.
    pub gateway: GatewayId,
    /// Who wrote it, where that can be seen, for `forget`.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// When it arrived.
    pub kept_at: Timestamp,
    /// The kind of trouble, English.
    pub reason: String,
    /// What arrived, masked, at most [`LONGEST_BODY`] characters; ids are as they were.
    pub body: String,
    /// Whether the body is whole: only then can it be read again.
    pub whole: bool,
}

impl DeadLetter {
    /// The letter about what arrived.
    pub fn of(now: Timestamp, gateway: &GatewayId, reason: &str, body: &[u8]) -> Self {
        let (masked, person) = match serde_json::from_slice::<Value>(body) {
            Ok(mut value) => {
                let person = PERSONS.iter().find_map(|at| value.pointer(at)?.as_str());
                let person = person.map(PersonId::from);
                mask_value("", &mut value);
                (value.to_string(), person)
            }
            Err(_) => (mask(&String::from_utf8_lossy(body)), None),
        };
        let kept: String = masked.chars().take(LONGEST_BODY).collect();
        Self {
            id: short_id('D', now, &format!("{gateway}/{reason}/{masked}")),
            gateway: gateway.clone(),
            person,
            kept_at: now,
            reason: reason.to_owned(),
            whole: kept.len() == masked.len(),
            body: kept,
        }
    }

    /// Whether it may be about this person.
    pub fn names(&self, person: &PersonId) -> bool {
        self.person.as_ref() == Some(person) || self.body.contains(person.as_str())
    }
}

/// Hides personal numbers in everything but ids and times, without which it could not be read again.
fn mask_value(key: &str, value: &mut Value) {
    match value {
        Value::String(text) if !is_needed(key) => *text = mask(text),
        Value::Number(number) if !is_needed(key) => {
            let (plain, masked) = (number.to_string(), mask(&number.to_string()));
            if masked != plain {
                *value = Value::String(masked);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask_value(key, item)),
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(key, item)| mask_value(key, item)),
        _ => {}
    }
}

fn is_needed(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let ids = ["id", "qq", "time", "ts", "timestamp"];
    ids.iter().any(|end| key.ends_with(end))
}

impl Record for DeadLetter {
    const KIND: Kind = Kind::DeadLetter;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let mut keys = vec![(Index::DeadLetterAt, Key::new().time(self.kept_at))];
        if let Some(person) = &self.person {
            let key = Key::new().text(person.as_str()).time(self.kept_at);
            keys.push((Index::DeadLetterPerson, key));
        }
        keys
    }
}

impl Passing for DeadLetter {
    const BY_TIME: Index = Index::DeadLetterAt;
    const BY_PERSON: Index = Index::DeadLetterPerson;

    fn kept_at(&self) -> Timestamp {
        self.kept_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(body: &str) -> DeadLetter {
        let now = "2026-11-20T08:00:00+08:00".parse().expect("a time");
        DeadLetter::of(
            now,
            &GatewayId::from("wx"),
            "no message_id",
            body.as_bytes(),
        )
    }

    #[test]
    fn numbers_of_people_are_hidden_and_ids_stay_as_they_were() {
        let body = r#"{"user_id":"wxid_a","group_id":13812345678,"time":1763596800123,"message":"电话13812345678","tel":13812345678}"#;
        let letter = letter(body);
        let value: Value = serde_json::from_str(&letter.body).expect("JSON still");
        assert_eq!(value["group_id"], 13_812_345_678_u64);
        assert_eq!(value["time"], 1_763_596_800_123_u64);
        for hidden in ["message", "tel"] {
            assert!(
                !value[hidden].to_string().contains("13812345678"),
                "{value}"
            );
        }
        assert_eq!(letter.person, Some(PersonId::from("wxid_a")));
        assert!(letter.whole && letter.names(&PersonId::from("wxid_a")));
    }

    #[test]
    fn what_is_no_json_is_masked_as_a_whole_and_cut() {
        let letter = letter(&format!("{{坏 13812345678 {}", "长".repeat(LONGEST_BODY)));
        assert!(!letter.body.contains("13812345678") && !letter.whole);
        assert_eq!(letter.body.chars().count(), LONGEST_BODY);
    }

    #[test]
    fn the_same_body_is_one_letter() {
        assert_eq!(letter("{}").id, letter("{}").id);
        assert_ne!(letter("{}").id, letter("[]").id);
    }
}
