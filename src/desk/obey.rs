//! A message that triage read as a command: its mark, its effect and its answer in one commit.

use std::time::Duration;

use crate::command::Command;
use crate::model::{Message, Role};
use crate::store::CommitNo;

use super::act::Answer;
use super::moment::earlier;
use super::{Answered, Asked, Desk, DeskError, Heard, Planned, Refused, Seen};

/// Longest reason that is kept, in characters.
const MAX_REASON: usize = 200;

/// A message from further back, or from the future, tells of a broken clock: limits must not run
/// from there.
const OLDEST: Duration = Duration::from_hours(7 * 24);

/// What became of a command said in chat.
#[derive(Clone, Debug, PartialEq)]
pub struct Obeyed {
    /// What was done or refused; `None`: the message was not for us, or had its effect already.
    pub answered: Option<Answered>,
    /// The commit to wait for before the message is acknowledged.
    pub commit: Option<CommitNo>,
}

impl Desk {
    /// Does what a message asks. A redelivered one changes nothing, nor does one from a group that
    /// is not admitted; somebody who objects is heard only when they turn to the bot.
    ///
    /// # Errors
    /// When the store fails; then nothing was done.
    pub async fn obey(&self, heard: &Heard<'_>) -> Result<Obeyed, DeskError> {
        let (commit, answered) = self.commit(|| Box::pin(self.plan_obedience(heard))).await?;
        Ok(Obeyed { answered, commit })
    }

    async fn plan_obedience(
        &self,
        heard: &Heard<'_>,
    ) -> Result<(Planned, Option<Answered>), DeskError> {
        let message = heard.message;
        let Some(command) = &heard.decision.command else {
            return Ok((Planned::new(), None));
        };
        if !self.listens_to(message) {
            return Ok((Planned::new(), None));
        }
        let seen = Seen::of(message);
        if seen.already(&self.store).await? {
            return Ok((Planned::new(), None));
        }
        let command = masked(command, heard);
        let at = message.time.clamp(earlier(heard.now, OLDEST), heard.now);
        let answer = if earlier(heard.now, self.view().settings.reply_within) > message.time {
            Answer::Kept
        } else {
            Answer::Said
        };
        // A recorded message may say who speaks; the directory's word wins.
        let known = self
            .view()
            .directory
            .person(&message.sender.id)
            .map(|it| it.role);
        let vouched = message.sender.role.filter(|_| known.is_none());
        let role = known.or(vouched).unwrap_or_default();
        let asked = Asked {
            person: &message.sender.id,
            vouched,
            name: &message.sender.name,
            gateway: &message.gateway,
            group: Some(&message.group.id).filter(|_| !message.direct),
            message: Some(&message.id),
            command: &command,
            at,
        };
        let (mut planned, answered) = self.plan_asked(&asked, answer).await?;
        if overheard(&answered, message, &command, role) {
            return Ok((Planned::new(), None));
        }
        seen.mark(&mut planned.changes);
        Ok((planned, Some(answered)))
    }

    fn listens_to(&self, message: &Message) -> bool {
        let view = self.view();
        let addressed = is_addressed(message);
        let admitted = message.direct || view.directory.admitted(&message.group.id).is_some();
        admitted && (addressed || !view.directory.objects(&message.sender.id))
    }
}

fn is_addressed(message: &Message) -> bool {
    message.direct || message.mentions_bot || message.quotes_event.is_some()
}

/// Whether this was talk between neighbours after all: a resident's 好了 that names no event, turns
/// to nobody and fits nothing they reported. A refusal would only disturb.
fn overheard(answered: &Answered, message: &Message, command: &Command, role: Role) -> bool {
    role == Role::Resident
        && command.event.is_none()
        && !is_addressed(message)
        && matches!(answered.result, Err(Refused::NoneFits { .. }))
}

/// The command with a reason that may be kept. A reason is words of the message; where masking
/// changed them, the whole masked message stands in for it.
fn masked(command: &Command, heard: &Heard<'_>) -> Command {
    let keep = |reason: &String| {
        let clean = heard.masked.contains(reason.as_str());
        let words = if clean { reason.as_str() } else { heard.masked };
        words.trim().chars().take(MAX_REASON).collect::<String>()
    };
    Command {
        reason: command
            .reason
            .as_ref()
            .map(keep)
            .filter(|it| !it.is_empty()),
        ..command.clone()
    }
}
