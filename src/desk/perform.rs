//! A command that names its event, turned into deeds.

use crate::command::{Command, CommandName as Name};
use crate::model::{Category, PersonId, Role, SayingKind, Timestamp};

use super::clocks::{after, limits};
use super::lookup::within_reopen_days;
use super::rights::Who;
use super::sayings::{Work, when};
use super::until::Until;
use super::{Act, Actor, By, Event, Refused, State, Turn, Wish};

/// 挂账 without a date is looked at again after so many days.
const DEFAULT_REVIEW_DAYS: u32 = 7;

/// Reasons by which 作废 means 不予受理: it is real and not ours.
const NOT_OURS: [&str; 6] = ["不予受理", "不归", "不属于", "不在", "诉讼", "信访"];

/// Words by which 同意 is a no.
const NO: [&str; 4] = ["不同意", "不批", "不行", "驳回"];

/// What the person hears besides that it is done.
pub(super) type Note = Option<String>;

/// Does what the command asks of the turn's event.
pub(super) fn perform(
    turn: &mut Turn<'_>,
    who: &Who,
    command: &Command,
    by: &By,
    at: Timestamp,
) -> Result<Note, Refused> {
    match command.name {
        Name::Accept => accept(turn, who, by, at),
        Name::Resolve if who.role == Role::Resident => resident_resolves(turn, who, by, at),
        Name::Resolve => resolve(turn, who, by, at),
        Name::HandBack | Name::Suspend | Name::Extend | Name::Transfer => {
            let wish = wish(turn, who, command, by, at)?;
            let needs = who.handles() && turn.view.directory.needs_approval(&turn.event.area);
            if needs {
                ask(turn, wish, by, at)
            } else {
                grant(turn, &wish, who, by, at)
            }
        }
        Name::Approve => approve(turn, who, by, at),
        Name::Confirm => confirm(turn, by, at),
        Name::Verify => turn.verify(by, at).map(|()| None),
        Name::Rework => turn.rework(by, at).map(|()| None),
        Name::Void => void(turn, by, at),
        Name::Recategorise => recategorise(turn, command, by, at),
        Name::Escalate => turn.escalate(by, at).map(|()| None),
        Name::Supervise => turn.supervise(by, at).map(|()| None),
        Name::Urge => turn.urge(by, at).map(|()| Some(standing(turn))),
        Name::Satisfied => turn.satisfied(&who.person, by, at).map(|()| None),
        Name::Dissatisfied => dissatisfied(turn, who, by, at),
        // Answered elsewhere: 并案 needs two events, the others none.
        Name::Merge | Name::Query | Name::Mine | Name::Help | Name::StopBot | Name::StartBot => {
            Ok(None)
        }
    }
}

fn accept(turn: &mut Turn<'_>, who: &Who, by: &By, at: Timestamp) -> Result<Note, Refused> {
    let own = turn.event.holder.as_ref() == Some(&who.person);
    if own && turn.event.suspended.is_some() {
        turn.act(&Act::Resume, by, at)?;
    } else if own && turn.event.state == State::InProgress {
        // 接单 under the card of a 重办 or 返工: it is theirs already, and this is a first answer.
        turn.event.clocks.answer_by = None;
    } else {
        turn.accept(&who.person, by, at)?;
    }
    let finish_by = turn.event.clocks.finish_by;
    Ok(finish_by.map(|by| {
        format!(
            "请在{}前办结，办完发“办结”加编号和结果",
            when(turn.view, by)
        )
    }))
}

/// 搞定了 said before 接单 means both; residents then hear the result alone.
fn resolve(turn: &mut Turn<'_>, who: &Who, by: &By, at: Timestamp) -> Result<Note, Refused> {
    take_silently(turn, who, at)?;
    turn.resolve(by, at)?;
    let told = if turn.event.discreet {
        "群里不会提这件事，请单独告诉反映的人"
    } else {
        "结果已告诉反映的居民，等他们回复"
    };
    Ok(Some(told.to_owned()))
}

fn take_silently(turn: &mut Turn<'_>, who: &Who, at: Timestamp) -> Result<(), Refused> {
    if matches!(turn.event.state, State::Open | State::Dispatched) {
        let by = who.person.clone();
        turn.act(&Act::Accept { by }, &By::person(&who.person), at)?;
    }
    Ok(())
}

/// 好了 about a result is contentment; before it, evidence that it is over.
fn resident_resolves(
    turn: &mut Turn<'_>,
    who: &Who,
    by: &By,
    at: Timestamp,
) -> Result<Note, Refused> {
    if turn.event.state == State::Resolved {
        turn.satisfied(&who.person, by, at)?;
        return Ok(None);
    }
    if !turn.event.restored_by.contains(&who.person) {
        turn.event.restored_by.push(who.person.clone());
    }
    Ok(Some("记下了，负责的同事确认后结案".to_owned()))
}

