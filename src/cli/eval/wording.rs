//! What measures, faults and changes are called by those who read about them.

use crate::lexicon::Lexicon;
use crate::measure::baseline::Turn;
use crate::measure::mistakes::{Fault, Mistake};
use crate::measure::{Figure, Measure, Reached, Sample, Set, Slice, Unit, Want, Wanted};
use crate::model::CategoryCode;

/// A measure's name.
pub(super) fn title(set: Set, measure: Measure) -> &'static str {
    match measure {
        Measure::Recall if set == Set::Chatter => "闲聊里夹着的真问题，立了案",
        Measure::Recall => "该立案的，立了案",
        Measure::RecallOrWatch => "该立案的，立了案或请人看了",
        Measure::Precision => "立了案的，确实该立",
        Measure::Category => "立对了的，类别也对",
        Measure::Questions => "来问事的，认出是咨询",
        Measure::FalseAlarms => "闲聊误立案（每万条）",
        Measure::Spoken => "闲聊里乱开口或乱动作（每万条）",
        Measure::Watched => "闲聊里请人看一看（每万条）",
        Measure::CriticalFalse => "闲聊误报特急（每十万条）",
        Measure::CommandsFromTalk => "闲聊当成指令（每万条）",
        Measure::Opened => "没事的话，误立了案",
        Measure::Holding => "用例通过",
        Measure::EmergencyRecall => "真特急，报了特急",
        Measure::EmergencyFalse => "不是特急，误报特急",
        Measure::CommandsNamed => "听懂要做什么",
        Measure::CommandsRight => "对象、编号、期限也听对",
        Measure::Windows => "停水停电等通知，认了出来",
        Measure::WindowsFalse => "不是这类通知，误认",
        Measure::Matter => "通知的事项对",
        Measure::Times => "起止时间都对",
        Measure::Places => "地点重合程度",
        Measure::NoticesOpened => "通知误当成问题立案",
        Measure::Problems => "问题被发现（至少一条）",
        Measure::Reports => "反映问题的每一条都接住",
        Measure::MergePrecision => "并到一起的，确实是一件事",
        Measure::MergeRecall => "同一件事的，并到了一起",
        Measure::MergeF1 => "并案准确度（F1）",
        Measure::EventsPerProblem => "一个问题立成几个事件",
        Measure::IdleEvents => "全由闲聊凑成的事件",
        Measure::IdleAttached => "闲聊被并进事件",
        Measure::MeTooAttached => "“我家也是”并进了事件",
        Measure::Strangers => "互不相干的问题被并在一起",
    }
}

/// A number in a measure's unit.
pub(super) fn amount(measure: Measure, value: f64) -> String {
    match measure.unit() {
        Unit::Share => format!("{:.1}%", value * 100.0),
        Unit::Ratio => format!("{value:.2}"),
        unit @ (Unit::PerTenThousand | Unit::PerHundredThousand) => {
            let digits = unit.digits();
            format!("{value:.digits$}")
        }
    }
}

/// A figure's value; a dash where nothing was there to measure.
pub(super) fn value(figure: &Figure) -> String {
    if figure.of > 0.0 {
        amount(figure.measure, figure.value())
    } else {
        "—".to_owned()
    }
}

/// A figure's interval.
pub(super) fn interval(figure: &Figure) -> String {
    let amount = |value| amount(figure.measure, value);
    match figure.bounds() {
        Some((low, high)) => format!("{}～{}", amount(low), amount(high)),
        None => String::new(),
    }
}

/// What a figure was counted from.
pub(super) fn counted(figure: &Figure) -> String {
    match figure.measure {
        // An average, no count.
        Measure::Places => format!("{:.0}", figure.of),
        _ => format!("{:.0}/{:.0}", figure.hits, figure.of),
    }
}

/// How far a figure has come.
pub(super) fn reached(reached: Reached) -> &'static str {
    match reached {
        Reached::Aim => "达到目标",
        Reached::Floor => "过了底线",
        Reached::Below => "没过底线",
    }
}

