//! A changed lexicon, held against what is known to be real.

use super::*;
use crate::lexicon::Sources;

fn sample(source: &str, text: &str, fate: Fate) -> Sample {
    Sample {
        source: source.to_owned(),
        text: text.to_owned(),
        fate,
        category: None,
    }
}

/// A lexicon of few words, so that one word decides.
fn lexicon(keywords: &str) -> Arc<Lexicon> {
    let mut sources = Sources::embedded();
    let head = "关键词,类别,强弱,级别,排除语境,需同现,状态,备注\n";
    let table = format!("{head}{keywords}");
    sources.0.insert("keywords.csv".into(), table.into_bytes());
    for name in ["learned.csv", "learned.toml", "cases.csv"] {
        sources.0.remove(name);
    }
    let loaded = Lexicon::from_sources(&sources, &[]).expect("good tables");
    Arc::new(loaded.lexicon)
}

fn revision() -> Revision {
    Revision {
        old: lexicon("糯团飞了,05,强,,,,启用,\n雪饼飞了,05,强,,,,启用,\n"),
        new: lexicon("糯团飞了,08,强,,,,启用,\n米糕飞了,05,强,,,,启用,\n"),
        open_at: crate::triage::OPENS_AT,
    }
}

#[test]
fn what_opens_falls_silent_and_moves_is_told_with_the_reasons_that_changed() {
    let samples = [
        sample("E1", "3栋糯团飞了，没人管", Fate::Pending),
        sample("E2", "3栋雪饼飞了，没人管", Fate::Refuted),
        sample("S1", "3栋米糕飞了，没人管", Fate::Watched),
        sample("S2", "今天吃啥子", Fate::Watched),
    ];
    let found = revision().compare(&samples);
    let turns: Vec<_> = found
        .changed
        .iter()
        .map(|it| (it.source.as_str(), it.turn))
        .collect();
    let wanted = [
        ("E1", Turn::Moves),
        ("E2", Turn::Silent),
        ("S1", Turn::Opens),
    ];
    assert_eq!(turns, wanted, "{:#?}", found.changed);
    let silent = &found.changed[1];
    let says = |it: &String| it.contains("雪饼飞了");
    assert!(silent.gone.iter().any(says), "{silent:#?}");
    assert!(!silent.come.iter().any(says));
    assert!(
        found.lost.is_empty(),
        "nobody confirmed any: {:#?}",
        found.lost
    );
}

#[test]
fn a_confirmed_event_is_lost_when_none_of_its_words_opens_any_more() {
    let (gone, kept) = ("3栋雪饼飞了，没人管", "3栋糯团飞了，没人管");
    let samples = [
        sample("E1", gone, Fate::Confirmed),
        sample("E2", gone, Fate::Confirmed),
        sample("E2", kept, Fate::Confirmed),
        sample("E3", "今天吃啥子", Fate::Confirmed),
        sample(&format!("{} 7 行", stored::CASE), gone, Fate::Confirmed),
    ];
    let found = revision().compare(&samples);
    let lost: Vec<_> = found.lost.iter().map(|it| it.source.as_str()).collect();
    assert_eq!(lost, ["E1"], "{:#?}", found.lost);
    assert_eq!(found.lost[0].before.action, Action::Open);
}

#[test]
fn what_a_person_said_of_an_event_is_its_fate_and_a_text_counts_once() {
    let stored = vec![sample("E1", "糯团飞了", Fate::Pending)];
    let taught = vec![
        sample("E1", "糯团飞了", Fate::Confirmed),
        sample("S1", "雪饼飞了", Fate::Refuted),
    ];
    let all = one_of_each(stored, taught);
    let fates: Vec<_> = all.iter().map(|it| (it.source.as_str(), it.fate)).collect();
    assert_eq!(fates, [("E1", Fate::Confirmed), ("S1", Fate::Refuted)]);
}

#[test]
fn lessons_beside_the_store_are_read_with_where_they_came_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    let lexicon = Lexicon::embedded();
    let none = beside_the_store(folder.path(), &lexicon).expect("nothing is there");
    assert!(none.is_empty());
    write(
        "examples.csv",
        "原文,期望,类别,备注\n门禁又不认卡了,open,05,E-20261120-0001 确认\n说着玩的,ignore,,自己写的\n",
    );
    write(
        "cases.csv",
        "原文,期望,类别,级别,命中,备注\n雪饼飞了,open,05,,,S-1120-1a2b3c4d 人工认定\n",
    );
    let all = beside_the_store(folder.path(), &lexicon).expect("good tables");
    let told: Vec<_> = all.iter().map(|it| (it.source.as_str(), it.fate)).collect();
    let wanted = [
        ("E-20261120-0001", Fate::Confirmed),
        ("数据目录 examples.csv 第 3 行", Fate::Refuted),
        ("S-1120-1a2b3c4d", Fate::Confirmed),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn publishing_leaves_the_folder_with_what_was_tried() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::create_dir(path.join("packs")).expect("made");
    std::fs::write(path.join("keywords.csv"), "old").expect("written");
    std::fs::write(path.join("packs/甲.csv"), "old").expect("written");
    std::fs::write(path.join("笔记.txt"), "mine").expect("written");
    let tried = Sources(BTreeMap::from([
        ("keywords.csv".to_owned(), b"new".to_vec()),
        ("packs/乙.csv".to_owned(), b"new".to_vec()),
    ]));
    let examples = BTreeMap::from([("examples/a.csv".to_owned(), b"new".to_vec())]);
    publish(&tried, &examples, path).expect("published");
    let read = |name: &str| std::fs::read_to_string(path.join(name)).ok();
    for name in ["keywords.csv", "packs/乙.csv", "examples/a.csv"] {
        assert_eq!(read(name).as_deref(), Some("new"), "{name}");
    }
    assert_eq!(read("packs/甲.csv"), None);
    assert_eq!(read("笔记.txt").as_deref(), Some("mine"));
    let names = std::fs::read_dir(path).expect("a folder").count();
    assert_eq!(names, 4, "no draft is left behind");
}
