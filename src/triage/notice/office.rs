//! How much a text looks like an announcement, and what only looks like one.

use super::super::{NoticeMatter as Matter, Reason};
use super::clause::has_any;

/// A sign, its weight, its rule's name, what people are told, and the words.
struct Sign {
    weight: f32,
    rule: &'static str,
    told: &'static str,
    words: &'static str,
}

const SIGNS: &[Sign] = &[
    Sign {
        weight: 0.3,
        rule: "notice_salutation",
        told: "通知的称呼",
        words: "尊敬的 各位业主 各位居民 各位村民 各位邻居 各位家人 各位用户 各位住户 各位商户 各位车主 各位乘客 广大 亲爱的 各热用户 各用户 各位客户 各位街坊 各位老师 各位乡亲",
    },
    Sign {
        weight: 0.25,
        rule: "notice_courtesy",
        told: "通知的客套",
        words: "敬请 谅解 请知悉 特此 相互转告 互相转告 带来不便 造成不便 给您带来 请提前 请做好 请居民 请业主 请各 请大家 请住户 请绕行 请勿 请相互 请广大 请备 望周知 周知 请留意 感谢您的 感谢理解 理解支持 理解和支持 望理解 抱歉 请先走楼梯 请走楼梯 请错峰 请关好 请合理 请车主 请家中 请携带 请准时 请尽快 请配合 温馨提醒 请耐心 请减速 请错开 提前储水 做好储水 请用户 请暂 请关闭 请改 请稍",
    },
    Sign {
        weight: 0.2,
        rule: "notice_plan",
        told: "有计划的措辞",
        words: "将于 定于 拟于 计划于 预计 现已 正在抢修 抢修中 维保 即日起 即时起 原定 范围: 停水范围 停电范围 影响范围为 影响区域 影响范围 停电区域 停水区域 停气区域 涉及 时间: 原因 接上级 接供电 接水务 接自来水 转发 转自 进场 抢修 检修 具体时间 工程部 将短时 将停 因外力 突发故障 已启动 入户通气 前完成 前恢复 前送电 前修好 恢复时间 最新进展",
    },
    Sign {
        weight: 0.15,
        rule: "notice_cause",
        told: "说明了原因",
        words: "检修 施工 更换 改造 清洗 割接 切改 连通 冲洗 消缺 清淤 迁移 维修 抢修 爆管 外力破坏 烧毁 故障 保养 碰口 关阀 罩面 积水 测试 冻裂 年检 养护 损坏 调试 引入 接驳 扩容 增容 升级",
    },
    Sign {
        weight: 0.15,
        rule: "notice_stop",
        told: "停供或恢复",
        words: "停水 停电 停气 停热 停暖 停梯 停运 停用 停止供 暂停 中断 封闭 绕行 管制 恢复供 恢复正常 已恢复 来电 送电 供水 通气 已修好 禁止通行 抢修完成 停供 断网 断水 断电 短时停",
    },
    Sign {
        weight: -0.5,
        rule: "notice_question",
        told: "在打听",
        words: "? 吗 有没有人 有人知道 谁知道 谁有 谁总结 怎么回事 咋回事 什么情况 啥情况 为啥 为什么 是不是 真的假的 请问 求问 问一下 几点来 啥时候 什么时候 好久 咋个 咋办 怎么办 么时候 多久",
    },
    Sign {
        weight: -0.45,
        rule: "notice_own_words",
        told: "说的是自己",
        words: "我家 我们家 我屋 我刚 我也 我昨 我冰箱 我都 我就 我还 我要 我妈 我爸 我老公 我老婆 我孩子 我娃 我洗 我在 我看 我觉得 我想 我回 我下 我今 我明 我去 我们这栋 我们楼 咱家 俺家 我才 我把 我的 我现在 我说 我天 我们单元 我们这 屋头 我姨 我听",
    },
    Sign {
        weight: -0.45,
        rule: "notice_hearsay",
        told: "传闻",
        words: "听说 据说 听楼上 听邻居 听隔壁 隔壁群 大爷 王姐 门卫 好像 估计是 可能是 应该是 传 谣 亲眼 说是 转给家人 扩散 千万别 不知道是不是",
    },
    Sign {
        weight: -0.4,
        rule: "notice_mood",
        told: "吐槽的口气",
        words: "哈哈 😅 🙃 😭 😡 🤣 😂 呵呵 无语 懂的都懂 又停 又要停 老是停 天天停 天天 凭什么 一个月谅解 这破 什么破 烦死 气死 热死 冷死 服了 离谱 搞笑 真是 到底 就完了 退不退 怎么活 咋活 唉 哎 妈呀 天哪 卧槽 我去 呜呜 哭 绝了 醉了 笑死 总不能 白等 不靠谱 骗 敷衍 背了 倒霉 幸好 还好我 早知道",
    },
    Sign {
        weight: -0.9,
        rule: "notice_advert",
        told: "像广告",
        words: "折 清仓 团购 拼团 下单 直降 私聊 优惠 包邮 现货 特价 秒杀 免费检测 送净水 即送 抢购 接龙 自提 一块二 元/斤 块一斤 新店 开业 再减 大促 促销 限时抢 加微信 加v 扫码领 红包 代购 上门回收 招租 出租 出售 转让 热卖 爆款 福利 酬宾 到店 店里 外卖 满减 甩卖 打折 净水壶 团长 体验店 充值",
    },
];

