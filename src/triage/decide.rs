//! The order in which a message is looked at.

use std::borrow::Cow;

use jiff::tz::{self, TimeZone};

use crate::command::{self, Asked, Command};
use crate::lexicon::{Findings, Impression, Lexicon, Settled};
use crate::model::{CategoryCode, Level, Message, Place, Role, Timestamp};
use crate::text::{Normalised, place};

use super::account::{Account, rounded};
use super::conversation::{self, Answer};
use super::emergency::{self, Alarm};
use super::evidence::{Evidence, Frame, Kinds};
use super::kind::{Kind, Part};
use super::notice::{self, NoticeReading};
use super::score::{self, Score};
use super::worth::{Talk, is_worthwhile};
use super::{
    Action, Context, Decision, Dropped, Emergency, Hit, NoticeMatter, Reading, Reason, Words,
    level, taught, weights,
};

/// One message and everything the caller knows.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) now: Timestamp,
    pub(super) message: &'a Message,
    pub(super) context: &'a Context,
    pub(super) lexicon: &'a Lexicon,
    /// From this score on a gripe opens an event.
    pub(super) opens_at: f32,
}

impl Case<'_> {
    fn role(&self) -> Role {
        self.context
            .role
            .or(self.message.sender.role)
            .unwrap_or_default()
    }

    fn bot_name(&self) -> &str {
        self.context.bot_name.as_deref().unwrap_or(BOT_NAME)
    }

    /// Whether the words are meant for the bot or said among colleagues.
    fn is_addressed(&self, text: &Normalised) -> bool {
        self.message.mentions_bot
            || self.message.direct
            || self.message.quotes_event.is_some()
            || self.context.work
            || self.role() != Role::Resident
            || text.text().contains(self.bot_name())
    }
}

/// What the message means.
pub(super) fn decide(case: Case<'_>, reading: &Reading, kinds: &Kinds) -> Decision {
    let text = &reading.text;
    let silence = Decision {
        id: case.message.id.clone(),
        ..Decision::default()
    };
    if case.role() == Role::Bot {
        return silence;
    }
    match commanded(case, text) {
        None => hear(case, reading, kinds, silence),
        Some(command) if case.is_addressed(text) => obeyed(silence, command),
        // Said into the group without calling the bot: 3#又停电了，没人管 is a report first.
        Some(command) => {
            let heard = hear(case, reading, kinds, silence.clone());
            if heard.action == Action::Open {
                heard
            } else {
                obeyed(silence, command)
            }
        }
    }
}

/// What talk means: an announcement, or what its words add up to.
fn hear(case: Case<'_>, reading: &Reading, kinds: &Kinds, silence: Decision) -> Decision {
    let Reading {
        text,
        found,
        impression,
        ..
    } = reading;
    if let Some(notice) = announced(case, text, found, kinds) {
        return posted(silence, notice);
    }
    let telling = reading.words == Words::Telling;
    if !telling || !is_worthwhile(Talk::of(case.context), case.lexicon, reading, kinds) {
        return silence;
    }
    let ahead = reading.settled.as_ref().map(Cow::Borrowed);
    let settled = ahead.unwrap_or_else(|| Cow::Owned(case.lexicon.settle(text, found)));
    let frame = Frame {
        original: &case.message.text,
        places: reading.places(&case.context.area_names),
        area_names: &case.context.area_names,
    };
    let evidence = Evidence::gather(text, frame, &settled, kinds, case.lexicon);
    let decision = judge(case, text, *impression, &evidence, silence);
    with_hits(decision, text, &settled, &evidence, case.lexicon).bounded()
}

/// What the message asks of the bot.
fn commanded(case: Case<'_>, text: &Normalised) -> Option<Command> {
    let Case {
        message, context, ..
    } = case;
    let zone = TimeZone::fixed(tz::offset(COMMUNITY_HOURS));
    command::parse(
        text,
        &message.text,
        &Asked {
            role: case.role(),
            bot_name: case.bot_name(),
            mentions_bot: message.mentions_bot,
            direct: message.direct,
            work: context.work,
            quotes_event: message.quotes_event.as_deref(),
            today: zone.to_datetime(case.now).date(),
        },
    )
}

fn obeyed(silence: Decision, command: Command) -> Decision {
    Decision {
        action: Action::Command,
        because: vec![Reason {
            rule: "command".to_owned(),
            weight: 0.0,
            text: format!("是对机器人说的：{}", command.name.chinese()),
            span: None,
        }],
        command: Some(command),
        ..silence
    }
}

/// What the message announces. Staff and the property company are believed more easily.
fn announced(
    case: Case<'_>,
    text: &Normalised,
    found: &Findings,
    kinds: &Kinds,
) -> Option<NoticeReading> {
    let hints = found
        .cues
        .iter()
        .any(|cue| kinds.of(cue.id) == Kind::Notice);
    if !hints && text.text().len() < weights::NOTICE_UNHINTED {
        return None;
    }
    let Case {
        message, context, ..
    } = case;
    let reading = notice::read_notice(message.time, text, &message.text, &context.area_names)?;
    let official = matches!(case.role(), Role::Staff | Role::Property | Role::Admin);
    (official || reading.official >= notice::OFFICIAL).then_some(reading)
}

