//! How areas, groups and people are kept.

use crate::model::{Area, Group, Person};
use crate::store::{Kind, Record};

impl Record for Area {
    const KIND: Kind = Kind::Area;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Record for Group {
    const KIND: Kind = Kind::Group;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Record for Person {
    const KIND: Kind = Kind::Person;

    fn id(&self) -> String {
        self.id.to_string()
    }
}
