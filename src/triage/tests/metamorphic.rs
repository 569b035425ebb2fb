//! What must not change a decision, and what must.

use super::*;

/// Sentences that open, each of another kind.
const OPENS: [&str; 20] = [
    "3栋又停电了，有没有人管",
    "5栋停水三天了，老人没法做饭",
    "楼下垃圾堆了一个星期，臭得很，没人收",
    "半夜两点还在敲墙，吵得睡不着",
    "电梯关不上门，天天爬楼，膝盖受不了",
    "人行道上井盖不见了，老人差点踩空",
    "小区路灯不亮半个月了，打电话没人管",
    "楼上漏水，我家天花板在滴，找物业没人来",
    "消防通道又被车堵死了，叫半天没人挪车",
    "电瓶车在楼道里飞线充电，看着吓人",
    "对面烧烤店的油烟全灌进我家，窗户都不敢开",
    "野狗追着娃儿咬，遛狗的也不拴绳",
    "三个月没发工资了，包工头电话打不通",
    "顶楼又在搭建房子，城管没人管",
    "下水道堵了，污水流了一地，臭死人",
    "暖气不热，家里冷得像冰窖，物业不管",
    "车库进水了，没人来抽水",
    "单元门坏了半个月，谁都能进，报修没人来",
    "有人从楼上往下扔酒瓶，差点砸到小孩",
    "公交半个小时不来，天天迟到",
];

#[track_caller]
fn same(original: &str, changed: &str) {
    let (before, after) = (said(original), said(changed));
    assert_eq!(
        before.action, after.action,
        "{original} → {changed}: {:#?}",
        after.because
    );
    assert_eq!(before.category, after.category, "{original} → {changed}");
    assert_eq!(before.level, after.level, "{original} → {changed}");
}

#[test]
fn the_sentences_open() {
    for text in OPENS {
        check(text, Action::Open, "");
    }
}

#[test]
fn a_face_changes_nothing() {
    for text in OPENS {
        same(text, &format!("{text}[捂脸]"));
        same(text, &format!("[流泪]{text}"));
    }
}

#[test]
fn space_around_changes_nothing() {
    for text in OPENS {
        same(text, &format!("  {text} "));
        same(text, &format!("{text}\u{200B}"));
    }
}

#[test]
fn full_width_changes_nothing() {
    for text in OPENS {
        let wide: String = text
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
                other => other,
            })
            .collect();
        same(text, &wide);
    }
}

#[test]
fn traditional_characters_change_nothing() {
    same("3栋又停电了，有没有人管", "3棟又停電了，有沒有人管");
    same(
        "楼下垃圾堆了一个星期，臭得很，没人收",
        "樓下垃圾堆了一個星期，臭得很，沒人收",
    );
    same(
        "电梯关不上门，天天爬楼，膝盖受不了",
        "電梯關不上門，天天爬樓，膝蓋受不了",
    );
    same("车库进水了，没人来抽水", "車庫進水了，沒人來抽水");
}

#[test]
fn the_spelling_of_a_building_changes_nothing() {
    for spelling in ["三栋", "3幢", "3#", "3号楼", "三号楼", "咱3号楼"] {
        same(
            "3栋又停电了，有没有人管",
            &format!("{spelling}又停电了，有没有人管"),
        );
    }
}

/// The same words, denied, past, elsewhere or told: nothing is wrong here and now.
#[test]
fn what_takes_the_problem_away_keeps_it_from_opening() {
    for text in [
        "没有停电",
        "我们这边没停水，正常得很",
        "不是漏水，是空调滴水，别担心",
        "没有堵车，一路通畅",
        "去年停过电，后来换了变压器就好了",
        "前年电梯坏了那次，修了一个月",
        "上个月路灯不亮，网格员当天就换了",
        "新闻说外地一个小区停电三天",
        "刷到一个视频，电梯坏了爬30层送外卖",
        "我老家那边停水了，我妈去井里打水",
        "表姐在深圳，说她们小区电梯坏了",
        "手机没电了，晚点再说",
        "耳机坏了，推荐个牌子",
        "笑死我了，这段子真好笑，救命",
        "专业疏通下水道，价格实在，电话联系",
        "二手电动车转让，价格面议",
        "谢谢物业师傅，下水道通得快，辛苦了",
        "电视剧里着火那段拍得真好",
    ] {
        let decision = said(text);
        assert_ne!(
            decision.action,
            Action::Open,
            "{text}: {:#?}",
            decision.because
        );
    }
}

/// Each pair: a gripe, and the same with a turn that must close it.
#[test]
fn a_turn_in_the_sentence_changes_the_decision() {
    for (open, closed) in [
        ("我家停电了", "我家没有停电"),
        ("小区停水一天了", "新闻说小区停水一天了"),
        ("我们楼电梯坏了，没人修", "去年我们楼电梯坏了，早就修好了"),
        ("楼下着火了，快来人", "电影里楼下着火了，快来人"),
        ("楼顶有人要跳楼，快报警", "小说里楼顶有人要跳楼"),
    ] {
        assert_eq!(
            said(open).action,
            Action::Open,
            "{open}: {:#?}",
            said(open).because
        );
        assert_ne!(
            said(closed).action,
            Action::Open,
            "{closed}: {:#?}",
            said(closed).because
        );
    }
}
