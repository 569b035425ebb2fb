//! What the conversation adds to a message.

use std::sync::Arc;

use super::*;
use crate::model::{CategoryCode, EventId};

fn outage_open() -> Context {
    Context {
        open: vec![OpenMatter {
            event: EventId::from("E-20261120-0003"),
            category: CategoryCode::from("01"),
            place: None,
            last_at: "2026-11-20T07:50:00+08:00".parse().unwrap(),
        }],
        ..Context::default()
    }
}

#[test]
fn a_terse_echo_supports_the_open_matter() {
    for text in ["我家也是", "+1", "我们这边也没得"] {
        let decision = said_in(text, &outage_open());
        assert_eq!(
            decision.action,
            Action::Open,
            "{text}: {:#?}",
            decision.because
        );
        assert_eq!(decision.supports, Some("E-20261120-0003".into()), "{text}");
        assert_eq!(said(text).action, Action::Ignore, "{text}");
    }
}

#[test]
fn jokes_and_thanks_support_nothing() {
    for text in ["笑死，我家也是", "谢谢，我家也一样舒服"] {
        assert_eq!(said_in(text, &outage_open()).supports, None, "{text}");
    }
}

#[test]
fn a_short_word_of_relief_says_that_the_open_matter_is_over() {
    let decision = said_in("亮了亮了", &outage_open());
    assert_eq!(decision.action, Action::Restored);
    assert_eq!(decision.supports, Some("E-20261120-0003".into()));
    assert_eq!(said("亮了亮了").action, Action::Ignore);
}

#[test]
fn an_old_matter_draws_no_echo() {
    let mut context = outage_open();
    context.open[0].last_at = "2026-11-19T07:50:00+08:00".parse().unwrap();
    assert_eq!(said_in("我家也是", &context).action, Action::Ignore);
}

#[test]
fn several_murmurs_open_what_none_opens_alone() {
    let text = "电表没动静";
    let alone = said(text);
    assert!(is_murmur(&alone), "{alone:#?}");
    let context = Context {
        murmurs: vec![(alone.category.clone().unwrap(), 2)],
        ..Context::default()
    };
    assert_eq!(said_in(text, &context).action, Action::Open);
}

proptest::proptest! {
    /// Whoever reads the words first may leave the conversation unasked.
    #[test]
    fn plain_words_mean_the_same_whatever_is_spoken_of(text in "[早好吃饭了吗嘛去哪儿耍哈到没，？\\PC]{0,30}") {
        let mut triage = Triage::default();
        let lexicon = Lexicon::embedded();
        let message = message(&text);
        if triage.read(&message, &lexicon) == Words::Plain {
            let mut busy = outage_open();
            busy.murmurs.push((CategoryCode::from("01"), 3));
            let alone = triage.decide_read(message.time, &message, &Context::default(), &lexicon);
            let among = triage.decide_read(message.time, &message, &busy, &lexicon);
            proptest::prop_assert_eq!(alone, among);
        }
    }

    /// A replay reads words ahead on another thread.
    #[test]
    fn words_read_ahead_mean_the_same(text in "[3栋又停水电了没得人管漏来吗@，？\\PC]{0,30}") {
        let (mut here, mut elsewhere) = (Triage::default(), Triage::default());
        let lexicon = Lexicon::embedded();
        let message = message(&text);
        let mut reading = Reading::default();
        let known = Context { area_names: ["水电".to_owned()].into(), ..outage_open() };
        let names = || Arc::clone(&known.area_names);
        elsewhere.read_ahead(&mut reading, &message, names, &lexicon);
        for context in [Context::default(), outage_open(), known] {
            let at = message.time;
            let ahead = here.decide_reading(&reading, at, &message, &context, &lexicon);
            let at_once = here.decide(at, &message, &context, &lexicon);
            proptest::prop_assert_eq!(ahead, at_once);
        }
    }
}
