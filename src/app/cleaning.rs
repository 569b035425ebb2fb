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

/// Masks and deletes what has been kept long enough; a dry run counts all of it.
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
    let mut pages = ledger.overdue(mask, delete);
    while let Some(overdue) = pages.next().await? {
        cleaned.letters_masked += overdue.mask.len();
        cleaned.letters_deleted += overdue.delete.len();
        if mode == Mode::Apply {
            ledger.expire(&overdue, now).await?;
        }
    }
    Ok(cleaned)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::desk::Settings;
    use crate::directory::Directory;
    use crate::model::{Catalogue, Destination, Level, SayingId, SayingKind};
    use crate::outbox::{Delivery, DeliveryState, Part};
    use crate::store::memory::Memory;
    use crate::store::{Changes, Expect, Store};

    /// More than any page that is read at once.
    const ENTRIES: usize = 1200;

    fn said(number: usize, at: Timestamp) -> Delivery {
        Delivery {
            id: SayingId::new(format!("s{number:04}")),
            also: Vec::new(),
            kinds: vec![SayingKind::Done],
            event: None,
            to: Destination::Group("g1".into()),
            level: Level::Normal,
            state: DeliveryState::Sent,
            gateway: None,
            parts: vec![Part::new("收到，已登记".to_owned())],
            mentions: Vec::new(),
            quote: None,
            attempts: 1,
            caused_at: at,
            at,
            changed_at: at,
            not_before: at,
            reason: String::new(),
            with: None,
        }
    }

    #[tokio::test]
    async fn a_dry_run_counts_all_and_the_cleaning_takes_out_as_many() {
        let store = Store::new(Memory::new());
        let mut changes = Changes::new();
        let at: Timestamp = "2026-01-01T09:00:00+08:00".parse().expect("a time");
        for number in 0..ENTRIES {
            changes.put(&said(number, at), Expect::New);
        }
        store.commit(changes).await.expect("written");
        let directory = Directory::load(store.clone()).await.expect("readable");
        let catalogue = Arc::new(Catalogue::default());
        let desk = Desk::new(store.clone(), directory, catalogue, Settings::default());
        let ledger = Ledger::new(store);
        let now: Timestamp = "2026-06-01T09:00:00+08:00".parse().expect("a time");
        let would = retain(&desk, &ledger, now, Mode::DryRun).await;
        let would = would.expect("readable");
        assert_eq!(would.letters_masked, ENTRIES);
        let done = retain(&desk, &ledger, now, Mode::Apply).await;
        assert_eq!(done.expect("writable"), would);
        let again = retain(&desk, &ledger, now, Mode::DryRun).await;
        assert_eq!(again.expect("readable"), Cleaned::default());
    }
}
