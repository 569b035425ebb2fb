//! Retention as one duty: events and what was said about them, by the same calendar.

use jiff::SignedDuration;

use crate::desk::{Desk, DeskError, Mode, Retained};
use crate::model::Timestamp;
use crate::outbox::Ledger;

/// What was, or would be, cleaned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Events and their reports.
    pub events: Retained,
    /// Entries of the ledger whose words are gone.
    pub letters_masked: usize,
    /// Entries of the ledger that are gone.
    pub letters_deleted: usize,
}

/// Masks and deletes what has been kept long enough.
///
/// # Errors
///
/// What the store reports; what was done stays done.
pub async fn retain(
    desk: &Desk,
    ledger: &Ledger,
    now: Timestamp,
    mode: Mode,
) -> Result<Cleaned, DeskError> {
    let settings = desk.view().settings;
    let before = |days: u16| {
        let age = SignedDuration::from_hours(i64::from(days) * 24);
        now.saturating_sub(age).unwrap_or(Timestamp::MIN)
    };
    let (mask, delete) = (
        before(settings.masked_after_days),
        before(settings.deleted_after_days),
    );
    let mut cleaned = Cleaned {
        events: desk.retain(now, mode).await?,
        ..Cleaned::default()
    };
    loop {
        let overdue = ledger.overdue(mask, delete).await?;
        cleaned.letters_masked += overdue.mask.len();
        cleaned.letters_deleted += overdue.delete.len();
        let found = overdue.mask.len() + overdue.delete.len();
        if found == 0 || mode == Mode::DryRun {
            return Ok(cleaned);
        }
        ledger.expire(&overdue, now).await?;
    }
}
