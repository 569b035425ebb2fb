//! One message with its decision, one commit: dedupe mark, reports, events, history, timers, words.

use std::sync::Arc;
use std::time::Duration;

use crate::model::{AreaId, Category, EventId, GroupId, GroupPurpose, Message, Role, Timestamp};
use crate::store::{CommitNo, StoreError};
use crate::triage::{Action, Context};

use super::case::{Case, Heard};
use super::conversation::Spread;
use super::quarter::may_spread;
use super::seen::Seen;
use super::{Desk, DeskError, Event, Planned, View};

/// What was spoken of within this time is still being talked about.
const STILL_TALKED_OF: Duration = Duration::from_hours(1);
/// The family of matters that no other family names.
const FOR_EVERYTHING: &str = "property";

/// What became of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// What it did.
    pub effect: Effect,
    /// To which event.
    pub event: Option<EventId>,
    /// The commit to wait for before anything is acknowledged; `None`: nothing was written.
    pub commit: Option<CommitNo>,
}

/// What a message did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing; it is not stored.
    #[default]
    Nothing,
    /// Nothing: it had its effect before.
    Redelivered,
    /// A new event.
    Opened,
    /// One more report on an event.
    Joined,
    /// An event that was solved is open again.
    Reopened,
    /// A new Lead, or one more doubtful word about one.
    Doubted,
    /// A Lead became an event.
    Confirmed,
    /// An official notice explains it.
    Explained,
    /// An official notice was taken down.
    Noticed,
    /// Evidence that an event is over.
    Restored,
    /// A question was taken up for the counter.
    Consulted,
}

/// What a plan found, for the memory of the conversation once it is committed.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) effect: Effect,
    pub(super) event: Option<Event>,
    pub(super) spread: Spread,
    /// Events that are no longer spoken of.
    pub(super) gone: Vec<EventId>,
}

impl Found {
    pub(super) fn of(effect: Effect, event: Event) -> Self {
        Self {
            effect,
            event: Some(event),
            ..Self::default()
        }
    }

    /// The same, where neighbours may share it and some have turned out to.
    pub(super) fn spreading(self, case: &Case<'_>, gone: Vec<EventId>) -> Self {
        let wide = self.event.as_ref().is_some_and(|event| {
            case.shared() && may_spread(event) && event.family == case.category.family
        });
        let spread = if wide { Spread::Wide } else { Spread::Own };
        Self {
            spread,
            gone,
            ..self
        }
    }

    pub(super) fn only(effect: Effect) -> Self {
        Self {
            effect,
            ..Self::default()
        }
    }
}

impl Desk {
    /// What a message is to be understood by: who speaks where, what is under way there.
    pub fn context(&self, message: &Message) -> Context {
        let mut context = self.standing(message);
        self.conversation()
            .inform(&message.group.id, message.time, &mut context);
        context
    }

    /// The part of [`Desk::context`] that no conversation changes: who speaks where.
    pub fn standing(&self, message: &Message) -> Context {
        let view = self.view();
        let group = view.directory.group(&message.group.id);
        let area = group.and_then(|group| group.area.clone());
        Context {
            role: view.directory.person(&message.sender.id).map(|it| it.role),
            work: message.direct || group.is_some_and(|it| it.purpose == GroupPurpose::Work),
            area_names: area
                .as_ref()
                .map(|area| view.directory.area_names(area))
                .unwrap_or_default(),
            bot_name: Some(Arc::clone(&view.settings.bot_name)),
            area,
            ..Context::default()
        }
    }

    /// Remembers a message as talk, for whoever only listens: murmurs gather, and a problem ends
    /// those of its kind. Nothing is stored.
    pub fn overhear(&self, heard: &Heard<'_>) {
        let mut conversation = self.conversation();
        match (&heard.decision.category, heard.decision.action) {
            (Some(category), Action::Open) => {
                conversation.settle(&heard.message.group.id, category);
            }
            _ => conversation.overhear(heard.message, heard.decision, Some(heard.masked)),
        }
    }

    /// Names of areas that are places to those who speak in a group.
    pub fn area_names(&self, group: &GroupId) -> Arc<[String]> {
        let directory = self.directory.snapshot();
        let area = directory.group(group).and_then(|it| it.area.as_ref());
        area.map(|area| directory.area_names(area))
            .unwrap_or_default()
    }

    /// Takes a message in. Commands are not this function's: it does nothing about them. A message
    /// from a group that is not admitted, or of somebody who objects, does nothing.
    ///
    /// # Errors
    ///
    /// When the store fails; then nothing was done.
    pub async fn intake(&self, heard: &Heard<'_>) -> Result<Intake, DeskError> {
        if heard.decision.action == Action::Ignore {
            self.conversation()
                .overhear(heard.message, heard.decision, Some(heard.masked));
            return Ok(Intake::default());
        }
        let (commit, found) = self.commit(|| Box::pin(self.plan(heard))).await?;
        self.remember(heard, &found);
        Ok(Intake {
            effect: found.effect,
            event: found.event.map(|event| event.id),
            commit,
        })
    }

