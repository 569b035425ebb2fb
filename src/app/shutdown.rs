//! Going down: named steps in order, under one deadline.

use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

/// The time that is left for all remaining steps.
pub struct Shutdown {
    deadline: Instant,
}

impl Shutdown {
    /// Starts the clock.
    pub fn within(limit: Duration) -> Self {
        Self {
            deadline: Instant::now() + limit,
        }
    }

    /// Runs one step in what time is left; `None` when it did not finish.
    pub async fn step<T>(&self, name: &'static str, step: impl Future<Output = T>) -> Option<T> {
        let started = Instant::now();
        let done = tokio::time::timeout_at(self.deadline, step).await.ok();
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if done.is_some() {
            info!(step.name = name, took_ms, "shutdown step done");
        } else {
            warn!(
                step.name = name,
                took_ms, "shutdown step did not finish in time"
            );
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn steps_share_one_deadline() {
        let shutdown = Shutdown::within(Duration::from_secs(3));
        assert_eq!(shutdown.step("quick", async { 1 }).await, Some(1));
        assert_eq!(
            shutdown.step("stuck", std::future::pending::<()>()).await,
            None
        );
        assert_eq!(
            shutdown.step("late", std::future::pending::<()>()).await,
            None
        );
    }
}
