//! What a resident waits for: the real program on a store on disk, a OneBot 11 client that sends
//! 500 messages a second for 20 s (2 % of them complaints, each in a group of its own), and the time
//! from a complaint's last byte to the frame that quotes it in the socket. Send limits, jitter and
//! merging are off. The disk's own `fdatasync` stands beside it.
//!
//! The talk between is recorded, and some of it opens events, too. A complaint that joins one of those
//! gets no answer of its own: a group hears of an event once. So the store is read afterwards, and
//! every complaint is accounted for.
//!
//! `cargo bench --bench onebot`

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use lianxin::app::opening;
use lianxin::app::replaying::hush;
use lianxin::desk::Report;
use lianxin::directory::{Admission, Directory};
use lianxin::model::{AreaId, Clock, Facts, GroupPurpose, GroupRef, MessageId, SystemClock};
use lianxin::outbox::{Delivery, Ledger};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::MissedTickBehavior;
use tokio_tungstenite::tungstenite::Message as Wire;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

mod figures;

/// Messages sent in a second.
const RATE: u32 = 500;
/// Seconds of sending.
const SECONDS: u32 = 20;
/// Every so manieth message is a complaint.
const COMPLAINT_EVERY: u32 = 50;
/// One group for each complaint, so that each opens an event and is answered.
const GROUPS: u32 = RATE * SECONDS / COMPLAINT_EVERY;
/// The first group's number on the platform.
const FIRST_GROUP: u32 = 100_000;
/// How long the last answers are waited for.
const PATIENCE: Duration = Duration::from_secs(5);

const COMPLAINTS: [&str; 4] = [
    "3栋停电了，整栋楼都黑了",
    "我们5栋停水了，到现在还没来",
    "2单元电梯坏了，老人家下不了楼",
    "7栋楼下下水道堵了，污水都冒出来了",
];

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let folder = figures::scratch();
    let mut disk = fdatasync(folder.path());
    let store = folder.path().join("store");
    admit_groups(&store).await;
    let (gateway, metrics) = (free_port(), free_port());
    let config = folder.path().join("lianxin.toml");
    std::fs::write(&config, configuration(&store, gateway, metrics)).expect("written");
    let bot = Running::start(&config);

    let mut client = Client::dial(gateway).await;
    client.settle().await;
    client.send_all(&chat()).await;
    let inside = scrape(metrics).await;
    drop(bot);
    let accounts = accounts(&store, &client.waiting).await;
    disk.extend(fdatasync(folder.path()));
    let answered = client.answered.len();
    figures::table(
        "through OneBot 11 at 500 messages/s on a durable store",
        &[
            ("messages", client.sent.to_string()),
            (
                "complaints answered",
                format!("{answered} of {GROUPS}{accounts}"),
            ),
            (
                "complaint to answer in the socket",
                figures::spread(client.answered),
            ),
            (
                "frame to committed saying on disk",
                quantiles(&inside, "lianxin_heard_to_durable_seconds"),
            ),
            (
                "of it: deciding, ordinary talk included",
                quantiles(&inside, "lianxin_decide_seconds"),
            ),
            (
                "of it: waiting for the disk",
                quantiles(&inside, "lianxin_store_durable_seconds"),
            ),
            ("the disk's own fdatasync", figures::spread(disk)),
        ],
    );
}

/// What became of the complaints without an answer, as the store of the stopped bot has it.
async fn accounts(folder: &Path, unanswered: &HashMap<u64, Complaint>) -> String {
    let store = opening::store(folder, SystemClock.now()).expect("the bot has left it");
    let ledger = Ledger::new(store.clone());
    let mut fates: BTreeMap<String, u32> = BTreeMap::new();
    for (message, complaint) in unanswered {
        let id = format!("wx/{}/{message}", complaint.group);
        let report = store.get::<Report>(&id).await.expect("readable");
        let fate = match report {
            None => "led to no event".to_owned(),
            Some(report) => {
                let said = ledger.by_event(&report.record.event, 100).await;
                let said = said.expect("readable");
                let quotes = |it: &&Delivery| {
                    it.quote.as_ref().map(MessageId::as_str) == Some(&message.to_string())
                };
                match said.iter().find(quotes) {
                    Some(answer) => format!("{}: {}", answer.state.name(), answer.reason),
                    None if said.is_empty() => "never acknowledged".to_owned(),
                    None => "joined an event their group had heard of".to_owned(),
                }
            }
        };
        *fates.entry(fate).or_default() += 1;
    }
    let told = fates
        .iter()
        .map(|(fate, count)| format!("; {count} {fate}"));
    told.collect()
}

