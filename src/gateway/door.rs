//! The HTTP door of a gateway that is called: bounded connections, headers that must come in time,
//! bodies of bounded size, and a comparison of secrets that takes as long for a wrong one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::{Extension, Router};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::GatewayError;

/// Connections that are served at once; more wait in the system's accept queue.
const CONNECTIONS: usize = 1024;

/// How long a request's header may take to arrive; a line that is kept open between two events is
/// closed after as long, which is longer than the heartbeats of most implementations.
const HEADER_WITHIN: Duration = Duration::from_secs(30);

/// How long a request's body may take to arrive.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// Largest header of a request, bytes.
const HEADER_BYTES: usize = 16 << 10;

/// How long what is under way may take when the door closes.
const CLOSES_WITHIN: Duration = Duration::from_secs(5);

/// A pause after the system gave no connection: it has run out of something.
const BREATH: Duration = Duration::from_millis(100);

/// Who calls: the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller(pub(super) IpAddr);

/// Opens the door and says through `opened` where it is; port 0 lets the system choose.
///
/// # Errors
///
/// When the address cannot be listened on.
pub(super) async fn open(
    listen: SocketAddr,
    opened: &watch::Sender<Option<SocketAddr>>,
) -> Result<TcpListener, GatewayError> {
    let refused = |error: std::io::Error| GatewayError::Listen {
        address: listen.to_string(),
        detail: error.to_string(),
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    opened.send_replace(Some(address));
    Ok(listener)
}

/// Serves until told to stop; then what is under way is finished, within some seconds. A connection
/// that became a WebSocket is not counted any more.
pub(super) async fn serve(listener: TcpListener, router: Router, stop: &CancellationToken) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, caller, place)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let router = router.clone().layer(Extension(Caller(caller.ip())));
        let stop = stop.clone();
        connections.spawn(async move {
            converse(stream, router, stop).await;
            drop(place);
        });
    }
    let finish = async { while connections.join_next().await.is_some() {} };
    // Whoever is not done by then is cut off with the set.
    let _ = tokio::time::timeout(CLOSES_WITHIN, finish).await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    let (stream, caller) = listener.accept().await.ok()?;
    // Small frames leave at once; a socket that cannot be hurried still works.
    let _ = stream.set_nodelay(true);
    Some((stream, caller, place))
}

async fn converse(stream: TcpStream, router: Router, stop: CancellationToken) {
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_WITHIN)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades();
    let mut served = std::pin::pin!(served);
    // How a caller leaves is the caller's affair.
    tokio::select! {
        _ = served.as_mut() => {}
        () = stop.cancelled() => {
            served.as_mut().graceful_shutdown();
            let _ = served.await;
        }
    }
}

/// The whole body of a request, if it is small enough, comes in time and is not compressed: a small
/// compressed body can be endless.
///
/// # Errors
///
/// What to answer: 413, 408, 415 or 400.
pub(super) async fn body(
    headers: &HeaderMap,
    body: Body,
    most: usize,
) -> Result<Bytes, StatusCode> {
    let encoding = headers.get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| encoding != "identity") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let declared = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > most) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(BODY_WITHIN, axum::body::to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_large(&error) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.to_string().contains("length limit"))
}

/// Whether a caller has the token, as `Authorization: Bearer` (or `Token`) or as `access_token` in
/// the query. Compared in constant time, also against nothing.
///
/// # Errors
///
/// 401 without a token, 403 with a wrong one.
pub(super) fn bearer(
    token: Option<&SecretString>,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<(), StatusCode> {
    let Some(token) = token else { return Ok(()) };
    let authorization = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let bearer = authorization.and_then(|value| {
        let prefixes = ["Bearer ", "bearer ", "Token "];
        prefixes
            .iter()
            .find_map(|prefix| value.strip_prefix(prefix))
    });
    let parameter = query.and_then(|query| {
        let mut pairs = query.split('&');
        pairs.find_map(|pair| pair.strip_prefix("access_token="))
    });
    let offered = bearer.or(parameter);
    let compared = offered.unwrap_or_default().as_bytes();
    let same: bool = compared.ct_eq(token.expose_secret().as_bytes()).into();
    match (offered, same) {
        (None, _) => Err(StatusCode::UNAUTHORIZED),
        (Some(_), false) => Err(StatusCode::FORBIDDEN),
        (Some(_), true) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[test]
    fn only_the_right_token_enters() {
        let token = SecretString::from("open-sesame");
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().expect("a header"));
            headers
        };
        let none = HeaderMap::new();
        let query = Some("a=1&access_token=open-sesame");
        assert_eq!(bearer(None, &none, None), Ok(()));
        assert_eq!(
            bearer(Some(&token), &with("Bearer open-sesame"), None),
            Ok(())
        );
        assert_eq!(bearer(Some(&token), &none, query), Ok(()));
        for (headers, query, status) in [
            (none.clone(), None, StatusCode::UNAUTHORIZED),
            (with("Basic b3Blbg=="), None, StatusCode::UNAUTHORIZED),
            (with("Bearer open-sesam"), None, StatusCode::FORBIDDEN),
            (none, Some("access_token="), StatusCode::FORBIDDEN),
        ] {
            assert_eq!(bearer(Some(&token), &headers, query), Err(status));
        }
    }

    async fn read(headers: HeaderMap, sent: Body) -> StatusCode {
        match body(&headers, sent, 1000).await {
            Ok(_) => StatusCode::OK,
            Err(status) => status,
        }
    }

    /// One request as bytes; what comes back until the door closes the line.
    async fn ask(address: SocketAddr, request: String) -> String {
        let mut line = TcpStream::connect(address).await.expect("open");
        // The door may answer and close before all of it is written.
        let _ = line.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_who_never_finishes_the_header_is_cut_off() {
        let opened = watch::Sender::new(None);
        let listen = "127.0.0.1:0".parse().expect("an address");
        let listener = open(listen, &opened).await.expect("it opens");
        let address = opened.borrow().expect("bound");
        let stop = CancellationToken::new();
        let router = Router::new().route("/", post(read));
        let serving = {
            let stop = stop.clone();
            tokio::spawn(async move { serve(listener, router, &stop).await })
        };
        let slow = ask(address, "POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ".to_owned()).await;
        assert!(!slow.contains("200"), "{slow}");
        let slow = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\n1";
        assert!(ask(address, slow.to_owned()).await.contains(" 408 "));
        stop.cancel();
        serving.await.expect("it ends");
    }

    #[tokio::test]
    async fn a_body_is_read_whole_or_not_at_all() {
        let length = |length: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_LENGTH, length.parse().expect("a header"));
            headers
        };
        let none = HeaderMap::new();
        assert_eq!(read(none.clone(), Body::from("x")).await, StatusCode::OK);
        let large = Body::from("x".repeat(1001));
        assert_eq!(read(none, large).await, StatusCode::PAYLOAD_TOO_LARGE);
        let declared = read(length("10485760"), Body::empty()).await;
        assert_eq!(declared, StatusCode::PAYLOAD_TOO_LARGE);
        let mut packed = HeaderMap::new();
        packed.insert(header::CONTENT_ENCODING, "gzip".parse().expect("a header"));
        let packed = read(packed, Body::from("x")).await;
        assert_eq!(packed, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}
