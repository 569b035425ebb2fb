//! How residents say it under a card or to the bot: 催一哈, 还是漏起的, 多谢弄好了.

use super::CommandName as Name;
use super::completion;
use super::cue::{clauses, has};

/// Pushing.
const URGE: &str = "\
    催 快点 快些 搞快 快来 快去 麻利 抓紧 赶紧 赶快 赶忙 加快 加紧 尽快 尽早 搞紧 紧倒拖 \
    急死 着急 急用 好急 很急 太急 急得 等不及 等不得 等不起 等到花儿 等了 等起的 还没人 \
    还没得人 还没有人 没人来 没人管 没人理 没得人来 没得人管 没人联系 没人上门 不见人 没见人 \
    没看到人 没见到人 没看见人 人影 没人处理 人呢 人捏 人哩 人嘞 人咋还 还不来 还不修 还不弄 \
    还不处理 还不管 咋还不 咋还没 怎么还不 怎么还没 怎么还 为啥还没 为什么还没 好几天了 \
    几天了 …天了 半天了 一个星期了 半个月了 一个月了 周了 拖 磨 到底管不管 到底来不来 管不管 \
    有没有人管 来不来 火烧眉毛 淹了 要命 遭不住 受不了 顶不住 扛不住 熬不住 冇人 没来人 \
    没来哟 还没来 都没来 一直没来 一直没人 没动静 没得动静 没反应 没音信 石沉大海 等得 \
    要等到 别拖 莫拖 莫磨 ^速度$ 提速 跟进一下 盯一下 再不来 再不 别忘 莫忘 忘了 搞忘 加急 \
    优先 没得人 没人接 没人应 没人修";

/// Not content with what was done.
const DISSATISFIED: &str = "\
    不满意 不太满意 很不满 不满 没解决 没有解决 没得到解决 未解决 没修好 没有修好 没弄好 \
    没搞好 没搞定 没弄干净 没处理 没整好 没换 没清 没扫 没好 没得用 没用 没效果 没得效果 \
    没变 没改善 没动 还是漏 还是没 还是不 还是堵 还是坏 还是老 还是那 还是这 还是臭 还是吵 \
    还是一样 还是黑 还是有 还是原 还是滴 还是停 还是响 还是脏 还是…起 还是…的 还是冒 还是冷 \
    还是晃 还在漏 还在滴 还在堵 还在响 还在吵 还在冒 还在那 还在 还漏 还堵 还臭 还坏 还有味 \
    还有水 依然 仍然 仍旧 照样 照旧 依旧 又漏 又堵 又坏 又停 又不 又开始 又来 又跳 又没 又响 \
    又滴 又冒 又烂 又臭 又黑 又反 又出 再次 白修 白弄 白搞 白跑 敷衍 糊弄 应付 走过场 跟没修 \
    跟没弄 和没修 等于没 跟没…一样 和没…一样 修了跟 修了等于 不得行 不行 不中 不认可 不同意 \
    不合格 差评 假的 骗人 骗鬼 哄鬼 哄人 说瞎话 扯谎 乱说 瞎说 睁眼 根本没 哪里好 哪儿好 \
    好个 好啥 好什么 好锤子 老样子 原样 老问题 返工 重新弄 重新修 重新搞 重新处理 没修 没弄 \
    越修越 越弄越 不到位 治标 反弹 复发 没彻底 不彻底 只弄了一半 弄一半 修一半 才修好…又 \
    两天又 天又 不咋样 不怎么样 不咋的 失望 差劲 太差 不像话 要不得 没达到 没见好 没得好 \
    不见好 不算完 没完 没完全 投诉 反映到 打12345 没人来过 没来过 都没来就 没通 没亮 没热 \
    没来电 没来水 没拆 没拖 没移 没关 没补 没装 没干净 没搬 没走 没停 没人来…就 没来…就 \
    问题还 问题依";

/// Thanks and praise.
const SATISFIED: &str = "\
    满意 谢 感恩 辛苦 点赞 给力 ^赞 点个赞 好评 五星 巴适 安逸 不错 真快 挺快 好快 这么快 \
    蛮快 够快 好速度 速度快 效率高 效率 弄得好 修得好 做得好 好得很 好得板 好极 太好了 真好 \
    可以的 挺好 蛮好 很好 非常好 靠谱 负责任 认可 没得说 没话说 漂亮 棒 牛 硬是要得 要得很 \
    服务好 态度好 贴心 放心了 安心了 舒服了 开心 爱了 靠得住 值得表扬 表扬 多亏 厉害 完美 \
    得劲 中意 好人 周到 好样 ^好评";

