//! One message of a chat, as every gateway hands it over and every JSON line spells it.

use serde::{Deserialize, Serialize};

use super::{GatewayId, GroupId, MessageId, PersonId, Role, Timestamp};

/// A message somebody wrote. The JSON form is the one of fixtures, `replay` and `triage`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The platform's id of the message.
    pub id: MessageId,
    /// Where it came in; empty for recorded messages.
    #[serde(default)]
    pub gateway: GatewayId,
    /// The group it was written in.
    pub group: GroupRef,
    /// Who wrote it.
    pub sender: Sender,
    /// When it was sent, by the platform's clock.
    pub time: Timestamp,
    /// What was written; faces, media and mentions as the platform spells them (`[捂脸]`, `@小助手`).
    pub text: String,
    /// Who is mentioned.
    #[serde(default)]
    pub mentions: Vec<PersonId>,
    /// Whether the bot is mentioned.
    #[serde(default)]
    pub mentions_bot: bool,
    /// A conversation with the bot alone: `group.id` is then the sender's own.
    #[serde(default)]
    pub direct: bool,
    /// The message this one answers or quotes.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
    /// The text of the quoted message, where the platform delivers it.
    #[serde(default)]
    pub quoted: Option<String>,
    /// The number of the event whose card is quoted.
    #[serde(default)]
    pub quotes_event: Option<String>,
    /// Pictures and the like; only their kind and the platform's reference.
    #[serde(default)]
    pub media: Vec<Media>,
}

/// A group as a message names it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupRef {
    /// The platform's id.
    pub id: GroupId,
    /// The group's name, empty where the platform does not say.
    #[serde(default)]
    pub name: String,
    /// Names of the areas it hangs under, outermost first; used by `replay` only.
    #[serde(default)]
    pub area: Vec<String>,
}

/// The writer of a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    /// The platform's id.
    pub id: PersonId,
    /// The name shown in the group.
    #[serde(default)]
    pub name: String,
    /// A role claimed by a recorded message; the directory's word wins.
    #[serde(default)]
    pub role: Option<Role>,
}

/// Something attached that is not text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Media {
    /// `image`, `voice`, `video`, `file`, `link`, `location`.
    pub kind: String,
    /// The platform's reference to it.
    #[serde(default)]
    pub reference: String,
}
