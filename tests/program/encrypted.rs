//! A forward connection over `wss://`, to a certificate that its owner signed.

use std::fs;
use std::sync::Arc;

use rcgen::CertifiedKey;
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::bot::{Bot, GROUPS, until};
use super::platform::{Platform, is_acknowledgement};

#[tokio::test]
async fn an_encrypted_forward_connection_works_where_its_certificate_is_trusted_and_only_there() {
    let mut bot = Bot::prepared().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let port = listener.local_addr().expect("bound").port();
    dial(&bot, &format!("wss://localhost:{port}/"));
    let (own, foreign) = (certificate(), certificate());
    bot.write("own.pem", &own.cert.pem());
    bot.write("foreign.pem", &foreign.cert.pem());
    let acceptor = acceptor(&own);

    let path = bot.path("foreign.pem");
    bot.start_trusting(&path);
    let (stream, _) = listener.accept().await.expect("dialled");
    assert!(acceptor.accept(stream).await.is_err(), "trusted a stranger");
    until("it says why", async || {
        bot.log().contains("invalid peer certificate").then_some(())
    })
    .await;
    assert_eq!(bot.get("readyz").await.expect("it answers").0, 503);
    bot.kill();

    let path = bot.path("own.pem");
    bot.start_trusting(&path);
    let (stream, _) = listener.accept().await.expect("dialled");
    let stream = acceptor.accept(stream).await.expect("encrypted");
    let socket = tokio_tungstenite::accept_async(stream).await;
    let platform = Platform::over(socket.expect("a WebSocket"));
    bot.until_ready().await;
    platform.say(GROUPS[0], 21, "3栋停电了，有没有人管");
    platform
        .hears("the acknowledgement", is_acknowledgement)
        .await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}

/// Has the bot dial instead of listen.
fn dial(bot: &Bot, url: &str) {
    let path = bot.path("lianxin.toml");
    let text = fs::read_to_string(path).expect("configured");
    let lines = text.lines().map(|line| {
        if line.starts_with("path = \"/onebot") {
            format!("connect = \"{url}\"\n")
        } else {
            format!("{line}\n")
        }
    });
    let gateway = text.find("[[gateway]]").expect("a gateway");
    let listen = text[gateway..]
        .lines()
        .find(|line| line.starts_with("listen"));
    let listen = format!("{}\n", listen.expect("it listened"));
    let dialling: String = lines.collect();
    bot.write("lianxin.toml", &dialling.replacen(&listen, "", 1));
}

fn certificate() -> CertifiedKey<rcgen::KeyPair> {
    rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("signed")
}

fn acceptor(certified: &CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("known versions")
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key);
    TlsAcceptor::from(Arc::new(config.expect("its own key")))
}
