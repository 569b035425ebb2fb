//! What an announcement is about, and whether it explains a loss of service.

use super::super::NoticeMatter as Matter;
use super::clause::has_any;

/// Words of each matter: those of a loss weigh more than those of the trade.
struct Words {
    matter: Matter,
    /// Saying that the service stops.
    loss: &'static str,
    /// Saying what the matter is.
    trade: &'static str,
}

const MATTERS: &[Words] = &[
    Words {
        matter: Matter::Water,
        loss: "停水 断水 停止供水 中断供水 暂停供水 供水中断 供水暂停 水压降低 水压偏低 水压不足 水压下降 降压供水 限水 无水 停供水 停自来水 停供自来水 用水中断 影响用水 用水将 停用水 \
               无法供水 不能供水 间歇性供水 低压供水 生活用水中断 用水受影响 分时供水 关停供水",
        trade: "供水 自来水 水管 水泵 泵房 水箱 二次供水 水表 水质 管网 消火栓 送水 来水 水厂 水务 加压站 主管道 爆管 通水 储水 蓄水 阀门",
    },
    Words {
        matter: Matter::Power,
        loss: "停电 断电 停止供电 中断供电 暂停供电 供电中断 供电暂停 限电 失电 拉闸 停送电 无电 用电中断 影响用电 轮停 跳闸 没电 电力中断 停供电 错峰用电",
        trade: "供电 用电 变压器 电缆 送电 来电 电网 电力 配电 线路 开关柜 电表 箱变 台区 电业 高压 低压 杆塔 充电桩 配网 国网 照明",
    },
    Words {
        matter: Matter::Gas,
        loss: "停气 断气 停止供气 中断供气 暂停供气 供气中断 供气暂停 停燃气 停天然气 停供燃气 停供天然气 用气中断 影响用气 停煤气 燃气停供 天然气停供 降压供气",
        trade: "燃气 天然气 煤气 供气 用气 通气 灶具 中压管 调压 气表 泄漏",
    },
    Words {
        matter: Matter::Heating,
        loss: "停热 停暖 停止供热 停止供暖 中断供热 中断供暖 暂停供热 暂停供暖 供暖暂停 供热暂停 供热中断 供暖中断 降温运行 低温运行 暖气会变凉 停供热 停供暖 停供暖气 停暖气 暖气停 限热 热水停供 停供热水 降低供热 降负荷",
        trade: "供热 供暖 暖气 采暖 热力 换热站 地暖 热源 锅炉 供热管",
    },
    Words {
        matter: Matter::Lift,
        loss: "停梯 电梯停 电梯暂停 电梯故障 电梯突发 电梯困 电梯暂时停 停止使用电梯 电梯停止 电梯将停 电梯出现故障 电梯无法 电梯不能 暂停使用电梯 电梯发生故障 电梯停用 电梯停运 停运 电梯坏",
        trade: "电梯 轿厢 维保 扶梯 曳引 梯控 货梯 客梯 乘梯",
    },
    Words {
        matter: Matter::Road,
        loss: "封闭 封路 断路施工 禁止通行 禁止车辆 交通管制 半幅 绕行 绕道 占道 封道 暂停通行 不能通行 无法通行 临时管制 禁行 断交 中断交通 限行 单向通行 单边放行 全封 围挡 改道 阻断",
        trade: "道路 路面 车道 通行 交通 沥青 行车 隧道 高架 桥面 公交 路段 路口 马路 车行道 通车",
    },
    Words {
        matter: Matter::Network,
        loss: "断网 网络中断 宽带中断 无法上网 网络故障 通信中断 信号中断 业务中断 光缆中断 光缆断 网络暂停 停网 短时中断 宽带故障 业务将 网络将 信号将 无法使用 网络割接 宽带业务",
        trade: "宽带 网络 光缆 光纤 割接 电信 移动 联通 广电 固话 基站 信号 有线电视 机房 上网 光猫 通信 wifi",
    },
];

/// The matter, `None` where nothing of the kind is spoken of.
pub(super) fn of(text: &str) -> Option<Matter> {
    let mut best: Option<(usize, Matter)> = None;
    for words in MATTERS {
        let weight = 4 * count(text, words.loss).min(3) + count(text, words.trade).min(5);
        let bound = weight > 0 && (words.matter != Matter::Network || has_any(text, words.trade));
        if bound && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, words.matter));
        }
    }
    best.map(|(_, matter)| matter)
}

/// How many different words stand in the text.
fn count(text: &str, words: &str) -> usize {
    words
        .split_whitespace()
        .filter(|word| text.contains(word))
        .count()
}

/// What a stretch of an announcement says of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// It stops, has stopped, or is not back before some time.
    Lost,
    /// It is back.
    Back,
    /// The stop is called off.
    CalledOff,
    /// Nothing of the kind: publicity, meetings, inspections without a stop.
    Untouched,
}

const CALLED_OFF: &str = "取消停 停电取消 停水取消 停气取消 停热取消 停电计划取消 停水计划取消 计划取消 任务取消 暂缓实施 暂缓 不再停 不停了 停电推迟 另行通知 改期 \
    取消原定 取消本次 取消此次 取消今 取消明 不予实施 暂不停 暂不实施 撤销 予以取消 已取消 现取消 工作取消 施工取消 检修取消 取消计划 照常供 正常供热 正常供电 正常供水 终止";

