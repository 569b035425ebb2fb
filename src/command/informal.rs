//! Commands in people's own words. The more informal the words, the more addressing they need.

use super::asked::{Address, Asked};
use super::cue::has;
use super::reference::{Mark, Reference};
use super::worker::Assent;
use super::{CommandName as Name, completion, resident, staff, worker};

/// What is meant, and which number names the event.
pub(super) struct Meant {
    pub(super) name: Name,
    pub(super) event: Option<usize>,
}

/// Reads people's own words; `found` are the numbers in `text`.
pub(super) fn read(
    text: &str,
    found: &[Reference],
    asked: &Asked,
    address: Address,
) -> Option<Meant> {
    let alone = |name| Meant { name, event: None };
    if address == Address::Bot
        && let Some(name) = switch(text, asked)
    {
        return Some(alone(name));
    }
    if asked.handles() && asks_for_own(text) {
        return Some(alone(Name::Mine));
    }
    if address == Address::Bot && asks_for_help(text) {
        return Some(alone(Name::Help));
    }
    let event = event(text, found, address);
    let name = match (address, event) {
        (Address::Card, _) => under_a_card(text, asked),
        (Address::Nobody, Some(index)) => {
            let rest = without(text, &found[index]);
            let short = rest.chars().filter(|c| c.is_alphanumeric()).count() <= 16;
            // Thanks with a number are said about many things.
            let meant = |name: &Name| *name != Name::Satisfied || rest.contains("满意");
            resident::read(&rest).filter(|_| short).filter(meant)
        }
        (_, Some(index)) => with_a_number(&without(text, &found[index]), asked),
        (Address::Bot, None) => to_the_bot(text, asked),
        (Address::Colleagues, None) if asked.work && asked.judges() => staff::one_word(text),
        (Address::Nobody | Address::Colleagues, None) => None,
    }?;
    // 重复了，6号单已经有了: the other one's number says where this one belongs.
    let doubled = address == Address::Card && name == Name::Void && text.contains("重复");
    let name = if doubled && event.is_some() {
        Name::Merge
    } else {
        name
    };
    Some(Meant { name, event })
}

fn under_a_card(text: &str, asked: &Asked) -> Option<Name> {
    if !asked.handles() {
        return resident::read(text);
    }
    asked
        .judges()
        .then(|| staff::read(text))
        .flatten()
        .or_else(|| worker::read(text, Assent::Counts))
}

fn with_a_number(text: &str, asked: &Asked) -> Option<Name> {
    let short = text.chars().count() <= 60;
    if !short {
        return None;
    }
    if !asked.handles() {
        return resident::read(text);
    }
    asked
        .judges()
        .then(|| staff::read(text))
        .flatten()
        .or_else(|| worker::read(text, Assent::IsPoliteness))
}

/// Said to the bot, but of which event only the speaker knows; the desk asks.
fn to_the_bot(text: &str, asked: &Asked) -> Option<Name> {
    if text.chars().count() > 40 {
        return None;
    }
    if asked.handles() {
        return worker::read(text, Assent::IsPoliteness);
    }
    resident::read(text).filter(|name| match name {
        Name::Query | Name::Urge | Name::Dissatisfied | Name::Satisfied => {
            resident::ties_to_an_event(text)
        }
        _ => completion::is_said(text),
    })
}

/// The number that names the event: a certain one, or one at an end of the text.
fn event(text: &str, found: &[Reference], address: Address) -> Option<usize> {
    let starts = |reference: &Reference| {
        text[..reference.span.start]
            .trim_matches(|c: char| !c.is_alphanumeric())
            .is_empty()
    };
    let ends = |reference: &Reference| {
        text[reference.span.end..]
            .trim_matches(|c: char| !c.is_alphanumeric())
            .is_empty()
    };
    let placed = |reference: &Reference| match (address, reference.mark) {
        (Address::Nobody, Mark::Certain) => starts(reference) || ends(reference),
        (Address::Nobody, Mark::Numbered) => starts(reference),
        (Address::Nobody, Mark::Bare) => {
            starts(reference) && parted_behind(text, reference)
                || ends(reference) && parted_before(text, reference)
        }
        (Address::Card, mark) => mark == Mark::Certain,
        (_, Mark::Certain | Mark::Numbered) => true,
        (_, Mark::Bare) => starts(reference) || ends(reference) || after_a_pointer(text, reference),
    };
    let best = found
        .iter()
        .filter(|reference| placed(reference))
        .map(|reference| reference.mark)
        .max()?;
    found
        .iter()
        .position(|reference| reference.mark == best && placed(reference))
}

