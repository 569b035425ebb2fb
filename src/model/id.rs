//! Opaque identifiers. Platforms hand out numbers and strings; inside they are always strings, shared
//! by all who speak of the same thing: events and contexts are copied for every decision.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps an identifier as it stands.
            pub fn new(id: impl Into<Arc<str>>) -> Self {
                Self(id.into())
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }
    };
}

id!(/// One configured gateway, by the name the admin gave it.
    GatewayId);
id!(/// A chat group. Direct conversations have one of their own, see [`super::Message::direct`].
    GroupId);
id!(/// A message, unique within its gateway and account.
    MessageId);
id!(/// A person as the platform names them.
    PersonId);
id!(/// A node of the area tree: the names from the root joined by `/`.
    AreaId);
id!(/// A lexicon category, two digits (`01`).
    CategoryCode);
id!(/// A tracked event, `E-20261120-0001`: the day it was opened and the day's serial.
    EventId);
id!(/// One thing to say to one destination; derived from its cause, so a replay makes the same id.
    SayingId);

impl AreaId {
    /// The id of the area reached by these names, outermost first.
    pub fn from_path<S: AsRef<str>>(path: &[S]) -> Self {
        let names: Vec<_> = path.iter().map(AsRef::as_ref).collect();
        Self(names.join("/").into())
    }

    /// The names from the root, outermost first.
    pub fn path(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|name| !name.is_empty())
    }

    /// The last name of the path, empty for the root of everything.
    pub fn name(&self) -> &str {
        self.path().next_back().unwrap_or_default()
    }

    /// The area this one lies in.
    pub fn parent(&self) -> Option<Self> {
        self.0
            .rsplit_once('/')
            .map(|(parent, _)| Self(parent.into()))
    }

    /// Whether this area is `other` or lies somewhere under it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0 == other.0
            || other.0.is_empty()
            || self
                .0
                .strip_prefix(&*other.0)
                .is_some_and(|rest| rest.starts_with('/'))
    }
}

impl EventId {
    /// The serial number people type: `12` for `E-20261120-0012`.
    pub fn serial(&self) -> Option<u32> {
        self.0.rsplit('-').next()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_knows_its_parent_and_what_it_lies_in() {
        let area = AreaId::from_path(&["莲花街道", "一社区", "莲花新区"]);
        assert_eq!(area.name(), "莲花新区");
        assert_eq!(area.parent(), Some(AreaId::from("莲花街道/一社区")));
        assert!(area.is_within(&AreaId::from("莲花街道")));
        assert!(!area.is_within(&AreaId::from("莲花街")));
    }

    #[test]
    fn an_event_has_the_serial_people_type() {
        assert_eq!(EventId::from("E-20261120-0012").serial(), Some(12));
    }
}
