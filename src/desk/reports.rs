//! A report joins an event, brings back a solved one, is explained by a notice, or opens a new one.

use std::time::Duration;

use crate::model::{Level, SayingKind};
use crate::store::{Expect, Versioned};

use super::candidates;
use super::case::Case;
use super::certainty::Certainty;
use super::conversation::Murmur;
use super::intake::{Effect, Found};
use super::joining::{self, Told};
use super::numbering;
use super::restored;
use super::sayings::Public;
use super::{Act, By, Desk, DeskError, Event, Outcome, Planned, Report, State, Turn};

/// From this score on a message is worth a look by itself.
const WORTH_A_LOOK: f32 = 1.4;
const DAY: Duration = Duration::from_hours(24);

impl Desk {
    /// Somebody tells of a problem here and now.
    pub(super) async fn take_report(
        &self,
        case: &Case<'_>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let joined = self.joined(case).await?;
        let joined = joined.filter(|event| !case.only_echoes(&event.record));
        if let Some(event) = joined {
            if event.record.state != State::Lead {
                return Box::pin(self.join(case, event, planned)).await;
            }
            if let Some(found) = self.explain(case, planned).await? {
                return Ok(found);
            }
            return Box::pin(self.confirm(case, event, planned)).await;
        }
        if case.decision().supports.is_some() {
            // It counted only because of an event that it turns out not to belong to.
            return if case.decision().score >= WORTH_A_LOOK {
                self.doubt(case, planned).await
            } else {
                Ok(Found::default())
            };
        }
        if let Some(found) = self.explain(case, planned).await? {
            return Ok(found);
        }
        let past = self.past(case).await?;
        match past {
            Some(event) if solved(&event.record) => self.bring_back(case, event, planned).await,
            past => Box::pin(self.open_new(case, past.map(|event| event.record), planned)).await,
        }
    }

