//! What people ask of the bot in chat: 接单 12, 搞定了水管换好了, 催一哈. Pure grammar, no rights.
//!
//! A message is first read by command words ([`formal`]), then in people's own words
//! ([`informal`]); the more informal the words, the more addressing they need: a quoted card, an
//! @, a work group with a number.

mod asked;
mod completion;
mod cue;
mod day;
mod details;
mod formal;
mod heard;
mod informal;
mod name;
mod numeral;
mod reference;
mod resident;
mod rights;
mod staff;
mod worker;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use asked::Asked;
pub use day::day_at;
pub use name::CommandName;
pub use numeral::read as number_at;
pub use rights::may_ever;

use crate::text::Normalised;
use asked::{Address, Named};
use heard::Heard;
use reference::Reference;

/// A command as read from a message, before anybody asked whether it is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// What is asked.
    pub name: CommandName,
    /// Short number or full id as typed, or the quoted card's; a typed number beats the card.
    pub event: Option<String>,
    /// The reason or result given.
    pub reason: Option<String>,
    /// The person or event it goes to (转派 @李姐, 并案 12 到 9).
    pub to: Option<String>,
    /// A date where one was named, else the words as typed (两天, 下周三).
    pub until: Option<String>,
    /// Whether the speaker's role may ever say this, by [`may_ever`].
    #[serde(default = "yes")]
    pub allowed: bool,
}

fn yes() -> bool {
    true
}

/// Bytes of a message beyond which nothing but a quoted card makes it a command.
const LONGEST: usize = 600;

/// Reads a command; `None` where the message is ordinary talk.
///
/// `said` is `original` normalised. The event's number is normalised (`012号` → `12`), names and
/// reasons are as written.
pub fn parse(said: &Normalised, original: &str, asked: &Asked) -> Option<Command> {
    if !is_worth_reading(said, asked) {
        return None;
    }
    let heard = Heard::new(said, original, asked);
    let named = if heard.names_bot {
        Named::Bot
    } else {
        Named::Nobody
    };
    let address = asked.address(named);
    let found = reference::find(&heard.text);
    let headed = formal::read(&heard.text, &found, address)
        .filter(|headed| !left_to_feeling(headed.name, asked, address));
    let (name, event, from) = if let Some(headed) = headed {
        (headed.name, headed.event, headed.head.end)
    } else {
        let meant = informal::read(&heard.text, &found, asked, address)?;
        (meant.name, meant.event, 0)
    };
    Some(complete(name, event, from, &heard, &found, asked))
}

/// Talk of residents, where a cheap look shows that nobody can mean the bot, is not read at all.
fn is_worth_reading(said: &Normalised, asked: &Asked) -> bool {
    let text = said.text();
    if text.len() > LONGEST && asked.quotes_event.is_none() || text.len() > 4 * LONGEST {
        return false;
    }
    asked.address(Named::Nobody) > Address::Nobody
        || !said.mentions().is_empty()
        || text.bytes().any(|byte| byte.is_ascii_digit())
        || !asked.bot_name.is_empty() && text.contains(asked.bot_name)
}

/// 满意, 好了 and the like from residents under a card: the whole sentence decides
/// (好了谢谢, 好了又坏了).
fn left_to_feeling(name: CommandName, asked: &Asked, address: Address) -> bool {
    use CommandName::{Approve, Confirm, Dissatisfied, Resolve, Satisfied, Verify};
    !asked.handles()
        && address >= Address::Bot
        && matches!(
            name,
            Satisfied | Dissatisfied | Resolve | Approve | Confirm | Verify
        )
}

/// Adds whom, until when and why; `from`: where the command word ends.
fn complete(
    name: CommandName,
    event: Option<usize>,
    from: usize,
    heard: &Heard,
    found: &[Reference],
    asked: &Asked,
) -> Command {
    let text = heard.text.as_str();
    let mut taken = Vec::new();
    let mut typed = event.map(|index| found[index].typed.clone());
    taken.extend(event.map(|index| found[index].span.clone()));
    let mut to = None;
    let mut until = None;
    if name == CommandName::Merge {
        let others: Vec<&Reference> = found.iter().collect();
        match (others.as_slice(), asked.quotes_event) {
            ([only], Some(_)) => (typed, to) = (None, Some(only.typed.clone())),
            ([first, second, ..], _) => {
                (typed, to) = (Some(first.typed.clone()), Some(second.typed.clone()));
            }
            _ => {}
        }
        taken.extend(others.iter().map(|reference| reference.span.clone()));
    } else if details::takes_until(name) {
        if let Some(found) = until_outside(text, from, &taken, asked) {
            taken.push(found.span);
            until = Some(found.words);
        }
    } else if details::takes_person(name) {
        if let Some(found) = details::person(heard, from, &taken) {
            to = Some(found.words);
            taken.push(found.span);
        }
    } else if name == CommandName::Recategorise
        && let Some(found) = details::category(text, from, &taken)
    {
        to = Some(heard.original(found.span.clone()).to_owned());
        taken.push(found.span);
    }
    let event = typed.or_else(|| asked.quotes_event.map(ToOwned::to_owned));
    let reason = details::reason(heard, from, &taken);
    Command {
        name,
        event,
        reason,
        to,
        until,
        allowed: may_ever(asked.role, name),
    }
}

/// The day or length of time, looked for behind the event's number.
fn until_outside(
    text: &str,
    from: usize,
    taken: &[std::ops::Range<usize>],
    asked: &Asked,
) -> Option<details::Found> {
    let after = taken
        .iter()
        .map(|span| span.end)
        .filter(|end| *end >= from)
        .max()
        .unwrap_or(from);
    details::until(text, after, asked.today).or_else(|| details::until(text, from, asked.today))
}
