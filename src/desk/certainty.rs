//! How sure it is what a message is about. In one talk people name the matter once and then go on
//! about it (“没人管”, “我妈都下不来楼”), which alone looks like something else.

use crate::triage::{Decision, Emergency, Reason};

use super::Event;

/// Families that say who should act rather than what is wrong.
const WHO_SHOULD_ACT: [&str; 3] = ["property", "neighbours", "welfare"];
/// From this score on the evidence names the matter without a strong word.
const PLENTY: f32 = 4.0;
/// The rules of triage that found a strong keyword, and words that paint a matter (“电梯停”).
const STRONG: &str = "strong_word";
const SCENE: &str = "scene";

/// Whether a message names its matter itself, whatever was said before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// Its category is a guess.
    Guessed,
    /// Some of its words paint the matter.
    Shown,
    /// By a strong word of its own category, by saying little else than what paints it (“车库淹了”),
    /// or danger to life.
    Named,
}

impl Certainty {
    /// Of a new message; `family` is its category's.
    pub(super) fn of(decision: &Decision, text: &str, family: &str) -> Self {
        let own = |reason: &&Reason| {
            let mut hits = decision.hits.iter();
            hits.any(|hit| {
                let span = reason.span.as_ref();
                hit.category == decision.category
                    && span.is_none_or(|span| span.start == hit.start && span.end == hit.end)
            })
        };
        let own: Vec<&Reason> = decision.because.iter().filter(own).collect();
        Self::from_evidence(&own, decision.score, decision.emergency, text, family)
    }

    /// Of the message that opened an event.
    pub(super) fn of_event(event: &Event) -> Self {
        let score = event.because.iter().map(|reason| reason.weight).sum();
        let reasons: Vec<&Reason> = event.because.iter().collect();
        Self::from_evidence(&reasons, score, event.emergency, &event.gist, &event.family)
    }

    fn from_evidence(
        reasons: &[&Reason],
        score: f32,
        emergency: Option<Emergency>,
        text: &str,
        family: &str,
    ) -> Self {
        let of_rule = |rule| reasons.iter().filter(move |reason| reason.rule == rule);
        let painted = of_rule(SCENE).filter_map(|reason| reason.span.as_ref());
        let painted: usize = painted.map(ExactSizeIterator::len).sum();
        let little_else = painted * 2 >= text.len() && painted > 0;
        if emergency.is_some() {
            Self::Named
        } else if WHO_SHOULD_ACT.contains(&family) {
            Self::Guessed
        } else if score >= PLENTY || of_rule(STRONG).next().is_some() || little_else {
            Self::Named
        } else if painted > 0 {
            Self::Shown
        } else {
            Self::Guessed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CategoryCode;
    use crate::triage::Hit;

    /// What a text says where a rule saw these words of it, worth so much.
    fn certainty(text: &str, rule: &str, words: &str, score: f32, family: &str) -> Certainty {
        let start = text.find(words).expect("they stand in it");
        let (category, end) = (Some(CategoryCode::from("20")), start + words.len());
        let keyword = words.to_owned();
        let decision = Decision {
            category: category.clone(),
            score,
            hits: vec![Hit {
                keyword,
                category,
                start,
                end,
            }],
            because: vec![Reason {
                rule: rule.to_owned(),
                weight: score,
                text: String::new(),
                span: Some(start..end),
            }],
            ..Decision::default()
        };
        Certainty::of(&decision, text, family)
    }

    #[test]
    fn a_bare_picture_names_its_matter_and_one_in_a_story_only_shows_it() {
        let scene = |text, words| certainty(text, SCENE, words, 1.6, "disaster");
        assert_eq!(scene("车库淹了", "车库淹"), Certainty::Named);
        let story = "坡道口跟瀑布一样往里头灌，我的车还停在下面";
        assert_eq!(scene(story, "往里头灌"), Certainty::Shown);
    }

    #[test]
    fn a_strong_word_names_a_matter_but_not_who_should_act() {
        let strong = |family| certainty("物业没人管", STRONG, "没人管", 1.6, family);
        assert_eq!(strong("water"), Certainty::Named);
        assert_eq!(strong("property"), Certainty::Guessed);
        assert_eq!(
            certainty("好吵", "trouble", "好吵", 1.6, "nuisance"),
            Certainty::Guessed
        );
    }
}
