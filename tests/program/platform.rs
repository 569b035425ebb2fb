//! A OneBot 11 implementation: dials the bot, answers its actions, and remembers what it was told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use futures_util::{SinkExt, StreamExt};
use lianxin::model::{Clock, SystemClock};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message as Wire;
use tokio_tungstenite::{WebSocketStream, connect_async};

use super::bot::{PATIENCE, until};

/// The bot's own account.
const ACCOUNT: i64 = 99;

/// Something the bot said, and what the platform called it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// The group, or the person.
    pub(super) to: i64,
    pub(super) text: String,
    pub(super) id: i64,
}

/// See the file's page.
pub(super) struct Platform {
    said: watch::Sender<Vec<Said>>,
    ids: Arc<AtomicI64>,
    line: mpsc::UnboundedSender<Wire>,
    serving: JoinHandle<()>,
}

impl Platform {
    /// Dials until somebody answers.
    pub(super) async fn connect(url: &str) -> Self {
        let said = watch::Sender::new(Vec::new());
        let ids = Arc::new(AtomicI64::new(500_000));
        let (line, serving) = open(url, &said, &ids).await;
        Self {
            said,
            ids,
            line,
            serving,
        }
    }

    /// Over a socket that the bot opened.
    pub(super) fn over<S>(socket: WebSocketStream<S>) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let said = watch::Sender::new(Vec::new());
        let ids = Arc::new(AtomicI64::new(500_000));
        let (line, spoken) = mpsc::unbounded_channel();
        let serving = tokio::spawn(serve(socket, spoken, said.clone(), ids.clone()));
        Self {
            said,
            ids,
            line,
            serving,
        }
    }

    /// A second connection of the same account, with ears of its own. Ids stay unique, as they are on
    /// a real platform: a message under a used id would be a redelivered one.
    pub(super) async fn beside(&self, url: &str) -> Self {
        let said = watch::Sender::new(Vec::new());
        let ids = self.ids.clone();
        let (line, serving) = open(url, &said, &ids).await;
        Self {
            said,
            ids,
            line,
            serving,
        }
    }

    /// A new socket in place of the old, which is closed; what was said is remembered.
    pub(super) async fn reconnect(&mut self, url: &str) {
        self.serving.abort();
        (self.line, self.serving) = open(url, &self.said, &self.ids).await;
    }

    /// Resolves when the bot, or its end, has closed the socket.
    pub(super) async fn closed(&mut self) {
        let ended = tokio::time::timeout(PATIENCE, &mut self.serving).await;
        ended.expect("closed in time").expect("no panic");
    }

    /// Whatever should go over the line. A line that broke takes nothing, as in life.
    pub(super) fn frame(&self, frame: impl Into<Wire>) {
        let _ = self.line.send(frame.into());
    }

    /// Somebody says something in a group.
    pub(super) fn say(&self, group: i64, person: i64, text: &str) -> i64 {
        let id = self.new_id();
        self.frame(message(id, group, person, &json!(text)).to_string());
        id
    }

    /// Somebody answers one of the bot's messages, in the place where it stands.
    pub(super) fn quote(&self, said: &Said, person: i64, text: &str) {
        let id = self.new_id();
        let body = json!([
            {"type": "reply", "data": {"id": said.id.to_string()}},
            {"type": "text", "data": {"text": text}},
        ]);
        let mut frame = message(id, said.to, person, &body);
        if said.to == person {
            frame["message_type"] = json!("private");
            frame.as_object_mut().expect("an object").remove("group_id");
        }
        self.frame(frame.to_string());
    }

    /// An id that no message has.
    pub(super) fn new_id(&self) -> i64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }

    /// All that was said so far.
    pub(super) fn heard(&self) -> Vec<Said> {
        self.said.borrow().clone()
    }

    /// All that was said so far and matches.
    pub(super) fn matching(&self, wanted: impl Fn(&Said) -> bool) -> Vec<Said> {
        self.heard().into_iter().filter(wanted).collect()
    }

    /// Waits for the first saying that matches.
    pub(super) async fn hears(&self, what: &str, wanted: impl Fn(&Said) -> bool) -> Said {
        let mut said = self.said.subscribe();
        let found = said.wait_for(|said| said.iter().any(&wanted));
        let Ok(found) = tokio::time::timeout(PATIENCE, found).await else {
            panic!("never said: {what}; said was {:#?}", self.heard());
        };
        let found = found.expect("the sender lives in this struct");
        found
            .iter()
            .find(|said| wanted(said))
            .expect("just seen")
            .clone()
    }

    /// Waits until the bot has heard and answered something said now: all before it is decided.
    /// The answer is another message, so nothing that a test counts.
    pub(super) async fn settled(&self, group: i64) {
        let person = self.new_id();
        let before = self.heard().len();
        self.frame(
            message(
                self.new_id(),
                group,
                person,
                &json!([
                    {"type": "at", "data": {"qq": ACCOUNT.to_string()}},
                    {"type": "text", "data": {"text": " 帮助"}},
                ]),
            )
            .to_string(),
        );
        let mut said = self.said.subscribe();
        let answered = said.wait_for(|said| {
            said[before..].iter().any(|said| {
                said.to == group && said.text.contains("查询") && !is_acknowledgement(said)
            })
        });
        let Ok(answered) = tokio::time::timeout(PATIENCE, answered).await else {
            panic!("no help was given; said was {:#?}", self.heard());
        };
        answered.expect("the sender lives in this struct");
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A complaint was taken up.
pub(super) fn is_acknowledgement(said: &Said) -> bool {
    said.text.contains("已登记") && said.text.contains("编号")
}

/// The number in an acknowledgement.
pub(super) fn number(said: &Said) -> String {
    let after = said
        .text
        .split("编号")
        .nth(1)
        .unwrap_or_default()
        .trim_start();
    let number: String = after
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    assert!(!number.is_empty(), "a number in {}", said.text);
    number
}

/// A group message as the standard has it.
pub(super) fn message(id: i64, group: i64, person: i64, body: &Value) -> Value {
    json!({
        "post_type": "message", "message_type": "group", "self_id": ACCOUNT,
        "time": SystemClock.now().as_second(),
        "message_id": id, "group_id": group, "user_id": person, "message": body,
        "sender": {"user_id": person, "nickname": format!("住户{person}")},
    })
}

async fn open(
    url: &str,
    said: &watch::Sender<Vec<Said>>,
    ids: &Arc<AtomicI64>,
) -> (mpsc::UnboundedSender<Wire>, JoinHandle<()>) {
    let socket = until("somebody listens", async || {
        connect_async(url).await.ok().map(|(socket, _)| socket)
    })
    .await;
    let (line, spoken) = mpsc::unbounded_channel();
    let serving = tokio::spawn(serve(socket, spoken, said.clone(), ids.clone()));
    (line, serving)
}

/// Serves one socket until it breaks.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: WebSocketStream<S>,
    mut spoken: mpsc::UnboundedReceiver<Wire>,
    said: watch::Sender<Vec<Said>>,
    ids: Arc<AtomicI64>,
) {
    loop {
        let answer = tokio::select! {
            frame = spoken.recv() => match frame {
                Some(frame) => frame,
                None => return,
            },
            frame = socket.next() => match frame {
                Some(Ok(Wire::Text(text))) => answer(&text, &said, &ids),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return,
            },
        };
        if socket.send(answer).await.is_err() {
            return;
        }
    }
}

