//! The day's serial numbers, without gaps and without doubles.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::EventId;
use crate::store::{Expect, Kind, Record, Store, StoreError};

use super::Planned;

/// The last serial given on a day. It changes in the commit that opens the event, so a number is
/// used exactly when its event exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Serials {
    day: Date,
    last: u32,
}

impl Serials {
    fn id_of(day: Date) -> String {
        format!("serials/{day}")
    }
}

impl Record for Serials {
    const KIND: Kind = Kind::Switch;

    fn id(&self) -> String {
        Self::id_of(self.day)
    }
}

/// The next number of a day, taken in the commit that is being planned.
pub(super) async fn take(
    store: &Store,
    day: Date,
    planned: &mut Planned,
) -> Result<EventId, StoreError> {
    let before = store.get::<Serials>(&Serials::id_of(day)).await?;
    let (last, expect) = before.map_or((0, Expect::New), |serials| {
        (serials.record.last, Expect::Version(serials.version))
    });
    let serials = Serials {
        day,
        last: last + 1,
    };
    planned.put(&serials, expect);
    Ok(number(day, serials.last))
}

/// `E-20261120-0001`.
fn number(day: Date, serial: u32) -> EventId {
    EventId::new(format!("E-{}-{serial:04}", day.strftime("%Y%m%d")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_the_day_and_the_serial() {
        let id = number(Date::constant(2026, 11, 20), 12);
        assert_eq!(id.as_str(), "E-20261120-0012");
        assert_eq!(id.serial(), Some(12));
    }
}
