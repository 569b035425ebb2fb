//! Decisions by example, with invented residents and our own words.

use proptest::prelude::*;

use super::*;
use crate::model::{GroupRef, Role, Sender};

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
