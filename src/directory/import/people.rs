//! `people.csv`: 编号,姓名,角色,负责区域,负责类别,顺序. Several rows of one person add up.

use std::collections::BTreeMap;

use crate::model::{AreaId, CategoryCode, Duty, Person, PersonId, Role};
use crate::table::{Column, Need, Row};

use super::File;
use super::groups::looks_rounded;
use super::reading::{Reading, listed};

const COLUMNS: [Column; 6] = [
    Column {
        name: "编号",
        aliases: &["账号", "微信号", "工号"],
        need: Need::Required,
    },
    Column {
        name: "姓名",
        aliases: &["名字"],
        need: Need::Required,
    },
    Column {
        name: "角色",
        aliases: &["身份", "职务"],
        need: Need::Required,
    },
    Column {
        name: "负责区域",
        aliases: &["区域", "区域路径"],
        need: Need::Optional,
    },
    Column {
        name: "负责类别",
        aliases: &["类别"],
        need: Need::Optional,
    },
    Column {
        name: "顺序",
        aliases: &["次序"],
        need: Need::Optional,
    },
];

/// Reads the table into the wanted people.
pub(super) fn read(file: &File, reading: &mut Reading<'_>) {
    let table = reading.table(file, &COLUMNS);
    reading.wanted.all_people = true;
    let mut people: BTreeMap<PersonId, (u32, Person)> = BTreeMap::new();
    for row in &table.rows {
        let Some(person) = person(file, row, reading) else {
            continue;
        };
        let Some((first, known)) = people.get_mut(&person.id) else {
            people.insert(person.id.clone(), (row.number, person));
            continue;
        };
        if known.name != person.name || known.role != person.role {
            let text = format!(
                "编号“{}”在第{first}行是{}，这里是{}；同一个编号的姓名和角色要一样",
                person.id, known.name, person.name
            );
            reading.mistake(file, Some(row.number), text);
        }
        for duty in person.duties {
            if known
                .duties
                .iter()
                .any(|it| it.area == duty.area && it.categories == duty.categories)
            {
                let text = format!("{}负责“{}”写了两遍，请删掉一行", known.name, duty.area);
                reading.mistake(file, Some(row.number), text);
            } else {
                known.duties.push(duty);
            }
        }
    }
    let people = people.into_values().map(|(_, person)| person);
    reading.wanted.people.extend(people);
}

fn person(file: &File, row: &Row, reading: &mut Reading<'_>) -> Option<Person> {
    let (id, name) = (row.get(0), row.get(1));
    let mut complain = |text: String| reading.mistake(file, Some(row.number), text);
    if id.is_empty() || name.is_empty() {
        complain("“编号”和“姓名”都要填".to_owned());
    }
    if looks_rounded(id) {
        complain(format!(
            "编号“{id}”被表格改成了科学计数，请把这一列设成“文本”格式再填一遍"
        ));
    }
    let role = role(row.get(2));
    if role.is_none() {
        complain(format!(
            "角色“{}”不认识，请写 网格员、物业、社区、街道、坐席、管理员 或 居民",
            row.get(2)
        ));
    }
    let order = match row.get(5) {
        "" => Some(0),
        words => words.parse::<u8>().ok(),
    };
    if order.is_none() {
        complain(format!(
            "顺序“{}”要写 0 到 255 的数字，0 最先接单",
            row.get(5)
        ));
    }
    let categories = categories(file, row, reading);
    let areas: Vec<AreaId> = listed(row.get(3))
        .filter_map(|path| reading.area(file, row.number, path))
        .collect();
    let role = role?;
    if role == Role::Worker && row.get(3).is_empty() {
        reading.mistake(file, Some(row.number), "网格员要写“负责区域”，否则派不到单");
    }
    if id.is_empty() || name.is_empty() {
        return None;
    }
    let known = reading.known.directory.person(&PersonId::from(id));
    Some(Person {
        id: PersonId::from(id),
        name: name.to_owned(),
        role,
        duties: areas
            .into_iter()
            .map(|area| Duty {
                area,
                categories: categories.clone(),
                order: order.unwrap_or_default(),
            })
            .collect(),
        gateway: known.and_then(|known| known.gateway.clone()),
        objected_at: known.and_then(|known| known.objected_at),
    })
}

/// Categories by code or by name; empty means all.
fn categories(file: &File, row: &Row, reading: &mut Reading<'_>) -> Vec<CategoryCode> {
    let mut codes = Vec::new();
    for words in listed(row.get(4)) {
        let found = reading
            .known
            .catalogue
            .categories
            .values()
            .find(|category| {
                category.code.as_str() == words
                    || category.name == words
                    || category.code.as_str().trim_start_matches('0') == words
            });
        let Some(category) = found else {
            let text = format!("类别“{words}”不认识，请写两位编号或类别名称，如 02 或 供水排水");
            reading.mistake(file, Some(row.number), text);
            continue;
        };
        codes.push(category.code.clone());
    }
    codes
}

fn role(words: &str) -> Option<Role> {
    match words {
        "网格员" | "微网格员" | "网格长" => Some(Role::Worker),
        "物业" => Some(Role::Property),
        "社区" | "街道" | "坐席" | "工作人员" => Some(Role::Staff),
        "管理员" | "社区管理员" => Some(Role::Admin),
        "居民" => Some(Role::Resident),
        "机器人" => Some(Role::Bot),
        _ => None,
    }
}

/// What people read.
pub(super) fn chinese(role: Role) -> &'static str {
    match role {
        Role::Resident => "居民",
        Role::Property => "物业",
        Role::Worker => "网格员",
        Role::Staff => "社区或街道",
        Role::Admin => "管理员",
        Role::Bot => "机器人",
    }
}
