//! What people and clocks do to an event: each act with the words that follow from it.

use jiff::SignedDuration;

use crate::model::{Category, EventId, GroupId, Level, PersonId, Role, SayingKind, Timestamp};
use crate::triage::Emergency;

use super::clocks::Light;
use super::sayings::{Public, Work, call_for, number, when};
use super::{Act, By, Event, Refused, State, Turn};

/// How long a holder is left in peace between two reminders that reporters ask for.
const URGE_PAUSE: SignedDuration = SignedDuration::from_hours(1);

impl Turn<'_> {
    /// 接单.
    pub fn accept(&mut self, person: &PersonId, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Accept { by: person.clone() }, by, at)?;
        let holder = self.view.directory.name(person).to_owned();
        let finish_by = self.event.clocks.finish_by.map(|at| when(self.view, at));
        let facts = [
            ("holder", holder),
            ("finish_by", finish_by.unwrap_or_default()),
        ];
        self.tell_groups(SayingKind::Accepted, Public::of(facts), at);
        Ok(())
    }

    /// 退单: the next one is asked, or staff after the second time.
    pub fn hand_back(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        let times = self.event.handed_back;
        if times >= self.view.settings.max_hand_backs {
            return Err(Refused::HandedBackTooOften { times });
        }
        let who = self.event.holder.clone();
        self.act(&Act::HandBack, by, at)?;
        if let Some(who) = who.filter(|who| !self.event.offered.contains(who)) {
            self.event.offered.push(who);
        }
        self.dispatch("退单", at)
    }

    /// 挂账.
    pub fn suspend(&mut self, until: Timestamp, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Suspend { until }, by, at)?;
        let facts = [
            ("reason", by.reason.clone().unwrap_or_default()),
            ("until", when(self.view, until)),
        ];
        self.tell_groups(SayingKind::Suspended, Public::of(facts), at);
        Ok(())
    }

    /// 延期.
    pub fn extend(&mut self, until: Timestamp, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Extend { until }, by, at)?;
        let facts = [
            ("reason", by.reason.clone().unwrap_or_default()),
            ("until", when(self.view, until)),
        ];
        self.tell_groups(SayingKind::Extended, Public::of(facts), at);
        Ok(())
    }

    /// 转派. Residents hear of it only when another body takes over.
    pub fn transfer(&mut self, to: &PersonId, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Transfer { to: to.clone() }, by, at)?;
        self.card("转派", by.reason.as_deref(), at);
        if self.view.directory.role(to) == Role::Property {
            let facts = [
                ("to", self.view.directory.name(to).to_owned()),
                ("reason", by.reason.clone().unwrap_or_default()),
            ];
            self.tell_groups(SayingKind::Transferred, Public::of(facts), at);
        }
        Ok(())
    }

    /// 办结: the groups hear the result and are asked whether it is well.
    pub fn resolve(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Resolve, by, at)?;
        self.tell_outcome("", at);
        Ok(())
    }

    /// 返工.
    pub fn rework(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.own_work(by)?;
        self.act(&Act::Rework, by, at)?;
        self.again("返工", by.reason.as_deref(), at)
    }

    /// 核查.
    pub fn verify(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.own_work(by)?;
        self.act(&Act::Verify, by, at)
    }

    /// 满意. As many as reported it are enough where fewer did than the setting asks for.
    pub fn satisfied(&mut self, person: &PersonId, by: &By, at: Timestamp) -> Result<(), Refused> {
        let enough = self.view.settings.verifying_residents;
        let reporters = usize::try_from(self.event.supporters).unwrap_or(enough);
        let act = Act::Satisfied {
            by: person.clone(),
            enough: enough.min(reporters).max(1),
        };
        self.act(&act, by, at)
    }

    /// The second and last question whether it is well.
    pub fn ask_again(&mut self, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::AskAgain, &By::bot("尚无回访答复"), at)?;
        self.tell_outcome("再次回访", at);
        Ok(())
    }

    /// 重办: back to whoever solved it. The group whose member complained hears it as the answer.
    pub fn reopen(
        &mut self,
        by: &By,
        answered: Option<&GroupId>,
        at: Timestamp,
    ) -> Result<(), Refused> {
        self.act(&Act::Reopen, by, at)?;
        self.again("重办", by.reason.as_deref(), at)?;
        let facts = [
            ("reason", by.reason.clone().unwrap_or_default()),
            ("times", self.event.reopened.to_string()),
        ];
        let public = Public {
            except: answered.cloned(),
            ..Public::of(facts)
        };
        self.tell_groups(SayingKind::Reopened, public, at);
        Ok(())
    }

    /// 并案, on the side of the event that ends. Its reporters follow it there.
    pub fn merge_into(&mut self, into: &Event, by: &By, at: Timestamp) -> Result<(), Refused> {
        if !into.is_open() {
            return Err(Refused::MergeTarget);
        }
        let id: EventId = into.id.clone();
        self.act(&Act::Merge { into: id }, by, at)
    }

    /// The groups of a merged event hear which number to follow.
    pub fn tell_merged(&mut self, into: &Event, at: Timestamp) {
        let facts = [("into", number(into))];
        self.tell_groups(SayingKind::Merged, Public::of(facts), at);
    }

    /// It went away by itself and somebody who may say so confirmed it.
    pub fn self_clear(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::SelfClear, by, at)?;
        self.tell_groups(SayingKind::SelfCleared, Public::default(), at);
        Ok(())
    }

    /// 作废 or 不予受理. A Lead goes without a word: nobody was told of it.
    pub fn turn_down(&mut self, act: &Act, by: &By, at: Timestamp) -> Result<(), Refused> {
        let silent = self.event.state == State::Lead;
        self.act(act, by, at)?;
        if !silent {
            let facts = [
                ("outcome", act.chinese().to_owned()),
                ("reason", by.reason.clone().unwrap_or_default()),
            ];
            self.tell_groups(SayingKind::Declined, Public::of(facts), at);
        }
        Ok(())
    }

    /// 改类别: whoever answers for the new kind is asked, unless somebody works on it already.
    pub fn recategorise(
        &mut self,
        category: &Category,
        by: &By,
        at: Timestamp,
    ) -> Result<(), Refused> {
        let act = Act::Recategorise {
            category: category.code.clone(),
            family: category.family.clone(),
            level: category.level,
        };
        self.act(&act, by, at)?;
        if matches!(self.event.state, State::Open | State::Dispatched) {
            self.event.offered.clear();
            self.dispatch("改类别", at)?;
        }
        Ok(())
    }

    /// It is more urgent than thought. For danger to life the groups read the number to call and
    /// the whole chain is told. Does nothing when the level is no higher.
    pub fn raise(
        &mut self,
        level: Level,
        emergency: Option<Emergency>,
        by: &By,
        at: Timestamp,
    ) -> Result<(), Refused> {
        if level <= self.event.level && (emergency.is_none() || self.event.emergency.is_some()) {
            return Ok(());
        }
        let was = self.event.level;
        self.act(&Act::Raise { level, emergency }, by, at)?;
        let critical = self.event.level == Level::Critical && was < Level::Critical;
        if !critical || self.event.state == State::Lead {
            return Ok(());
        }
        let (name, call) = self.event.emergency.map(call_for).unwrap_or_default();
        let facts = [("emergency", name.to_owned()), ("call", call.to_owned())];
        self.tell_groups(SayingKind::EmergencyAdvice, Public::of(facts), at);
        if matches!(self.event.state, State::Open | State::Dispatched) {
            self.event.offered.clear();
            self.dispatch("升为特急", at)
        } else {
            self.alarm_chain(at);
            Ok(())
        }
    }

    /// 吹哨. Residents hear of it when a person did it; a clock's is for staff.
    pub fn escalate(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Escalate, by, at)?;
        self.tell_staff("吹哨", at);
        if by.actor.person().is_some() {
            let facts = [("mark", "吹哨".to_owned())];
            self.tell_groups(SayingKind::Escalated, Public::of(facts), at);
        }
        Ok(())
    }

    /// 督办.
    pub fn supervise(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Supervise, by, at)?;
        self.remind_holder("督办", self.event.clocks.street_by, at);
        Ok(())
    }

    /// 催办: the holder is reminded, at most once an hour.
    pub fn urge(&mut self, by: &By, at: Timestamp) -> Result<(), Refused> {
        self.act(&Act::Urge, by, at)?;
        let recently = self
            .event
            .urged_at
            .is_some_and(|last| at.duration_since(last) < URGE_PAUSE);
        if !recently {
            self.event.urged_at = Some(at);
            self.remind_holder("催办", self.event.clocks.finish_by, at);
        }
        Ok(())
    }

    /// A card to the holder that a limit comes near or has passed.
    pub(super) fn remind_holder(&mut self, limit: &str, due: Option<Timestamp>, at: Timestamp) {
        let facts = [
            ("limit", limit.to_owned()),
            (
                "due",
                due.map(|due| when(self.view, due)).unwrap_or_default(),
            ),
            ("light", Light::of(&self.event, at).chinese().to_owned()),
            (
                "overdue",
                due.map(|due| overdue(due, at)).unwrap_or_default(),
            ),
        ];
        let people = self.event.holder.iter().cloned().collect();
        self.tell_work(&Work::of(SayingKind::Reminder, people, facts), at);
    }

    /// A card to staff that something goes wrong.
    pub(super) fn tell_staff(&mut self, why: &str, at: Timestamp) {
        let staff = self.view.directory.staff(&self.event.area);
        let facts = [("why", why.to_owned())];
        self.tell_work(&Work::of(SayingKind::Alarm, staff, facts), at);
    }

    fn tell_outcome(&mut self, again: &str, at: Timestamp) {
        let holder = self.event.holder.as_ref();
        let facts = [
            ("result", self.event.result.clone().unwrap_or_default()),
            (
                "holder",
                holder
                    .map(|it| self.view.directory.name(it).to_owned())
                    .unwrap_or_default(),
            ),
            ("again", again.to_owned()),
        ];
        let public = Public {
            reporters: self.reporters.clone(),
            ..Public::of(facts)
        };
        self.tell_groups(SayingKind::Outcome, public, at);
    }

    fn own_work(&self, by: &By) -> Result<(), Refused> {
        if by.actor.person().is_some() && by.actor.person() == self.event.holder.as_ref() {
            return Err(Refused::OwnWork);
        }
        Ok(())
    }
}

/// How long a limit has been over, as people read it; empty while it runs.
fn overdue(due: Timestamp, at: Timestamp) -> String {
    if at < due {
        return String::new();
    }
    // The limit itself is the first minute beyond it.
    match (at.duration_since(due).as_secs() / 60).max(1) {
        minutes @ ..60 => format!("{minutes}分钟"),
        minutes @ 60..2880 => format!("{}小时", minutes / 60),
        minutes => format!("{}天", minutes / 1440),
    }
}
