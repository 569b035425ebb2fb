//! Decisions by example, with invented residents and our own words.

mod conversation;
mod dangers;
mod metamorphic;
mod pairs;

use proptest::prelude::*;

use super::*;
use crate::model::{GroupRef, Level, Role, Sender};

fn message(text: &str) -> Message {
    Message {
        id: "m1".into(),
        gateway: "g".into(),
        group: GroupRef::default(),
        sender: Sender::default(),
        time: "2026-11-20T08:00:00+08:00".parse().unwrap(),
        text: text.to_owned(),
        mentions: Vec::new(),
        mentions_bot: false,
        direct: false,
        reply_to: None,
        quoted: None,
        quotes_event: None,
        media: Vec::new(),
    }
}

fn said(text: &str) -> Decision {
    said_in(text, &Context::default())
}

fn said_in(text: &str, context: &Context) -> Decision {
    let message = message(text);
    decide(message.time, &message, context, &Lexicon::embedded())
}

#[track_caller]
fn check(text: &str, action: Action, category: &str) {
    let decision = said(text);
    let found = decision.category.as_ref().map_or("", |code| code.as_str());
    assert!(
        decision.action == action && (category.is_empty() || found == category),
        "{text}: {:?} {found} {:#?}",
        decision.action,
        decision.because
    );
}

#[test]
fn a_threshold_raises_the_bar_for_gripes_and_never_for_an_emergency() {
    let by = |open_at, text: &str| {
        let message = message(text);
        let (now, context) = (message.time, Context::default());
        Triage::opening_at(open_at).decide(now, &message, &context, &Lexicon::embedded())
    };
    let gripe = "楼下垃圾堆了一个星期，臭得很，没人收";
    assert_eq!(by(OPENS_AT, gripe), said(gripe));
    let score = said(gripe).score;
    assert_eq!(by(score - 0.1, gripe).action, Action::Open);
    assert_eq!(by(score + 0.1, gripe).action, Action::Watch);
    assert_eq!(by(9.0, "电梯困人了，快来人").level, Some(Level::Critical));
}

/// `config` may not read it here.
#[test]
fn the_default_threshold_is_the_configured_one() {
    assert_eq!(
        crate::config::Config::default().open_at.to_bits(),
        OPENS_AT.to_bits()
    );
}

#[test]
fn a_gripe_opens_with_or_without_a_keyword() {
    check("3栋又停电了，有没有人管", Action::Open, "01");
    check("6栋电梯关不上门，老人娃娃都困在楼上", Action::Open, "05");
    check("楼下垃圾堆了一个星期，臭得很，没人收", Action::Open, "07");
    check("半夜两点还在敲墙，还让不让人睡觉", Action::Open, "08");
    check(
        "人行道上井盖不见了，一个大洞，老人差点踩空",
        Action::Open,
        "14",
    );
}

#[test]
fn ordinary_talk_is_silent() {
    check("今晚吃火锅不", Action::Ignore, "");
    check("手机没电了，等会儿聊", Action::Ignore, "");
    check("年轻生活真好", Action::Ignore, "");
}

#[test]
fn danger_to_life_is_critical() {
    let decision = said("2栋电梯里关了个人，快来人啊");
    assert_eq!(decision.level, Some(crate::model::Level::Critical));
    assert_eq!(decision.emergency, Some(Emergency::Trapped));
}

#[test]
fn a_drill_a_story_or_a_fear_is_no_alarm() {
    for text in [
        "社区周五消防演练，假装着火大家别慌",
        "昨晚看的电影里一群人关在电梯里",
        "燃气公司上门安检，通知看群公告",
        "笑得我要晕倒了",
        "要是着火了往哪跑，楼道全堵了",
    ] {
        assert_ne!(
            said(text).level,
            Some(crate::model::Level::Critical),
            "{text}"
        );
    }
}

#[test]
fn despair_is_shown_to_a_person_and_not_spoken_of() {
    let decision = said("我真的不想活了");
    assert!(decision.discreet);
    assert!(matches!(decision.action, Action::Watch | Action::Open));
}

#[test]
fn a_question_for_the_counter_is_asked() {
    check("请问居住证怎么办理，需要什么材料", Action::Ask, "18");
    check("养老认证怎么弄，有没有人知道", Action::Ask, "15");
}

#[test]
fn a_service_that_is_back_is_restored() {
    check("来电了来电了", Action::Restored, "");
    check("我们这边来水了", Action::Restored, "");
}

#[test]
fn a_command_is_read_before_anything_else() {
    let mut message = message("接单 12");
    message.mentions_bot = true;
    let context = Context {
        role: Some(Role::Worker),
        work: true,
        ..Context::default()
    };
    let decision = decide(message.time, &message, &context, &Lexicon::embedded());
    assert_eq!(decision.action, Action::Command);
    assert_eq!(decision.command.unwrap().event.as_deref(), Some("12"));
}

#[test]
fn vulnerable_people_raise_an_ordinary_matter_one_step() {
    let ordinary = said("楼下垃圾堆起没人收，臭得很");
    let raised = said("楼下垃圾堆起没人收，臭得很，老人受不了");
    assert_eq!(ordinary.level, Some(crate::model::Level::Normal));
    assert_eq!(raised.level, Some(crate::model::Level::Urgent));
}

#[test]
fn every_reason_is_chinese_and_a_line_of_json_names_them() {
    let decision = said("3栋又停电了，有没有人管");
    let line = serde_json::to_value(json::DecisionLine::from(&decision)).unwrap();
    assert_eq!(line["action"], "open");
    assert_eq!(line["category"], "01");
    assert_eq!(line["level"], "urgent");
    assert_eq!(line["place"], "3栋");
    assert!(
        line["because"][0]
            .as_str()
            .is_some_and(|text| text.contains("停电"))
    );
    let hits = line["hits"].as_array().unwrap();
    assert!(hits.iter().any(|hit| hit["keyword"] == "停电"));
}

#[test]
fn another_bot_is_never_heard() {
    let context = Context {
        role: Some(Role::Bot),
        ..Context::default()
    };
    assert_eq!(
        said_in("3栋又停电了，没人管", &context).action,
        Action::Ignore
    );
}

proptest! {
    #[test]
    fn any_text_is_decided_the_same_twice_with_spans_on_characters(text in "\\PC{0,60}") {
        let one = said(&text);
        prop_assert_eq!(&one, &said(&text));
        let spans = one.hits.iter().map(|hit| hit.start..hit.end)
            .chain(one.because.iter().filter_map(|reason| reason.span.clone()));
        for span in spans {
            prop_assert!(text.get(span).is_some());
        }
    }
}
