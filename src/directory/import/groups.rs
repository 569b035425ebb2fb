//! `groups.csv`: 群号,群名,区域路径,用途,读取,发送. A row admits its group.

use std::collections::BTreeMap;

use crate::model::{GatewayId, Group, GroupId, GroupPurpose, GroupState};
use crate::table::{Column, Need};

use super::File;
use super::reading::Reading;

const COLUMNS: [Column; 6] = [
    Column {
        name: "群号",
        aliases: &["群编号", "群ID"],
        need: Need::Required,
    },
    Column {
        name: "群名",
        aliases: &["群名称"],
        need: Need::Optional,
    },
    Column {
        name: "区域路径",
        aliases: &["区域", "路径"],
        need: Need::Required,
    },
    Column {
        name: "用途",
        aliases: &[],
        need: Need::Optional,
    },
    Column {
        name: "读取",
        aliases: &["读取网关", "网关"],
        need: Need::Required,
    },
    Column {
        name: "发送",
        aliases: &["发送网关"],
        need: Need::Optional,
    },
];

/// Reads the table into the wanted groups.
pub(super) fn read(file: &File, reading: &mut Reading<'_>) {
    let table = reading.table(file, &COLUMNS);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for row in &table.rows {
        let id = row.get(0);
        if id.is_empty() {
            reading.mistake(file, Some(row.number), "“群号”是空的，请填上平台的群号");
            continue;
        }
        if let Some(earlier) = seen.insert(id.to_owned(), row.number) {
            let text = format!("群号“{id}”和第{earlier}行重复，请删掉一行");
            reading.mistake(file, Some(row.number), text);
        }
        if looks_rounded(id) {
            let text = format!("群号“{id}”被表格改成了科学计数，请把这一列设成“文本”格式再填一遍");
            reading.mistake(file, Some(row.number), text);
        }
        let purpose = match row.get(3) {
            "居民" | "" => Some(GroupPurpose::Residents),
            "工作" => Some(GroupPurpose::Work),
            other => {
                let text = format!("用途“{other}”不认识，请写 居民 或 工作");
                reading.mistake(file, Some(row.number), text);
                None
            }
        };
        if row.get(4).is_empty() {
            let text = "“读取”是空的，请写配置里读这个群的网关名";
            reading.mistake(file, Some(row.number), text);
        }
        let area = reading.area(file, row.number, row.get(2));
        let known = reading.known.directory.group(&GroupId::from(id));
        if let (Some(purpose), Some(area)) = (purpose, area) {
            let name = match (row.get(1), known) {
                ("", Some(known)) => known.name.clone(),
                (name, _) => name.to_owned(),
            };
            reading.wanted.groups.push(Group {
                id: GroupId::from(id),
                gateway: GatewayId::from(row.get(4)),
                sink: Some(row.get(5))
                    .filter(|it| !it.is_empty())
                    .map(GatewayId::from),
                name,
                area: Some(area),
                purpose,
                state: GroupState::Admitted,
                since: known.map_or(reading.known.at, |known| known.since),
                told_at: known.and_then(|known| known.told_at),
            });
        }
    }
}

/// `1.23E+09`: what a spreadsheet makes of a long number.
pub(super) fn looks_rounded(id: &str) -> bool {
    let Some((digits, power)) = id.split_once(['E', 'e']) else {
        return false;
    };
    power.starts_with('+')
        && !digits.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}
