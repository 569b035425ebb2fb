//! The whole way over loopback: bodies that come in, words that go out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::any;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{clock, config};
use crate::config::webhook::Webhook;
use crate::gateway::client::unencrypted;
use crate::gateway::mapped::{Core, Mapped};
use crate::gateway::{Inbound, Sink, Source};
use crate::model::{Destination, GatewayId, Outgoing, SayingId, SendOutcome};

const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway that runs on loopback, and what it hears.
struct Rig {
    gateway: Arc<Mapped>,
    heard: mpsc::Receiver<(GatewayId, Inbound)>,
    url: String,
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

fn mapped(config: Webhook) -> Arc<Mapped> {
    Arc::new(Mapped(Arc::new(Core::new(
        GatewayId::from("hook"),
        config,
        clock(),
    ))))
}

impl Rig {
    async fn start(rest: &str) -> Self {
        let gateway = mapped(config(rest));
        let (inbox, heard) = mpsc::channel(8);
        let stop = CancellationToken::new();
        let running = {
            let (gateway, stop) = (gateway.clone(), stop.clone());
            tokio::spawn(async move {
                let ended = gateway.run(inbox, stop).await;
                ended.expect("loopback can be listened on");
            })
        };
        let mut listening = gateway.listening.subscribe();
        let address = *listening.wait_for(Option::is_some).await.expect("listens");
        let url = format!("http://{}/webhook", address.expect("bound"));
        Self {
            gateway,
            heard,
            url,
            stop,
            running,
        }
    }

    fn post(&self, headers: &[(&str, &str)], body: &str) -> tokio::task::JoinHandle<(u16, String)> {
        let client = unencrypted().expect("a client").build().expect("a client");
        let mut request = client.post(&self.url).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        tokio::spawn(async move {
            let response = request.send().await.expect("answered");
            let status = response.status().as_u16();
            (status, response.text().await.expect("a body"))
        })
    }

    async fn hear(&mut self, kept: Option<bool>) -> Inbound {
        let heard = tokio::time::timeout(PATIENCE, self.heard.recv()).await;
        let mut heard = heard.expect("in time").expect("the source runs").1;
        if let Inbound::Message { done, .. } = &mut heard {
            let done = done.take().expect("somebody waits");
            if let Some(kept) = kept {
                done.send(kept).expect("still waits");
            }
        }
        heard
    }

    async fn stop(self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, self.running).await;
        ended.expect("stops in time").expect("no panic");
    }
}

const LINES: &str = "preset = \"lines\"\nlisten = \"127.0.0.1:0\"\n";

fn line(id: &str) -> String {
    json!({"id": id, "group": {"id": "g1"}, "sender": {"id": "u7"}, "text": "停电"}).to_string()
}

