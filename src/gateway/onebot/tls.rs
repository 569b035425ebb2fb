//! `wss://`: encrypted, and what is wrong where it is not.

use std::io;
use std::sync::Arc;

use tokio_tungstenite::Connector;
use tokio_tungstenite::tungstenite::Error;

use crate::gateway::client;

/// What dials a URL; reads the list of trusted certificates anew for each encrypted one. Blocks.
///
/// # Errors
///
/// When this machine trusts nobody.
pub(super) fn connector(url: &str) -> Result<Connector, Error> {
    if !url.starts_with("wss://") {
        return Ok(Connector::Plain);
    }
    let config = client::tls().map_err(Error::Io)?;
    Ok(Connector::Rustls(Arc::new(config)))
}

/// What is wrong with the encryption, Chinese; `None` where it is not that.
pub(super) fn trouble(error: &io::Error) -> Option<&'static str> {
    if error.kind() == io::ErrorKind::NotFound {
        return Some("这台机器没有可信证书列表，连不了加密地址，请安装 ca-certificates");
    }
    let cause = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match cause {
        rustls::Error::InvalidCertificate(_) => {
            "对方的证书不可信，请核对域名和有效期；自己签发的证书要先加进这台机器的可信列表"
        }
        _ => "加密连接没有建立，请确认对方的这个端口是 wss://",
    })
}
