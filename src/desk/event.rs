//! The event, its supporters and their records.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::command::CommandName;
use crate::model::{
    AreaId, Category, CategoryCode, EventId, GatewayId, GroupId, Level, MessageId, PersonId, Place,
    Timestamp,
};
use crate::store::{Index, Key, Kind, Record};
use crate::triage::{Emergency, Reason};

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 线索.
    Lead,
    /// 已受理.
    Open,
    /// 待接单.
    Dispatched,
    /// 处置中.
    InProgress,
    /// 待回访.
    Resolved,
    /// 已结案.
    Closed,
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Lead,
        Self::Open,
        Self::Dispatched,
        Self::InProgress,
        Self::Resolved,
        Self::Closed,
    ];

    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Lead => "线索",
            Self::Open => "已受理",
            Self::Dispatched => "待接单",
            Self::InProgress => "处置中",
            Self::Resolved => "待回访",
            Self::Closed => "已结案",
        }
    }
}

impl Outcome {
    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Fixed => "已解决",
            Self::SelfCleared => "自行消除",
            Self::NotOurs => "不予受理",
            Self::FalseAlarm => "作废",
            Self::Merged => "并案",
            Self::Expired => "线索过期",
        }
    }
}

/// How a closed event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已解决.
    Fixed,
    /// 自行消除.
    SelfCleared,
    /// 不予受理.
    NotOurs,
    /// 作废.
    FalseAlarm,
    /// 并案.
    Merged,
    /// 线索无人附和，24 小时后自动消失.
    Expired,
}

/// A tracked problem. One holder at a time, every change of state in its history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// Where it stands.
    pub state: State,
    /// How it ended; `Some` exactly when closed.
    pub outcome: Option<Outcome>,
    /// What it is about.
    pub category: CategoryCode,
    /// The category's family, for merging.
    pub family: String,
    /// How urgent, the maximum of all reports.
    pub level: Level,
    /// Which kind of 特急, if one.
    pub emergency: Option<Emergency>,
    /// Not to be spoken of in the group.
    pub discreet: bool,
    /// The area it lies in: the group's 小区, or their parent for a 片区 event.
    pub area: AreaId,
    /// Where exactly, as far as known.
    pub place: Option<Place>,
    /// What was reported first, masked, at most 80 characters.
    pub gist: String,
    /// Time of the first report (of the message).
    pub opened_at: Timestamp,
    /// Time of the last report.
    pub last_report_at: Timestamp,
    /// When the handler said it is done.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// How many different people reported it.
    pub supporters: u32,
    /// The groups that raised it; exactly these hear the outcome.
    pub sources: Vec<SourceGroup>,
    /// Who answers for it now.
    pub holder: Option<PersonId>,
    /// Whom it was offered to already in this round.
    pub offered: Vec<PersonId>,
    /// How often it was handed back.
    pub handed_back: u8,
    /// 挂账.
    pub suspended: Option<Suspension>,
    /// 已吹哨, since when.
    pub escalated_at: Option<Timestamp>,
    /// 督办, since when.
    pub supervised_at: Option<Timestamp>,
    /// The result was checked by somebody else than the handler.
    pub verified: bool,
    /// Extended once already.
    pub extended: bool,
    /// A wish of the holder that waits for the staff's word.
    pub awaiting: Option<Wish>,
    /// What the handler said about the result.
    pub result: Option<String>,
    /// Limits of the present step.
    pub clocks: Clocks,
    /// Who said that it is over.
    pub restored_by: Vec<PersonId>,
    /// Since when the intake is over (restored and quiet).
    pub intake_over_at: Option<Timestamp>,
    /// The earlier event this one repeats.
    pub recurs: Option<EventId>,
    /// The event this one was merged into.
    pub merged_into: Option<EventId>,
    /// How often it was reopened.
    pub reopened: u8,
    /// Why it was opened: the reasons of the first decision.
    pub because: Arc<[Reason]>,
    /// Whether its texts were masked by retention.
    #[serde(default)]
    pub masked: bool,
    /// Whether its texts were deleted by retention; its counts and times stay.
    #[serde(default)]
    pub erased: bool,
    /// How many entries its history has; the next one takes this number.
    #[serde(default)]
    pub steps: u32,
    /// When somebody last took it on.
    #[serde(default)]
    pub accepted_at: Option<Timestamp>,
    /// Reporters who said that the result is well.
    #[serde(default)]
    pub satisfied_by: Vec<PersonId>,
    /// How often residents were asked whether the result is well.
    #[serde(default)]
    pub follow_ups: u8,
    /// When the holder was last reminded because a reporter asked.
    #[serde(default)]
    pub urged_at: Option<Timestamp>,
}

/// What a holder asked for and staff has to allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    /// 退单, 挂账, 延期 or 转派.
    pub command: CommandName,
    /// Who asked.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// To whom, for 转派.
    pub to: Option<PersonId>,
    /// Until when, for 挂账 and 延期.
    pub until: Option<Timestamp>,
}

