//! From the configuration to a gateway that is ready to run, and whether the other side is there.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use super::{HEARS, OneBot11, Settings, Transport, WRITES};
use crate::config;
use crate::gateway::Profile;
use crate::gateway::registry::Opened;
use crate::model::{Clock, GatewayId};

/// How long the other side may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// Makes the gateway ready to run.
pub(in crate::gateway) fn open(
    id: &GatewayId,
    config: &config::OneBot,
    clock: &Arc<dyn Clock>,
) -> Opened {
    let (transport, way) = match &config.transport {
        config::Transport::Forward(url) => (
            Transport::Forward { url: url.clone() },
            "正向 WebSocket（我们连过去）",
        ),
        config::Transport::Reverse(listen, path) => (
            Transport::Reverse {
                listen: *listen,
                path: path.clone(),
            },
            "反向 WebSocket（等对方连过来）",
        ),
    };
    let settings = Settings {
        token: config.token.clone(),
        heartbeat: config.heartbeat,
        ..Settings::new(transport)
    };
    let gateway = Arc::new(OneBot11::new(id.clone(), settings, clock.clone()));
    let profile = Profile {
        id: id.clone(),
        protocol: "OneBot 11",
        way: way.to_owned(),
        source: Some(HEARS),
        sink: Some(WRITES),
    };
    Opened {
        profile,
        source: Some(gateway.clone()),
        sink: Some(gateway),
    }
}

/// Whether the other side is there when we dial, whether the port is free when we listen.
pub(in crate::gateway) async fn reach(config: &config::OneBot) -> Result<String, String> {
    match &config.transport {
        config::Transport::Forward(url) => dialled(url).await,
        config::Transport::Reverse(listen, path) => match TcpListener::bind(listen).await {
            Ok(_) => Ok(format!("等待对方连到 ws://{listen}{path}")),
            Err(_) if TcpStream::connect(listen).await.is_ok() => {
                Ok(format!("{listen} 已在监听（机器人正在运行）"))
            }
            Err(error) => Err(format!("不能监听 {listen}（{error}）")),
        },
    }
}

async fn dialled(url: &str) -> Result<String, String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("ws", url));
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    // What stands before an @ is a password.
    let host = host.rsplit('@').next().unwrap_or_default();
    let port = if scheme == "wss" { 443 } else { 80 };
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