/// How long the disk itself takes to keep 4 KB.
fn fdatasync(folder: &Path) -> Vec<Duration> {
    let mut file = std::fs::File::create(folder.join("raw")).expect("writable");
    let times = (0..300).map(|_| {
        file.write_all(&[7; 4096]).expect("room");
        let begun = Instant::now();
        file.sync_data().expect("syncable");
        begun.elapsed()
    });
    times.collect()
}

/// Every group is a quarter of its own, so that no complaint is its neighbours' matter.
async fn admit_groups(folder: &Path) {
    let now = SystemClock.now();
    let store = opening::store(folder, now).expect("a store");
    let directory = Directory::load(store.clone()).await.expect("readable");
    for number in 0..GROUPS {
        let admission = Admission {
            group: GroupRef {
                id: (FIRST_GROUP + number).to_string().as_str().into(),
                name: format!("{number}号群"),
                area: Vec::new(),
            },
            gateway: "wx".into(),
            sink: Some("wx".into()),
            area: AreaId::from_path(&[
                "云杉街道".to_owned(),
                format!("{number}社区"),
                format!("{number}号院"),
            ]),
            purpose: GroupPurpose::Residents,
            welcome: Some(Facts::new()),
            at: now,
        };
        directory.admit(&admission).await.expect("admitted");
    }
    // The welcomes are not what is measured.
    hush(&store).await.expect("writable");
    store.sync().await.expect("written");
}

fn free_port() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback");
    listener.local_addr().expect("bound")
}

fn configuration(store: &Path, gateway: SocketAddr, metrics: SocketAddr) -> String {
    format!(
        "[store]\npath = \"{}\"\n\
         [[gateway]]\nname = \"wx\"\nkind = \"onebot11\"\nlisten = \"{gateway}\"\n\
         [outbox]\nspacing = \"0s\"\njitter = \"0s\"\ngather = \"0s\"\nper_minute = 6000\nquiet = \"\"\n\
         [log]\nfilter = \"warn\"\n\
         [metrics]\nlisten = \"{metrics}\"\n",
        store.display()
    )
}

/// The bot; asked to stop when the measuring is over.
struct Running(Child);

