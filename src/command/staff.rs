//! How those who judge say it under a card: 属实, 可以, 没弄好重新去, 请街道协调.

use super::CommandName as Name;
use super::completion;
use super::cue::{clauses, has};

const SAYINGS: &[(Name, &str)] = &[
    (
        Name::Escalate,
        "\
            吹哨 街道…协调 街道…牵头 街道…出面 街道…支援 上报 往上报 报街道 报给街道 \
            报到街道 报上级 联合执法 多部门 部门联动 联动处置 请…联合 提级",
    ),
    (
        Name::Supervise,
        "\
            督办 督促 盯紧 盯到 盯起 盯一下 盯住 重点跟 重点关注 重点盯 挂牌 限今天 限今日 \
            限明天 限时 限期 抓紧 尽快 加快 赶紧 搞快 催 要超时 超时了 超期 今天必须 \
            今晚必须 务必 今天之内 今天内 别拖 莫拖 不能拖 不要拖",
    ),
    (
        Name::Rework,
        "\
            返工 不合格 没合格 重新弄 重新修 重新做 重新处理 重新搞 重新整 重新去 重做 重弄 \
            重修 重搞 打回 退回去重 再去一趟 再去看 再跑一趟 没弄好 没修好 没处理好 没搞好 \
            没整好 没弄干净 没干净 没到位 不到位 没解决 没有解决 不行 不得行 还是漏 还是没 \
            还是堵 还是坏 还是老 还是不 还在漏 还在 不彻底 没彻底 不过关 不通过 没通过 \
            过不了 不能结 不能关 不能办结 居民说没 居民反映没 居民不满意 住户说没 照片不清 \
            重新拍 补照片",
    ),
    (
        Name::Confirm,
        "\
            属实 确有 确实有 是有这 有这回事 有这个事 是真的 ^确认 确认一下是真 情况属实 \
            ^立案 立起来 ^受理 可以立 算事件 算一个事件 是个事 转正 正式受理",
    ),
    (
        Name::Verify,
        "\
            核查 核实过 核过 验收 查看过 看过了 看了 去看过 检查过 抽查 回访过 回访了 \
            回访满意 确实好了 确实修好 确实弄好 确实处理 确实解决 核验 没问题了 合格 过关 \
            居民说好了 居民说可以 居民满意 现场看了 住户说好了 住户满意 打电话问过 电话问过 \
            电话回访 可以结案 可以结了 可以关了",
    ),
    (
        Name::Approve,
        "\
            同意 批准 批了 准了 ^准$ ^可以 ^通过$ ^行$ ^ok ^好的$ ^好$ ^要得$ ^没问题$ \
            ^没意见$ ^得行$ ^中$ 那就…吧 按你说的 就这样 照办 ^允许 给你…天 就…天 最多…天",
    ),
];

/// What staff mean by what only they may say; everything else they say as workers do.
pub(super) fn read(text: &str) -> Option<Name> {
    if clauses(text).any(completion::asks)
        && has(
            text,
            "? 吗 没$ 没得$ 没有$ 要不要 是不是 多久 咋样 怎么样 谁 哪个 好久 什么 啥",
        )
    {
        return None;
    }
    // A refusal is the answer to a wish, too: the desk reads it from the reason.
    if has(text, "不同意 不批 不准 不予 驳回") {
        return Some(Name::Approve);
    }
    SAYINGS
        .iter()
        .find(|(_, cues)| has(text, cues))
        .map(|(name, _)| *name)
}

/// What staff say in one word in the work group, where it can mean nothing else: 确认 to the lead
/// just shown, 同意 to the wish just told. Which one is the desk's to find.
pub(super) fn one_word(text: &str) -> Option<Name> {
    match text.trim_matches(|c: char| !c.is_alphanumeric()) {
        "确认" | "属实" | "确认立案" => Some(Name::Confirm),
        "同意" | "批准" => Some(Name::Approve),
        _ => None,
    }
}