/// Asking how it stands.
const QUERY: &str = "\
    咋样 怎么样 怎样了 啷个样 啥样了 进度 到哪步 到哪一步 到哪了 啥情况 什么情况 啥子情况 \
    情况如何 有结果 有消息 有下文 有进展 有眉目 有着落 啥进展 进展 后续 下文 结果 回复 答复 \
    说法 好了没 好了吗 好没 好了不 弄没 修没 来没 解决没 解决了没 解决了吗 处理没 处理了没 \
    处理了吗 处理得 弄得 搞得 完没 定没 修了没 修了吗 弄了没 来了没 来了吗 派人没 派了没 \
    派人了吗 有人接 有人处理 有人管 有人跟 谁在 谁负责 谁接 哪个在 哪个负责 哪个接 什么时候 \
    啥时候 好久 多久 几时 哪天 几点 何时 啥子时候 多长时间 要等多 还要多 查一下 查下 查哈 \
    看下 看哈 问一下 问下 问哈 打听 了解一下 受理没 受理了 到谁 在处理 处理到 安排了 安排没 \
    报上去 还在弄 还没…吗 还没好?";

/// Withdrawing, or telling that it is over.
const OVER: &str = "\
    不用来 不用了 不用麻烦 不用管 不用修 不用跑 不用处理 不消来 不消了 莫来了 莫跑了 别来了 \
    自己好 自己修 自己弄 自己搞 自己来了 自己解决 自己换 自己通 撤了 撤销 取消 可以关 可以结 \
    已经好 好了 解决了 恢复了 不漏了 没漏了 不堵了 没堵 没事了 没得事了 没问题了 正常了 \
    来水了 来电了 来气了 有水了 有电了 有气了 亮了 通了 不响了 不吵了 不臭了 走了 拖走 \
    消停了 归一了 能用了 热了";

/// What ties a resident's words to an event when neither a card nor a number does.
const TIES: &str = "\
    我报 我反映 我上报 我说的 上次报 上次说 昨天报 昨天说 前天报 早上报 报修 报的 反映的 \
    单子 工单 那个事 那件事 这件事 这个事 那事 这事 催 不满意 ^满意 处理得 弄得 办得 进度 \
    搞快 到哪步 到哪一步 还没人来 还没得人 没人管 没人来 有人接 有人管 啥进展 进展 下文";

/// Closed although nobody came.
const CLOSED_UNSEEN: &str = "\
    没人来过…就 没来…就 没人…就办结 没人…就结 没见人…就 没…就说 没…就办结 没…就关 没…咋就";

/// Asking whether it is done, even where 还没 stands in it.
const WHETHER: &str = "还没…吗 还没…没 好了没 好了吗 好没 弄好没 解决没 解决了没 解决了吗";

/// Pushing that no question softens.
const PUSH: &str = "催 搞快 赶紧 快点 快些 抓紧 怎么还 咋还 到底";

/// The old trouble goes on: said with thanks, it still counts.
const STILL: &str = "不满意 没解决 没修好 没弄好 还是 又漏 又堵 又坏 又停 不太满意 很不满";

/// What a resident means under a card or with a number; one of the sayings alone is enough.
pub(super) fn read(text: &str) -> Option<Name> {
    let asks = clauses(text).any(completion::asks);
    let pushes = has(text, PUSH);
    if has(text, CLOSED_UNSEEN) || text.contains("办结") && has(text, DISSATISFIED) {
        return Some(Name::Dissatisfied);
    }
    if asks && !pushes && has(text, WHETHER) {
        return Some(Name::Query);
    }
    if has(text, STILL) {
        return Some(Name::Dissatisfied);
    }
    if asks && !pushes && has(text, QUERY) {
        return Some(Name::Query);
    }
    judged(text, asks).or_else(|| {
        let looks = has(text, "进度 查一下 查下 查哈 问一下 问下 问哈 看下进 进展");
        ((asks || looks) && has(text, QUERY)).then_some(Name::Query)
    })
}

/// Pushing, complaint, thanks or the news that it is over.
fn judged(text: &str, asks: bool) -> Option<Name> {
    let done = completion::is_said(text) || has(text, OVER) && !asks;
    let calm = has(text, "不急 不着急 速度快 不用催 莫催");
    let settled = done && (has(text, SATISFIED) || has(text, OVER));
    if has(text, URGE) && !calm && !settled {
        return Some(Name::Urge);
    }
    let mild = has(text, "没得说 没话说 不错 没想到 又快 再次感谢 没问题 不用");
    if has(text, DISSATISFIED) && !mild {
        return Some(Name::Dissatisfied);
    }
    if has(text, SATISFIED) && !asks {
        return Some(Name::Satisfied);
    }
    done.then_some(Name::Resolve)
}

/// Whether the words themselves speak of an event that was reported.
pub(super) fn ties_to_an_event(text: &str) -> bool {
    has(text, TIES)
}
