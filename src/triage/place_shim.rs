//! Places as numbers before 栋, 单元 and the like, until `text` reads them itself.

use std::ops::Range;

use crate::model::Place;
use crate::text::Normalised;

/// A place and where it stands in the normal text.
#[derive(Clone, Debug)]
pub(super) struct PlaceFound {
    pub(super) place: Place,
    pub(super) span: Range<usize>,
}

const MARKS: [&str; 8] = ["栋", "幢", "号楼", "座", "#", "单元", "楼", "室"];

/// Numbers before a mark.
pub(super) fn find(text: &Normalised, _area_names: &[String]) -> Vec<PlaceFound> {
    let text = text.text();
    let mut found = Vec::new();
    for mark in MARKS {
        for (at, _) in text.match_indices(mark) {
            let number = trailing_number(&text[..at]);
            if !number.is_empty() {
                found.push(PlaceFound {
                    place: named(number, mark),
                    span: at - number.len()..at + mark.len(),
                });
            }
        }
    }
    found
}

/// The first place said.
pub(super) fn merge(found: &[PlaceFound]) -> Option<Place> {
    found.first().map(|found| found.place.clone())
}

fn trailing_number(text: &str) -> &str {
    let is_digit = |c: char| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(c);
    let start = text
        .char_indices()
        .rev()
        .take_while(|&(_, c)| is_digit(c))
        .last()
        .map_or(text.len(), |(at, _)| at);
    &text[start..]
}

fn named(number: &str, mark: &str) -> Place {
    let number = Some(number.to_owned());
    let mut place = Place::default();
    match mark {
        "单元" => place.unit = number,
        "楼" => place.floor = number,
        "室" => place.room = number,
        _ => place.building = number,
    }
    place
}
