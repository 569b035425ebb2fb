//! Who may do what to which event (the table of design §8, finely).

use std::collections::BTreeSet;

use crate::command::{CommandName as Name, may_ever};
use crate::model::{EventId, GroupId, PersonId, Role};

use super::{Event, Refused, State, View};

/// Somebody who asks for something, with what the store knows of them.
#[derive(Clone, Debug)]
pub struct Who {
    /// Who.
    pub person: PersonId,
    /// What they may do, by the directory.
    pub role: Role,
    /// The group they speak in; `None` alone with the bot or through the API.
    pub group: Option<GroupId>,
    /// Events they reported, newest first.
    pub reported: BTreeSet<EventId>,
}

impl Who {
    /// Whether events are given to this role.
    pub fn handles(&self) -> bool {
        matches!(self.role, Role::Worker | Role::Property)
    }

    /// Whether this role judges what others did.
    pub fn judges(&self) -> bool {
        matches!(self.role, Role::Staff | Role::Admin)
    }
}

/// Whether the role may ever say this.
///
/// # Errors
/// Who may, and what to do instead.
pub fn may_say(role: Role, name: Name) -> Result<(), Refused> {
    if may_ever(role, name) {
        return Ok(());
    }
    let asked = name.chinese();
    let (by, instead) = match name {
        Name::StopBot | Name::StartBot => ("社区管理员", "请联系社区管理员"),
        Name::Urge | Name::Satisfied | Name::Dissatisfied => {
            ("反映问题的居民", "您可以直接接单、办结，或在工作群里说明")
        }
        _ if role == Role::Resident => ("网格员或社区", "您可以发“查询”看进展，或发“催办”加编号"),
        _ => ("社区", "不是您的事可以发“退单”加编号，社区会来处理"),
    };
    Err(Refused::Role { asked, by, instead })
}

/// Whether this person may say this about this event, its state aside.
///
/// # Errors
/// Why not, and what to do instead.
pub fn may(view: &View, event: &Event, who: &Who, name: Name) -> Result<(), Refused> {
    may_say(who.role, name)?;
    match name {
        Name::Query | Name::Help | Name::Mine => may_see(view, event, who),
        Name::Urge | Name::Satisfied | Name::Dissatisfied => reporter(event, who),
        Name::Resolve if who.role == Role::Resident => reporter(event, who),
        Name::StopBot | Name::StartBot => Ok(()),
        _ if who.judges() => own_area(view, event, who),
        Name::Accept => may_accept(view, event, who),
        _ => holds(view, event, who, name),
    }
}

/// Whether this person may read about the event.
///
/// # Errors
/// Why not.
pub fn may_see(view: &View, event: &Event, who: &Who) -> Result<(), Refused> {
    if who.handles() || who.judges() {
        return own_area(view, event, who);
    }
    let own_group = event
        .sources
        .iter()
        .any(|source| Some(&source.group) == who.group.as_ref());
    let seen = who.reported.contains(&event.id) || (own_group && !event.discreet);
    if seen && event.state != State::Lead {
        Ok(())
    } else {
        Err(unknown(event))
    }
}

fn reporter(event: &Event, who: &Who) -> Result<(), Refused> {
    if who.reported.contains(&event.id) {
        Ok(())
    } else {
        Err(Refused::NotReporter)
    }
}

/// Somebody without any duty answers for everything: a dispatcher of the whole street.
fn own_area(view: &View, event: &Event, who: &Who) -> Result<(), Refused> {
    let everywhere = who.judges()
        && view
            .directory
            .person(&who.person)
            .is_none_or(|person| person.duties.is_empty());
    let own = everywhere
        || event.holder.as_ref() == Some(&who.person)
        || event.offered.contains(&who.person)
        || view.directory.works_in(&who.person, &event.area);
    if own { Ok(()) } else { Err(Refused::Elsewhere) }
}

/// What was offered to them, and in their own area what nobody was asked to take yet (抢单).
fn may_accept(view: &View, event: &Event, who: &Who) -> Result<(), Refused> {
    let offered = event.holder.as_ref() == Some(&who.person)
        || (event.state != State::InProgress && event.offered.contains(&who.person));
    if offered {
        return Ok(());
    }
    own_area(view, event, who)?;
    if event.state == State::Open && !event.discreet {
        Ok(())
    } else {
        Err(held(view, event, Name::Accept))
    }
}

fn holds(view: &View, event: &Event, who: &Who, name: Name) -> Result<(), Refused> {
    if event.holder.as_ref() == Some(&who.person) {
        return Ok(());
    }
    let offered = event.state == State::Dispatched && event.offered.contains(&who.person);
    if offered && matches!(name, Name::Resolve | Name::HandBack) {
        return Ok(());
    }
    own_area(view, event, who)?;
    Err(held(view, event, name))
}

fn held(view: &View, event: &Event, name: Name) -> Refused {
    let name_of = |person: &PersonId| {
        let name = view.directory.name(person);
        if name.is_empty() {
            "另一位同事"
        } else {
            name
        }
        .to_owned()
    };
    Refused::Held {
        asked: name.chinese(),
        holder: event
            .holder
            .as_ref()
            .map_or_else(|| "社区".to_owned(), name_of),
    }
}

fn unknown(event: &Event) -> Refused {
    Refused::Unknown {
        number: super::sayings::number(event),
    }
}
