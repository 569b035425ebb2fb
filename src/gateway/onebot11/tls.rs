//! `wss://`: whose certificates are believed. Those that this machine trusts, so that an institution's
//! own authority is added where its other programs look for it, too: the system's list, or the file
//! that the environment variable `SSL_CERT_FILE` names.

use std::io;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::Connector;
use tokio_tungstenite::tungstenite::Error;

/// What dials a URL; reads the list of trusted certificates anew for each encrypted one. Blocks.
///
/// # Errors
///
/// When this machine trusts nobody.
pub(super) fn connector(url: &str) -> Result<Connector, Error> {
    if !url.starts_with("wss://") {
        return Ok(Connector::Plain);
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let missing = io::Error::new(io::ErrorKind::NotFound, "no trusted certificates");
        return Err(Error::Io(missing));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Io(io::Error::other(error)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Connector::Rustls(Arc::new(config)))
}

/// What is wrong with the encryption, Chinese; `None` where it is not that.
pub(super) fn trouble(error: &io::Error) -> Option<&'static str> {
    if error.kind() == io::ErrorKind::NotFound {
        return Some("这台机器没有可信证书列表，连不了 wss://，请安装 ca-certificates");
    }
    let cause = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match cause {
        rustls::Error::InvalidCertificate(_) => {
            "对方的证书不可信，请核对域名和有效期；自己签发的证书要先加进这台机器的可信列表"
        }
        _ => "加密连接没有建立，请确认对方的这个端口是 wss://",
    })
}