impl Running {
    fn start(config: &Path) -> Self {
        let bot = Command::new(env!("CARGO_BIN_EXE_lianxin"))
            .args(["run", "--config"])
            .arg(config)
            .spawn();
        Self(bot.expect("the program starts"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A complaint that was sent.
struct Complaint {
    group: u32,
    sent: Instant,
}

/// The platform's side.
struct Client {
    socket: Socket,
    sent: u32,
    /// Complaints without an answer, by message id.
    waiting: HashMap<u64, Complaint>,
    answered: Vec<Duration>,
}

impl Client {
    async fn dial(address: SocketAddr) -> Self {
        let url = format!("ws://{address}/onebot/v11");
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        loop {
            pause.tick().await;
            if let Ok((socket, _)) =
                tokio_tungstenite::connect_async_with_config(&url, None, true).await
            {
                return Self {
                    socket,
                    sent: 0,
                    waiting: HashMap::new(),
                    answered: Vec::new(),
                };
            }
        }
    }

    /// Lets the bot ask what it asks of a new connection.
    async fn settle(&mut self) {
        let second = tokio::time::sleep(Duration::from_secs(1));
        tokio::pin!(second);
        loop {
            tokio::select! {
                () = &mut second => return,
                frame = self.socket.next() => self.take(frame.expect("open").expect("whole")).await,
            }
        }
    }

    async fn send_all(&mut self, chat: &[String]) {
        let mut beat = tokio::time::interval(Duration::from_secs(1) / RATE);
        beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
        while self.sent < RATE * SECONDS {
            tokio::select! {
                _ = beat.tick() => self.send(chat).await,
                frame = self.socket.next() => self.take(frame.expect("open").expect("whole")).await,
            }
        }
        let over = tokio::time::Instant::now() + PATIENCE;
        while !self.waiting.is_empty() {
            match tokio::time::timeout_at(over, self.socket.next()).await {
                Ok(frame) => self.take(frame.expect("open").expect("whole")).await,
                Err(_) => return,
            }
        }
    }

    async fn send(&mut self, chat: &[String]) {
        let number = self.sent;
        self.sent += 1;
        let complaint = number % COMPLAINT_EVERY == COMPLAINT_EVERY - 1;
        let (group, text) = if complaint {
            let group = number / COMPLAINT_EVERY;
            (group, COMPLAINTS[group as usize % COMPLAINTS.len()])
        } else {
            let text = &chat[number as usize % chat.len()];
            (number * 7 % GROUPS, text.as_str())
        };
        let frame = json!({
            "post_type": "message", "message_type": "group", "self_id": 99,
            "time": SystemClock.now().as_second(), "message_id": number + 1,
            "group_id": FIRST_GROUP + group, "user_id": 5_000 + number % 977,
            "sender": {"nickname": "居民"},
            "message": [{"type": "text", "data": {"text": text}}],
        });
        self.socket
            .send(Wire::text(frame.to_string()))
            .await
            .expect("the bot reads");
        if complaint {
            let complaint = Complaint {
                group: FIRST_GROUP + group,
                sent: Instant::now(),
            };
            self.waiting.insert((number + 1).into(), complaint);
        }
    }

    /// Answers an action; one that quotes a complaint is its answer.
    async fn take(&mut self, frame: Wire) {
        let arrived = Instant::now();
        let Wire::Text(text) = frame else { return };
        let call: Value = serde_json::from_str(&text).expect("calls are JSON");
        let segments = call["params"]["message"].as_array().into_iter().flatten();
        let mut replies = segments.filter(|it| it["type"] == "reply");
        let quoted = replies.find_map(|it| it["data"]["id"].as_str()?.parse().ok());
        if let Some(asked) = quoted.and_then(|quoted: u64| self.waiting.remove(&quoted)) {
            self.answered.push(arrived.duration_since(asked.sent));
        }
        let data = match call["action"].as_str().unwrap_or_default() {
            "get_status" => json!({"online": true, "good": true}),
            "get_login_info" => json!({"user_id": 99, "nickname": "小助手"}),
            "get_group_list" => json!([]),
            _ => json!({"message_id": 1_000_000 + self.answered.len()}),
        };
        let reply = json!({"status": "ok", "retcode": 0, "data": data, "echo": call["echo"]});
        self.socket
            .send(Wire::text(reply.to_string()))
            .await
            .expect("the bot reads");
    }
}

/// What people say when nothing is wrong.
fn chat() -> Vec<String> {
    let file = std::fs::File::open(&figures::recordings()[0]).expect("a recording");
    let lines = BufReader::new(file)
        .lines()
        .map(|line| line.expect("readable"));
    let messages = lines.map(|line| serde_json::from_str::<Value>(&line).expect("a message"));
    let plain = messages.filter(|it| it["kind"].as_str().is_none_or(|kind| kind == "chatter"));
    let texts = plain.filter_map(|it| Some(it["text"].as_str()?.to_owned()));
    texts.take(10_000).collect()
}

/// The bot's metrics as text.
async fn scrape(address: SocketAddr) -> String {
    let mut socket = TcpStream::connect(address)
        .await
        .expect("metrics are served");
    let request = b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    socket.write_all(request).await.expect("asked");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("answered");
    answer
}

/// The quantiles of a histogram: the least bounds that so many observations lie within.
fn quantiles(metrics: &str, name: &str) -> String {
    let start = format!("{name}_bucket{{le=\"");
    let buckets: Vec<(f64, f64)> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix(&start)?.split_once("\"} "))
        .filter_map(|(bound, count)| Some((bound.parse().ok()?, count.parse().ok()?)))
        .collect();
    let all = buckets.last().map_or(0.0, |(_, count)| *count);
    let within = |share: f64| {
        let found = buckets.iter().find(|(_, count)| *count >= all * share);
        match found {
            Some((bound, _)) if bound.is_finite() => {
                format!("≤ {:.1?}", Duration::from_secs_f64(*bound))
            }
            _ => "above all bounds".to_owned(),
        }
    };
    format!(
        "p50 {}, p99 {}, all {} of {all}",
        within(0.5),
        within(0.99),
        within(1.0)
    )
}
