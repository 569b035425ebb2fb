//! One bot: what it hears becomes a decision, a commit, and words on their way.
//!
//! `run`, `demo`, `chat` and `replay` differ only in where messages come from, what time it is and
//! who pumps the outbox; from [`Bot::hear`] on it is all the same.

use std::sync::Arc;

use metrics::counter;

use crate::config::Mode;
use crate::desk::{Desk, DeskError, Done, Heard, Intake, Obeyed, Objection};
use crate::listening::is_near_miss;
use crate::model::{Destination, GroupState, Message, Role, Timestamp};
use crate::outbox::{Outbox, Stop};
use crate::store::CommitNo;
use crate::text::mask::mask;
use crate::triage::{Action, Context, Decision, Triage, Words};

use super::heard::LastHeard;
use super::notes::{Notes, came_to_nothing};
use super::reading::Read;
use super::shelf::Shelf;

/// Everything between the gateways.
pub struct Bot {
    /// Events, people and the store.
    pub desk: Arc<Desk>,
    /// The way out.
    pub outbox: Arc<Outbox>,
    /// The lexicon in force.
    pub shelf: Arc<Shelf>,
    /// When each group was last heard.
    pub last_heard: LastHeard,
    /// What is kept beside the events; `None` where nothing is.
    pub notes: Option<Notes>,
    /// Whether it acts or only listens.
    pub mode: Mode,
    triage: Triage,
}

/// What became of a message.
#[derive(Debug)]
pub struct Reaction {
    /// What it means; `None` where nobody listened.
    pub decision: Option<Decision>,
    /// What was done about it.
    pub effect: Effect,
    /// To be waited for before anything is acknowledged; `None`: nothing was written.
    pub commit: Option<CommitNo>,
}

/// What was done about a message.
#[derive(Debug)]
pub enum Effect {
    /// The group is not admitted: not listened to.
    NotAdmitted,
    /// The speaker objects: not listened to.
    Objecting,
    /// The speaker is known as another bot: not listened to.
    AnotherBot,
    /// Our own words came back.
    OwnWords,
    /// An objection was kept or taken back.
    Objection,
    /// Taken in as a message.
    Intake(Intake),
    /// Obeyed or refused as a command.
    Obeyed(Obeyed),
    /// Only listened to: the decision was recorded, nothing was done.
    Shadowed,
}

impl Reaction {
    fn without_decision(effect: Effect) -> Self {
        Self {
            decision: None,
            effect,
            commit: None,
        }
    }
}

impl Bot {
    /// A bot over opened parts.
    pub fn new(desk: Arc<Desk>, outbox: Arc<Outbox>, shelf: Arc<Shelf>) -> Self {
        Self {
            desk,
            outbox,
            shelf,
            last_heard: LastHeard::default(),
            notes: None,
            mode: Mode::Live,
            triage: Triage::default(),
        }
    }

    /// The same bot, to which a gripe is an event from this score on.
    #[must_use]
    pub fn opening_at(self, score: f32) -> Self {
        Self {
            triage: Triage::opening_at(score),
            ..self
        }
    }

    /// Hears one message: decides, acts, commits. Waiting for the disk is the caller's.
    ///
    /// # Errors
    ///
    /// When the store fails; then nothing was done and the message may be heard again.
    pub async fn hear(
        &mut self,
        now: Timestamp,
        message: &mut Message,
    ) -> Result<Reaction, DeskError> {
        if let Some(effect) = self.beforehand(now, message).await? {
            return Ok(Reaction::without_decision(effect));
        }
        let lexicon = self.shelf.lexicon();
        let words = self.triage.read(message, &lexicon);
        let context = self.context(message, words);
        let decision = self.triage.decide_read(now, message, &context, &lexicon);
        self.react(now, message, decision).await
    }

    /// The same for a message whose words were read ahead.
    ///
    /// # Errors
    ///
    /// As [`Bot::hear`].
    pub async fn hear_read(
        &mut self,
        now: Timestamp,
        read: &mut Read,
    ) -> Result<Reaction, DeskError> {
        let Read {
            message,
            reading,
            lexicon,
        } = read;
        if let Some(effect) = self.beforehand(now, message).await? {
            return Ok(Reaction::without_decision(effect));
        }
        let context = self.context(message, reading.words());
        let triage = &mut self.triage;
        let decision = triage.decide_reading(reading, now, message, &context, lexicon);
        self.react(now, message, decision).await
    }

    /// What happens before anybody looks at the words, if that is all.
    async fn beforehand(
        &mut self,
        now: Timestamp,
        message: &mut Message,
    ) -> Result<Option<Effect>, DeskError> {
        self.last_heard.note(&message.group.id, message.time);
        if let Some(deaf) = self.deaf(now, message).await? {
            return Ok(Some(deaf));
        }
        self.resolve_quote(message).await?;
        if let Some(objection) = Objection::read(&message.text) {
            match self.mode {
                Mode::Live => self.desk.object(message, objection).await?,
                Mode::Shadow => self.desk.object_unanswered(message, objection).await?,
            };
            return Ok(Some(Effect::Objection));
        }
        Ok(None)
    }

