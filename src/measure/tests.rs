//! Each measure on a small table made by hand, with an answer that can be counted on fingers.

mod changes;
mod conversations;

use serde_json::json;

use super::figures::figures;
use super::interval::interval;
use super::mistakes::{Fault, mistakes};
use super::reading::{Labelled, Parts, Unreadable, read};
use super::*;
use crate::lexicon::Lexicon;
use crate::lexicon::examples::Part;
use crate::model::{CategoryCode, Level};
use crate::triage::{Action, Decision, NoticeFound, NoticeMatter};

fn samples(file: &str) -> Vec<Sample> {
    let lexicon = Lexicon::embedded();
    let reading = read("a", file.as_bytes(), lexicon.catalogue(), Parts::All).expect("known");
    assert!(reading.skipped.is_empty(), "{:?}", reading.skipped);
    match reading.labelled {
        Labelled::Samples(samples) => samples,
        Labelled::Talk(_) => panic!("messages, each for itself"),
    }
}

fn lines(rows: impl IntoIterator<Item = impl ToString>) -> String {
    let rows: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
    rows.join("\n")
}

fn decided(action: Action, category: &str, score: f32) -> Decision {
    Decision {
        action,
        category: (!category.is_empty()).then(|| CategoryCode::from(category)),
        level: (action == Action::Open).then_some(Level::Normal),
        score,
        ..Decision::default()
    }
}

/// Each row of a file with what was made of it.
fn judged(file: &str, decisions: &[(Action, &str)]) -> Vec<Judged> {
    let samples = samples(file);
    assert_eq!(samples.len(), decisions.len());
    samples
        .into_iter()
        .zip(decisions)
        .map(|(sample, (action, category))| Judged {
            sample,
            decision: decided(*action, category, 0.0),
        })
        .collect()
}

/// Hits and what they are of.
fn counted(figures: &[Figure], key: &str) -> (f64, f64) {
    let figure = figures.iter().find(|figure| figure.key() == key);
    let figure = figure.unwrap_or_else(|| panic!("{key} of {figures:#?}"));
    (figure.hits, figure.of)
}

fn check(figures: &[Figure], expected: &[(&str, (f64, f64))]) {
    for (key, expected) in expected {
        assert_eq!(counted(figures, key), *expected, "{key}");
    }
}

use Action::{Ask, Ignore, Notice, Open, Restored, Watch};

#[test]
fn chatter_counts_what_opens_speaks_and_is_watched_by_source() {
    let file = "id,source,text,label\n1,甲,一,no\n2,甲,二,no\n3,乙,三,no\n4,乙,四,no\n5,乙,五,maybe\n6,乙,六,yes\n7,乙,七,ask\n";
    let decisions = [Open, Watch, Restored, Ignore, Open, Open, Open];
    let decisions = decisions.map(|action| (action, ""));
    let mut judged = judged(file, &decisions);
    judged[0].decision.level = Some(Level::Critical);
    let figures = figures(&judged, &[]);
    check(
        &figures,
        &[
            ("chatter.false_alarms_per_10000", (1.0, 4.0)),
            ("chatter.false_alarms_per_10000/source=甲", (1.0, 2.0)),
            ("chatter.false_alarms_per_10000/source=乙", (0.0, 2.0)),
            ("chatter.spoken_or_acted_per_10000", (2.0, 4.0)),
            ("chatter.watched_per_10000", (1.0, 4.0)),
            ("chatter.critical_false_per_100000", (1.0, 4.0)),
            ("chatter.commands_per_10000", (0.0, 4.0)),
            ("chatter.recall", (1.0, 1.0)),
        ],
    );
    let alarms = figures
        .iter()
        .find(|one| one.measure == Measure::FalseAlarms);
    assert_eq!(alarms.map(Figure::value), Some(2_500.0));
}

const GRIPES: &str = "id,text,action,category\n1,一,open,05|06\n2,二,open,05\n3,三,open,01\n4,四,open|out,01\n5,五,out,\n6,六,ask,18\n7,七,ask,18\n";

fn gripes() -> Vec<Judged> {
    let decisions = [
        (Open, "06"),
        (Open, "01"),
        (Watch, "01"),
        (Open, "01"),
        (Open, "02"),
        (Ask, "18"),
        (Open, "18"),
    ];
    judged(GRIPES, &decisions)
}

#[test]
fn gripes_count_recall_precision_category_and_questions_and_leave_debatable_rows_out() {
    check(
        &figures(&gripes(), &[]),
        &[
            ("colloquial.recall", (2.0, 3.0)),
            ("colloquial.recall/category=05", (2.0, 2.0)),
            ("colloquial.recall/category=01", (0.0, 1.0)),
            ("colloquial.recall_open_or_watch", (3.0, 3.0)),
            // The fourth row is debatable: neither right nor wrong.
            ("colloquial.precision", (2.0, 4.0)),
            ("colloquial.precision/category=01", (1.0, 1.0)),
            ("colloquial.category_accuracy", (1.0, 2.0)),
            ("colloquial.questions_as_ask", (1.0, 2.0)),
        ],
    );
}

