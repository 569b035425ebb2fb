//! walle-core 0.7.4, a public implementation side of OneBot 12, over all four transports: real frames,
//! real headers, and what it does against the standard (empty event ids, 403 for 401, answers in any
//! order, bots under a name of its own, no polling). Only what a chat client would do is played here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use walle_core::action::Action;
use walle_core::config::{Heartbeat, HttpClient, HttpServer, ImplConfig};
use walle_core::config::{WebSocketClient, WebSocketServer};
use walle_core::event::Event;
use walle_core::obc::ImplOBC;
use walle_core::resp::{Resp, resp_error};
use walle_core::structs::{Selft, Version};
use walle_core::{
    ActionHandler, EventHandler, GetSelfs, GetStatus, GetVersion, OneBot as Walle, WalleResult,
};

use super::{Rig, settings, words};
use crate::gateway::onebot::{Encoding, Settings, Transport};
use crate::gateway::onebot12::OneBot12;
use crate::gateway::{Sink, Source};
use crate::model::{Destination, MessageId, Outgoing, SendOutcome};

const HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const CALM: Duration = Duration::from_secs(3);

/// Through which account, and what.
type Sent = (Option<String>, Value);

/// A chat client with two accounts; keeps what was sent.
#[derive(Clone, Default)]
struct Client {
    sent: Arc<Mutex<Vec<Sent>>>,
    second: Arc<Notify>,
}

#[async_trait]
impl GetSelfs for Client {
    async fn get_selfs(&self) -> Vec<Selft> {
        let account = |id: &str| Selft {
            platform: "wechat".to_owned(),
            user_id: id.to_owned(),
        };
        vec![account("bot_a"), account("bot_b")]
    }

    async fn get_impl(&self, _: &Selft) -> String {
        "walle".to_owned()
    }
}

#[async_trait]
impl GetStatus for Client {
    async fn is_good(&self) -> bool {
        true
    }
}

impl GetVersion for Client {
    fn get_version(&self) -> Version {
        Version {
            implt: "walle".to_owned(),
            version: "0.7.4".to_owned(),
            onebot_version: "12".to_owned(),
        }
    }
}

#[async_trait]
impl ActionHandler<Event, Action, Resp> for Client {
    type Config = ();

    async fn start<AH, EH>(
        &self,
        _: &Arc<Walle<AH, EH>>,
        (): (),
    ) -> WalleResult<Vec<JoinHandle<()>>>
    where
        AH: ActionHandler<Event, Action, Resp> + Send + Sync + 'static,
        EH: EventHandler<Event, Action, Resp> + Send + Sync + 'static,
    {
        Ok(Vec::new())
    }

    async fn call<AH, EH>(&self, action: Action, _: &Arc<Walle<AH, EH>>) -> WalleResult<Resp>
    where
        AH: ActionHandler<Event, Action, Resp> + Send + Sync + 'static,
        EH: EventHandler<Event, Action, Resp> + Send + Sync + 'static,
    {
        let account = action.selft.as_ref().map(|own| own.user_id.clone());
        Ok(match action.action.as_str() {
            "get_status" => ok(&json!({"good": true, "bots": [
                {"self": {"platform": "wechat", "user_id": "bot_a"}, "online": true},
                {"self": {"platform": "wechat", "user_id": "bot_b"}, "online": true}]})),
            "get_group_list" => {
                let group = if account.as_deref() == Some("bot_b") {
                    "g2"
                } else {
                    "g1"
                };
                ok(&json!([{"group_id": group, "group_name": "一群"}]))
            }
            "send_message" => {
                let params = serde_json::to_value(&action.params).expect("JSON");
                self.send(account, params).await
            }
            other => resp_error::unsupported_action(other).into(),
        })
    }
}

impl Client {
    async fn send(&self, account: Option<String>, params: Value) -> Resp {
        let text = params.to_string();
        if text.contains("甲") {
            // Answered only when the later one is.
            self.second.notified().await;
        } else if text.contains("乙") {
            self.second.notify_one();
        } else if text.contains("违规") {
            return resp_error::platform_error("blocked").into();
        }
        for kind in ["reply", "mention"] {
            if text.contains("朴素") && text.contains(&format!("\"{kind}\"")) {
                return resp_error::unsupported_segment(kind).into();
            }
        }
        self.sent.lock().expect("whole").push((account, params));
        if text.contains("无编号") {
            return ok(&json!(true));
        }
        ok(&json!({"message_id": format!("m-{}", text.len()), "time": 1.0}))
    }
}

fn ok(data: &Value) -> Resp {
    let resp = json!({"status": "ok", "retcode": 0, "data": data, "message": ""});
    serde_json::from_value(resp).expect("an answer")
}

/// The whole implementation, running.
struct Peer {
    walle: Arc<Walle<Client, ImplOBC<Event>>>,
    client: Client,
}

