//! Events: how messages become one, how it lives, who may do what, who holds it, what time does.

mod act;
mod admit;
mod aspect;
mod calendar;
mod candidates;
mod case;
mod certainty;
mod clocks;
mod conversation;
mod deeds;
mod dispatch;
mod earliest;
mod event;
#[cfg(test)]
mod fixtures;
mod forget;
mod handover;
mod history;
mod intake;
mod joining;
mod known_cause;
mod leads;
mod lifecycle;
mod lookup;
mod merge;
mod moment;
mod notices;
mod numbering;
mod obey;
mod objection;
mod perform;
mod planned;
mod quarter;
mod query;
mod refused;
mod reports;
mod restored;
mod retention;
mod rights;
pub mod sayings;
mod seen;
mod settings;
#[cfg(test)]
mod tests;
mod timer;
mod timers;
mod turn;
mod uniting;
mod until;
mod whereabouts;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use crate::directory::{Directory, Snapshot};
use crate::model::Catalogue;
use crate::store::Store;

pub use act::{Answered, Asked, Done};
pub use calendar::Calendar;
pub use case::Heard;
pub use clocks::Light;
use conversation::Conversation;
use earliest::Earliest;
pub use event::{Clocks, Event, Outcome, Report, SourceGroup, State, Suspension, Wish};
pub use forget::{FORGOTTEN, Forgotten};
pub use handover::HandedOver;
pub use history::{Actor, History, of_event as history_of};
pub use intake::{Effect, Intake};
pub use known_cause::purge_notices;
pub use lifecycle::{Act, TABLE, Transition, apply, chinese_name};
pub use notices::Notice;
pub use obey::Obeyed;
pub use objection::Objection;
pub use planned::{DeskError, Planned};
pub use query::{Filter, Shown};
pub use refused::Refused;
pub use retention::{Mode, Retained, Tally};
pub use rights::{Who, may, may_say, may_see};
pub use seen::{Seen, purge as purge_seen};
pub use settings::{Settings, Speech};
pub use timer::{Timer, TimerKind};
pub use timers::Ticked;
pub use turn::{By, Turn};

/// The desk of one bot: decides what happens to events and commits it.
pub struct Desk {
    /// Where everything is kept.
    pub store: Store,
    /// Who is where.
    pub directory: Directory,
    catalogue: ArcSwap<Catalogue>,
    settings: ArcSwap<Settings>,
    conversation: Mutex<Conversation>,
    earliest: Earliest,
}

/// What is known while one thing is decided: pure functions take this and nothing else.
#[derive(Clone)]
pub struct View {
    /// Areas, groups and people.
    pub directory: Arc<Snapshot>,
    /// Categories, limits and holidays.
    pub catalogue: Arc<Catalogue>,
    /// What the admin set.
    pub settings: Arc<Settings>,
}

impl Desk {
    /// A desk over this store and directory.
    pub fn new(
        store: Store,
        directory: Directory,
        catalogue: Arc<Catalogue>,
        settings: Settings,
    ) -> Self {
        Self {
            store,
            directory,
            catalogue: ArcSwap::new(catalogue),
            settings: ArcSwap::from_pointee(settings),
            conversation: Mutex::default(),
            earliest: Earliest::default(),
        }
    }

    /// What is known now. Take one per decision, and a new one after a conflict.
    pub fn view(&self) -> View {
        View {
            directory: self.directory.snapshot(),
            catalogue: self.catalogue.load_full(),
            settings: self.settings.load_full(),
        }
    }

    /// What was said lately. Held for a moment, never across a wait.
    fn conversation(&self) -> MutexGuard<'_, Conversation> {
        self.conversation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a reloaded catalogue in force.
    pub fn set_catalogue(&self, catalogue: Arc<Catalogue>) {
        self.catalogue.store(catalogue);
    }

    /// Puts reloaded settings in force.
    pub fn set_settings(&self, settings: Settings) {
        self.settings.store(Arc::new(settings));
    }
}
