//! Commands by their name: 接单 12, 【办结】30 换好了, 把12转派给李姐, 延期 18 两天.

use std::ops::Range;

use super::CommandName as Name;
use super::asked::Address;
use super::reference::{Mark, Reference};

/// A command word at the head of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Headed {
    pub(super) name: Name,
    /// The event's number, as an index into the references found.
    pub(super) event: Option<usize>,
    /// What stands before the head (a number and its signs) and the head itself.
    pub(super) head: Range<usize>,
}

/// How much a word can be mistaken for chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    /// Hardly ever said in ordinary talk at the head of a message.
    Hard,
    /// Said all the time: counts only with a number or where the bot is addressed.
    Soft,
}

use Tone::{Hard, Soft};

/// Command words, longest first among those with a common beginning.
const WORDS: &[(&str, Name, Tone)] = &[
    ("接受工单", Name::Accept, Hard),
    ("接单", Name::Accept, Hard),
    ("接件", Name::Accept, Hard),
    ("领单", Name::Accept, Hard),
    ("认领", Name::Accept, Soft),
    ("签收", Name::Accept, Soft),
    ("退单", Name::HandBack, Hard),
    ("退件", Name::HandBack, Soft),
    ("退回", Name::HandBack, Soft),
    ("退派", Name::HandBack, Hard),
    ("办结", Name::Resolve, Hard),
    ("完结", Name::Resolve, Soft),
    ("结单", Name::Resolve, Hard),
    ("销单", Name::Resolve, Hard),
    ("销号", Name::Resolve, Soft),
    ("结案", Name::Resolve, Soft),
    ("完工", Name::Resolve, Soft),
    ("完成", Name::Resolve, Soft),
    ("办完", Name::Resolve, Soft),
    ("挂账", Name::Suspend, Hard),
    ("挂帐", Name::Suspend, Hard),
    ("挂单", Name::Suspend, Soft),
    ("挂起", Name::Suspend, Soft),
    ("延期", Name::Extend, Hard),
    ("延时", Name::Extend, Soft),
    ("延长", Name::Extend, Soft),
    ("展期", Name::Extend, Soft),
    ("转派", Name::Transfer, Hard),
    ("改派", Name::Transfer, Hard),
    ("转办", Name::Transfer, Hard),
    ("转单", Name::Transfer, Hard),
    ("指派", Name::Transfer, Soft),
    ("派给", Name::Transfer, Soft),
    ("转给", Name::Transfer, Soft),
    ("转交", Name::Transfer, Soft),
    ("移交", Name::Transfer, Soft),
    ("交给", Name::Transfer, Soft),
    ("并案", Name::Merge, Hard),
    ("并单", Name::Merge, Hard),
    ("合单", Name::Merge, Hard),
    ("合并", Name::Merge, Soft),
    ("并到", Name::Merge, Soft),
    ("并入", Name::Merge, Soft),
    ("并进", Name::Merge, Soft),
    ("作废", Name::Void, Hard),
    ("废单", Name::Void, Hard),
    ("撤单", Name::Void, Soft),
    ("注销", Name::Void, Soft),
    ("误报", Name::Void, Soft),
    ("改类别", Name::Recategorise, Hard),
    ("改类型", Name::Recategorise, Hard),
    ("改分类", Name::Recategorise, Hard),
    ("改类", Name::Recategorise, Hard),
    ("更改类别", Name::Recategorise, Hard),
    ("修改类别", Name::Recategorise, Hard),
    ("重新分类", Name::Recategorise, Soft),
    ("类别改", Name::Recategorise, Hard),
    ("分类改", Name::Recategorise, Hard),
    ("查询进度", Name::Query, Hard),
    ("查询", Name::Query, Hard),
    ("查进度", Name::Query, Hard),
    ("查单", Name::Query, Hard),
    ("查看", Name::Query, Soft),
    ("查一下", Name::Query, Soft),
    ("查下", Name::Query, Soft),
    ("查哈", Name::Query, Soft),
    ("查", Name::Query, Soft),
    ("进度", Name::Query, Soft),
    ("我的工单", Name::Mine, Hard),
    ("我的单子", Name::Mine, Hard),
    ("我的单", Name::Mine, Hard),
    ("我的任务", Name::Mine, Soft),
    ("我的待办", Name::Mine, Hard),
    ("待办", Name::Mine, Soft),
    ("我的", Name::Mine, Soft),
    ("帮助", Name::Help, Soft),
    ("使用说明", Name::Help, Soft),
    ("使用帮助", Name::Help, Soft),
    ("指令", Name::Help, Soft),
    ("命令", Name::Help, Soft),
    ("菜单", Name::Help, Soft),
    ("功能", Name::Help, Soft),
    ("help", Name::Help, Soft),
    ("催办", Name::Urge, Hard),
    ("催单", Name::Urge, Hard),
    ("催一下", Name::Urge, Soft),
    ("催一催", Name::Urge, Soft),
    ("催一哈", Name::Urge, Soft),
    ("催哈", Name::Urge, Soft),
    ("催催", Name::Urge, Soft),
    ("催下", Name::Urge, Soft),
    ("催", Name::Urge, Soft),
    ("不满意", Name::Dissatisfied, Soft),
    ("很不满意", Name::Dissatisfied, Soft),
    ("不太满意", Name::Dissatisfied, Soft),
    ("非常满意", Name::Satisfied, Soft),
    ("很满意", Name::Satisfied, Soft),
    ("满意", Name::Satisfied, Soft),
    ("确认办结", Name::Verify, Hard),
    ("确认完成", Name::Verify, Soft),
    ("确认", Name::Confirm, Soft),
    ("属实", Name::Confirm, Soft),
    ("立案", Name::Confirm, Soft),
    ("受理", Name::Confirm, Soft),
    ("核查不通过", Name::Rework, Hard),
    ("核查未通过", Name::Rework, Hard),
    ("核查不合格", Name::Rework, Hard),
    ("验收不合格", Name::Rework, Hard),
    ("验收不通过", Name::Rework, Hard),
    ("核查", Name::Verify, Hard),
    ("核验", Name::Verify, Soft),
    ("核实", Name::Verify, Soft),
    ("验收", Name::Verify, Soft),
    ("返工", Name::Rework, Hard),
    ("返办", Name::Rework, Hard),
    ("重办", Name::Rework, Soft),
    ("同意", Name::Approve, Soft),
    ("批准", Name::Approve, Soft),
    ("准了", Name::Approve, Soft),
    ("吹哨", Name::Escalate, Hard),
    ("上报街道", Name::Escalate, Soft),
    ("督办", Name::Supervise, Hard),
    ("停止发言", Name::StopBot, Hard),
    ("停止播报", Name::StopBot, Hard),
    ("暂停发言", Name::StopBot, Hard),
    ("恢复发言", Name::StartBot, Hard),
    ("恢复播报", Name::StartBot, Hard),
    ("继续发言", Name::StartBot, Hard),
    ("好了", Name::Resolve, Soft),
];

