//! Clauses, and the words in them that say what a time stands for.

/// Words behind the time at which all is well again.
pub(super) const RESTORES: &str = "恢复 送电 来电 来水 供水 通水 通气 供气 修好 完成 完工 结束 开通 通行 解除 复通 修复 通车 复电 复水 供暖 供热 抢通 复工 正常 好 完毕 供电 搞定 通电 来气 开放";

/// Words behind the time at which it begins.
pub(super) const STARTS: &str =
    "停 断 关阀 封闭 封路 起 开始 施工 进行 突发 故障 中断 检修 暂停 抢修 爆 切换 割接 限";

/// Before a time that is not the window's.
pub(super) const ASIDE_BEFORE: &str = "服务时间 办公时间 营业时间 值班 上班时间 工作时间 咨询 电话 热线 报名 领取 送水 取水 打卡 缴费 办理 开放时间 发布时间 落款 储水 接水";

/// Behind a time that is not the window's.
pub(super) const ASIDE_AFTER: &str = "前将 前做好 前储 前移 前挪 前驶 前搬 前报名 前完成储 前接 前办理 前缴 前到 前往 前联系 施工队进场 召开 集合 报到";

/// Whether only signs and small words stand between two pieces of one time.
pub(super) fn is_glue(gap: &str) -> bool {
    gap.chars().count() <= 6
        && gap
            .chars()
            .all(|c| " ,、()[]的和及与\n/:;在从".contains(c) && c != ';')
}

pub(super) fn is_list(gap: &str) -> bool {
    gap.contains(['、', ',', '和', '及', '与', '/']) && !gap.contains('(')
}

pub(super) fn has_any(text: &str, words: &str) -> bool {
    words.split_whitespace().any(|word| text.contains(word))
}

pub(super) const CLAUSE: [char; 9] = [',', '。', ';', '!', '?', '\n', '(', ')', '、'];

pub(super) fn clause_before(text: &str, at: usize) -> &str {
    let before = &text[..at];
    before
        .rfind(CLAUSE)
        .map_or(before, |sign| before[sign..].trim_start_matches(CLAUSE))
}

pub(super) fn clause_after(text: &str, at: usize) -> &str {
    let after = text[at..].trim_start_matches([')', ' ']);
    after.find(CLAUSE).map_or(after, |sign| &after[..sign])
}
