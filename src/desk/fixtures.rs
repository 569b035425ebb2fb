//! An invented street for the desk's tests: 莲花街道 with one 社区, two 小区 and three workers.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{
    AreaId, Catalogue, Category, CategoryCode, EventId, Level, Limits, MergeScope, Timestamp,
};

use super::Event;

/// The 小区 most tests play in.
pub(super) const ESTATE: &str = "莲花街道/一社区/莲花新区";

/// Friday 2026-11-20, 09:00 at +08:00, and so many minutes.
pub(super) fn minutes(after: i64) -> Timestamp {
    Timestamp::from_second(1_795_136_400 + after * 60).expect("in range")
}

/// A category of this code, name and family, 紧急.
pub(super) fn category(code: &str, name: &str, family: &str) -> Category {
    Category {
        code: CategoryCode::from(code),
        name: name.to_owned(),
        level: Level::Urgent,
        body: "物业".to_owned(),
        family: family.to_owned(),
        merge_scope: MergeScope::Estate,
        merge_window: Duration::from_hours(24),
        loss_of_service: true,
        reopen_days: 7,
        limits: None,
        city_codes: BTreeMap::new(),
    }
}

/// Two categories and the domain's limits.
pub(super) fn catalogue() -> Catalogue {
    let categories = [
        category("01", "供电用电", "power"),
        category("02", "供水排水", "water"),
    ];
    let limits = |accept, answer, finish| Limits {
        accept: Duration::from_mins(accept),
        answer: Duration::from_mins(answer),
        finish: Duration::from_mins(finish),
    };
    Catalogue {
        categories: categories
            .into_iter()
            .map(|category| (category.code.clone(), category))
            .collect(),
        limits: BTreeMap::from([
            (Level::Critical, limits(5, 15, 120)),
            (Level::Urgent, limits(15, 120, 24 * 60)),
            (Level::Normal, limits(120, 480, 3 * 480)),
            (Level::Hard, limits(480, 3 * 480, 15 * 480)),
            (Level::Inquiry, limits(240, 480, 3 * 480)),
        ]),
        ..Catalogue::default()
    }
}

/// A Lead of the water family in [`ESTATE`], first heard of at 09:00.
pub(super) fn event(id: &str) -> Event {
    Event::new(
        EventId::from(id),
        &category("02", "供水排水", "water"),
        Level::Normal,
        AreaId::from(ESTATE),
        minutes(0),
    )
}