    /// A message that a person should look at: part of the talk about an event where its group is
    /// at it already, else a Lead, which a second person's word makes an event.
    pub(super) async fn take_doubt(
        &self,
        case: &Case<'_>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let Some(event) = self.joined(case).await? else {
            if let Some(found) = self.explain(case, planned).await? {
                return Ok(found);
            }
            return self.doubt(case, planned).await;
        };
        if event.record.state == State::Lead {
            let told = joining::told(&self.store, case, &event.record).await?;
            // A doubtful word after a question is no second person who says that something is wrong.
            if told == Told::Never && event.record.level > Level::Inquiry {
                return Box::pin(self.confirm(case, event, planned)).await;
            }
            return Box::pin(self.join(case, event, planned)).await;
        }
        let group = &case.message().group.id;
        let mut sources = event.record.sources.iter();
        if sources.any(|source| source.group == *group) {
            return Box::pin(self.join(case, event, planned)).await;
        }
        Ok(Found::default())
    }

    /// A new event's turn: numbered, with its first report's facts. Its report is not yet put.
    pub(super) async fn new_turn<'v>(
        &self,
        case: &Case<'v>,
        planned: &mut Planned,
    ) -> Result<Turn<'v>, DeskError> {
        let zone = case.view.settings.zone.clone();
        let day = case.at().to_zoned(zone).date();
        let id = numbering::take(&self.store, day, planned).await?;
        Ok(Turn::new(case.view, joining::first(case, id)))
    }

    async fn open_new(
        &self,
        case: &Case<'_>,
        before: Option<Event>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let mut turn = self.new_turn(case, planned).await?;
        turn.event.recurs = before.map(|event| event.id);
        let murmured = self.gather_murmurs(case, &mut turn, planned);
        case.open(&mut turn)?;
        self.unite_and_settle(Effect::Opened, case, (turn, murmured), planned)
            .await
    }

    /// A new Lead, unless something of the kind is under way already: who asks the same again only
    /// supports it.
    pub(super) async fn doubt_once(
        &self,
        case: &Case<'_>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        match self.joined(case).await? {
            None => self.doubt(case, planned).await,
            Some(lead) if lead.record.state == State::Lead => {
                Box::pin(self.join(case, lead, planned)).await
            }
            Some(_) => Ok(Found::default()),
        }
    }

    async fn doubt(&self, case: &Case<'_>, planned: &mut Planned) -> Result<Found, DeskError> {
        let mut turn = self.new_turn(case, planned).await?;
        self.show_lead(case, &mut turn, planned).await?;
        Ok(case.conclude(Effect::Doubted, turn, planned))
    }

    /// A Lead that somebody else speaks of too is an event.
    async fn confirm(
        &self,
        case: &Case<'_>,
        lead: Versioned<Event>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let told = joining::told(&self.store, case, &lead.record).await?;
        let mut turn = Turn::of(case.view, lead);
        joining::another(&mut turn.event, case, told);
        let decision = case.decision();
        turn.event.level = turn
            .event
            .level
            .max(decision.level.unwrap_or(Level::Inquiry));
        turn.event.emergency = turn.event.emergency.or(decision.emergency);
        case.name(&mut turn)?;
        let murmured = self.gather_murmurs(case, &mut turn, planned);
        case.open(&mut turn)?;
        self.unite_and_settle(Effect::Confirmed, case, (turn, murmured), planned)
            .await
    }

    async fn join(
        &self,
        case: &Case<'_>,
        event: Versioned<Event>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let resolved = event
            .record
            .resolved_at
            .filter(|_| event.record.state == State::Resolved);
        if resolved.is_some_and(|resolved| case.at() > resolved) {
            return self.bring_back(case, event, planned).await;
        }
        let told = joining::told(&self.store, case, &event.record).await?;
        let mut turn = Turn::of(case.view, event);
        let new = joining::another(&mut turn.event, case, told);
        case.name(&mut turn)?;
        if new.urgency && turn.event.state != State::Lead {
            case.raise(&mut turn);
        }
        if new.group && turn.event.state != State::Lead {
            case.acknowledge(&mut turn);
        }
        restored::restart_quiet(case, &turn.event, planned);
        if new.group {
            self.answer_notice(case, &mut turn, planned).await?;
        }
        self.unite_and_settle(Effect::Joined, case, (turn, Vec::new()), planned)
            .await
    }

    /// The last step of an open event's turn: neighbours that share the matter are united with it,
    /// and this message's report, with what was murmured before, supports the one that stays.
    async fn unite_and_settle<'v>(
        &self,
        effect: Effect,
        case: &Case<'v>,
        (turn, murmured): (Turn<'v>, Vec<Report>),
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let mut fresh = murmured;
        fresh.push(case.report(&turn.event));
        let (turn, gone) = Box::pin(self.unite(case, turn, &fresh, planned)).await?;
        for report in fresh {
            let event = turn.event.id.clone();
            planned.put(&Report { event, ..report }, Expect::New);
        }
        Ok(settled(effect, turn, planned).spreading(case, gone))
    }

    /// The same problem at the same place after somebody solved it (domain T17).
    async fn bring_back(
        &self,
        case: &Case<'_>,
        event: Versioned<Event>,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let told = joining::told(&self.store, case, &event.record).await?;
        let mut turn = Turn::of(case.view, event);
        joining::another(&mut turn.event, case, told);
        let by = case.by("同一地点又出现同样的问题");
        turn.act(&Act::Reopen, &by, case.at())?;
        if !case.too_old() {
            let facts = Public::of([("times", turn.event.reopened.to_string())]);
            turn.tell_groups(SayingKind::Reopened, facts, case.heard.now);
        }
        turn.again("重办", by.reason.as_deref(), case.heard.now)?;
        Ok(case.conclude(Effect::Reopened, turn, planned))
    }

    /// The open event that this message is about, a Lead included.
    async fn joined(&self, case: &Case<'_>) -> Result<Option<Versioned<Event>>, DeskError> {
        let lately = self.lately(&case.area, case.at());
        Ok(candidates::joined(&self.store, &case.telling(), &lately).await?)
    }

    /// The event that this report says is back: of those that ended within the category's days.
    async fn past(&self, case: &Case<'_>) -> Result<Option<Versioned<Event>>, DeskError> {
        let within = DAY * u32::from(case.category.reopen_days.max(1));
        let telling = case.telling();
        Ok(candidates::back(&self.store, &telling, within).await?)
    }

    /// Weak signals of the last minutes were about this: they support it too.
    fn gather_murmurs(
        &self,
        case: &Case<'_>,
        turn: &mut Turn<'_>,
        planned: &mut Planned,
    ) -> Vec<Report> {
        let message = case.message();
        let mut reports = Vec::new();
        let murmurs =
            self.conversation()
                .murmurs(&message.group.id, &case.category.code, message.time);
        let mut people = vec![message.sender.id.clone()];
        for murmur in murmurs {
            let Murmur {
                text: Some(text), ..
            } = &murmur
            else {
                continue;
            };
            if murmur.message == message.id {
                continue;
            }
            if !people.contains(&murmur.person) {
                people.push(murmur.person.clone());
                turn.event.supporters += 1;
            }
            turn.event.opened_at = turn.event.opened_at.min(murmur.at);
            let report = Report {
                message: murmur.message.clone(),
                person: murmur.person.clone(),
                name: murmur.name.clone(),
                at: murmur.at,
                text: text.clone(),
                ..case.report(&turn.event)
            };
            murmur.seen.mark(&mut planned.changes);
            reports.push(report);
        }
        reports
    }
}

