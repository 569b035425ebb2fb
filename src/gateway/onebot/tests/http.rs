//! HTTP with a webhook and with polling, against an implementation of our own.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Rig, settings, words};
use crate::gateway::client::unencrypted;
use crate::gateway::onebot::{OneBot, Settings, Transport};
use crate::gateway::onebot11::OneBot11;
use crate::gateway::onebot12::OneBot12;
use crate::gateway::{GatewayError, Inbound, Sink, Source};
use crate::model::{MessageId, SendOutcome, SystemClock};

const CALM: Duration = Duration::from_secs(2);

/// An implementation: what was asked of it, and what it answers to a send.
#[derive(Clone, Default)]
struct Peer {
    asked: Arc<Mutex<Vec<(String, Value)>>>,
    sends: Arc<Mutex<VecDeque<(StatusCode, Value)>>>,
    events: Arc<Mutex<VecDeque<Value>>>,
}

impl Peer {
    /// Where it answers.
    async fn start(&self) -> String {
        let router = Router::new()
            .route("/", post(v12))
            .route("/{action}", post(v11))
            .with_state(self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("bound");
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    fn answers(&self, status: u16, body: Value) {
        let status = StatusCode::from_u16(status).expect("a status");
        self.sends.lock().expect("whole").push_back((status, body));
    }

    fn answer(&self, headers: &HeaderMap, action: &str, params: &Value) -> Response {
        if headers
            .get("authorization")
            .is_none_or(|it| it != "Bearer t")
        {
            return StatusCode::FORBIDDEN.into_response();
        }
        self.asked
            .lock()
            .expect("whole")
            .push((action.to_owned(), params.clone()));
        let ok = |data: Value| json!({"status": "ok", "retcode": 0, "data": data, "message": ""});
        let answer = match action {
            "get_status" => ok(json!({"good": true, "online": true,
                "bots": [{"self": {"platform": "wechat", "user_id": "99"}, "online": true}]})),
            "get_login_info" => ok(json!({"user_id": 99})),
            "get_group_list" => ok(json!([])),
            "get_latest_events" => {
                let events: Vec<Value> = self.events.lock().expect("whole").drain(..).collect();
                ok(json!(events))
            }
            _ => {
                let scripted = self.sends.lock().expect("whole").pop_front();
                let (status, body) = scripted.expect("a send was expected");
                return (status, Json(body)).into_response();
            }
        };
        Json(answer).into_response()
    }
}

async fn v11(
    State(peer): State<Peer>,
    Path(action): Path<String>,
    headers: HeaderMap,
    Json(params): Json<Value>,
) -> Response {
    peer.answer(&headers, &action, &params)
}

async fn v12(State(peer): State<Peer>, headers: HeaderMap, Json(call): Json<Value>) -> Response {
    let action = call["action"].as_str().expect("an action").to_owned();
    peer.answer(&headers, &action, &call["params"])
}

fn webhook(actions: String, secret: Option<&str>) -> Settings {
    let transport = Transport::Webhook {
        actions,
        listen: "127.0.0.1:0".parse().expect("an address"),
        path: "/onebot".to_owned(),
    };
    Settings {
        token: Some("t".into()),
        secret: secret.map(Into::into),
        ..settings(transport, CALM)
    }
}

fn event_v11(id: u32, text: &str) -> String {
    json!({"post_type": "message", "message_type": "group", "self_id": 99, "time": 1_763_596_800,
        "message_id": id, "group_id": 100_200, "user_id": 7, "message": text})
    .to_string()
}

fn event_v12(id: u32, text: &str) -> Value {
    json!({"id": "", "type": "message", "detail_type": "group", "sub_type": "", "time": 1_763_596_800.0,
        "self": {"platform": "wechat", "user_id": "99"}, "message_id": id.to_string(),
        "group_id": "100200", "user_id": "7", "alt_message": text,
        "message": [{"type": "text", "data": {"text": text}}]})
}

fn signature(body: &str) -> String {
    use std::fmt::Write as _;
    let mut mac = Hmac::<Sha1>::new_from_slice(b"k").expect("any key");
    mac.update(body.as_bytes());
    let mut signature = "sha1=".to_owned();
    for byte in mac.finalize().into_bytes() {
        write!(signature, "{byte:02x}").expect("a string takes all");
    }
    signature
}

type Right = fn(&SendOutcome) -> bool;

fn client() -> reqwest::Client {
    let builder = unencrypted().expect("made");
    builder.build().expect("made")
}

/// Posts an event; the status it is answered with.
async fn push(address: SocketAddr, body: String, header: Option<(&str, String)>) -> (u16, String) {
    let mut request = client().post(format!("http://{address}/onebot"));
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let answered = request.body(body).send().await.expect("answered");
    (
        answered.status().as_u16(),
        answered.text().await.expect("text"),
    )
}

#[tokio::test]
async fn a_signed_event_is_answered_with_nothing_once_it_is_committed() {
    let peer = Peer::default();
    let mut rig = Rig::start(Arc::new(OneBot11), webhook(peer.start().await, Some("k")));
    let address = rig.listening().await;
    let body = event_v11(1, "3栋停电了");
    let pushed = tokio::spawn({
        let header = Some(("x-signature", signature(&body)));
        push(address, body, header)
    });
    let kept = loop {
        let heard = rig.heard.recv().await.expect("it runs").1;
        if let Inbound::Message { message, done, .. } = heard {
            assert_eq!(message.text, "3栋停电了");
            break done.expect("somebody waits for the commit");
        }
    };
    assert!(!pushed.is_finished(), "answered before the commit");
    kept.send(true).expect("still waiting");
    assert_eq!(pushed.await.expect("no panic"), (204, String::new()));
    rig.stop().await;
}

#[tokio::test]
async fn strangers_and_giants_are_turned_away_and_broken_events_are_not_sent_again() {
    let peer = Peer::default();
    let mut rig = Rig::start(Arc::new(OneBot11), webhook(peer.start().await, Some("k")));
    let address = rig.listening().await;
    let body = event_v11(1, "停电");
    assert_eq!(push(address, body.clone(), None).await.0, 401);
    let forged = Some(("x-signature", signature("another")));
    assert_eq!(push(address, body.clone(), forged).await.0, 403);
    // The token of the actions opens nothing here.
    let token = Some(("authorization", "Bearer t".to_owned()));
    assert_eq!(push(address, body, token).await.0, 401);
    let giant = "x".repeat((1 << 20) + 1);
    assert_eq!(push(address, giant, None).await.0, 413);
    let broken = "{\"post_type\":".to_owned();
    let header = Some(("x-signature", signature(&broken)));
    assert_eq!(push(address, broken, header).await.0, 204);
    loop {
        match rig.heard.recv().await.expect("it runs").1 {
            Inbound::Unreadable { reason, body } => {
                assert_eq!((reason, &*body), ("not JSON", &b"{\"post_type\":"[..]));
                break;
            }
            Inbound::Message { .. } => panic!("a stranger was heard"),
            _ => {}
        }
    }
    rig.stop().await;
}

#[tokio::test]
async fn the_answer_over_http_says_whether_it_was_sent() {
    let peer = Peer::default();
    let rig = Rig::start(Arc::new(OneBot11), webhook(peer.start().await, None));
    rig.ready().await;
    let ok = json!({"status": "ok", "retcode": 0, "data": {"message_id": -8}});
    let cases: [(u16, Value, Right); 6] = [
        (200, ok, |it| {
            *it == SendOutcome::Sent {
                message: Some(MessageId::from("-8")),
            }
        }),
        (404, json!(null), |it| {
            matches!(it, SendOutcome::Refused { .. })
        }),
        (401, json!(null), |it| {
            matches!(it, SendOutcome::NotSent { .. })
        }),
        (429, json!(null), |it| {
            matches!(it, SendOutcome::NotSent { .. })
        }),
        (502, json!(null), |it| {
            matches!(it, SendOutcome::Unknown { .. })
        }),
        (200, json!("?"), |it| {
            matches!(it, SendOutcome::Unknown { .. })
        }),
    ];
    for (status, body, right) in cases {
        peer.answers(status, body);
        let outcome = rig.gateway.send(&words()).await;
        assert!(right(&outcome), "{status}: {outcome:?}");
    }
    let asked = peer.asked.lock().expect("whole").clone();
    let sent: Vec<_> = asked
        .iter()
        .filter(|(action, _)| action == "send_group_msg")
        .collect();
    assert_eq!(sent.len(), 6);
    assert_eq!(sent[0].1["group_id"], 100_200);
    rig.stop().await;
}

#[tokio::test]
async fn nobody_there_is_known_not_to_have_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let nobody = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let rig = Rig::start(Arc::new(OneBot11), webhook(nobody, None));
    rig.listening().await;
    let outcome = rig.gateway.send(&words()).await;
    assert!(
        matches!(outcome, SendOutcome::NotSent { .. }),
        "{outcome:?}"
    );
    assert!(!Source::health(&*rig.gateway).connected);
    rig.stop().await;
}

#[tokio::test]
async fn a_door_that_cannot_be_opened_is_told_at_once() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let transport = Transport::Webhook {
        actions: "http://127.0.0.1:9/".to_owned(),
        listen: taken.local_addr().expect("bound"),
        path: "/onebot".to_owned(),
    };
    let settings = settings(transport, CALM);
    let gateway = OneBot::new(
        "wx".into(),
        Arc::new(OneBot11),
        settings,
        Arc::new(SystemClock),
    );
    let (inbox, _heard) = mpsc::channel(1);
    let running = gateway.run(inbox, CancellationToken::new());
    let ended = tokio::time::timeout(super::PATIENCE, running).await;
    assert!(matches!(ended, Ok(Err(GatewayError::Listen { .. }))));
}

#[tokio::test]
async fn events_are_fetched_in_order_and_answered() {
    let peer = Peer::default();
    let events = [event_v12(1, "3栋停电了"), event_v12(2, "我家也是")];
    peer.events.lock().expect("whole").extend(events);
    let transport = Transport::Polling {
        actions: peer.start().await,
    };
    let settings = Settings {
        token: Some("t".into()),
        ..settings(transport, CALM)
    };
    let mut rig = Rig::start(Arc::new(OneBot12), settings);
    assert_eq!(rig.message().await.text, "3栋停电了");
    assert_eq!(rig.message().await.text, "我家也是");
    rig.ready().await;
    peer.answers(
        200,
        json!({"status": "ok", "retcode": 0, "data": true, "message": ""}),
    );
    let outcome = rig.gateway.send(&words()).await;
    assert_eq!(outcome, SendOutcome::Sent { message: None });
    let later = event_v12(3, "来电了");
    peer.events.lock().expect("whole").push_back(later);
    assert_eq!(rig.message().await.text, "来电了");
    assert!(Source::capabilities(&*rig.gateway).history);
    rig.stop().await;
}
