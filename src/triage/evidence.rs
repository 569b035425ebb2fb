//! The words found in one message, after longer words have swallowed what lies inside them.

use std::ops::Range;

use crate::lexicon::{CueId, Lexicon, Settled, Strength};
use crate::model::{CategoryCode, Level};
use crate::text::Normalised;
use crate::text::place::{self, PlaceFound};

use super::kind::{Kind, Part};
use super::{Emergency, weights};

/// One word and what it says.
#[derive(Clone, Debug)]
pub(super) struct Item<'l> {
    /// What it says.
    pub(super) kind: Kind,
    /// Where, in bytes of the normal text.
    pub(super) span: Range<usize>,
    /// What it adds when it stands alone.
    pub(super) weight: f32,
    /// What it speaks of.
    pub(super) category: Option<&'l CategoryCode>,
    /// As it stands in the lexicon.
    pub(super) word: &'l str,
    /// The Chinese title of its kind.
    pub(super) title: &'l str,
    /// A keyword's own level.
    pub(super) level: Option<Level>,
}

/// Everything found in one message.
#[derive(Debug)]
pub(super) struct Evidence<'l> {
    items: Vec<Item<'l>>,
    /// Words of trouble that the text denies: 没有停电.
    pub(super) denied: Vec<Item<'l>>,
    cuts: Vec<usize>,
    /// Places named, in order.
    pub(super) places: Vec<PlaceFound>,
    /// Whether staff, the property company or a grid worker is called by @.
    pub(super) calls_staff: bool,
    /// Length of the normal text in characters.
    pub(super) length: usize,
    /// How many clauses it has, by commas, spaces and full stops.
    pub(super) clauses: usize,
    /// Whether the text ends as a question.
    pub(super) asks: bool,
    /// Whether the text ends with an exclamation or a change of state (了).
    pub(super) exclaims: bool,
    /// Whether somebody else is spoken of (有人, 两个人).
    pub(super) somebody: bool,
    /// Whether the present is spoken of (今天, 现在, 又).
    pub(super) now: bool,
}

/// What the message is besides its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    /// The text as written.
    pub(super) original: &'a str,
    /// Names of areas that are places here.
    pub(super) area_names: &'a [String],
    /// The places that stand in it, where they are known already.
    pub(super) places: Option<&'a [PlaceFound]>,
}

/// What each cue of one lexicon means, by its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    version: String,
    of: Vec<Kind>,
}

impl Kinds {
    /// Follows the lexicon: reads the kinds again when it is another one.
    pub(super) fn follow(&mut self, lexicon: &Lexicon) {
        if self.version != lexicon.version() {
            self.version.clear();
            self.version.push_str(lexicon.version());
            self.of.clear();
            self.of
                .extend(lexicon.cues().map(|(_, cue)| Kind::named(&cue.kind)));
        }
    }

    /// What a cue means.
    pub(super) fn of(&self, id: CueId) -> Kind {
        self.of.get(id.index()).copied().unwrap_or(Kind::Other)
    }
}

impl<'l> Evidence<'l> {
    /// What stands in `text`.
    pub(super) fn gather(
        text: &Normalised,
        frame: Frame<'_>,
        settled: &Settled,
        kinds: &Kinds,
        lexicon: &'l Lexicon,
    ) -> Self {
        let said = text.text();
        let mut items = found(settled, kinds, lexicon);
        items.retain(|item| begins_a_word(item, settled));
        swallow(&mut items);
        items.sort_by_key(|item| item.span.start);
        let denied = deny(&mut items, said);
        Self {
            items,
            denied,
            cuts: sentence_ends(said),
            places: match frame.places {
                Some(places) => places.to_vec(),
                None => place::find(text, frame.area_names),
            },
            calls_staff: text
                .mentions()
                .iter()
                .any(|span| names_staff(&frame.original[span.clone()])),
            length: said.chars().count(),
            clauses: said
                .split([',', '，', ' ', '。', '!', '?', '？', '！', '\n'])
                .filter(|clause| !clause.trim().is_empty())
                .count(),
            asks: ends_as_question(said),
            exclaims: exclaims(said),
            somebody: ["有人", "个人", "男的", "女的"]
                .iter()
                .any(|w| said.contains(w)),
            now: NOW.iter().any(|word| said.contains(word)),
        }
    }

    /// The words of a kind, in order.
    pub(super) fn of(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Item<'l>> + Clone {
        self.items.iter().filter(move |item| item.kind == kind)
    }

    /// Whether a kind is there.
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.of(kind).next().is_some()
    }

    /// The signs of one emergency.
    pub(super) fn signs(
        &self,
        emergency: Emergency,
        part: Part,
    ) -> impl Iterator<Item = &Item<'l>> + Clone {
        self.of(Kind::Sign(emergency, part))
    }

    /// All words, in order.
    pub(super) fn items(&self) -> &[Item<'l>] {
        &self.items
    }

    /// Whether two words stand in the same sentence.
    pub(super) fn together(&self, one: &Item<'_>, other: &Item<'_>) -> bool {
        let sentence = |item: &Item<'_>| self.cuts.partition_point(|&cut| cut <= item.span.start);
        sentence(one) == sentence(other)
    }

    /// Whether the last noun before a trouble, in its sentence, is a private thing: 手机没电了.
    pub(super) fn of_a_device(&self, trouble: &Item<'_>) -> bool {
        self.items
            .iter()
            .filter(|item| matches!(item.kind, Kind::Device | Kind::Thing | Kind::Where))
            .filter(|item| item.span.end <= trouble.span.start + 3 && self.together(item, trouble))
            .max_by_key(|item| item.span.end)
            .is_some_and(|item| item.kind == Kind::Device)
    }

    /// Whether the message speaks of where its writer is.
    pub(super) fn is_here(&self) -> bool {
        !self.places.is_empty() || self.has(Kind::Where)
    }
}

