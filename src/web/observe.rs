//! Metrics and health on a loopback port.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What the port shows.
pub struct Observed {
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
    /// Brings gauges up to date before they are shown.
    pub refresh: Box<dyn Fn() + Send + Sync>,
    /// Says what keeps the bot from being ready, by part; empty when it is.
    pub unready: Box<dyn Fn() -> Vec<String> + Send + Sync>,
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    waiting_for: Vec<String>,
}

/// Serves until told to stop; returns the bound address through `bound`.
pub async fn observe(
    listener: TcpListener,
    observed: Arc<Observed>,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(observed);
    axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(stop.cancelled_owned())
    .await
}

async fn metrics(State(observed): State<Arc<Observed>>) -> Response {
    (observed.refresh)();
    let text = observed.metrics.render();
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
        .into_response()
}

async fn ready(State(observed): State<Arc<Observed>>) -> Response {
    let waiting_for = (observed.unready)();
    let ready = waiting_for.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Readiness { ready, waiting_for })).into_response()
}