/// What may stand before a command word: 请, 帮我, 申请, 把12.
const LEADS: &[&str] = &[
    "请帮我",
    "麻烦帮我",
    "麻烦你",
    "麻烦您",
    "麻烦",
    "帮我",
    "帮忙",
    "请",
    "申请",
    "我要",
    "我想要",
    "我想",
    "我来",
    "我申请",
    "我",
    "给我",
    "已经",
    "已",
    "把",
    "将",
    "先",
    "现在",
    "要求",
    "可以",
    "再",
    "单子",
    "工单",
    "事件",
    "这单",
    "这个",
    "这件",
    "该单",
    "那个",
    "给",
    "你好",
    "您好",
    "也",
    "需要",
    "要",
];

/// Small words behind a command word.
const PARTICLES: &[char] = &[
    '了', '啦', '哈', '嘛', '哦', '喽', '咯', '吧', '噻', '呢', '喔', '呀', '哟', '哒',
];

/// Finds a command word at the head of `text`, alone or behind the event's number.
pub(super) fn read(text: &str, found: &[Reference], address: Address) -> Option<Headed> {
    let (at, before) = head_start(text, found);
    let rest = &text[at..];
    let (word, name, tone) = WORDS
        .iter()
        .filter(|(word, ..)| rest.starts_with(word))
        .max_by_key(|(word, ..)| word.len())?;
    let end = at + word.len();
    if asks_whether(&text[end..]) || before.is_none() && is_other_word(word, &text[end..]) {
        return None;
    }
    let behind =
        next_reference(text, end, found).filter(|index| !is_until(*name, address, &found[*index]));
    let adjacent = before.or(behind);
    let event = adjacent.or_else(|| {
        let far =
            |reference: &Reference| reference.mark == Mark::Certain && reference.span.start >= end;
        found.iter().position(far)
    });
    let tail = match behind {
        Some(index) => &text[found[index].span.end..],
        None => &text[end..],
    };
    let case = Case {
        name: *name,
        tone: *tone,
        address,
        adjacent,
        event,
        tail,
        parted: is_parted(&text[end..]),
    };
    case.counts().then_some(Headed {
        name: *name,
        event,
        head: 0..end,
    })
}

