//! Shadow reports on an invented week.

use super::*;
use crate::model::{AreaId, Category, GroupId, Level, MergeScope, PersonId, Place, Timestamp};
use crate::triage::{Action, OPENS_AT};

const ESTATE: &str = "云杉街道/清溪社区/枫林苑";

fn catalogue() -> Catalogue {
    let category = |code: &str, name: &str, family: &str| Category {
        code: code.into(),
        name: name.to_owned(),
        level: Level::Normal,
        body: String::new(),
        family: family.to_owned(),
        merge_scope: MergeScope::Estate,
        merge_window: std::time::Duration::from_hours(24),
        loss_of_service: false,
        reopen_days: 7,
        limits: None,
        city_codes: BTreeMap::new(),
    };
    let all = [
        category("01", "供电用电", "power"),
        category("05", "电梯门禁", "lift"),
        category("08", "噪音扰民", "noise"),
    ];
    let categories = all.map(|one| (one.code.clone(), one));
    Catalogue {
        categories: categories.into(),
        ..Catalogue::default()
    }
}

fn heard(at: &str, text: &str, code: &str, action: Action, score: f32) -> Shadowed {
    let at: Timestamp = format!("{at}:00+08:00").parse().expect("a time");
    Shadowed {
        id: format!("D-{at}-{text}"),
        group: GroupId::from("g1"),
        area: Some(AreaId::from(ESTATE)),
        person: PersonId::from("u1"),
        at,
        kept_at: at,
        text: text.to_owned(),
        action,
        category: Some(code.into()),
        level: Some(Level::Normal),
        emergency: None,
        score,
        place: None,
        because: String::new(),
    }
}

fn in_building(building: &str, one: Shadowed) -> Shadowed {
    let place = Place {
        building: Some(building.to_owned()),
        ..Place::default()
    };
    Shadowed {
        place: Some(place),
        ..one
    }
}

/// Two days: a lift twice on the first, noise under the threshold, a false alarm on the second.
fn week() -> Vec<Shadowed> {
    vec![
        heard("2026-11-16T08:00", "电梯又停了", "05", Action::Open, 2.6),
        heard("2026-11-16T09:00", "电梯还是坏的", "05", Action::Open, 2.2),
        heard(
            "2026-11-16T21:00",
            "楼上半夜还在拖凳子",
            "08",
            Action::Watch,
            1.6,
        ),
        heard("2026-11-17T10:00", "梦见停电了", "01", Action::Open, 2.1),
    ]
}

fn recorded(table: &str) -> (Vec<Recorded>, Vec<String>) {
    let whereabouts = |name: &str| (name == "枫林苑").then(|| Where::Area(AreaId::from(ESTATE)));
    read(table.as_bytes(), &catalogue(), 2026, &whereabouts).expect("a table")
}

fn made(decisions: &[Shadowed], recorded: Option<&[Recorded]>, per_day: Option<u32>) -> Report {
    let zone = TimeZone::fixed(jiff::tz::offset(8));
    report(&Given {
        decisions,
        recorded,
        catalogue: &catalogue(),
        zone: &zone,
        per_day,
        open_at: OPENS_AT,
    })
}

const BY_HAND: &str = "时间,小区,内容,类别
2026-11-16 11:20,枫林苑,电梯故障停运,电梯门禁
2026/11/16 22:10,枫林苑,楼上半夜拖凳子扰民,08
2026-11-17,枫林苑,地下车库漏雨,
";

#[test]
fn what_was_missed_and_what_nobody_recorded_are_told_apart() {
    let (rows, notes) = recorded(BY_HAND);
    assert!(notes.is_empty(), "{notes:?}");
    let report = made(&week(), Some(&rows), None);
    let comparison = report.comparison.expect("compared");
    let expected = Score {
        recorded: 3,
        found: 1,
        opened: 2,
        right: 1,
    };
    assert_eq!(comparison.total, expected);
    assert_eq!(comparison.by_category["05"].recall(), Some(1.0));
    assert_eq!(comparison.by_category["01"].precision(), Some(0.0));
    let missed = &comparison.missed;
    let heard = |at: usize| missed[at].heard.as_ref().map(|one| one.score);
    assert_eq!((heard(0), heard(1)), (Some(1.6), None));
    assert_eq!(comparison.surplus[0].texts, ["梦见停电了"]);
}

#[test]
fn several_who_say_the_same_are_one_event_and_two_buildings_are_two() {
    let mut decisions = week();
    let open = |problems: &[Shadowed]| problems_of(problems).len();
    assert_eq!(open(&decisions), 2);
    decisions[0] = in_building("3", decisions[0].clone());
    decisions[1] = in_building("5", decisions[1].clone());
    assert_eq!(open(&decisions), 3);
    let report = made(&decisions, None, None);
    assert_eq!(
        (
            report.days,
            report.workload.events,
            report.workload.busiest_day
        ),
        (2, 3, 2)
    );
}

fn problems_of(decisions: &[Shadowed]) -> Vec<Problem> {
    problems(decisions, &catalogue(), Bar::AsDecided)
}

#[test]
fn the_advised_threshold_balances_what_is_found_with_what_is_false() {
    let (rows, _) = recorded(BY_HAND);
    let advised = made(&week(), Some(&rows), None).thresholds.advised;
    assert_eq!(advised, Some(1.6), "it finds the noise, too");
    let advised = made(&week(), None, Some(1)).thresholds.advised;
    assert_eq!(advised, Some(1.8), "the lowest with one event a day");
    assert_eq!(made(&week(), None, None).thresholds.advised, None);
}

#[test]
fn two_troubles_of_one_kind_are_not_found_by_opening_one() {
    let (rows, _) = recorded(
        "时间,小区,内容,类别\n2026-11-16 11:20,枫林苑,电梯又停了,05\n2026-11-16 11:30,枫林苑,门禁刷不开卡,05\n2026-11-16 12:00,枫林苑,电梯停了没人修,05\n",
    );
    let comparison = made(&week(), Some(&rows), None)
        .comparison
        .expect("compared");
    assert_eq!(
        (comparison.total.found, comparison.missed[0].recorded.row),
        (2, 3)
    );
}

#[test]
fn a_threshold_that_changes_nothing_is_not_advised() {
    let (rows, _) = recorded("时间,小区,内容,类别\n2026-11-16,枫林苑,电梯又停了,05\n");
    let decisions = [heard(
        "2026-11-16T08:00",
        "电梯又停了",
        "05",
        Action::Open,
        9.0,
    )];
    let advised = made(&decisions, Some(&rows), None).thresholds.advised;
    assert_eq!(advised, Some(OPENS_AT));
}

#[test]
fn a_lower_threshold_never_opens_less() {
    let tried = made(&week(), None, None).thresholds.tried;
    assert!(
        tried
            .windows(2)
            .all(|pair| pair[0].per_day >= pair[1].per_day)
    );
}

#[test]
fn times_are_read_however_they_are_written_and_bad_rows_are_told() {
    let table = "登记时间,群名,诉求,类型\n11月16日 下午3点20,枫林苑,电梯坏了,电梯\n16号,枫林苑,电梯坏了,\n2026.11.16,老地方,,\n2026.11.16,老地方,灯不亮,怪事\n";
    let (rows, notes) = recorded(table);
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[0].at.1.map(|time| (time.hour(), time.minute())),
        Some((15, 20))
    );
    assert_eq!(rows[0].category, Some("05".into()));
    assert_eq!((rows[1].row, rows[1].at.1), (5, None));
    assert_eq!(notes.len(), 4, "{notes:#?}");
}
