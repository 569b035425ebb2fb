//! What normalising promises: one spelling, a way back, no surprises.

use super::*;

fn text(original: &str) -> String {
    Normalised::of(original).text().to_owned()
}

#[test]
fn writing_differences_disappear() {
    for (original, normal) in [
        ("３栋又停電了！", "3栋又停电了!"),
        ("停\u{200b}电\u{fe0f}", "停电"),
        ("Ａ座ＷｉＦｉ", "a座wifi"),
        ("ｶﾞｽ", "ガス"),
        ("cafe\u{301}", "café"),
        ("廚房著火了", "厨房着火了"),
        ("著名的乾隆", "著名的乾隆"),
        ("覆盖范围", "覆盖范围"),
        ("㎡①", "m21"),
        ("a\r\nb\rc", "a\nb\nc"),
    ] {
        assert_eq!(text(original), normal, "{original}");
    }
}

#[test]
fn spans_lead_back_to_the_original() {
    let original = "３栋\u{200b}停 電了㎡好";
    let normalised = Normalised::of(original);
    let at = normalised.text().find("停 电").unwrap();
    let span = normalised.original_span(at..at + "停 电".len());
    assert_eq!(&original[span], "停 電");
    let at = normalised.text().find("m2").unwrap();
    assert_eq!(&original[normalised.original_span(at..at + 1)], "㎡");
    assert_eq!(&original[normalised.original_span(at + 2..at + 5)], "好");
}

#[test]
fn faces_are_kept_aside_and_words_in_brackets_are_not() {
    let normalised = Normalised::of("又停电[捂脸][通知]［OK］");
    assert_eq!(normalised.text(), "又停电\u{FFFC}[通知]\u{FFFC}");
    let names: Vec<_> = normalised
        .faces()
        .iter()
        .map(|face| face.name.as_str())
        .collect();
    assert_eq!(names, ["捂脸", "ok"]);
    assert_eq!(normalised.faces()[0].at, "又停电".len());
}

#[test]
fn an_address_stays_one_whether_its_accents_are_composed_or_not() {
    for original in ["㎡@e\u{344}", "jose\u{301}@a.com", "m2@ë"] {
        let once = Normalised::of(original);
        assert_eq!(once.mentions().len(), 0, "{original}");
        assert_eq!(Normalised::of(once.text()).text(), once.text());
    }
}

#[test]
fn mentions_are_taken_out() {
    for (original, normal, mentions) in [
        ("@张 三\u{2005}停电了", "停电了", 1),
        ("停电了@物业 快来", "停电了 快来", 1),
        ("@所有人明天停水", "明天停水", 1),
        ("@物业你们到底管不管停电", "你们到底管不管停电", 1),
        ("写信到a@example.com", "写信到a@example.com", 0),
        ("@小王，3栋停电了", ",3栋停电了", 1),
        ("停电@", "停电@", 0),
    ] {
        let normalised = Normalised::of(original);
        assert_eq!(normalised.text(), normal, "{original}");
        assert_eq!(normalised.mentions().len(), mentions, "{original}");
    }
}

#[test]
fn a_quoted_message_is_not_said_by_the_sender() {
    let original = "「张三：3栋停电了@物业 」\n- - - - - - - - - - -\n我家也是";
    let normalised = Normalised::of(original);
    assert_eq!(normalised.text(), "我家也是");
    assert!(original[normalised.quoted().unwrap()].starts_with("「张三"));
    assert!(normalised.mentions().is_empty());
    assert_eq!(&original[normalised.original_span(0..12)], "我家也是");
}

#[test]
fn words_broken_up_are_read_together_but_not_across_sentences() {
    let compact = |original: &str| Normalised::of(original).compact().text().to_owned();
    assert_eq!(compact("又停 电了"), "又停电了");
    assert_eq!(compact("又停.电~了"), "又停电了");
    assert_eq!(compact("不停。电"), "");
    assert_eq!(compact("别停\n电"), "");
    assert_eq!(compact("停....电"), "");
    let normalised = Normalised::of("又停 電了");
    assert_eq!(normalised.compact().span_in_text(3..9), 3..10);
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    /// Characters that have made trouble for somebody, more often than chance would bring them.
    fn awkward() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "停",
            "電",
            "[",
            "捂脸",
            "]",
            "［",
            "@",
            "＠",
            "bob",
            "物业",
            "所有人",
            " ",
            "\u{2005}",
            "\n",
            "\r",
            "「",
            "」",
            "｢",
            "｣",
            "：",
            "---",
            "- - -",
            "引用",
            "著",
            "火",
            "名",
            "\u{301}",
            "e",
            "ｶ",
            "ﾞ",
            "\u{1100}",
            "\u{1161}",
            "\u{11a8}",
            "\u{200b}",
            "\u{202e}",
            "\u{fe0f}",
            "👍🏽",
            "\0",
            "㎡",
            "´",
            "\u{344}",
            "İ",
            "ﷺ",
            "…",
            "⑴",
            "𝐀",
            "\u{fffd}",
            "\u{fffc}",
            "一二三四五六七八九十",
            "，",
            "🅰",
            ".",
            "~",
        ]);
        prop_oneof![
            prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat()),
            any::<String>(),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn normalising_twice_changes_nothing(original in awkward()) {
            let once = Normalised::of(&original);
            let twice = Normalised::of(once.text());
            prop_assert_eq!(once.text(), twice.text());
        }

        #[test]
        fn spans_stand_on_characters_and_in_order(original in awkward()) {
            let normalised = Normalised::of(&original);
            let ends: Vec<_> = normalised.text().char_indices().map(|(at, _)| at)
                .chain([normalised.text().len()]).collect();
            let mut before = 0;
            for pair in ends.windows(2) {
                let span = normalised.original_span(pair[0]..pair[1]);
                prop_assert!(original.get(span.clone()).is_some(), "{:?}", span);
                prop_assert!(!span.is_empty());
                prop_assert!(span.start >= before);
                before = span.start;
            }
            for span in normalised.mentions().iter().cloned().chain(normalised.quoted()) {
                prop_assert!(original.get(span).is_some());
            }
            for face in normalised.faces() {
                prop_assert!(normalised.text()[face.at..].starts_with(fold::FACE));
            }
            let compact = normalised.compact();
            for (at, c) in compact.text().char_indices() {
                let span = compact.span_in_text(at..at + c.len_utf8());
                prop_assert_eq!(normalised.text()[span].chars().next(), Some(c));
            }
        }

        #[test]
        fn reading_into_used_buffers_gives_the_same(first in awkward(), second in awkward()) {
            let mut reused = Normalised::of(&first);
            reused.read(&second);
            let fresh = Normalised::of(&second);
            prop_assert_eq!(reused.text(), fresh.text());
            prop_assert_eq!(reused.faces(), fresh.faces());
            prop_assert_eq!(reused.mentions(), fresh.mentions());
            prop_assert_eq!(reused.quoted(), fresh.quoted());
            prop_assert_eq!(reused.compact(), fresh.compact());
        }
    }

    #[test]
    fn a_megabyte_of_anything_is_read_in_one_pass() {
        for piece in [
            "停电",
            "@",
            "@a",
            "[",
            "「",
            "「a:b」\n",
            "引用a:b\n",
            "\u{301}",
            "e\u{301}",
            "\u{200b}",
            "著\u{200b}",
            "´",
            "停 ",
            "\u{1100}\u{1161}",
            "ﷺ",
        ] {
            let original = piece.repeat((1 << 20) / piece.len());
            let normalised = Normalised::of(&original);
            assert!(normalised.text().len() <= original.len() * 12, "{piece}");
        }
    }
}
