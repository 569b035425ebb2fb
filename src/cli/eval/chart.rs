//! Bars with intervals, floor and aim, as numbers an SVG can be drawn from.

use serde::Serialize;

use crate::lexicon::Lexicon;
use crate::measure::{Better, Figure, Measure, Reached, Slice, Target, Unit};

use super::wording;

/// Width of the words beside the bars.
const LABELS: f64 = 290.0;

/// Length of the longest bar.
const BARS: f64 = 380.0;

/// Width of the whole drawing.
const WIDTH: f64 = 860.0;

/// Where the first bar begins: above it stands what the marks mean.
const TOP: f64 = 8.0;

/// Height of a row.
const ROW: f64 = 42.0;

/// A part with fewer rows has no colour: one row more would change it.
const FEW: f64 = 10.0;

/// A drawing.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    /// What it shows.
    title: String,
    /// How to read it.
    note: String,
    width: f64,
    height: f64,
    /// Where bars begin.
    left: f64,
    rows: Vec<Bar>,
}

/// One bar. Positions are those of the drawing.
#[derive(Debug, Serialize)]
struct Bar {
    y: f64,
    label: String,
    under: String,
    value: String,
    interval: String,
    /// `good`, `fair`, `bad`, `plain` or `few`.
    tone: &'static str,
    length: f64,
    /// From where to where the interval goes.
    whisker: Option<(f64, f64)>,
    floor: Option<f64>,
    aim: Option<f64>,
}

impl Chart {
    /// Whole sets, each measure on a scale of its own.
    pub(super) fn of_sets(title: &str, note: &str, figures: &[&Figure]) -> Option<Self> {
        let bars = figures.iter().zip(0..).map(|(figure, row)| {
            let label = wording::title(figure.set, figure.measure).to_owned();
            let under = format!("{} · {}", figure.set.chinese(), wording::counted(figure));
            bar(
                figure,
                row,
                (label, under),
                figure.target(),
                own_scale(figure),
            )
        });
        Self::of(title.to_owned(), note, bars.collect())
    }

    /// Parts of one set, all on one scale, with the set's own target.
    pub(super) fn of_parts(
        title: String,
        note: &str,
        figures: &[&Figure],
        lexicon: &Lexicon,
    ) -> Option<Self> {
        let first = figures.first()?;
        let target = crate::measure::target(first.set, first.measure);
        let highest = figures.iter().map(|one| one.value()).fold(0.0, f64::max);
        let scale = match first.measure.better() {
            Better::Higher => 1.0,
            Better::Lower => highest.max(target.map_or(0.0, |it| it.floor * 1.5)) * 1.05,
        };
        let bars = figures.iter().zip(0..).map(|(figure, row)| {
            let label = wording::slice(&figure.slice, lexicon);
            let words = (label, wording::counted(figure));
            let mut bar = bar(figure, row, words, target, scale);
            if figure.of < FEW {
                bar.tone = "few";
            }
            bar
        });
        Self::of(title, note, bars.collect())
    }

    fn of(title: String, note: &str, rows: Vec<Bar>) -> Option<Self> {
        let last = rows.last()?.y;
        Some(Self {
            title,
            note: note.to_owned(),
            width: WIDTH,
            height: last + ROW,
            left: LABELS,
            rows,
        })
    }
}

fn bar(
    figure: &Figure,
    row: u32,
    (label, under): (String, String),
    target: Option<Target>,
    scale: f64,
) -> Bar {
    let value = figure.value();
    let along = |value: f64| (value / scale).clamp(0.0, 1.0) * BARS;
    let at = |value: f64| round(LABELS + along(value));
    let tone = match target.map(|target| target.reached(value)) {
        None => "plain",
        Some(Reached::Aim) => "good",
        Some(Reached::Floor) => "fair",
        Some(Reached::Below) => "bad",
    };
    Bar {
        y: TOP + f64::from(row) * ROW,
        label,
        under,
        value: wording::value(figure),
        interval: wording::interval(figure),
        tone,
        length: round(along(value)),
        whisker: figure.bounds().map(|(low, high)| (at(low), at(high))),
        floor: target.map(|target| at(target.floor)),
        aim: target.map(|target| at(target.aim)),
    }
}

/// Up to where a figure's bar would fill its row: what should be small is drawn large enough to
/// be seen beside its floor.
fn own_scale(figure: &Figure) -> f64 {
    let floor = figure.target().map_or(0.0, |target| target.floor);
    let value = figure.value();
    match (figure.measure, figure.measure.unit()) {
        (Measure::EventsPerProblem, _) => value.max(floor).max(1.0) * 1.25,
        (_, Unit::Share | Unit::Ratio) if figure.measure.better() == Better::Higher => 1.0,
        (_, Unit::Share | Unit::Ratio) => value.max(floor * 1.5).max(0.1),
        (_, Unit::PerTenThousand | Unit::PerHundredThousand) => value.max(floor * 1.5).max(1.0),
    }
}

/// Tenths of a pixel are enough, and keep the page short.
fn round(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

/// Whether a figure is about a part of its set and counts enough rows to draw.
pub(super) fn is_part(figure: &Figure, least: f64) -> bool {
    figure.slice != Slice::All && figure.of >= least
}
