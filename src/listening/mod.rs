//! What was heard and led to nothing: near misses of the silence ledger, what a bot in shadow mode
//! would have done, and what no gateway could read. Masked, few, not for long, and gone with whoever asks to be forgotten.

mod dead_letter;
mod keeper;
mod near_miss;
pub mod report;
mod shadowed;
mod silence;
#[cfg(test)]
mod tests;

pub use dead_letter::{DeadLetter, DeadLetters};
pub use keeper::{Keep, Keeper, Passing};
pub use near_miss::{Against, NEAR, is_near_miss, main_reason};
pub use shadowed::{Shadowed, Shadows};
pub use silence::{Silence, Silences};

/// Scores have two digits; as JSON, too.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn two_digits<S: serde::Serializer>(score: &f32, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((f64::from(*score) * 100.0).round() / 100.0)
}

/// Longest text kept of one message, in characters.
pub const LONGEST_TEXT: usize = 200;
