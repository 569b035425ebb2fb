//! What an admin may set about the desk, with the defaults the program was made for.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::{Time, time};
use jiff::tz::{Offset, TimeZone};

/// The desk's settings. Numbers that differ by city come from the catalogue, not from here.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The community's time zone: +08:00.
    pub zone: TimeZone,
    /// Working hours of a working day, in order, not overlapping: 09:00-12:00 and 13:00-18:00,
    /// eight hours, as `1d` in `categories.toml` counts them.
    pub working_hours: Vec<(Time, Time)>,
    /// What the bot is called in chat.
    pub bot_name: Arc<str>,
    /// How long a Lead lives without support (domain T3).
    pub lead_life: Duration,
    /// How long a Lead that was shown waits for a yes or no before staff is reminded, in working
    /// hours (domain T4).
    pub lead_confirm: Duration,
    /// The same for one that came outside working hours (domain T4).
    pub lead_confirm_off_hours: Duration,
    /// The same for 紧急 and above, at any hour (domain T4).
    pub lead_confirm_urgent: Duration,
    /// How long an offer of 特急 stands before the next one on the chain is called (domain §4.4).
    pub critical_step: Duration,
    /// When residents are asked again whether the result is well; twice this, it counts as well
    /// (domain T16: no answer in 48 h, two tries).
    pub follow_up: Duration,
    /// A message older than this gets no automatic reply; it may still open or change an event
    /// (design §4, 5a).
    pub reply_within: Duration,
    /// How long restored evidence must stand without a new report (design §8).
    pub restored_quiet: Duration,
    /// Time to check a result, working time (domain T14).
    pub verify_within: Duration,
    /// Time for the 街道 to answer 吹哨 about 特急 and 紧急 (domain T11).
    pub street_urgent: Duration,
    /// The same for other levels, and for 督办 (domain T11, T20): one working day.
    pub street_normal: Duration,
    /// Longest 挂账 (domain T10).
    pub longest_suspension: Duration,
    /// After so many 退单 staff decides (domain T9).
    pub max_hand_backs: u8,
    /// Public words per event and group, one of them kept for the outcome (design §8).
    pub public_words: u8,
    /// How many reporters' 好了 or 满意 verify a result (domain T15).
    pub verifying_residents: usize,
    /// How many residents end an event by 来电了 (design §8).
    pub restoring_residents: usize,
    /// Days after closing when an event's texts are masked.
    pub masked_after_days: u16,
    /// Days after closing when an event's texts are deleted.
    pub deleted_after_days: u16,
    /// Whether anybody hears the bot.
    pub speech: Speech,
}

/// What becomes of the words the desk decides on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speech {
    /// They are kept until the outbox has said them.
    #[default]
    Kept,
    /// They are dropped: a replay speaks to nobody, and a bot that opens its store later must not
    /// say them either.
    Dropped,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: TimeZone::fixed(Offset::constant(8)),
            working_hours: vec![
                (time(9, 0, 0, 0), time(12, 0, 0, 0)),
                (time(13, 0, 0, 0), time(18, 0, 0, 0)),
            ],
            bot_name: "小助手".into(),
            lead_life: hours(24),
            lead_confirm: Duration::from_mins(30),
            lead_confirm_off_hours: hours(2),
            lead_confirm_urgent: Duration::from_mins(10),
            critical_step: Duration::from_mins(5),
            follow_up: hours(24),
            reply_within: Duration::from_mins(10),
            restored_quiet: Duration::from_mins(30),
            verify_within: hours(4),
            street_urgent: hours(2),
            street_normal: hours(8),
            longest_suspension: hours(30 * 24),
            max_hand_backs: 2,
            public_words: 4,
            verifying_residents: 3,
            restoring_residents: 2,
            masked_after_days: 90,
            deleted_after_days: 365,
            speech: Speech::Kept,
        }
    }
}

fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}
