//! The player against our own gateways: what it brings they understand, and the other way round.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Player;
use crate::config::Config;
use crate::gateway::{Inbound, registry};
use crate::model::{
    Clock, Destination, GatewayId, Message, MessageId, Outgoing, SayingId, SendOutcome, SystemClock,
};

const PATIENCE: Duration = Duration::from_secs(20);

fn message() -> Message {
    serde_json::from_value(serde_json::json!({
        "id": "m1", "group": {"id": "g1", "name": "一期"}, "sender": {"id": "u7", "name": "王先生"},
        "time": "2026-11-20T08:00:00+08:00", "text": "@小助手 3栋又停电了", "mentions_bot": true, "reply_to": "m0",
    }))
    .expect("a message")
}

/// Plays one message to a gateway of this configuration and hears its answer.
async fn conversation(kind: &str, way: &str) {
    let text = format!("[[gateway]]\nname = \"wx\"\nkind = \"{kind}\"\n{way}\ntoken = \"t\"");
    let config = Config::parse(&text, Path::new("/x")).expect("valid");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let opened = registry::open(&config.gateways[0], &clock);
    let (inbox, mut heard) = mpsc::channel(8);
    let stop = CancellationToken::new();
    let source = opened.source.expect("it reads");
    let running = {
        let stop = stop.clone();
        tokio::spawn(async move { source.run(inbox, stop).await })
    };
    let met = async {
        loop {
            let player = Player::meet("wx", &config.gateways[0].kind, "r1-".to_owned()).await;
            if let Ok(player) = player {
                return player;
            }
            tokio::task::yield_now().await;
        }
    };
    let mut player = tokio::time::timeout(PATIENCE, met)
        .await
        .expect("they meet");
    let at = "2026-11-24T08:00:00+08:00".parse().expect("a time");
    player.play(&message(), at).await.expect("still there");
    let hear = async {
        loop {
            let (_, inbound) = heard.recv().await.expect("it runs");
            if let Inbound::Message { message, .. } = inbound {
                return message;
            }
        }
    };
    let brought = tokio::time::timeout(PATIENCE, hear).await.expect("heard");
    assert_eq!(
        (brought.id.as_str(), brought.group.id.as_str()),
        ("r1-m1", "g1")
    );
    assert_eq!((brought.time, brought.sender.id.as_str()), (at, "u7"));
    assert!(brought.mentions_bot && brought.text.ends_with("3栋又停电了"));
    assert_eq!(brought.reply_to, Some(MessageId::from("r1-m0")));
    let sink = opened.sink.expect("it writes");
    let words = Outgoing {
        saying: SayingId::from("s1"),
        gateway: GatewayId::from("wx"),
        to: Destination::Group("g1".into()),
        text: "已受理".to_owned(),
        mentions: Vec::new(),
        quote: Some(brought.id),
    };
    let send = async {
        while !matches!(sink.send(&words).await, SendOutcome::Sent { .. }) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, send).await.expect("sent");
    let (_, said) = player.hear().await.expect("still there");
    assert_eq!(
        (said.text.as_str(), said.group.as_deref()),
        ("已受理", Some("g1"))
    );
    assert_eq!(said.reply_to.as_deref(), Some("m1"));
    stop.cancel();
    let ended = tokio::time::timeout(PATIENCE, running).await;
    ended.expect("in time").expect("no panic").expect("well");
}

/// A port that nobody uses; whoever takes it in between makes the test wait, not fail.
async fn free() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    listener.local_addr().expect("bound").to_string()
}

#[tokio::test]
async fn a_recorded_message_is_brought_and_answered_in_both_versions() {
    for kind in ["onebot11", "onebot12"] {
        conversation(kind, &format!("listen = \"{}\"", free().await)).await;
    }
}

#[tokio::test]
async fn the_bot_may_dial_as_well() {
    conversation("onebot11", &format!("connect = \"ws://{}/\"", free().await)).await;
}
