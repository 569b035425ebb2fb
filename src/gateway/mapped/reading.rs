//! One item of a body becomes a message, our own words, nothing, or something that is wrong.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use sha1::{Digest, Sha1};

use super::look::Look;
use super::xml;
use crate::config::webhook::{Content, NoGroup, Reading};
use crate::model::{
    GatewayId, GroupId, GroupRef, Media, Message, MessageId, PersonId, Sender, Timestamp,
};

/// What one item is.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Somebody wrote it.
    Message(Box<Message>),
    /// We wrote it.
    Own(Box<Message>),
    /// No message for us; why, Chinese.
    Skipped(String),
    /// It cannot be understood.
    Broken {
        /// For the ledger and metrics.
        reason: &'static str,
        /// The key of the mapping that is to blame.
        field: &'static str,
    },
}

/// What a message does not say itself.
pub(super) struct Circumstances<'a> {
    pub(super) gateway: &'a GatewayId,
    pub(super) now: Timestamp,
}

/// Reads one item.
pub(super) fn read(reading: &Reading, look: &Look<'_>, around: &Circumstances<'_>) -> Verdict {
    match message(reading, look, around) {
        Ok((message, Whose::Others)) => Verdict::Message(Box::new(message)),
        Ok((message, Whose::Ours)) => Verdict::Own(Box::new(message)),
        Err(verdict) => verdict,
    }
}

enum Whose {
    Ours,
    Others,
}

fn message(
    reading: &Reading,
    look: &Look<'_>,
    around: &Circumstances<'_>,
) -> Result<(Message, Whose), Verdict> {
    if let Some(test) = reading
        .accept
        .iter()
        .find(|test| !look.holds("accept", test))
    {
        let why = format!("accept 的条件“{}”不成立", test.probe.written);
        return Err(Verdict::Skipped(why));
    }
    let content = content(reading, look)?;
    let place = place(reading, look)?;
    let me = look.text("me", &reading.me);
    let is_me = |id: &str| me.as_deref() == Some(id) || reading.own_ids.iter().any(|it| it == id);
    let sender = look.text("sender", &reading.sender);
    let ours = look.any("own", &reading.own) || sender.as_deref().is_some_and(is_me);
    let sender = match sender {
        Some(sender) => sender,
        None if ours => me.clone().unwrap_or_else(|| "self".to_owned()),
        None => return Err(broken("no sender", "sender")),
    };
    let (group, direct) = match place {
        Some(group) => (group, false),
        None => (sender.clone(), true),
    };
    let words = words(reading, &look.alone(), content)?;
    let sent = time(reading, look)?;
    let mentions = look.list("mentions", &reading.mentions);
    let id = match look.alone().text("id", &reading.id) {
        Some(id) => id,
        None if reading.id.is_empty() => made_up(&[&group, &sender, &words.text], sent, around.now),
        None => return Err(broken("no id", "id")),
    };
    let message = Message {
        id: MessageId::new(id),
        gateway: around.gateway.clone(),
        group: GroupRef {
            id: GroupId::new(group),
            name: look
                .text("group_name", &reading.group_name)
                .unwrap_or_default(),
            area: Vec::new(),
        },
        sender: Sender {
            id: PersonId::new(sender),
            name: look
                .text("sender_name", &reading.sender_name)
                .unwrap_or_default(),
            role: None,
        },
        time: sent.unwrap_or(around.now),
        mentions_bot: look.any("mentions_bot", &reading.mentions_bot)
            || mentions.iter().any(|id| is_me(id)),
        mentions: mentions.into_iter().map(PersonId::new).collect(),
        text: words.text,
        direct,
        reply_to: look
            .text("reply_to", &reading.reply_to)
            .or(words.answers)
            .map(MessageId::new),
        quoted: look.text("quoted", &reading.quoted).or(words.quoted),
        quotes_event: None,
        media: words.media,
    };
    Ok((message, if ours { Whose::Ours } else { Whose::Others }))
}

fn broken(reason: &'static str, field: &'static str) -> Verdict {
    Verdict::Broken { reason, field }
}

fn content(reading: &Reading, look: &Look<'_>) -> Result<Content, Verdict> {
    let Some(kind) = look.text("kind", &reading.kind) else {
        return Ok(Content::Text);
    };
    // Some clients write the kind of an attachment above the 32 bits of the kind itself.
    let low = kind
        .parse::<u64>()
        .map(|kind| (kind & 0xffff_ffff).to_string());
    let found = reading.kinds.get(&kind);
    let found = found.or_else(|| reading.kinds.get(low.as_ref().ok()?));
    match found {
        Some(content) => Ok(*content),
        None if reading.kinds.is_empty() => Ok(Content::Text),
        None => Err(Verdict::Skipped(format!(
            "kind 是“{}”，不在 read.kinds 里",
            super::look::shown(&kind)
        ))),
    }
}

