//! From the configuration to a gateway that is ready to run, and whether the other side is there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::dialect::Version;
use super::{Encoding, OneBot, Settings, Transport};
use crate::config::{self, Frames};
use crate::gateway::registry::Opened;
use crate::gateway::{Profile, Sink, Source};
use crate::model::{Clock, GatewayId};

/// How long the other side may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// Makes the gateway ready to run.
pub(in crate::gateway) fn open(
    id: &GatewayId,
    version: Version,
    config: &config::OneBot,
    clock: &Arc<dyn Clock>,
) -> Opened {
    let (transport, way) = transport(&config.transport);
    let settings = Settings {
        token: config.token.clone(),
        secret: config.secret.clone(),
        heartbeat: config.heartbeat,
        encoding: match config.frames {
            Frames::Json => Encoding::Json,
            Frames::MsgPack => Encoding::MessagePack,
        },
        ..Settings::new(transport)
    };
    let protocol = version.name();
    let gateway = Arc::new(OneBot::new(id.clone(), version, settings, clock.clone()));
    let profile = Profile {
        id: id.clone(),
        protocol,
        way: way.to_owned(),
        source: Some(Source::capabilities(&*gateway)),
        sink: Some(Sink::capabilities(&*gateway)),
    };
    Opened {
        profile,
        source: Some(gateway.clone()),
        sink: Some(gateway),
    }
}

fn transport(configured: &config::Transport) -> (Transport, &'static str) {
    match configured.clone() {
        config::Transport::Forward(url) => {
            (Transport::Forward { url }, "正向 WebSocket（我们连过去）")
        }
        config::Transport::Reverse(listen, path) => (
            Transport::Reverse { listen, path },
            "反向 WebSocket（等对方连过来）",
        ),
        config::Transport::Webhook(actions, listen, path) => (
            Transport::Webhook {
                actions,
                listen,
                path,
            },
            "HTTP（对方推消息过来，我们发请求过去）",
        ),
        config::Transport::Polling(actions) => {
            (Transport::Polling { actions }, "HTTP 轮询（我们去取消息）")
        }
    }
}

/// Whether the other side is there when we dial, whether the port is free when we listen.
pub(in crate::gateway) async fn reach(config: &config::OneBot) -> Result<String, String> {
    match &config.transport {
        config::Transport::Forward(url) | config::Transport::Polling(url) => dialled(url).await,
        config::Transport::Reverse(listen, path) => listened(*listen, "ws", path).await,
        config::Transport::Webhook(url, listen, path) => {
            let called = dialled(url).await?;
            let listened = listened(*listen, "http", path).await?;
            Ok(format!("{called}；{listened}"))
        }
    }
}

async fn listened(listen: SocketAddr, scheme: &str, path: &str) -> Result<String, String> {
    match TcpListener::bind(listen).await {
        Ok(_) => Ok(format!("等待对方连到 {scheme}://{listen}{path}")),
        Err(_) if TcpStream::connect(listen).await.is_ok() => {
            Ok(format!("{listen} 已在监听（机器人正在运行）"))
        }
        Err(error) => Err(format!("不能监听 {listen}（{error}）")),
    }
}

async fn dialled(url: &str) -> Result<String, String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("ws", url));
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    // What stands before an @ is a password.
    let host = host.rsplit('@').next().unwrap_or_default();
    let port = match scheme {
        "wss" | "https" => 443,
        _ => 80,
    };
    let address = match host.rsplit_once(':') {
        Some((_, digits)) if digits.parse::<u16>().is_ok() => host.to_owned(),
        _ => format!("{host}:{port}"),
    };
    match tokio::time::timeout(PATIENCE, TcpStream::connect(&address)).await {
        Ok(Ok(_)) => Ok(format!("{address} 连得上")),
        _ => Err(format!(
            "{address} 连不上，请确认 OneBot 程序已启动、地址和端口正确"
        )),
    }
}
