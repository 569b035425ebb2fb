//! How those who handle events say it: 接了, 不归我们管, 先放起等配件, 弄归一了.

use super::CommandName as Name;
use super::completion;
use super::cue::{clauses, has};

/// Things said of an order, with the surest first; the first that fits is meant.
const SAYINGS: &[(Name, &str)] = &[
    (Name::Merge, MERGE),
    (Name::Recategorise, RECATEGORISE),
    (Name::Void, VOID),
    (Name::Suspend, WAITS),
    (Name::Transfer, TRANSFER),
    (Name::HandBack, HAND_BACK),
    (Name::Extend, EXTEND),
    (Name::Suspend, SUSPEND),
];

const MERGE: &str = "\
    一回事 一码事 同一件 同一个 同一桩 同一单 同个事 是一个事 是一件事 是一起的 是一个单 \
    是一单 合到一起 合在一起 合并 并一起 并到 并在 并了 并过去 并进 并一下 并案 归到一起 \
    并起 并成 并拢 合成一 一样的事 说的一个 重复…号 和…重复 跟…重复 与…重复 跟…一样 和…一样 \
    算一个 算一单 报的一个 一个事情 一档子事 一路的 同一处";

const RECATEGORISE: &str = "\
    类别…错 类别…不对 分类…错 分类…不对 类型…错 类型…不对 分错类 归错类 选错类 错…类别 \
    错…分类 归到…类 改成…类 换成…类 算…类 属于…类 改类 改到…类 划到…类 放到…类 应该是…类 \
    该是…类 类别…改 类别…换 归类 类别…应 类别…是 应该归…类 不是…类 调到…类 类别…调 分到…类 \
    类别…搞";

const VOID: &str = "\
    误报 错报 虚报 假的 乱报 瞎报 谎报 报着耍 重复上报 重复报 重复了 重复的 重复单 报重了 \
    没这回事 没这个事 没那回事 没得这回事 没得这个事 没得这事 没有这回事 没有的事 没得的事 \
    莫得这 没这事 查无此 不存在 测试用 测试单 测试的 测试数据 作废 虚惊 是个玩笑 开玩笑 \
    闹着玩 搞耍 看错了 报错了 听错了 不是真的 删了 删掉 撤掉 撤销 取消 机器人认错 认错了 \
    理解错 识别错 不是报修 不算事件 不是投诉 聊天的 闲聊 误会 无效 关了这单 废了 不是事";

const TRANSFER: &str = "\
    转给 转派 派给 交给…处理 交给…办 交给…弄 交给…去 交给…跟 移交 转到 转交 改派 转物业 \
    转城管 转社区 让…去 让…来 喊…去 喊…来处理 叫…去 请…去 请…处理 请…跟进 由…处理 由…负责 \
    由…跟 换…来 换…去 换…跟 给…处理 给…去弄 给…跟 给…去 让…接 给…接 让…跟 喊…接 转一下给 \
    让…处理 让…弄 喊…弄 喊…处理 拜托…去 给…弄 麻烦…去 麻烦…跟 麻烦…处理 分给 丢给 递给 \
    ^给…吧";

const HAND_BACK: &str = "\
    不归我 不归咱 不归本 不归这 不归…管 不属于 不是我们 不是我的 不是我管 不是我这 \
    不是我负责 不是我片区 不是我网格 不是本 不是咱 不在我 不在咱 不在本 非本 非我 管不到 \
    管不着 管不了 管不来 退回 退单 退给 退了 退起 退掉 退转 ^退 打回 派错 发错 派歪 派差 \
    派不 分错 搞错人 搞错了 弄错人 找错 送错 隔壁社区 隔壁网格 隔壁小区 别的社区 别个社区 \
    别个网格 别的网格 其他社区 其他网格 另外一个社区 那边社区的 该物业 归物业 归城管 归街道 \
    归开发商 归业主 归他们 归隔壁 归供电 归水务 归别 该…管 应该找 要找 得找… 找…才对 整不了 \
    搞不来 搞不了 弄不来 接不了 接不到 接不下 没法接 不接 不该我 不该我们 轮不到 超出 \
    没得权限 没权限 没这个权 不关我 不关咱 转回 重新派 另派 另外派 换个人 换人 换别个 我不在 \
    我休假 我请假 我轮休 我在外地 忙不过来 抽不开身 走不开 派别 派给别 派其他 喊别个 找别人 \
    收回去 拿回去 没空去 没时间去 去不了 来不了 处理不了 不是网格 职责范围 管辖 与我们无关 \
    跟我们没关系 跟我没关系 和我们没关系 和我没关系 不是…范围";

/// Waiting for something: said together with 弄不了, it still is no hand-back.
const WAITS: &str = "\
    挂账 挂帐 挂起 先挂 先放 先搁 暂时 暂缓 等配件 等材料 等零件 等货 要等 只能等 得等 需等 \
    需要等 等…到货 等…报价 等…审批 等…批 缺货 缺配件 缺材料 没货 断货 没配件 没得配件 \
    没得材料 没材料";

const EXTEND: &str = "\
    延期 延长 延时 延迟 延后 延到 延…天 延个 宽限 宽…天 多给 再给 给我…天 给…天时间 缓…天 \
    缓个 晚…天 晚个 往后推 往后拖 往后挪 往后延 往后顺 推迟 推到 推…天 来不及 整不完 弄不完 \
    搞不完 做不完 修不完 干不完 办不完 处理不完 赶不完 赶不及 赶不赢 搞不赢 弄不赢 整不赢 \
    还要…天 还需…天 还得…天 再要…天 需要…天 要…天才 要…天 时间不够 时间紧 加…天 时限… 期限… \
    宽裕 松…天 拖…天 再等…天 还差…天 得…天 要…小时 还要…小时 要…周 要…星期 晚点弄完 拖到 \
    改到 顺延";

