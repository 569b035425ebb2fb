//! The outbox's workers, one per lane: a slow platform holds up nobody else.

use std::sync::Arc;
use std::time::Duration;

use metrics::{counter, gauge};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::error;

use super::full_disk;
use crate::model::Clock;
use crate::outbox::{Lane, Outbox, StepReport};
use crate::store::StoreError;

/// Longest sleep between two looks: the machine's clock may jump.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// How long a gateway that is not connected is left alone.
const UNCONNECTED_REST: Duration = Duration::from_secs(1);

/// Speaks until told to stop; what is on its way then is still awaited.
pub(super) async fn speak(
    outbox: Arc<Outbox>,
    lane: Lane,
    clock: Arc<dyn Clock>,
    mut woken: watch::Receiver<()>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    while !stop.is_cancelled() {
        let connected = outbox.is_connected(&lane);
        let stepped = if connected {
            step(&outbox, &lane, &*clock).await
        } else {
            // An attempt that cannot succeed would only pause the account when it could.
            recover(&outbox, &lane, &*clock).await
        };
        let sleep = match stepped {
            Ok(sleep) => sleep,
            Err(StoreError::Full) => {
                error!("the disk is full: nothing is said until there is room");
                full_disk::REST
            }
            Err(error) => return Err(error.into()),
        };
        tokio::select! {
            () = stop.cancelled() => {}
            _ = woken.changed(), if connected => {}
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
    let outlook = outbox.outlook(lane, now).await?;
    show_depth(lane, outlook.waiting);
    let sleep = outlook.due.map_or(LONGEST_SLEEP, |due| {
        Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO)
    });
    Ok(sleep.min(LONGEST_SLEEP))
}

/// Settles what is known while nothing can leave.
async fn recover(outbox: &Outbox, lane: &Lane, clock: &dyn Clock) -> Result<Duration, StoreError> {
    count(&outbox.recover_lane(lane, clock.now()).await?);
    let outlook = outbox.outlook(lane, clock.now()).await?;
    show_depth(lane, outlook.waiting);
    Ok(UNCONNECTED_REST)
}

fn show_depth(lane: &Lane, waiting: usize) {
    #[expect(clippy::cast_precision_loss, reason = "nobody counts 2^52 words")]
    gauge!("lianxin_outbox_depth", "lane" => lane.to_string()).set(waiting as f64);
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