/// 挂账: the clock stands still until a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspension {
    /// Since when.
    pub since: Timestamp,
    /// Review date, at most 30 days ahead.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

/// A group that raised an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceGroup {
    /// The group.
    pub group: GroupId,
    /// Where it was heard.
    pub gateway: GatewayId,
    /// How many public words about the event it was given; at most four, one kept for the outcome.
    pub said: u8,
    /// Time of the last report from this group: who is spoken of last here is meant by “我家也是”.
    #[serde(default)]
    pub last_at: Option<Timestamp>,
}

/// When things are due. `None` when nothing runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Start of the present step.
    pub since: Option<Timestamp>,
    /// 接单; of a Lead: 受理, the yes or no of staff who were shown it.
    pub accept_by: Option<Timestamp>,
    /// 首次反馈.
    pub answer_by: Option<Timestamp>,
    /// 办结.
    pub finish_by: Option<Timestamp>,
    /// 80 % of the time to accept: yellow.
    #[serde(default)]
    pub accept_warn: Option<Timestamp>,
    /// 80 % of the time to finish: yellow.
    #[serde(default)]
    pub finish_warn: Option<Timestamp>,
    /// 核查 after the result, four working hours.
    #[serde(default)]
    pub verify_by: Option<Timestamp>,
    /// The answer of the 街道 after 吹哨 or 督办.
    #[serde(default)]
    pub street_by: Option<Timestamp>,
    /// When the limit to finish had passed: red.
    #[serde(default)]
    pub red_at: Option<Timestamp>,
}

/// One message that supports an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The event.
    pub event: EventId,
    /// The message.
    pub message: MessageId,
    /// Where it was heard.
    pub gateway: GatewayId,
    /// The group.
    pub group: GroupId,
    /// Who wrote it.
    pub person: PersonId,
    /// The name shown, so that the outcome can mention them; gone after `forget`.
    pub name: String,
    /// When, by message time.
    pub at: Timestamp,
    /// What was written, phones and ids masked.
    pub text: String,
}

impl Event {
    /// An event nobody has reported yet: a Lead of this category in this area, to be filled in by
    /// whoever opens it.
    pub fn new(
        id: EventId,
        category: &Category,
        level: Level,
        area: AreaId,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            state: State::Lead,
            outcome: None,
            category: category.code.clone(),
            family: category.family.clone(),
            level,
            emergency: None,
            discreet: false,
            area,
            place: None,
            gist: String::new(),
            opened_at: at,
            last_report_at: at,
            resolved_at: None,
            closed_at: None,
            supporters: 0,
            sources: Vec::new(),
            holder: None,
            offered: Vec::new(),
            handed_back: 0,
            suspended: None,
            escalated_at: None,
            supervised_at: None,
            verified: false,
            extended: false,
            awaiting: None,
            result: None,
            clocks: Clocks::default(),
            restored_by: Vec::new(),
            intake_over_at: None,
            recurs: None,
            merged_into: None,
            reopened: 0,
            because: Arc::default(),
            masked: false,
            erased: false,
            steps: 0,
            accepted_at: None,
            satisfied_by: Vec::new(),
            follow_ups: 0,
            urged_at: None,
        }
    }

    /// Whether anything is still to be done about it.
    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }
}

impl Record for Event {
    const KIND: Kind = Kind::Event;

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let mut keys = vec![(Index::EventOpened, Key::new().time(self.opened_at))];
        if let Some(serial) = self.id.serial() {
            keys.push((
                Index::EventSerial,
                Key::new().number(serial.into()).time(self.opened_at),
            ));
        }
        if self.is_open() {
            let key = Key::new().text(self.area.as_str()).text(&self.family);
            keys.push((Index::EventOpen, key.time(self.last_report_at)));
            if let Some(parent) = self.area.parent() {
                let key = Key::new().text(parent.as_str()).text(&self.family);
                keys.push((Index::EventNear, key.time(self.last_report_at)));
            }
            if let Some(holder) = &self.holder {
                keys.push((
                    Index::EventHolder,
                    Key::new().text(holder.as_str()).time(self.opened_at),
                ));
            }
        }
        if let Some(closed_at) = self.closed_at.filter(|_| !self.erased) {
            keys.push((Index::EventClosed, Key::new().time(closed_at)));
            let key = Key::new().text(self.area.as_str()).text(&self.family);
            keys.push((Index::EventPast, key.time(closed_at)));
        }
        keys
    }
}

impl Record for Report {
    const KIND: Kind = Kind::Report;

    fn id(&self) -> String {
        format!("{}/{}/{}", self.gateway, self.group, self.message)
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        vec![
            (
                Index::ReportEvent,
                Key::new().text(self.event.as_str()).time(self.at),
            ),
            (
                Index::ReportPerson,
                Key::new().text(self.person.as_str()).time(self.at),
            ),
        ]
    }
}