fn answer(call: &str, said: &watch::Sender<Vec<Said>>, ids: &AtomicI64) -> Wire {
    let call: Value = serde_json::from_str(call).expect("calls are JSON");
    let data = match call["action"].as_str().expect("an action") {
        "get_status" => json!({"online": true, "good": true}),
        "get_login_info" => json!({"user_id": ACCOUNT, "nickname": "小助手"}),
        "get_group_list" => json!([]),
        "send_group_msg" => keep(&call["params"], "group_id", said, ids),
        "send_private_msg" => keep(&call["params"], "user_id", said, ids),
        other => panic!("an action that nobody expects: {other}"),
    };
    let reply = json!({"status": "ok", "retcode": 0, "data": data, "echo": call["echo"]});
    Wire::text(reply.to_string())
}

fn keep(params: &Value, to: &str, said: &watch::Sender<Vec<Said>>, ids: &AtomicI64) -> Value {
    let segments = params["message"].as_array().expect("segments");
    let text: String = segments
        .iter()
        .filter(|segment| segment["type"] == "text")
        .filter_map(|segment| segment["data"]["text"].as_str())
        .collect();
    let id = ids.fetch_add(1, Ordering::Relaxed);
    let to = params[to].as_i64().expect("a number that we gave");
    said.send_modify(|said| said.push(Said { to, text, id }));
    json!({"message_id": id})
}
