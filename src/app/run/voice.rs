//! The outbox's workers, one per lane: a slow platform holds up nobody else.

use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::model::Clock;
use crate::outbox::{Lane, Outbox, StepReport};
use crate::store::StoreError;

/// Longest sleep between two looks: the machine's clock may jump.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// How long a gateway that is not connected is left alone.
const UNCONNECTED_REST: Duration = Duration::from_secs(1);

/// How long a full disk is left alone before it is tried again.
const FULL_DISK_REST: Duration = Duration::from_secs(1);

/// Speaks until told to stop; what is on its way then is still awaited.
pub(super) async fn speak(
    outbox: Arc<Outbox>,
    lane: Lane,
    clock: Arc<dyn Clock>,
    mut woken: watch::Receiver<()>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    while !stop.is_cancelled() {
        let stepped = if outbox.is_connected(&lane) {
            step(&outbox, &lane, &*clock).await
        } else {
            // An attempt that cannot succeed would only pause the account when it could.
            let recovered = outbox.recover_lane(&lane, clock.now()).await;
            recovered.map(|report| {
                count(&report);
                UNCONNECTED_REST
            })
        };
        let sleep = match stepped {
            Ok(sleep) => sleep,
            Err(StoreError::Full) => {
                error!("the disk is full: nothing is said until there is room");
                FULL_DISK_REST
            }
            Err(error) => return Err(error.into()),
        };
        tokio::select! {
            () = stop.cancelled() => {}
            _ = woken.changed() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
    Ok(())
}

/// Says what may be said now; gives the time until something may be.
async fn step(outbox: &Outbox, lane: &Lane, clock: &dyn Clock) -> Result<Duration, StoreError> {
    loop {
        let report = outbox.step_lane(lane, clock.now()).await?;
        count(&report);
        if !report.is_busy() {
            break;
        }
    }
    let now = clock.now();
    let due = outbox.next_due_of(lane, now).await?;
    let sleep = due.map_or(LONGEST_SLEEP, |due| {
        Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO)
    });
    Ok(sleep.min(LONGEST_SLEEP))
}

fn count(report: &StepReport) {
    for (name, count) in report.counts() {
        if count > 0 {
            let limit = name.starts_with("held_by");
            let metric = if limit {
                "lianxin_outbox_limits_total"
            } else {
                "lianxin_outbox_results_total"
            };
            counter!(metric, "kind" => name).increment(u64::from(count));
        }
    }
}
