//! How well the fit does on what it has not seen, and where a problem begins.

use std::thread;

use super::fit::Line;
use super::samples::{Background, Sample, Wanted};
use super::teach::{Fitted, Ground, Owned, Standing, joined};

/// An ordinary message, in which there is nothing to track.
#[derive(Clone, Debug, PartialEq)]
pub struct Ordinary {
    /// What is said.
    pub text: String,
    /// What the lexicon's words alone came to.
    pub by_words: f32,
}

/// How many false alarms are allowed in ten thousand ordinary messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowed {
    /// Problems.
    pub open: f64,
    /// Questions.
    pub ask: f64,
}

/// Danger to life falsely seen: in ten thousand ordinary messages,
const URGENT_CHAT: f64 = 0.4;
/// of samples of nothing and of questions, which are far harder,
const URGENT_NOTHING: f64 = 20.0;
/// and of problems that can wait.
const URGENT_CALMER: f64 = 250.0;

/// So many parts are fitted on and measured in turn.
const FOLDS: usize = 5;

/// What is held against the samples.
#[derive(Clone, Copy, Debug)]
pub struct Chat<'a> {
    /// Ordinary messages.
    pub ordinary: &'a [Ordinary],
    /// Where they are from.
    pub source: &'a str,
    /// A run of fewer of them is not counted.
    pub rarest: u32,
}

/// Where problems, questions and danger begin, so that unseen ordinary messages ring no more often
/// than allowed: each fifth is measured with a background counted on the other four, and danger
/// also on the fifth of the samples that its line has not seen.
pub fn begin(
    samples: &[&Sample],
    chat: Chat<'_>,
    quiet: impl Fn(Background) -> Background + Sync,
    allowed: Allowed,
    owned: &Owned,
) -> Standing {
    let folds: Vec<Unseen> = thread::scope(|scope| {
        let quiet = &quiet;
        let folds: Vec<_> = (0..FOLDS)
            .map(|fold| scope.spawn(move || Unseen::measure(fold, samples, chat, quiet, owned)))
            .collect();
        folds.into_iter().map(joined).collect()
    });
    let chat = || folds.iter().flat_map(|fold| &fold.chat);
    let among = |wanted: fn(&Sample) -> bool| {
        let rest = folds.iter().flat_map(|fold| &fold.samples);
        rest.filter(move |(nth, _)| wanted(samples[*nth]))
            .map(|(_, urgent)| *urgent)
    };
    let nothing = |sample: &Sample| !sample.is_debatable() && sample.wanted != Wanted::Open;
    let calmer = |sample: &Sample| {
        !sample.is_debatable() && sample.wanted == Wanted::Open && sample.peril.is_none()
    };
    Standing {
        open: exceeded_by(chat().map(|standing| standing.open), allowed.open),
        ask: exceeded_by(chat().map(|standing| standing.ask), allowed.ask),
        urgent: exceeded_by(chat().map(|standing| standing.urgent), URGENT_CHAT)
            .max(exceeded_by(among(nothing), URGENT_NOTHING))
            .max(exceeded_by(among(calmer), URGENT_CALMER)),
    }
}

/// One fold: what stands where that was not seen.
struct Unseen {
    chat: Vec<Standing>,
    /// Number and urgency.
    samples: Vec<(usize, f64)>,
}

impl Unseen {
    fn measure(
        fold: usize,
        samples: &[&Sample],
        chat: Chat<'_>,
        quiet: impl Fn(Background) -> Background,
        owned: &Owned,
    ) -> Self {
        let (unseen, seen): (Vec<_>, Vec<_>) = (0..)
            .zip(chat.ordinary)
            .partition(|(nth, _)| nth % FOLDS == fold);
        let texts = seen.iter().map(|(_, message)| message.text.as_str());
        let background = quiet(Background::count(texts, chat.source, chat.rarest));
        let ground = Ground::of(samples, &background);
        let urgent = ground.urgent(|nth| nth % FOLDS != fold);
        let fitted = ground.lines(owned, urgent);
        let standing = |message: &Ordinary| fitted.standing(&message.text, message.by_words);
        let held_out = (0..)
            .zip(samples)
            .filter(|(nth, _)| nth % FOLDS == fold)
            .map(|(nth, sample)| (nth, fitted.standing(&sample.text, 0.0).urgent));
        Self {
            chat: unseen
                .iter()
                .map(|(_, message)| standing(message))
                .collect(),
            samples: held_out.collect(),
        }
    }
}

