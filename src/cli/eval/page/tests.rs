//! The page shows what people wrote and runs none of it.

use super::*;
use crate::lexicon::Lexicon;
use crate::measure::Judged;
use crate::measure::baseline::{difference, outcomes};
use crate::measure::figures::figures;
use crate::measure::mistakes::{Fault, mistakes};
use crate::measure::reading::{Labelled, Parts, read};
use crate::triage::{Decision, Reason};

#[test]
fn whatever_people_wrote_is_escaped_and_nothing_comes_from_outside() {
    let lexicon = Lexicon::embedded();
    let file = "原文,期望,类别,备注\n<script>alert(1)</script> & 灯坏了,open,14,<b>怪</b>\n";
    let reading = read("a<i>", file.as_bytes(), lexicon.catalogue(), Parts::All);
    let Ok(Labelled::Samples(samples)) = reading.map(|reading| reading.labelled) else {
        panic!("examples")
    };
    let reason = Reason {
        rule: "word".to_owned(),
        weight: 0.0,
        text: "看见“<img src=x>”".to_owned(),
        span: None,
    };
    let judged: Vec<Judged> = samples
        .into_iter()
        .map(|sample| Judged {
            sample,
            decision: Decision {
                because: vec![reason.clone()],
                ..Decision::default()
            },
        })
        .collect();
    let figures = figures(&judged, &[]);
    let (outcomes, mistakes) = (outcomes(&judged, &[]), mistakes(&judged, &[]));
    let difference = difference(&[], &outcomes, &figures);
    let findings = Findings {
        lexicon: &lexicon,
        figures: &figures,
        mistakes: &mistakes,
        faults: vec![(Fault::Missed, 1)],
        difference: Some(&difference),
        messages: 1,
    };
    let page = render(&findings, "2026年11月20日").expect("the template is good");
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert!(page.contains("&lt;img src"), "{page}");
    for raw in [
        "<script",
        "<img",
        "<b>怪",
        "a<i>",
        "src=\"http",
        "href=\"http",
    ] {
        assert!(!page.contains(raw), "{raw}\n{page}");
    }
    assert!(page.contains("漏掉的问题") && page.contains("<svg"));
}
