//! Gates, garages, shops and names: what has no number, or only a small one.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use super::reader::{Draft, Reader};

/// Words by their first character, so that nearly everywhere one look tells that none stands there.
struct Words(HashMap<char, Vec<&'static str>, FixedState>);

impl Words {
    /// Where several stand, the one named first is found.
    fn of(words: &[&'static str]) -> Self {
        let mut by_first: HashMap<_, Vec<_>, _> = HashMap::default();
        for word in words {
            by_first
                .entry(word.chars().next().unwrap_or_default())
                .or_default()
                .push(*word);
        }
        Self(by_first)
    }
}

/// Things a community has one or few of.
static SPOTS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(&[
        "地下车库",
        "地下停车场",
        "地下室",
        "车库",
        "地库",
        "停车场",
        "停车棚",
        "车棚",
        "门卫室",
        "门卫",
        "门岗",
        "岗亭",
        "保安亭",
        "菜鸟驿站",
        "驿站",
        "快递柜",
        "垃圾站",
        "垃圾房",
        "垃圾池",
        "垃圾屋",
        "配电房",
        "配电室",
        "水泵房",
        "泵房",
        "天台",
        "楼顶",
        "架空层",
        "中庭",
        "游泳池",
        "泳池",
        "篮球场",
        "儿童乐园",
        "游乐场",
        "健身区",
        "凉亭",
        "大堂",
        "物业办公室",
        "物业中心",
        "党群中心",
        "居委会",
        "小广场",
        "广场",
        "花坛",
        "喷泉",
        "荷花池",
        "人工湖",
    ])
});

static GATES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(&[
        "东南门",
        "东北门",
        "西南门",
        "西北门",
        "东大门",
        "南大门",
        "西大门",
        "北大门",
        "东门",
        "南门",
        "西门",
        "北门",
        "正大门",
        "正门",
        "大门",
        "后门",
        "侧门",
        "小门",
        "前门",
    ])
});

/// What a shop's or school's name ends with.
static SHOPS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(&[
        "店",
        "超市",
        "药房",
        "馆",
        "银行",
        "学校",
        "小学",
        "中学",
        "幼儿园",
        "医院",
        "食堂",
        "菜市场",
        "市场",
        "诊所",
        "网吧",
        "火锅",
    ])
});

/// What an estate's name ends with.
static ESTATES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(&[
        "小区", "花园", "家园", "新村", "公寓", "佳苑", "雅苑", "花苑", "新苑", "嘉园", "豪庭",
        "华府", "名城", "新城", "新居", "院落",
    ])
});

/// Characters that end the search for a name's beginning: function words and what people say
/// about a 小区 without naming it.
static NOT_IN_NAMES: LazyLock<HashSet<char, FixedState>> = LazyLock::new(|| {
    "我你他她它们这那哪个的在是整本咱全每各该老旧新建了到去从住和与及跟同都就还也很隔壁其他别某\
    有没不要会能被把让给对向往像说看想问请前后里外边旁附近多少几一两好啥什么怎谁大小高低封闭谢进出于为因所以但\
    但或者吧吗呢啊哦哈呀嘛哟噻咯撒得地着过再又才只最太"
        .chars()
        .collect()
});

impl Reader<'_> {
    /// 南门, 2号门, 地下车库, 水果店门口.
    pub(super) fn spot(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.spot.is_some() {
            return None;
        }
        let (end, spot) = self
            .numbered_spot(index)
            .or_else(|| self.gate(index))
            .or_else(|| self.fixed_spot(index))
            .or_else(|| self.shop(index))?;
        draft.place.spot = Some(spot);
        Some(end)
    }

    fn numbered_spot(&self, index: usize) -> Option<(usize, String)> {
        let number = self.number(index).filter(|n| n.width <= 2 && n.value > 0)?;
        if self
            .before(index)
            .is_some_and(|c| c.is_ascii_alphanumeric())
        {
            return None;
        }
        ["号门", "号岗", "号车库", "号电梯", "号梯", "号停车场"]
            .iter()
            .find_map(|suffix| {
                let end = self.word(number.end, suffix)?;
                // 12号门口贴了: still the gate; 3号门诊: not.
                (self.at(end) != Some('诊')).then(|| (end, format!("{}{suffix}", number.value)))
            })
    }

    fn gate(&self, index: usize) -> Option<(usize, String)> {
        let (end, gate) = self.one_of(&GATES, index)?;
        let other_word = matches!(self.at(end), Some('子' | '诊' | '牙' | '票' | '关' | '锁'))
            || (gate == "后门" && matches!(self.before(index), Some('走' | '开')))
            || matches!(
                (gate, self.before(index)),
                (
                    "东门" | "南门" | "西门" | "北门",
                    Some('江' | '海' | '济' | '云')
                )
            );
        (!other_word).then(|| (end, gate.to_owned()))
    }

    fn fixed_spot(&self, index: usize) -> Option<(usize, String)> {
        let (end, spot) = self.one_of(&SPOTS, index)?;
        let other_word = match spot {
            "广场" | "小广场" => self.at(end) == Some('舞'),
            "大堂" => self.at(end) == Some('经'),
            _ => false,
        };
        (!other_word).then(|| (end, spot.to_owned()))
    }

    /// A shop's name and 门口, 旁边, 对面.
    fn shop(&self, index: usize) -> Option<(usize, String)> {
        if self.is_inside_name(index) {
            return None;
        }
        let end = self.name_ending(index, 1, 5, &SHOPS)?;
        let behind = ["门口", "旁边", "对面", "楼下", "门前", "后面"]
            .iter()
            .find_map(|word| self.word(end, word))?;
        Some((behind, self.slice(index..behind).to_owned()))
    }

    /// 莲花小区, where the directory does not know it.
    pub(super) fn unknown_area(&self, index: usize, draft: &mut Draft) -> Option<usize> {
        if draft.place.area.is_some() || self.is_inside_name(index) {
            return None;
        }
        let end = self.name_ending(index, 2, 6, &ESTATES)?;
        draft.place.area = Some(self.slice(index..end).to_owned());
        Some(end)
    }

    /// Behind the one of these words that stands at an index, and the word.
    fn one_of(&self, words: &Words, index: usize) -> Option<(usize, &'static str)> {
        let Words(by_first) = words;
        let candidates = by_first.get(&self.at(index)?)?;
        candidates
            .iter()
            .find_map(|word| Some((self.word(index, word)?, *word)))
    }

    /// Behind a name of `least` to `most` characters and one of `endings`, as early as one fits.
    fn name_ending(
        &self,
        index: usize,
        least: usize,
        most: usize,
        endings: &Words,
    ) -> Option<usize> {
        (index..=index + most)
            .take_while(|&end| end == index || self.at(end - 1).is_some_and(is_in_names))
            .filter(|&end| end >= index + least)
            .find_map(|end| self.one_of(endings, end))
            .map(|(behind, _)| behind)
    }

    /// Whether the character before could belong to the same name: names are read from their
    /// first character.
    fn is_inside_name(&self, index: usize) -> bool {
        self.before(index).is_some_and(is_in_names)
    }
}

fn is_in_names(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}') && !NOT_IN_NAMES.contains(&c)
}