fn parted_behind(text: &str, reference: &Reference) -> bool {
    text[reference.span.end..].starts_with([' ', ',', ':', '.', '。'])
}

fn parted_before(text: &str, reference: &Reference) -> bool {
    text[..reference.span.start].ends_with([' ', ',', ':', '.', '。', '#'])
}

/// 把12关了, 那个 12 接了.
fn after_a_pointer(text: &str, reference: &Reference) -> bool {
    let before = text[..reference.span.start].trim_end();
    [
        "把", "将", "那个", "这个", "我", "接", "办", "的", "跟", "和", "就", "是", "帮", "问",
        "催", "查",
    ]
    .iter()
    .any(|word| before.ends_with(word))
}

fn without(text: &str, reference: &Reference) -> String {
    format!(
        "{} {}",
        &text[..reference.span.start],
        &text[reference.span.end..]
    )
}

/// 我手上还有哪些单子.
fn asks_for_own(text: &str) -> bool {
    text.chars().count() <= 24
        && has(
            text,
            "\
                我…哪些单 我…几个单 我…多少单 我…啥单 我…啥子单 我…什么单 我…几单 \
                我…多少工单 我…哪些工单 我…几个工单 我…还有单 我…有没有单 我…哪几单 \
                我…哪几个单 我手上…单 我名下…单 我手头…单 我这…没办 我…没办完的 我…没结的 \
                我…哪些没办 我…哪些任务 我…啥任务 我…什么任务 我…待办 看…我的单 查…我的单 \
                列…我的单 我的单子 我的工单 我…哪些没结 我…哪些活 我…没弄完的单",
        )
}

fn asks_for_help(text: &str) -> bool {
    text.chars().count() <= 20
        && has(
            text,
            "\
                ^怎么用 ^咋用 ^咋个用 ^啷个用 你…怎么用 你…咋用 你会…啥 你会…什么 你能…啥 \
                你能…什么 你能干 你会干 你能做 你会做 你可以干 你可以做 你有啥 你有什么 \
                你有哪些 有哪些功能 有什么功能 有啥功能 有哪些指令 有什么指令 有哪些命令 \
                有什么命令 有啥命令 有啥指令 指令有 命令有 使用方法 用法 怎么操作 咋操作 \
                你是干 你是做 你管啥 怎么使唤 教一下 教我用 ^说明 怎么报修$ 咋个报修$ \
                怎么上报$",
        )
}

/// The bot shall speak again.
const SPEAK: &str = "\
    可以说 可以讲 可以回 可以发 说话吧 说话了$ 恢复发言 恢复说 恢复播 恢复回 恢复自动 \
    接着说 接着回 继续说 继续回 继续发 继续播 出来吧 出来干活 出来上班 开口 解除禁言 \
    解除静音 重新启用 重新上线 重新说 重新开";

/// The bot shall be silent.
const SILENCE: &str = "\
    别说 莫说 不要说 不准说 不许说 别讲 莫讲 别回 莫回 不要回 别自动 莫自动 不要自动 别发 莫发 \
    不要发 别播 莫播 别插嘴 莫插嘴 别吭 莫开腔 莫吭 别出声 莫出声 别吵 莫吵 别叫 闭嘴 住嘴 住口 \
    安静 停止发 停止回 停止说 停止播 禁言 静音 消停 少说 暂停发 暂停回 暂停播 停止自动";

/// The same, said by those whose bot it is: nothing but the bot can be meant.
const STOP: &str = "\
    先停 停一下 停一哈 停一停 停用 ^停$ ^停了$ ^停止$ ^暂停$ ^停下 休息 下线 歇一 歇会 歇哈 歇着 \
    退下 关机 先关";

const START: &str = "\
    ^恢复$ ^继续$ ^启用 ^开始$ ^开工 ^上线 ^启动 上班了 干活了 ^复工 ^恢复工作 ^醒 开机 回来吧 \
    ^打开$ 恢复工作 重新工作 继续工作 恢复正常$";

/// 别说话了, 可以说话了: only said to the bot, and about its talking.
fn switch(text: &str, asked: &Asked) -> Option<Name> {
    if text.chars().count() > 24 {
        return None;
    }
    if has(text, SPEAK) && !has(text, "不要 别 莫 先不 不准 不许 少说") {
        return Some(Name::StartBot);
    }
    if has(text, SILENCE) || asked.judges() && has(text, STOP) {
        return Some(Name::StopBot);
    }
    (asked.judges() && has(text, START)).then_some(Name::StartBot)
}