fn posted(silence: Decision, reading: NoticeReading) -> Decision {
    let category = match reading.found.matter {
        NoticeMatter::Power => Some("01"),
        NoticeMatter::Water => Some("02"),
        NoticeMatter::Gas | NoticeMatter::Heating => Some("03"),
        NoticeMatter::Lift => Some("05"),
        NoticeMatter::Road => Some("09"),
        NoticeMatter::Network => Some("14"),
        NoticeMatter::Other => None,
    };
    Decision {
        action: Action::Notice,
        category: category.map(CategoryCode::from),
        score: rounded(reading.official),
        notice: Some(reading.found),
        because: reading.because,
        ..silence
    }
}

/// The bot's name where nobody gave it another.
const BOT_NAME: &str = "小助手";

/// The community's hours ahead of UTC.
const COMMUNITY_HOURS: i8 = 8;

fn judge(
    case: Case<'_>,
    text: &Normalised,
    impression: Impression,
    evidence: &Evidence<'_>,
    mut decision: Decision,
) -> Decision {
    let mut account = Account::new(text);
    let mut score = score::weigh(evidence, &mut account);
    if matches!(case.role(), Role::Staff | Role::Property) && account.score > 0.0 {
        account.add(
            "staff_speaks",
            weights::STAFF_SPEAKS,
            "说话的是社区或物业".to_owned(),
            None,
        );
    }
    let by_words = account.score;
    if let Some(learned) = case.lexicon.learned() {
        taught::add(
            learned,
            text,
            impression,
            evidence,
            &mut score,
            &mut account,
        );
    }
    let alarm = emergency::recognise(evidence, &mut account).or_else(|| {
        let learned = case.lexicon.learned()?;
        taught::alarm(learned, text, impression, evidence, &mut account)
    });
    let alarm = emergency::heeded(alarm, &mut account);
    decision.place = merged_place(evidence);
    decision.score = rounded(account.score);
    decision.emergency = alarm.map(|alarm| alarm.kind);
    let sum = Sum {
        impression,
        by_words,
        opens_at: case.opens_at,
    };
    decision.action = action(evidence, &score, sum, alarm, &mut account);
    if decision.action == Action::Ask {
        for item in evidence.of(Kind::Counter) {
            score.votes.add(item.category, 1.0);
        }
    }
    conversation::lean(case.now, case.context, &mut score.votes);
    decision.category = category(case, &score, alarm);
    converse(case, evidence, &mut decision, &mut account);
    decision.discreet = is_discreet(evidence, &decision);
    if decision.discreet && decision.action != Action::Ignore {
        account.note("discreet", "不在群里公开说，只私下告诉相关的人", None);
    }
    decision.level = level_of(case, evidence, &decision, &mut account);
    decision.because = account.because;
    decision
}

/// What the account is held against.
#[derive(Clone, Copy)]
struct Sum {
    /// What was learned.
    impression: Impression,
    /// What the lexicon's words come to without it.
    by_words: f32,
    /// From this score on a gripe opens an event.
    opens_at: f32,
}

fn action(
    evidence: &Evidence<'_>,
    score: &Score<'_>,
    sum: Sum,
    alarm: Option<Alarm>,
    account: &mut Account<'_>,
) -> Action {
    if alarm.is_some() {
        return Action::Open;
    }
    if is_question(evidence, score, sum, account.score) {
        account.note("ask", "问的是办事的事", None);
        return Action::Ask;
    }
    let has_matter = score::category(score).is_some();
    if account.score >= sum.opens_at && has_matter {
        return Action::Open;
    }
    if is_restored(evidence, score) {
        account.note("restored", "说的是已经恢复", None);
        return Action::Restored;
    }
    if emergency::despair(evidence) {
        account.note("despair", "话里有轻生的意思，请人看一看", None);
        return Action::Watch;
    }
    if account.score >= weights::WATCH || sum.by_words >= weights::WATCH_WORDS {
        return Action::Watch;
    }
    Action::Ignore
}

/// A question for the counter: its words, asked, without a gripe; or one by what was learned.
fn is_question(evidence: &Evidence<'_>, score: &Score<'_>, sum: Sum, problem: f32) -> bool {
    let mut topic: Vec<f32> = evidence.of(Kind::Counter).map(|item| item.weight).collect();
    topic.sort_by(|one, other| other.total_cmp(one));
    let topic = topic.first().copied().unwrap_or_default()
        + 0.5 * topic.get(1).copied().unwrap_or_default();
    let asked = evidence
        .of(Kind::Question)
        .map(|item| item.weight)
        .fold(0.0, f32::max);
    let by_words = topic >= weights::ASK_TOPIC
        && asked > 0.0
        && topic.min(weights::ASK_TOPIC_CAP) + asked >= weights::ASK_LEAST
        && score.core < weights::ASK_GRIPE;
    let by_learning = sum.impression.ask >= weights::ASK_LEARNED && problem < sum.opens_at;
    (by_words || by_learning)
        && score.blame < weights::ASK_BLAME
        && !evidence.has(Kind::Advert)
        && !evidence.has(Kind::Chat)
        && !evidence.has(Kind::News)
        && evidence.of(Kind::Notice).count() < 2
}

