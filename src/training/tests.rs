//! What a handful of samples teaches.

use crate::lexicon::{Learned, Origin};
use crate::model::CategoryCode;

use super::{Background, Owned, Sample, Standing, Wanted, teach};

fn sample(text: &str, wanted: Wanted, category: &str) -> Sample {
    Sample {
        text: text.to_owned(),
        wanted,
        weight: 1.0,
        categories: if category.is_empty() {
            Vec::new()
        } else {
            vec![CategoryCode::from(category)]
        },
        by_words: 0.0,
        decided: false,
        peril: None,
        everyday: false,
    }
}

fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for place in ["三栋", "四栋", "车库", "门口", "楼道"] {
        samples.push(sample(&format!("{place}的灯又黑了"), Wanted::Open, "01"));
        samples.push(sample(&format!("{place}臭得很"), Wanted::Open, "07"));
        samples.push(sample(&format!("我在{place}等你"), Wanted::Ignore, ""));
        samples.push(sample(&format!("{place}的表在哪里领"), Wanted::Ask, "18"));
    }
    samples
}

fn learned(samples: &[Sample], background: &Background) -> Learned {
    let samples: Vec<&Sample> = samples.iter().collect();
    let fitted = teach(&samples, background, &Owned::default());
    let from = Standing::default();
    let (origin, lessons) = fitted.lessons(from, Origin::default());
    Learned::new(origin, lessons)
}

#[test]
fn what_was_told_is_found_in_other_words_too() {
    let learned = learned(&samples(), &Background::default());
    let problem = learned.impression("大厅的灯又黑了");
    assert!(problem.open > 2.0, "{problem:?}");
    let chat = learned.impression("我在楼下等你哦");
    assert!(chat.open < 2.0, "{chat:?}");
    let question = learned.impression("这个表在哪里领");
    assert!(question.ask > 2.0 && question.open < 2.0, "{question:?}");
}

#[test]
fn danger_to_life_is_told_from_what_can_wait_and_named() {
    let mut all = samples();
    for place in ["三栋", "四栋", "车库", "门口", "楼道"] {
        for (text, peril) in [("冒黑烟了快跑", "着火"), ("有人卡在里头", "困人")] {
            all.push(Sample {
                peril: Some(peril.to_owned()),
                ..sample(&format!("{place}{text}"), Wanted::Open, "04")
            });
        }
    }
    let learned = learned(&all, &Background::default());
    for (text, peril) in [("大厅冒黑烟了", "着火"), ("地下室有人卡在里头", "困人")]
    {
        let cry = learned.impression(text);
        let calm = learned.impression("大厅的灯又黑了");
        assert!(cry.urgent > calm.urgent + 1.0, "{cry:?} {calm:?}");
        assert_eq!(learned.peril(text), Some(peril));
    }
}

#[test]
fn what_was_decided_by_words_teaches_neither_problems_nor_questions() {
    let mut all = samples();
    let before = learned(&all, &Background::default());
    for place in ["三栋", "四栋"] {
        all.push(Sample {
            decided: true,
            ..sample(&format!("{place}我在等你"), Wanted::Open, "")
        });
    }
    let after = learned(&all, &Background::default());
    let text = "我在大厅等你";
    let change = after.impression(text).open - before.impression(text).open;
    assert!(change.abs() < 0.05, "{change}");
}

#[test]
fn each_category_gets_the_votes_of_its_expressions() {
    let learned = learned(&samples(), &Background::default());
    let votes = learned.votes("路边臭得很");
    let best = votes.iter().max_by(|one, other| one.1.total_cmp(&other.1));
    assert_eq!(best.map(|(code, _)| code.as_str()), Some("07"), "{votes:?}");
}

#[test]
fn what_is_frequent_in_ordinary_talk_is_held_small() {
    let texts = ["灯又黑了一条街", "又黑了吧", "晒得又黑了"];
    let noisy = Background::count(texts.into_iter().cycle().take(300), "test", 1);
    let quiet = learned(&samples(), &Background::default());
    let careful = learned(&samples(), &noisy);
    let weight = |learned: &Learned| {
        let told = learned.told("又黑了", |teaching| teaching.open);
        told.iter().map(|(_, weight)| weight).sum::<f32>()
    };
    assert!(weight(&careful) < 0.5 * weight(&quiet));
}

#[test]
fn the_steps_told_add_up_to_the_impression() {
    let learned = learned(&samples(), &Background::default());
    for text in [
        "车库的灯又黑了",
        "我在一个很远很远的地方等你们所有人一起来吃饭",
    ] {
        let sum: f32 = learned
            .told(text, |teaching| teaching.open)
            .iter()
            .map(|(_, weight)| weight)
            .sum();
        let impression = learned.impression(text).open - learned.origin().open_base;
        assert!((sum - impression).abs() < 1e-4);
    }
}
