//! Events: how messages become one, how it lives, who may do what, who holds it, what time does.

mod event;

pub use event::{Clocks, Event, Outcome, Report, SourceGroup, State, Suspension, Wish};