/// A word of restored service, not of a private thing, with no trouble after it.
fn is_restored(evidence: &Evidence<'_>, score: &Score<'_>) -> bool {
    let Some(last) = evidence.of(Kind::Restored).next_back() else {
        return false;
    };
    !evidence.of_a_device(last)
        && !evidence.asks
        && !evidence.has(Kind::Elsewhere)
        && !evidence.has(Kind::News)
        && score.last_core.is_none_or(|core| core <= last.span.start)
}

fn merged_place(evidence: &Evidence<'_>) -> Option<Place> {
    place::merge(&evidence.places)
}

fn category(case: Case<'_>, score: &Score<'_>, alarm: Option<Alarm>) -> Option<CategoryCode> {
    if let Some(alarm) = alarm {
        let own = CategoryCode::from(emergency::category(alarm.kind));
        if case.lexicon.catalogue().categories.contains_key(&own) {
            return Some(own);
        }
    }
    score::category(score).cloned()
}

/// What the conversation adds.
fn converse(
    case: Case<'_>,
    evidence: &Evidence<'_>,
    decision: &mut Decision,
    account: &mut Account<'_>,
) {
    match conversation::answer(case.now, case.context, evidence, decision) {
        Some(Answer::Over(matter)) => {
            account.note("over", format!("说的是 {} 已经好了", matter.event), None);
            decision.action = Action::Restored;
            decision.category = Some(matter.category.clone());
            decision.supports = Some(matter.event.clone());
        }
        Some(Answer::Supports(matter)) => {
            account.note("supports", format!("接着 {} 说的", matter.event), None);
            decision.action = Action::Open;
            decision.category = Some(matter.category.clone());
            decision.supports = Some(matter.event.clone());
        }
        Some(Answer::Joins(_, people)) => {
            account.note(
                "murmurs",
                format!("几分钟内已有 {people} 个人说到同一类事"),
                None,
            );
            decision.action = Action::Open;
        }
        None => {}
    }
}

/// 轻生, 家暴 and the like; quarrels that name a door.
fn is_discreet(evidence: &Evidence<'_>, decision: &Decision) -> bool {
    // An ignored one too: the ledger of silences must not keep it.
    let heeded = [Action::Open, Action::Watch, Action::Ask, Action::Ignore];
    if !heeded.contains(&decision.action) {
        return false;
    }
    let names_a_door = decision
        .place
        .as_ref()
        .is_some_and(|place| place.room.is_some());
    let quarrel = ["吵架", "打架", "吵起来", "打起来", "骂"]
        .iter()
        .any(|word| evidence.items().iter().any(|item| item.word.contains(word)));
    decision.emergency == Some(Emergency::Suicide)
        || evidence
            .signs(Emergency::Suicide, Part::Whole)
            .next()
            .is_some()
        || evidence.has(Kind::Discreet)
        || (quarrel && names_a_door)
}

fn level_of(
    case: Case<'_>,
    evidence: &Evidence<'_>,
    decision: &Decision,
    account: &mut Account<'_>,
) -> Option<Level> {
    match decision.action {
        Action::Open if decision.emergency.is_some() => Some(Level::Critical),
        Action::Open | Action::Watch => {
            let category = decision.category.as_ref()?;
            let named = evidence
                .items()
                .iter()
                .filter(|item| item.category == Some(category))
                .find_map(|item| item.level);
            Some(level::of(category, named, evidence, case.lexicon, account))
        }
        Action::Ask => Some(Level::Inquiry),
        _ => None,
    }
}

/// Fills in the words that counted and those that did not.
fn with_hits(
    mut decision: Decision,
    text: &Normalised,
    settled: &Settled,
    evidence: &Evidence<'_>,
    lexicon: &Lexicon,
) -> Decision {
    if decision.because.is_empty() && decision.action == Action::Ignore {
        return decision;
    }
    decision.hits = evidence
        .items()
        .iter()
        .filter(|item| {
            item.weight > 0.0
                && matches!(
                    item.kind,
                    Kind::Strong | Kind::Weak | Kind::Scene | Kind::Trouble | Kind::Thing
                ) | matches!(item.kind, Kind::Counter | Kind::Blame | Kind::Formal)
        })
        .map(|item| hit(text, item.word, item.category, item.span.clone()))
        .collect();
    decision.dropped = settled
        .dropped
        .iter()
        .map(|(found, reason)| {
            let keyword = lexicon.keyword(found.id);
            Dropped {
                hit: hit(
                    text,
                    &keyword.word,
                    Some(&keyword.category),
                    found.span.clone(),
                ),
                why: reason.chinese(),
            }
        })
        .collect();
    decision
}

fn hit(
    text: &Normalised,
    word: &str,
    category: Option<&CategoryCode>,
    span: std::ops::Range<usize>,
) -> Hit {
    let original = text.original_span(span);
    Hit {
        keyword: word.to_owned(),
        category: category.cloned(),
        start: original.start,
        end: original.end,
    }
}
