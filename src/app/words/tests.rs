//! Words, counted over an invented street's events.

use std::collections::BTreeSet;

use super::*;
use crate::lexicon::Lexicon;

fn sample(source: &str, text: &str, fate: Fate) -> Sample {
    Sample {
        source: source.to_owned(),
        text: text.to_owned(),
        fate,
        category: Some("01".into()),
    }
}

fn used<'f>(found: &'f Stats, word: &str) -> &'f Used {
    let mut all = found.used.iter();
    all.find(|one| one.word == word)
        .unwrap_or_else(|| panic!("{word}: {:#?}", found.used))
}

#[test]
fn a_word_counts_its_messages_and_each_event_once_by_its_fate() {
    let samples = [
        sample("E1", "3栋停电了", Fate::Confirmed),
        sample("E1", "我们这边也停电了", Fate::Confirmed),
        sample("E2", "停电了停电了", Fate::Refuted),
        sample("S1", "去年停电那次才吓人", Fate::Watched),
    ];
    let found = stats(&Lexicon::embedded(), &samples);
    let power = used(&found, "停电");
    assert_eq!((power.messages, power.kind), (4, "强"));
    assert_eq!((power.confirmed, power.refuted, power.watched), (1, 1, 1));
    assert!(found.dead.iter().all(|(word, _)| word != "停电"));
    assert!(
        found.dead.len() > 200,
        "most of a lexicon does not stand in four lines"
    );
}

#[test]
fn an_expression_of_several_real_problems_is_suggested_unless_everybody_says_it() {
    let lexicon = Lexicon::embedded();
    let texts = [
        "我屋头的鸬鹚柜今天又嗡嗡嗡",
        "鸬鹚柜从昨天起就没安静过",
        "哪个来看哈那个鸬鹚柜",
    ];
    let samples: Vec<Sample> = texts
        .iter()
        .zip(["E1", "E2", "E3"])
        .map(|(text, source)| sample(source, text, Fate::Confirmed))
        .collect();
    let ordinary: Vec<String> = ["今天吃啥子", "今天天气好", "昨天打牌没有", "没有空"]
        .iter()
        .map(|text| (*text).to_owned())
        .collect();
    let names = BTreeSet::new();
    let known = Known {
        ordinary: &ordinary,
        names: &names,
    };
    let found = suggest(&lexicon, &samples, known);
    let first = found.first().expect("a suggestion");
    assert_eq!(
        (first.words.as_str(), first.sources, first.confirmed),
        ("鸬鹚柜", 3, 3)
    );
    assert_eq!(first.category, Some("01".into()));
    assert!(
        found.iter().all(|one| !one.words.contains("今天")),
        "{found:#?}"
    );

    let names = BTreeSet::from(["鸬鹚柜".to_owned()]);
    let known = Known {
        ordinary: &ordinary,
        names: &names,
    };
    assert!(
        suggest(&lexicon, &samples, known).is_empty(),
        "a name is no word"
    );
    let one_person: Vec<Sample> = samples
        .iter()
        .map(|one| Sample {
            source: "E1".to_owned(),
            ..one.clone()
        })
        .collect();
    let names = BTreeSet::new();
    let known = Known {
        ordinary: &ordinary,
        names: &names,
    };
    assert!(
        suggest(&lexicon, &one_person, known).is_empty(),
        "one event is chance"
    );
}

#[test]
fn what_the_lexicon_finds_already_is_not_suggested() {
    let samples: Vec<Sample> = ["E1", "E2", "E3"]
        .map(|source| sample(source, "又停电了", Fate::Confirmed))
        .into();
    let names = BTreeSet::new();
    let known = Known {
        ordinary: &[],
        names: &names,
    };
    let found = suggest(&Lexicon::embedded(), &samples, known);
    assert!(
        found.iter().all(|one| !one.words.contains("停电")),
        "{found:#?}"
    );
}
