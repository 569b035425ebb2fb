//! Reading one place from where it starts: components in any usual order, glued or nearly so.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::Place;
use crate::text::number::{chinese_number, is_numeral};

use super::PlaceFound;

/// A text as characters, and the area names to look for.
pub(super) struct Reader<'a> {
    text: &'a str,
    chars: Vec<(usize, char)>,
    names: &'a [(Cow<'a, str>, &'a String)],
}

/// A number in a text.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// The character behind it.
    pub(super) end: usize,
    pub(super) value: u32,
    /// How many characters it has.
    pub(super) width: usize,
    /// Whether it counts rather than numbers: 两栋.
    pub(super) counts: bool,
}

/// What has been read so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) place: Place,
    /// The door number, in characters.
    pub(super) room: Option<Range<usize>>,
}

impl Draft {
    /// Whether a bare number behind it is a door number.
    pub(super) fn expects_room(&self) -> bool {
        let place = &self.place;
        place.room.is_none()
            && (place.building.is_some() || place.unit.is_some() || place.floor.is_some())
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, names: &'a [(Cow<'a, str>, &'a String)]) -> Self {
        Self {
            text,
            chars: text.char_indices().collect(),
            names,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at an index.
    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).map(|&(_, c)| c)
    }

    /// The character before an index.
    pub(super) fn before(&self, index: usize) -> Option<char> {
        self.at(index.checked_sub(1)?)
    }

    /// The text between two indices.
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        &self.text[self.byte(range.start)..self.byte(range.end)]
    }

    fn byte(&self, index: usize) -> usize {
        self.chars.get(index).map_or(self.text.len(), |&(at, _)| at)
    }

    /// Behind `word`, if it stands at an index.
    pub(super) fn word(&self, index: usize, word: &str) -> Option<usize> {
        let mut end = index;
        for c in word.chars() {
            if self.at(end) != Some(c) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// The number that starts at an index, all of it.
    pub(super) fn number(&self, index: usize) -> Option<Number> {
        let arabic = self.at(index)?.is_ascii_digit();
        let mut end = index;
        while self
            .at(end)
            .is_some_and(|c| is_numeral(c) && c.is_ascii_digit() == arabic)
        {
            end += 1;
        }
        let digits = self.slice(index..end);
        let value = chinese_number(digits)?;
        Some(Number {
            end,
            value,
            width: end - index,
            counts: digits.contains('两'),
        })
    }

    /// The place that starts at an index, and the character behind it.
    pub(super) fn place(&self, start: usize) -> Option<(usize, PlaceFound)> {
        let mut draft = Draft::default();
        let mut end = self.component(start, &mut draft)?;
        while let Some(next) = self.connected(end, &mut draft) {
            end = next;
        }
        let found = PlaceFound {
            place: draft.place,
            span: self.byte(start)..self.byte(end),
            room: draft
                .room
                .map(|room| self.byte(room.start)..self.byte(room.end)),
        };
        Some((end, found))
    }

    /// A further component, behind at most one character that joins them.
    fn connected(&self, end: usize, draft: &mut Draft) -> Option<usize> {
        self.component(end, draft).or_else(|| {
            matches!(self.at(end)?, ' ' | '-' | '的' | '.')
                .then(|| self.component(end + 1, draft))?
        })
    }

    fn component(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        self.known_area(index, draft)
            .or_else(|| self.dashed(index, draft))
            .or_else(|| self.phase(index, draft))
            .or_else(|| self.building(index, draft))
            .or_else(|| self.unit(index, draft))
            .or_else(|| self.floor(index, draft))
            .or_else(|| self.room(index, draft))
            .or_else(|| self.spot(index, draft))
            .or_else(|| self.unknown_area(index, draft))
    }

    /// The longest name of the directory that stands here.
    fn known_area(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.area.is_some() {
            return None;
        }
        let rest = &self.text[self.byte(index)..];
        let (normal, name) = self
            .names
            .iter()
            .filter(|(normal, _)| rest.starts_with(&**normal))
            .max_by_key(|(normal, _)| normal.len())?;
        draft.place.area = Some((*name).clone());
        Some(index + normal.chars().count())
    }
}
