//! Tables of labelled messages.

use csv::StringRecord;

use crate::model::CategoryCode;

use super::super::gold::{Sample, Set, Want, Wanted};
use super::{HOME, Labelled, Names, Reading, Skipped, noon, said};

/// Reads a table; `None` where its columns are those of no labelled set.
pub(super) fn read(text: &str) -> Option<Reading> {
    let mut table = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = table.headers().ok()?.clone();
    let columns = Columns::of(&header)?;
    let mut names = Names::default();
    let (mut samples, mut skipped) = (Vec::new(), Vec::new());
    for (row, record) in (2..).zip(table.records()) {
        let sample = record
            .map_err(|_| "这一行读不出来".to_owned())
            .and_then(|record| columns.sample(&record, &mut names));
        match sample {
            Ok(sample) => samples.push(sample),
            Err(why) => skipped.push(Skipped { row, why }),
        }
    }
    Some(Reading {
        labelled: Labelled::Samples(samples),
        skipped,
    })
}

/// Where what stands.
struct Columns {
    set: Set,
    id: Option<usize>,
    text: usize,
    source: Option<usize>,
    kind: Option<usize>,
    label: Option<usize>,
    category: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Option<Self> {
        let at = |name: &str| header.iter().position(|heading| heading.trim() == name);
        let text = at("text")?;
        let (set, label) = if at("emergency").is_some() {
            (Set::Emergencies, at("emergency"))
        } else if at("action").is_some() {
            let petition = at("detail").is_some();
            let set = if petition {
                Set::Complaints
            } else {
                Set::Colloquial
            };
            (set, at("action"))
        } else if at("label").is_some() {
            (Set::Chatter, at("label"))
        } else if at("kind").is_some() {
            (Set::HardNegatives, None)
        } else {
            return None;
        };
        Some(Self {
            set,
            id: at("id"),
            text,
            source: at("source"),
            kind: at("kind"),
            label,
            category: at("category"),
        })
    }

    fn sample(&self, record: &StringRecord, names: &mut Names) -> Result<Sample, String> {
        let field = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let text = field(Some(self.text));
        if text.is_empty() {
            return Err("text 是空的".to_owned());
        }
        let wanted = wanted(self.set, field(self.label), field(self.category))?;
        let id = match field(self.id) {
            "" => names.of_text("", text),
            id => names.of(id.to_owned()),
        };
        Ok(Sample {
            set: self.set,
            source: field(self.source).to_owned(),
            kind: field(self.kind).to_owned(),
            message: said(&id, text, noon(), HOME),
            wanted,
            id,
        })
    }
}

fn wanted(set: Set, label: &str, category: &str) -> Result<Wanted, String> {
    let unknown = || Err(format!("不认识标注“{label}”"));
    match set {
        Set::Emergencies => match label {
            "yes" => Ok(Wanted::Emergency),
            "no" => Ok(Wanted::NoEmergency),
            _ => unknown(),
        },
        Set::Chatter => match label {
            "yes" => Ok(actions(&[Want::Open])),
            "no" => Ok(actions(&[Want::Nothing])),
            "ask" => Ok(actions(&[Want::Ask])),
            "maybe" => Ok(actions(&[Want::Open, Want::Nothing])),
            _ => unknown(),
        },
        Set::HardNegatives => Ok(actions(&[Want::Nothing])),
        _ => {
            let want = |name: &str| match name.trim() {
                "open" => Some(Want::Open),
                "ask" => Some(Want::Ask),
                "out" | "ignore" => Some(Want::Nothing),
                _ => None,
            };
            let Some(wants) = label.split('|').map(want).collect() else {
                return unknown();
            };
            let codes = category.split('|').map(str::trim);
            let codes = codes.filter(|code| !code.is_empty());
            Ok(Wanted::Actions(
                wants,
                codes.map(CategoryCode::from).collect(),
            ))
        }
    }
}

fn actions(wants: &[Want]) -> Wanted {
    Wanted::Actions(wants.to_vec(), Vec::new())
}
