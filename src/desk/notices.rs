//! Known-cause windows: an official notice explains reports of its matter, in its area, for its
//! time. What it explains opens no event; when its time is over and reports go on, one opens.

use std::ops::Bound;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{
    AreaId, Category, EventId, GatewayId, GroupId, Message, PersonId, Place, Timestamp,
};
use crate::store::{Index, Key, Kind, Record, Scan, Store, StoreError, Versioned};
use crate::triage::{NoticeFound, NoticeMatter};

use super::moment::{self, earlier, gap, later};

/// A notice that names no end is taken to explain this much.
const UNSTATED: Duration = Duration::from_hours(6);
/// The same answer is given to a group once in this time.
const ANSWER_EVERY: Duration = Duration::from_mins(30);
/// A new notice this soon after a window's end still speaks of that window.
const CORRECTS: Duration = Duration::from_hours(2);
/// Groups whose last answer is remembered; the first makes room.
const ANSWERED: usize = 32;
/// Windows looked at per area; more than a few at once are not a notice but a habit.
const WINDOWS: usize = 16;

/// A window in which reports have a known cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Gateway, group and message of the first notice.
    pub id: String,
    /// Where it holds.
    pub areas: Vec<AreaId>,
    /// What it is about.
    pub matter: NoticeMatter,
    /// Places as written.
    pub places: Vec<String>,
    /// Buildings it is limited to, as [`Place::building`] spells them; empty: all.
    pub buildings: Vec<String>,
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
    /// Whether the end was stated, or is our guess.
    pub stated: bool,
    /// When it was posted, or corrected last.
    pub posted_at: Timestamp,
    /// Who posted it.
    pub by: PersonId,
    /// Where.
    pub group: GroupId,
    /// Through which gateway.
    pub gateway: GatewayId,
    /// The notice, masked, at most 120 characters.
    pub gist: String,
    /// The event that was open when it was posted.
    pub event: Option<EventId>,
    /// How many reports it explained.
    pub reports: u32,
    /// When each group was given the answer last.
    pub answered: Vec<(GroupId, Timestamp)>,
}

impl Record for Notice {
    const KIND: Kind = Kind::Notice;

    fn id(&self) -> String {
        self.id.clone()
    }

    fn keys(&self) -> Vec<(Index, Key)> {
        let key = |area: &AreaId| Key::new().text(area.as_str()).time(self.end);
        let keys = self.areas.iter();
        keys.map(|area| (Index::NoticeArea, key(area))).collect()
    }
}

/// A report, as far as a window asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Complaint<'a> {
    pub(super) category: &'a Category,
    pub(super) place: Option<&'a Place>,
    pub(super) text: &'a str,
    pub(super) at: Timestamp,
    /// A leak has its own cause even while the water is off.
    pub(super) local: bool,
}

impl Notice {
    /// The window a message opens.
    pub(super) fn of(
        message: &Message,
        found: &NoticeFound,
        areas: Vec<AreaId>,
        gist: String,
    ) -> Self {
        let start = found.start.unwrap_or(message.time);
        Self {
            id: format!("{}/{}/{}", message.gateway, message.group.id, message.id),
            areas,
            matter: found.matter,
            places: found.places.clone(),
            buildings: buildings(&found.places),
            start,
            end: found.end.unwrap_or(later(start, UNSTATED)),
            stated: found.end.is_some(),
            posted_at: message.time,
            by: message.sender.id.clone(),
            group: message.group.id.clone(),
            gateway: message.gateway.clone(),
            gist,
            event: None,
            reports: 0,
            answered: Vec::new(),
        }
    }

    /// Whether this window is why somebody complains.
    pub(super) fn explains(&self, complaint: &Complaint<'_>) -> bool {
        let building = complaint.place.and_then(|place| place.building.as_ref());
        self.start <= complaint.at
            && complaint.at <= self.end
            && !complaint.local
            && self.is_about(complaint.category, complaint.text)
            && building.is_none_or(|it| self.buildings.is_empty() || self.buildings.contains(it))
    }

    /// Whether a category, or these words where the category is wide, is this window's matter.
    pub(super) fn is_about(&self, category: &Category, text: &str) -> bool {
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let family = category.family.as_str();
        match self.matter {
            NoticeMatter::Water => family == "water",
            NoticeMatter::Power => family == "power",
            NoticeMatter::Gas => family == "gas",
            NoticeMatter::Heating => family == "gas" || family == "heating",
            NoticeMatter::Lift => family == "lift" || says(&["电梯", "梯子"]),
            NoticeMatter::Road => says(&["路", "堵", "绕"]),
            NoticeMatter::Network => says(&["网", "宽带", "信号", "wifi"]),
            NoticeMatter::Other => false,
        }
    }

