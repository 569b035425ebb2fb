//! The long-running bot: gateways, desk, outbox, upkeep and doors under supervision; stopped in order.

mod counts;
mod full_disk;
mod hearing;
mod reread;
mod sight;
mod upkeep;
mod voice;

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc, watch};
use tracing::{info, warn};

use crate::config::{Config, Mode};
use crate::gateway::border::Bounds;
use crate::gateway::registry;
use crate::model::{Clock, SystemClock, Timestamp};
use crate::web::control;

use super::notes::Notes;
use super::office::{Lookout, Office};
use super::opening::{self, Opened};
use super::platform::asked_to_stop;
use super::shutdown::Shutdown;
use super::supervisor::{Alarm, Supervisor};
use super::telemetry;
use hearing::Hearing;
use sight::Sight;

/// Messages that wait for the desk. When it is full, sources wait, and with them their sockets.
const INBOX: usize = 1024;

/// Wakes whoever waits for something to be due: after every commit.
type Wake = Arc<watch::Sender<()>>;

/// Runs until told to stop. Gives the first failure, after everything was stopped in order.
///
/// # Errors
///
/// What keeps the bot from starting, or the reason why it stopped by itself.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let metrics = telemetry::metrics()?;
    let gateways: Vec<registry::Opened> = config
        .gateways
        .iter()
        .map(|gateway| registry::open(gateway, &clock))
        .collect();
    let sinks = registry::sinks(&gateways);
    let (folder, now) = (config.store.clone(), clock.now());
    let store = tokio::task::spawn_blocking(move || opening::store(&folder, now)).await??;
    let limits = opening::limits(&config);
    let mut opened = opening::bot(&config, store.clone(), sinks, limits, &*clock).await?;
    let notes = Notes::open(&config, &store).await?;
    opened.bot.notes = Some(notes.clone());
    opened.bot.mode = config.mode;
    take_up(&config, &opened, clock.now()).await?;
    for warning in &opened.warnings {
        warn!(warning, "lexicon or texts");
    }
    let lookout = lookout(&gateways);
    let office = office(&config, &gateways, &opened, notes, &clock, &lookout);
    let stages = Stages::start(&config, &gateways, opened, office, clock, metrics, lookout).await?;
    stages.until_stopped(&config, &store).await
}

/// Says which mode it is; going live, groups admitted in shadow mode hear that the bot listens.
async fn take_up(config: &Config, opened: &Opened, now: Timestamp) -> anyhow::Result<()> {
    if config.mode == Mode::Shadow {
        warn!("shadow mode: listens, decides and records; says and dispatches nothing");
        return Ok(());
    }
    let desk = &opened.bot.desk;
    let facts = desk.welcome_facts();
    let told = desk.directory.tell_untold(&facts, now).await?;
    if told > 0 {
        info!(
            groups = told,
            "groups that were not told yet hear that the bot listens"
        );
    }
    Ok(())
}

fn bounds(config: &Config) -> Bounds {
    Bounds {
        text_bytes: config.limits.text_bytes,
        id_bytes: config.limits.id_bytes,
    }
}

/// How each gateway is doing: as one that reads, else as one that writes.
fn lookout(gateways: &[registry::Opened]) -> Lookout {
    let gateways = gateways.to_vec();
    Arc::new(move || {
        let health = |it: &registry::Opened| {
            let source = it.source.as_ref().map(|source| source.health());
            let health = source.or_else(|| it.sink.as_ref().map(|sink| sink.health()));
            (it.profile.id.clone(), health.unwrap_or_default())
        };
        gateways.iter().map(health).collect()
    })
}

fn office(
    config: &Config,
    gateways: &[registry::Opened],
    opened: &Opened,
    notes: Notes,
    clock: &Arc<dyn Clock>,
    lookout: &Lookout,
) -> Office {
    Office {
        desk: opened.bot.desk.clone(),
        ledger: opened.bot.outbox.ledger(),
        clock: clock.clone(),
        lookout: lookout.clone(),
        reread: None,
        gateways: gateways.iter().map(|it| it.profile.clone()).collect(),
        per_minute: config.outbox.per_minute,
        last_heard: opened.bot.last_heard.clone(),
        notes,
        shelf: opened.bot.shelf.clone(),
        open_at: config.open_at,
        mode: config.mode,
    }
}