    async fn plan(&self, heard: &Heard<'_>) -> Result<(Planned, Found), DeskError> {
        let nothing = || Ok((Planned::new(), Found::default()));
        let view = self.view();
        if view.directory.objects(&heard.message.sender.id) {
            return nothing();
        }
        let seen = Seen::of(heard.message);
        if seen.already(&self.store).await? {
            return Ok((Planned::new(), Found::only(Effect::Redelivered)));
        }
        let mut planned = Planned::new();
        let found = Box::pin(self.act_on(heard, &view, &mut planned)).await?;
        if !planned.is_empty() {
            seen.mark(&mut planned.changes);
        }
        Ok((planned, found))
    }
}

impl Desk {
    async fn act_on(
        &self,
        heard: &Heard<'_>,
        view: &View,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let decision = heard.decision;
        if decision.action == Action::Notice {
            return self.take_notice(heard, view, planned).await;
        }
        if decision.action == Action::Restored {
            return self.take_relief(heard, view, planned).await;
        }
        let Some(category) = self.category(heard, view).await? else {
            return Ok(Found::default());
        };
        let Some(case) = Case::new(*heard, view, category) else {
            return Ok(Found::default());
        };
        match decision.action {
            Action::Open => self.take_report(&case, planned).await,
            Action::Watch => self.take_doubt(&case, planned).await,
            Action::Ask => self.take_question(&case, planned).await,
            _ => Ok(Found::default()),
        }
    }

    /// What it is about: the decision's word, else that of the event whose talk it continues. A
    /// problem that nobody can name is still one: it falls to whoever answers for everything.
    async fn category<'v>(
        &self,
        heard: &Heard<'_>,
        view: &'v View,
    ) -> Result<Option<&'v Category>, StoreError> {
        let categories = &view.catalogue.categories;
        if let Some(code) = &heard.decision.category {
            return Ok(categories.get(code));
        }
        let group = view.directory.admitted(&heard.message.group.id);
        let area = group.and_then(|group| group.area.as_ref());
        let lately = area.map(|area| self.lately(area, heard.message.time));
        for id in heard
            .decision
            .supports
            .iter()
            .chain(lately.iter().flatten())
        {
            let event = self.store.get::<Event>(id.as_str()).await?;
            let event = event.filter(|event| event.record.is_open());
            if let Some(event) = event {
                return Ok(categories.get(&event.record.category));
            }
        }
        let open = heard.decision.action == Action::Open;
        let mut rest = categories.values();
        Ok(rest.find(|category| open && category.family == FOR_EVERYTHING))
    }

    /// A question the counter should answer becomes a consultation where the bot was asked.
    async fn take_question(
        &self,
        case: &Case<'_>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let message = case.message();
        if !message.mentions_bot && !message.direct {
            return self.overhear_question(case, planned).await;
        }
        let mut turn = self.new_turn(case, planned).await?;
        turn.event.level = crate::model::Level::Inquiry;
        case.open(&mut turn)?;
        Ok(case.conclude(Effect::Consulted, turn, planned))
    }

    /// A question among residents that nobody put to the bot. A notice in force answers it; otherwise
    /// staff is shown it as a Lead and decides whether it is taken up: until then nobody hears a word.
    async fn overhear_question(
        &self,
        case: &Case<'_>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let message = case.message();
        let directory = &case.view.directory;
        let group = directory.group(&message.group.id);
        let at_work = group.is_some_and(|it| it.purpose == GroupPurpose::Work);
        let resident = directory.role(&message.sender.id) == Role::Resident;
        if !resident || at_work || case.decision().category.is_none() {
            return Ok(Found::default());
        }
        if let Some(found) = self.explain(case, planned).await? {
            return Ok(found);
        }
        self.doubt_once(case, planned).await
    }

    /// Events spoken of around this instant in an area.
    pub(super) fn lately(&self, area: &AreaId, at: Timestamp) -> Vec<EventId> {
        self.conversation().lately(area, at, STILL_TALKED_OF)
    }

    /// After the commit: the conversation goes on about this.
    fn remember(&self, heard: &Heard<'_>, found: &Found) {
        let mut conversation = self.conversation();
        for gone in &found.gone {
            conversation.over(gone);
        }
        let group: &GroupId = &heard.message.group.id;
        if let Some(event) = &found.event {
            if event.intake_over_at.is_some() || !event.is_open() {
                conversation.over(&event.id);
            } else {
                conversation.spoken(event, group, heard.message.time, found.spread);
            }
        }
        match found.effect {
            Effect::Doubted => conversation.overhear(heard.message, heard.decision, None),
            Effect::Opened | Effect::Confirmed => {
                if let Some(event) = &found.event {
                    conversation.settle(group, &event.category);
                }
            }
            Effect::Nothing => {
                conversation.overhear(heard.message, heard.decision, Some(heard.masked));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod ending_tests;
#[cfg(test)]
mod quarter_tests;
#[cfg(test)]
mod rehearsal;
#[cfg(test)]
mod tests;
