//! A command from chat or from the API: one event, one commit, one kind answer.

use crate::command::{Command, CommandName as Name};
use crate::model::{
    Destination, EventId, Facts, GatewayId, GroupId, GroupPurpose, MessageId, PersonId, Role,
    SayingId, SayingKind, Timestamp,
};
use crate::store::Versioned;

use super::perform::{by, perform};
use super::restored::{enough, quiet_from};
use super::rights::{Who, may, may_say};
use super::sayings::{Reader, Reply, about, line, reply};
use super::{Desk, DeskError, Event, Planned, Refused, State, View};

/// A command as it was said.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Who says it.
    pub person: &'a PersonId,
    /// The name shown.
    pub name: &'a str,
    /// The role the caller vouches for (the console, the command line); `None`: the directory's.
    pub vouched: Option<Role>,
    /// The gateway it came through; empty through the API.
    pub gateway: &'a GatewayId,
    /// The group it was said in; `None` alone with the bot or through the API.
    pub group: Option<&'a GroupId>,
    /// The message; `None` through the API, then nothing is said in answer.
    pub message: Option<&'a MessageId>,
    /// What is asked. Its reason is kept: masked by the caller.
    pub command: &'a Command,
    /// Now.
    pub at: Timestamp,
}

/// Whether a command gets an answer in chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Yes.
    Said,
    /// No: it was said too long ago, nobody waits for an answer any more.
    Kept,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Whether it was done, refused or answered.
    pub result: Result<Done, Refused>,
    /// The event, as it is afterwards.
    pub event: Option<EventId>,
    /// The answer that will be said, if any.
    pub words: Option<SayingId>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// A transition; what comes next, Chinese.
    Changed(Option<String>),
    /// Lines for the person who asked.
    Told(String),
    /// The bot is to stop speaking. The caller turns the outbox off.
    StopBot,
    /// The bot may speak again. The caller turns the outbox on.
    StartBot,
}

impl Desk {
    /// Does what was asked and commits it, for callers without a message of their own.
    ///
    /// # Errors
    /// What the store reports. A refusal is an answer, not an error.
    pub async fn command(&self, asked: &Asked<'_>) -> Result<Answered, DeskError> {
        let (number, answered) = self.commit(|| self.plan_command(asked)).await?;
        if let Some(number) = number {
            self.store.durable(number).await?;
        }
        Ok(answered)
    }

