//! One page with charts for those who answer for the community: what is found, what is missed.

use minijinja::{AutoEscape, Environment, Value};
use serde::Serialize;

use crate::measure::baseline::Turn;
use crate::measure::mistakes::Mistake;
use crate::measure::{Better, Figure, Measure, Reached, Set, Slice};

use super::chart::{Chart, is_part};
use super::json::because;
use super::{Findings, wording};

/// Parts with fewer rows say too little to be drawn.
const LEAST: f64 = 3.0;

/// Bars of one drawing by kind: the worst are enough.
const KINDS: usize = 12;

/// Changed messages that are shown of each kind.
const CHANGES: usize = 30;

/// Everything on the page.
#[derive(Debug, Serialize)]
struct Page {
    date: String,
    version: String,
    messages: usize,
    summary: Vec<String>,
    cards: Vec<Card>,
    charts: Vec<Chart>,
    parts: Vec<Chart>,
    faults: Vec<Faults>,
    changes: Option<Changes>,
    all: Vec<Row>,
}

/// A number to be seen first.
#[derive(Debug, Serialize)]
struct Card {
    title: &'static str,
    value: String,
    under: String,
    tone: &'static str,
}

/// Mistakes of one kind.
#[derive(Debug, Serialize)]
struct Faults {
    title: &'static str,
    count: usize,
    rows: Vec<Wrong>,
}

/// One mistake.
#[derive(Debug, Serialize)]
struct Wrong {
    text: String,
    set: &'static str,
    got: String,
    wanted: String,
    because: Vec<String>,
}

