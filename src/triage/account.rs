//! The running score of one message, with the reason for every step.

use std::ops::Range;

use crate::text::Normalised;

use super::Reason;

/// Adds up and remembers why.
#[derive(Debug)]
pub(super) struct Account<'t> {
    text: &'t Normalised,
    /// The sum so far.
    pub(super) score: f32,
    /// Every step.
    pub(super) because: Vec<Reason>,
}

impl<'t> Account<'t> {
    /// Nothing yet.
    pub(super) fn new(text: &'t Normalised) -> Self {
        Self {
            text,
            score: 0.0,
            because: Vec::new(),
        }
    }

    /// Adds a step; `span` is in bytes of the normal text.
    pub(super) fn add(
        &mut self,
        rule: &str,
        weight: f32,
        text: String,
        span: Option<Range<usize>>,
    ) {
        self.score += weight;
        self.because.push(Reason {
            rule: rule.to_owned(),
            weight: rounded(weight),
            text,
            span: span.map(|span| self.text.original_span(span)),
        });
    }

    /// Notes what was seen and weighs nothing.
    pub(super) fn note(&mut self, rule: &str, text: impl Into<String>, span: Option<Range<usize>>) {
        self.add(rule, 0.0, text.into(), span);
    }
}

/// Two decimals: sums of tenths must not show the noise of binary fractions.
pub(super) fn rounded(weight: f32) -> f32 {
    (weight * 100.0).round() / 100.0
}
