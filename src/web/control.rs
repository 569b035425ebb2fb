//! The control door: how `lianxin events …` reaches the running bot. Loopback only, with a token in
//! a file of mode 600 beside the store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::platform::write_private;
use crate::app::request::{Answer, Request};

/// Largest request: a directory import of some ten thousand people.
const MAX_BODY_BYTES: usize = 16 << 20;

/// Answers requests; called for one after another or side by side.
pub type Handle = Arc<dyn Fn(Request) -> BoxFuture<'static, Answer> + Send + Sync>;

/// Where the door is and how it opens; the content of the control file.
#[derive(Serialize, Deserialize)]
pub struct Address {
    /// `http://127.0.0.1:port/control`.
    pub url: String,
    /// To be sent as a bearer token.
    pub token: String,
    /// The bot's process.
    pub pid: u32,
}

/// The control file of a store.
pub fn file(store: &Path) -> PathBuf {
    store.join("control.json")
}

/// Opens the door and serves until told to stop; the file goes when the door closes.
pub async fn serve(store: &Path, handle: Handle, stop: CancellationToken) -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let token = random_token()?;
    let address = Address {
        url: format!("http://{}/control", listener.local_addr()?),
        token: token.expose_secret().to_owned(),
        pid: std::process::id(),
    };
    let file = file(store);
    write_private(&file, &serde_json::to_string(&address)?)?;
    let router = Router::new()
        .route("/control", post(answer))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(Arc::new(Door { token, handle }));
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await;
    std::fs::remove_file(&file)?;
    served
}

struct Door {
    token: SecretString,
    handle: Handle,
}

async fn answer(
    State(door): State<Arc<Door>>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Response {
    let offered = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let same: bool = offered
        .as_bytes()
        .ct_eq(door.token.expose_secret().as_bytes())
        .into();
    if !same {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json((door.handle)(request).await).into_response()
}

fn random_token() -> std::io::Result<SecretString> {
    use std::fmt::Write as _;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let mut token = String::with_capacity(64);
    for byte in bytes {
        write!(token, "{byte:02x}").expect("writing to a string cannot fail");
    }
    Ok(SecretString::from(token))
}
