//! The values that words are made of.

use crate::model::{Facts, Timestamp};
use crate::triage::Emergency;

use super::super::clocks::Light;
use super::super::{Event, View};

/// Who reads it decides what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Residents, in a group.
    Public,
    /// Workers and staff, in their group.
    Colleagues,
    /// One worker or member of staff, alone.
    Alone,
}

/// What the reader may know of an event.
pub fn about(view: &View, event: &Event, reader: Reader) -> Facts {
    let mut facts = Facts::new();
    let mut fact = |name: &str, value: String| {
        if !value.is_empty() {
            facts.insert(name.to_owned(), value);
        }
    };
    fact("number", number(event));
    fact("id", event.id.to_string());
    if event.discreet && reader != Reader::Alone {
        return facts;
    }
    let category = view.catalogue.categories.get(&event.category);
    fact(
        "category",
        category.map_or_else(|| event.category.to_string(), |it| it.name.clone()),
    );
    fact(
        "body",
        category.map(|it| it.body.clone()).unwrap_or_default(),
    );
    fact("level", event.level.chinese().to_owned());
    fact("area", event.area.name().to_owned());
    fact("place", place(event, reader));
    fact("state", state(event));
    fact("supporters", event.supporters.to_string());
    fact("opened", when(view, event.opened_at));
    if reader != Reader::Public {
        fact("gist", event.gist.clone());
        let finish_by = event.clocks.finish_by.map(|at| when(view, at));
        fact("finish_by", finish_by.unwrap_or_default());
        let holder = event.holder.as_ref();
        fact(
            "holder",
            holder
                .map(|it| view.directory.name(it).to_owned())
                .unwrap_or_default(),
        );
    }
    facts
}

/// An instant as people read it, in the community's zone: `11月20日 08:01`.
pub fn when(view: &View, at: Timestamp) -> String {
    at.to_zoned(view.settings.zone.clone())
        .strftime("%-m月%-d日 %H:%M")
        .to_string()
}

/// The short number people type.
pub(in crate::desk) fn number(event: &Event) -> String {
    event
        .id
        .serial()
        .map_or_else(|| event.id.to_string(), |serial| serial.to_string())
}

/// One event in one line, for lists: `12 供水排水 莲花新区3栋 处置中 黄灯`.
pub fn line(view: &View, event: &Event, reader: Reader, now: Timestamp) -> String {
    let facts = about(view, event, reader);
    let mut words = vec![number(event)];
    for name in ["category", "level", "area", "place", "state"] {
        words.extend(facts.get(name).cloned());
    }
    if facts.len() <= 2 {
        words.push(state(event));
    }
    let light = Light::of(event, now);
    if reader != Reader::Public && light != Light::Green && event.is_open() {
        words.push(light.chinese().to_owned());
    }
    words.join(" ")
}

/// The emergency's name and whom to call, most needed first.
pub fn call_for(emergency: Emergency) -> (&'static str, &'static str) {
    match emergency {
        Emergency::Trapped => ("人员被困", "119"),
        Emergency::Gas => ("燃气泄漏", "119"),
        Emergency::Fire => ("着火", "119"),
        Emergency::Suicide => ("生命危险", "110、120"),
        Emergency::Missing => ("人员走失", "110"),
        Emergency::Collapse => ("坍塌", "119"),
        Emergency::Medical => ("溺水或晕倒", "120"),
        Emergency::Shock => ("触电或漏电", "120、119"),
        Emergency::Violence => ("持刀或打架", "110"),
    }
}

fn place(event: &Event, reader: Reader) -> String {
    let Some(place) = &event.place else {
        return String::new();
    };
    if reader == Reader::Public {
        place.public().within(&event.area)
    } else {
        place.within(&event.area)
    }
}

fn state(event: &Event) -> String {
    if event.suspended.is_some() {
        return "挂账".to_owned();
    }
    match event.outcome {
        Some(outcome) => format!("{}（{}）", event.state.chinese(), outcome.chinese()),
        None => event.state.chinese().to_owned(),
    }
}