#[test]
fn talk_that_reports_nothing_is_counted_by_kind() {
    let file = "id,kind,text\n1,past,一\n2,past,二\n3,device,三\n";
    let judged = judged(file, &[(Open, ""), (Watch, ""), (Notice, "")]);
    check(
        &figures(&judged, &[]),
        &[
            ("hard_negatives.opened", (1.0, 3.0)),
            ("hard_negatives.opened/kind=past", (1.0, 2.0)),
            ("hard_negatives.opened/kind=device", (0.0, 1.0)),
        ],
    );
}

#[test]
fn our_own_examples_are_counted_by_file_and_note() {
    let file = "原文,期望,类别,备注\n楼梯间一股胶皮味,open,04,短句\n考完了 死而无憾,ignore,,夸张\n灯是我关的,ignore|open,,闲聊\n";
    let judged = judged(file, &[(Open, "05"), (Open, "10"), (Open, "01")]);
    check(
        &figures(&judged, &[]),
        &[
            ("examples.recall/source=a", (1.0, 1.0)),
            ("examples.category_accuracy/kind=短句", (0.0, 1.0)),
            ("examples.precision", (1.0, 2.0)),
            ("examples.opened/kind=夸张", (1.0, 1.0)),
            ("examples.opened", (1.0, 1.0)),
        ],
    );
}

#[test]
fn the_kept_part_and_the_rest_are_all_examples() {
    let lexicon = Lexicon::embedded();
    let rows = (0..40).map(|n| format!("第{n}回了,ignore,,"));
    let table = format!("原文,期望,类别,备注\n{}", lines(rows));
    let of = |parts| match read("a", table.as_bytes(), lexicon.catalogue(), parts) {
        Ok(reading) => match reading.labelled {
            Labelled::Samples(samples) => samples.len(),
            Labelled::Talk(_) => 0,
        },
        Err(why) => panic!("{why}"),
    };
    let (fit, kept) = (of(Parts::Only(Part::Fit)), of(Parts::Only(Part::Kept)));
    assert!(kept > 0 && fit > kept, "{fit} {kept}");
    assert_eq!(of(Parts::All), fit + kept);
}

#[test]
fn emergencies_count_both_kinds_of_mistake() {
    let file = "id,kind,emergency,text\n1,困人,yes,一\n2,困人,yes,二\n3,着火,no,三\n";
    let mut judged = judged(file, &[(Open, "05"), (Open, "05"), (Open, "04")]);
    judged[0].decision.level = Some(Level::Critical);
    judged[2].decision.level = Some(Level::Critical);
    check(
        &figures(&judged, &[]),
        &[
            ("emergencies.critical_recall", (1.0, 2.0)),
            ("emergencies.critical_false", (1.0, 1.0)),
        ],
    );
    let faults: Vec<_> = mistakes(&judged, &[]).iter().map(|one| one.fault).collect();
    assert_eq!(faults, [Fault::EmergencyMissed, Fault::EmergencyFalse]);
}

#[test]
fn notices_count_windows_matter_times_and_places() {
    let row = |id: &str, opens: bool, places: &[&str]| {
        json!({"id": id, "posted": "2026-07-15T10:00:00+08:00", "text": "通知", "is_notice": true,
            "matter": "water", "start": "2026-07-16T08:00:00+08:00", "end": null,
            "places": places, "opens_window": opens})
    };
    let file = format!(
        "{}\n{}\n{}\n",
        row("1", true, &["3栋", "4栋"]),
        row("2", true, &[]),
        row("3", false, &[])
    );
    let mut judged = judged(&file, &[(Notice, "02"), (Notice, "02"), (Open, "02")]);
    let found = |start: &str, matter, places: &[&str]| NoticeFound {
        matter,
        start: Some(start.parse().expect("a time")),
        end: None,
        places: places.iter().map(|&place| place.to_owned()).collect(),
        opens_window: true,
    };
    let exact = "2026-07-16T08:00:20+08:00";
    judged[0].decision.notice = Some(found(exact, NoticeMatter::Water, &["3栋"]));
    let late = "2026-07-16T09:00:00+08:00";
    judged[1].decision.notice = Some(found(late, NoticeMatter::Power, &[]));
    check(
        &figures(&judged, &[]),
        &[
            ("notices.windows_recall", (2.0, 2.0)),
            ("notices.windows_false", (0.0, 1.0)),
            ("notices.matter", (1.0, 2.0)),
            ("notices.times", (1.0, 2.0)),
            ("notices.places_overlap", (0.5, 2.0)),
            ("notices.opened_as_events", (1.0, 3.0)),
        ],
    );
}

