//! The places an announcement names, as written.

use std::ops::Range;

use super::clause::has_any;
use crate::text::Normalised;

/// Ends of the names of estates, villages, streets and other stretches of ground.
const ENDS: &str = "\
    小区 社区 花园 家园 新村 新城 苑 村 庄 府 宿舍 宿舍区 家属院 家属区 公寓 大厦 大道 路 街 巷 胡同 片区 庭 湾 居 阁 郡 邸 名都 人家 学府 隧道 \
    大桥 城 南区 北区 东区 西区 一期 二期 三期 四期 五期 沿线 两侧 里 院 坊 弄 广场 中心 南院 北院 东院 西院 家苑 名苑 门头 屯 寨 公馆 花都 山庄 \
    豪庭 华庭 国际 尚城 医院 学校 小学 中学 幼儿园 老干所 老街 号段 墅 轩 园 台 岛 堤 全区 全小区 地库 车库 停车场 站 路口 高架 匝道 桥";

/// Ends of the names of buildings and their parts.
const BUILDINGS: &str =
    "栋 幢 号楼 #楼 # 单元 座 楼 单号 双号 层以上 层及以上 层以下 层及以下 号 号院 段 梯 栋楼";

/// Words in front of the list of places.
const LABELS: &[&str] = &[
    "停水范围",
    "停电范围",
    "停气范围",
    "影响范围",
    "停水区域",
    "停电区域",
    "停气区域",
    "停热区域",
    "影响区域",
    "涉及区域",
    "涉及范围",
    "范围包括",
    "停热范围",
    "施工地点",
    "停梯范围",
    "涉及",
    "范围:",
    "范围",
    "区域:",
    "地点:",
    "包括但不限于",
    "包括",
    "包含",
    "含",
    "影响小区",
    "小区:",
    "📍",
    "位置:",
];

/// The places named, in order, each once.
pub(super) fn read(text: &Normalised, original: &str, area_names: &[String]) -> Vec<String> {
    let said = text.text();
    let as_written = |span: Range<usize>| {
        original
            .get(text.original_span(span))
            .unwrap_or_default()
            .trim()
    };
    let mut places: Vec<String> = Vec::new();
    let mut estate: Option<Range<usize>> = None;
    let mut list: Vec<Range<usize>> = Vec::new();
    let mut labelled = false;
    for part in parts(said) {
        let stretch = &said[part.clone()];
        if is_elsewhere(said, &part) {
            list.clear();
            continue;
        }
        if let Some((at, label)) = label(stretch) {
            if !labelled && !label.starts_with(['含', '包']) {
                places.clear();
            }
            labelled = true;
            take(
                part.start + at + label.len()..part.end,
                said,
                &as_written,
                area_names,
                &mut places,
                &mut estate,
                &mut list,
            );
            continue;
        }
        take(
            part,
            said,
            &as_written,
            area_names,
            &mut places,
            &mut estate,
            &mut list,
        );
    }
    finish(said, &as_written, places, area_names)
}

/// Adds what one stretch names.
fn take<'o>(
    part: Range<usize>,
    said: &str,
    as_written: &impl Fn(Range<usize>) -> &'o str,
    area_names: &[String],
    places: &mut Vec<String>,
    estate: &mut Option<Range<usize>>,
    list: &mut Vec<Range<usize>>,
) {
    let start = part.start + lead(&said[part.clone()]);
    let rest = &said[start..part.end];
    // 11、12、13号楼: bare numbers wait for the word behind the last one.
    let number = rest.trim_end_matches('#');
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && rest.len() <= 4 {
        list.push(start..start + rest.len());
        return;
    }
    if let Some((name, number)) = name_and_number(rest) {
        *estate = Some(start..start + name);
        list.clear();
        list.push(start + name..start + name + number);
        return;
    }
    let Some(length) = name_length(rest, area_names) else {
        list.clear();
        return;
    };
    let name = &rest[..length];
    let digits = name.find(|c: char| c.is_ascii_digit());
    let built = BUILDINGS.split_whitespace().any(|end| name.ends_with(end)) && digits.is_some();
    if !built {
        if !is_generic(name) {
            *estate = Some(start..start + length);
            push(places, as_written(start..start + length).to_owned());
        }
        list.clear();
        return;
    }
    let at = digits.unwrap_or_default();
    if at > 0 && is_name(&name[..at]) {
        *estate = Some(start..start + at);
    } else if at > 0 {
        push(places, as_written(start..start + length).to_owned());
        return;
    }
    let prefix = estate.clone().map_or("", &as_written);
    if !prefix.is_empty() && places.last().is_some_and(|last| last == prefix) {
        places.pop();
    }
    let read = name[at..].bytes().take_while(u8::is_ascii_digit).count();
    let suffix = as_written(start + at + read..start + length);
    for waiting in list.drain(..) {
        let number = as_written(waiting);
        push(
            places,
            format!("{prefix}{}{suffix}", number.trim_end_matches('#')),
        );
    }
    push(
        places,
        format!("{prefix}{}", as_written(start + at..start + length)),
    );
}

