//! From words to a number: what speaks for a problem here and now, and what against.

use crate::model::CategoryCode;

use super::account::Account;
use super::evidence::{Evidence, Item};
use super::kind::Kind;
use super::votes::Votes;
use super::weights;

/// What the words add up to.
#[derive(Debug)]
pub(super) struct Score<'l> {
    /// Keywords, troubles and scenes.
    pub(super) core: f32,
    /// Blame and the words of a petition.
    pub(super) blame: f32,
    /// The category of all the evidence.
    pub(super) votes: Votes<'l>,
    /// Where the last of the core stands, in bytes of the normal text.
    pub(super) last_core: Option<usize>,
    /// The core items that counted.
    pub(super) counted: Vec<Item<'l>>,
}

/// Adds up what speaks for and against.
pub(super) fn weigh<'l>(evidence: &Evidence<'l>, account: &mut Account<'_>) -> Score<'l> {
    let mut score = Score {
        core: 0.0,
        blame: 0.0,
        votes: Votes::default(),
        last_core: None,
        counted: Vec::new(),
    };
    for item in &evidence.denied {
        account.add(
            "negation",
            weights::DENIED,
            format!("否定：没有“{}”", item.word),
            Some(item.span.clone()),
        );
    }
    let core = core(evidence, account);
    add_core(&core, &mut score, account);
    let things = add_things(evidence, &mut score, account);
    let pair = add_pair(evidence, &core, &things, &mut score, account);
    let thing_sum: f32 = faded(
        things.iter().map(|thing| thing.weight),
        &weights::THING_FADE,
    );
    let blame = add_kind(
        evidence,
        Kind::Blame,
        weights::BLAME_CAP,
        &mut score,
        account,
    );
    let formal = add_kind(
        evidence,
        Kind::Formal,
        weights::FORMAL_CAP,
        &mut score,
        account,
    );
    score.blame = blame + formal;
    if formal >= weights::FORMAL_CLEAR
        && let Some(thing) = things.first()
    {
        let why = format!("正式反映的是“{}”", thing.word);
        account.add("formal_topic", weights::FORMAL_TOPIC, why, None);
    }
    let gripe = score.core + score.blame;
    let ground = if gripe < weights::CORE_LEAST {
        0.5 * thing_sum
    } else {
        weights::COLOUR_FREE + gripe + pair + 0.5 * thing_sum
    };
    add_colour(evidence, ground, &mut score, account);
    add_against(evidence, &score, account);
    score
}

/// The items that speak of a trouble, heaviest first, those of private things left out.
fn core<'l>(evidence: &Evidence<'l>, account: &mut Account<'_>) -> Vec<Item<'l>> {
    let mut core = Vec::new();
    for item in evidence.items() {
        if !matches!(item.kind, Kind::Strong | Kind::Trouble | Kind::Scene) {
            continue;
        }
        if evidence.of_a_device(item) {
            account.note(
                "device",
                format!("说的是自家物件：“{}”", item.word),
                Some(item.span.clone()),
            );
        } else {
            core.push(item.clone());
        }
    }
    core.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    core
}

fn add_core<'l>(core: &[Item<'l>], score: &mut Score<'l>, account: &mut Account<'_>) {
    score.last_core = core.iter().map(|item| item.span.start).max();
    for item in core {
        if score.counted.iter().any(|other| overlap(item, other)) {
            score.votes.add(item.category, item.weight * 0.5);
            continue;
        }
        let step = score.counted.len().min(weights::CORE_FADE.len() - 1);
        let weight = item.weight * weights::CORE_FADE[step];
        score.core += weight;
        score.votes.add(item.category, item.weight);
        score.counted.push(item.clone());
        let (rule, what) = match item.kind {
            Kind::Strong => ("strong_word", "强关键词".to_owned()),
            Kind::Scene => ("scene", item.title.to_owned()),
            _ => ("trouble", format!("毛病（{}）", item.title)),
        };
        account.add(
            rule,
            weight,
            format!("{what}：“{}”", item.word),
            Some(item.span.clone()),
        );
    }
}