impl Peer {
    async fn start(config: ImplConfig) -> Self {
        let client = Client::default();
        let walle = Walle::new(client.clone(), ImplOBC::new("walle".to_owned()));
        let walle = Arc::new(walle);
        walle.start((), config, true).await.expect("it starts");
        Self { walle, client }
    }

    /// Somebody says this; `account` hears it.
    async fn says(&self, account: &str, group: &str, id: &str, text: &str) {
        let event = json!({"id": id, "time": 1_763_596_800.5, "type": "message",
            "detail_type": "group", "sub_type": "",
            "self": {"platform": "wechat", "user_id": account},
            "message_id": id, "group_id": group, "user_id": "wxid_a", "alt_message": text,
            "message": [{"type": "mention", "data": {"user_id": account}},
                        {"type": "text", "data": {"text": text}}]});
        let event: Event = serde_json::from_value(event).expect("an event");
        self.walle.handle_event(event).await.expect("it is told");
    }

    fn sent(&self) -> Vec<Sent> {
        self.client.sent.lock().expect("whole").clone()
    }

    async fn stop(self) {
        // Its tasks end with the test's runtime, if they do not before.
        let _ = tokio::time::timeout(CALM, self.walle.shutdown(true)).await;
    }
}

fn quiet() -> ImplConfig {
    ImplConfig {
        http: Vec::new(),
        http_webhook: Vec::new(),
        websocket: Vec::new(),
        websocket_rev: Vec::new(),
        heartbeat: Heartbeat {
            enabled: false,
            interval: 1,
        },
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind((HOST, 0)).expect("loopback");
    listener.local_addr().expect("bound").port()
}

fn start(transport: Transport, encoding: Encoding) -> Rig {
    let settings = Settings {
        token: Some("t".into()),
        encoding,
        ..settings(transport, CALM)
    };
    Rig::start(Arc::new(OneBot12), settings)
}

/// A forward gateway and the implementation it dials.
async fn forward(encoding: Encoding) -> (Rig, Peer) {
    let port = free_port();
    let server = WebSocketServer {
        host: HOST,
        port,
        access_token: Some("t".to_owned()),
    };
    let peer = Peer::start(ImplConfig {
        websocket: vec![server],
        heartbeat: Heartbeat {
            enabled: true,
            interval: 1,
        },
        ..quiet()
    })
    .await;
    let url = format!("ws://127.0.0.1:{port}/");
    (start(Transport::Forward { url }, encoding), peer)
}

fn reverse() -> Rig {
    let transport = Transport::Reverse {
        listen: SocketAddr::from((HOST, 0)),
        path: "/onebot/v12".to_owned(),
    };
    start(transport, Encoding::Json)
}

/// An implementation that dials a reverse gateway.
async fn dialling(address: SocketAddr) -> Peer {
    let client = WebSocketClient {
        url: format!("ws://{address}/onebot/v12"),
        access_token: Some("t".to_owned()),
        reconnect_interval: 1,
    };
    Peer::start(ImplConfig {
        websocket_rev: vec![client],
        ..quiet()
    })
    .await
}

fn to(group: &str, text: &str) -> Outgoing {
    Outgoing {
        to: Destination::Group(group.into()),
        text: text.to_owned(),
        ..words()
    }
}

/// Heard, answered, and everything said goes through the account that is in the group.
async fn converse(rig: &mut Rig, peer: &Peer) {
    rig.ready().await;
    peer.says("bot_b", "g3", "6283", "3栋停电了").await;
    let heard = rig.message().await;
    assert_eq!(heard.text, "@bot_b\u{2005}3栋停电了");
    assert!(heard.mentions_bot);
    let outcome = rig.gateway.send(&to("g3", "已受理")).await;
    assert!(
        matches!(&outcome, SendOutcome::Sent { message: Some(id) } if id.as_str().starts_with("m-")),
        "{outcome:?}"
    );
    // Listed, not heard yet.
    let outcome = rig.gateway.send(&to("g1", "无编号")).await;
    assert_eq!(outcome, SendOutcome::Sent { message: None });
    let outcome = rig.gateway.send(&to("g2", "违规")).await;
    assert!(
        matches!(outcome, SendOutcome::Refused { .. }),
        "{outcome:?}"
    );
    let sent = peer.sent();
    let through: Vec<_> = sent.iter().map(|(account, _)| account.as_deref()).collect();
    assert_eq!(through, [Some("bot_b"), Some("bot_a")]);
    assert_eq!(sent[0].1["group_id"], "g3");
}

#[tokio::test]
async fn forward_with_two_accounts_on_one_connection() {
    let (mut rig, peer) = forward(Encoding::Json).await;
    converse(&mut rig, &peer).await;
    rig.stop().await;
    peer.stop().await;
}

#[tokio::test]
async fn forward_in_messagepack() {
    let (mut rig, peer) = forward(Encoding::MessagePack).await;
    converse(&mut rig, &peer).await;
    rig.stop().await;
    peer.stop().await;
}

#[tokio::test]
async fn reverse_with_the_subprotocol_it_asks_for() {
    let mut rig = reverse();
    let peer = dialling(rig.listening().await).await;
    converse(&mut rig, &peer).await;
    rig.stop().await;
    peer.stop().await;
}

#[tokio::test]
async fn http_with_a_webhook_in_both_encodings() {
    for encoding in [Encoding::Json, Encoding::MessagePack] {
        let port = free_port();
        let transport = Transport::Webhook {
            actions: format!("http://127.0.0.1:{port}"),
            listen: SocketAddr::from((HOST, 0)),
            path: "/onebot/v12".to_owned(),
        };
        let mut rig = start(transport, encoding);
        let server = HttpServer {
            host: HOST,
            port,
            access_token: Some("t".to_owned()),
        };
        let webhook = HttpClient {
            url: format!("http://{}/onebot/v12", rig.listening().await),
            access_token: Some("t".to_owned()),
            ..HttpClient::default()
        };
        let peer = Peer::start(ImplConfig {
            http: vec![server],
            http_webhook: vec![webhook],
            ..quiet()
        })
        .await;
        converse(&mut rig, &peer).await;
        rig.stop().await;
        peer.stop().await;
    }
}

#[tokio::test]
async fn answers_in_any_order_find_their_calls() {
    let (rig, peer) = forward(Encoding::Json).await;
    rig.ready().await;
    let (first, second) = (to("g1", "甲"), to("g1", "乙乙乙乙"));
    let (first, second) = tokio::join!(rig.gateway.send(&first), rig.gateway.send(&second));
    let (
        SendOutcome::Sent {
            message: Some(first),
        },
        SendOutcome::Sent {
            message: Some(second),
        },
    ) = (first, second)
    else {
        panic!("not both were sent");
    };
    let length = |id: &MessageId| id.as_str()[2..].parse::<usize>().expect("a length");
    assert_eq!(length(&second) - length(&first), 9);
    rig.stop().await;
    peer.stop().await;
}

#[tokio::test]
async fn what_an_implementation_cannot_write_is_said_plainer() {
    let (rig, peer) = forward(Encoding::Json).await;
    rig.ready().await;
    let outgoing = Outgoing {
        mentions: vec![("wxid_a".into(), "王先生".to_owned())],
        quote: Some(MessageId::from("6283")),
        ..to("g1", "朴素")
    };
    let outcome = rig.gateway.send(&outgoing).await;
    assert!(matches!(outcome, SendOutcome::Sent { .. }), "{outcome:?}");
    let (_, params) = peer.sent().remove(0);
    let text = json!([{"type": "text", "data": {"text": "王先生：朴素"}}]);
    assert_eq!(params["message"], text);
    rig.stop().await;
    peer.stop().await;
}

#[tokio::test]
async fn a_second_connection_of_the_same_accounts_takes_the_place_of_the_first() {
    let mut rig = reverse();
    let address = rig.listening().await;
    let older = dialling(address).await;
    converse(&mut rig, &older).await;
    // It stops first, so that it does not come back and take its place in turn.
    let newer = dialling(address).await;
    loop {
        newer.says("bot_a", "g1", "n", "新连接").await;
        let heard = tokio::time::timeout(Duration::from_millis(200), rig.message()).await;
        if heard.is_ok_and(|message| message.text.contains("新连接")) {
            break;
        }
    }
    let before = older.sent().len();
    older.stop().await;
    rig.ready().await;
    let outcome = rig.gateway.send(&to("g1", "给新的")).await;
    assert!(matches!(outcome, SendOutcome::Sent { .. }), "{outcome:?}");
    assert_eq!((before, newer.sent().len()), (2, 1));
    rig.stop().await;
    newer.stop().await;
}

#[tokio::test]
async fn a_wrong_token_and_missing_polling_are_told_in_words() {
    let port = free_port();
    let server = |token: &str| HttpServer {
        host: HOST,
        port,
        access_token: Some(token.to_owned()),
    };
    for (token, said) in [("other", "令牌"), ("t", "不支持轮询")] {
        let peer = Peer::start(ImplConfig {
            http: vec![server(token)],
            ..quiet()
        })
        .await;
        let actions = format!("http://127.0.0.1:{port}");
        let rig = start(Transport::Polling { actions }, Encoding::Json);
        let told = async {
            while !Source::health(&*rig.gateway).trouble.contains(said) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let told = tokio::time::timeout(super::PATIENCE, told).await;
        assert!(told.is_ok(), "{:?}", Source::health(&*rig.gateway));
        rig.stop().await;
        peer.stop().await;
    }
}
