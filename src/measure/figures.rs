//! The figures of judged messages and played conversations.

use std::collections::BTreeMap;

use crate::triage::NoticeFound;

use super::figure::{Figure, Measure, Slice};
use super::gold::{NoticeGold, Set, Want, Wanted};
use super::interval::Piece;
use super::played::{self, Played};
use super::verdict::{Judged, Obeyed};

/// All figures, set by set, each followed by the same figure of the set's parts.
pub fn figures(judged: &[Judged], played: &[Played]) -> Vec<Figure> {
    let mut figures = Vec::new();
    for set in Set::ALL {
        let rows: Vec<&Judged> = judged.iter().filter(|one| one.sample.set == set).collect();
        let rows = Rows { set, rows: &rows };
        if !rows.rows.is_empty() {
            figures.extend(of_rows(rows));
        }
        let talks: Vec<&Played> = played.iter().filter(|one| one.talk.set == set).collect();
        if !talks.is_empty() {
            figures.extend(played::figures(set, &talks));
        }
    }
    figures
}

/// What a set is cut by.
#[derive(Clone, Copy)]
enum Cut {
    /// The category that fits best.
    Wanted,
    /// The category that was found.
    Found,
    Source,
    Kind,
}

impl Cut {
    fn slice(self, judged: &Judged) -> Option<Slice> {
        let sample = &judged.sample;
        let named = |name: &String| (!name.is_empty()).then(|| name.clone());
        match self {
            Self::Wanted => sample.categories().first().cloned().map(Slice::Category),
            Self::Found => judged.decision.category.clone().map(Slice::Category),
            Self::Source => named(&sample.source).map(Slice::Source),
            Self::Kind => named(&sample.kind).map(Slice::Kind),
        }
    }
}

/// The rows of one set.
#[derive(Clone, Copy)]
struct Rows<'r> {
    set: Set,
    rows: &'r [&'r Judged],
}

impl Rows<'_> {
    /// Counts `hit` among the rows that `counts`, as a whole and cut into parts.
    fn count(
        self,
        measure: Measure,
        cuts: &[Cut],
        counts: impl Fn(&Judged) -> bool,
        hit: impl Fn(&Judged) -> bool,
    ) -> Vec<Figure> {
        let hit = |judged: &Judged| f64::from(u8::from(hit(judged)));
        self.sum(measure, cuts, counts, hit)
    }

    fn sum(
        self,
        measure: Measure,
        cuts: &[Cut],
        counts: impl Fn(&Judged) -> bool,
        amount: impl Fn(&Judged) -> f64,
    ) -> Vec<Figure> {
        let mut slices: BTreeMap<Slice, Vec<Piece>> = BTreeMap::new();
        // The whole is there even where nothing counts, so that its absence is seen.
        slices.insert(Slice::All, Vec::new());
        for judged in self.rows.iter().filter(|judged| counts(judged)) {
            let piece = (amount(judged), 1.0);
            let cut = cuts.iter().filter_map(|cut| cut.slice(judged));
            for slice in cut.chain([Slice::All]) {
                slices.entry(slice).or_default().push(piece);
            }
        }
        slices
            .into_iter()
            .map(|(slice, pieces)| Figure::of(self.set, measure, slice, &pieces))
            .collect()
    }
}

fn of_rows(rows: Rows<'_>) -> Vec<Figure> {
    match rows.set {
        Set::Chatter => chatter(rows),
        Set::HardNegatives => rows.count(Measure::Opened, &[Cut::Kind], |_| true, Judged::opened),
        Set::Complaints | Set::Colloquial => gripes(rows, &[Cut::Wanted]),
        Set::Examples => {
            let mut figures = gripes(rows, &[Cut::Wanted, Cut::Kind, Cut::Source]);
            figures.extend(rows.count(
                Measure::Opened,
                &[Cut::Kind, Cut::Source],
                |judged| judged.sample.wants(Want::Nothing),
                Judged::opened,
            ));
            figures
        }
        Set::Emergencies => emergencies(rows),
        Set::Notices => notices(rows),
        Set::Commands => commands(rows),
        Set::Cases => rows.count(Measure::Holding, &[Cut::Kind], |_| true, Judged::case_holds),
        Set::Bursts | Set::Stream => Vec::new(),
    }
}

fn chatter(rows: Rows<'_>) -> Vec<Figure> {
    let idle = |judged: &Judged| judged.sample.wants(Want::Nothing);
    let watched = |judged: &Judged| judged.opened_or_watched() && !judged.opened();
    let commands = |judged: &Judged| judged.decision.command.is_some();
    let cuts = &[Cut::Source];
    [
        rows.count(Measure::FalseAlarms, cuts, idle, Judged::opened),
        rows.count(Measure::Spoken, cuts, idle, Judged::speaks),
        rows.count(Measure::Watched, cuts, idle, watched),
        rows.count(Measure::CriticalFalse, cuts, idle, Judged::critical),
        rows.count(Measure::CommandsFromTalk, cuts, idle, commands),
        rows.count(
            Measure::Recall,
            cuts,
            |judged| judged.sample.wants(Want::Open),
            Judged::opened,
        ),
    ]
    .concat()
}