const BACK: &str = "已恢复 恢复正常 已修好 已来电 已来水 已送电 已通水 已通气 已通电 已供水 已供电 已供气 已正常 全部恢复 恢复供水 恢复供电 恢复供气 恢复供热 恢复供暖 已复电 已复水 \
    恢复通行 恢复运行 恢复使用 修复完成 抢修完成 抢修完毕 抢修结束 已修复 已抢通 已开通 已解除 解除封闭 解除管制 恢复通车 已完工 已完成 正常使用 正常运行 可正常 恢复了 已排除 故障排除 已全部 送电成功 现已开放 供水正常 供电正常 来水了 来电了 修好了 修复了 通车了 提前恢复 提前送电 提前来";

/// Work to come or under way: with it, 恢复 is a promise.
const PENDING: &str = "预计 预期 将于 计划 争取 力争 前恢复 前完成 前修好 前送电 前通 起恢复 后恢复 恢复时间 待 正在 抢修中 尽快 陆续 施工期间 停水期间 停电期间 停气期间 尽早 需延长 延长 延时 仍需 还需 恢复后 今晚 明早 明天 需更换 以便恢复 完成后 具体恢复 恢复供水前 无法确定 完后 有望 约 大概 左右恢复 最迟";

/// Stops that are none: 不停水, 试压不影响用水.
const UNTOUCHED: &str = "不停水 不停电 不停气 不停热 不停梯 不影响 无需停 不会停 不中断 正常供 不停供 不停用 照常使用 不需停 不间断";

/// What the announcement says of the service it is about.
pub(super) fn service(text: &str, matter: Matter) -> Service {
    let mut said = Service::Untouched;
    for sentence in text.split(['。', ';', '\n', '!']) {
        let next = in_sentence(sentence, matter);
        said = match (said, next) {
            (_, Service::CalledOff) | (Service::CalledOff, _) => Service::CalledOff,
            (Service::Lost, _) | (_, Service::Lost) => Service::Lost,
            (Service::Back, _) | (_, Service::Back) => Service::Back,
            _ => Service::Untouched,
        };
    }
    said
}

fn in_sentence(sentence: &str, matter: Matter) -> Service {
    let Some(words) = MATTERS.iter().find(|words| words.matter == matter) else {
        return Service::Untouched;
    };
    if has_any(sentence, CALLED_OFF)
        && !has_any(
            sentence,
            "如需取消 取消订单 改为 调整为 改至 推迟至 延期至 顺延至",
        )
    {
        return Service::CalledOff;
    }
    let pending = has_any(sentence, PENDING) || promises(sentence);
    let back = has_any(sentence, BACK)
        || has_any(sentence, "恢复 来电 来水 送电 通气 完成")
            && sentence.contains('已')
            && !pending;
    let fresh_loss = has_any(sentence, words.loss) || lift_or_network(sentence, matter);
    if back && !pending && !has_any(sentence, "现停 仍停 将停 再次停 又停") {
        return Service::Back;
    }
    if has_any(sentence, UNTOUCHED) && !strong_loss(sentence) {
        return Service::Untouched;
    }
    if fresh_loss && !only_talks(sentence) {
        return Service::Lost;
    }
    let promised = has_any(
        sentence,
        "恢复 送电 来电 来水 供水 通气 通水 修好 复电 完成",
    ) && pending;
    if promised && !has_any(sentence, "检测 公示 检查 缴费 截止 培训 报名 年检") {
        return Service::Lost;
    }
    Service::Untouched
}

/// 17:30恢复, 3点送电: a time before the word makes it a promise.
fn promises(sentence: &str) -> bool {
    [
        "恢复", "送电", "来电", "来水", "修好", "完成", "通气", "通水",
    ]
    .iter()
    .any(|word| {
        sentence.match_indices(word).any(|(at, _)| {
            let before = sentence[..at].trim_end_matches([
                '前', '左', '右', '可', '将', '能', '内', '起', '后', '开', '始',
            ]);
            let timed = before.ends_with(['点', '时', '半', '分'])
                || before.ends_with(|c: char| c.is_ascii_digit()) && before.contains(':');
            timed && !sentence[..at].contains('已')
        })
    })
}

fn lift_or_network(sentence: &str, matter: Matter) -> bool {
    match matter {
        Matter::Lift => {
            sentence.contains("梯")
                && has_any(
                    sentence,
                    "故障 停用 停运 停止运行 暂停 停梯 停止使用 无法使用 检修 维修 抢修 更换 困人 保养 停机 大修 停 年检 年度检验",
                )
        }
        Matter::Network => has_any(sentence, "中断 故障 无法 断网 受影响 暂停 停用 断网"),
        Matter::Road => has_any(sentence, "封闭 禁止 管制 绕行 不通 暂停通行 禁行"),
        _ => false,
    }
}

fn strong_loss(sentence: &str) -> bool {
    has_any(sentence, "将停水 将停电 将停气 停水时间 停电时间 停气时间")
}

/// 停水通知 in a heading, 谨防停电 in advice: no stop of its own.
fn only_talks(sentence: &str) -> bool {
    has_any(
        sentence,
        "如遇停 若停 如停 万一停 谨防 避免停 逾期 欠费 未缴 关阀停 停电诈骗 预防",
    ) && !has_any(sentence, "现已 紧急 抢修 因")
}
