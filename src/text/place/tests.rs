//! Places as people write them, and what only looks like one.

use super::*;

fn places(text: &str) -> Vec<String> {
    find(&Normalised::of(text), &["莲花新区".to_owned()])
        .iter()
        .map(|found| found.place.to_string())
        .collect()
}

#[test]
fn one_place_has_one_spelling() {
    for (text, place) in [
        ("3栋又停电了", "3栋"),
        ("三栋停水", "3栋"),
        ("３＃没水了", "3栋"),
        ("3幢的灯不亮", "3栋"),
        ("咱3号楼电梯坏了", "3栋"),
        ("十二栋", "12栋"),
        ("A座大堂", "A栋大堂"),
        ("3a栋", "3A栋"),
        ("二期3栋2单元501", "2期3栋2单元501室"),
        ("2-1-502漏水", "2栋1单元502室"),
        ("3-1204漏水", "3栋1204室"),
        ("3栋2-501", "3栋2单元501室"),
        ("3栋2单元5楼", "3栋2单元5楼"),
        ("3栋 2单元", "3栋2单元"),
        ("3栋2单501", "3栋2单元501室"),
        ("东单元", "东单元"),
        ("负一楼车库进水", "-1楼车库"),
        ("b1车库", "-1楼车库"),
        ("南门的道闸", "南门"),
        ("2号门堵了", "2号门"),
        ("莲花新区3栋", "莲花新区3栋"),
        ("水果店门口积水", "水果店门口"),
        ("我家1203没水", "1203室"),
        ("5栋一单元三楼", "5栋1单元3楼"),
    ] {
        assert_eq!(places(text), [place], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_place_is_none() {
    for text in [
        "3号来修",
        "第3天了",
        "5楼主说得对",
        "12栋多",
        "两栋楼",
        "一共3栋",
        "一栋楼都没电",
        "分12期付款",
        "第3期培训",
        "7座的车",
        "一层灰",
        "三层玻璃",
        "11-20",
        "2026-11-20",
        "028-88881234",
        "比分3-2",
        "5-100元",
        "西门子",
        "走后门",
        "92#汽油",
        "2单生意",
        "停电了",
        "我们小区",
        "这个小区",
        "14:30",
        "3.5楼",
        "跳广场舞",
    ] {
        assert_eq!(places(text), [""; 0], "{text}");
    }
}

#[test]
fn names_that_the_directory_does_not_know_are_places_too() {
    assert_eq!(places("桂花小区停电了"), ["桂花小区"]);
    assert_eq!(places("听说桂花小区停电了").len(), 1);
}

#[test]
fn spans_lead_back_to_the_original() {
    let original = "我们３栋２单元５０１停电";
    let text = Normalised::of(original);
    let found = &find(&text, &[])[0];
    assert_eq!(
        &original[text.original_span(found.span.clone())],
        "３栋２单元５０１"
    );
    assert_eq!(
        &original[text.original_span(found.room.clone().unwrap())],
        "５０１"
    );
}

#[test]
fn several_places_make_one_where_they_agree() {
    let merged = |text: &str| {
        merge(&find(&Normalised::of(text), &[]))
            .unwrap()
            .to_string()
    };
    assert_eq!(merged("3栋和5栋都停电了"), "3栋");
    assert_eq!(merged("3栋停电了，2单元全黑"), "3栋2单元");
    assert_eq!(merged("南门积水，3栋门口也是"), "3栋南门");
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn spans_stand_on_characters(text in "[0-9一二三十两栋幢号楼单元室期门层#a-b东小区花园店负 的-]{0,24}") {
            let text = Normalised::of(&text);
            for found in find(&text, &[]) {
                prop_assert!(text.text().get(found.span.clone()).is_some());
                prop_assert!(!found.place.is_empty());
                if let Some(room) = found.room {
                    prop_assert!(found.span.start <= room.start && room.end <= found.span.end);
                }
            }
        }
    }
}
