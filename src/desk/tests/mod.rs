//! What people and time do to events, on an invented street with the store in memory.

mod chat;
mod commands;
mod handover;
mod invariants;
mod privacy;
mod time;

use std::sync::Arc;

use crate::command::{Command, CommandName};
use crate::directory::Directory;
use crate::model::{
    Area, AreaId, AreaKind, CategoryCode, Destination, Duty, EventId, Facts, GatewayId, Group,
    GroupId, GroupPurpose, GroupState, Level, MessageId, Person, PersonId, Role, Saying,
    SayingKind, Timestamp,
};
use crate::store::memory::Memory;
use crate::store::{Changes, Expect, Record, Scan, Store};

use super::fixtures::{ESTATE, catalogue, event, minutes};
use super::{
    Answered, Asked, By, Desk, DeskError, Done, Event, History, Planned, Refused, Report, Settings,
    SourceGroup, State, Turn,
};

pub(super) const COMMUNITY: &str = "莲花街道/一社区";
/// The first and the second event of the day.
pub(super) const ONE: &str = "E-20261120-0001";
pub(super) const TWO: &str = "E-20261120-0002";

/// A desk with people around it. Workers: 李姐 `w1` and 王哥 `w2` of the 小区, 赵工 `w3` of the
/// 社区 for water alone, 物业小陈 `p1`; 社区 `s1`, 街道 `s2`, admin `a1`.
pub(super) struct Street {
    pub(super) desk: Desk,
    said: u32,
}

impl Street {
    pub(super) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A street with [`ONE`], an outage that one resident reported at 09:00; 李姐 is asked first.
    pub(super) async fn with_one() -> Self {
        let street = Self::new().await;
        street.open(ONE, 1, |_| {}).await;
        street
    }

    /// A street whose area records were changed.
    pub(super) async fn with(change: impl Fn(&mut Area)) -> Self {
        let store = Store::new(Memory::new());
        store.commit(records(change)).await.unwrap();
        let directory = Directory::load(store.clone()).await.unwrap();
        let desk = Desk::new(store, directory, Arc::new(catalogue()), Settings::default());
        Self { desk, said: 0 }
    }

    /// Opens an event reported by so many residents (`u1`…) of group `g1`, at 09:00.
    pub(super) async fn open(
        &self,
        id: &str,
        people: u32,
        change: impl FnOnce(&mut Event),
    ) -> Event {
        let view = self.desk.view();
        let mut new = event(id);
        new.level = Level::Urgent;
        new.supporters = people;
        new.gist = "3栋又停水了".to_owned();
        new.sources = vec![SourceGroup {
            group: GroupId::from("g1"),
            gateway: GatewayId::from("ob"),
            said: 0,
            last_at: None,
        }];
        change(&mut new);
        let mut turn = Turn::new(&view, new);
        turn.open(&By::bot("强词"), None, minutes(0)).unwrap();
        let mut planned = Planned::new();
        turn.settle(&mut planned);
        for person in 1..=people {
            planned.put(&report(id, person), Expect::New);
        }
        self.desk.store.commit(planned.changes).await.unwrap();
        self.event(id).await
    }

    pub(super) async fn event(&self, id: &str) -> Event {
        self.desk
            .store
            .get::<Event>(id)
            .await
            .unwrap()
            .unwrap()
            .record
    }

    /// Somebody says a command in a group.
    pub(super) async fn say(
        &mut self,
        person: &str,
        group: &str,
        command: Command,
        minute: i64,
    ) -> Answered {
        self.said += 1;
        let message = MessageId::new(format!("c{}", self.said));
        let asked = Asked {
            person: &PersonId::from(person),
            vouched: None,
            name: "",
            gateway: &GatewayId::from("ob"),
            group: Some(&GroupId::from(group)),
            message: Some(&message),
            command: &command,
            at: minutes(minute),
        };
        self.desk.command(&asked).await.unwrap()
    }

    /// Somebody says it in the work group, and it must be done.
    pub(super) async fn at_work(&mut self, person: &str, command: Command, minute: i64) {
        self.done(person, "work", command, minute).await;
    }

    /// Somebody says it in the residents' group `g1`, and it must be done.
    pub(super) async fn at_home(&mut self, person: &str, command: Command, minute: i64) {
        self.done(person, "g1", command, minute).await;
    }

    async fn done(&mut self, person: &str, group: &str, command: Command, minute: i64) {
        let answered = self.say(person, group, command, minute).await;
        assert!(
            matches!(answered.result, Ok(Done::Changed(_))),
            "{answered:?}"
        );
    }

    /// The same, and it must be refused.
    pub(super) async fn refused(
        &mut self,
        person: &str,
        group: &str,
        command: Command,
        minute: i64,
    ) -> Refused {
        let before = self.all::<Event>().await;
        let refused = self
            .say(person, group, command, minute)
            .await
            .result
            .unwrap_err();
        assert_eq!(
            before,
            self.all::<Event>().await,
            "a refusal changes nothing"
        );
        refused
    }

