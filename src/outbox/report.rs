//! What a step did, as counts.

use std::ops::AddAssign;

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Counts of one step. A limit is counted each time it holds words back, so a step that
        /// finds the same words still waiting counts them again.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct StepReport {
            $($(#[$doc])* pub $name: u32,)*
        }

        impl StepReport {
            /// Every count with its name, for metrics.
            pub fn counts(&self) -> [(&'static str, u32); counts!(@count $($name)*)] {
                [$((stringify!($name), self.$name)),*]
            }
        }

        impl AddAssign for StepReport {
            fn add_assign(&mut self, other: Self) {
                $(self.$name = self.$name.saturating_add(other.$name);)*
            }
        }
    };
    (@count $($name:ident)*) => { [$(stringify!($name)),*].len() };
}

counts! {
    /// Deliveries that went out completely.
    sent,
    /// Parts that went out with more to follow.
    parts_sent,
    /// Refused by the platform.
    refused,
    /// Attempts whose outcome nobody knows.
    unknown,
    /// Attempts that did not go out and will be repeated.
    retried,
    /// Attempts that did not go out too often; a draft now.
    given_up,
    /// Drafts, because no sink may write there.
    drafted,
    /// Sayings said together with another.
    merged,
    /// Refused as too old.
    stale,
    /// Refused because a group or person had its replies of the hour.
    over_budget,
    /// Refused because there were no words for it.
    wordless,
    /// Held back by quiet hours.
    held_by_night,
    /// Held back to be joined by more about the same event.
    held_by_gathering,
    /// Held back by the account's pause after a failure or a complaint.
    held_by_pause,
    /// Held back by the account's pace.
    held_by_account,
    /// Held back by the destination's pace.
    held_by_destination,
    /// Held back by the batch being full.
    held_by_batch,
    /// The stop switch was on.
    stopped,
    /// Found in mid-air after a crash: unknown now.
    orphaned,
    /// Somebody else changed the same records; nothing was done, the next step sees to it.
    conflicts,
    /// Sayings that were in the ledger already and are not said again.
    repeated,
    /// Results that could not be written yet; they are kept and written by a later step.
    unsettled,
}

impl StepReport {
    /// Whether anything changed, so that another step may have more to do.
    pub fn is_busy(&self) -> bool {
        let done = [
            self.sent,
            self.parts_sent,
            self.refused,
            self.unknown,
            self.retried,
            self.given_up,
            self.drafted,
            self.stale,
            self.over_budget,
            self.wordless,
            self.orphaned,
            self.conflicts,
            self.repeated,
        ];
        done.iter().any(|count| *count > 0)
    }
}
