//! One event being changed by one cause: any number of acts, then one put with its history, timers
//! and sayings. Everything here is pure; the commit comes later.

use crate::model::{GroupId, MessageId, PersonId, Saying, SayingKind, Timestamp};
use crate::store::{Expect, Versioned};

use super::clocks::{self, armed};
use super::sayings::{self, Public, Work};
use super::{Act, Actor, Event, History, Planned, Refused, State, Timer, TimerKind, View, apply};

/// Who does something, why, and in which message they said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// Why, or the result; masked already.
    pub reason: Option<String>,
    /// The message.
    pub message: Option<MessageId>,
}

impl By {
    /// The bot, by a rule or a clock.
    pub fn bot(reason: impl Into<String>) -> Self {
        Self {
            actor: Actor::Bot,
            reason: Some(reason.into()).filter(|reason: &String| !reason.is_empty()),
            message: None,
        }
    }

    /// Somebody, without a reason.
    pub fn person(person: &PersonId) -> Self {
        Self {
            actor: Actor::Person(person.clone()),
            reason: None,
            message: None,
        }
    }
}

/// One event in the course of one commit.
pub struct Turn<'a> {
    /// What is known.
    pub view: &'a View,
    /// The event as it is so far. Intake changes its supporters, sources and times directly; states
    /// and marks change through [`Turn::act`] alone.
    pub event: Event,
    /// Reporters whom an outcome mentions, by the group they wrote in.
    pub reporters: Vec<(GroupId, PersonId, String)>,
    before: Option<Versioned<Event>>,
    history: Vec<History>,
    sayings: Vec<Saying>,
}

impl<'a> Turn<'a> {
    /// A new event, born a Lead; [`Turn::open`] makes it more.
    pub fn new(view: &'a View, event: Event) -> Self {
        debug_assert!(event.state == State::Lead, "an event is born a Lead");
        Self {
            view,
            event,
            reporters: Vec::new(),
            before: None,
            history: Vec::new(),
            sayings: Vec::new(),
        }
    }

    /// An event as it was read.
    pub fn of(view: &'a View, event: Versioned<Event>) -> Self {
        Self {
            view,
            event: event.record.clone(),
            reporters: Vec::new(),
            before: Some(event),
            history: Vec::new(),
            sayings: Vec::new(),
        }
    }

    /// Does it: the transition, its clocks, its entry in the history. Says nothing yet.
    ///
    /// # Errors
    /// Why it cannot be done now; the event is as before.
    pub fn act(&mut self, act: &Act, by: &By, at: Timestamp) -> Result<(), Refused> {
        let transition = apply(&self.event, act, at)?;
        let before = std::mem::replace(&mut self.event, transition.event);
        let view = self.view;
        clocks::wind(view, &before, &mut self.event, act, at);
        self.keep_words(act, by);
        self.history.push(History {
            event: self.event.id.clone(),
            step: before.steps,
            at,
            actor: by.actor.clone(),
            act: act.name().to_owned(),
            from: transition.from,
            to: self.event.state,
            holder: self.event.holder.clone(),
            reason: by.reason.clone(),
            message: by.message.clone(),
        });
        Ok(())
    }

    /// Opens a Lead: numbered, limits running, acknowledged in the groups that raised it, given to
    /// whoever answers for it; for danger to life and discreet matters the chain is told.
    ///
    /// # Errors
    /// When it is no Lead.
    pub fn open(
        &mut self,
        by: &By,
        quote: Option<&MessageId>,
        at: Timestamp,
    ) -> Result<(), Refused> {
        self.act(&Act::Confirm, by, at)?;
        let groups: Vec<GroupId> = self.groups();
        for group in &groups {
            self.acknowledge(group, quote.filter(|_| groups.len() == 1), at);
        }
        self.dispatch("新事件", at)
    }

    /// The first words in a group that reported it, once.
    pub fn acknowledge(&mut self, group: &GroupId, quote: Option<&MessageId>, at: Timestamp) {
        let saying = sayings::acknowledge(self.view, &mut self.event, group, quote, at);
        self.sayings.extend(saying);
    }

    /// Says it in every group that raised the event and has words left.
    pub fn tell_groups(&mut self, kind: SayingKind, public: Public, at: Timestamp) {
        let sayings = public.say(self.view, &mut self.event, kind, at);
        self.sayings.extend(sayings);
    }

    /// Says it to colleagues.
    pub fn tell_work(&mut self, work: &Work, at: Timestamp) {
        self.sayings
            .extend(sayings::tell_work(self.view, &self.event, work, at));
    }

    /// Tells everybody on the chain at once.
    pub fn alarm_chain(&mut self, at: Timestamp) {
        self.sayings
            .extend(sayings::alarm_chain(self.view, &self.event, at));
    }

    /// Adds something to say that was built elsewhere.
    pub fn say(&mut self, saying: Saying) {
        self.sayings.push(saying);
    }

    /// The groups that raised it.
    pub fn groups(&self) -> Vec<GroupId> {
        self.event
            .sources
            .iter()
            .map(|source| source.group.clone())
            .collect()
    }

    /// Everything this turn did, into one commit: the event if it still stands as it was read, its
    /// new history, the timers that changed, the sayings. Nothing when nothing changed.
    pub fn settle(self, planned: &mut Planned) {
        let unchanged = self.sayings.is_empty()
            && self
                .before
                .as_ref()
                .is_some_and(|before| before.record == self.event);
        if unchanged {
            return;
        }
        let expect = match &self.before {
            Some(before) => Expect::Version(before.version),
            None => Expect::New,
        };
        planned.put(&self.event, expect);
        for entry in &self.history {
            planned.put(entry, Expect::New);
        }
        self.set_timers(planned);
        for saying in &self.sayings {
            planned.say(&self.view.settings, saying);
        }
    }

    /// Writes only what differs: a timer that has fired stays away as long as its limit stands.
    fn set_timers(&self, planned: &mut Planned) {
        let settings = &self.view.settings;
        let stood = self
            .before
            .as_ref()
            .map(|before| armed(settings, &before.record))
            .unwrap_or_default();
        let stands = armed(settings, &self.event);
        for (kind, due) in &stands {
            if stood.get(kind) != Some(due) {
                planned.put(&Timer::of_event(&self.event.id, *kind, *due), Expect::Any);
            }
        }
        let mut gone: Vec<TimerKind> = stood.into_keys().collect();
        gone.retain(|kind| !stands.contains_key(kind));
        if !self.event.is_open() && !self.event.restored_by.is_empty() {
            gone.push(TimerKind::RestoredQuiet);
        }
        for kind in gone {
            let id = Timer::id_of(self.event.id.as_str(), kind);
            planned.changes.delete::<Timer>(&id, Expect::Any);
        }
    }

    /// What was said belongs to the event where residents or the next holder will ask for it.
    fn keep_words(&mut self, act: &Act, by: &By) {
        let reason = by.reason.clone();
        match act {
            Act::Resolve => self.event.result = reason,
            Act::Suspend { .. } => {
                if let Some(suspension) = &mut self.event.suspended {
                    suspension.reason = reason.unwrap_or_default();
                }
            }
            _ => {}
        }
    }
}
