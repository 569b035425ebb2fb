//! Who is asked to take an event on: category × area first, then the next in line, then up the
//! tree, then staff decides. One holder at a time.

use crate::directory::Candidate;
use crate::model::{Level, PersonId, Role, SayingKind, Timestamp};

use super::sayings::{Work, call_for, when};
use super::{Act, By, Event, Refused, State, Turn, View};

impl Turn<'_> {
    /// Offers an open or offered event to the next person, or leaves it to staff when nobody is
    /// left. Danger to life goes to the whole chain at once, and every further call moves it on.
    ///
    /// # Errors
    /// When the event is in a state that cannot be offered.
    pub fn dispatch(&mut self, why: &str, at: Timestamp) -> Result<(), Refused> {
        if self.event.level == Level::Critical {
            return self.dispatch_critical(why, at);
        }
        if self.event.discreet && self.event.offered.is_empty() {
            self.alarm_chain(at);
        }
        let worn_out = self.event.handed_back >= self.view.settings.max_hand_backs;
        match next(self.view, &self.event).filter(|_| !worn_out) {
            Some(candidate) => self.offer(&candidate, &[], why, at),
            None => self.park(why, at),
        }
    }

    /// Leaves it to staff, who are asked to decide.
    ///
    /// # Errors
    /// When the event is in a state that cannot be left.
    pub fn park(&mut self, why: &str, at: Timestamp) -> Result<(), Refused> {
        let staff = self.view.directory.staff(&self.event.area);
        let to = staff.first().cloned();
        self.act(&Act::Park { to }, &By::bot(why), at)?;
        let facts = [("wish", "派单".to_owned()), ("reason", why.to_owned())];
        self.tell_work(&Work::of(SayingKind::AwaitingStaff, staff, facts), at);
        Ok(())
    }

    /// The card with which somebody is asked.
    pub(super) fn card(&mut self, why: &str, note: Option<&str>, at: Timestamp) {
        let Some(holder) = self.event.holder.clone() else {
            return;
        };
        let accept_by = self.event.clocks.accept_by.map(|at| when(self.view, at));
        let call = self.event.emergency.map(|it| call_for(it).1);
        let facts = [
            ("why", why.to_owned()),
            ("accept_by", accept_by.unwrap_or_default()),
            ("note", note.unwrap_or_default().to_owned()),
            ("call", call.unwrap_or_default().to_owned()),
        ];
        self.tell_work(&Work::of(SayingKind::Dispatch, vec![holder], facts), at);
    }

    fn dispatch_critical(&mut self, why: &str, at: Timestamp) -> Result<(), Refused> {
        if self.event.state == State::Dispatched && !self.event.offered.is_empty() {
            let next = following(&self.event);
            return self.offer(&next, &[], why, at);
        }
        let chain = self
            .view
            .directory
            .chain(&self.event.category, &self.event.area);
        let Some((first, others)) = chain.split_first() else {
            return self.park(why, at);
        };
        self.event.offered.clear();
        self.offer(first, others, why, at)?;
        self.alarm_chain(at);
        Ok(())
    }

    fn offer(
        &mut self,
        to: &PersonId,
        also: &[PersonId],
        why: &str,
        at: Timestamp,
    ) -> Result<(), Refused> {
        let act = Act::Offer {
            to: to.clone(),
            also: also.to_vec(),
        };
        self.act(&act, &By::bot(why), at)?;
        self.card(why, None, at);
        Ok(())
    }
}

/// The next one nobody has asked in this round. Staff are asked only for categories their duty
/// names: a dispatcher who answers for everything decides instead.
pub(super) fn next(view: &View, event: &Event) -> Option<PersonId> {
    let works = |candidate: &Candidate| match candidate.role {
        Role::Worker | Role::Property => true,
        Role::Staff | Role::Admin => candidate.named,
        Role::Resident | Role::Bot => false,
    };
    view.directory
        .ladder(&event.category, &event.area)
        .into_iter()
        .filter(works)
        .map(|candidate| candidate.person)
        .find(|person| !event.offered.contains(person))
}

/// The next on the chain after the present holder, from the front again after the last.
fn following(event: &Event) -> PersonId {
    let place = event
        .offered
        .iter()
        .position(|person| Some(person) == event.holder.as_ref())
        .map_or(0, |place| place + 1);
    event.offered[place % event.offered.len()].clone()
}