/// What changed since a kept run.
#[derive(Debug, Serialize)]
struct Changes {
    counts: Vec<(&'static str, usize)>,
    figures: Vec<(String, String, String, &'static str)>,
    messages: Vec<(&'static str, String, String)>,
}

/// One figure in the table of all.
#[derive(Debug, Serialize)]
struct Row {
    set: &'static str,
    title: &'static str,
    part: String,
    value: String,
    interval: String,
    counted: String,
    target: String,
}

/// The page as HTML; whatever people wrote is escaped.
pub(super) fn render(findings: &Findings<'_>, date: &str) -> anyhow::Result<String> {
    let page = page(findings, date);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("page", include_str!("page.html"))?;
    let page: Value = serde_json::from_value(serde_json::to_value(&page)?)?;
    Ok(environment.get_template("page")?.render(page)?)
}

fn page(findings: &Findings<'_>, date: &str) -> Page {
    Page {
        date: date.to_owned(),
        version: findings.lexicon.version().to_owned(),
        messages: findings.messages,
        summary: summary(findings.figures),
        cards: cards(findings.figures),
        charts: charts(findings.figures),
        parts: parts(findings),
        faults: faults(findings),
        changes: findings.difference.is_some().then(|| changes(findings)),
        all: findings
            .figures
            .iter()
            .map(|one| row(one, findings))
            .collect(),
    }
}

/// A figure of a whole set that has something to say.
fn whole(figures: &[Figure], set: Set, measure: Measure) -> Option<&Figure> {
    figures.iter().find(|one| {
        one.set == set && one.measure == measure && one.slice == Slice::All && one.of > 0.0
    })
}

/// The first of these that was measured.
fn first(figures: &[Figure], wanted: &[(Set, Measure)]) -> Option<Figure> {
    let mut found = wanted
        .iter()
        .filter_map(|(set, measure)| whole(figures, *set, *measure));
    found.next().cloned()
}

const RECALL: [(Set, Measure); 3] = [
    (Set::Colloquial, Measure::Recall),
    (Set::Examples, Measure::Recall),
    (Set::Complaints, Measure::Recall),
];
const FALSE: [(Set, Measure); 3] = [
    (Set::Chatter, Measure::FalseAlarms),
    (Set::HardNegatives, Measure::Opened),
    (Set::Examples, Measure::Opened),
];
const CATEGORY: [(Set, Measure); 3] = [
    (Set::Colloquial, Measure::Category),
    (Set::Examples, Measure::Category),
    (Set::Complaints, Measure::Category),
];
const EMERGENCY: [(Set, Measure); 1] = [(Set::Emergencies, Measure::EmergencyRecall)];
const MERGING: [(Set, Measure); 2] = [
    (Set::Bursts, Measure::MergeF1),
    (Set::Stream, Measure::MergeF1),
];

/// As somebody would say it: small numbers with a digit behind the point.
fn rough(number: f64) -> String {
    if number < 3.0 {
        format!("{number:.1}")
    } else {
        format!("约 {number:.0}")
    }
}

/// The figures in plain sentences.
fn summary(figures: &[Figure]) -> Vec<String> {
    let percent = |figure: &Figure| format!("{:.0}", figure.value() * 100.0);
    let mut sentences = Vec::new();
    if let Some(recall) = first(figures, &RECALL) {
        let found = percent(&recall);
        let missed = format!("{:.0}", 100.0 - (recall.value() * 100.0).round());
        sentences.push(format!(
            "居民说出来的真问题，每 100 件找到 {found} 件，漏掉 {missed} 件。"
        ));
    }
    let typed = whole(figures, Set::Colloquial, Measure::Recall);
    if let Some(own) = whole(figures, Set::Examples, Measure::Recall).filter(|_| typed.is_some()) {
        sentences.push(format!(
            "换成词库自带的例句，每 100 件找到 {} 件。",
            percent(own)
        ));
    }
    if let Some(alarms) = whole(figures, Set::Chatter, Measure::FalseAlarms) {
        sentences.push(format!(
            "每 1 万句平常闲聊，误当成问题 {} 次。",
            rough(alarms.value())
        ));
    }
    let hard = first(figures, &FALSE[1..]);
    if let Some(hard) = hard {
        sentences.push(format!(
            "听着像问题其实没事的话，每 100 句误报 {} 句。",
            percent(&hard)
        ));
    }
    if let Some(category) = first(figures, &CATEGORY) {
        sentences.push(format!(
            "找到的问题里，{}% 类别也分对了。",
            percent(&category)
        ));
    }
    if let Some(critical) = first(figures, &EMERGENCY) {
        sentences.push(format!(
            "困人、着火、漏气这样的急事，每 100 件认出 {} 件。",
            percent(&critical)
        ));
    }
    sentences
}

fn cards(figures: &[Figure]) -> Vec<Card> {
    let wanted: [(&'static str, &[(Set, Measure)]); 5] = [
        ("找到的问题", &RECALL),
        ("误报", &FALSE),
        ("类别分对", &CATEGORY),
        ("认出特急", &EMERGENCY),
        ("并案准确", &MERGING),
    ];
    wanted
        .into_iter()
        .filter_map(|(title, wanted)| Some((title, first(figures, wanted)?)))
        .map(|(title, figure)| {
            let unit = match figure.measure {
                Measure::FalseAlarms => " / 万条",
                _ => "",
            };
            let target = figure.target();
            let amount = |value| wording::amount(figure.measure, value);
            let aims = target.map(|target| {
                format!("底线 {}，目标 {}", amount(target.floor), amount(target.aim))
            });
            let reached = target.map(|target| target.reached(figure.value()));
            Card {
                title,
                value: format!("{}{unit}", wording::value(&figure)),
                under: format!("{}。{}", figure.set.chinese(), aims.unwrap_or_default()),
                tone: reached.map_or("plain", tone),
            }
        })
        .collect()
}

fn tone(reached: Reached) -> &'static str {
    match reached {
        Reached::Aim => "good",
        Reached::Floor => "fair",
        Reached::Below => "bad",
    }
}

fn charts(figures: &[Figure]) -> Vec<Chart> {
    use Measure as M;
    let drawn: [(&str, &str, &[Measure]); 4] = [
        (
            "找得全不全",
            "条越长越好。",
            &[
                M::Recall,
                M::RecallOrWatch,
                M::Problems,
                M::EmergencyRecall,
                M::Windows,
                M::Questions,
                M::Holding,
            ],
        ),
        (
            "会不会误报",
            "条越短越好。各行的尺子不同，请看右边的数。",
            &[
                M::FalseAlarms,
                M::Spoken,
                M::Watched,
                M::CriticalFalse,
                M::Opened,
                M::EmergencyFalse,
                M::WindowsFalse,
                M::IdleEvents,
            ],
        ),
        (
            "说得准不准",
            "条越长越好。",
            &[
                M::Precision,
                M::Category,
                M::Matter,
                M::Times,
                M::CommandsNamed,
                M::CommandsRight,
            ],
        ),
        (
            "并案对不对",
            "同一件事该并成一个事件，两件事不该并在一起。",
            &[
                M::MergeF1,
                M::MergePrecision,
                M::EventsPerProblem,
                M::Strangers,
            ],
        ),
    ];
    drawn
        .into_iter()
        .filter_map(|(title, note, measures)| {
            let of = measures.iter().flat_map(|measure| {
                let sets = Set::ALL.iter();
                sets.filter_map(|set| whole(figures, *set, *measure))
            });
            Chart::of_sets(title, note, &of.collect::<Vec<_>>())
        })
        .collect()
}

/// Charts of parts: categories of what was found, kinds of what was falsely opened.
fn parts(findings: &Findings<'_>) -> Vec<Chart> {
    let by_category = |figure: &&Figure| matches!(figure.slice, Slice::Category(_));
    let by_kind = |figure: &&Figure| matches!(figure.slice, Slice::Kind(_));
    let by_source = |figure: &&Figure| matches!(figure.slice, Slice::Source(_));
    let mut charts = Vec::new();
    for set in Set::ALL {
        let of = |measure: Measure| {
            let figures = findings.figures.iter();
            figures
                .filter(move |one| one.set == set && one.measure == measure && is_part(one, LEAST))
        };
        let mut draw = |measure: Measure, by: &str, figures: Vec<&Figure>| {
            let title = format!("{}：{}，{by}", set.chinese(), wording::title(set, measure));
            let note = match measure.better() {
                Better::Higher => {
                    "条越长越好。细线越长说明例子越少、越说不准；灰条是例子不到 10 条的。"
                }
                Better::Lower => "条越短越好，误报最多的排在前面；灰条是例子不到 10 条的。",
            };
            charts.extend(Chart::of_parts(title, note, &figures, findings.lexicon));
        };
        draw(
            Measure::Recall,
            "分类别",
            of(Measure::Recall).filter(by_category).collect(),
        );
        draw(
            Measure::EmergencyRecall,
            "分种类",
            of(Measure::EmergencyRecall).filter(by_kind).collect(),
        );
        let mut kinds: Vec<_> = of(Measure::Opened).filter(by_kind).collect();
        kinds.sort_by(|one, other| other.value().total_cmp(&one.value()));
        kinds.truncate(KINDS);
        draw(Measure::Opened, "分种类", kinds);
        let alarms = of(Measure::FalseAlarms).filter(by_source);
        draw(Measure::FalseAlarms, "分来源", alarms.collect());
    }
    charts
}

fn faults(findings: &Findings<'_>) -> Vec<Faults> {
    let of = |fault| {
        findings
            .mistakes
            .iter()
            .filter(move |one| one.fault == fault)
    };
    findings
        .faults
        .iter()
        .map(|(fault, count)| Faults {
            title: wording::fault(*fault),
            count: *count,
            rows: of(*fault).map(|one| wrong(one, findings)).collect(),
        })
        .filter(|faults| !faults.rows.is_empty())
        .collect()
}

fn wrong(mistake: &Mistake<'_>, findings: &Findings<'_>) -> Wrong {
    let got = mistake.decision.map_or_else(String::new, |decision| {
        let code = decision.category.as_ref();
        let title = code.map_or_else(String::new, |code| findings.lexicon.category_title(code));
        format!("{} {title}", decision.action.chinese())
            .trim_end()
            .to_owned()
    });
    Wrong {
        text: mistake.text.to_owned(),
        set: mistake.set.chinese(),
        got,
        wanted: wording::expected(mistake, findings.lexicon),
        because: because(mistake.decision),
    }
}

fn changes(findings: &Findings<'_>) -> Changes {
    let messages = findings.difference.map_or(&[][..], |one| &one.messages);
    let figures = findings.difference.map_or(&[][..], |one| &one.figures);
    let of = |turn: Turn| messages.iter().filter(move |one| one.turn == turn);
    Changes {
        counts: Turn::ALL
            .map(|turn| (wording::turn(turn), of(turn).count()))
            .to_vec(),
        figures: figures
            .iter()
            .filter(|moved| moved.now.slice == Slice::All)
            .map(|moved| {
                let (set, measure) = (moved.now.set, moved.now.measure);
                (
                    format!("{}：{}", set.chinese(), wording::title(set, measure)),
                    wording::amount(measure, moved.before),
                    wording::amount(measure, moved.now.value()),
                    if moved.is_better() { "good" } else { "bad" },
                )
            })
            .collect(),
        messages: Turn::ALL
            .iter()
            .flat_map(|turn| of(*turn).take(CHANGES))
            .map(|changed| {
                (
                    wording::turn(changed.turn),
                    changed.now.text.to_owned(),
                    because(changed.now.decision).join("；"),
                )
            })
            .collect(),
    }
}

fn row(figure: &Figure, findings: &Findings<'_>) -> Row {
    let amount = |value| wording::amount(figure.measure, value);
    let target = figure.target();
    let target = target.map(|it| format!("{} / {}", amount(it.floor), amount(it.aim)));
    Row {
        set: figure.set.chinese(),
        title: wording::title(figure.set, figure.measure),
        part: wording::slice(&figure.slice, findings.lexicon),
        value: wording::value(figure),
        interval: wording::interval(figure),
        counted: wording::counted(figure),
        target: target.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
