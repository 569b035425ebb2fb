//! How good the judgement is: labelled messages in, figures out. Pure.
//!
//! [`reading`] turns files into [`Sample`]s and [`Talk`]s, `app` lets the bot judge them, and the
//! rest of this room counts: [`figures`] what was right, [`interval`] how sure that is, [`mistakes`]
//! what was worst, [`baseline`] what changed since.

pub mod baseline;
mod figure;
pub mod figures;
mod gold;
pub mod interval;
pub mod mistakes;
mod played;
pub mod reading;
mod target;
mod verdict;

#[cfg(test)]
mod tests;

pub use figure::{Better, Figure, Measure, Slice, Unit};
pub use gold::{Line, NoticeGold, Sample, Set, Talk, Told, Want, Wanted};
pub use played::{Played, PlayedEvent};
pub use target::{Reached, Target, target};
pub use verdict::{Judged, Obeyed, Verdict};
