//! What time does: every due timer is acted on once, each in a commit of its own, so that a crash
//! between two repeats nothing.

use std::ops::Bound;

use crate::model::{EventId, Level, SayingKind, Timestamp};
use crate::store::{Changes, CommitError, Expect, Index, Key, Scan, Versioned};

use super::clocks::armed;
use super::earliest::{First, TimersChange};
use super::sayings::Work;
use super::{
    Act, By, Desk, DeskError, Event, Planned, Refused, State, Timer, TimerKind, Turn, View,
};

/// How many timers are read at once.
const BATCH: usize = 256;

/// How many timers a first look reads: mostly one is due, and the next one says until when to rest.
const FEW: usize = 2;

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Timers that were due and are done with.
    pub fired: usize,
}

impl Desk {
    /// Acts on every timer that is due, earliest first, those that come due on the way included.
    /// After an outage each overdue limit acts once, as of `now`; a rehearsal that jumps in time
    /// calls this for [`Desk::next_due`] after [`Desk::next_due`].
    ///
    /// # Errors
    /// What the store reports; the timers not acted on stay.
    pub async fn tick(&self, now: Timestamp) -> Result<Ticked, DeskError> {
        let mut ticked = Ticked::default();
        loop {
            let due = self.due(now).await?;
            if due.is_empty() {
                return Ok(ticked);
            }
            for timer in due {
                self.fire(&timer.record, now).await?;
                ticked.fired += 1;
            }
        }
    }

    /// Whether a timer may be due, as far as is known without asking the store.
    pub fn may_be_due(&self, now: Timestamp) -> bool {
        self.earliest.may_be_due(now)
    }

    /// When the earliest timer is due.
    ///
    /// # Errors
    /// What the store reports.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, DeskError> {
        match self.earliest.first() {
            First::Due(at) => Ok(Some(at)),
            First::Absent => Ok(None),
            First::Unknown => {
                let timers = self.first_timers(Bound::Unbounded, 1).await?;
                Ok(timers.first().map(|timer| timer.record.due))
            }
        }
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<Versioned<Timer>>, DeskError> {
        if !self.may_be_due(now) {
            return Ok(Vec::new());
        }
        let due = |timer: &Versioned<Timer>| timer.record.due <= now;
        let mut timers = self.first_timers(Bound::Unbounded, FEW).await?;
        if timers.len() == FEW && timers.iter().all(due) {
            // Keys are cut to the millisecond: what is due within this one may still lie ahead.
            let upto = Bound::Included(Key::new().time(now));
            timers = self.first_timers(upto, BATCH).await?;
        }
        timers.retain(due);
        Ok(timers)
    }

    async fn first_timers(
        &self,
        upto: Bound<Key>,
        limit: usize,
    ) -> Result<Vec<Versioned<Timer>>, DeskError> {
        let (from, asked) = self.earliest.from();
        let all = upto == Bound::Unbounded;
        let scan = Scan::range(Index::TimerDue, Bound::Included(from), upto).limit(limit);
        let timers = self.store.scan::<Timer>(&scan).await?;
        if all {
            let first = timers.first().map(|timer| timer.record.due);
            self.earliest.found(asked, first);
        }
        Ok(timers)
    }

    async fn fire(&self, timer: &Timer, now: Timestamp) -> Result<(), DeskError> {
        if !matches!(timer.kind, TimerKind::RestoredQuiet | TimerKind::NoticeEnds) {
            self.commit(|| self.plan_firing(timer, now)).await?;
            return Ok(());
        }
        let id = Timer::id_of(&timer.subject, timer.kind);
        let Some(read) = self.store.get::<Timer>(&id).await? else {
            return Ok(());
        };
        if timer.kind == TimerKind::NoticeEnds {
            self.notice_ended(&timer.subject, now).await?;
        } else {
            let event = EventId::new(timer.subject.clone());
            self.restored_quiet(&event, now).await?;
        }
        self.remove(&id, read.version).await
    }

    /// Removes a timer unless it was set anew meanwhile.
    async fn remove(&self, id: &str, version: u64) -> Result<(), DeskError> {
        let mut changes = Changes::new();
        changes.delete::<Timer>(id, Expect::Version(version));
        let change = TimersChange::by(&changes);
        match self.store.commit(changes).await {
            Ok(_) | Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        self.earliest.follow(change);
        Ok(())
    }

    async fn plan_firing(&self, timer: &Timer, now: Timestamp) -> Result<(Planned, ()), DeskError> {
        let mut planned = Planned::new();
        let id = Timer::id_of(&timer.subject, timer.kind);
        let Some(read) = self.store.get::<Timer>(&id).await? else {
            return Ok((planned, ()));
        };
        if read.record.due > now {
            return Ok((planned, ()));
        }
        planned
            .changes
            .delete::<Timer>(&id, Expect::Version(read.version));
        let view = self.view();
        if let Some(event) = self.store.get::<Event>(&timer.subject).await?
            && armed(&view.settings, &event.record).get(&timer.kind) == Some(&read.record.due)
        {
            let mut turn = if timer.kind == TimerKind::FollowUp {
                self.with_reporters(&view, event).await?
            } else {
                Turn::of(&view, event)
            };
            if cross(&mut turn, timer.kind, now).is_ok() {
                turn.settle(&mut planned);
            } else {
                // It goes all the same, or it would be due for ever.
                tracing::warn!(
                    event.id = %timer.subject,
                    timer = timer.kind.name(),
                    "dropped a timer that does not fit its event"
                );
            }
        }
        Ok((planned, ()))
    }

    /// A turn that knows whom an outcome would mention.
    pub(super) async fn with_reporters<'a>(
        &self,
        view: &'a View,
        event: Versioned<Event>,
    ) -> Result<Turn<'a>, DeskError> {
        let reporters = self.reporters(&event.record.id).await?;
        let mut turn = Turn::of(view, event);
        turn.reporters = reporters;
        Ok(turn)
    }
}

