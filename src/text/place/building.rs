//! 期, 栋, 单元, 楼 and 室: what has a number.

use super::reader::{Draft, Reader};

/// No building, unit or phase has a higher number.
const HIGHEST_BUILDING: u32 = 199;
const HIGHEST_UNIT: u32 = 30;
const HIGHEST_PHASE: u32 = 19;
const HIGHEST_FLOOR: u32 = 99;

impl Reader<'_> {
    /// 二期, 2期.
    pub(super) fn phase(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.phase.is_some() || self.continues_number(index) {
            return None;
        }
        let number = self.number(index)?;
        let end = self.word(number.end, "期")?;
        let counted = matches!(
            self.before(index),
            Some('第' | '分' | '上' | '下' | '本' | '每' | '前' | '后' | '这')
        );
        let other = matches!(
            self.at(end),
            Some(
                '免' | '分'
                    | '付'
                    | '款'
                    | '间'
                    | '待'
                    | '末'
                    | '货'
                    | '限'
                    | '望'
                    | '学'
                    | '贷'
                    | '还'
            )
        );
        if counted || other || number.counts || !(1..=HIGHEST_PHASE).contains(&number.value) {
            return None;
        }
        draft.place.phase = Some(number.value.to_string());
        Some(end)
    }

    /// 3栋, 三幢, 3号楼, 3#, A座, 3A栋.
    pub(super) fn building(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.building.is_some() || self.continues_number(index) {
            return None;
        }
        self.numbered_building(index, draft)
            .or_else(|| self.lettered_building(index, draft))
    }

    fn numbered_building(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        let number = self.number(index)?;
        if number.counts || !(1..=HIGHEST_BUILDING).contains(&number.value) {
            return None;
        }
        let letter = self.at(number.end).filter(char::is_ascii_lowercase);
        let behind = number.end + usize::from(letter.is_some());
        let end = self
            .ordinal_suffix(behind, index)
            .or_else(|| self.counting_suffix(behind, index))?;
        let letter = letter
            .map(|c| c.to_ascii_uppercase().to_string())
            .unwrap_or_default();
        draft.place.building = Some(format!("{}{letter}", number.value));
        Some(end)
    }

    /// 号楼, # and 座: these number and never count.
    fn ordinal_suffix(&self, index: usize, start: usize) -> Option<usize> {
        if let Some(end) = self.word(index, "号楼").or_else(|| self.word(index, "#楼")) {
            // 5号楼上: the 楼 is the building's, 楼上 has lost it already.
            return Some(end);
        }
        if let Some(end) = self
            .word(index, "号栋")
            .or_else(|| self.word(index, "号幢"))
        {
            return Some(end);
        }
        if let Some(end) = self.word(index, "#") {
            let fuel = matches!(self.at(end), Some('汽' | '柴' | '油' | '电'))
                && self.word(end, "电梯").is_none()
                && self.word(end, "电表").is_none();
            return (!fuel && start + 3 >= index).then_some(end);
        }
        // 7座 is a car.
        let end = self.word(index, "座")?;
        let goes_on = self.number(end).is_some() || self.word(end, "楼").is_some();
        goes_on.then_some(end)
    }

    /// 栋 and 幢: these also count, 12栋多, 一共3栋, 一栋楼.
    fn counting_suffix(&self, index: usize, start: usize) -> Option<usize> {
        let end = ["栋", "幢", "橦"]
            .iter()
            .find_map(|suffix| self.word(index, suffix))?;
        let counted_before = match self.before(start) {
            Some('共' | '这' | '那' | '每' | '各' | '盖' | '建' | '几' | '整' | '好' | '十') => {
                true
            }
            Some('有') => !matches!(self.before(start - 1), Some('还' | '也' | '只' | '没')),
            _ => false,
        };
        let counted_behind = matches!(self.at(end), Some('多' | '左' | '别' | '房' | '大' | '高'))
            || self.word(end, "楼都").is_some()
            || self.word(end, "楼全").is_some()
            || self.word(end, "楼房").is_some()
            || (self.slice(start..index) == "一" && self.word(end, "楼").is_some());
        (!counted_before && !counted_behind).then_some(end)
    }

    /// A座, B栋, A3栋.
    fn lettered_building(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        let letter = self.at(index).filter(char::is_ascii_lowercase)?;
        if self
            .before(index)
            .is_some_and(|c| c.is_ascii_alphanumeric())
        {
            return None;
        }
        let number = self
            .number(index + 1)
            .filter(|n| n.width <= 2 && n.value > 0);
        let behind = number.map_or(index + 1, |n| n.end);
        let end = ["座", "栋", "幢", "号楼", "#"]
            .iter()
            .find_map(|suffix| self.word(behind, suffix))?;
        let digits = number.map(|n| n.value.to_string()).unwrap_or_default();
        draft.place.building = Some(format!("{}{digits}", letter.to_ascii_uppercase()));
        Some(end)
    }

    /// 2单元, 东单元, 2单501.
    pub(super) fn unit(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.unit.is_some() || self.continues_number(index) {
            return None;
        }
        if let Some(number) = self.number(index) {
            if number.counts || !(1..=HIGHEST_UNIT).contains(&number.value) {
                return None;
            }
            let end = self.word(number.end, "单元").or_else(|| {
                let end = self.word(number.end, "单")?;
                let short = draft.place.building.is_some() && self.number(end).is_some();
                short.then_some(end)
            })?;
            let counted = matches!(
                self.before(index),
                Some('共' | '这' | '那' | '每' | '各' | '几')
            ) || matches!(self.at(end), Some('多' | '楼') if self.word(end, "楼都").is_some());
            if counted {
                return None;
            }
            draft.place.unit = Some(number.value.to_string());
            return Some(end);
        }
        let name = self.at(index)?;
        if !matches!(
            name,
            '东' | '南' | '西' | '北' | '中' | '甲' | '乙' | '丙' | '丁' | 'a'..='z'
        ) {
            return None;
        }
        let end = self.word(index + 1, "单元")?;
        draft.place.unit = Some(name.to_ascii_uppercase().to_string());
        Some(end)
    }

    /// 5楼, 负一楼, b1层.
    pub(super) fn floor(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.floor.is_some() || self.continues_number(index) {
            return None;
        }
        let below = matches!(self.at(index)?, '负' | 'b')
            || (self.at(index) == Some('-')
                && !self.before(index).is_some_and(|c| c.is_ascii_digit()));
        let number = self.number(index + usize::from(below))?;
        if number.counts || !(1..=HIGHEST_FLOOR).contains(&number.value) {
            return None;
        }
        let sign = if below { "-" } else { "" };
        let end = if below {
            self.basement(number.end)?
        } else {
            self.storey(number.end, index, number.value)?
        };
        draft.place.floor = Some(format!("{sign}{}", number.value));
        Some(end)
    }

    /// Behind 负一: 楼, 层, or straight on to what lies there.
    fn basement(&self, index: usize) -> Option<usize> {
        ["楼", "层"]
            .iter()
            .find_map(|suffix| self.word(index, suffix))
            .or_else(|| {
                let follows = ["车库", "停车", "地库", "电梯"]
                    .iter()
                    .any(|word| self.word(index, word).is_some());
                follows.then_some(index)
            })
    }

    fn storey(&self, index: usize, start: usize, value: u32) -> Option<usize> {
        if let Some(end) = self.word(index, "楼") {
            let other = matches!(self.at(end), Some('主' | '长' | '盘' | '市' | '板'));
            return (!other && self.before(start) != Some('第')).then_some(end);
        }
        let end = self.word(index, "层")?;
        let counted = matches!(
            self.before(start),
            Some('共' | '这' | '那' | '每' | '各' | '几' | '有')
        ) || matches!(
            self.at(end),
            Some(
                '灰' | '皮'
                    | '土'
                    | '膜'
                    | '玻'
                    | '窗'
                    | '纱'
                    | '油'
                    | '关'
                    | '楼'
                    | '布'
                    | '被'
                    | '水'
                    | '高'
                    | '次'
            )
        );
        (!counted && value > 1).then_some(end)
    }

    /// 501室, and a bare 501 behind a building, unit or floor.
    pub(super) fn room(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.room.is_some() || self.continues_number(index) {
            return None;
        }
        let number = self.number(index)?;
        let named = ["室", "号房", "房间", "号室"]
            .iter()
            .find_map(|suffix| self.word(number.end, suffix));
        let is_door = matches!(number.width, 3 | 4) && (100..=6099).contains(&number.value);
        let at_home = ["我家", "我住", "家住", "住在", "业主"].iter().any(|word| {
            index
                .checked_sub(word.chars().count())
                .is_some_and(|at| self.word(at, word).is_some())
        });
        let end = match named {
            Some(end) if is_door => end,
            None if is_door && (draft.expects_room() || at_home) => self.bare_room(number.end)?,
            None if draft.place.floor.is_some() && number.width <= 2 => {
                self.word(number.end, "号")?
            }
            _ => return None,
        };
        draft.place.room = Some(number.value.to_string());
        draft.room = Some(index..number.end);
        Some(end)
    }

    /// Behind a bare door number, unless what follows makes it something else.
    fn bare_room(&self, index: usize) -> Option<usize> {
        if let Some(end) = ["号", "户", "房"]
            .iter()
            .find_map(|suffix| self.word(index, suffix))
        {
            return Some(end);
        }
        let other = self.at(index).is_some_and(|c| {
            c.is_ascii_digit()
                || matches!(
                    c,
                    '.' | '元'
                        | '块'
                        | '年'
                        | '多'
                        | '人'
                        | '度'
                        | '米'
                        | '平'
                        | '个'
                        | '次'
                        | '天'
                        | '斤'
                        | '伏'
                        | '瓦'
                        | ':'
                        | '点'
                )
        });
        (!other).then_some(index)
    }

    /// 3-2-501, 3-501, and 2-501 behind a building.
    pub(super) fn dashed(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if self.continues_number(index) || !self.at(index)?.is_ascii_digit() {
            return None;
        }
        let first = self.number(index).filter(|n| n.width <= 3 && n.value > 0)?;
        let second = self.number(self.dash(first.end)?)?;
        let third = self.dash(second.end).and_then(|at| self.number(at));
        let place = &mut draft.place;
        let door = match third {
            Some(third) if place.building.is_none() && second.width <= 2 => {
                let door = self.door(third)?;
                place.building = Some(first.value.to_string());
                place.unit = Some(second.value.to_string());
                door
            }
            Some(_) => return None,
            None => {
                let door = self.door(second).filter(|_| first.width <= 2)?;
                if place.building.is_none() {
                    place.building = Some(first.value.to_string());
                } else if place.unit.is_none() {
                    place.unit = Some(first.value.to_string());
                } else {
                    return None;
                }
                door
            }
        };
        place.room = Some(door.value.to_string());
        draft.room = Some(door.end - door.width..door.end);
        self.bare_room(door.end)
    }

    fn dash(&self, index: usize) -> Option<usize> {
        let next = self.at(index + 1)?;
        (self.at(index) == Some('-') && next.is_ascii_digit()).then_some(index + 1)
    }

    /// A number that can be a door's, with nothing behind it that makes it another.
    fn door(&self, number: super::reader::Number) -> Option<super::reader::Number> {
        let plausible = matches!(number.width, 3 | 4)
            && (1..=60).contains(&(number.value / 100))
            && (1..=40).contains(&(number.value % 100));
        let goes_on = self.at(number.end) == Some('-');
        (plausible && !goes_on && self.bare_room(number.end).is_some()).then_some(number)
    }

    /// Whether what starts here is the middle of a longer number or word: 12栋 read from 2, 周三栋.
    fn continues_number(&self, index: usize) -> bool {
        let Some(before) = self.before(index) else {
            return false;
        };
        let here = self.at(index);
        if here.is_some_and(|c| c.is_ascii_digit()) {
            return before.is_ascii_alphanumeric()
                || (matches!(before, '.' | ':' | '-' | '/')
                    && index >= 2
                    && self.at(index - 2).is_some_and(|c| c.is_ascii_digit()));
        }
        super::super::number::is_numeral(before)
            && here.is_some_and(super::super::number::is_numeral)
            || (matches!(before, '周' | '期' | '拜')
                && here.is_some_and(super::super::number::is_numeral))
    }
}
