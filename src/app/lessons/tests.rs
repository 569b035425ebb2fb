//! Lessons are tables that people edit and the lexicon reads.

use super::*;
use crate::lexicon::{Lexicon, examples};

fn lesson(source: &str, text: &str, verdict: Verdict) -> Lesson {
    Lesson {
        source: source.to_owned(),
        text: text.to_owned(),
        verdict,
        category: (verdict == Verdict::Open).then(|| CategoryCode::from("05")),
        why: "确认".to_owned(),
    }
}

fn rows(folder: &Path) -> Vec<(String, String, String)> {
    let bytes = std::fs::read(folder.join("examples.csv")).expect("written");
    let lexicon = Lexicon::embedded();
    let (rows, warnings) = examples::read("examples.csv", &bytes, lexicon.catalogue())
        .unwrap_or_else(|problems| panic!("{problems}"));
    assert!(warnings.is_empty(), "{warnings:?}");
    let row = |row: examples::Example| (row.text, format!("{:?}", row.actions), row.note);
    rows.into_iter().map(row).collect()
}

#[test]
fn a_source_has_one_example_and_the_last_word_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let lessons = Lessons::beside(folder.path());
    let first = lesson("E-20261120-0001", "门禁又不认卡了", Verdict::Open);
    let other = lesson("E-20261120-0002", "楼上水管, 在\"哭\"", Verdict::Open);
    lessons.example(&first).expect("written");
    lessons.example(&other).expect("written");
    let voided = Lesson {
        verdict: Verdict::Ignore,
        category: None,
        ..first
    };
    lessons.example(&voided).expect("written");
    let found = rows(folder.path());
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].0, "楼上水管, 在\"哭\"");
    assert_eq!(found[1].1, "[Ignore]");
    assert!(lessons.sources().expect("read").contains("E-20261120-0001"));
    lessons.strike(&["E-20261120-0001"]).expect("written");
    assert_eq!(rows(folder.path()).len(), 1);
}

#[test]
fn a_text_is_no_formula_for_a_spreadsheet_and_no_comment_for_the_lexicon() {
    let folder = tempfile::tempdir().expect("a folder");
    let lessons = Lessons::beside(folder.path());
    for (number, text) in ["=1+1 电梯坏了", "#3栋停水", "@物业 没\n电"]
        .iter()
        .enumerate()
    {
        let lesson = lesson(&format!("S-{number}"), text, Verdict::Open);
        lessons.example(&lesson).expect("written");
    }
    let texts: Vec<_> = rows(folder.path()).into_iter().map(|row| row.0).collect();
    assert_eq!(texts, ["＝1+1 电梯坏了", "＃3栋停水", "＠物业 没 电"]);
}

#[test]
fn rows_that_an_operator_wrote_in_another_encoding_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = "原文,期望,类别,备注\n楼道灯不亮,open,01,自己加的\n";
    let (bytes, ..) = encoding_rs::GBK.encode(table);
    std::fs::write(folder.path().join("examples.csv"), &bytes).expect("written");
    let lessons = Lessons::beside(folder.path());
    let new = lesson("S-1", "门禁又不认卡了", Verdict::Open);
    lessons.example(&new).expect("written");
    assert_eq!(rows(folder.path()).len(), 2);

    std::fs::write(folder.path().join("examples.csv"), "一,二\n三,四\n").expect("written");
    let refused = lessons.example(&new).expect_err("not our table");
    assert!(refused.to_string().contains("表头不对"), "{refused}");
}
