//! Who is asked, told and found.

use super::Snapshot;
use crate::model::{Area, AreaId, AreaKind, CategoryCode, Duty, Person, PersonId, Role};

const ESTATE: &str = "莲花街道/一社区/甲园";

fn person(id: &str, name: &str, role: Role, duties: &[(&str, &[&str], u8)]) -> Person {
    Person {
        id: PersonId::from(id),
        name: name.to_owned(),
        role,
        duties: duties
            .iter()
            .map(|(area, categories, order)| Duty {
                area: AreaId::from(*area),
                categories: categories
                    .iter()
                    .map(|code| CategoryCode::from(*code))
                    .collect(),
                order: *order,
            })
            .collect(),
        gateway: None,
        objected_at: None,
    }
}

fn snapshot() -> Snapshot {
    let area = |id: &str, kind, aliases: &[&str]| Area {
        id: AreaId::from(id),
        kind,
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        needs_approval: false,
    };
    let areas = [
        area("莲花街道", AreaKind::Street, &[]),
        area("莲花街道/一社区", AreaKind::Community, &[]),
        area(ESTATE, AreaKind::Estate, &["老甲园"]),
        area("桃花街道/一社区/甲园", AreaKind::Estate, &[]),
    ];
    let people = [
        person("w1", "李姐", Role::Worker, &[(ESTATE, &[], 1)]),
        person("w2", "王哥", Role::Worker, &[(ESTATE, &["02"], 0)]),
        person("w3", "赵工", Role::Worker, &[("莲花街道/一社区", &[], 0)]),
        person("s1", "周主任", Role::Staff, &[("莲花街道/一社区", &[], 0)]),
        person("s2", "李姐", Role::Staff, &[("桃花街道", &[], 0)]),
        person("a1", "孙管理", Role::Admin, &[]),
        person("r1", "", Role::Resident, &[]),
    ];
    Snapshot::new(areas, [], people)
}

fn asked(category: &str, area: &str) -> Vec<String> {
    let ladder = snapshot().ladder(&CategoryCode::from(category), &AreaId::from(area));
    ladder.into_iter().map(|it| it.person.to_string()).collect()
}

#[test]
fn people_are_asked_by_category_and_order_and_then_up_the_tree() {
    assert_eq!(asked("02", ESTATE), ["w2", "w1", "w3", "s1"]);
    assert_eq!(asked("08", ESTATE), ["w1", "w3", "s1"]);
}

#[test]
fn an_event_above_the_estates_is_offered_to_the_workers_of_its_own_area_first() {
    assert_eq!(asked("02", "莲花街道/一社区"), ["w3", "s1"]);
    assert_eq!(
        asked("02", "莲花街道"),
        ["w3", "s1", "w2", "w1"],
        "its parts, as it has none"
    );
}

#[test]
fn the_chain_ends_with_those_who_answer_for_everything() {
    let chain = snapshot().chain(&CategoryCode::from("02"), &AreaId::from(ESTATE));
    let chain: Vec<&str> = chain.iter().map(PersonId::as_str).collect();
    assert_eq!(chain, ["w2", "w1", "w3", "s1", "a1"]);
}

#[test]
fn an_area_is_found_by_its_alias_and_only_in_its_own_street() {
    let snapshot = snapshot();
    let near = AreaId::from("莲花街道/一社区");
    assert_eq!(
        snapshot.area_named("老甲园", &near).unwrap().id.as_str(),
        ESTATE
    );
    assert_eq!(
        snapshot.area_named("甲园", &near).unwrap().id.as_str(),
        ESTATE
    );
    assert!(snapshot.area_named("乙园", &near).is_none());
    assert_eq!(snapshot.area_names(&near).len(), 4);
}

#[test]
fn a_colleague_is_found_by_a_name_that_is_only_theirs() {
    let snapshot = snapshot();
    assert_eq!(snapshot.colleague("@王哥 ").unwrap().id.as_str(), "w2");
    assert_eq!(snapshot.colleague("w1").unwrap().name, "李姐");
    assert!(
        snapshot.colleague("李姐").is_none(),
        "two people have this name"
    );
}

#[test]
fn an_unknown_person_is_a_resident() {
    assert_eq!(snapshot().role(&PersonId::from("nobody")), Role::Resident);
}
