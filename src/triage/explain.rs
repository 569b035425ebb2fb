//! Why a text was decided as it was, for people (Chinese) and for programs (JSON).

use std::fmt;

use serde::Serialize;

use crate::lexicon::{Findings, Lexicon};
use crate::model::{Message, Timestamp};
use crate::text::Normalised;

use super::json::weighted;
use super::{Context, Decision, Emergency, Triage, emergency};

/// Everything that led to a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// As written.
    pub original: String,
    /// What the sender says, in normal form; a face is one placeholder.
    pub normalised: String,
    /// The words it was cut into.
    pub tokens: Vec<String>,
    /// Every keyword and cue that stands there, before anything is dropped.
    pub candidates: Vec<Candidate>,
    /// What was decided.
    pub decision: Decision,
    /// The category as people read it: 01 供电用电.
    pub category: Option<String>,
}

/// A word of the lexicon that stands in the text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// As it stands in the lexicon.
    pub word: String,
    /// What it is: 强关键词, 否定, …
    pub kind: String,
    /// Bytes of the original.
    pub start: usize,
    /// Bytes of the original.
    pub end: usize,
}

/// Explains what a message would become.
pub fn explain(
    triage: &mut Triage,
    now: Timestamp,
    message: &Message,
    context: &Context,
    lexicon: &Lexicon,
) -> Explanation {
    let text = Normalised::of(&message.text);
    let mut found = Findings::default();
    lexicon.scan(&text, &mut found);
    let decision = triage.decide(now, message, context, lexicon);
    Explanation {
        tokens: tokens(&text, lexicon),
        candidates: candidates(&text, &found, lexicon),
        category: decision
            .category
            .as_ref()
            .map(|code| lexicon.category_title(code)),
        original: message.text.clone(),
        normalised: text.text().to_owned(),
        decision,
    }
}

fn tokens(text: &Normalised, lexicon: &Lexicon) -> Vec<String> {
    lexicon
        .segmenter()
        .tokens(text.text())
        .into_iter()
        .map(|token| text.text()[token.start..token.end].to_owned())
        .filter(|token| !token.trim().is_empty())
        .collect()
}

fn candidates(text: &Normalised, found: &Findings, lexicon: &Lexicon) -> Vec<Candidate> {
    let keywords = found.keywords.iter().map(|found| {
        let keyword = lexicon.keyword(found.id);
        let kind = format!(
            "{}关键词 {}",
            keyword.strength.chinese(),
            lexicon.category_title(&keyword.category)
        );
        (keyword.word.clone(), kind, found.span.clone())
    });
    let cues = found.cues.iter().map(|found| {
        let cue = lexicon.cue(found.id);
        (cue.word.clone(), cue.title.to_string(), found.span.clone())
    });
    let mut all: Vec<Candidate> = keywords
        .chain(cues)
        .map(|(word, kind, span)| {
            let span = text.original_span(span);
            Candidate {
                word,
                kind,
                start: span.start,
                end: span.end,
            }
        })
        .collect();
    all.sort_by_key(|candidate| (candidate.start, candidate.end));
    all
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decision = &self.decision;
        writeln!(f, "原文：{}", self.original)?;
        writeln!(
            f,
            "规整后：{}",
            self.normalised.replace('\u{FFFC}', "[表情]")
        )?;
        writeln!(f, "分词：{}", self.tokens.join(" / "))?;
        writeln!(f, "找到的词：")?;
        for candidate in &self.candidates {
            writeln!(f, "  “{}”　{}", candidate.word, candidate.kind)?;
        }
        if self.candidates.is_empty() {
            writeln!(f, "  （没有）")?;
        }
        for hit in &decision.hits {
            writeln!(f, "算数：“{}”", hit.keyword)?;
        }
        for dropped in &decision.dropped {
            writeln!(f, "不算：“{}”，{}", dropped.hit.keyword, dropped.why)?;
        }
        writeln!(f, "理由：")?;
        for reason in &decision.because {
            writeln!(f, "  {}", weighted(&reason.text, reason.weight))?;
        }
        if decision.because.is_empty() {
            writeln!(f, "  没有找到说明问题的词，不用理会")?;
        }
        write!(
            f,
            "合计 {:.2}，结论：{}",
            decision.score,
            decision.action.chinese()
        )?;
        if let Some(kind) = decision.emergency {
            write!(f, "，{}", alarm(kind))?;
        }
        if let Some(category) = &self.category {
            write!(f, "，类别 {category}")?;
        }
        if let Some(level) = decision.level {
            write!(f, "，级别 {}", level.chinese())?;
        }
        if let Some(place) = &decision.place {
            write!(f, "，地点 {place}")?;
        }
        if decision.discreet {
            write!(f, "，不在群里公开说")?;
        }
        writeln!(f)
    }
}

fn alarm(kind: Emergency) -> String {
    format!("特急险情（{}）", emergency::chinese(kind))
}