    pub(super) async fn all<R: Record>(&self) -> Vec<R> {
        let records = self
            .desk
            .store
            .scan::<R>(&Scan::all(R::KIND))
            .await
            .unwrap();
        records.into_iter().map(|one| one.record).collect()
    }

    /// What was said of this kind, in the order of the causes.
    pub(super) async fn sayings(&self, kind: SayingKind) -> Vec<Saying> {
        let mut sayings = self.all::<Saying>().await;
        sayings.retain(|saying| saying.kind == kind);
        sayings.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        sayings
    }

    /// Kinds of what was said to a group about its events by itself, in the order of the causes.
    pub(super) async fn public(&self, group: &str) -> Vec<SayingKind> {
        let to = Destination::Group(GroupId::from(group));
        let mut sayings = self.all::<Saying>().await;
        sayings.retain(|saying| saying.to == to && saying.quote.is_none());
        sayings.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        sayings.into_iter().map(|saying| saying.kind).collect()
    }

    /// Lets time pass, timer by timer.
    pub(super) async fn pass(&self, until: i64) {
        while let Some(due) = self
            .desk
            .next_due()
            .await
            .unwrap()
            .filter(|it| *it <= minutes(until))
        {
            self.desk.tick(due).await.unwrap();
        }
    }
}

pub(super) fn fact<'a>(facts: &'a Facts, name: &str) -> &'a str {
    facts.get(name).map_or("", String::as_str)
}

/// A command about the event with this number, with these further words.
pub(super) fn command(name: CommandName, number: &str) -> Command {
    Command {
        name,
        event: Some(number.to_owned()).filter(|it| !it.is_empty()),
        reason: None,
        to: None,
        until: None,
        allowed: true,
    }
}

pub(super) fn because(reason: &str, command: Command) -> Command {
    Command {
        reason: Some(reason.to_owned()),
        ..command
    }
}

pub(super) fn until(words: &str, command: Command) -> Command {
    Command {
        until: Some(words.to_owned()),
        ..command
    }
}

pub(super) fn to(words: &str, command: Command) -> Command {
    Command {
        to: Some(words.to_owned()),
        ..command
    }
}

fn report(event: &str, person: u32) -> Report {
    Report {
        event: EventId::from(event),
        message: MessageId::new(format!("{event}-{person}")),
        gateway: GatewayId::from("ob"),
        group: GroupId::from("g1"),
        person: PersonId::new(format!("u{person}")),
        name: format!("邻居{person}"),
        at: minutes(0),
        text: "3栋又停水了".to_owned(),
    }
}

fn records(change: impl Fn(&mut Area)) -> Changes {
    let mut changes = Changes::new();
    for (id, kind) in [
        ("莲花街道", AreaKind::Street),
        (COMMUNITY, AreaKind::Community),
        (ESTATE, AreaKind::Estate),
    ] {
        let mut area = Area {
            id: AreaId::from(id),
            kind,
            aliases: Vec::new(),
            needs_approval: false,
        };
        change(&mut area);
        changes.put(&area, Expect::New);
    }
    for (id, area, purpose) in [
        ("g1", ESTATE, GroupPurpose::Residents),
        ("g2", ESTATE, GroupPurpose::Residents),
        ("work", COMMUNITY, GroupPurpose::Work),
    ] {
        changes.put(&group(id, area, purpose), Expect::New);
    }
    let water = vec![CategoryCode::from("02")];
    for (id, name, role, area, order, categories) in [
        ("w1", "李姐", Role::Worker, ESTATE, 0, Vec::new()),
        ("w2", "王哥", Role::Worker, ESTATE, 1, Vec::new()),
        ("w3", "赵工", Role::Worker, COMMUNITY, 0, water),
        (
            "p1",
            "小陈",
            Role::Property,
            ESTATE,
            5,
            vec![CategoryCode::from("05")],
        ),
        ("s1", "周主任", Role::Staff, COMMUNITY, 0, Vec::new()),
        ("s2", "吴科长", Role::Staff, "莲花街道", 0, Vec::new()),
        ("a1", "孙管理", Role::Admin, COMMUNITY, 9, Vec::new()),
    ] {
        let person = Person {
            id: PersonId::from(id),
            name: name.to_owned(),
            role,
            duties: vec![Duty {
                area: AreaId::from(area),
                categories,
                order,
            }],
            gateway: None,
            objected_at: None,
        };
        changes.put(&person, Expect::New);
    }
    changes
}

fn group(id: &str, area: &str, purpose: GroupPurpose) -> Group {
    Group {
        id: GroupId::from(id),
        gateway: GatewayId::from("ob"),
        sink: Some(GatewayId::from("ob")),
        name: format!("{id}群"),
        area: Some(AreaId::from(area)),
        purpose,
        state: GroupState::Admitted,
        since: Timestamp::UNIX_EPOCH,
        told_at: None,
    }
}