/// The group; `None`: it is said to the bot alone.
fn place(reading: &Reading, look: &Look<'_>) -> Result<Option<String>, Verdict> {
    if look.any("direct", &reading.direct) {
        return Ok(None);
    }
    match (look.text("group", &reading.group), reading.no_group) {
        (Some(group), _) => Ok(Some(group)),
        (None, NoGroup::Direct) => Ok(None),
        (None, NoGroup::Skip) => Err(Verdict::Skipped(
            "没有群号，按私聊处理（no_group = \"skip\"），不看".to_owned(),
        )),
        (None, NoGroup::Error) => Err(broken("no group", "group")),
    }
}

/// What is said, in whatever form.
#[derive(Default)]
struct Words {
    text: String,
    quoted: Option<String>,
    answers: Option<String>,
    media: Vec<Media>,
}

fn words(reading: &Reading, look: &Look<'_>, content: Content) -> Result<Words, Verdict> {
    let (kind, placeholder) = match content {
        Content::Text => {
            let text = look.text("text", &reading.text);
            return Ok(Words {
                text: text.ok_or_else(|| broken("no text", "text"))?,
                ..Words::default()
            });
        }
        Content::App => {
            let text = look.text("text", &reading.text);
            return Ok(app(&text.ok_or_else(|| broken("no text", "text"))?));
        }
        Content::Image => ("image", "[图片]"),
        Content::Voice => ("voice", "[语音]"),
        Content::Video => ("video", "[视频]"),
        Content::File => ("file", "[文件]"),
        Content::Link => ("link", "[链接]"),
        Content::Location => ("location", "[位置]"),
    };
    Ok(Words {
        text: placeholder.to_owned(),
        media: vec![attached(kind)],
        ..Words::default()
    })
}

fn attached(kind: &str) -> Media {
    Media {
        kind: kind.to_owned(),
        reference: String::new(),
    }
}

/// A link, a file, a quotation: XML with a title; what is quoted stands apart.
fn app(xml: &str) -> Words {
    let title = xml::element(xml, "title").unwrap_or_default();
    let Some(quoted) = xml::inner(xml, "refermsg") else {
        return Words {
            text: format!("[链接]{title}"),
            media: vec![attached("link")],
            ..Words::default()
        };
    };
    Words {
        text: title,
        quoted: xml::element(quoted, "content"),
        answers: xml::element(quoted, "svrid").filter(|id| !id.is_empty()),
        media: Vec::new(),
    }
}

/// When it was sent; a time that is there and cannot be read is not passed over, since everything that
/// depends on age would be wrong.
fn time(reading: &Reading, look: &Look<'_>) -> Result<Option<Timestamp>, Verdict> {
    let found = look.text("time", &reading.time);
    match found {
        Some(text) => match moment(&text) {
            Some(at) => Ok(Some(at)),
            None => Err(broken("time cannot be read", "time")),
        },
        None if look.stands(&reading.time) => Err(broken("time cannot be read", "time")),
        None => Ok(None),
    }
}

/// Seconds, milliseconds or microseconds since 1970, also as text; RFC 3339; or a date and time of
/// China's clock.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return plausible(at);
    }
    if let Ok(civil) = text.replace('/', "-").parse::<DateTime>() {
        let zone = TimeZone::fixed(Offset::constant(8));
        return plausible(civil.to_zoned(zone).ok()?.timestamp());
    }
    let seconds = match text.parse::<f64>().ok()? {
        micro if micro > 1e15 => micro / 1e6,
        milli if milli > 1e12 => milli / 1e3,
        seconds => seconds,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, and out of range is refused"
    )]
    let at = Timestamp::from_millisecond((seconds * 1000.0).round() as i64).ok()?;
    plausible(at)
}

fn plausible(at: Timestamp) -> Option<Timestamp> {
    (at > Timestamp::UNIX_EPOCH).then_some(at)
}

/// An id for a message that has none: the same words of the same person count once a minute, or once
/// at all where a time is known.
fn made_up(parts: &[&String], sent: Option<Timestamp>, now: Timestamp) -> String {
    let mut hash = Sha1::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let when = sent.map_or(now.as_second() / 60, Timestamp::as_millisecond);
    hash.update(when.to_be_bytes());
    let digest = hash.finalize();
    let digits = digest.iter().take(10).map(|byte| format!("{byte:02x}"));
    format!("h-{}", digits.collect::<String>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gateway::mapped::look::scalar;

    #[test]
    fn times_are_read_in_every_unit() {
        let expected: Timestamp = "2025-11-20T00:00:00Z".parse().expect("a time");
        for value in [
            json!(1_763_596_800),
            json!("1763596800"),
            json!(1_763_596_800_000_i64),
            json!(1_763_596_800.000_4),
            json!("2025-11-20T08:00:00+08:00"),
            json!("2025-11-20 08:00:00"),
            json!("2025/11/20 08:00:00"),
        ] {
            let text = scalar(&value).expect("a scalar");
            assert_eq!(moment(&text), Some(expected), "{value}");
        }
        for text in ["昨天", "-5", "1e300", "true", "NaN", ""] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