#[tokio::test]
async fn a_caller_is_answered_when_all_it_brought_is_committed() {
    let mut rig = Rig::start(&format!("{LINES}answer = '{{\"code\":0}}'")).await;
    let asked = rig.post(&[], &line("1"));
    assert!(matches!(
        rig.hear(Some(true)).await,
        Inbound::Message { .. }
    ));
    assert_eq!(
        asked.await.expect("no panic"),
        (200, "{\"code\":0}".to_owned())
    );
    let asked = rig.post(&[], &line("2"));
    rig.hear(Some(false)).await;
    assert_eq!(asked.await.expect("no panic").0, 500);
    let asked = rig.post(&[], &line("3"));
    rig.hear(None).await;
    assert_eq!(asked.await.expect("no panic").0, 503);
    rig.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_well_and_kept_to_be_read_again() {
    let mut rig = Rig::start(LINES).await;
    for (body, expected) in [
        ("停电", "not JSON"),
        (
            "{\"id\":\"1\",\"sender\":{\"id\":\"u\"},\"text\":\"停电\"}",
            "no group",
        ),
    ] {
        let asked = rig.post(&[], body);
        let Inbound::Unreadable { reason, body: kept } = rig.hear(None).await else {
            panic!("it was read");
        };
        assert_eq!(reason, expected);
        assert!(rig.gateway.read_again(&kept).is_none());
        assert_eq!(asked.await.expect("no panic").0, 200, "never sent again");
    }
    assert!(Source::health(&*rig.gateway).trouble.contains("group"));
    assert!(rig.gateway.read_again(line("1").as_bytes()).is_some());
    rig.stop().await;
}

#[tokio::test]
async fn a_list_is_kept_whole_or_turned_away() {
    let each = "listen = \"127.0.0.1:0\"\n[gateway.read]\neach = \"/all\"\nid = \"/n\"\ngroup = \"/g\"\nsender = \"/s\"\ntext = \"/t\"";
    let mut rig = Rig::start(each).await;
    let list = |many: usize| {
        let items = (0..many).map(|n| json!({"n": n, "s": "u", "t": "停电"}));
        json!({"g": "g1", "all": items.collect::<Vec<_>>()}).to_string()
    };
    let asked = rig.post(&[], &list(3));
    for kept in [true, false, true] {
        rig.hear(Some(kept)).await;
    }
    assert_eq!(asked.await.expect("no panic").0, 500, "one was not kept");
    let asked = rig.post(&[], &list(501));
    assert_eq!(asked.await.expect("no panic").0, 413);
    rig.stop().await;
}

#[tokio::test]
async fn strangers_and_giants_are_turned_away() {
    let guarded =
        format!("{LINES}token = \"t\"\nsecret = \"s\"\nsignature = {{ header = \"X-Sign\" }}");
    let mut rig = Rig::start(&guarded).await;
    let body = line("1");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s").expect("any length");
    mac.update(body.as_bytes());
    let signed = mac.finalize().into_bytes();
    let digits: Vec<String> = signed.iter().map(|byte| format!("{byte:02x}")).collect();
    let sign = digits.concat();
    let signed = ("X-Sign", sign.as_str());
    for (headers, status) in [
        (vec![], 401),
        (vec![signed], 401),
        (vec![("Authorization", "Bearer t")], 401),
        (vec![("Authorization", "Bearer x"), signed], 403),
        (vec![("Authorization", "Bearer t"), ("X-Sign", "00")], 403),
    ] {
        let answered = rig.post(&headers, &body).await.expect("no panic").0;
        assert_eq!(answered, status, "{headers:?}");
    }
    let giant = "x".repeat(2 << 20);
    assert_eq!(rig.post(&[], &giant).await.expect("no panic").0, 413);
    let right = rig.post(&[("Authorization", "Bearer t"), signed], &body);
    rig.hear(Some(true)).await;
    assert_eq!(right.await.expect("no panic").0, 200);
    rig.stop().await;

    let rig = Rig::start(&format!("{LINES}allow = [\"10.9.8.7\"]")).await;
    assert_eq!(rig.post(&[], &body).await.expect("no panic").0, 403);
    rig.stop().await;
}

/// Where words are posted: what came, and what is answered.
#[derive(Clone, Default)]
struct Peer {
    asked: Arc<Mutex<Vec<(Uri, HeaderMap, String)>>>,
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
}

async fn answered(
    State(peer): State<Peer>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, String) {
    peer.asked.lock().expect("whole").push((uri, headers, body));
    let (status, body) = peer
        .answers
        .lock()
        .expect("whole")
        .pop_front()
        .expect("expected");
    (StatusCode::from_u16(status).expect("a status"), body)
}

impl Peer {
    async fn start(&self) -> String {
        let router = Router::new()
            .fallback(any(answered))
            .with_state(self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("bound");
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    async fn outcome(&self, gateway: &Mapped, status: u16, body: &str) -> SendOutcome {
        self.answers
            .lock()
            .expect("whole")
            .push_back((status, body.to_owned()));
        gateway.send(&words()).await
    }
}

fn words() -> Outgoing {
    Outgoing {
        saying: SayingId::from("s1"),
        gateway: GatewayId::from("hook"),
        to: Destination::Group("5@chatroom".into()),
        text: "已受理\n\"12\" {text} \\".to_owned(),
        mentions: vec![("wxid_a".into(), "王\"先生".to_owned())],
        quote: None,
    }
}

#[tokio::test]
async fn words_are_posted_as_the_template_says_whatever_is_in_them() {
    let peer = Peer::default();
    let url = peer.start().await;
    let gateway = mapped(config(&format!(
        "send_token = \"open-sesame\"\n[gateway.write]\nurl = \"{url}/send/{{to}}\"\nheaders = {{ X-Token = \"{{token}}\" }}\nbody = '{{\"a\": {{\"to\": \"{{to}}\", \"n\": \"{{to:number}}\"}}, \"t\": \"{{at_names}}{{text}}\", \"l\": \"{{mentions}}\", \"m\": \"{{mention_ids}}\", \"q\": \"{{quote}}\", \"c\": [1, null]}}'\nsuccess = \"/ret == 200\"\nmessage_id = \"/data/id\""
    )));
    let sent = peer
        .outcome(&gateway, 200, "{\"ret\":200,\"data\":{\"id\":77}}")
        .await;
    let message = Some("77".into());
    assert_eq!(sent, SendOutcome::Sent { message });
    let (uri, headers, body) = peer.asked.lock().expect("whole").remove(0);
    assert_eq!(uri.path(), "/send/5%40chatroom");
    assert_eq!(headers["x-token"], "open-sesame");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    let expected = json!({"a": {"to": "5@chatroom", "n": "5@chatroom"},
        "t": "@王\"先生 已受理\n\"12\" {text} \\", "l": ["wxid_a"], "m": "wxid_a", "c": [1, null]});
    assert_eq!(body, expected, "a slot with nothing is left out");
}

#[tokio::test]
async fn every_answer_is_sorted_into_what_it_proves() {
    let peer = Peer::default();
    let url = peer.start().await;
    let gateway = mapped(config(&format!(
        "send_token = \"open-sesame\"\n[gateway.write]\nurl = \"{url}/\"\nform = {{ t = \"{{text}}\", k = \"{{token}}\" }}\nsuccess = \"/ret == 0\"\nretry = \"/ret == 45009\"\nunknown = \"/ret == 1200\""
    )));
    let name = |outcome: &SendOutcome| match outcome {
        SendOutcome::Sent { .. } => "sent",
        SendOutcome::Refused { .. } => "refused",
        SendOutcome::NotSent { .. } => "not sent",
        SendOutcome::Unknown { .. } => "unknown",
    };
    for (status, body, expected) in [
        (200, "{\"ret\":\"0\"}", "sent"),
        (200, "{\"ret\":45009}", "not sent"),
        (200, "{\"ret\":1200}", "unknown"),
        (200, "{\"ret\":\"open-sesame\"}", "refused"),
        (200, "{}", "unknown"),
        (200, "<html>", "unknown"),
        (401, "", "not sent"),
        (429, "", "not sent"),
        (404, "", "refused"),
        (302, "", "refused"),
        (500, "", "unknown"),
    ] {
        let outcome = peer.outcome(&gateway, status, body).await;
        assert_eq!(name(&outcome), expected, "{status} {body}");
        assert!(!format!("{outcome:?}").contains("open-sesame"));
    }
    let (_, headers, body) = peer.asked.lock().expect("whole").remove(0);
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    assert!(body.ends_with("%7Btext%7D+%5C"), "{body}");
    let away = mapped(config(
        "[gateway.write]\nurl = \"http://127.0.0.1:1/\"\nbody = '[\"{text}\"]'",
    ));
    assert_eq!(name(&away.send(&words()).await), "not sent");
    assert!(!Sink::health(&*away).acting);
}
