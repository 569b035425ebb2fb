//! An invented street with groups in which tests let people speak.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::directory::Directory;
use crate::model::{
    Area, AreaId, AreaKind, Category, CategoryCode, Duty, GatewayId, Group, GroupId, GroupPurpose,
    GroupRef, GroupState, Level, MergeScope, Message, MessageId, Person, PersonId, Place, Role,
    Saying, SayingKind, Sender,
};
use crate::store::memory::Memory;
use crate::store::{Changes, Expect, Kind, Scan, Store};
use crate::triage::{Action, Decision, Hit, NoticeFound, NoticeMatter, Reason};

use super::super::fixtures::{catalogue, category, minutes};
use super::super::{Desk, Event, Heard, Intake, Report, Settings, State};

pub(super) const COMMUNITY: &str = "莲花街道/一社区";

/// A desk and the people around it.
pub(super) struct Street {
    pub(super) desk: Desk,
    next: u32,
}

/// What somebody says; `Default` is an outage reported in the first group.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) id: String,
    pub(super) gateway: &'static str,
    pub(super) group: &'static str,
    pub(super) person: &'static str,
    pub(super) minute: i64,
    pub(super) text: &'static str,
    pub(super) decision: Decision,
    /// Minutes between the message and its arrival.
    pub(super) late: i64,
    pub(super) guessed: bool,
}

impl Street {
    /// Three 小区: groups `a1`, `a2` in the first, `b1` in the second, `c1` in the third, `work`
    /// for the workers of all.
    pub(super) fn new() -> Self {
        let store = Store::new(Memory::new());
        let desk = block(async {
            store.commit(records()).await.unwrap();
            let directory = Directory::load(store.clone()).await.unwrap();
            let mut catalogue = catalogue();
            let more = [
                Category {
                    merge_scope: MergeScope::Building,
                    loss_of_service: false,
                    ..category("05", "电梯与房屋设施", "building")
                },
                Category {
                    level: Level::Normal,
                    loss_of_service: false,
                    ..category("08", "噪音油烟扰民", "nuisance")
                },
            ];
            let more = more.map(|one| (one.code.clone(), one));
            catalogue.categories.extend(BTreeMap::from(more));
            Desk::new(store, directory, Arc::new(catalogue), Settings::default())
        });
        Self { desk, next: 0 }
    }

    pub(super) fn hear(&mut self, said: &Said) -> Intake {
        let mut said = said.clone();
        if said.id.is_empty() {
            self.next += 1;
            said.id = format!("m{}", self.next);
        }
        let message = said.message();
        said.name();
        let heard = Heard {
            now: minutes(said.minute + said.late),
            message: &message,
            decision: &said.decision,
            masked: said.text,
        };
        block(self.desk.intake(&heard)).unwrap()
    }

    /// Events that are no Leads, in order of number.
    pub(super) fn events(&self) -> Vec<Event> {
        let mut events = self.all::<Event>();
        events.retain(|event| event.state != State::Lead);
        events
    }

    pub(super) fn all<R: crate::store::Record>(&self) -> Vec<R> {
        let records = block(self.desk.store.scan::<R>(&Scan::all(R::KIND))).unwrap();
        records.into_iter().map(|one| one.record).collect()
    }

    /// Messages that support an event, in order.
    pub(super) fn supports(&self, event: &Event) -> Vec<String> {
        let mut reports = self.all::<Report>();
        reports.retain(|report| report.event == event.id);
        let mut ids: Vec<_> = reports.iter().map(|it| it.message.to_string()).collect();
        ids.sort();
        ids
    }

    /// Kinds of what was said in a group, in the order of the causes.
    pub(super) fn said_in(&self, group: &str) -> Vec<SayingKind> {
        let to = crate::model::Destination::Group(GroupId::from(group));
        let mut sayings = self.all::<Saying>();
        sayings.retain(|saying| saying.to == to);
        sayings.sort_by_key(|saying| saying.at);
        sayings.into_iter().map(|saying| saying.kind).collect()
    }

    /// Does something to an event as the desk would.
    pub(super) fn change(&self, event: &Event, change: impl FnOnce(&mut Event)) {
        let read = block(self.desk.store.get::<Event>(event.id.as_str()));
        let mut read = read.unwrap().unwrap();
        change(&mut read.record);
        let mut changes = Changes::new();
        changes.put(&read.record, Expect::Version(read.version));
        block(self.desk.store.commit(changes)).unwrap();
    }

    pub(super) fn count(&self, kind: Kind) -> usize {
        let scan = Scan::all(kind);
        block(self.desk.store.backend().scan(&scan)).unwrap().len()
    }
}

impl Default for Said {
    fn default() -> Self {
        Self {
            id: String::new(),
            gateway: "ob",
            group: "a1",
            person: "u1",
            minute: 0,
            text: "又停水了，饭都煮不成",
            decision: Decision {
                action: Action::Open,
                category: Some(CategoryCode::from("02")),
                level: Some(Level::Urgent),
                score: 3.0,
                ..Decision::default()
            },
            late: 0,
            guessed: false,
        }
    }
}

