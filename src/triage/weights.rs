//! Every threshold and every weight that is not in the lexicon.
//!
//! The unit is a tenth of "a problem here and now": the words of `cues.toml` are written on the
//! same scale. All were set by hand and by eye; only [`OPEN`] and [`WATCH`] were chosen so that
//! ordinary chat stays quiet (fewer than 8 events in 10,000 messages).

/// From here on a message opens an event.
pub(super) const OPEN: f32 = 2.0;
/// From here on a person should look.
pub(super) const WATCH: f32 = 1.2;
/// From here on the lexicon's words alone make a person look, whatever examples say: a word that an
/// operator marked 强 is never without effect.
pub(super) const WATCH_WORDS: f32 = 1.6;
/// From here on a message inside an open matter's conversation supports it.
pub(super) const SUPPORT: f32 = 0.5;
/// From here on a message counts as a murmur, of which several people's open an event.
pub(super) const MURMUR: f32 = 0.7;
/// A short echo (我家也是) speaks of the matter at hand unless it is as ordinary as this.
pub(super) const ECHO: f32 = -2.5;
/// So many people's murmurs of one category within minutes open an event.
pub(super) const MURMURS_OPEN: u8 = 2;
/// A message that only murmurs supports a matter spoken of within this many seconds.
pub(super) const ECHO_SECONDS: i64 = 30 * 60;
/// A message that speaks of the matter itself supports it within this many seconds.
pub(super) const MATTER_SECONDS: i64 = 24 * 60 * 60;

/// A keyword marked 强.
pub(super) const STRONG: f32 = 1.6;
/// A keyword marked 强 of a category that mostly is asked about (社保, 就业, 民政, 办事).
pub(super) const STRONG_ASKED: f32 = 0.9;
/// A keyword marked 弱.
pub(super) const WEAK: f32 = 0.5;
/// A trouble beside a thing.
pub(super) const PAIR: f32 = 0.6;
/// How far apart thing and trouble may stand, in bytes (12 Chinese characters).
pub(super) const PAIR_REACH: usize = 36;
/// A trouble was denied: 没有停电.
pub(super) const DENIED: f32 = -1.0;
/// A place was named: 3栋.
pub(super) const PLACE: f32 = 0.5;
/// The property company or the community was called by @.
pub(super) const CALLS_STAFF: f32 = 0.8;
/// An emergency opens whatever else was said.
pub(super) const EMERGENCY: f32 = 3.0;

/// What the second, third and later finding of the core kinds is worth.
pub(super) const CORE_FADE: [f32; 4] = [1.0, 0.6, 0.4, 0.3];
/// The same for things.
pub(super) const THING_FADE: [f32; 3] = [1.0, 0.5, 0.2];
/// The same for everything else.
pub(super) const FADE: [f32; 3] = [1.0, 0.5, 0.25];

/// Most that blame can add.
pub(super) const BLAME_CAP: f32 = 1.5;
/// Most that the words of a petition can add.
pub(super) const FORMAL_CAP: f32 = 1.9;
/// From here on the words of a petition are meant as one.
pub(super) const FORMAL_CLEAR: f32 = 0.9;
/// And what they complain of is named.
pub(super) const FORMAL_TOPIC: f32 = 1.0;
/// What colours a message may add at most as much as its core, and this.
pub(super) const COLOUR_FREE: f32 = 0.3;
/// Below this core a message is about nothing, and colour counts half of the things named.
pub(super) const CORE_LEAST: f32 = 0.3;
/// Most that one kind of evidence against can take away.
pub(super) const AGAINST_CAP: f32 = 3.2;

/// An emergency needs this much.
pub(super) const EMERGENCY_LEAST: f32 = 0.89;
/// How far apart what and state of an emergency may stand, in bytes.
pub(super) const SIGN_REACH: usize = 72;

/// A question for the counter needs this much of the counter's words.
pub(super) const ASK_TOPIC: f32 = 0.7;
/// The counter's words and the way of asking must come to this together.
pub(super) const ASK_LEAST: f32 = 1.3;
/// More of the counter's words than this say no more.
pub(super) const ASK_TOPIC_CAP: f32 = 1.5;
/// A gripe this strong is no question any more.
pub(super) const ASK_GRIPE: f32 = 1.6;
/// Blame and petition words this strong neither.
pub(super) const ASK_BLAME: f32 = 0.8;

/// What staff and the property company say is rarely a gripe.
pub(super) const STAFF_SPEAKS: f32 = -1.0;
/// Texts at least this long are read as announcements even without a notice's words, in bytes.
pub(super) const NOTICE_UNHINTED: usize = 60;

/// Most that what was learned adds to what the news, a film or a novel tells: examples know how
/// problems sound, not whose they are.
pub(super) const TALE_CAP: f32 = 1.5;
/// From here on what was learned makes a message a question for the counter.
pub(super) const ASK_LEARNED: f32 = 2.0;
/// Below this what a cry of danger stands in is so ordinary by what was learned (高数要让我心梗了)
/// that a person should look before anybody is called.
pub(super) const CALM: f32 = -1.0;
/// From here on what was learned makes a message one of danger to life.
pub(super) const URGENT_LEARNED: f32 = 2.0;
/// What a doubt counts against it: 小说里, 如果, 去年 turn a cry into a tale.
pub(super) const URGENT_DOUBT: f32 = 3.0;
/// What a learned vote for a category counts beside a word's.
pub(super) const LEARNED_VOTE: f32 = 0.5;
/// What is spoken of lately counts for so much more, as a share of its own votes: a word that could
/// mean either means the matter at hand.
pub(super) const LEAN: f32 = 1.5;
