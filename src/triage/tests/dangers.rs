//! Danger to life in the examples that no fit has seen.

use super::*;
use crate::lexicon::examples::{self, Part, Wanted};
use crate::lexicon::{Lexicon, Sources};

#[test]
fn dangers_kept_apart_are_known_and_hardly_anything_harmless_rings() {
    let lexicon = Lexicon::embedded();
    let mut triage = Triage::default();
    let (mut dangers, mut known, mut harmless, mut falsely) = (0, 0, 0, 0);
    for (name, text) in Sources::examples() {
        let table = examples::read(name, text.as_bytes(), lexicon.catalogue());
        let (rows, _) = table.expect("a good table");
        for row in rows {
            if examples::part_of(&row.text) == Part::Fit {
                continue;
            }
            let said = message(&row.text);
            let decision = triage.decide(said.time, &said, &Context::default(), &lexicon);
            let rings = usize::from(decision.emergency.is_some());
            if row.peril().is_some() {
                (dangers, known) = (dangers + 1, known + rings);
            } else if row.actions == [Wanted::Ignore] {
                (harmless, falsely) = (harmless + 1, falsely + rings);
            }
        }
    }
    assert!(known * 100 >= dangers * 40, "{known} of {dangers}");
    assert!(falsely * 1_000 <= harmless * 7, "{falsely} of {harmless}");
}
