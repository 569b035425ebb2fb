//! Again and again, with pauses that grow and scatter: what is gone comes back some day.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::OneBot;
use super::session::Ended;
use crate::gateway::Inbox;

/// Why a connection was not made.
pub(super) struct NotConnected {
    /// For the log, English, without secrets.
    pub(super) blame: String,
    /// For people, Chinese.
    pub(super) trouble: String,
}

/// Dials until told to stop. A connection that lived resets the pause between attempts.
pub(super) async fn forever<F>(
    gateway: &OneBot,
    inbox: &Inbox,
    stop: &CancellationToken,
    mut dial: impl FnMut() -> F,
) where
    F: Future<Output = Result<Ended, NotConnected>>,
{
    let mut pauses = pauses(gateway);
    while !stop.is_cancelled() && !inbox.is_closed() {
        let dialled = tokio::select! {
            () = stop.cancelled() => return,
            dialled = dial() => dialled,
        };
        match dialled {
            Ok(Ended::Stopped) => return,
            Ok(_) => pauses = self::pauses(gateway),
            Err(error) => {
                warn!(gateway.id = %gateway.id, error = error.blame, "cannot connect, dialling again");
                gateway.link.troubled(error.trouble);
            }
        }
        let pause = pauses.next().unwrap_or(gateway.settings.redial_max);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn pauses(gateway: &OneBot) -> impl Iterator<Item = Duration> + use<> {
    let longest = gateway.settings.redial_max;
    ExponentialBuilder::default()
        .with_min_delay(longest.min(Duration::from_secs(1)))
        .with_max_delay(longest)
        .with_jitter()
        .without_max_times()
        .build()
}