fn add_things<'l>(
    evidence: &Evidence<'l>,
    score: &mut Score<'l>,
    account: &mut Account<'_>,
) -> Vec<Item<'l>> {
    let mut things: Vec<Item<'l>> = Vec::new();
    for item in evidence.items() {
        let is_noun = matches!(item.kind, Kind::Thing | Kind::Weak);
        let is_known = score
            .counted
            .iter()
            .chain(&things)
            .any(|other| overlap(item, other));
        if is_noun && !is_known {
            things.push(item.clone());
        }
    }
    for (nth, thing) in things.iter().enumerate() {
        let weight = thing.weight * weights::THING_FADE[nth.min(weights::THING_FADE.len() - 1)];
        score.votes.add(thing.category, thing.weight);
        let (rule, title) = match thing.kind {
            Kind::Weak => ("weak_word", "弱关键词"),
            _ => ("thing", thing.title),
        };
        account.add(
            rule,
            weight,
            format!("{title}：“{}”", thing.word),
            Some(thing.span.clone()),
        );
    }
    things
}

/// A trouble beside a thing is a statement: 电梯…关不上.
fn add_pair<'l>(
    evidence: &Evidence<'l>,
    core: &[Item<'l>],
    things: &[Item<'l>],
    score: &mut Score<'l>,
    account: &mut Account<'_>,
) -> f32 {
    let mut found = None;
    for trouble in core.iter().filter(|item| item.kind == Kind::Trouble) {
        for thing in things {
            if evidence.together(thing, trouble) && gap(thing, trouble) <= weights::PAIR_REACH {
                if trouble.category.is_none() {
                    score.votes.add(thing.category, weights::PAIR);
                }
                found.get_or_insert((thing.word, trouble.word));
            }
        }
    }
    let Some((thing, trouble)) = found else {
        return 0.0;
    };
    account.add(
        "pair",
        weights::PAIR,
        format!("“{thing}”和“{trouble}”说的是一回事"),
        None,
    );
    weights::PAIR
}

/// Whether two items share a character.
fn overlap(one: &Item<'_>, other: &Item<'_>) -> bool {
    one.span.start < other.span.end && other.span.start < one.span.end
}

/// Bytes between two items.
fn gap(one: &Item<'_>, other: &Item<'_>) -> usize {
    one.span
        .start
        .saturating_sub(other.span.end)
        .max(other.span.start.saturating_sub(one.span.end))
}

/// Adds a kind once: each word of it counts less than the one before, up to a cap.
fn add_kind<'l>(
    evidence: &Evidence<'l>,
    kind: Kind,
    cap: f32,
    score: &mut Score<'l>,
    account: &mut Account<'_>,
) -> f32 {
    let mut words: Vec<&Item<'l>> = Vec::new();
    for item in evidence.of(kind) {
        let counted = matches!(kind, Kind::Blame | Kind::Formal | Kind::Harm)
            && score
                .counted
                .iter()
                .any(|core| core.weight >= item.weight && overlap(core, item));
        if !counted && !words.iter().any(|known| known.word == item.word) {
            score.votes.add(item.category, item.weight * 0.5);
            words.push(item);
        }
    }
    let Some(first) = words.first() else {
        return 0.0;
    };
    let sum = faded(words.iter().map(|item| item.weight), &weights::FADE).min(cap);
    account.add(
        rule(kind),
        sum,
        format!("{}：{}", first.title, quoted(&words)),
        Some(first.span.clone()),
    );
    sum
}

/// What colours a message counts only as far as there is something to colour.
fn add_colour<'l>(
    evidence: &Evidence<'l>,
    ground: f32,
    score: &mut Score<'l>,
    account: &mut Account<'_>,
) {
    let mut sum = 0.0;
    for (kind, cap) in COLOURS {
        sum += add_kind(evidence, kind, cap, score, account);
    }
    if let Some(place) = evidence.places.first() {
        sum += weights::PLACE;
        account.add(
            "place",
            weights::PLACE,
            format!("说了地点：{}", place.place),
            Some(place.span.clone()),
        );
    }
    if evidence.calls_staff && !evidence.has(Kind::Whom) {
        sum += weights::CALLS_STAFF;
        account.add(
            "whom",
            weights::CALLS_STAFF,
            "@了物业或社区".to_owned(),
            None,
        );
    }
    if sum > ground {
        account.add(
            "little_ground",
            ground - sum,
            "只有语气，没说出什么事，语气少算".to_owned(),
            None,
        );
    }
}

