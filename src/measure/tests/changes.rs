//! What changed since a run that was kept.

use super::*;
use crate::measure::baseline::{Difference, SavedLine, Turn, difference, outcomes, saved_figure};

#[test]
fn a_kept_run_shows_what_changed_message_by_message() {
    let before = gripes();
    let kept = kept(&before);
    let mut now = gripes();
    now[0].decision = decided(Ignore, "", 0.1); // found → lost
    now[2].decision = decided(Open, "01", 2.2); // missed → found
    now[4].decision = decided(Ignore, "", 0.0); // false → quiet
    now[5].decision = decided(Open, "18", 2.0); // answered → lost and false
    now[3].decision = decided(Ignore, "", 0.0); // debatable: nothing
    now.remove(6);
    let figures = figures(&now, &[]);
    let outcomes = outcomes(&now, &[]);
    let difference = difference(&kept, &outcomes, &figures);
    let told: Vec<_> = difference
        .messages
        .iter()
        .map(|one| (one.turn, one.now.saved.id.as_str()))
        .collect();
    let expected = [
        (Turn::Found, "3"),
        (Turn::Quiet, "5"),
        (Turn::Lost, "1"),
        (Turn::Lost, "6"),
        (Turn::False, "6"),
    ];
    assert_eq!(told, expected);
    assert_eq!((difference.new, difference.gone), (0, 1));
    let precision = |one: &&super::baseline::Moved<'_>| one.now.key() == "colloquial.precision";
    let moved = difference.figures.iter().find(precision).expect("it moved");
    assert!(moved.is_better() && moved.before < moved.now.value());
}

#[test]
fn the_same_run_changes_nothing() {
    let judged = gripes();
    let (kept, figures) = (kept(&judged), figures(&judged, &[]));
    let outcomes = outcomes(&judged, &[]);
    assert_eq!(
        difference(&kept, &outcomes, &figures),
        Difference::default()
    );
}

/// As it comes back from a file.
fn kept(judged: &[Judged]) -> Vec<SavedLine> {
    let decisions = outcomes(judged, &[]);
    let decisions = decisions
        .iter()
        .map(|one| SavedLine::Decision(one.saved.clone()));
    let figures = figures(judged, &[]);
    let figures = figures
        .iter()
        .map(|one| SavedLine::Figure(saved_figure(one)));
    decisions
        .chain(figures)
        .map(|line| serde_json::to_string(&line).expect("a line"))
        .map(|line| serde_json::from_str(&line).expect("the same line"))
        .collect()
}
