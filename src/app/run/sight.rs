//! What can be seen of the running bot from outside: gauges as they stand, and what keeps it from
//! being ready.

use std::sync::{Arc, Mutex, PoisonError};

use metrics::gauge;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::Supervisor;
use crate::app::heard::LastHeard;
use crate::app::office::Lookout;
use crate::desk::Desk;
use crate::gateway::{Health, Inbound};
use crate::model::GatewayId;
use crate::web::{self, Observed};

/// Where it is looked.
#[derive(Clone)]
pub(super) struct Sight {
    pub(super) lookout: Lookout,
    pub(super) desk: Arc<Desk>,
    pub(super) last_heard: LastHeard,
    /// Only looked at: it must close when the sources end.
    pub(super) inbox: mpsc::WeakSender<(GatewayId, Inbound)>,
}

impl Sight {
    /// Opens the metrics port.
    pub(super) fn open(
        self,
        doors: &mut Supervisor,
        listener: TcpListener,
        metrics: PrometheusHandle,
    ) {
        let looking = self.clone();
        let observed = Arc::new(Observed {
            metrics,
            refresh: Box::new(move || looking.refresh()),
            unready: Box::new(move || self.unready()),
        });
        let listener = Arc::new(Mutex::new(Some(listener)));
        doors.start("metrics", move |stop| {
            let taken = listener
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            let observed = observed.clone();
            async move {
                let listener = taken.ok_or_else(|| anyhow::anyhow!("the metrics port was lost"))?;
                Ok(web::observe(listener, observed, stop).await?)
            }
        });
    }

    /// Brings the gauges up to date.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a queue of at most a thousand, and seconds since 1970"
    )]
    fn refresh(&self) {
        for (id, health) in (self.lookout)() {
            let ready = f64::from(u8::from(is_ready(&health)));
            gauge!("lianxin_gateway_ready", "gateway" => id.to_string()).set(ready);
        }
        if let Some(inbox) = self.inbox.upgrade() {
            let waiting = inbox.max_capacity() - inbox.capacity();
            gauge!("lianxin_inbox_depth").set(waiting as f64);
        }
        let accepting = f64::from(u8::from(self.desk.store.fault().is_none()));
        gauge!("lianxin_store_accepting").set(accepting);
        // Groups that an admin let in, as many as there are: not whatever ids arrive, and nobody's
        // private conversation, whose id is a person's.
        let directory = self.desk.directory.snapshot();
        for (group, at) in self.last_heard.all() {
            if directory.admitted(&group).is_some() {
                gauge!("lianxin_group_last_heard_timestamp_seconds", "group" => group.to_string())
                    .set(at.as_second() as f64);
            }
        }
    }

    /// What is waited for: gateways by name, and the store.
    fn unready(&self) -> Vec<String> {
        let gateways = (self.lookout)();
        let away = gateways.iter().filter(|(_, health)| !is_ready(health));
        let mut waiting: Vec<String> = away.map(|(id, _)| id.to_string()).collect();
        if let Some(fault) = self.desk.store.fault() {
            waiting.push(format!("store: {fault}"));
        }
        waiting
    }
}

/// Events arrive and actions work.
fn is_ready(health: &Health) -> bool {
    health.connected && health.acting
}
