//! What a sender says, in one spelling and with a way back to what was written: normalising,
//! segmentation, places, numbers and the masking of personal data. Pure.

mod aside;
mod compact;
mod faces;
mod fold;
pub mod mask;
mod normalise;
pub mod number;
mod pieces;
pub mod place;
pub mod segment;
pub mod similarity;

pub use compact::Compact;
pub use normalise::{Face, Normalised};
