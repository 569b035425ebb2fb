//! Logistic regression with a ridge of its own for each feature, by coordinate descent.
//!
//! Small and exact enough for some ten thousand short texts: each step minimises a quadratic bound
//! of the loss along one feature, so the loss never rises and the outcome depends on nothing but
//! the data. Bound and method: Jaakkola's remark that σ' ≤ 1/4, as in Krishnapuram et al. 2005.

/// Which features stand in which examples: a column per feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Columns {
    /// For each feature the examples that have it, and how much of it.
    pub(super) columns: Vec<Vec<(u32, f32)>>,
    /// How many examples there are.
    pub(super) rows: usize,
}

/// An example's answer and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Target {
    /// Whether it is one of those looked for.
    pub(super) positive: bool,
    /// How much it counts; 0: not at all.
    pub(super) weight: f64,
}

/// What keeps a weight where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hold {
    /// How strongly it is drawn to nothing.
    pub(super) ridge: f64,
    /// It falls no lower.
    pub(super) least: f64,
}

/// A fitted line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    /// What every example has.
    pub(super) bias: f64,
    /// What each feature adds.
    pub(super) weights: Vec<f64>,
}

/// No more rounds than this.
const ROUNDS: usize = 300;
/// Once no weight moves more than this in a round, the line is found.
const STILL: f64 = 1e-4;

/// The line that separates the positive from the others best, with weights held by `holds`.
pub(super) fn fit(columns: &Columns, targets: &[Target], holds: &[Hold]) -> Line {
    let mut descent = Descent {
        targets,
        margins: vec![0.0; columns.rows],
        line: Line {
            bias: 0.0,
            weights: vec![0.0; columns.columns.len()],
        },
    };
    let bounds: Vec<f64> = columns
        .columns
        .iter()
        .zip(holds)
        .map(|(column, hold)| hold.ridge + 0.25 * energy(column, targets))
        .collect();
    for _ in 0..ROUNDS {
        let mut moved = descent.shift_bias();
        for (nth, column) in columns.columns.iter().enumerate() {
            moved = moved.max(descent.shift(nth, column, holds[nth], bounds[nth]));
        }
        if moved < STILL {
            break;
        }
    }
    descent.line
}

fn energy(column: &[(u32, f32)], targets: &[Target]) -> f64 {
    column
        .iter()
        .map(|&(row, value)| targets[row as usize].weight * f64::from(value).powi(2))
        .sum()
}

struct Descent<'a> {
    targets: &'a [Target],
    /// Each example's value on the line.
    margins: Vec<f64>,
    line: Line,
}

impl Descent<'_> {
    /// How far an example is on the wrong side, by its weight.
    fn pull(&self, row: usize) -> f64 {
        let Target { positive, weight } = self.targets[row];
        let chance = 1.0 / (1.0 + (-self.margins[row]).exp());
        weight * (chance - f64::from(u8::from(positive)))
    }

    fn shift(&mut self, nth: usize, column: &[(u32, f32)], hold: Hold, bound: f64) -> f64 {
        let pull: f64 = column
            .iter()
            .map(|&(row, value)| f64::from(value) * self.pull(row as usize))
            .sum();
        let before = self.line.weights[nth];
        let step = (-(pull + hold.ridge * before) / bound).max(hold.least - before);
        if step.abs() < STILL * 1e-2 {
            return 0.0;
        }
        self.line.weights[nth] += step;
        for &(row, value) in column {
            self.margins[row as usize] += step * f64::from(value);
        }
        step.abs()
    }

    fn shift_bias(&mut self) -> f64 {
        let total: f64 = self.targets.iter().map(|target| target.weight).sum();
        if total <= 0.0 {
            return 0.0;
        }
        let pull: f64 = (0..self.margins.len()).map(|row| self.pull(row)).sum();
        let step = -pull / (0.25 * total);
        self.line.bias += step;
        for margin in &mut self.margins {
            *margin += step;
        }
        step.abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(ridge: [f64; 3]) -> [Hold; 3] {
        ridge.map(|ridge| Hold {
            ridge,
            least: f64::NEG_INFINITY,
        })
    }

    fn target(positive: bool) -> Target {
        Target {
            positive,
            weight: 1.0,
        }
    }

    /// Six examples; feature 0 stands in all positive ones, feature 1 in all others, 2 in some of each.
    fn example() -> (Columns, Vec<Target>) {
        let columns = vec![
            vec![(0, 1.0), (1, 1.0), (2, 1.0)],
            vec![(3, 1.0), (4, 1.0), (5, 1.0)],
            vec![(0, 1.0), (3, 1.0)],
        ];
        let targets = (0..6).map(|row| target(row < 3)).collect();
        (Columns { columns, rows: 6 }, targets)
    }

    #[test]
    fn what_stands_in_problems_weighs_for_them_and_what_stands_in_both_weighs_nothing() {
        let (columns, targets) = example();
        let line = fit(&columns, &targets, &holds([1.0; 3]));
        assert!(line.weights[0] > 0.5, "{line:?}");
        assert!(line.weights[1] < -0.5, "{line:?}");
        assert!(line.weights[2].abs() < 0.01, "{line:?}");
    }

    #[test]
    fn at_the_end_no_weight_wants_to_move() {
        let (columns, targets) = example();
        let ridge = [1.0, 2.0, 0.5];
        let line = fit(&columns, &targets, &holds(ridge));
        for (nth, column) in columns.columns.iter().enumerate() {
            let slope: f64 = column
                .iter()
                .map(|&(row, value)| {
                    let row = row as usize;
                    let margin: f64 = line.bias
                        + columns
                            .columns
                            .iter()
                            .zip(&line.weights)
                            .flat_map(|(column, weight)| {
                                column
                                    .iter()
                                    .filter(|one| one.0 as usize == row)
                                    .map(move |&(_, value)| weight * f64::from(value))
                            })
                            .sum::<f64>();
                    let chance = 1.0 / (1.0 + (-margin).exp());
                    f64::from(value) * (chance - f64::from(u8::from(targets[row].positive)))
                })
                .sum();
            assert!((slope + ridge[nth] * line.weights[nth]).abs() < 0.01);
        }
    }

    #[test]
    fn a_heavier_ridge_holds_a_weight_smaller() {
        let (columns, targets) = example();
        let light = fit(&columns, &targets, &holds([1.0; 3]));
        let heavy = fit(&columns, &targets, &holds([20.0, 1.0, 1.0]));
        assert!(heavy.weights[0] < light.weights[0] * 0.5);
    }

    #[test]
    fn a_weight_falls_no_lower_than_it_may() {
        let (columns, targets) = example();
        let mut holds = holds([1.0; 3]);
        holds[1].least = 0.0;
        let line = fit(&columns, &targets, &holds);
        assert!(line.weights[1].abs() < 1e-9, "{line:?}");
        assert!(line.weights[0] > 0.5, "{line:?}");
    }

    #[test]
    fn examples_of_no_weight_change_nothing() {
        let (mut columns, mut targets) = example();
        let before = fit(&columns, &targets, &holds([1.0; 3]));
        columns.rows = 7;
        columns.columns[2].push((6, 1.0));
        targets.push(Target {
            positive: true,
            weight: 0.0,
        });
        assert_eq!(fit(&columns, &targets, &holds([1.0; 3])), before);
    }
}