/// Workers in the order in which they are stopped.
struct Stages {
    alarm: Alarm,
    /// Nobody new comes in.
    doors: Supervisor,
    /// Nothing more is heard.
    sources: Supervisor,
    /// What was heard is decided; ends when the inbox is empty and closed.
    desk: Supervisor,
    /// What may still be said is said.
    voice: Supervisor,
}

impl Stages {
    async fn start(
        config: &Config,
        gateways: &[registry::Opened],
        opened: Opened,
        office: Office,
        clock: Arc<dyn Clock>,
        metrics: metrics_exporter_prometheus::PrometheusHandle,
        lookout: Lookout,
    ) -> anyhow::Result<Self> {
        let alarm = Alarm::default();
        let stage = || Supervisor::new(&alarm);
        let (mut doors, mut sources, mut desk, mut voice) = (stage(), stage(), stage(), stage());
        let wake: Wake = Arc::new(watch::Sender::new(()));
        let (inbox, heard) = mpsc::channel(INBOX);

        // In shadow mode nothing leaves, whatever was left to say.
        let lanes = opened.bot.outbox.lanes();
        for lane in lanes.into_iter().filter(|_| config.mode == Mode::Live) {
            let (outbox, clock, wake) = (opened.bot.outbox.clone(), clock.clone(), wake.clone());
            voice.start("outbox", move |stop| {
                voice::speak(
                    outbox.clone(),
                    lane.clone(),
                    clock.clone(),
                    wake.subscribe(),
                    stop,
                )
            });
        }
        upkeep::start(&mut doors, config, &opened, &clock);
        let hearing = Arc::new(Mutex::new(Hearing::new(
            opened.bot,
            heard,
            clock,
            wake.clone(),
            bounds(config),
        )));
        desk.start("desk", move |_| {
            let hearing = hearing.clone();
            // The lock only keeps the state over a panic; one worker at a time holds it.
            async move { hearing.lock().await.run().await }
        });
        for source in gateways.iter().filter_map(|it| it.source.clone()) {
            let inbox = inbox.clone();
            sources.start("gateway", move |stop| {
                let (source, inbox) = (source.clone(), inbox.clone());
                async move { Ok(source.run(inbox, stop).await?) }
            });
        }
        if let Some(address) = config.metrics {
            let listener = TcpListener::bind(address).await?;
            let sight = Sight {
                lookout,
                desk: office.desk.clone(),
                last_heard: office.last_heard.clone(),
                inbox: inbox.downgrade(),
            };
            sight.open(&mut doors, listener, metrics);
        }
        let reread = reread::again(gateways, inbox.downgrade());
        let office = Office {
            reread: Some(reread),
            ..office
        };
        open_control(&mut doors, config, office, wake);
        // Only sources hold the inbox now: when they end, it closes.
        drop(inbox);
        Ok(Self {
            alarm,
            doors,
            sources,
            desk,
            voice,
        })
    }

    async fn until_stopped(
        mut self,
        config: &Config,
        store: &crate::store::Store,
    ) -> anyhow::Result<()> {
        info!("running");
        tokio::select! {
            signal = asked_to_stop() => info!(signal = signal?, "asked to stop"),
            () = self.alarm.raised() => {}
        }
        let shutdown = Shutdown::within(config.shutdown);
        shutdown.step("close doors", self.doors.stop()).await;
        shutdown.step("stop listening", self.sources.stop()).await;
        shutdown
            .step("decide what was heard", self.desk.finished())
            .await;
        shutdown.step("finish speaking", self.voice.stop()).await;
        let synced = shutdown.step("write to disk", store.sync()).await;
        if let Some(reason) = self.alarm.reason() {
            return Err(reason);
        }
        Ok(synced.unwrap_or(Ok(()))?)
    }
}

fn open_control(doors: &mut Supervisor, config: &Config, office: Office, wake: Wake) {
    let folder = config.store.clone();
    let handle: control::Handle = Arc::new(move |request| {
        let (office, wake) = (office.clone(), wake.clone());
        Box::pin(async move {
            let answer = office.handle(request).await;
            wake.send_replace(());
            answer
        })
    });
    doors.start("control", move |stop| {
        let (folder, handle) = (folder.clone(), handle.clone());
        async move { Ok(control::serve(&folder, handle, stop).await?) }
    });
}
