//! Telling a finished deed (灯换好了, 已经疏通) from a promised or a denied one.

/// What is done to things that are broken.
const DEEDS: &str = "\
    修 换 弄 搞 整 补 清 拆 锯 拖 关 撤 擦 扫 贴 刷 填 焊 移 挪 装 砍 剪 掏 挖 抽 铲 盖 捞 \
    运 搬 固定 处理 解决 疏通 清理 清运 清扫 打扫 安装 更换 维修 抢修 收拾 整改 加固 办 做 \
    冲 冲洗 接 调 劝 调解 消杀 排除 排查 恢复 复位 堵 封 喷 铺 拉 收 赔 拧 通 合上 推 重启 \
    协调 立 劝导 劝离 清除 修复 修理 填平 补种 消除 关闭 检修 排水 送电 供水 通电 修剪 转移 \
    安置 整理 制止 化解 补漏 张贴 登记 救 抓 送 找 领 加 开 铲除 搬走 驱 取 改 洗 拿 捡 吊 \
    扶";

/// How it ended.
const ENDS: &str = "\
    好 完 妥 定 归一 通 掉 走 上 平 齐 净 起 停 干净 到位 出来 回来 下来 正常 完毕 完成 开 \
    撇脱 巴适 熨帖 过 醒 落实 成功 住 牢 紧 满";

/// Sayings that mean the end by themselves.
const OVER: &str = "\
    归一了 搞定 搞掂 完事 完工 完毕 没问题了 没事了 没毛病了 正常了 可以关了 可以关单 可以结 \
    结了 关单 销号 销单 ^ok了 妥了 落实了 解决了 处理了 不漏了 没漏了 莫漏了 不堵了 不滴了 \
    不响了 不吵了 不臭了 不冒了 不渗了 能用了 亮了 有水了 有电了 有气了 来水了 来电了 来气了 \
    通水了 通电了 通气了 恢复了 好了 已恢复 已解决 已处理 已修 已换 已清 已办 已完成 已疏通 \
    已拆 已整改 已更换 已拖 已劝 已关 已移 已补 已送 恢复正常 恢复运行 恢复使用 恢复供 \
    运行正常 使用正常 可以用了 用得了了 得行了 行了 不用来了 不用跑 不消来 不得漏了 \
    没得问题了 完了 弄归一 搞归一 收拾归一 整归一 热了 通了 可以坐了 消停了 停了 撤了 换了 \
    修了 清了 拆了 拖了 补了 劝了 移了 搬了";

/// What denies or puts off a deed that stands right behind it.
const BEFORE: &str = "\
    没 没有 未 没得 不 别 莫 还没 冇 等 马上 立刻 就要 要 快 才能 即将 准备 争取 预计 能 \
    必须 负责 如果 要是 保证 尽快 哪里 何时 好久 正在 怕 需要 才 再 下午 明天 后天 今天 今晚 \
    晚上 一会 一会儿 会 好久能 给我 以为 来 去 得不到 说";

/// What makes the deed a condition: 修好了再说.
const AFTER: &str = "再 告诉 回你 通知 跟你说 喊你 就回 才 没 吗 么 ? 不 没有 的话";

/// Whether the text says that something has been done.
pub(super) fn is_said(text: &str) -> bool {
    super::cue::clauses(text).any(clause_says)
}

fn clause_says(clause: &str) -> bool {
    if asks(clause) {
        return false;
    }
    let over = OVER.split_whitespace().any(|cue| {
        let (cue, start) = cue
            .strip_prefix('^')
            .map_or((cue, false), |cue| (cue, true));
        clause.match_indices(cue).any(|(at, _)| {
            (!start || at == 0) && holds_now(&clause[..at]) && !goes_on(&clause[at + cue.len()..])
        })
    });
    over || deed_ended(clause) || already_done(clause)
}

/// 已经疏通, 刚更换: the deed alone, said to be behind us.
fn already_done(clause: &str) -> bool {
    const UNDER_WAY: &str = "中 在 人 师傅 物业";
    ["已经", "已", "刚刚", "刚", "都已"].iter().any(|word| {
        clause.match_indices(word).any(|(at, _)| {
            let tail = &clause[at + word.len()..];
            let deed = DEEDS
                .split_whitespace()
                .filter(|deed| deed.len() > 3 && tail.starts_with(*deed))
                .map(str::len)
                .max();
            deed.is_some_and(|deed| {
                let behind = &tail[deed..];
                !goes_on(behind)
                    && !UNDER_WAY
                        .split_whitespace()
                        .any(|word| behind.starts_with(word))
            })
        })
    })
}

/// 灯换好了, 垃圾都清走了, 已经补上: a deed, its end, and that it is behind us.
fn deed_ended(clause: &str) -> bool {
    let already = clause.contains('已') || clause.contains("刚") || clause.contains('都');
    DEEDS.split_whitespace().any(|deed| {
        clause.match_indices(deed).any(|(at, _)| {
            let tail = &clause[at + deed.len()..];
            holds_now(&clause[..at])
                && ENDS.split_whitespace().any(|end| {
                    tail.strip_prefix(end).is_some_and(|rest| {
                        let past = rest.strip_prefix(['了', '咯', '喽', '啦', '哒']);
                        let behind = past.unwrap_or(rest);
                        let settled = behind.is_empty() && !"上过开起".contains(end);
                        (past.is_some() || already || settled) && !goes_on(behind)
                    })
                })
        })
    })
}

/// Whether nothing right before denies or puts off what follows.
fn holds_now(before: &str) -> bool {
    let before = before.trim_end_matches(['全', '部', '都', '就', '给', '也', '彻', '底', '完']);
    !BEFORE.split_whitespace().any(|word| before.ends_with(word))
}

fn goes_on(behind: &str) -> bool {
    AFTER
        .split_whitespace()
        .any(|word| behind.starts_with(word))
}

/// 修好没, 好了吗, 弄完没得: a question.
pub(super) fn asks(clause: &str) -> bool {
    const ASKS: &str = "\
        吗 ? 好没 了没 完没 定没 通没 没得$ 没有$ 没$ 么$ 好不 了不 咋样 怎么样 好久 啥时候 \
        什么时候 多久 几时 哪天 啷个 怎样 是不是 有没有 能不能 要不要 可不可以 哪个 哪儿 \
        哪里 多少 为啥 为什么 咋个 咋还 怎么还 到哪 何时 如何 行不 对不 谁 啥情况 啥子情况 \
        什么情况 情况如何";
    ASKS.split_whitespace()
        .any(|cue| match cue.strip_suffix('$') {
            Some(word) => clause.ends_with(word),
            None => clause.contains(cue),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_told_from_what_is_promised() {
        for text in [
            "灯泡换好了",
            "垃圾都清走了",
            "已经疏通",
            "搞定咯",
            "楼道打扫干净了",
            "弄归一了",
            "锁修好啦",
            "没漏了",
            "跳闸推上去了，有电了",
        ] {
            assert!(is_said(text), "{text}");
        }
        for text in [
            "还没修好",
            "修好了再说",
            "马上弄好",
            "弄完没得",
            "好了吗",
            "弄不完",
            "修不好",
            "等换好了再看",
            "明天修好",
        ] {
            assert!(!is_said(text), "{text}");
        }
    }
}