fn push(places: &mut Vec<String>, place: String) {
    if !place.is_empty() && !places.contains(&place) && places.len() < 40 {
        places.push(place);
    }
}

/// Stretches between signs; a bracket that names a stretch of a street stays with it.
fn parts(said: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut held = 0;
    for (at, c) in said.char_indices() {
        if at < held {
            continue;
        }
        if c == '('
            && let Some(close) = said[at..].find(')')
            && has_any(&said[at..at + close], "至 到 — - ~")
            && !said[at..at + close].contains(['、', ','])
            && said[..at].ends_with(['路', '街', '道', '巷'])
        {
            held = at + close + 1;
            continue;
        }
        let joins = matches!(c, '和' | '及' | '与')
            && !said[at..].starts_with("及以")
            && !said[..at].ends_with('以');
        let clock = c == ':' && said[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        if joins || !clock && " ,、。;:!\n()?【】“”".contains(c) {
            if at > start {
                found.push(start..at);
            }
            start = at + if c == ':' { 1 } else { c.len_utf8() };
        }
    }
    if start < said.len() {
        found.push(start..said.len());
    }
    found
}

fn label(stretch: &str) -> Option<(usize, &'static str)> {
    LABELS
        .iter()
        .filter_map(|label| stretch.find(label).map(|at| (at, *label)))
        .min_by_key(|(at, label)| (*at, std::cmp::Reverse(label.len())))
}

/// Stretches that name a cause, a detour or the office that signs.
fn is_elsewhere(said: &str, part: &Range<usize>) -> bool {
    let stretch = &said[part.clone()];
    let before = &said[..part.start];
    let clause = before
        .rfind([',', '。', ';', '\n', '!'])
        .map_or(before, |at| &before[at..]);
    let last = said[part.end..]
        .chars()
        .filter(|c| c.is_alphanumeric())
        .count()
        < 12;
    let office = "物业 居委会 村委会 公司 所 局 厅 处 队 管家 热力 经理 站 办 委 部 中心 社区 街道 集团 电力 水务";
    let signs = last
        && !has_any(stretch, "停 封 栋 楼")
        && before.ends_with(['。', '\n', '!', ' ', '—', '~', ',', '、'])
        && office
            .split_whitespace()
            .any(|end| stretch.trim_end().ends_with(end));
    let back = has_any(stretch, "已来电 已通气 已送电 已恢复 已通水 已来水")
        && has_any(said, "预计 前完成 前恢复 仍在 仍需");
    back || has_any(
        stretch,
        "绕行 请走 群: 转自 接区 接市 公交 热线 电话 咨询 工程处 交警大队",
    ) || clause.contains("绕行")
        || signs
        || stretch.starts_with(['因', '受'])
            && has_any(
                stretch,
                "检修 施工 切改 清洗 改造 连通 冲洗 清淤 处理 升级 破坏",
            )
}

/// Bytes of words in front of a name: times, labels, 因, 对, 现.
fn lead(stretch: &str) -> usize {
    const WORDS: &[&str] = &[
        "对", "需对", "在", "请", "涉及", "影响", "本次", "届时", "将对", "关于", "位于", "于",
        "的", "以及", "目前", "现", "因", "造成", "导致", "突发", "紧急", "楼下",
    ];
    let mut at = 0;
    loop {
        let rest = &stretch[at..];
        let sign = rest
            .chars()
            .next()
            .filter(|c| !c.is_alphanumeric() && *c != '#');
        if let Some(sign) = sign {
            at += sign.len_utf8();
        } else if let Some(read) = time(rest) {
            at += read;
        } else if let Some(word) = WORDS
            .iter()
            .find(|word| rest.starts_with(**word) && rest.len() > word.len())
        {
            at += word.len();
        } else {
            return at;
        }
    }
}

/// Bytes of a piece of time at the start.
fn time(rest: &str) -> Option<usize> {
    let day = jiff::civil::Date::constant(2026, 1, 1);
    let piece = super::clock::pieces(rest.get(..rest.floor_char_boundary(40))?, day)
        .into_iter()
        .next()?;
    (piece.span.start == 0).then_some(piece.span.end)
}

/// Bytes of the place's name at the start of `rest`: up to the last ending of a name before the
/// words of what happens there.
fn name_length(rest: &str, area_names: &[String]) -> Option<usize> {
    const STOPS: &str = "停 因 将 进行 已 现已 现因 正在 的 电梯 地下 燃气 供 暂 封闭 禁止 突发 更换 施工 公共 移动 宽带 采暖 换热 沥青 积水 亮化 占用 范围内 所有 部分 住户 业主 居民 用户 加压 突 恢复 开始 检修 抢修 绿化 地面 水箱 管网 主管 主干 半幅 双向 二次 请 实行 采取 举办 一楼 发生 DN dn 泵 变压器 今天 今明 明天 楼梯 突发";
    let stop = STOPS
        .split_whitespace()
        .filter_map(|word| rest.find(word).filter(|at| *at > 0))
        .min()
        .unwrap_or(rest.len());
    let head = &rest[..stop];
    if let Some(area) = area_names
        .iter()
        .find(|area| !area.is_empty() && head == area.as_str())
    {
        return Some(area.len());
    }
    let head = head.trim_end_matches(['(', ' ']);
    if head.contains("以东")
        || head.contains("以西")
        || head.contains("以南")
        || head.contains("以北")
    {
        return Some(head.len());
    }
    if head.ends_with(')') {
        return Some(head.len());
    }
    let ends = ENDS.split_whitespace().chain(BUILDINGS.split_whitespace());
    let end = ends
        .filter_map(|end| head.rfind(end).map(|at| at + end.len()))
        .max()?;
    let name = &head[..end];
    let count = name.chars().count();
    let spoken = has_any(
        name,
        "小时 业主 居民 通知 公告 提醒 检查 各位 我 你 公司 因 安排 会 年 期间 阀 管 网 群里 可到 先走 原定 以下小区 停梯",
    );
    ((2..=24).contains(&count) && !spoken).then_some(end)
}

/// 西苑新村11: a name and the first number of a list.
fn name_and_number(rest: &str) -> Option<(usize, usize)> {
    let at = rest.find(|c: char| c.is_ascii_digit())?;
    let number = rest[at..].trim_end_matches('#');
    (is_name(&rest[..at])
        && !number.is_empty()
        && number.len() <= 3
        && number.bytes().all(|byte| byte.is_ascii_digit()))
    .then_some((at, rest.len() - at))
}

fn is_name(name: &str) -> bool {
    (2..=12).contains(&name.chars().count())
        && name.chars().all(char::is_alphanumeric)
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// Words that stand for the reader's own estate, and offices.
fn is_generic(name: &str) -> bool {
    const GENERIC: &str = "小区 本小区 社区 该小区 我小区 全小区 各小区 以下小区 居民小区 单元楼 中心 服务中心 道路 路段 路面 隧道 电梯 公园 车库 停车场 站 学校 道路两侧 大楼 下楼 换热站 楼";
    GENERIC.split_whitespace().any(|word| name == word) || name.chars().count() < 2
}

/// An estate that only the signature names belongs in front of its buildings.
fn finish<'o>(
    said: &str,
    as_written: &impl Fn(Range<usize>) -> &'o str,
    places: Vec<String>,
    area_names: &[String],
) -> Vec<String> {
    let bare = |place: &String| place.starts_with(|c: char| c.is_ascii_digit());
    if !places.iter().any(bare) {
        return places;
    }
    let known = |name: &str| area_names.iter().any(|area| area == name);
    let tail = said.trim_end_matches(|c: char| !c.is_alphanumeric());
    let start = tail.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| {
        at + tail[at..].chars().next().map_or(0, char::len_utf8)
    });
    let signed = ["物业服务中心", "物业管家", "物业", "管家"]
        .iter()
        .find_map(|office| tail[start..].strip_suffix(office));
    let Some(name) = signed.filter(|name| (2..=8).contains(&name.chars().count()) || known(name))
    else {
        return places;
    };
    let name = as_written(start..start + name.len());
    places
        .into_iter()
        .map(|place| {
            if bare(&place) {
                format!("{name}{place}")
            } else {
                place
            }
        })
        .collect()
}
