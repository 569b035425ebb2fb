//! Tables as communities keep them.

use super::super::Directory;
use super::*;
use crate::model::{
    AreaId, AreaKind, Category, CategoryCode, GroupId, GroupState, Level, MergeScope, PersonId,
    Role, Saying,
};
use crate::store::memory::Memory;
use crate::store::{Scan, Store};

const AREAS: &str = "路径,类型,别名,需审批\n莲花街道,街道,,\n莲花街道/一社区/莲花新区,小区,新区|莲花,是\n莲花街道/一社区,社区,,否\n";
const GROUPS: &str = "群号,群名,区域路径,用途,读取,发送\n100,新区一群,莲花街道/一社区/莲花新区,居民,ob,ob\n200,工作群,莲花街道/一社区,工作,ob,\n";
const PEOPLE: &str = "编号,姓名,角色,负责区域,负责类别,顺序\nw1,李姐,网格员,莲花街道/一社区/莲花新区,,0\nw1,李姐,网格员,莲花街道/一社区,02|供电用电,1\ns1,周主任,社区,莲花街道/一社区,,\n";

fn file(kind: Kind, bytes: impl Into<Vec<u8>>) -> File {
    let name = match kind {
        Kind::Areas => "areas.csv",
        Kind::Groups => "groups.csv",
        Kind::People => "people.csv",
    };
    File {
        kind,
        name: name.to_owned(),
        bytes: bytes.into(),
    }
}

fn files() -> Vec<File> {
    vec![
        file(Kind::People, PEOPLE),
        file(Kind::Areas, AREAS),
        file(Kind::Groups, GROUPS),
    ]
}

fn catalogue() -> Catalogue {
    let category = |code: &str, name: &str| Category {
        code: CategoryCode::from(code),
        name: name.to_owned(),
        level: Level::Urgent,
        body: String::new(),
        family: name.to_owned(),
        merge_scope: MergeScope::Estate,
        merge_window: std::time::Duration::from_hours(24),
        loss_of_service: true,
        reopen_days: 7,
        limits: None,
        city_codes: std::collections::BTreeMap::new(),
    };
    let categories = [category("01", "供电用电"), category("02", "供水排水")];
    Catalogue {
        categories: categories
            .into_iter()
            .map(|it| (it.code.clone(), it))
            .collect(),
        ..Catalogue::default()
    }
}

fn planned(files: &[File], directory: &Snapshot) -> Result<ImportPlan, Vec<Mistake>> {
    let known = Known {
        directory,
        catalogue: &catalogue(),
        welcome: Some(&Facts::new()),
        at: Timestamp::UNIX_EPOCH,
    };
    plan(files, &known)
}

async fn imported(files: &[File]) -> (Store, Directory) {
    let store = Store::new(Memory::new());
    let directory = Directory::load(store.clone()).await.unwrap();
    let plan = planned(files, &directory.snapshot()).unwrap();
    directory.import(&plan).await.unwrap();
    (store, directory)
}

#[tokio::test]
async fn three_tables_make_a_street_whatever_their_order() {
    let (store, directory) = imported(&files()).await;
    let snapshot = directory.snapshot();
    let estate = AreaId::from("莲花街道/一社区/莲花新区");
    assert_eq!(snapshot.area(&estate).unwrap().kind, AreaKind::Estate);
    assert!(
        snapshot.needs_approval(&estate) && !snapshot.needs_approval(&estate.parent().unwrap())
    );
    let group = snapshot.admitted(&GroupId::from("100")).unwrap();
    assert!(group.told_at.is_some());
    assert_eq!(
        store
            .scan::<Saying>(&Scan::all(crate::store::Kind::Saying))
            .await
            .unwrap()
            .len(),
        2
    );
    let worker = snapshot.person(&PersonId::from("w1")).unwrap();
    assert_eq!((worker.role, worker.duties.len()), (Role::Worker, 2));
    assert_eq!(worker.duties[1].categories.len(), 2);
    assert!(snapshot.area_names(&estate).contains(&"新区".to_owned()));
}

#[tokio::test]
async fn importing_the_same_again_changes_nothing() {
    let (_, directory) = imported(&files()).await;
    let again = planned(&files(), &directory.snapshot()).unwrap();
    assert!(again.is_empty(), "{again:?}");
}

#[tokio::test]
async fn a_dry_run_says_what_is_added_changed_and_removed() {
    let (_, directory) = imported(&files()).await;
    let people = PEOPLE
        .replace("s1,周主任", "s2,郑主任")
        .replace(",1\n", ",2\n");
    let plan = planned(&[file(Kind::People, people)], &directory.snapshot()).unwrap();
    assert_eq!(plan.added, ["社区或街道 郑主任（s2）"]);
    assert_eq!(plan.removed, ["社区或街道 周主任（s1）"]);
    assert_eq!(
        plan.changed,
        [
            "网格员 李姐（w1）：职责 莲花新区(全部,0) 一社区(02|01,1) → 莲花新区(全部,0) 一社区(02|01,2)"
        ]
    );
    assert!(
        directory.snapshot().person(&PersonId::from("s1")).is_some(),
        "only planned"
    );
}

