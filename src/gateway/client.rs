//! Calls to a platform over HTTP: one way to make a client, to read a bounded answer, and to say what
//! a failure proves.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// How long a connection may take to be made.
const CONNECTS_WITHIN: Duration = Duration::from_secs(5);

/// A request that got no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It never arrived: nobody listens there.
    NotSent,
    /// It may have arrived.
    Unanswered,
}

/// Whose certificates are believed: those that this machine trusts, so that an institution's own
/// authority is added where its other programs look for it, too: the system's list, or the file that
/// the environment variable `SSL_CERT_FILE` names. Blocks while the list is read.
///
/// # Errors
///
/// When this machine trusts nobody.
pub(super) fn tls() -> std::io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let missing = "no trusted certificates";
        return Err(std::io::Error::new(std::io::ErrorKind::NotFound, missing));
    }
    trusting(roots)
}

/// A client for one platform. No redirect is followed: it would carry the secret elsewhere. Blocks
/// while the list of trusted certificates is read, for `https://` alone.
///
/// # Errors
///
/// When this machine trusts nobody.
pub(super) fn http(url: &str, answers_within: Duration) -> std::io::Result<Client> {
    let builder = if url.starts_with("https://") {
        Client::builder().tls_backend_preconfigured(tls()?)
    } else {
        unencrypted()?
    };
    let builder = builder
        .connect_timeout(CONNECTS_WITHIN)
        .timeout(answers_within)
        .redirect(Policy::none())
        .no_proxy();
    builder.build().map_err(std::io::Error::other)
}

/// What a client for `http://` alone is built from. It trusts nobody, and so needs no list.
///
/// # Errors
///
/// None that occurs; the library's signature asks for it.
pub fn unencrypted() -> std::io::Result<ClientBuilder> {
    let nobody = trusting(RootCertStore::empty())?;
    Ok(Client::builder().tls_backend_preconfigured(nobody))
}

fn trusting(roots: RootCertStore) -> std::io::Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// What a failed request proves.
pub(super) fn proves(error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() {
        Failure::NotSent
    } else {
        Failure::Unanswered
    }
}

/// The whole answer, at most `most` bytes of it.
///
/// # Errors
///
/// When it breaks off or goes on beyond that: then the request may have been done all the same.
pub(super) async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Failure::Unanswered)? {
        if body.len() + chunk.len() > most {
            return Err(Failure::Unanswered);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
