//! Logs and metrics: set up once, at the edge.

use std::io::IsTerminal;

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Buckets for latencies in seconds, from a tenth of a millisecond to ten seconds.
const LATENCY_SECONDS: [f64; 14] = [
    0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0,
];

/// Writes logs to standard error from now on. A second call changes nothing.
pub fn log(settings: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|error| anyhow::anyhow!("log.filter 写法不对：{error}，例如 \"info\""))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // Only tests start twice in one process; the first subscriber stays.
    let _ = match settings.format {
        LogFormat::Text => subscriber.with_target(false).try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// Starts counting; the handle renders what `/metrics` shows.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&LATENCY_SECONDS)?
        .build_recorder();
    let handle = recorder.handle();
    // Only tests start twice in one process; the first recorder stays.
    let _ = metrics::set_global_recorder(recorder);
    describe_counts();
    describe_measures();
    Ok(handle)
}

fn describe_counts() {
    describe_counter!(
        "lianxin_messages_total",
        "Messages that arrived, by gateway"
    );
    describe_counter!(
        "lianxin_decisions_total",
        "Decisions, by action and category"
    );
    describe_counter!(
        "lianxin_silences_total",
        "Messages without an effect, by reason"
    );
    describe_counter!(
        "lianxin_below_threshold_total",
        "Messages that were weighed and found too weak, by the rule that spoke against them most"
    );
    describe_counter!(
        "lianxin_effects_total",
        "Messages that had an effect, by what they did"
    );
    describe_counter!(
        "lianxin_unreadable_total",
        "Frames that were not understood, by gateway and reason"
    );
    describe_counter!(
        "lianxin_inbound_limits_total",
        "Bounds that cut or refused what came in, by gateway and limit"
    );
    describe_counter!(
        "lianxin_outbox_results_total",
        "Ends of sayings: sent, refused, unknown, draft, retried"
    );
    describe_counter!(
        "lianxin_outbox_limits_total",
        "Limits that held words back, by limit"
    );
    describe_counter!(
        "lianxin_lexicon_reloads_total",
        "Reloads of the lexicon, by result"
    );
    describe_counter!(
        "lianxin_texts_reloads_total",
        "Reloads of the operator's own texts, by result"
    );
    describe_counter!(
        "lianxin_worker_panics_total",
        "Restarts after a panic, by worker"
    );
    describe_counter!("lianxin_timers_total", "Timers that fired");
}

fn describe_measures() {
    describe_gauge!("lianxin_inbox_depth", "Messages waiting to be decided");
    describe_gauge!(
        "lianxin_group_last_heard_timestamp_seconds",
        Unit::Seconds,
        "Time of the last message, by group id"
    );
    describe_gauge!(
        "lianxin_outbox_depth",
        "Words waiting to go out, by lane; of one destination at most the window that is looked at"
    );
    describe_gauge!(
        "lianxin_store_accepting",
        "0 while the store refuses commits: the disk is full, or worse"
    );
    describe_gauge!(
        "lianxin_gateway_ready",
        "1 when events arrive and actions work, by gateway"
    );
    describe_histogram!(
        "lianxin_decide_seconds",
        Unit::Seconds,
        "From arrival to the applied commit"
    );
    describe_histogram!(
        "lianxin_store_durable_seconds",
        Unit::Seconds,
        "From the applied commit to the disk"
    );
    describe_histogram!(
        "lianxin_heard_to_durable_seconds",
        Unit::Seconds,
        "From a message's last byte to its effect on disk, words included"
    );
}