/// All that decides whether a command word is meant as one.
struct Case<'a> {
    name: Name,
    tone: Tone,
    address: Address,
    adjacent: Option<usize>,
    event: Option<usize>,
    /// What follows the word and the number.
    tail: &'a str,
    /// Whether something parts the word from what follows it.
    parted: bool,
}

impl Case<'_> {
    fn counts(&self) -> bool {
        let left = self
            .tail
            .chars()
            .filter(|c| c.is_alphanumeric() && !PARTICLES.contains(c))
            .count();
        let bare = left == 0;
        match self.name {
            Name::Mine | Name::Help => return bare && (self.address > Address::Nobody),
            Name::Query if self.event.is_none() && self.address != Address::Card => {
                let progress = ["进度", "单", "报的", "反映", "我的事", "情况"];
                let meant = bare || progress.iter().any(|word| self.tail.contains(word));
                return meant && self.address == Address::Bot;
            }
            _ => {}
        }
        match (self.address, self.tone) {
            (Address::Nobody, Hard) => self.adjacent.is_some(),
            (Address::Nobody, Soft) => {
                self.adjacent.is_some() && (left <= 3 || left <= 14 && is_parted(self.tail))
            }
            (Address::Colleagues, Hard) => {
                self.event.is_some() || bare || self.parted && left <= 40
            }
            (Address::Colleagues, Soft) => {
                self.adjacent.is_some() || self.event.is_some() && left <= 30
            }
            (Address::Bot | Address::Card, Hard) => true,
            (Address::Bot | Address::Card, Soft) => self.event.is_some() || self.parted,
        }
    }
}

/// 延期 25号 under a quoted card names the day, not another event.
fn is_until(name: Name, address: Address, reference: &Reference) -> bool {
    matches!(name, Name::Suspend | Name::Extend)
        && address == Address::Card
        && reference.mark == Mark::Numbered
}

/// Command words that go on into another word: 转派出所, 查收, 催化, 接单大厅, 延期的.
fn is_other_word(word: &str, tail: &str) -> bool {
    let other: &[&str] = match word {
        "转派" => &["出所"],
        "查" => &["收", "房", "重", "岗", "水", "电", "体", "出", "明"],
        "催" => &["化", "泪", "婚", "眠", "生", "款", "费", "收"],
        "进度" => &["条", "款"],
        "功能" | "指令" | "命令" => &["性", "强", "人"],
        _ => &["的", "大厅", "员", "平台", "率", "量"],
    };
    other.iter().any(|word| tail.starts_with(word))
}