#[test]
fn every_mistake_is_told_at_once_with_its_row() {
    let files = [
        file(
            Kind::Areas,
            "路径,类型\n莲花街道,街道\n莲花街道/甲/乙,小区\n莲花街道/丙,村庄\n莲花街道/丁,街道\n",
        ),
        file(
            Kind::Groups,
            "群号,群名,区域路径,用途,读取\n1.2E+09,甲群,莲花街道,聊天,\n,乙群,莲花街道,,ob\n",
        ),
        file(
            Kind::People,
            "编号,姓名,角色,负责区域,负责类别,顺序\nw1,李姐,保安,莲花街道,99,很前\nw2,,网格员,无此处,,\n",
        ),
    ];
    let mistakes = planned(&files, &Snapshot::default()).unwrap_err();
    let rows: Vec<(String, Option<u32>)> = mistakes
        .iter()
        .map(|it| (it.file.clone(), it.row))
        .collect();
    for (file, row) in [
        ("areas.csv", 3),
        ("areas.csv", 4),
        ("areas.csv", 5),
        ("groups.csv", 2),
        ("groups.csv", 3),
        ("people.csv", 2),
        ("people.csv", 3),
    ] {
        assert!(
            rows.contains(&(file.to_owned(), Some(row))),
            "{file} {row}: {mistakes:#?}"
        );
    }
    assert!(
        mistakes
            .iter()
            .any(|it| it.to_string().contains("科学计数"))
    );
}

#[tokio::test]
async fn files_are_read_as_wps_and_excel_write_them() {
    let gbk = encoding_rs::GB18030.encode(AREAS).0.into_owned();
    let marked = format!("\u{feff}{}", GROUPS.replace('\n', "\r\n")).into_bytes();
    let wide = PEOPLE.replace(',', "，").replace('|', "、");
    let wide = wide.replacen(
        "编号，姓名，角色，负责区域，负责类别，顺序",
        "编号,姓名,角色,负责区域,负责类别,顺序,,",
        1,
    );
    let files = [
        file(Kind::Areas, gbk),
        file(Kind::Groups, marked),
        file(Kind::People, format!("{wide},,,\n")),
    ];
    let (_, directory) = imported(&files).await;
    let snapshot = directory.snapshot();
    assert_eq!(snapshot.areas().count(), 3);
    assert!(
        snapshot
            .groups()
            .all(|group| group.state == GroupState::Admitted)
    );
    assert_eq!(snapshot.people().count(), 2);
}

#[test]
fn a_file_is_known_by_the_beginning_of_its_name() {
    assert_eq!(
        Kind::of_file("fixtures/demo/people.csv"),
        Some(Kind::People)
    );
    assert_eq!(Kind::of_file("人员2026.csv"), Some(Kind::People));
    assert_eq!(Kind::of_file("notes.csv"), None);
}

#[tokio::test]
async fn the_demos_tables_have_no_mistake_and_every_estate_has_somebody_to_ask() {
    let files = [
        file(
            Kind::Areas,
            include_bytes!("../../../fixtures/demo/areas.csv"),
        ),
        file(
            Kind::Groups,
            include_bytes!("../../../fixtures/demo/groups.csv"),
        ),
        file(
            Kind::People,
            include_bytes!("../../../fixtures/demo/people.csv"),
        ),
    ];
    let (_, directory) = imported(&files).await;
    let snapshot = directory.snapshot();
    for area in snapshot
        .areas()
        .filter(|area| area.kind == AreaKind::Estate)
    {
        let asked = snapshot.ladder(&CategoryCode::from("02"), &area.id);
        assert!(asked.len() > 1, "{}: {asked:?}", area.id);
        assert!(!snapshot.work_groups(&area.id).is_empty(), "{}", area.id);
    }
}

#[test]
fn an_endless_id_is_a_mistake_of_its_row() {
    let directory = Snapshot::default();
    let (catalogue, facts) = (catalogue(), Facts::new());
    let known = Known {
        directory: &directory,
        catalogue: &catalogue,
        welcome: Some(&facts),
        at: Timestamp::UNIX_EPOCH,
    };
    let people = format!("编号,姓名,角色\n{},李姐,社区\n", "w".repeat(3000));
    let mistakes = plan(&[file(Kind::People, people)], &known).unwrap_err();
    assert_eq!(mistakes[0].row, Some(2));
    assert!(mistakes[0].text.contains("太长"));
}
