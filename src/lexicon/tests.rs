use super::*;
use crate::text::Normalised;

fn hits(lexicon: &Lexicon, text: &str) -> Vec<String> {
    let text = Normalised::of(text);
    let mut found = Findings::default();
    lexicon.scan(&text, &mut found);
    let settled = lexicon.settle(&text, &found);
    settled
        .hits
        .iter()
        .map(|hit| lexicon.keyword(hit.id).word.clone())
        .collect()
}

#[test]
fn the_built_in_lexicon_loads() {
    let sources = Sources::embedded();
    let packs: Vec<_> = sources.packs().map(str::to_owned).collect();
    let loaded = Lexicon::from_sources(&sources, &packs).unwrap();
    assert!(loaded.lexicon.keywords().count() >= 230);
    assert_eq!(loaded.lexicon.catalogue().categories.len(), 20);
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
        assert!(hits.iter().any(|hit| hit == word), "{text}: {hits:?}");
    }
}