    /// What a command does, with the answer to it, to be committed together with whatever else its
    /// message does. A refusal plans its kind words and nothing else.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn plan_command(&self, asked: &Asked<'_>) -> Result<(Planned, Answered), DeskError> {
        self.plan_asked(asked, Answer::Said).await
    }

    pub(super) async fn plan_asked(
        &self,
        asked: &Asked<'_>,
        answer: Answer,
    ) -> Result<(Planned, Answered), DeskError> {
        let view = self.view();
        let mut who = self.who(&view, asked.person, asked.group).await?;
        who.role = asked.vouched.unwrap_or(who.role);
        let mut planned = Planned::new();
        let (result, event) = match self.decide(&view, &who, asked, &mut planned).await {
            Ok((done, event)) => (Ok(done), event),
            Err(DeskError::Refused(refused)) => {
                planned = Planned::new();
                (Err(refused), None)
            }
            Err(error) => return Err(error),
        };
        let mut words = None;
        if answer == Answer::Said {
            words = self
                .answer(&view, &who, asked, &result, event.as_ref(), &mut planned)
                .await?;
        }
        let answered = Answered {
            result,
            event: event.map(|event| event.id),
            words,
        };
        Ok((planned, answered))
    }

    async fn decide(
        &self,
        view: &View,
        who: &Who,
        asked: &Asked<'_>,
        planned: &mut Planned,
    ) -> Result<(Done, Option<Event>), DeskError> {
        let command = asked.command;
        may_say(who.role, command.name)?;
        match command.name {
            Name::StopBot => return Ok((Done::StopBot, None)),
            Name::StartBot => return Ok((Done::StartBot, None)),
            Name::Help | Name::Mine | Name::Query => {
                let (text, event) = self
                    .look(view, who, command, reader(view, who), asked.at)
                    .await?;
                return Ok((Done::Told(text), event));
            }
            _ => {}
        }
        let event = self.meant(view, who, command, asked.at).await?;
        if command.name == Name::Merge {
            let master = self.merge(view, who, event, asked, planned).await?;
            return Ok((Done::Changed(None), Some(master)));
        }
        let mut turn = self.with_reporters(view, event).await?;
        let by = by(who, command, asked.message);
        let note = perform(&mut turn, who, command, &by, asked.at)?;
        let event = turn.event.clone();
        turn.settle(planned);
        let relief = command.name == Name::Resolve && who.role == Role::Resident;
        if relief && event.state < State::Resolved && enough(view, &event) {
            quiet_from(view, &event, asked.at, planned);
        }
        Ok((Done::Changed(note), Some(event)))
    }

    /// 并案: the event named first ends in the one it is merged into.
    async fn merge(
        &self,
        view: &View,
        who: &Who,
        event: Versioned<Event>,
        asked: &Asked<'_>,
        planned: &mut Planned,
    ) -> Result<Event, DeskError> {
        let typed = asked.command.to.as_deref().ok_or(Refused::MergeTarget)?;
        let targets = self.numbered(typed).await?;
        let target = targets
            .into_iter()
            .find(|it| it.record.is_open() && it.record.id != event.record.id)
            .ok_or(Refused::MergeTarget)?;
        if target.record.state == State::Lead {
            return Err(Refused::MergeTarget.into());
        }
        if who.judges() {
            may(view, &target.record, who, Name::Merge)?;
        }
        let by = by(who, asked.command, asked.message);
        Box::pin(self.plan_merge(view, event, target, &by, asked.at, planned)).await
    }

    async fn answer(
        &self,
        view: &View,
        who: &Who,
        asked: &Asked<'_>,
        result: &Result<Done, Refused>,
        event: Option<&Event>,
        planned: &mut Planned,
    ) -> Result<Option<SayingId>, DeskError> {
        let Some(message) = asked.message else {
            return Ok(None);
        };
        let reader = reader(view, who);
        let mut facts = event.map_or_else(Facts::new, |event| about(view, event, reader));
        let mut fact = |name: &str, value: &str| {
            if !value.is_empty() {
                facts.insert(name.to_owned(), value.to_owned());
            }
        };
        fact("command", asked.command.name.chinese());
        let kind = match result {
            Ok(Done::Told(text)) => {
                fact("topic", asked.command.name.chinese());
                fact("text", text);
                SayingKind::Answer
            }
            Ok(Done::Changed(note)) => {
                fact("text", note.as_deref().unwrap_or_default());
                SayingKind::Done
            }
            Ok(Done::StopBot | Done::StartBot) => SayingKind::Done,
            Err(Refused::WhichOne { events }) => {
                fact(
                    "choices",
                    &self.choices(view, events, reader, asked.at).await?,
                );
                SayingKind::WhichOne
            }
            Err(refused) => {
                let words = refused.to_string();
                let (reason, instead) = words.split_once('；').unwrap_or((&words, ""));
                fact("reason", reason);
                fact("instead", instead);
                SayingKind::RefusedKindly
            }
        };
        let to = match asked.group {
            Some(group) => Destination::Group(group.clone()),
            None => Destination::Person(asked.person.clone()),
        };
        let place = Reply {
            gateway: asked.gateway.clone(),
            to,
            message: message.clone(),
            person: (asked.person.clone(), asked.name.to_owned()),
            at: asked.at,
        };
        let reply = reply(&place, kind, event.map(|event| &event.id), facts);
        planned.say(&self.view().settings, &reply);
        Ok(Some(reply.id))
    }

    async fn choices(
        &self,
        view: &View,
        events: &[EventId],
        reader: Reader,
        at: Timestamp,
    ) -> Result<String, DeskError> {
        let mut lines = Vec::new();
        for id in events {
            let event = self.store.get::<Event>(id.as_str()).await?;
            lines.extend(event.map(|event| line(view, &event.record, reader, at)));
        }
        Ok(lines.join("\n"))
    }
}

/// Who will read the answer: everybody in the group it is given in, or one person.
fn reader(view: &View, who: &Who) -> Reader {
    let purpose = who
        .group
        .as_ref()
        .and_then(|group| view.directory.group(group))
        .map(|group| group.purpose);
    match purpose {
        Some(GroupPurpose::Work) => Reader::Colleagues,
        None if who.handles() || who.judges() => Reader::Alone,
        Some(GroupPurpose::Residents) | None => Reader::Public,
    }
}