const SUSPEND: &str = "\
    挂账 挂帐 挂起 挂到 挂着 挂一下 挂哈 先挂 先放 放一放 放到起 放起 放着 搁 缓一缓 缓一下 \
    缓一哈 缓哈 缓缓 暂停 暂缓 暂时 压一压 压到 等配件 等材料 等零件 等货 等…到货 等…到 \
    等…来 等…批 等…回复 等…通知 等…报价 等…审批 等…同意 等…拨款 等…经费 等…资金 等…钱 等…定 \
    等…出 等…回来 等…开门 等…停 等…开会 等…施工 等…协调 等…天晴 等…再 要等 只能等 得等 需等 \
    需要等 还要等 先等 没货 缺货 缺配件 缺材料 缺零件 断货 配件…没 配件…到 材料…没 材料…到 \
    零件…没 零件…到 没得货 没得配件 没得材料 没配件 没材料 买不到 做不了 弄不了 修不了 \
    施工不了 进不去 进不了 没法弄 没法修 没法施工 没法做 没法处理 家里没人 屋头没人 人不在家 \
    不在屋头 没人在家 联系不上 联系不到 打不通 不开门 才到 才能弄 才能修 才来得 才有货 \
    才有空 定制 订了货 下单了 走流程 走程序 需要经费 没经费 要开大会 要表决 要动用维修";

const ACCEPT: &str = "\
    接了 我接 接单 接下 接起 接到 接手 已接 ^接$ 接哈 领了 我领 我揽 认领 签收 包在我 我包 \
    归我 算我的 算我头上 交给我 给我嘛 给我吧 给我 我负责 我跟 我管 我处理 我弄 我搞 我整 \
    我办 我顶 我盯 我上门 我过去 我这就 我马上 我现在 我去 我克 我来 我看 我瞧 我瞅 俺去 \
    俺来 去看看 去看 去瞧 去瞅 去现场 去哈 克看 克瞧 过去看 过来看 过来瞧 马上去 马上到 \
    马上来 马上过 马上就 马上处理 马上安排 马上办 马上弄 马上出 立马 立刻 这就去 这就来 \
    这就过 这就到 就去 就来 就到 在路上 路上了 正在去 正在赶 正在过 正在处理 正在弄 出发 \
    动身 走起 安排 在弄了 在处理 在搞了 在修了 开始弄 开始处理 开始修 到现场 往那边 往那儿 \
    赶过去 赶过来 赶起 赶到 分钟到 我在附近 离得近 我就在 我近 我刚好 顺路 我熟 这单我 \
    这个我 我这边处理 我们处理 我们去 我们来 我们马上 我们安排 跟进 叫师傅 喊师傅 派师傅 \
    派人 联系师傅 没问题$ 带工具 拿工具 我要了 我拿 收了 包给我 处理中";

/// Assent that takes an order on only as a clause of its own.
const ASSENT: &str = "\
    ^收到 ^ok ^好的$ ^好$ ^好嘞$ ^好勒$ ^要得$ ^行$ ^可以$ ^没问题 ^没得问题 ^明白 ^知道了$ \
    ^晓得了$ ^晓得 ^中$ ^得行$ ^妥$ ^懂了$ ^好滴$ ^好喔$ ^了解 ^get ^roger ^遵命 ^成$ ^好呢$";

/// How the matter stands, asked by those who handle it.
const QUERY: &str = "\
    咋样 怎么样 怎样了 进度 到哪步 到哪一步 啥情况 什么情况 情况如何 啥子情况 谁在处理 谁接 \
    谁在弄 谁在跟 哪个在处理 哪个接 哪个在弄 哪个在跟 有没有人接 有人接 处理得 弄得 搞得 \
    好了没 好了吗 好没 弄完没 搞定没 完没 结了没 办结没 接单了没 接了没 办结了吗 什么状态 \
    啥状态 在谁手 在哪个手 回访 有结果 有消息 后续 下文 啥进展 进展";

/// The command a worker means.
pub(super) fn read(text: &str, assent: Assent) -> Option<Name> {
    let asks = clauses(text).any(completion::asks);
    if asks && has(text, QUERY) {
        return Some(Name::Query);
    }
    if asks
        && has(
            text,
            "? 吗 要不要 是不是 哪里 哪儿 多少 谁 哪个 怎么还 为啥 为什么",
        )
    {
        return None;
    }
    let done = completion::is_said(text);
    for (name, cues) in SAYINGS {
        if has(text, cues) && !(done && gives_way(*name, text)) {
            return Some(*name);
        }
    }
    if done {
        return Some(Name::Resolve);
    }
    let takes = has(text, ACCEPT) || assent == Assent::Counts && has(text, ASSENT);
    (takes && !asks).then_some(Name::Accept)
}

/// Whether a bare 好的 or 收到 takes the order on: only under its card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assent {
    Counts,
    IsPoliteness,
}

/// Words of putting off or passing on that tell how it was done, when it is done.
fn gives_way(name: Name, text: &str) -> bool {
    match name {
        Name::Suspend | Name::Extend => !has(
            text,
            "\
                要等 等配件 等材料 等零件 先放 先挂 挂账 挂起 延期 延长 还要 再给 宽限 \
                只能等 得等 暂时 多给 缓 推迟 等…再 没到 缺 没货",
        ),
        Name::Transfer | Name::HandBack => !has(
            text,
            "退回 退单 退了 派错 不归 不属于 不是我 非本 转给 转派 发错 分错",
        ),
        Name::Merge | Name::Void | Name::Recategorise => false,
        _ => true,
    }
}
