//! A message, its decision and everything known around it while one commit is planned.

use crate::model::{AreaId, Category, Message, Place, Timestamp};
use crate::triage::Decision;

use super::aspect::{Aspect, aspect};
use super::certainty::Certainty;
use super::merge::Telling;
use super::moment::later;
use super::{Event, Report, View};
use crate::text::similarity::Pairs;

/// What the gateway and triage hand over.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// The bot's clock: only the age gate asks it, everything else goes by the message's time.
    pub now: Timestamp,
    /// The message.
    pub message: &'a Message,
    /// What it means.
    pub decision: &'a Decision,
    /// Its text with phones, ids, plates and cards masked. Masking is the room `text`'s, which the
    /// desk does not import, so the caller brings it.
    pub masked: &'a str,
}

/// One message under consideration.
pub(super) struct Case<'a> {
    pub(super) heard: Heard<'a>,
    pub(super) view: &'a View,
    /// What it is about; the category of the supported event where the words have none.
    pub(super) category: &'a Category,
    /// Where it is about: the group's area, or the one it names.
    pub(super) area: AreaId,
    pub(super) aspect: Aspect,
}

/// Longest gist, in characters.
const GIST: usize = 80;
/// Longest text kept of one report, in characters.
const TEXT: usize = 500;

impl<'a> Case<'a> {
    pub(super) fn new(heard: Heard<'a>, view: &'a View, category: &'a Category) -> Option<Self> {
        let group = view.directory.admitted(&heard.message.group.id)?;
        let area = named_area(heard.decision.place.as_ref(), group.area.as_ref()?, view);
        Some(Self {
            heard,
            view,
            category,
            area,
            aspect: aspect(heard.masked),
        })
    }

    pub(super) fn message(&self) -> &'a Message {
        self.heard.message
    }

    pub(super) fn decision(&self) -> &'a Decision {
        self.heard.decision
    }

    /// Time of the message.
    pub(super) fn at(&self) -> Timestamp {
        self.heard.message.time
    }

    /// The place within the area, nothing where nothing was named.
    pub(super) fn place(&self) -> Option<&'a Place> {
        let place = self.heard.decision.place.as_ref();
        place.filter(|place| !place.is_empty())
    }

    /// What the report says, as merging asks.
    pub(super) fn telling(&self) -> Telling<'_> {
        Telling {
            category: self.category,
            emergency: self.decision().emergency,
            area: &self.area,
            group: &self.message().group.id,
            place: self.place(),
            at: self.at(),
            words: Pairs::of(self.heard.masked),
            aspect: self.aspect,
            certainty: self.certainty(),
            again: self.says_again(),
            supports: self.decision().supports.as_ref(),
        }
    }

    /// Whether it names its matter itself.
    pub(super) fn certainty(&self) -> Certainty {
        Certainty::of(self.decision(), self.heard.masked, &self.category.family)
    }

    /// Whether it says that it was told before.
    fn says_again(&self) -> bool {
        let mut because = self.decision().because.iter();
        because.any(|reason| reason.rule == "again" && reason.weight > 0.0)
    }

    /// Whether the whole 小区 shares the matter.
    pub(super) fn shared(&self) -> bool {
        self.category.loss_of_service && self.aspect != Aspect::Local
    }

    /// The record of this message as support of an event.
    pub(super) fn report(&self, event: &Event) -> Report {
        let message = self.message();
        Report {
            event: event.id.clone(),
            message: message.id.clone(),
            gateway: message.gateway.clone(),
            group: message.group.id.clone(),
            person: message.sender.id.clone(),
            name: message.sender.name.clone(),
            at: message.time,
            text: first(self.heard.masked, TEXT),
        }
    }

    /// The text in short.
    pub(super) fn gist(&self) -> String {
        first(self.heard.masked, GIST)
    }

    /// Whether nobody waits for an answer any more: late messages may open events, unanswered.
    pub(super) fn too_old(&self) -> bool {
        self.heard.now > later(self.at(), self.view.settings.reply_within)
    }
}

/// The area a report is about: one it names by name, where that is a 小区 near the group's own.
fn named_area(place: Option<&Place>, own: &AreaId, view: &View) -> AreaId {
    let named = place.and_then(|place| place.area.as_deref());
    let found = named.and_then(|name| view.directory.area_named(name, own));
    match found {
        // The wider areas' names (the 社区's) say nothing new.
        Some(area) if !own.is_within(&area.id) => area.id.clone(),
        _ => own.clone(),
    }
}

/// The first `limit` characters, trimmed.
pub(super) fn first(text: &str, limit: usize) -> String {
    text.trim().chars().take(limit).collect()
}
