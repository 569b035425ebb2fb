//! Every kind reads well with all facts and with none; nothing a resident writes steers the bot.

use super::overrides::{bare, rich};
use super::*;
use proptest::prelude::*;

fn say(saying: &Saying) -> String {
    Assistant::new().render(saying, &[]).expect("it has words")
}

fn with(kind: SayingKind, facts: &[(&str, &str)]) -> Saying {
    let facts = facts
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Saying {
        event: Some("E-20260105-0012".into()),
        facts: facts.collect(),
        ..bare(kind)
    }
}

fn files(files: &[(&str, &str)]) -> Sources {
    let files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    files.collect()
}

#[test]
fn every_kind_has_words_with_all_facts_and_with_none() {
    let all = wording::ALL.iter().map(|kind| {
        let (rich, bare) = (say(&rich(*kind)), say(&bare(*kind)));
        for text in [&rich, &bare] {
            wording::duty(*kind, text).expect("the built-in words keep their duty");
            assert!(
                !text.contains("  ") && !text.contains("：。") && !text.contains("（）"),
                "{text}"
            );
            assert!(
                !text.contains("，，") && !text.contains("。。") && !text.contains("号号"),
                "{text}"
            );
        }
        format!(
            "== {}\n{rich}\n-- nothing known\n{bare}\n",
            wording::name(*kind)
        )
    });
    insta::assert_snapshot!(all.collect::<String>());
}

#[test]
fn every_built_in_template_uses_only_the_facts_it_declares() {
    for kind in wording::ALL.iter().copied() {
        let environment = environment();
        let template = environment
            .template_from_str(wording::built_in(kind))
            .expect("valid");
        for name in template.undeclared_variables(false) {
            assert!(
                wording::facts(kind).contains(name.as_str()),
                "{kind:?} {name}"
            );
        }
        let json = serde_json::to_value(kind).expect("plain");
        assert_eq!(json, wording::name(kind), "one name everywhere");
    }
}

#[test]
fn an_emergency_names_the_number_to_call_in_its_first_line() {
    let text = say(&with(
        SayingKind::EmergencyAdvice,
        &[("call", "119"), ("place", "3栋")],
    ));
    assert!(text.lines().next().expect("a line").contains("119"));
}

#[test]
fn facts_are_values_and_never_template_source() {
    let text = say(&with(
        SayingKind::Outcome,
        &[("result", "{{ number }}{% raw %}${7*7}")],
    ));
    assert!(text.contains("{{ number }}{% raw %}${7*7}"));
}

#[test]
fn a_resident_cannot_add_a_line_or_call_everybody() {
    let gist = "漏水\n【系统】请转账\u{202e}\u{0}@所有人";
    let text = say(&with(SayingKind::Dispatch, &[("gist", gist)]));
    assert!(text.contains("漏水 【系统】请转账＠所有人"));
    assert!(!text.contains('\u{202e}') && !text.contains('\0'));
}

#[test]
fn an_answer_keeps_its_lines() {
    let text = say(&with(
        SayingKind::Answer,
        &[("text", "12 号 处置中\n13 号 待接单")],
    ));
    assert_eq!(text, "12 号 处置中\n13 号 待接单");
}

#[test]
fn one_message_speaks_for_what_is_merged_into_it() {
    let suspended = with(SayingKind::Suspended, &[("reason", "等配件")]);
    let acknowledged = with(SayingKind::Acknowledged, &[]);
    let facts = [
        ("holder", "网格员小周"),
        ("place", "3栋"),
        ("category", "停水"),
    ];
    let say = |kind, merged: &[Saying]| {
        let saying = with(kind, &facts);
        Assistant::new().render(&saying, merged).expect("words")
    };
    assert_eq!(
        say(SayingKind::Accepted, &[acknowledged]),
        "收到，3栋的停水问题已登记，编号 12，网格员小周已经接手。"
    );
    let reopened = say(SayingKind::Reopened, &[suspended]);
    assert!(!reopened.contains("等配件"), "another step's reason");
}

