//! The one catalogue of everything that is stored: kinds and their indexes.

/// A kind of record; one tree or table each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Nodes of the area tree (`directory`).
    Area,
    /// Chat groups (`directory`).
    Group,
    /// People the directory knows (`directory`).
    Person,
    /// Events in their present state (`desk`).
    Event,
    /// Messages that support an event (`desk`).
    Report,
    /// What happened to an event, one record per transition; never deleted (`desk`).
    History,
    /// Things to do at an instant (`desk`).
    Timer,
    /// Known-cause windows (`desk`).
    Notice,
    /// Dedupe marks of messages that had an effect (`desk`).
    Seen,
    /// Counts that outlive the texts, by day and area (`desk`).
    Tally,
    /// Near misses, for some days (`listening`).
    Silence,
    /// What a bot in shadow mode decided, for some weeks (`listening`).
    Shadow,
    /// What no gateway could read, for some days (`listening`).
    DeadLetter,
    /// Things to say, not yet said (`outbox`).
    Saying,
    /// The ledger: what was said, or could not be (`outbox`).
    Delivery,
    /// Switches and cursors of the running bot (`outbox`, `gateway` through `app`).
    Switch,
}

impl Kind {
    /// Every kind, in the order of export.
    pub const ALL: [Self; 16] = [
        Self::Area,
        Self::Group,
        Self::Person,
        Self::Event,
        Self::Report,
        Self::History,
        Self::Timer,
        Self::Notice,
        Self::Seen,
        Self::Tally,
        Self::Silence,
        Self::Shadow,
        Self::DeadLetter,
        Self::Saying,
        Self::Delivery,
        Self::Switch,
    ];

    /// Its name in trees, tables and exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Group => "group",
            Self::Person => "person",
            Self::Event => "event",
            Self::Report => "report",
            Self::History => "history",
            Self::Timer => "timer",
            Self::Notice => "notice",
            Self::Seen => "seen",
            Self::Tally => "tally",
            Self::Silence => "silence",
            Self::Shadow => "shadow",
            Self::DeadLetter => "dead_letter",
            Self::Saying => "saying",
            Self::Delivery => "delivery",
            Self::Switch => "switch",
        }
    }

    /// Reads what [`Kind::name`] writes.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A secondary index. Several records may share a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// Open events: merge scope area, category family, time of the last report.
    EventOpen,
    /// Open events of neighbours: the parent of the area, category family, time of the last report.
    EventNear,
    /// Closed events by area, category family, time closed: for reopening and recurrence.
    EventPast,
    /// Events by holder: person, time opened.
    EventHolder,
    /// Events by the time they were opened.
    EventOpened,
    /// Events by serial, newest day last.
    EventSerial,
    /// Closed events by the time they were closed, for retention and recurrence.
    EventClosed,
    /// Reports by event and time.
    ReportEvent,
    /// Reports by person, for `forget`.
    ReportPerson,
    /// History by event and order, in stores of schema 1; its ids say as much.
    HistoryEvent,
    /// Timers by the instant they are due.
    TimerDue,
    /// Timers by event, in stores of schema 1 and 2.
    TimerEvent,
    /// Windows by area and end.
    NoticeArea,
    /// Dedupe marks by age.
    SeenAt,
    /// Dedupe marks by what was said, for one message through two gateways.
    SeenContent,
    /// Near misses by the time they were kept.
    SilenceAt,
    /// Near misses by person, for `forget`.
    SilencePerson,
    /// Decisions of shadow mode by the time they were kept.
    ShadowAt,
    /// Decisions of shadow mode by person, for `forget`.
    ShadowPerson,
    /// Dead letters by the time they arrived.
    DeadLetterAt,
    /// Dead letters by person, for `forget`.
    DeadLetterPerson,
    /// Things to say by destination and order.
    SayingDue,
    /// Ledger by time.
    DeliveryAt,
    /// Ledger by event.
    DeliveryEvent,
    /// Ledger by state (`sending`, `unknown`, `draft` …) and time.
    DeliveryState,
    /// Ledger by destination and time.
    DeliveryTo,
    /// Ledger by the platform's id of our message, for quoted cards and echoes.
    DeliveryMessage,
}

impl Index {
    /// Every index.
    pub const ALL: [Self; 27] = [
        Self::EventOpen,
        Self::EventNear,
        Self::EventPast,
        Self::EventHolder,
        Self::EventOpened,
        Self::EventSerial,
        Self::EventClosed,
        Self::ReportEvent,
        Self::ReportPerson,
        Self::HistoryEvent,
        Self::TimerDue,
        Self::TimerEvent,
        Self::NoticeArea,
        Self::SeenAt,
        Self::SeenContent,
        Self::SilenceAt,
        Self::SilencePerson,
        Self::ShadowAt,
        Self::ShadowPerson,
        Self::DeadLetterAt,
        Self::DeadLetterPerson,
        Self::SayingDue,
        Self::DeliveryAt,
        Self::DeliveryEvent,
        Self::DeliveryState,
        Self::DeliveryTo,
        Self::DeliveryMessage,
    ];

    /// The kind whose records it finds.
    pub fn kind(self) -> Kind {
        match self {
            Self::EventOpen
            | Self::EventNear
            | Self::EventPast
            | Self::EventHolder
            | Self::EventOpened
            | Self::EventSerial
            | Self::EventClosed => Kind::Event,
            Self::ReportEvent | Self::ReportPerson => Kind::Report,
            Self::HistoryEvent => Kind::History,
            Self::TimerDue | Self::TimerEvent => Kind::Timer,
            Self::NoticeArea => Kind::Notice,
            Self::SeenAt | Self::SeenContent => Kind::Seen,
            Self::SilenceAt | Self::SilencePerson => Kind::Silence,
            Self::ShadowAt | Self::ShadowPerson => Kind::Shadow,
            Self::DeadLetterAt | Self::DeadLetterPerson => Kind::DeadLetter,
            Self::SayingDue => Kind::Saying,
            Self::DeliveryAt
            | Self::DeliveryEvent
            | Self::DeliveryState
            | Self::DeliveryTo
            | Self::DeliveryMessage => Kind::Delivery,
        }
    }

    /// Its name in trees and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::EventOpen => "event.open",
            Self::EventNear => "event.near",
            Self::EventPast => "event.past",
            Self::EventHolder => "event.holder",
            Self::EventOpened => "event.opened",
            Self::EventSerial => "event.serial",
            Self::EventClosed => "event.closed",
            Self::ReportEvent => "report.event",
            Self::ReportPerson => "report.person",
            Self::HistoryEvent => "history.event",
            Self::TimerDue => "timer.due",
            Self::TimerEvent => "timer.event",
            Self::NoticeArea => "notice.area",
            Self::SeenAt => "seen.at",
            Self::SeenContent => "seen.content",
            Self::SilenceAt => "silence.at",
            Self::SilencePerson => "silence.person",
            Self::ShadowAt => "shadow.at",
            Self::ShadowPerson => "shadow.person",
            Self::DeadLetterAt => "dead_letter.at",
            Self::DeadLetterPerson => "dead_letter.person",
            Self::SayingDue => "saying.due",
            Self::DeliveryAt => "delivery.at",
            Self::DeliveryEvent => "delivery.event",
            Self::DeliveryState => "delivery.state",
            Self::DeliveryTo => "delivery.to",
            Self::DeliveryMessage => "delivery.message",
        }
    }
}
