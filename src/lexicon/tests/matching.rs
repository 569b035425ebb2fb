//! Which words count in a text.

use super::*;

#[test]
fn the_built_in_lexicon_loads() {
    let sources = Sources::embedded();
    let packs: Vec<_> = sources.packs().map(str::to_owned).collect();
    let loaded = Lexicon::from_sources(&sources, &packs).unwrap();
    assert!(loaded.lexicon.keywords().count() >= 230);
    assert_eq!(loaded.lexicon.catalogue().categories.len(), 20);
    assert_eq!(loaded.lexicon.catalogue().limits.len(), 5);
}

#[test]
fn words_across_the_edges_of_others_do_not_fire() {
    let lexicon = Lexicon::embedded();
    for (text, word) in [
        ("停电视台", "停电"),
        ("年轻生活", "轻生"),
        ("大麻烦", "大麻"),
        ("发烧友", "发烧"),
        ("路口交通", "口交"),
        ("入学位置", "学位"),
        ("发起火来", "起火"),
        ("别停 电脑坏了", "停电"),
    ] {
        let hits = hits(&lexicon, text);
        assert!(!hits.iter().any(|hit| hit == word), "{text}: {hits:?}");
    }
}

#[test]
fn real_complaints_fire() {
    let lexicon = Lexicon::embedded();
    for (text, word) in [
        ("3栋又停电了", "停电"),
        ("好久来电哦", "好久来电"),
        ("楼上漏水漏到我家了", "楼上漏水"),
        ("断水断电好几天了", "断水"),
        ("又停 电了", "停电"),
        ("又停.電了", "停电"),
    ] {
        let hits = hits(&lexicon, text);
        assert!(
            hits.iter().any(|hit| hit.starts_with(word)),
            "{text}: {hits:?}"
        );
    }
}

#[test]
fn the_longest_of_nested_words_wins() {
    let lexicon = of_rows("漏水,02,强,,,,,\n楼上漏水,11,强,,,,,\n");
    assert_eq!(
        hits(&lexicon, "楼上漏水了，厨房也漏水"),
        ["楼上漏水", "漏水"]
    );
    let settled = settle(&lexicon, "楼上漏水");
    assert_eq!(
        settled.dropped[0].1,
        DropReason::Inside {
            longer: "楼上漏水".to_owned()
        }
    );
}

#[test]
fn a_longer_word_on_trial_swallows_nothing() {
    let lexicon = of_rows("漏水,02,强,,,,,\n楼上漏水,11,强,,,,试运行,\n");
    assert_eq!(hits(&lexicon, "楼上漏水了"), ["漏水"]);
    let settled = settle(&lexicon, "楼上漏水了");
    assert_eq!(settled.dropped[0].1, DropReason::Trial);
}

#[test]
fn words_that_are_off_are_not_looked_for() {
    let lexicon = of_rows("漏水,02,强,,,,停用,\n停电,01,强,,,,,\n");
    assert_eq!(hits(&lexicon, "漏水又停电"), ["停电"]);
}

#[test]
fn an_excluding_phrase_speaks_for_its_sentence_only() {
    let lexicon = of_rows("没电了,01,强,,手机|电脑,,,\n停电,01,强,,停电演练,,,\n");
    assert_eq!(hits(&lexicon, "手机没电了"), [""; 0]);
    assert_eq!(hits(&lexicon, "手机放家里。楼道没电了"), ["没电了"]);
    assert_eq!(hits(&lexicon, "停电演练"), [""; 0]);
    assert_eq!(hits(&lexicon, "不是停电演练，是真的停电"), ["停电"]);
}

#[test]
fn a_word_that_needs_company_waits_for_it() {
    let lexicon = of_rows("异味,08,强,,,垃圾|下水道,,\n");
    assert_eq!(hits(&lexicon, "有异味"), [""; 0]);
    assert_eq!(hits(&lexicon, "垃圾站有异味"), ["异味"]);
}

#[test]
fn cues_inside_a_longer_cue_of_their_kind_do_not_count() {
    let mut sources = with("keywords.csv", "关键词,类别,强弱\n没水了,02,强\n");
    let cues = "[[kind]]\nname = \"negation\"\ntitle = \"否定\"\nweight = -2.0\nwords = [\"没\", \"没有\"]\n";
    sources.0.insert("cues.toml".to_owned(), cues.into());
    let lexicon = Lexicon::from_sources(&sources, &[]).unwrap().lexicon;
    let cues = |text: &str| {
        let settled = settle(&lexicon, text);
        let words = settled
            .cues
            .iter()
            .map(|cue| lexicon.cue(cue.id).word.clone());
        words.collect::<Vec<_>>()
    };
    assert_eq!(cues("没有停水"), ["没有"]);
}

#[test]
fn spans_of_broken_words_hold_the_gap() {
    let lexicon = of_rows("停电,01,强,,,,,\n");
    let text = Normalised::of("又停 電了");
    let mut found = Findings::default();
    lexicon.scan(&text, &mut found);
    let settled = lexicon.settle(&text, &found);
    assert_eq!(&text.text()[settled.hits[0].span.clone()], "停 电");
}

#[test]
fn an_edit_is_told_row_by_row() {
    let old = of_rows("漏水,02,强,,,,,\n停电,01,强,,,,,\n");
    let new = of_rows("漏水,02,弱,,,,,\n跳闸,01,强,,,,,\n");
    let changes: Vec<_> = diff(&old, &new).iter().map(ToString::to_string).collect();
    assert_eq!(
        changes,
        [
            "修改关键词“漏水”：强弱 强 → 弱",
            "新增关键词“跳闸”：类别 01 供电用电；强弱 强；状态 启用",
            "删除关键词“停电”：类别 01 供电用电；强弱 强；状态 启用",
        ]
    );
    assert_ne!(old.version(), new.version());
    assert_eq!(diff(&old, &old), []);
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn hits_lead_back_to_the_original(text in "[停电漏水没气了3栋手机~. 視😀\u{200b}著火@「」：\n]{0,30}") {
            let lexicon = Lexicon::embedded();
            let normalised = Normalised::of(&text);
            let mut found = Findings::default();
            lexicon.scan(&normalised, &mut found);
            let settled = lexicon.settle(&normalised, &found);
            let mut before = 0;
            for hit in &settled.hits {
                prop_assert!(hit.span.start >= before);
                before = hit.span.start;
                let original = &text[normalised.original_span(hit.span.clone())];
                let word = &lexicon.keyword(hit.id).normal;
                let again = Normalised::of(original);
                let spoken = if again.compact().has_gaps() { again.compact().text() } else { again.text() };
                prop_assert_eq!(spoken, word);
            }
            prop_assert_eq!(settled.hits.len() + settled.dropped.len(), found.keywords.len());
        }
    }
}
