//! Everything out of a store and into another: which type each kind of record is.

use crate::desk::{Event, History, Notice, Report, Seen, Tally, Timer};
use crate::listening::{DeadLetter, Shadowed, Silence};
use crate::model::{Area, Group, Person, Saying};
use crate::outbox::Delivery;
use crate::store::import::keys_of;
use crate::store::{Index, Key, Kind};

/// The secondary keys of a stored body; an export carries none.
///
/// # Errors
///
/// What is wrong with the body, Chinese.
pub fn rekey(kind: Kind, id: &str, body: &[u8]) -> Result<Vec<(Index, Key)>, String> {
    let keys = match kind {
        Kind::Area => keys_of::<Area>,
        Kind::Group => keys_of::<Group>,
        Kind::Person => keys_of::<Person>,
        Kind::Event => keys_of::<Event>,
        Kind::Report => keys_of::<Report>,
        Kind::History => keys_of::<History>,
        Kind::Timer => keys_of::<Timer>,
        Kind::Notice => keys_of::<Notice>,
        Kind::Seen => keys_of::<Seen>,
        Kind::Tally => keys_of::<Tally>,
        Kind::Silence => keys_of::<Silence>,
        Kind::Shadow => keys_of::<Shadowed>,
        Kind::DeadLetter => keys_of::<DeadLetter>,
        Kind::Saying => keys_of::<Saying>,
        Kind::Delivery => keys_of::<Delivery>,
        // Switches are of several types, none of which is looked up by anything but its id.
        Kind::Switch => return Ok(Vec::new()),
    };
    keys(id, body)
}