fn found<'l>(settled: &Settled, kinds: &Kinds, lexicon: &'l Lexicon) -> Vec<Item<'l>> {
    let keywords = settled.hits.iter().map(|hit| {
        let keyword = lexicon.keyword(hit.id);
        let (kind, weight) = match hit.strength {
            Strength::Strong if is_asked_about(&keyword.category) => {
                (Kind::Strong, weights::STRONG_ASKED)
            }
            Strength::Strong => (Kind::Strong, weights::STRONG),
            Strength::Weak => (Kind::Weak, weights::WEAK),
        };
        Item {
            kind,
            span: hit.span.clone(),
            weight,
            category: Some(&keyword.category),
            word: &keyword.word,
            title: "关键词",
            level: keyword.level,
        }
    });
    let cues = settled.cues.iter().map(|found| {
        let cue = lexicon.cue(found.id);
        Item {
            kind: kinds.of(found.id),
            span: found.span.clone(),
            weight: cue.weight,
            category: cue.category.as_ref(),
            word: &cue.word,
            title: &cue.title,
            level: None,
        }
    });
    keywords.chain(cues).collect()
}

/// Drops what lies inside a longer word, among the kinds that speak of a matter. What speaks for
/// a problem only yields to a word that says at least as much.
fn swallow(items: &mut Vec<Item<'_>>) {
    items.sort_by_key(|item| std::cmp::Reverse(item.span.len()));
    let mut covered: Vec<(Range<usize>, f32)> = Vec::new();
    items.retain(|item| {
        if !item.kind.swallows() {
            return true;
        }
        let inside = covered.iter().any(|(wide, weight)| {
            wide.start <= item.span.start
                && item.span.end <= wide.end
                && wide.len() > item.span.len()
                && (*weight <= 0.0 || *weight >= item.weight)
        });
        if !inside {
            covered.push((item.span.clone(), item.weight));
        }
        !inside
    });
}

/// Whether a word that speaks of a matter starts where a word starts: 划走 is not in 计划走.
fn begins_a_word(item: &Item<'_>, settled: &Settled) -> bool {
    let matters = matches!(
        item.kind,
        Kind::Thing | Kind::Trouble | Kind::Scene | Kind::Blame | Kind::Formal | Kind::Harm
    );
    !matters
        || settled
            .words
            .across(item.span.start)
            .is_none_or(|word| word.end >= item.span.end)
}

/// Takes out the words of trouble that stand behind a denial.
fn deny<'l>(items: &mut Vec<Item<'l>>, said: &str) -> Vec<Item<'l>> {
    let troubles = |item: &Item<'_>| {
        matches!(
            item.kind,
            Kind::Strong | Kind::Trouble | Kind::Scene | Kind::Sign(_, Part::Whole)
        )
    };
    let is_denied = |item: &Item<'_>| {
        let before = &said[..item.span.start];
        troubles(item)
            && DENIALS.iter().any(|denial| before.ends_with(denial))
            && !NO_DENIALS.iter().any(|asking| before.ends_with(asking))
    };
    let denied = items
        .iter()
        .filter(|item| is_denied(item))
        .cloned()
        .collect();
    items.retain(|item| !is_denied(item));
    denied
}

const DENIALS: [&str; 12] = [
    "不是",
    "没有",
    "没得",
    "哪有",
    "没啥",
    "没什么",
    "不会",
    "并未",
    "没被",
    "没",
    "无",
    "未",
];

/// 有没有漏水 asks, 是不是停电 too.
const NO_DENIALS: [&str; 8] = [
    "有没有",
    "是不是",
    "有没得",
    "有没",
    "会不会",
    "是否",
    "毫无",
    "何尝不是",
];

/// Categories of the counter, whose words stand in questions more often than in gripes.
fn is_asked_about(category: &CategoryCode) -> bool {
    matches!(category.as_str(), "15" | "16" | "17" | "18")
}

fn sentence_ends(text: &str) -> Vec<usize> {
    text.char_indices()
        .filter(|(_, c)| matches!(c, '。' | '!' | '?' | ';' | '！' | '？' | '；' | '\n'))
        .map(|(at, _)| at)
        .collect()
}

fn names_staff(mention: &str) -> bool {
    [
        "物业", "社区", "网格", "管家", "客服", "维修", "工程", "书记", "主任",
    ]
    .iter()
    .any(|word| mention.contains(word))
}

fn last_words(text: &str) -> &str {
    text.trim_end_matches(|c: char| !c.is_alphanumeric())
}

fn ends_as_question(text: &str) -> bool {
    let tail = text.trim_end();
    tail.ends_with(['?', '？']) || last_words(text).ends_with(['吗', '不', '没', '么', '呢'])
}

fn exclaims(text: &str) -> bool {
    text.contains("!!") || text.contains("！！") || last_words(text).ends_with(['了', '啦'])
}

const NOW: [&str; 9] = [
    "又",
    "还没",
    "还在",
    "还不",
    "至今",
    "到现在",
    "这几天",
    "这两天",
    "刚才又",
];