    /// Whether another notice speaks of this window: the same matter, an area in common, no other
    /// buildings, and a time that touches this one.
    fn is_corrected_by(&self, later: &Self) -> bool {
        let shared = |area: &AreaId| later.areas.iter().any(|it| touches(it, area));
        let apart = !self.buildings.is_empty()
            && !later.buildings.is_empty()
            && !later.buildings.iter().any(|it| self.buildings.contains(it));
        self.matter == later.matter
            && !apart
            && self.areas.iter().any(shared)
            && later.start <= moment::later(self.end, CORRECTS)
            && later.end >= self.start
    }

    /// Takes over what a correction says; what it leaves open stays.
    fn correct(&mut self, later: &Self, found: &NoticeFound) {
        self.start = found.start.unwrap_or(self.start).min(later.end);
        if later.stated {
            self.end = later.end;
            self.stated = true;
        } else {
            self.end = self.end.max(later.end);
        }
        for area in &later.areas {
            if !self.areas.contains(area) {
                self.areas.push(area.clone());
            }
        }
        self.posted_at = later.posted_at;
        self.gist.clone_from(&later.gist);
    }

    /// Whether a group should hear the answer now; remembers that it did.
    pub(super) fn answer(&mut self, group: &GroupId, at: Timestamp) -> Answer {
        let before = self.answered.iter().position(|(one, _)| one == group);
        if let Some(position) = before {
            let (_, last) = &self.answered[position];
            if gap(at, *last) < ANSWER_EVERY {
                return Answer::GivenLately;
            }
            self.answered.remove(position);
        }
        while self.answered.len() >= ANSWERED {
            self.answered.remove(0);
        }
        self.answered.push((group.clone(), at));
        Answer::Due
    }
}

/// Whether a group is to be told of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Due,
    GivenLately,
}

/// The window a new notice opens, or the one it corrects, as it is to be written.
pub(super) async fn placed(
    store: &Store,
    fresh: Notice,
    found: &NoticeFound,
) -> Result<(Option<u64>, Notice), StoreError> {
    for area in &fresh.areas {
        for before in ending_after(store, area, earlier(fresh.posted_at, CORRECTS)).await? {
            if before.record.is_corrected_by(&fresh) {
                let mut notice = before.record;
                notice.correct(&fresh, found);
                return Ok((Some(before.version), notice));
            }
        }
    }
    Ok((None, fresh))
}

/// The window that explains a complaint in this area, if there is one.
pub(super) async fn explaining(
    store: &Store,
    area: &AreaId,
    complaint: &Complaint<'_>,
) -> Result<Option<Versioned<Notice>>, StoreError> {
    let mut here = Some(area.clone());
    while let Some(area) = here {
        let windows = ending_after(store, &area, complaint.at).await?;
        let found = windows
            .into_iter()
            .find(|one| one.record.explains(complaint));
        if found.is_some() {
            return Ok(found);
        }
        here = area.parent();
    }
    Ok(None)
}

async fn ending_after(
    store: &Store,
    area: &AreaId,
    at: Timestamp,
) -> Result<Vec<Versioned<Notice>>, StoreError> {
    let prefix = Key::new().text(area.as_str());
    let (_, to) = prefix.prefix_range();
    let scan = Scan::range(Index::NoticeArea, Bound::Included(prefix.time(at)), to);
    store.scan::<Notice>(&scan.limit(WINDOWS)).await
}

/// One area lies in the other.
fn touches(one: &AreaId, other: &AreaId) -> bool {
    one.is_within(other) || other.is_within(one)
}

/// Buildings among places as written: `3栋`, `12号楼`, `1-5栋`, `2#`.
fn buildings(places: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for place in places {
        let Some(end) = place.find(['栋', '幢', '#']).or_else(|| place.find("号楼")) else {
            continue;
        };
        let name = &place[..end];
        let start = name.rfind(|c: char| !c.is_ascii_digit() && !"-~—至到、,，".contains(c));
        let numbers = start.map_or(name, |at| {
            let after = name[at..].chars().next().map_or(0, char::len_utf8);
            &name[at + after..]
        });
        for part in numbers.split(['、', ',', '，']) {
            let ends: Vec<u32> = part
                .split(['-', '~', '—', '至', '到'])
                .filter_map(|number| number.parse().ok())
                .collect();
            match ends[..] {
                [one] => found.push(one.to_string()),
                [first, last] if first <= last && last - first < 100 => {
                    found.extend((first..=last).map(|number| number.to_string()));
                }
                _ => {}
            }
        }
    }
    found
}