fn gripes(rows: Rows<'_>, cuts: &[Cut]) -> Vec<Figure> {
    let clear = |judged: &Judged| judged.sample.wants(Want::Open);
    // A row where opening is one of several right answers proves nothing.
    let proves = |judged: &Judged| match &judged.sample.wanted {
        Wanted::Actions(wants, _) => clear(judged) || !wants.contains(&Want::Open),
        _ => false,
    };
    let by_found: Vec<Cut> = cuts
        .iter()
        .map(|cut| match cut {
            Cut::Wanted => Cut::Found,
            other => *other,
        })
        .collect();
    [
        rows.count(Measure::Recall, cuts, clear, Judged::opened),
        rows.count(
            Measure::RecallOrWatch,
            cuts,
            clear,
            Judged::opened_or_watched,
        ),
        rows.count(
            Measure::Precision,
            &by_found,
            |judged| judged.opened() && proves(judged),
            clear,
        ),
        rows.count(
            Measure::Category,
            cuts,
            |judged| clear(judged) && judged.opened(),
            Judged::category_fits,
        ),
        rows.count(
            Measure::Questions,
            cuts,
            |judged| judged.sample.wants(Want::Ask),
            |judged| judged.decision.action == crate::triage::Action::Ask,
        ),
    ]
    .concat()
}

fn emergencies(rows: Rows<'_>) -> Vec<Figure> {
    let here = |judged: &Judged| judged.sample.wanted == Wanted::Emergency;
    let cuts = &[Cut::Kind];
    [
        rows.count(Measure::EmergencyRecall, cuts, here, Judged::critical),
        rows.count(
            Measure::EmergencyFalse,
            cuts,
            |judged| !here(judged),
            Judged::critical,
        ),
    ]
    .concat()
}

fn commands(rows: Rows<'_>) -> Vec<Figure> {
    let at_least = |least: Obeyed| {
        move |judged: &Judged| match &judged.sample.wanted {
            Wanted::Command(expected) => judged.command(expected) >= least,
            _ => false,
        }
    };
    let cuts = &[Cut::Kind];
    [
        rows.count(
            Measure::CommandsNamed,
            cuts,
            |_| true,
            at_least(Obeyed::Named),
        ),
        rows.count(
            Measure::CommandsRight,
            cuts,
            |_| true,
            at_least(Obeyed::Right),
        ),
    ]
    .concat()
}

fn notices(rows: Rows<'_>) -> Vec<Figure> {
    let window = |judged: &Judged| gold(judged).is_some_and(|gold| gold.opens_window);
    let notice = |judged: &Judged| gold(judged).is_some_and(|gold| gold.is_notice);
    let agrees = |judged: &Judged, on: fn(&NoticeGold, Option<&NoticeFound>) -> bool| {
        gold(judged).is_some_and(|gold| on(gold, judged.decision.notice.as_ref()))
    };
    let matter = |judged: &Judged| {
        agrees(judged, |gold, found| {
            gold.matter.is_some() && gold.matter == found.map(|found| found.matter)
        })
    };
    let times = |judged: &Judged| judged.window() && agrees(judged, same_times);
    let cuts = &[Cut::Kind];
    [
        rows.count(Measure::Windows, cuts, window, Judged::window),
        rows.count(
            Measure::WindowsFalse,
            &[],
            |judged| !window(judged),
            Judged::window,
        ),
        rows.count(Measure::Matter, cuts, window, matter),
        rows.count(Measure::Times, cuts, window, times),
        rows.sum(Measure::Places, cuts, window, places_overlap),
        rows.count(Measure::NoticesOpened, &[], notice, Judged::opened),
    ]
    .concat()
}

fn gold(judged: &Judged) -> Option<&NoticeGold> {
    match &judged.sample.wanted {
        Wanted::Notice(gold) => Some(gold),
        _ => None,
    }
}

/// To the minute.
fn same_times(gold: &NoticeGold, found: Option<&NoticeFound>) -> bool {
    let minute = |time: crate::model::Timestamp| time.as_second().div_euclid(60);
    let found = found.map_or((None, None), |found| (found.start, found.end));
    gold.start.map(minute) == found.0.map(minute) && gold.end.map(minute) == found.1.map(minute)
}

/// Places in both by places in either.
#[expect(clippy::cast_precision_loss, reason = "a notice names few places")]
fn places_overlap(judged: &Judged) -> f64 {
    let set = |places: &[String]| -> std::collections::BTreeSet<String> {
        places.iter().cloned().collect()
    };
    let wanted = gold(judged)
        .map(|gold| set(&gold.places))
        .unwrap_or_default();
    let found = judged.decision.notice.as_ref();
    let found = found.map(|found| set(&found.places)).unwrap_or_default();
    let both = wanted.intersection(&found).count();
    let either = wanted.union(&found).count().max(1);
    both as f64 / either as f64
}