const COLOURS: [(Kind, f32); 11] = [
    (Kind::Petition, 0.9),
    (Kind::Again, 0.6),
    (Kind::Duration, 0.8),
    (Kind::Night, 0.5),
    (Kind::Where, 0.6),
    (Kind::Whom, 1.0),
    (Kind::Plea, 0.5),
    (Kind::Harm, 0.9),
    (Kind::Vulnerable, 0.5),
    (Kind::Sarcasm, 0.7),
    (Kind::Pressure, 0.5),
];

fn add_against(evidence: &Evidence<'_>, score: &Score<'_>, account: &mut Account<'_>) {
    for kind in AGAINST {
        let words: Vec<&Item<'_>> = evidence.of(kind).collect();
        let Some(first) = words.first() else { continue };
        let sum = faded(words.iter().map(|item| item.weight), &weights::FADE)
            * softened(kind, evidence, score, &words);
        let sum = sum.max(-weights::AGAINST_CAP);
        account.add(
            rule(kind),
            sum,
            format!("{}：{}", first.title, quoted(&words)),
            Some(first.span.clone()),
        );
    }
}

/// Evidence against, and what takes its force away: 前天才修好，今天又停了.
fn softened(kind: Kind, evidence: &Evidence<'_>, score: &Score<'_>, words: &[&Item<'_>]) -> f32 {
    let last = words
        .iter()
        .map(|item| item.span.start)
        .max()
        .unwrap_or_default();
    match kind {
        Kind::Past if evidence.now => 0.25,
        Kind::Restored | Kind::Eased if score.last_core.is_some_and(|core| core > last) => 0.4,
        Kind::Device if evidence.has(Kind::Thing) || evidence.has(Kind::Scene) => 0.4,
        Kind::Elsewhere if evidence.is_here() => 0.5,
        Kind::Notice
            if (evidence.has(Kind::Blame) || evidence.has(Kind::Whom)) && evidence.length < 60 =>
        {
            0.5
        }
        Kind::News if evidence.has(Kind::Where) => 0.6,
        Kind::Thanks | Kind::Chat | Kind::Plan | Kind::Theory if score.core >= 1.5 => 0.6,
        _ => 1.0,
    }
}

/// The kinds that speak against.
pub(super) const AGAINST: [Kind; 15] = [
    Kind::Negation,
    Kind::Restored,
    Kind::Eased,
    Kind::Past,
    Kind::Elsewhere,
    Kind::News,
    Kind::Device,
    Kind::Hyperbole,
    Kind::Advert,
    Kind::Notice,
    Kind::Plan,
    Kind::Thanks,
    Kind::Wish,
    Kind::Theory,
    Kind::Chat,
];

fn rule(kind: Kind) -> &'static str {
    match kind {
        Kind::Blame => "blame",
        Kind::Formal => "formal",
        Kind::Petition => "petition",
        Kind::Again => "again",
        Kind::Duration => "duration",
        Kind::Night => "night",
        Kind::Where => "where",
        Kind::Whom => "whom",
        Kind::Plea => "plea",
        Kind::Harm => "harm",
        Kind::Vulnerable => "vulnerable",
        Kind::Sarcasm => "sarcasm",
        Kind::Pressure => "pressure",
        Kind::Negation => "negation",
        Kind::Restored => "restored",
        Kind::Eased => "eased",
        Kind::Past => "past",
        Kind::Elsewhere => "elsewhere",
        Kind::News => "news",
        Kind::Device => "device",
        Kind::Hyperbole => "hyperbole",
        Kind::Advert => "advert",
        Kind::Notice => "notice_words",
        Kind::Plan => "plan",
        Kind::Thanks => "thanks",
        Kind::Wish => "wish",
        Kind::Theory => "theory",
        Kind::Chat => "chat",
        _ => "other",
    }
}

fn faded(values: impl Iterator<Item = f32>, fade: &[f32]) -> f32 {
    values
        .enumerate()
        .map(|(nth, value)| value * fade[nth.min(fade.len() - 1)])
        .sum()
}

fn quoted(words: &[&Item<'_>]) -> String {
    let mut text = String::new();
    for item in words.iter().take(4) {
        text.push('“');
        text.push_str(item.word);
        text.push('”');
    }
    text
}

/// The category of all the evidence.
pub(super) fn category<'l>(score: &Score<'l>) -> Option<&'l CategoryCode> {
    score.votes.winner()
}