#[test]
fn what_was_done_is_said_as_it_was_done() {
    let done = |command, text| {
        say(&with(
            SayingKind::Done,
            &[("command", command), ("text", text)],
        ))
    };
    assert_eq!(done("接单", ""), "好的，12 号已接单。");
    assert_eq!(done("满意", ""), "谢谢您的反馈，12 号记为满意。");
    assert_eq!(
        done("退单", "已请社区同意，同意后生效"),
        "收到，12 号的退单申请已提交。\n已请社区同意，同意后生效。"
    );
    assert_eq!(
        done("同意", "小周的退单没有同意"),
        "好的，12 号，小周的退单没有同意。"
    );
    assert_eq!(
        done("办结", "记下了，确认后结案"),
        "谢谢，记下了，确认后结案。"
    );
}

#[test]
fn an_operators_words_are_used_and_given_back() {
    let assistant = Assistant::new();
    let problems = assistant.reload(&files(&[("answer.txt", "\u{feff}答：{{ text }}")]));
    assert_eq!(problems, []);
    assert_eq!(assistant.overridden(), ["answer"]);
    let saying = with(SayingKind::Answer, &[("text", "好")]);
    assert_eq!(assistant.render(&saying, &[]).expect("words"), "答：好");
    assistant.reload(&Sources::new());
    assert_eq!(assistant.render(&saying, &[]).expect("words"), "好");
}

#[test]
fn words_written_in_gbk_are_read() {
    let assistant = Assistant::new();
    let bytes = encoding_rs::GBK.encode("答复：{{ text }}").0.into_owned();
    assert_eq!(
        assistant.reload(&Sources::from([("answer.txt".to_owned(), bytes)])),
        []
    );
    let saying = with(SayingKind::Answer, &[("text", "好")]);
    assert_eq!(assistant.render(&saying, &[]).expect("words"), "答复：好");
}

#[test]
fn bad_words_are_reported_with_file_and_line_and_the_last_good_stay() {
    let assistant = Assistant::new();
    assistant.reload(&files(&[("answer.txt", "答：{{ text }}")]));
    let problems = assistant.reload(&files(&[
        ("answer.txt", "第一行\n{{ text"),
        ("done.txt", "好\n{{ numbr }}"),
        ("emergency_advice.txt", "请注意安全\n119"),
        ("nonsense.txt", "x"),
        (
            "reminder.txt",
            "{% for a in range(10000) %}{% for b in range(10000) %}a{% endfor %}{% endfor %}",
        ),
        ("welcome.txt", "大家好"),
    ]));
    let shown = problems.iter().map(|problem| format!("{problem}\n"));
    insta::assert_snapshot!(shown.collect::<String>());
    let saying = with(SayingKind::Answer, &[("text", "好")]);
    assert_eq!(assistant.render(&saying, &[]).expect("words"), "答：好");
}

#[test]
fn a_folder_that_is_not_there_overrides_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(
        read_folder(&folder.path().join("texts"))
            .expect("readable")
            .is_empty()
    );
    std::fs::write(folder.path().join("done.txt"), "好").expect("written");
    std::fs::write(folder.path().join("notes.md"), "x").expect("written");
    let sources = read_folder(folder.path()).expect("readable");
    assert_eq!(sources.keys().collect::<Vec<_>>(), ["done.txt"]);
}

proptest! {
    #[test]
    fn whatever_the_facts_are_the_text_is_bounded_and_readable(value in ".{0,3000}", pick in 0..26usize) {
        let mut saying = rich(wording::ALL[pick]);
        for fact in saying.facts.values_mut() {
            fact.clone_from(&value);
        }
        let text = say(&saying);
        prop_assert!(text.chars().count() <= clean::TEXT_CHARS);
        prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
    }
}

/// The desk says in a table which facts it gives with each kind; a fact that no template may use is
/// a misunderstanding between the two rooms.
#[test]
fn every_fact_that_the_desk_gives_is_declared_here() {
    let table = include_str!("../desk/sayings/mod.rs");
    let rows = table.lines().filter_map(|line| line.strip_prefix("//! | "));
    let rows = rows.filter_map(|row| row.split_once(" | "));
    let mut compared = 0;
    for kind in wording::ALL.iter().copied() {
        let (_, row) = rows
            .clone()
            .find(|(name, _)| *name == format!("{kind:?}"))
            .expect("a row for each kind");
        for fact in row
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|it| *it != "notices")
        {
            assert!(wording::facts(kind).contains(fact), "{kind:?} {fact}");
            compared += 1;
        }
    }
    assert!(compared > 30, "the table was read");
}
