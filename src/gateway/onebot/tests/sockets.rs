//! Sockets of both directions against a scripted implementation of version 11 on loopback.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::{Error, Message as Wire};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, accept_async, connect_async};

use super::{Rig, words};
use crate::gateway::onebot::{Settings, Transport};
use crate::gateway::onebot11::OneBot11;
use crate::gateway::{Sink, Source};
use crate::model::{MessageId, Outgoing, SendOutcome};

const BEAT: Duration = Duration::from_millis(40);

/// A forward gateway and the listener it dials.
async fn forward(heartbeat: Duration) -> (Rig, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let url = format!("ws://{}/", listener.local_addr().expect("bound"));
    let settings = Settings {
        token: Some("secret".into()),
        ..super::settings(Transport::Forward { url }, heartbeat)
    };
    (Rig::start(Arc::new(OneBot11), settings), listener)
}

/// A reverse gateway and the address it listens on.
async fn reverse(token: Option<&str>) -> (Rig, String) {
    let transport = Transport::Reverse {
        listen: "127.0.0.1:0".parse().expect("an address"),
        path: "/onebot/v11".to_owned(),
    };
    let settings = Settings {
        token: token.map(Into::into),
        ..super::settings(transport, Duration::from_secs(5))
    };
    let rig = Rig::start(Arc::new(OneBot11), settings);
    let address = rig.listening().await;
    (rig, format!("ws://{address}/onebot/v11"))
}

fn event(id: u32, text: &str) -> Wire {
    Wire::text(
        json!({"post_type": "message", "message_type": "group", "self_id": 99, "time": 1_763_596_800,
            "message_id": id, "group_id": 100_200, "user_id": 7, "message": text})
        .to_string(),
    )
}

/// Answers probes by itself and returns the first action that is not one.
async fn next_action<S>(socket: &mut WebSocketStream<S>) -> Option<Value>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(Ok(frame)) = socket.next().await {
        let Wire::Text(text) = frame else { continue };
        let call: Value = serde_json::from_str(&text).expect("calls are JSON");
        let data = match call["action"].as_str().expect("an action") {
            "get_status" => json!({"online": true, "good": true}),
            "get_login_info" => json!({"user_id": 99, "nickname": "小助手"}),
            "get_group_list" => json!([{"group_id": 100_200, "group_name": "一群"}]),
            _ => return Some(call),
        };
        answer(socket, &call, data).await;
    }
    None
}

async fn answer<S>(socket: &mut WebSocketStream<S>, call: &Value, data: Value)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let reply = json!({"status": "ok", "retcode": 0, "data": data, "echo": call["echo"]});
    socket
        .send(Wire::text(reply.to_string()))
        .await
        .expect("the gateway reads");
}

async fn accept(listener: &TcpListener) -> WebSocketStream<TcpStream> {
    let (stream, _) = listener.accept().await.expect("the gateway dials");
    accept_async(stream).await.expect("a WebSocket")
}

async fn dial(url: &str, token: &str) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Error> {
    connect_async(format!("{url}?access_token={token}"))
        .await
        .map(|(socket, _)| socket)
}

#[tokio::test]
async fn forward_hears_a_message_and_sends_an_answer() {
    let (mut rig, listener) = forward(Duration::from_secs(5)).await;
    let peer = tokio::spawn(async move {
        let mut socket = accept(&listener).await;
        socket.send(event(1, "3栋停电了")).await.expect("sent");
        let call = next_action(&mut socket).await.expect("a send");
        assert_eq!(call["action"], "send_group_msg");
        assert_eq!(call["params"]["group_id"], 100_200);
        answer(&mut socket, &call, json!({"message_id": -8})).await;
        next_action(&mut socket).await;
    });
    assert_eq!(rig.message().await.text, "3栋停电了");
    let outcome = rig.gateway.send(&words()).await;
    assert_eq!(
        outcome,
        SendOutcome::Sent {
            message: Some(MessageId::from("-8"))
        }
    );
    assert!(Source::health(&*rig.gateway).acting);
    rig.stop().await;
    peer.await.expect("the script holds");
}

#[tokio::test]
async fn reverse_hears_a_message_and_sends_an_answer() {
    let (mut rig, url) = reverse(Some("secret")).await;
    let mut socket = dial(&url, "secret").await.expect("the token opens");
    socket.send(event(1, "3栋停电了")).await.expect("sent");
    let peer = tokio::spawn(async move {
        let call = next_action(&mut socket).await.expect("a send");
        answer(&mut socket, &call, json!({"message_id": "abc"})).await;
        next_action(&mut socket).await;
    });
    assert_eq!(rig.message().await.text, "3栋停电了");
    let outcome = rig.gateway.send(&words()).await;
    assert_eq!(
        outcome,
        SendOutcome::Sent {
            message: Some(MessageId::from("abc"))
        }
    );
    rig.stop().await;
    peer.await.expect("the script holds");
}

#[tokio::test]
async fn reverse_turns_a_wrong_token_away() {
    let (rig, url) = reverse(Some("secret")).await;
    let status = match dial(&url, "guess").await {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("not turned away: {other:?}"),
    };
    assert_eq!(status, 403);
    rig.stop().await;
}

#[tokio::test]
async fn a_newer_reverse_connection_takes_the_place_of_the_old() {
    let (mut rig, url) = reverse(None).await;
    let mut old = dial(&url, "").await.expect("open");
    old.send(event(1, "旧连接")).await.expect("sent");
    assert_eq!(rig.message().await.text, "旧连接");
    let mut new = dial(&url, "").await.expect("open");
    new.send(event(2, "新连接")).await.expect("sent");
    assert_eq!(rig.message().await.text, "新连接");
    while let Some(Ok(_)) = old.next().await {}
    rig.stop().await;
}