/// A part of a set.
pub(super) fn slice(slice: &Slice, lexicon: &Lexicon) -> String {
    match slice {
        Slice::All => "全部".to_owned(),
        Slice::Category(code) => lexicon.category_title(code),
        Slice::Source(source) => match source.as_str() {
            "sms" => "短信".to_owned(),
            "tencent" => "对话".to_owned(),
            own => own.to_owned(),
        },
        Slice::Kind(kind) => kind_name(kind).to_owned(),
    }
}

fn kind_name(kind: &str) -> &str {
    match kind {
        "device" => "自家物件",
        "metaphor" => "比喻夸张",
        "straddle" => "词中词",
        "elsewhere" => "外地",
        "past" => "过去",
        "negation" => "否定",
        "advert" => "广告",
        "notice" => "通知",
        "plans" => "计划",
        "thanks" => "感谢",
        "question" => "闲问",
        "water" => "停水",
        "power" => "停电",
        "gas" => "停气",
        "heating" => "供暖",
        "lift" => "电梯",
        "road" => "道路",
        "network" => "网络",
        "other" => "其他",
        own => own,
    }
}

/// A kind of mistake.
pub(super) fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::EmergencyMissed => "漏报特急",
        Fault::EmergencyFalse => "误报特急",
        Fault::Missed => "漏掉的问题",
        Fault::FalseAlarm => "误立案",
        Fault::Spoken => "闲聊里乱开口",
        Fault::Category => "类别不对",
        Fault::Unanswered => "咨询没认出来",
        Fault::Notice => "通知读错",
        Fault::Command => "指令听错",
        Fault::Case => "用例不通过",
    }
}

/// How a message's outcome changed.
pub(super) fn turn(turn: Turn) -> &'static str {
    match turn {
        Turn::Found => "新找到",
        Turn::Quiet => "不再误报",
        Turn::Lost => "新漏掉",
        Turn::False => "新误报",
    }
}

/// What should have become of a message that was judged wrongly.
pub(super) fn expected(mistake: &Mistake<'_>, lexicon: &Lexicon) -> String {
    match (mistake.sample, mistake.fault) {
        (Some(sample), _) => wanted(sample, lexicon),
        // Lines of conversations are labelled by whether they report anything at all.
        (None, Fault::Missed) => action(Want::Open).to_owned(),
        (None, _) => action(Want::Nothing).to_owned(),
    }
}

/// What a label asks for.
fn wanted(sample: &Sample, lexicon: &Lexicon) -> String {
    let titles = |codes: &[CategoryCode]| {
        let titles: Vec<_> = codes
            .iter()
            .map(|code| lexicon.category_title(code))
            .collect();
        titles.join("或")
    };
    match &sample.wanted {
        Wanted::Actions(wants, categories) => {
            let wants: Vec<_> = wants.iter().map(|want| action(*want)).collect();
            format!("{} {}", wants.join("或"), titles(categories))
                .trim_end()
                .to_owned()
        }
        Wanted::Emergency => "特急".to_owned(),
        Wanted::NoEmergency => "不是特急".to_owned(),
        Wanted::Notice(gold) if gold.opens_window => "停水停电等通知".to_owned(),
        Wanted::Notice(gold) if gold.is_notice => "别的通知，不立案".to_owned(),
        Wanted::Notice(_) => "不是通知".to_owned(),
        Wanted::Command(expected) => format!("指令 {expected}"),
        Wanted::Case(case) => {
            let level = case.level.map_or("", crate::model::Level::chinese);
            let title = case
                .category
                .as_ref()
                .map(|code| lexicon.category_title(code));
            format!("{} {} {level}", case.expect, title.unwrap_or_default())
                .trim_end()
                .to_owned()
        }
    }
}

fn action(want: Want) -> &'static str {
    match want {
        Want::Open => "立案",
        Want::Ask => "咨询",
        Want::Nothing => "不理会",
    }
}
