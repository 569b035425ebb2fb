//! Tables of announcements, and of what only looks like one.

use proptest::prelude::*;

use super::{NoticeReading, OFFICIAL, ZONE, read_notice};
use crate::model::Timestamp;
use crate::text::Normalised;

/// A Friday morning, 10:20.
const POSTED: &str = "2026-11-20T10:20:00+08:00";

fn read_at(posted: &str, text: &str) -> Option<NoticeReading> {
    let posted: Timestamp = posted.parse().expect("an instant");
    read_notice(posted, &Normalised::of(text), text, &[])
        .filter(|reading| reading.official >= OFFICIAL)
}

/// `matter start end window` of an announcement, `-` for what is none.
fn told(text: &str) -> String {
    let Some(reading) = read_at(POSTED, text) else {
        return "-".to_owned();
    };
    let found = reading.found;
    let local = |at: Option<Timestamp>| {
        at.map_or("?".to_owned(), |at| {
            ZONE.to_datetime(at).strftime("%m-%dT%H:%M").to_string()
        })
    };
    let matter = serde_json::to_value(found.matter).expect("a name");
    format!(
        "{} {} {} {}",
        matter.as_str().unwrap_or_default(),
        local(found.start),
        local(found.end),
        if found.opens_window { "window" } else { "no" }
    )
}

fn check(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let got = told(text);
            (got != *expected).then(|| format!("{text}: {got}, not {expected}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

#[test]
fn windows_are_read_with_their_times() {
    check(&[
        (
            "【停水通知】各位业主：因管道检修，定于11月22日9:00-17:00停水，敬请谅解。青禾物业",
            "water 11-22T09:00 11-22T17:00 window",
        ),
        (
            "停电公告：因变压器更换，明天上午8点至下午3点青禾苑停电，请提前做好准备。",
            "power 11-21T08:00 11-21T15:00 window",
        ),
        (
            "各位居民：后天上午青禾苑停气检修，请知悉。燃气公司",
            "gas 11-22T08:00 11-22T12:00 window",
        ),
        (
            "温馨提示：今晚10点至次日6点青禾路封闭施工，请绕行。",
            "road 11-20T22:00 11-21T06:00 window",
        ),
        (
            "紧急通知：青禾苑主水管爆管，现已停水抢修，预计今天18:00恢复供水。",
            "water ? 11-20T18:00 window",
        ),
        (
            "尊敬的业主：3号楼电梯故障，维保正在抢修，约两个小时修好，请走楼梯。",
            "lift ? 11-20T12:20 window",
        ),
        (
            "供热通知：下周二0时至24时换热站检修，暂停供热，望谅解。热力公司",
            "heating 11-24T00:00 11-25T00:00 window",
        ),
        (
            "各位用户：12月31日23:00至1月1日5:00宽带割接，网络将短时中断，敬请谅解。",
            "network 12-31T23:00 01-01T05:00 window",
        ),
    ]);
}

#[test]
fn good_news_and_called_off_plans_open_no_window() {
    for text in [
        "各位业主：青禾苑已恢复供水，感谢您的理解支持。青禾物业",
        "停电取消通知：原定11月22日停电计划取消，敬请知悉。供电所",
        "通知：11月23日起对青禾苑燃气设施入户安全检查，不停气，请家中留人。燃气公司",
    ] {
        let window = read_at(POSTED, text).is_some_and(|reading| reading.found.opens_window);
        assert!(!window, "{text}");
    }
}

#[test]
fn talk_about_announcements_is_none() {
    check(&[
        ("听说明天要停水，是真的吗？", "-"),
        ("又停电了，通知也不发一个，我家冰箱怎么办", "-"),
        ("物业那个通知说几点来水？有没有人知道", "-"),
        ("【停电通知】停电不用愁，充电宝清仓五折，明天下单私聊", "-"),
        ("哈哈通知说下午恢复供水，这都晚上了", "-"),
        ("我家昨天就停水了，到底几点恢复", "-"),
    ]);
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = read_at(POSTED, &text);
    }

    #[test]
    fn a_window_never_ends_before_it_begins(
        pieces in proptest::collection::vec(proptest::sample::select(&[
            "通知:", "各位业主", "停水", "停电", "检修", "明天", "11月30日", "周三", "上午", "9:00", "8点", "-", "至", "到", "次日", "起",
            "前恢复", "恢复供水", "约3小时", "即日起", "每天", "24:00", "改为", "推迟一天", "原定", ",", "。", "3栋", "青禾苑", "(", ")", "1", "敬请谅解",
        ][..]), 0..16)
    ) {
        let text = pieces.concat();
        if let Some(reading) = read_at(POSTED, &text)
            && let (Some(start), Some(end)) = (reading.found.start, reading.found.end)
        {
            prop_assert!(end >= start, "{}", text);
        }
    }
}