fn wish(
    turn: &Turn<'_>,
    who: &Who,
    command: &Command,
    by: &By,
    at: Timestamp,
) -> Result<Wish, Refused> {
    let (to, until) = match command.name {
        Name::Suspend => (None, Some(review_date(turn, command, by, at)?)),
        Name::Extend => (None, Some(new_limit(turn, command, at)?)),
        Name::Transfer => (Some(colleague(turn, command)?), None),
        _ => (None, None),
    };
    Ok(Wish {
        command: command.name,
        by: who.person.clone(),
        at,
        reason: by.reason.clone(),
        to,
        until,
    })
}

/// The review date of a 挂账: at most 30 days ahead, a week where none was named.
fn review_date(
    turn: &Turn<'_>,
    command: &Command,
    by: &By,
    at: Timestamp,
) -> Result<Timestamp, Refused> {
    let asked = Name::Suspend.chinese();
    if by.reason.is_none() && command.until.is_none() {
        let example = "等配件";
        return Err(Refused::ReasonNeeded { asked, example });
    }
    let until = match &command.until {
        Some(words) => read_until(turn, words, at, at)?,
        None => Until::Days(DEFAULT_REVIEW_DAYS).after(turn.view, at),
    };
    let until = until.ok_or(Refused::DateNeeded { asked })?;
    let latest = super::calendar::later(at, turn.view.settings.longest_suspension);
    in_time(turn, asked, until, latest)
}

/// The new limit of a 延期: at most the original time once more.
fn new_limit(turn: &Turn<'_>, command: &Command, at: Timestamp) -> Result<Timestamp, Refused> {
    let asked = Name::Extend.chinese();
    let words = command.until.as_deref().unwrap_or_default();
    let from = turn.event.clocks.finish_by.unwrap_or(at);
    let until = read_until(turn, words, from, at)?.ok_or(Refused::DateNeeded { asked })?;
    let finish = limits(turn.view, &turn.event).finish;
    let latest = after(turn.view, &turn.event, from, finish);
    in_time(turn, asked, until, latest)
}

fn in_time(
    turn: &Turn<'_>,
    asked: &'static str,
    until: Timestamp,
    latest: Timestamp,
) -> Result<Timestamp, Refused> {
    if until > latest {
        let latest = when(turn.view, latest);
        return Err(Refused::DateTooFar { asked, latest });
    }
    Ok(until)
}

fn read_until(
    turn: &Turn<'_>,
    words: &str,
    from: Timestamp,
    at: Timestamp,
) -> Result<Option<Timestamp>, Refused> {
    let today = at.to_zoned(turn.view.settings.zone.clone()).date();
    let until = Until::read(words, today).and_then(|until| until.after(turn.view, from));
    match until {
        Some(until) if until <= at => Err(Refused::DatePast),
        other => Ok(other),
    }
}

fn colleague(turn: &Turn<'_>, command: &Command) -> Result<PersonId, Refused> {
    let words = command.to.as_deref().unwrap_or_default();
    let found = turn.view.directory.colleague(words);
    let able = found.filter(|person| !matches!(person.role, Role::Resident | Role::Bot));
    able.map(|person| person.id.clone())
        .ok_or_else(|| Refused::Colleague {
            words: words.trim_start_matches('@').to_owned(),
        })
}

/// Staff is asked to allow it.
fn ask(turn: &mut Turn<'_>, wish: Wish, by: &By, at: Timestamp) -> Result<Note, Refused> {
    let facts = [
        ("wish", wish.command.chinese().to_owned()),
        ("by", turn.view.directory.name(&wish.by).to_owned()),
        ("reason", wish.reason.clone().unwrap_or_default()),
        (
            "to",
            wish.to
                .as_ref()
                .map(|to| turn.view.directory.name(to).to_owned())
                .unwrap_or_default(),
        ),
        (
            "until",
            wish.until
                .map(|until| when(turn.view, until))
                .unwrap_or_default(),
        ),
    ];
    turn.act(&Act::Ask(wish), by, at)?;
    let staff = turn.view.directory.staff(&turn.event.area);
    turn.tell_work(&Work::of(SayingKind::AwaitingStaff, staff, facts), at);
    Ok(Some("已请社区同意，同意后生效".to_owned()))
}