/// Whether a handler solved it, so that its return reopens it. What went away by itself and comes
/// back is a new event that points at the old one.
fn solved(event: &Event) -> bool {
    event.outcome == Some(Outcome::Fixed)
}

impl Case<'_> {
    /// The last step of a turn that unites nothing: this message's report supports its event.
    pub(super) fn conclude(&self, effect: Effect, turn: Turn<'_>, planned: &mut Planned) -> Found {
        planned.put(&self.report(&turn.event), Expect::New);
        settled(effect, turn, planned)
    }

    /// Opens a Lead, and answers unless nobody waits for an answer any more.
    pub(super) fn open(&self, turn: &mut Turn<'_>) -> Result<(), DeskError> {
        let by = By {
            message: Some(self.message().id.clone()),
            ..By::person(&self.message().sender.id)
        };
        let now = self.heard.now;
        turn.act(&Act::Confirm, &by, now)?;
        for group in turn.groups() {
            if !self.too_old() {
                let own = group == self.message().group.id;
                turn.acknowledge(&group, Some(&self.message().id).filter(|_| own), now);
            }
        }
        turn.dispatch("新事件", now)?;
        Ok(())
    }

    /// A message that names the matter says what a guessed event is about.
    fn name(&self, turn: &mut Turn<'_>) -> Result<(), DeskError> {
        let guessed = Certainty::of_event(&turn.event) == Certainty::Guessed;
        let named = self.certainty() == Certainty::Named;
        let open = turn.event.state < State::Resolved;
        if guessed && named && open && turn.event.family != self.category.family {
            let act = Act::Recategorise {
                category: self.category.code.clone(),
                family: self.category.family.clone(),
                level: turn.event.level.max(self.category.level),
            };
            turn.act(&act, &self.by("有人说明了是什么事"), self.heard.now)?;
            turn.event.because = self.decision().because.as_slice().into();
        }
        Ok(())
    }

    /// A bare “我家也是” does not reach over to the neighbours' matter.
    fn only_echoes(&self, event: &Event) -> bool {
        let decision = self.decision();
        let echo = decision.supports.is_some() && decision.score <= 0.0;
        echo && !self.area.is_within(&event.area)
    }

    /// The first words in this message's group.
    fn acknowledge(&self, turn: &mut Turn<'_>) {
        if !self.too_old() {
            let message = self.message();
            turn.acknowledge(&message.group.id, Some(&message.id), self.heard.now);
        }
    }

    /// More urgent than all said before: the limits hurry; danger to life calls the chain.
    fn raise(&self, turn: &mut Turn<'_>) {
        let decision = self.decision();
        let before = turn.event.level;
        let act = Act::Raise {
            level: decision.level.unwrap_or(before),
            emergency: decision.emergency,
        };
        let now = self.heard.now;
        if turn.act(&act, &self.by("更紧急的情况"), now).is_err() {
            // A result waits for its answer; the report is there for whoever reads it.
            return;
        }
        if turn.event.level == Level::Critical && before < Level::Critical {
            turn.alarm_chain(now);
            self.advise(turn);
        }
    }

    /// The number to call, in every group that speaks of it, now that it is 特急.
    fn advise(&self, turn: &mut Turn<'_>) {
        if self.too_old() {
            return;
        }
        if let Some((name, call)) = self.decision().emergency.map(super::sayings::call_for) {
            let facts = [("call", call.to_owned()), ("emergency", name.to_owned())];
            turn.tell_groups(
                SayingKind::EmergencyAdvice,
                Public::of(facts),
                self.heard.now,
            );
        }
    }

    pub(super) fn by(&self, reason: &str) -> By {
        By {
            reason: Some(reason.to_owned()),
            message: Some(self.message().id.clone()),
            ..By::person(&self.message().sender.id)
        }
    }
}

/// Puts what a turn did into the plan, and says what it was.
fn settled(effect: Effect, turn: Turn<'_>, planned: &mut Planned) -> Found {
    let event = turn.event.clone();
    turn.settle(planned);
    Found::of(effect, event)
}