/// A limit came near or passed.
fn cross(turn: &mut Turn<'_>, kind: TimerKind, now: Timestamp) -> Result<(), Refused> {
    let clocks = turn.event.clocks;
    match kind {
        TimerKind::LeadExpires => turn.act(&Act::Expire, &By::bot("24小时内无人附和"), now),
        TimerKind::LeadWaits => ask_for_word(turn, now),
        TimerKind::AcceptWarn => remind(turn, "接单", clocks.accept_by, now),
        TimerKind::AcceptBy => not_accepted(turn, now),
        TimerKind::AnswerBy => remind(turn, "首次反馈", clocks.answer_by, now),
        TimerKind::FinishWarn => remind(turn, "办结", clocks.finish_by, now),
        TimerKind::FinishBy => turn_red(turn, now),
        TimerKind::Review => {
            let until = turn.event.suspended.as_ref().map(|it| it.until);
            turn.act(&Act::Resume, &By::bot("挂账到期"), now)?;
            turn.remind_holder("挂账到期", until, now);
            Ok(())
        }
        TimerKind::VerifyBy => ask_for_check(turn, now),
        TimerKind::FollowUp if turn.event.follow_ups == 0 => turn.ask_again(now),
        TimerKind::FollowUp => turn.act(&Act::Unanswered, &By::bot("48小时无回访答复"), now),
        TimerKind::StreetBy => {
            turn.act(&Act::Remind, &By::bot("街道未按时答复"), now)?;
            turn.event.clocks.street_by = None;
            turn.tell_staff("街道未答复", now);
            Ok(())
        }
        // Not this room's timers; `fire` has sent them on.
        TimerKind::RestoredQuiet | TimerKind::NoticeEnds => Ok(()),
    }
}

fn remind(
    turn: &mut Turn<'_>,
    limit: &str,
    due: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refused> {
    turn.act(&Act::Remind, &By::bot(format!("{limit}时限将到")), now)?;
    turn.remind_holder(limit, due, now);
    Ok(())
}

/// The next one is asked. 特急 goes round the chain until its time to finish is over.
fn not_accepted(turn: &mut Turn<'_>, now: Timestamp) -> Result<(), Refused> {
    let critical = turn.event.level == Level::Critical;
    if critical && turn.event.clocks.finish_by.is_some_and(|by| now >= by) {
        return turn.park("无人接单", now);
    }
    turn.dispatch("上一位未接单", now)
}

/// The time to finish is over: 吹哨 by itself, as domain T11 asks; a question is only recalled.
fn turn_red(turn: &mut Turn<'_>, now: Timestamp) -> Result<(), Refused> {
    let finish_by = turn.event.clocks.finish_by;
    let whistle = turn.event.level > Level::Inquiry && turn.event.escalated_at.is_none();
    if whistle {
        turn.act(&Act::Escalate, &By::bot("超过办结时限"), now)?;
        turn.tell_staff("超时", now);
    } else {
        turn.act(&Act::Remind, &By::bot("超过办结时限"), now)?;
    }
    turn.event.clocks.red_at = Some(now);
    if turn.event.state != State::Open {
        turn.remind_holder("办结", finish_by, now);
    }
    Ok(())
}

/// Staff is reminded once of a Lead that nobody has said yes or no to (domain T4).
fn ask_for_word(turn: &mut Turn<'_>, now: Timestamp) -> Result<(), Refused> {
    turn.act(&Act::Remind, &By::bot("线索待受理"), now)?;
    let staff = turn.view.directory.staff(&turn.event.area);
    let facts = [("wish", "受理".to_owned())];
    turn.tell_work(&Work::of(SayingKind::AwaitingStaff, staff, facts), now);
    Ok(())
}

fn ask_for_check(turn: &mut Turn<'_>, now: Timestamp) -> Result<(), Refused> {
    turn.act(&Act::Remind, &By::bot("待核查"), now)?;
    let staff = turn.view.directory.staff(&turn.event.area);
    let facts = [
        ("wish", "核查".to_owned()),
        ("result", turn.event.result.clone().unwrap_or_default()),
    ];
    turn.tell_work(&Work::of(SayingKind::AwaitingStaff, staff, facts), now);
    Ok(())
}