impl Said {
    pub(super) fn by(person: &'static str, group: &'static str, minute: i64) -> Self {
        Self {
            group,
            person,
            minute,
            ..Self::default()
        }
    }

    /// Unless told otherwise, people name their matter by a strong word.
    pub(super) fn name(&mut self) {
        if self.guessed || self.decision.action != Action::Open {
            return;
        }
        self.decision.hits = vec![Hit {
            keyword: "停水".to_owned(),
            category: self.decision.category.clone(),
            start: 0,
            end: 0,
        }];
        self.decision.because = vec![Reason {
            rule: "strong_word".to_owned(),
            weight: 1.5,
            text: String::new(),
            span: None,
        }];
    }

    pub(super) fn guessed(self) -> Self {
        Self {
            guessed: true,
            ..self
        }
    }

    pub(super) fn text(self, text: &'static str) -> Self {
        Self { text, ..self }
    }

    pub(super) fn id(self, id: &str) -> Self {
        Self {
            id: id.to_owned(),
            ..self
        }
    }

    pub(super) fn with(mut self, change: impl FnOnce(&mut Decision)) -> Self {
        change(&mut self.decision);
        self
    }

    pub(super) fn category(self, code: &str) -> Self {
        self.with(|decision| decision.category = Some(CategoryCode::from(code)))
    }

    pub(super) fn building(self, building: &str) -> Self {
        self.with(|decision| {
            decision.place = Some(Place {
                building: Some(building.to_owned()),
                ..Place::default()
            });
        })
    }

    pub(super) fn leak(self) -> Self {
        self.text("楼上漏水，天花板一直在滴")
    }

    pub(super) fn doubtful(self) -> Self {
        self.with(|decision| decision.action = Action::Watch)
    }

    pub(super) fn relief(self) -> Self {
        self.text("来水了")
            .with(|decision| decision.action = Action::Restored)
    }

    /// A notice about the water, from one minute to another.
    pub(super) fn notice(self, start: i64, end: i64) -> Self {
        self.text("通知：因管道抢修临时停水，请谅解")
            .with(|decision| {
                decision.action = Action::Notice;
                decision.notice = Some(NoticeFound {
                    matter: NoticeMatter::Water,
                    start: Some(minutes(start)),
                    end: Some(minutes(end)),
                    places: Vec::new(),
                    opens_window: true,
                });
            })
    }

    pub(super) fn message(&self) -> Message {
        Message {
            id: MessageId::new(self.id.clone()),
            gateway: GatewayId::from(self.gateway),
            group: GroupRef {
                id: GroupId::from(self.group),
                ..GroupRef::default()
            },
            sender: Sender {
                id: PersonId::from(self.person),
                name: format!("邻居{}", self.person),
                role: None,
            },
            time: minutes(self.minute),
            text: self.text.to_owned(),
            mentions: Vec::new(),
            mentions_bot: false,
            direct: false,
            reply_to: None,
            quoted: None,
            quotes_event: None,
            media: Vec::new(),
        }
    }
}

/// Runs what waits for nothing: the memory store never does.
pub(super) fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

pub(super) fn hours(count: i64) -> i64 {
    count * 60
}

pub(super) const QUIET: Duration = Duration::from_mins(30);

fn records() -> Changes {
    let mut changes = Changes::new();
    let areas = [
        (COMMUNITY.to_owned(), AreaKind::Community),
        (format!("{COMMUNITY}/甲园"), AreaKind::Estate),
        (format!("{COMMUNITY}/乙园"), AreaKind::Estate),
        (format!("{COMMUNITY}/丙园"), AreaKind::Estate),
    ];
    for (id, kind) in areas {
        let area = Area {
            id: AreaId::new(id),
            kind,
            aliases: Vec::new(),
            needs_approval: false,
        };
        changes.put(&area, Expect::New);
    }
    let groups = [
        ("a1", "/甲园", GroupPurpose::Residents),
        ("a2", "/甲园", GroupPurpose::Residents),
        ("b1", "/乙园", GroupPurpose::Residents),
        ("c1", "/丙园", GroupPurpose::Residents),
        ("work", "", GroupPurpose::Work),
    ];
    for (id, area, purpose) in groups {
        let group = Group {
            id: GroupId::from(id),
            gateway: GatewayId::from("ob"),
            sink: Some(GatewayId::from("ob")),
            name: format!("{id}群"),
            area: Some(AreaId::new(format!("{COMMUNITY}{area}"))),
            purpose,
            state: GroupState::Admitted,
            since: Timestamp::UNIX_EPOCH,
            told_at: None,
        };
        changes.put(&group, Expect::New);
    }
    let worker = Person {
        id: PersonId::from("w1"),
        name: "李姐".to_owned(),
        role: Role::Worker,
        duties: vec![Duty {
            area: AreaId::from(COMMUNITY),
            categories: Vec::new(),
            order: 0,
        }],
        gateway: None,
        objected_at: None,
    };
    changes.put(&worker, Expect::New);
    changes
}
