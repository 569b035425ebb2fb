//! What in a category is one building's own, and what is everybody's.
//!
//! 供水排水 holds both 停水, which is one event for the whole 小区, and 漏水, which is one per
//! building. The categories of the city do not tell them apart, so the words do.

/// Words of a fault at one spot: a pipe, a wire, a smell.
const LOCAL: [&str; 29] = [
    "漏",
    "渗",
    "滴",
    "淌",
    "涌",
    "堵",
    "溢",
    "返水",
    "反水",
    "返出",
    "反出",
    "倒灌",
    "淹",
    "泡了",
    "往外冒",
    "往外翻",
    "冒水",
    "冒黑",
    "冒烟",
    "火花",
    "滋滋",
    "电线",
    "触电",
    "插座",
    "煤气味",
    "臭鸡蛋",
    "瓦斯",
    "软管",
    "窨井",
];

/// Words of a loss that many share; they win over the others.
const SHARED: [&str; 34] = [
    "停水",
    "停电",
    "停气",
    "断水",
    "断电",
    "断气",
    "没水",
    "没电",
    "没气",
    "没有水",
    "没有电",
    "没有气",
    "没得水",
    "没得电",
    "没得气",
    "莫得水",
    "莫得电",
    "来水",
    "来电",
    "水压",
    "电压",
    "一滴都",
    "一滴没",
    "一滴水",
    "滴水没",
    "滴水不",
    "都没水",
    "都没电",
    "供电",
    "供水",
    "供气",
    "整栋",
    "全小区",
    "整个小区",
];

/// Whose a matter is, as far as the words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    /// A fault at one spot.
    Local,
    /// Many go without.
    Shared,
    /// The words leave it open.
    Unsaid,
}

/// What a text says of it.
pub(super) fn aspect(text: &str) -> Aspect {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&SHARED) {
        Aspect::Shared
    } else if says(&LOCAL) {
        Aspect::Local
    } else {
        Aspect::Unsaid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leak_is_local_and_an_outage_is_not() {
        for local in [
            "楼上漏水漏到我家了",
            "厨房返水了",
            "有股煤气味",
            "井盖往外冒脏水",
        ] {
            assert_eq!(aspect(local), Aspect::Local, "{local}");
        }
        for shared in [
            "又停水了",
            "水龙头一滴都没得",
            "整栋都黑了",
            "洗澡洗到一半没水",
        ] {
            assert_eq!(aspect(shared), Aspect::Shared, "{shared}");
        }
    }
}
