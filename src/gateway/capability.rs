//! What a channel can do, as declared values: what is heard, what may be written, and how words are
//! addressed where the platform cannot do what was wished. Nothing here is found out by trying.

use std::time::Duration;

use serde::Serialize;

/// Which messages of a group reach a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hears {
    /// Every message.
    Everything,
    /// Only those that mention the account: most complaints are never heard.
    Mentions,
}

/// What a source can hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SourceCapabilities {
    /// Whether the platform is answered only after a message is committed, and so delivers again
    /// what we did not keep.
    pub acknowledged: bool,
    /// Which messages of a group it delivers.
    pub hears: Hears,
    /// Whether what was said while we were away is delivered afterwards.
    pub history: bool,
}

/// What happens to words between the sink and the group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// They appear at once.
    #[default]
    None,
    /// A person confirms each of them in the platform's own client.
    Person,
}

/// Whose messages a [`Rate`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateScope {
    /// All that the account writes.
    Account,
    /// What goes to one group or person.
    Destination,
}

/// A limit the platform sets, kept whatever the configuration allows beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// At most so many messages,
    pub messages: usize,
    /// within any stretch of this length.
    pub per: Duration,
    /// Whose messages are counted.
    pub scope: RateScope,
    /// Where the number is written down.
    pub stated: &'static str,
}

/// What a sink can do with words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SinkCapabilities {
    /// Longest text, in bytes of UTF-8; longer ones are split at sentence ends.
    pub max_bytes: usize,
    /// Whether it can mention.
    pub mention: bool,
    /// Whether it can quote.
    pub quote: bool,
    /// Whether it can send a picture.
    pub image: bool,
    /// Whether it can write to one person alone; where not, such words become drafts.
    pub direct: bool,
    /// Whether a person stands between.
    pub confirmation: Confirmation,
    /// The platform's own limits.
    pub rates: &'static [Rate],
}

impl SinkCapabilities {
    /// A sink for text alone, at most `max_bytes` a message, with no limit that is known.
    pub const fn text_only(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            mention: false,
            quote: false,
            image: false,
            direct: false,
            confirmation: Confirmation::None,
            rates: &[],
        }
    }

    /// How words are addressed to whom they answer, the best way this sink has.
    pub fn addressing(&self) -> Addressing {
        match (self.quote, self.mention) {
            (true, _) => Addressing::Quote,
            (false, true) => Addressing::Mention,
            (false, false) => Addressing::Name,
        }
    }
}

/// How words say whom they answer; each step down is what is left when a platform cannot do better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressing {
    /// The message they answer is quoted.
    Quote,
    /// The person is mentioned with @.
    Mention,
    /// The person's name stands in front.
    Name,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sink_cannot_do_steps_down_from_quote_to_mention_to_name() {
        let name = SinkCapabilities::text_only(2048);
        let mention = SinkCapabilities {
            mention: true,
            ..name
        };
        let quote = SinkCapabilities {
            quote: true,
            ..mention
        };
        let found = [quote, mention, name].map(|can| can.addressing());
        assert_eq!(
            found,
            [Addressing::Quote, Addressing::Mention, Addressing::Name]
        );
    }
}