/// Where the command word should stand, and the number before it.
fn head_start(text: &str, found: &[Reference]) -> (usize, Option<usize>) {
    let (mut at, mut before) = (0, None);
    loop {
        let rest = &text[at..];
        let signs = rest.len() - rest.trim_start_matches(is_sign).len();
        let lead = LEADS
            .iter()
            .filter(|lead| rest.starts_with(**lead))
            .map(|lead| lead.len())
            .max();
        let starts_word = WORDS.iter().any(|(word, ..)| rest.starts_with(word));
        if signs > 0 {
            at += signs;
        } else if starts_word {
            return (at, before);
        } else if let Some(index) = found
            .iter()
            .position(|reference| reference.span.start == at)
            && before.is_none()
        {
            before = Some(index);
            at = found[index].span.end;
        } else if let Some(lead) = lead {
            at += lead;
        } else {
            return (at, before);
        }
    }
}

/// The number right behind a command word: 接单 12, 催一下 第3单, 【办结】30.
fn next_reference(text: &str, end: usize, found: &[Reference]) -> Option<usize> {
    let mut at = end;
    loop {
        if let Some(index) = found
            .iter()
            .position(|reference| reference.span.start == at)
        {
            return Some(index);
        }
        let rest = &text[at..];
        let c = rest.chars().next()?;
        if is_sign(c) || c == '#' || PARTICLES.contains(&c) {
            at += c.len_utf8();
        } else if let Some(word) = ["一下", "下", "为", "是"]
            .iter()
            .find(|word| rest.starts_with(**word))
        {
            at += word.len();
        } else {
            return None;
        }
    }
}

/// 接单了没, 办结没有, 好了吗: a question about it, not the thing itself.
fn asks_whether(tail: &str) -> bool {
    let clause = tail
        .split([',', '。', '!', ' '])
        .find(|clause| !clause.is_empty())
        .unwrap_or_default();
    let clause = clause.trim_start_matches(PARTICLES);
    clause.contains(['吗', '么', '?'])
        || ["没有", "没得", "没", "不"]
            .iter()
            .any(|word| clause.starts_with(word) && clause.len() <= word.len() + 6)
}

/// Whether a sign, a small word or the end stands between a word and what follows.
fn is_parted(tail: &str) -> bool {
    tail.trim_start_matches(PARTICLES)
        .chars()
        .next()
        .is_none_or(is_sign)
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric() && c != '#'
}

#[cfg(test)]
mod tests {
    use super::super::reference;
    use super::*;

    fn name(text: &str, address: Address) -> Option<Name> {
        read(text, &reference::find(text), address).map(|headed| headed.name)
    }

    #[test]
    fn a_command_word_with_a_number_needs_no_address() {
        assert_eq!(name("接单 12", Address::Nobody), Some(Name::Accept));
        assert_eq!(name("12 退单", Address::Nobody), Some(Name::HandBack));
        assert_eq!(
            name("【办结】30 换好了", Address::Nobody),
            Some(Name::Resolve)
        );
        assert_eq!(
            name("把12转派给老周", Address::Nobody),
            Some(Name::Transfer)
        );
    }

    #[test]
    fn a_command_word_inside_talk_is_talk() {
        for text in [
            "接单大厅人多",
            "我接单送外卖的",
            "转派出所了",
            "延期的话再说",
            "挂账那家店关了",
            "接单12个",
        ] {
            assert_eq!(name(text, Address::Nobody), None, "{text}");
        }
        assert_eq!(name("挂账的都在本子上", Address::Colleagues), None);
    }

    #[test]
    fn a_question_about_a_command_is_not_the_command() {
        assert_eq!(name("接单了没", Address::Card), None);
        assert_eq!(name("办结了吗", Address::Card), None);
    }
}