#[tokio::test]
async fn after_a_replacement_words_go_out_through_the_new_connection() {
    let (mut rig, url) = reverse(None).await;
    let mut old = dial(&url, "").await.expect("open");
    old.send(event(1, "旧连接")).await.expect("sent");
    assert_eq!(rig.message().await.text, "旧连接");
    // A call is under way on the old connection when the new one comes.
    let pending = {
        let gateway = rig.gateway.clone();
        tokio::spawn(async move { gateway.send(&words()).await })
    };
    next_action(&mut old).await.expect("a send");
    let mut new = dial(&url, "").await.expect("open");
    new.send(event(2, "新连接")).await.expect("sent");
    assert_eq!(rig.message().await.text, "新连接");
    assert!(matches!(
        pending.await.expect("no panic"),
        SendOutcome::Unknown { .. }
    ));
    let peer = tokio::spawn(async move {
        let call = next_action(&mut new).await.expect("a send");
        answer(&mut new, &call, json!({"message_id": 9})).await;
        next_action(&mut new).await;
    });
    let outcome = rig.gateway.send(&words()).await;
    assert_eq!(
        outcome,
        SendOutcome::Sent {
            message: Some(MessageId::from("9"))
        }
    );
    rig.stop().await;
    peer.await.expect("the script holds");
}

#[tokio::test]
async fn a_silent_socket_is_found_dead_and_dialled_again() {
    let (rig, listener) = forward(BEAT).await;
    // Held open, never read: not even pings are answered.
    let first = accept(&listener).await;
    let _second = tokio::time::timeout(BEAT * 60, accept(&listener))
        .await
        .expect("dialled again");
    drop(first);
    rig.stop().await;
}

#[tokio::test]
async fn a_socket_on_which_only_events_flow_is_dialled_again() {
    let (mut rig, listener) = forward(BEAT).await;
    let mut first = accept(&listener).await;
    let events = tokio::spawn(async move {
        let mut id = 0;
        let mut beat = tokio::time::interval(BEAT / 2);
        loop {
            id += 1;
            beat.tick().await;
            if first.send(event(id, "早")).await.is_err() {
                return;
            }
        }
    });
    let drain = async { while rig.heard.recv().await.is_some() {} };
    tokio::select! {
        second = accept(&listener) => drop(second),
        () = drain => panic!("the source ended"),
        () = tokio::time::sleep(BEAT * 200) => panic!("not dialled again"),
    }
    events.abort();
    drop(rig.heard);
    rig.stop.cancel();
}

#[tokio::test]
async fn answers_find_their_calls_in_any_order() {
    let (rig, url) = reverse(None).await;
    let mut socket = dial(&url, "").await.expect("open");
    let peer = tokio::spawn(async move {
        let one = next_action(&mut socket).await.expect("first");
        let two = next_action(&mut socket).await.expect("second");
        for (call, id) in [(&two, 2), (&one, 1)] {
            let named = call["params"]["message"][0]["data"]["text"].clone();
            answer(
                &mut socket,
                call,
                json!({"message_id": format!("{id}{}", named.as_str().expect("text"))}),
            )
            .await;
        }
        next_action(&mut socket).await;
    });
    let mut health = Source::health(&*rig.gateway);
    while !health.acting {
        tokio::task::yield_now().await;
        health = Source::health(&*rig.gateway);
    }
    let (one, two) = (
        Outgoing {
            text: "甲".into(),
            ..words()
        },
        Outgoing {
            text: "乙".into(),
            ..words()
        },
    );
    let (first, second) = tokio::join!(rig.gateway.send(&one), rig.gateway.send(&two));
    assert_eq!(
        first,
        SendOutcome::Sent {
            message: Some(MessageId::from("1甲"))
        }
    );
    assert_eq!(
        second,
        SendOutcome::Sent {
            message: Some(MessageId::from("2乙"))
        }
    );
    rig.stop().await;
    peer.await.expect("the script holds");
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let (rig, _url) = reverse(None).await;
    assert!(matches!(
        rig.gateway.send(&words()).await,
        SendOutcome::NotSent { .. }
    ));
    rig.stop().await;
}

#[tokio::test]
async fn a_send_without_an_answer_is_unknown() {
    let (rig, listener) = forward(BEAT).await;
    let peer = tokio::spawn(async move {
        let mut socket = accept(&listener).await;
        next_action(&mut socket).await.expect("a send");
        next_action(&mut socket).await;
    });
    while !Source::health(&*rig.gateway).acting {
        tokio::task::yield_now().await;
    }
    assert!(matches!(
        rig.gateway.send(&words()).await,
        SendOutcome::Unknown { .. }
    ));
    rig.stop().await;
    peer.await.expect("the script holds");
}

#[tokio::test]
async fn an_enormous_frame_ends_the_connection_and_good_messages_go_on() {
    let (mut rig, listener) = forward(Duration::from_secs(5)).await;
    let mut first = accept(&listener).await;
    // The gateway may close while the frame is still being written.
    let _ = first.send(event(1, &"长".repeat(1 << 20))).await;
    let mut second = accept(&listener).await;
    second.send(Wire::text("{ not json")).await.expect("sent");
    second.send(event(2, "停水了")).await.expect("sent");
    assert_eq!(rig.message().await.text, "停水了");
    drop((first, second));
    rig.stop().await;
}
