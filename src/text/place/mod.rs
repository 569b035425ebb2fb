//! Places inside a community: 3栋2单元501, 三幢, 3#, A座, 二期, 负一楼车库, 南门, 莲花小区.

mod building;
mod reader;
mod spot;

use std::borrow::Cow;
use std::ops::Range;

use crate::model::Place;

use super::{Normalised, fold};
use reader::Reader;

/// A place that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceFound {
    /// Which.
    pub place: Place,
    /// Where, in bytes of the normalised text.
    pub span: Range<usize>,
    /// Where its door number stands, in bytes of the normalised text.
    pub room: Option<Range<usize>>,
}

/// Names of the directory are looked for up to here, in bytes: there may be thousands of them.
const NAMES_SEARCHED: usize = 1 << 12;

/// The places of a text, in order. `area_names` are names that the directory knows.
pub fn find(text: &Normalised, area_names: &[String]) -> Vec<PlaceFound> {
    let text = text.text();
    let searched = &text[..text.floor_char_boundary(NAMES_SEARCHED)];
    let names: Vec<_> = area_names
        .iter()
        .map(|name| (normal(name), name))
        .filter(|(normal, _)| !normal.is_empty() && searched.contains(&**normal))
        .collect();
    if names.is_empty() && !may_hold_place(text) {
        return Vec::new();
    }
    let reader = Reader::new(text, &names);
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.len() {
        match reader.place(at) {
            Some((end, place)) => {
                at = end;
                found.push(place);
            }
            None => at += 1,
        }
    }
    found
}

/// A name in normal form: nearly all are written in it.
fn normal(name: &str) -> Cow<'_, str> {
    if fold::is_normal(name) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(Normalised::of(name).text().to_owned())
    }
}

/// The first place, completed by later ones that do not contradict it. Of 3栋和5栋 it is 3栋.
pub fn merge(found: &[PlaceFound]) -> Option<Place> {
    let (first, rest) = found.split_first()?;
    let mut place = first.place.clone();
    for other in rest.iter().map(|found| &found.place) {
        let other_building = match (&place.building, &other.building) {
            (Some(mine), Some(theirs)) => mine != theirs,
            // 2单元 of a building named before is the same building's.
            _ => false,
        };
        if other_building
            || (place.area.is_some() && other.area.is_some() && place.area != other.area)
        {
            continue;
        }
        complete(&mut place, other);
    }
    Some(place)
}

fn complete(place: &mut Place, other: &Place) {
    let fields = [
        (&mut place.area, &other.area),
        (&mut place.phase, &other.phase),
        (&mut place.building, &other.building),
        (&mut place.unit, &other.unit),
        (&mut place.floor, &other.floor),
        (&mut place.room, &other.room),
        (&mut place.spot, &other.spot),
    ];
    for (mine, theirs) in fields {
        if mine.is_none() {
            mine.clone_from(theirs);
        }
    }
}

/// A cheap look for the characters without which no place stands in a text.
fn may_hold_place(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(
            c,
            '栋' | '幢'
                | '橦'
                | '楼'
                | '座'
                | '#'
                | '单'
                | '元'
                | '室'
                | '房'
                | '期'
                | '门'
                | '库'
                | '层'
                | '场'
                | '院'
                | '苑'
                | '区'
                | '园'
                | '村'
                | '寓'
                | '号'
                | '-'
                | '棚'
                | '岗'
                | '亭'
                | '柜'
                | '站'
                | '台'
                | '池'
                | '庭'
                | '堂'
                | '府'
                | '家'
                | '顶'
                | '住'
                | '口'
                | '城'
        )
    })
}

#[cfg(test)]
mod tests;
