//! Instants moved without falling off the end of time: a platform may name any year.

use std::time::Duration;

use crate::model::Timestamp;

/// So much earlier, at most the beginning of time.
pub(super) fn earlier(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// So much later, at most the end of time.
pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// How far apart two instants are.
pub(super) fn gap(one: Timestamp, other: Timestamp) -> Duration {
    one.duration_until(other).unsigned_abs()
}