/// The value that so many in ten thousand exceed.
fn exceeded_by(values: impl Iterator<Item = f64>, per_10000: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(|one, other| other.total_cmp(one));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a count of messages"
    )]
    let nth = (per_10000 * values.len() as f64 / 10_000.0).floor() as usize;
    values.get(nth).copied().unwrap_or_default()
}

/// What a fit finds in samples that it has not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Found {
    /// Clear problems among the samples.
    pub problems: usize,
    /// Of them found.
    pub found: usize,
    /// Samples of nothing among them.
    pub nothing: usize,
    /// Of them taken for a problem.
    pub falsely: usize,
}

impl Found {
    /// The share of clear problems that was found.
    pub fn recall(self) -> f64 {
        share(self.found, self.problems)
    }

    /// The share of nothing that was taken for a problem.
    pub fn false_share(self) -> f64 {
        share(self.falsely, self.nothing)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of samples")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// What `fitted` finds among `kept`, when a problem begins at `from`. Samples that are debatable or
/// decided by words alone do not count.
pub fn found(fitted: &Fitted, kept: &[&Sample], from: f64) -> Found {
    let mut sum = Found::default();
    for sample in kept
        .iter()
        .filter(|sample| !sample.is_debatable() && !sample.decided)
    {
        let rings = fitted.standing(&sample.text, sample.by_words).open > from;
        if sample.wanted == Wanted::Open {
            sum.problems += 1;
            sum.found += usize::from(rings);
        } else if sample.wanted == Wanted::Ignore {
            sum.nothing += 1;
            sum.falsely += usize::from(rings);
        }
    }
    sum
}

/// How much danger to life `fitted` sees among `kept`, from `from` on: of the samples that tell of
/// it, and of all others.
pub fn danger(fitted: &Fitted, kept: &[&Sample], from: f64) -> Found {
    let mut sum = Found::default();
    for sample in kept.iter().filter(|sample| !sample.is_debatable()) {
        let rings = fitted.standing(&sample.text, 0.0).urgent > from;
        if sample.peril.is_some() {
            sum.problems += 1;
            sum.found += usize::from(rings);
        } else {
            sum.nothing += 1;
            sum.falsely += usize::from(rings);
        }
    }
    sum
}

/// A point of the learning curve: so many samples, and what they teach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Samples fitted on.
    pub samples: usize,
    /// What was found in the others, where one in fifty of nothing may ring.
    pub found: Found,
}

/// False alarms that the learning curve allows, of a hundred samples of nothing (which are far
/// harder than ordinary messages).
const CURVE_FALSE: f64 = 2.0;

/// What more and more samples teach, measured on `kept`: doubling up to all of `samples`.
pub fn curve(
    samples: &[&Sample],
    kept: &[&Sample],
    background: &Background,
    owned: &Owned,
) -> Vec<Point> {
    let mut sizes: Vec<usize> = (0..4)
        .map(|halvings| samples.len() >> halvings)
        .filter(|&size| size > 0)
        .collect();
    sizes.reverse();
    sizes
        .into_iter()
        .map(|size| {
            // Every so many-th sample, so that each size sees all files alike.
            let step = samples.len() / size;
            let part: Vec<&Sample> = samples.iter().step_by(step).copied().collect();
            let fitted = Ground::of(&part, background).lines(owned, Line::default());
            let nothing = kept
                .iter()
                .filter(|sample| sample.wanted == Wanted::Ignore)
                .filter(|sample| !sample.is_debatable() && !sample.decided)
                .map(|sample| fitted.standing(&sample.text, sample.by_words).open);
            let from = exceeded_by(nothing, CURVE_FALSE * 100.0);
            Point {
                samples: part.len(),
                found: found(&fitted, kept, from),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_that_so_many_exceed() {
        let values = || (0..1000).map(f64::from);
        assert!((exceeded_by(values(), 100.0) - 989.0).abs() < 1e-9);
        assert!((exceeded_by(values(), 0.0) - 999.0).abs() < 1e-9);
    }
}
