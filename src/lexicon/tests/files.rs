//! Files as people really save them, and what they are told.

use encoding_rs::GBK;

use super::*;

const TABLE: &str =
    "关键词,类别,强弱,级别,排除语境,需同现,状态,备注\n停电,01,强,,停电演练,,启用,常用\n";

fn words(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let loaded = Lexicon::from_sources(&with("keywords.csv", bytes), &[]);
    let lexicon = loaded
        .unwrap_or_else(|problems| panic!("{problems}"))
        .lexicon;
    lexicon
        .keywords()
        .map(|(_, keyword)| keyword.word.clone())
        .collect()
}

fn problems(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let found = match Lexicon::from_sources(&with("keywords.csv", bytes), &[]) {
        Ok(loaded) => loaded.warnings,
        Err(Diagnostics(found)) => found,
    };
    found
        .iter()
        .filter(|problem| problem.file == "keywords.csv")
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_table_is_read_however_it_was_saved() {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(TABLE.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let saved: [(&str, Vec<u8>); 12] = [
        ("plain", TABLE.into()),
        ("with a mark", format!("\u{FEFF}{TABLE}").into()),
        ("GBK", GBK.encode(TABLE).0.into_owned()),
        ("UTF-16 of Excel", utf16),
        ("CRLF", TABLE.replace('\n', "\r\n").into()),
        ("tabs", TABLE.replace(',', "\t").into()),
        ("semicolons", TABLE.replace(',', ";").into()),
        ("sep line", format!("sep=,\r\n{TABLE}").into()),
        ("full-width commas", TABLE.replace(',', "，").into()),
        (
            "trailing blanks",
            TABLE
                .replace('\n', ",,,\n")
                .into_bytes()
                .into_iter()
                .chain(*b",,,,,,,,,,\n\n")
                .collect(),
        ),
        (
            "quotes",
            "\"关键词\",\"类别\",\"强弱\"\n\" 停电 \",\"1\",\"强\"\n".into(),
        ),
        (
            "another order",
            "备注,强弱,类别,关键词\n,强,供电用电,停电\n".into(),
        ),
    ];
    for (how, bytes) in saved {
        assert_eq!(words(bytes), ["停电"], "{how}");
    }
}

#[test]
fn a_full_width_comma_separates_only_where_nothing_else_does() {
    let table = "关键词,类别,强弱,备注\n停电，01，强，常用\n漏水,02,强,\"先看，再报\"\n渗水,02,强,先看，再报\n";
    assert_eq!(words(table), ["停电", "漏水", "渗水"]);
    let found = problems("关键词,类别,强弱\n停电，断电,01,强\n");
    assert!(found[0].contains("全角逗号"), "{found:?}");
}

#[test]
fn every_problem_is_told_with_its_row_and_column() {
    let found =
        problems("关键词,类别,强弱,级别,状态\n停电,99,中,特急,开\n\n,01,强,,\n电,01,强,,\n");
    for part in [
        "第 2 行 “类别”列：没有“99”这个类别",
        "第 2 行 “强弱”列：强弱写的是“中”",
        "第 2 行 “级别”列：特急由九类险情自动判定",
        "第 2 行 “状态”列：状态写的是“开”",
        "第 4 行 “关键词”列：关键词是空的",
        "第 5 行 “强弱”列：“电”只有一个字",
    ] {
        assert!(
            found.iter().any(|problem| problem.contains(part)),
            "{part}\n{found:#?}"
        );
    }
}

#[test]
fn rows_are_counted_as_the_spreadsheet_does() {
    let found = problems("关键词,类别,强弱,备注\n停电,01,强,\"两\n行\"\n\n漏水,02,中,\n");
    assert!(found[0].contains("第 4 行"), "{found:?}");
}

#[test]
fn rows_that_cannot_do_what_is_hoped_for_are_pointed_out() {
    for (rows, part) in [
        ("停电,01,强,,停电,,", "永远不会命中"),
        ("停电,01,强,,电,,", "永远不会命中"),
        ("\u{200b}\u{200d},01,强,,,,", "永远不会命中"),
        ("[捂脸],01,强,,,,", "是表情"),
        ("停电,01,强,,,,\n停電,01,强,,,,", "已经有了"),
        ("漏水,02,强,,,,\n楼上漏水,11,强,,,,", "请确认类别"),
        ("停电！,01,强,,,,", "标点"),
        ("停电,01,强,,,停电,", "另外再出现"),
    ] {
        let found = problems(format!(
            "关键词,类别,强弱,级别,排除语境,需同现,状态\n{rows}\n"
        ));
        assert!(
            found.iter().any(|problem| problem.contains(part)),
            "{rows}: {found:?}"
        );
    }
}

#[test]
fn tables_without_a_form_are_refused_with_the_way_out() {
    for (table, part) in [
        ("", "文件是空的"),
        ("停电,01,强\n", "第一行应当是表头"),
        ("关键词,强弱\n停电,强\n", "缺少“类别”"),
        (
            "关键词,类别,强弱\n\"停电,01,强\n漏水,02,强\n",
            "引号没有配对",
        ),
    ] {
        let found = problems(table);
        assert!(
            found.iter().any(|problem| problem.contains(part)),
            "{table}: {found:?}"
        );
    }
    let found = problems([0xFF, 0x80, 0xFF, 0xFF]);
    assert!(found[0].contains("编码认不出来"), "{found:?}");
}

#[test]
fn missing_files_and_packs_are_told() {
    let mut sources = Sources::embedded();
    sources.0.remove("categories.toml");
    let Diagnostics(found) = Lexicon::from_sources(&sources, &["没有的".to_owned()]).unwrap_err();
    assert!(
        found
            .iter()
            .any(|problem| problem.file == "categories.toml")
    );
    let pack = found
        .iter()
        .find(|problem| problem.file == "packs/没有的.csv")
        .unwrap();
    assert!(pack.message.contains("四川话"));
}

#[test]
fn toml_problems_carry_their_line() {
    let cues = "[[kind]]\nname = \"a\"\ntitle = \"甲\"\nweight = 1.0\nwords = [\n  \"好\",\n  { word = \"摸黑\", category = \"77\" },\n]\n";
    let Diagnostics(found) = Lexicon::from_sources(&with("cues.toml", cues), &[]).unwrap_err();
    assert_eq!(found[0].row, Some(7), "{found:?}");
    let Diagnostics(found) =
        Lexicon::from_sources(&with("cues.toml", "[[kind]]\nname = 3\n"), &[]).unwrap_err();
    assert_eq!(found[0].row, Some(2), "{found:?}");
    let categories =
        include_str!("../../../lexicon/categories.toml").replacen("\"紧急\"", "\"特急\"", 2);
    let Diagnostics(found) =
        Lexicon::from_sources(&with("categories.toml", categories), &[]).unwrap_err();
    assert!(
        found
            .iter()
            .any(|p| p.file == "categories.toml" && p.row.is_some()),
        "{found:?}"
    );
}

#[test]
fn holidays_are_read_as_excel_rewrites_them() {
    let table = "日期,类型,名称\n2026/10/1,休,国庆节\n2026-10-10,班,调休\n";
    let loaded = Lexicon::from_sources(&with("holidays.csv", table), &[]).unwrap();
    let holidays = &loaded.lexicon.catalogue().holidays;
    assert!(holidays.off.contains(&jiff::civil::date(2026, 10, 1)));
    assert!(holidays.work.contains(&jiff::civil::date(2026, 10, 10)));
}

#[test]
fn a_failing_case_is_told_with_what_was_expected() {
    let mut sources = with("keywords.csv", TABLE);
    sources.0.insert(
        "cases.csv".to_owned(),
        "原文,期望,类别,级别,命中\n3栋停电,open,01,紧急,停电\n".into(),
    );
    let lexicon = Lexicon::from_sources(&sources, &[]).unwrap().lexicon;
    let failures = lexicon.check_cases(|_| CaseOutcome {
        action: "ignore".to_owned(),
        ..CaseOutcome::default()
    });
    let told: Vec<_> = failures.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(
        told[0].contains("第 2 行 “期望”列：“3栋停电”应当判为 open，现在判为 ignore"),
        "{told:?}"
    );
}

#[test]
fn a_lexicon_is_read_from_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in Sources::embedded().0 {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    std::fs::write(dir.path().join("packs/~$四川话.csv"), "锁").unwrap();
    let loaded = Lexicon::load(dir.path(), &["四川话".to_owned()]).unwrap();
    assert_eq!(loaded.lexicon.version(), Lexicon::embedded().version());
}
