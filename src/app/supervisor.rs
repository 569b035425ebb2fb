//! Keeps workers running: a panic is restarted, an error stops the bot in order, with the reason.
//!
//! One supervisor watches the workers of one stage of the shutdown; all share an [`Alarm`].

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

/// Raised by the first failing worker: the whole bot is to stop, and why.
#[derive(Clone, Debug, Default)]
pub struct Alarm {
    raised: CancellationToken,
    reason: Arc<Mutex<Option<anyhow::Error>>>,
}

impl Alarm {
    /// Resolves when a worker has failed.
    pub async fn raised(&self) {
        self.raised.cancelled().await;
    }

    /// The first failure.
    pub fn reason(&self) -> Option<anyhow::Error> {
        self.reason
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn raise(&self, failure: anyhow::Error) {
        self.reason
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(failure);
        self.raised.cancel();
    }
}

/// Runs the workers of one stage until they are told to stop.
pub struct Supervisor {
    stop: CancellationToken,
    tasks: JoinSet<()>,
    alarm: Alarm,
    rest: Duration,
}

impl Supervisor {
    /// A supervisor whose workers stop when [`Supervisor::stop`] says so.
    pub fn new(alarm: &Alarm) -> Self {
        Self {
            stop: CancellationToken::new(),
            tasks: JoinSet::new(),
            alarm: alarm.clone(),
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
        let (stop, alarm, rest) = (self.stop.clone(), self.alarm.clone(), self.rest);
        self.tasks
            .spawn(async move { watch(name, run, stop, alarm, rest).await });
    }

    /// Waits until all workers have ended by themselves.
    pub async fn finished(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }

    /// Tells the workers to stop and waits for them.
    pub async fn stop(&mut self) {
        self.stop.cancel();
        self.finished().await;
    }
}

async fn watch(
    name: &'static str,
    run: Start,
    stop: CancellationToken,
    alarm: Alarm,
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
                alarm.raise(failure.context(name));
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

    fn supervisor(alarm: &Alarm) -> Supervisor {
        Supervisor {
            rest: Duration::ZERO,
            ..Supervisor::new(alarm)
        }
    }

    #[tokio::test]
    async fn a_panicking_worker_is_started_again() {
        let mut supervisor = supervisor(&Alarm::default());
        let starts = Arc::new(AtomicU32::new(0));
        let counted = starts.clone();
        supervisor.start("jumpy", move |_| {
            let start = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                assert!(start >= 2, "first two starts fail");
                Ok(())
            }
        });
        supervisor.finished().await;
        assert_eq!(starts.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_failing_worker_raises_the_alarm_with_its_reason_and_others_stop_in_order() {
        let alarm = Alarm::default();
        let mut supervisor = supervisor(&alarm);
        supervisor.start("patient", |stop| async move {
            stop.cancelled().await;
            Ok(())
        });
        supervisor.start("broken", |_| async { anyhow::bail!("no listener") });
        alarm.raised().await;
        supervisor.stop().await;
        let reason = alarm.reason().expect("the failure is kept");
        assert_eq!(format!("{reason:#}"), "broken: no listener");
    }
}
