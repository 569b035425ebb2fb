//! Who leaves, or no longer does this work, leaves no event behind: each goes to whoever is next.

use std::sync::Arc;

use serde::Serialize;

use crate::directory::Snapshot;
use crate::model::{EventId, Level, PersonId, Role, Timestamp};
use crate::store::Versioned;

use super::dispatch::next;
use super::{Act, By, Desk, DeskError, Event, Mode, Planned, Refused, State, Turn, View};

/// Why it is on the card and in the history.
const WHY: &str = "原来的负责人不再负责";

/// An event that changed hands, or would.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HandedOver {
    /// Its id.
    pub event: EventId,
    /// One line about it, Chinese, for whoever changes the directory.
    pub line: String,
    /// Who held it.
    pub from: PersonId,
    /// Who holds it then; `None`: nobody is left, not even staff.
    pub to: Option<PersonId>,
    /// Whether staff has to decide who does it.
    pub parked: bool,
}

impl Desk {
    /// Takes the open events of everybody who cannot hold them any more in the directory as it will
    /// be, and gives them on by that directory, one event per commit. Doing it again finds nothing.
    /// A dry run says what would be done.
    ///
    /// # Errors
    /// What the store reports; what was done stays done.
    pub async fn hand_over(
        &self,
        after: &Arc<Snapshot>,
        at: Timestamp,
        mode: Mode,
    ) -> Result<Vec<HandedOver>, DeskError> {
        let now = self.view();
        let view = View {
            directory: after.clone(),
            ..now.clone()
        };
        let mut handed = Vec::new();
        let mut people: Vec<PersonId> = now.directory.people().map(|it| it.id.clone()).collect();
        people.sort();
        for person in people {
            for event in self.held_by(&person).await? {
                if stays(&now.directory, after, &person, &event.record) {
                    continue;
                }
                let id = event.record.id;
                let (_, found) = self
                    .commit(|| self.plan_handing_over(&view, &id, &person, at, mode))
                    .await?;
                handed.extend(found);
            }
        }
        Ok(handed)
    }

    async fn plan_handing_over(
        &self,
        view: &View,
        id: &EventId,
        from: &PersonId,
        at: Timestamp,
        mode: Mode,
    ) -> Result<(Planned, Option<HandedOver>), DeskError> {
        let mut planned = Planned::new();
        let event = self.store.get::<Event>(id.as_str()).await?;
        let held = |event: &Versioned<Event>| event.record.holder.as_ref() == Some(from);
        let Some(event) = event.filter(held).filter(|event| event.record.is_open()) else {
            return Ok((planned, None));
        };
        let line = super::sayings::line(
            &self.view(),
            &event.record,
            super::sayings::Reader::Colleagues,
            at,
        );
        let mut turn = self.with_reporters(view, event).await?;
        turn.hand_over(at)?;
        let handed = HandedOver {
            event: id.clone(),
            line,
            from: from.clone(),
            to: turn.event.holder.clone(),
            parked: turn.event.state == State::Open,
        };
        if mode == Mode::Apply {
            turn.settle(&mut planned);
        }
        Ok((planned, Some(handed)))
    }
}

impl Turn<'_> {
    /// Somebody else takes over from a holder who is not there for it any more: the next in line is
    /// asked, or staff decides. A result that waits for its answer keeps the name of who brought it
    /// about; should it come back, [`Turn::again`] finds somebody.
    ///
    /// # Errors
    /// When the event is in a state that has no holder.
    pub fn hand_over(&mut self, at: Timestamp) -> Result<(), Refused> {
        let gone = self.event.holder.clone();
        self.event.offered = gone.iter().cloned().collect();
        match self.event.state {
            State::Open => self.park(WHY, at),
            State::Dispatched if self.event.level < Level::Critical => self.dispatch(WHY, at),
            State::Dispatched | State::InProgress => match self.successor(gone.as_ref()) {
                Some(to) => {
                    self.act(&Act::Transfer { to }, &By::bot(WHY), at)?;
                    self.card(WHY, None, at);
                    Ok(())
                }
                None => self.park(WHY, at),
            },
            State::Lead | State::Resolved | State::Closed => Ok(()),
        }
    }

    /// Back to whoever solved it, with the reason; to somebody else where they are gone.
    ///
    /// # Errors
    /// When the event is not open for work.
    pub(super) fn again(
        &mut self,
        why: &str,
        note: Option<&str>,
        at: Timestamp,
    ) -> Result<(), Refused> {
        if self.event.state == State::Open {
            return self.dispatch(why, at);
        }
        let holder = self.event.holder.as_ref();
        if holder.is_some_and(|holder| !works(&self.view.directory, holder)) {
            return self.hand_over(at);
        }
        self.card(why, note, at);
        Ok(())
    }

    /// Who is asked instead: for danger to life the nearest on the chain.
    fn successor(&self, gone: Option<&PersonId>) -> Option<PersonId> {
        if self.event.level < Level::Critical {
            return next(self.view, &self.event);
        }
        let directory = &self.view.directory;
        let chain = directory.chain(&self.event.category, &self.event.area);
        chain.into_iter().find(|person| Some(person) != gone)
    }
}

/// Whether somebody can hold events at all.
fn works(directory: &Snapshot, person: &PersonId) -> bool {
    !matches!(directory.role(person), Role::Resident | Role::Bot)
}

/// Whether a holder stays one: they still work here, and in another role only for their own area.
/// New duties alone take no work out of anybody's hands.
fn stays(before: &Snapshot, after: &Snapshot, person: &PersonId, event: &Event) -> bool {
    let same_role = before.role(person) == after.role(person);
    let own = || {
        let person = after.person(person);
        let free = person.is_some_and(|it| it.duties.is_empty() && it.role >= Role::Staff);
        free || person.is_some_and(|it| after.works_in(&it.id, &event.area))
    };
    event.state == State::Resolved || (works(after, person) && (same_role || own()))
}
