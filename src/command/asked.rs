//! Who speaks and how clearly the words are meant for the bot.

use jiff::civil::Date;

use crate::model::Role;

/// What the grammar must know of a message besides its words.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The speaker's role by the directory.
    pub role: Role,
    /// The bot's name in chat (小助手).
    pub bot_name: &'a str,
    /// Whether the platform says that the bot is mentioned.
    pub mentions_bot: bool,
    /// Whether this is a conversation with the bot alone.
    pub direct: bool,
    /// Whether this is a work group.
    pub work: bool,
    /// The number of the event whose card is quoted.
    pub quotes_event: Option<&'a str>,
    /// The day in the community, to which 后天 is relative.
    pub today: Date,
}

/// How clearly a message is meant for the bot, clearest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Address {
    /// Said into a group of residents by one of them.
    Nobody,
    /// Said in a work group, or by somebody who handles events.
    Colleagues,
    /// By @, by name or in a direct conversation.
    Bot,
    /// By quoting a card: the event is known too.
    Card,
}

impl Asked<'_> {
    /// How clearly this is addressed; `named`: the text itself calls the bot.
    pub(super) fn address(&self, named: Named) -> Address {
        if self.quotes_event.is_some() {
            Address::Card
        } else if self.mentions_bot || self.direct || named == Named::Bot {
            Address::Bot
        } else if self.work || self.handles() {
            Address::Colleagues
        } else {
            Address::Nobody
        }
    }

    /// Whether the speaker takes or judges orders.
    pub(super) fn handles(&self) -> bool {
        matches!(
            self.role,
            Role::Worker | Role::Property | Role::Staff | Role::Admin
        )
    }

    /// Whether the speaker judges what others did.
    pub(super) fn judges(&self) -> bool {
        matches!(self.role, Role::Staff | Role::Admin)
    }
}

/// Whom the words themselves call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// The bot, by its name.
    Bot,
    /// Nobody.
    Nobody,
}