/// Names of those who announce, at the end of a text.
const OFFICES: &str = "物业 居委会 村委会 社区 街道 服务中心 管理处 公司 供电所 供电局 水务 热力 燃气 管家 城管局 交警 工程处 管理局 营业厅 抢修队 项目部 业委会 应急办 办公室 客服中心 服务处 物业部 工程部 台区经理 党支部 三站 热力站 换热站 自来水厂 街道办 镇政府 水司 供水所 派出所 管理所 学校 居委 物业服务 居民委员会 村民委员会 网格 集团 电力 管委会 委员会 指挥部";

/// Heads of announcements.
const HEADS: &str = "通知 公告 提示 提醒 告示 通告 快讯 通报 公示 告知 预告 启事 安排 急告 停电信息 停水信息 临时停 计划停 抢修进展 最新进展 最新消息 好消息 紧急: 突发: 温馨 告用户书 告居民书 停气: 停水: 停电: 停热: 停梯: 时间调整 延时: 进展";

/// What a text has of an announcement: 0..1, and why.
pub(super) fn measure(text: &str, timed: Timed, matter: Option<Matter>) -> (f32, Vec<Reason>) {
    let mut sum = 0.0;
    let mut because = Vec::new();
    let mut add = |weight: f32, rule: &str, told: &str| {
        sum += weight;
        because.push(Reason {
            rule: rule.to_owned(),
            weight,
            text: told.to_owned(),
            span: None,
        });
    };
    if has_head(text) {
        add(0.35, "notice_heading", "有通知的标题");
    }
    if is_signed(text) {
        add(0.3, "notice_signature", "有单位落款");
    }
    match timed {
        Timed::Window => add(0.3, "notice_window", "写明了起止时间"),
        Timed::Once => add(0.15, "notice_time", "写明了时间"),
        Timed::Never => {}
    }
    if matter.is_none() {
        add(
            -0.2,
            "notice_no_matter",
            "说的不是水电气热、电梯、道路、网络",
        );
    }
    for sign in SIGNS {
        if has_any(text, sign.words) {
            add(sign.weight, sign.rule, sign.told);
        }
    }
    (sum.clamp(0.0, 1.0), because)
}

/// How exactly a text names its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timed {
    /// Start and end.
    Window,
    /// One of them.
    Once,
    /// Neither.
    Never,
}

/// 【停水通知】, 施工告示：, 转发热力公司公告, at the beginning of a line near the top.
fn has_head(text: &str) -> bool {
    let top: String = text.chars().take(24).collect();
    let first = top
        .split(['。', '\n', ',', '?'])
        .find(|part| part.chars().any(char::is_alphanumeric))
        .unwrap_or_default();
    let first = first.split_inclusive(':').next().unwrap_or_default();
    let bracketed = top.starts_with(['【', '[', '《']);
    (bracketed || first.chars().count() <= 20)
        && has_any(first, HEADS)
        && !has_any(
            first,
            "的通知 那个通知 发通知 看通知 通知写 通知说 通知都 通知上 通知是 这通知 群里通知 没通知 物业通知 不通知 提前通知 通知又 通知?",
        )
}

/// Ends with an office's name, or says it as its own.
fn is_signed(text: &str) -> bool {
    let tail = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    // The day of signing stands behind the name.
    let tail = tail
        .trim_end_matches(|c: char| c.is_ascii_digit() || "年月日号.-/ ".contains(c))
        .trim_end_matches([' ', '\n']);
    let last = tail
        .rsplit(['。', '!', '\n', ';', '~', ' ', ',', '❤', '—', ')'])
        .find(|part| part.chars().any(char::is_alphanumeric))
        .unwrap_or_default();
    let short = (2..=22).contains(&last.chars().count());
    let signed = short
        && OFFICES
            .split_whitespace()
            .any(|office| last.ends_with(office));
    let opened = text.chars().take(16).collect::<String>();
    signed
        || opened.starts_with('【')
            && OFFICES.split_whitespace().any(|office| {
                opened
                    .split('】')
                    .next()
                    .is_some_and(|head| head.ends_with(office))
            })
}
