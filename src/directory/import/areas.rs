//! `areas.csv`: 路径,类型,别名,需审批.

use std::collections::BTreeMap;

use crate::model::{Area, AreaId, AreaKind};
use crate::table::{Column, Need};

use super::File;
use super::reading::{Reading, listed, path_id};

const COLUMNS: [Column; 4] = [
    Column {
        name: "路径",
        aliases: &["区域路径", "区域"],
        need: Need::Required,
    },
    Column {
        name: "类型",
        aliases: &["级别"],
        need: Need::Required,
    },
    Column {
        name: "别名",
        aliases: &["别称"],
        need: Need::Optional,
    },
    Column {
        name: "需审批",
        aliases: &["审批"],
        need: Need::Optional,
    },
];

/// Reads the table into the wanted areas; parents may stand below their children.
pub(super) fn read(file: &File, reading: &mut Reading<'_>) {
    let table = reading.table(file, &COLUMNS);
    let mut rows: BTreeMap<AreaId, (u32, Area)> = BTreeMap::new();
    for row in &table.rows {
        let id = path_id(row.get(0));
        if id.path().next().is_none() {
            reading.mistake(
                file,
                Some(row.number),
                "“路径”是空的，请写成“街道/社区/小区”",
            );
            continue;
        }
        let Some(kind) = kind(row.get(1)) else {
            let text = format!(
                "类型“{}”不认识，请写 街道、社区、网格、小区 或 楼栋",
                row.get(1)
            );
            reading.mistake(file, Some(row.number), text);
            continue;
        };
        let Some(needs_approval) = yes_no(row.get(3)) else {
            let text = format!("“需审批”只能写 是 或 否，现在是“{}”", row.get(3));
            reading.mistake(file, Some(row.number), text);
            continue;
        };
        let area = Area {
            id: id.clone(),
            kind,
            aliases: listed(row.get(2)).map(str::to_owned).collect(),
            needs_approval,
        };
        if let Some((earlier, _)) = rows.insert(id, (row.number, area)) {
            let text = format!("这个区域和第{earlier}行重复，请删掉一行");
            reading.mistake(file, Some(row.number), text);
        }
    }
    // Paths sort with every parent before its children.
    for (number, area) in rows.into_values() {
        match complaint(&area, reading) {
            Some(text) => reading.mistake(file, Some(number), text),
            None => reading.add_area(area),
        }
    }
}

/// What is wrong with where an area stands.
fn complaint(area: &Area, reading: &Reading<'_>) -> Option<String> {
    let parent = area.id.parent()?;
    match reading.areas.get(&parent) {
        None => Some(format!("上级“{parent}”不存在，请先给它加一行")),
        Some(kind) if *kind >= area.kind => Some(format!(
            "“{}”是{}，不能放在{}“{}”下面，请改类型或路径",
            area.id.name(),
            area.kind.chinese(),
            kind.chinese(),
            parent.name()
        )),
        Some(_) => None,
    }
}

fn kind(words: &str) -> Option<AreaKind> {
    match words {
        "街道" | "镇" | "乡" => Some(AreaKind::Street),
        "社区" | "村" => Some(AreaKind::Community),
        "网格" | "微网格" => Some(AreaKind::Grid),
        "小区" | "院落" => Some(AreaKind::Estate),
        "楼栋" | "楼" | "栋" => Some(AreaKind::Building),
        _ => None,
    }
}

fn yes_no(words: &str) -> Option<bool> {
    match words {
        "是" | "需要" | "1" | "√" => Some(true),
        "否" | "不需要" | "不" | "0" | "" => Some(false),
        _ => None,
    }
}
