//! Learning from examples which expressions speak for a problem: pure, and the same every time.
//!
//! [`Sample`]s are texts with what should become of them and what the lexicon's words alone came
//! to. [`teach()`] fits one line for problems, one for questions, one for danger to life and one for
//! each category and each danger over runs of one to three characters; runs that are frequent in ordinary talk ([`Background`]) are held
//! small. [`assess`] chooses where a problem begins and tells what the fit finds in unseen samples.

pub mod assess;
pub mod counted;
mod fit;
mod samples;
mod teach;

pub use assess::Ordinary;
pub use samples::{Background, Sample, Wanted};
pub use teach::{Fitted, Owned, Standing, teach};

#[cfg(test)]
mod tests;
