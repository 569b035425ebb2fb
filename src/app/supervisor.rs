//! Keeps workers running: a panic is restarted, an error stops the bot in order, with the reason.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// How long a panicked worker rests before it is started again.
const REST: Duration = Duration::from_secs(1);

type Start = Arc<dyn Fn(CancellationToken) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;

/// Runs workers until one fails or somebody stops them.
pub struct Supervisor {
    stop: CancellationToken,
    tasks: JoinSet<()>,
    reason: Arc<Mutex<Option<anyhow::Error>>>,
    rest: Duration,
}

impl Supervisor {
    /// A supervisor that stops when `stop` is cancelled, and cancels it when a worker fails.
    pub fn new(stop: CancellationToken) -> Self {
        Self {
            stop,
            tasks: JoinSet::new(),
            reason: Arc::default(),
            rest: REST,
        }
    }

    /// Starts a worker. `run` is called again after a panic, so it must find its state where it left it.
    pub fn start<F>(
        &mut self,
        name: &'static str,
        run: impl Fn(CancellationToken) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let run: Start = Arc::new(move |stop| Box::pin(run(stop)));
        let (stop, reason, rest) = (self.stop.clone(), self.reason.clone(), self.rest);
        self.tasks
            .spawn(async move { watch(name, run, stop, reason, rest).await });
    }

    /// Waits until all workers have ended; gives the first failure.
    pub async fn finished(&mut self) -> anyhow::Result<()> {
        while self.tasks.join_next().await.is_some() {}
        let reason = self
            .reason
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        reason.map_or(Ok(()), Err)
    }
}

async fn watch(
    name: &'static str,
    run: Start,
    stop: CancellationToken,
    reason: Arc<Mutex<Option<anyhow::Error>>>,
    rest: Duration,
) {
    loop {
        let ended = tokio::spawn(run(stop.clone())).await;
        if stop.is_cancelled() {
            return;
        }
        match ended {
            Ok(Ok(())) => {
                info!(worker.name = name, "worker ended");
                return;
            }
            Ok(Err(failure)) => {
                error!(worker.name = name, error = %failure, "worker failed, stopping the bot");
                reason
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .get_or_insert(failure.context(name));
                stop.cancel();
                return;
            }
            Err(_) => {
                metrics::counter!("lianxin_worker_panics_total", "worker" => name).increment(1);
                error!(worker.name = name, "worker panicked, starting it again");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(rest) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn supervisor() -> Supervisor {
        Supervisor {
            rest: Duration::ZERO,
            ..Supervisor::new(CancellationToken::new())
        }
    }

    #[tokio::test]
    async fn a_panicking_worker_is_started_again() {
        let mut supervisor = supervisor();
        let starts = Arc::new(AtomicU32::new(0));
        let counted = starts.clone();
        supervisor.start("jumpy", move |_| {
            let start = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                assert!(start >= 2, "first two starts fail");
                Ok(())
            }
        });
        supervisor
            .finished()
            .await
            .expect("the third start ends well");
        assert_eq!(starts.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_failing_worker_stops_the_others_with_its_reason() {
        let mut supervisor = supervisor();
        supervisor.start("patient", |stop| async move {
            stop.cancelled().await;
            Ok(())
        });
        supervisor.start("broken", |_| async { anyhow::bail!("no listener") });
        let reason = supervisor
            .finished()
            .await
            .expect_err("the failure is kept");
        assert_eq!(format!("{reason:#}"), "broken: no listener");
    }
}
