//! Merging, in pairs, on scenes made by hand.

use super::*;

/// Two scenes; the first has the problem x told three times and y told twice.
fn scenes() -> Played {
    let told = [
        ("1", "S", "x"),
        ("2", "S", "x"),
        ("3", "S", "x"),
        ("4", "S", "y"),
        ("5", "S", "y"),
        ("6", "S", ""),
        ("7", "S", "s:x"),
        ("8", "T", "x"),
        ("9", "T", "r:x"),
        ("10", "T", ""),
    ];
    let file = lines(told.iter().map(|(id, scene, event)| {
        json!({"id": id, "group": {"id": "g"}, "sender": {"id": "u"},
                "time": "2026-11-20T10:00:00+08:00", "text": id, "scene": scene, "event": event})
    }));
    let lexicon = Lexicon::embedded();
    let reading = read("a", file.as_bytes(), lexicon.catalogue(), Parts::All);
    let Ok(Labelled::Talk(talk)) = reading.map(|reading| reading.labelled) else {
        panic!("a conversation")
    };
    let event = |id: &str, messages: &[&str]| PlayedEvent {
        id: id.to_owned(),
        messages: messages.iter().map(|&id| id.into()).collect(),
    };
    Played {
        decisions: vec![None; talk.lines.len()],
        talk,
        // x is cut in two, y is put to a part of it; the idle tenth line makes one of its own.
        events: vec![
            event("A", &["1", "2", "4", "6", "7"]),
            event("B", &["3"]),
            event("C", &["10"]),
        ],
    }
}

#[test]
fn merging_is_counted_in_pairs() {
    check(
        &figures(&[], &[scenes()]),
        &[
            ("bursts.problems_found", (2.0, 3.0)),
            ("bursts.messages_found", (4.0, 6.0)),
            // Together in A: 1-2 rightly, 1-4 and 2-4 wrongly. Wanted: 1-2, 1-3, 2-3 and 4-5.
            ("bursts.merge_precision", (1.0, 3.0)),
            ("bursts.merge_recall", (1.0, 4.0)),
            ("bursts.merge_f1_of_found", (2.0, 6.0)),
            ("bursts.events_per_problem", (2.0, 2.0)),
            ("bursts.events_from_idle_share", (1.0, 3.0)),
            ("bursts.idle_attached", (2.0, 2.0)),
            ("bursts.me_too_attached", (1.0, 1.0)),
        ],
    );
    let verdicts = scenes().verdicts();
    assert_eq!(verdicts[4], Verdict::Missed);
    assert_eq!(verdicts[5], Verdict::False);
    assert_eq!(verdicts[8], Verdict::Debatable);
}

#[test]
fn strangers_in_one_event_are_counted_in_the_stream() {
    let file = lines(["1", "2", "3", "4"].map(|id| json!({"id": id, "group": {"id": "g"}, "sender": {"id": "u"},
                "time": "2026-11-20T10:00:00+08:00", "text": id, "kind": "complaint", "label": "open"})));
    let lexicon = Lexicon::embedded();
    let reading = read("a", file.as_bytes(), lexicon.catalogue(), Parts::All);
    let Ok(Labelled::Talk(talk)) = reading.map(|reading| reading.labelled) else {
        panic!("a conversation")
    };
    let event = |messages: &[&str]| PlayedEvent {
        id: messages.concat(),
        messages: messages.iter().map(|&id| id.into()).collect(),
    };
    let played = Played {
        decisions: vec![None; 4],
        talk,
        events: vec![event(&["1", "2"]), event(&["3"])],
    };
    assert_eq!(
        counted(&figures(&[], &[played]), "stream.strangers_merged"),
        (2.0, 3.0)
    );
}