fn grant(
    turn: &mut Turn<'_>,
    wish: &Wish,
    who: &Who,
    by: &By,
    at: Timestamp,
) -> Result<Note, Refused> {
    let until = wish.until.unwrap_or(at);
    match wish.command {
        Name::HandBack => {
            turn.hand_back(by, at)?;
            let dispatched = turn.event.state == State::Dispatched;
            let next = if dispatched {
                "已转给下一位"
            } else {
                "已请社区决定由谁来办"
            };
            return Ok(Some(next.to_owned()));
        }
        Name::Suspend => {
            take_silently(turn, who, at)?;
            turn.suspend(until, by, at)?;
        }
        Name::Extend => {
            take_silently(turn, who, at)?;
            turn.extend(until, by, at)?;
        }
        _ => {
            let to = wish.to.clone().ok_or(Refused::Colleague {
                words: String::new(),
            })?;
            turn.transfer(&to, by, at)?;
            return Ok(Some(format!("已请{}接单", turn.view.directory.name(&to))));
        }
    }
    Ok(Some(format!("到{}", when(turn.view, until))))
}

fn approve(turn: &mut Turn<'_>, who: &Who, by: &By, at: Timestamp) -> Result<Note, Refused> {
    let Some(wish) = turn.event.awaiting.clone() else {
        return Err(Refused::NothingAwaits);
    };
    let asked = wish.command.chinese();
    let name = turn.view.directory.name(&wish.by).to_owned();
    let no = by
        .reason
        .as_deref()
        .is_some_and(|it| NO.iter().any(|no| it.starts_with(no)));
    turn.act(
        &Act::Deny,
        &By {
            reason: Some(if no { "不同意" } else { "同意" }.to_owned()),
            ..by.clone()
        },
        at,
    )?;
    if no {
        return Ok(Some(format!("{name}的{asked}没有同意，事件仍由{name}办理")));
    }
    let granted = By {
        reason: wish.reason.clone(),
        ..by.clone()
    };
    let note = grant(turn, &wish, who, &granted, at)?;
    Ok(Some(format!(
        "{name}的{asked}：{}",
        note.unwrap_or_default()
    )))
}

/// A Lead becomes an event; words of relief are believed; a result is good.
fn confirm(turn: &mut Turn<'_>, by: &By, at: Timestamp) -> Result<Note, Refused> {
    match turn.event.state {
        State::Lead => turn.open(by, None, at)?,
        State::Resolved => turn.verify(by, at)?,
        _ => turn.self_clear(by, at)?,
    }
    Ok(None)
}

fn void(turn: &mut Turn<'_>, by: &By, at: Timestamp) -> Result<Note, Refused> {
    if by.reason.is_none() && turn.event.state != State::Lead {
        return Err(Refused::ReasonNeeded {
            asked: Name::Void.chinese(),
            example: "误报",
        });
    }
    let reason = by.reason.as_deref().unwrap_or_default();
    let act = if NOT_OURS.iter().any(|words| reason.contains(words)) {
        Act::Decline
    } else {
        Act::Void
    };
    turn.turn_down(&act, by, at)?;
    Ok(None)
}

fn recategorise(
    turn: &mut Turn<'_>,
    command: &Command,
    by: &By,
    at: Timestamp,
) -> Result<Note, Refused> {
    let words = command.to.as_deref().or(command.reason.as_deref());
    let words = words.unwrap_or_default().trim();
    let found = turn
        .view
        .catalogue
        .categories
        .values()
        .find(|category| category.code.as_str() == words || category.name == words);
    let named = |category: &&Category| words.chars().count() >= 2 && category.name.contains(words);
    let mut similar = turn.view.catalogue.categories.values().filter(named);
    let found = found.or_else(|| similar.next().filter(|_| similar.next().is_none()));
    let Some(category) = found.cloned() else {
        return Err(Refused::Category {
            words: words.to_owned(),
        });
    };
    turn.recategorise(&category, by, at)?;
    Ok(Some(format!("现在是{}", category.name)))
}

fn dissatisfied(turn: &mut Turn<'_>, who: &Who, by: &By, at: Timestamp) -> Result<Note, Refused> {
    within_reopen_days(turn.view, &turn.event, at)?;
    turn.reopen(by, who.group.as_ref(), at)?;
    Ok(Some(
        "抱歉没有办好，已请负责的人接着办，有结果再告诉您".to_owned(),
    ))
}

/// How an event stands, for those who ask.
pub(super) fn standing(turn: &Turn<'_>) -> String {
    let Event {
        state, suspended, ..
    } = &turn.event;
    match (state, suspended) {
        (_, Some(suspension)) => format!(
            "正在等待：{}，{}前再处理",
            suspension.reason,
            when(turn.view, suspension.until)
        ),
        (State::Open, _) => "社区正在安排人办理".to_owned(),
        (State::Dispatched, _) => "已派给负责的人，等他接单".to_owned(),
        (State::InProgress, _) => "正在办理，已再次提醒".to_owned(),
        _ => "已办好，请看看是否解决".to_owned(),
    }
}

/// Who a command's history entry names.
pub(super) fn by(who: &Who, command: &Command, message: Option<&crate::model::MessageId>) -> By {
    By {
        actor: Actor::Person(who.person.clone()),
        reason: command.reason.clone(),
        message: message.cloned(),
    }
}