    /// Most talk has no word to weigh: the conversation need not be asked.
    fn context(&self, message: &Message, words: Words) -> Context {
        match words {
            Words::Plain => self.desk.standing(message),
            Words::Telling => self.desk.context(message),
        }
    }

    async fn react(
        &self,
        now: Timestamp,
        message: &Message,
        decision: Decision,
    ) -> Result<Reaction, DeskError> {
        let (effect, commit) = self.act(now, message, &decision).await?;
        Ok(Reaction {
            decision: Some(decision),
            effect,
            commit,
        })
    }

    async fn act(
        &self,
        now: Timestamp,
        message: &Message,
        decision: &Decision,
    ) -> Result<(Effect, Option<CommitNo>), DeskError> {
        // Ordinary talk costs nothing from here on: no masking, no memory.
        let plain = decision.category.is_none() && !is_near_miss(decision);
        if decision.action == Action::Ignore && plain {
            return Ok((Effect::Intake(Intake::default()), None));
        }
        let masked = mask(&message.text);
        let heard = Heard {
            now,
            message,
            decision,
            masked: &masked,
        };
        if self.mode == Mode::Shadow {
            self.desk.overhear(&heard);
            if let Some(notes) = &self.notes {
                notes.note_shadowed(&self.desk, &heard).await;
            }
            return Ok((Effect::Shadowed, None));
        }
        if decision.action == Action::Command {
            let obeyed = self.desk.obey(&heard).await?;
            self.switch(now, message, &obeyed).await?;
            if let Some(notes) = &self.notes {
                notes.note_verdict(&self.desk, decision, &obeyed).await;
            }
            let commit = obeyed.commit;
            return Ok((Effect::Obeyed(obeyed), commit));
        }
        let intake = self.desk.intake(&heard).await?;
        if let Some(notes) = &self.notes
            && came_to_nothing(decision, intake.effect)
        {
            notes.note_silence(&self.desk, &heard).await;
        }
        let commit = intake.commit;
        Ok((Effect::Intake(intake), commit))
    }

    /// Whether this is not for our ears, and why.
    async fn deaf(&self, now: Timestamp, message: &Message) -> Result<Option<Effect>, DeskError> {
        let directory = self.desk.directory.snapshot();
        let to = if message.direct {
            Destination::Person(message.sender.id.clone())
        } else {
            Destination::Group(message.group.id.clone())
        };
        let role = directory.role(&message.sender.id);
        if role == Role::Bot {
            return Ok(Some(Effect::AnotherBot));
        }
        if self.outbox.is_own_text(&to, &message.text, now) {
            return Ok(Some(Effect::OwnWords));
        }
        if !message.direct {
            let group = directory.group(&message.group.id);
            if group.is_none_or(|group| group.state == GroupState::Pending) {
                self.desk
                    .directory
                    .see_group(&message.group, &message.gateway, now)
                    .await?;
            }
            if group.is_none_or(|group| group.state != GroupState::Admitted) {
                return Ok(Some(Effect::NotAdmitted));
            }
        }
        // Who objects is heard only when they speak to the bot.
        let addressed = message.mentions_bot || message.direct || message.reply_to.is_some();
        if directory.objects(&message.sender.id) && !addressed {
            return Ok(Some(Effect::Objecting));
        }
        Ok(None)
    }

    /// A quoted card of ours names its event.
    async fn resolve_quote(&self, message: &mut Message) -> Result<(), DeskError> {
        if message.quotes_event.is_none()
            && let Some(quoted) = &message.reply_to
        {
            let event = self
                .outbox
                .ledger()
                .event_of_message(&message.gateway, quoted)
                .await?;
            message.quotes_event = event.map(|event| event.to_string());
        }
        Ok(())
    }

    /// An admin may stop the bot's words, or let it speak again.
    async fn switch(
        &self,
        now: Timestamp,
        message: &Message,
        obeyed: &Obeyed,
    ) -> Result<(), DeskError> {
        let answered = obeyed.answered.as_ref();
        let done = answered.map(|answered| &answered.result);
        let ledger = self.outbox.ledger();
        match done {
            Some(Ok(Done::StopBot)) => {
                let by = self
                    .desk
                    .directory
                    .snapshot()
                    .name(&message.sender.id)
                    .to_owned();
                ledger
                    .stop(&Stop {
                        last_words: answered.and_then(|answered| answered.words.clone()),
                        by,
                        at: now,
                        reason: String::new(),
                    })
                    .await?;
            }
            Some(Ok(Done::StartBot)) => ledger.start().await?,
            _ => {}
        }
        Ok(())
    }

    /// Does everything that is due: timers first, then their words.
    ///
    /// # Errors
    ///
    /// When the store fails; what was not done is still due.
    pub async fn tick(&self, now: Timestamp) -> Result<(), DeskError> {
        if self.mode == Mode::Shadow {
            return Ok(());
        }
        let ticked = self.desk.tick(now).await?;
        counter!("lianxin_timers_total").increment(ticked.fired as u64);
        Ok(())
    }

    /// When the next timer is due; in shadow mode none is.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, DeskError> {
        match self.mode {
            Mode::Live => Ok(self.desk.next_due().await?),
            Mode::Shadow => Ok(None),
        }
    }
}