#[test]
fn a_command_is_right_with_its_event_person_and_date() {
    let row = |id: &str, expected: serde_json::Value| {
        json!({"id": id, "group": {"id": "g"}, "sender": {"id": "u", "role": "worker"},
            "time": "2026-11-20T10:00:00+08:00", "text": "接单", "expected": expected})
    };
    let accept =
        |event: &str| json!({"command": "accept", "event": event, "to": null, "until": null});
    let rows = [
        row("1", accept("E-20261120-0012")),
        row("2", accept("13")),
        row("3", json!({"command": "none"})),
        row(
            "4",
            json!({"command": "accept", "event": "12", "allowed": false}),
        ),
    ];
    let file = lines(&rows);
    let command = Action::Command;
    let mut judged = judged(
        &file,
        &[(command, ""), (command, ""), (Ignore, ""), (command, "")],
    );
    let heard = json!({"name": "accept", "event": "12", "reason": null, "to": null, "until": null});
    for at in [0, 1, 3] {
        let heard = serde_json::from_value(heard.clone()).expect("a command");
        judged[at].decision.command = Some(heard);
    }
    let key = |name| ("commands.".to_owned() + name, figures(&judged, &[]));
    let (named, all) = key("named");
    assert_eq!(counted(&all, &named), (3.0, 4.0));
    let (right, all) = key("right");
    assert_eq!(counted(&all, &right), (2.0, 4.0));
}

#[test]
fn an_interval_is_the_same_at_every_run_and_holds_the_value() {
    let rows: Vec<_> = (0..200)
        .map(|n| (f64::from(u8::from(n % 4 == 0)), 1.0))
        .collect();
    let (low, high) = interval(&rows).expect("rows");
    assert_eq!(interval(&rows), Some((low, high)));
    // 0.25 ± 1.96 · sqrt(0.25 · 0.75 / 200) = 0.19 … 0.31
    assert!(
        (0.175..0.205).contains(&low) && (0.295..0.325).contains(&high),
        "{low} {high}"
    );
    let many: Vec<_> = rows.iter().map(|row| (1.0 - row.0, row.1)).collect();
    let (low, high) = interval(&many).expect("rows");
    assert!(
        (0.675..0.705).contains(&low) && (0.795..0.825).contains(&high),
        "{low} {high}"
    );
    let scenes: Vec<_> = rows.iter().map(|row| (row.0 * 3.0, 3.0)).collect();
    let (low, high) = interval(&scenes).expect("scenes");
    assert!(
        (0.175..0.205).contains(&low) && (0.295..0.325).contains(&high),
        "{low} {high}"
    );
}

#[test]
fn what_was_never_seen_is_still_not_certain() {
    assert_eq!(interval(&[(0.0, 1.0); 300]), Some((0.0, 0.01)));
    assert_eq!(interval(&[(1.0, 1.0); 300]), Some((0.99, 1.0)));
    assert_eq!(interval(&[(0.0, 1.0)]), Some((0.0, 1.0)));
    assert_eq!(interval(&[]), None);
}

#[test]
fn the_worst_mistakes_come_first() {
    let mut judged = gripes();
    for (one, score) in judged.iter_mut().zip([2.5, 2.0, 1.5, 2.0, 3.0, 1.0, 4.0]) {
        one.decision.score = score;
    }
    let told: Vec<_> = mistakes(&judged, &[])
        .iter()
        .map(|one| (one.fault, one.id.to_owned(), one.distance))
        .collect();
    let expected = [
        (Fault::Missed, "3", 0.5),
        (Fault::FalseAlarm, "7", 2.0),
        (Fault::FalseAlarm, "5", 1.0),
        (Fault::Category, "2", 2.0),
    ];
    assert_eq!(
        told,
        expected.map(|(fault, id, far)| (fault, id.to_owned(), far))
    );
}

#[test]
fn rows_that_cannot_be_read_are_left_out_and_named() {
    let lexicon = Lexicon::embedded();
    let of = |file: &str| read("a", file.as_bytes(), lexicon.catalogue(), Parts::All);
    let reading =
        of("id,text,action,category\n1,一,opne,05\n2,二,open,05\n3,,out,\n").expect("known");
    let told: Vec<_> = reading
        .skipped
        .iter()
        .map(|one| (one.row, one.why.as_str()))
        .collect();
    assert_eq!(told, [(2, "不认识标注“opne”"), (4, "text 是空的")]);
    assert_eq!(of("cluster,text\n1,一\n").err(), Some(Unreadable::Unknown));
    assert_eq!(of("{\"title\":\"一\"}\n").err(), Some(Unreadable::Unknown));
    assert_eq!(of("").err(), Some(Unreadable::Unknown));
    let wrong = of("原文,期望\n一,什么\n").err().map(|why| why.to_string());
    assert!(wrong.is_some_and(|why| why.contains("a 第 2 行 “期望”列")));
}

#[test]
fn the_lexicons_own_cases_hold() {
    let lexicon = Lexicon::embedded();
    let cases = reading::own_cases(&lexicon);
    assert!(!cases.is_empty());
    assert!(
        cases
            .iter()
            .all(|case| matches!(case.wanted, Wanted::Case(_)))
    );
}
