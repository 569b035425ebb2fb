//! What source and sink share: the live connections, the accounts behind them, the calls under way,
//! and how all of it is doing.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::dialect::{Account, Online, Request};
use crate::gateway::Health;
use crate::model::{Destination, SendOutcome};

/// Requests that wait for a socket; a full queue means that the peer does not read.
const OUTGOING: usize = 64;

/// Calls under way at once on one connection; more are not sent.
const CALLS: usize = 64;

/// Groups and people of whom is remembered which account hears them; more than any bot serves.
const HOMES: usize = 20_000;

/// Accounts that are known at once; a peer that names ever new ones is not believed.
const ACCOUNTS: usize = 1_000;

/// So many replacements within such a time mean that two programs take an account from each other;
/// implementations come back after 3 s.
const QUARRELS: usize = 4;
const QUARREL: Duration = Duration::from_mins(1);

/// Which of the protocol's roles a connection plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// Events only.
    Event,
    /// Actions only.
    Api,
    /// Both.
    Universal,
}

impl Channel {
    fn carries_events(self) -> bool {
        self != Self::Api
    }

    fn carries_actions(self) -> bool {
        self != Self::Event
    }

    /// Whether two connections of one account would do the same twice.
    fn overlaps(self, other: Self) -> bool {
        (self.carries_events() && other.carries_events())
            || (self.carries_actions() && other.carries_actions())
    }
}

/// The state of one gateway's connections. Locks are held for a few instructions, never across `.await`.
#[derive(Default)]
pub(super) struct Link {
    state: Mutex<State>,
    serial: AtomicU64,
}

struct State {
    /// By serial: a later one is newer.
    connections: BTreeMap<u64, Connection>,
    calls: HashMap<String, Waiting>,
    /// Those of which their implementation says that they are not logged in.
    offline: BTreeSet<Account>,
    /// Every account seen in this run.
    ours: Arc<[Account]>,
    homes: HashMap<Destination, Account>,
    last_frame: Option<Instant>,
    /// When connections were replaced, the last few.
    replaced: VecDeque<Instant>,
    trouble: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            connections: BTreeMap::new(),
            calls: HashMap::new(),
            ours: none(),
            offline: BTreeSet::new(),
            homes: HashMap::new(),
            last_frame: None,
            replaced: VecDeque::new(),
            trouble: String::new(),
        }
    }
}

struct Connection {
    channel: Channel,
    requests: mpsc::Sender<Request>,
    replaced: CancellationToken,
    accounts: Arc<[Account]>,
    acting: bool,
}

/// Whose connection a frame came through.
pub(super) struct Heard {
    /// The accounts of that connection.
    pub(super) here: Arc<[Account]>,
    /// Those of all connections: what one of ours says to another is our own word, too.
    pub(super) ours: Arc<[Account]>,
}

fn none() -> Arc<[Account]> {
    Arc::from([])
}

/// A call that was given to a connection and waits for its answer.
struct Waiting {
    connection: u64,
    answered: oneshot::Sender<Result<Value, CallFailure>>,
}

/// A connection's own end of the link; dropping it detaches.
pub(super) struct Attachment<'a> {
    link: &'a Link,
    pub(super) serial: u64,
    /// Requests to write to the peer.
    pub(super) requests: mpsc::Receiver<Request>,
    /// Cancelled when a newer connection takes this one's place.
    pub(super) replaced: CancellationToken,
}

/// A call got no usable answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallFailure {
    /// It never left, or was turned away unread; why, Chinese.
    NotSent(&'static str),
    /// The peer said no with a status of its transport.
    Rejected(u16),
    /// It left, and then nothing was heard.
    NoAnswer,
}

impl From<CallFailure> for SendOutcome {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::NotSent(reason) => Self::NotSent {
                reason: reason.to_owned(),
                retry_after: None,
            },
            CallFailure::Rejected(status) => Self::Refused {
                reason: format!("平台不接受这个请求（HTTP {status}）"),
            },
            CallFailure::NoAnswer => Self::Unknown {
                reason: "平台没有回答，不知道是否已发出".to_owned(),
            },
        }
    }
}

/// Through which connection a call goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Via<'a> {
    /// This one.
    Connection(u64),
    /// The newest that serves whoever is written to.
    HomeOf(&'a Destination),
}

impl Link {
    /// Takes a new connection. One of the same account that plays the same role is told to go, now
    /// if the account is known, else as soon as it is.
    pub(super) fn attach(&self, channel: Channel, account: Option<Account>) -> Attachment<'_> {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let (sender, requests) = mpsc::channel(OUTGOING);
        let replaced = CancellationToken::new();
        let connection = Connection {
            channel,
            requests: sender,
            replaced: replaced.clone(),
            accounts: none(),
            acting: false,
        };
        let mut state = self.state();
        state.connections.insert(serial, connection);
        state.last_frame = Some(Instant::now());
        state.trouble.clear();
        if let Some(account) = account {
            state.identify(serial, &account);
        }
        Attachment {
            link: self,
            serial,
            requests,
            replaced,
        }
    }

    /// Calls an action and waits for the answer with its echo.
    pub(super) async fn call(
        &self,
        via: Via<'_>,
        action: &'static str,
        params: Value,
        account: Option<Account>,
        timeout: Duration,
    ) -> Result<Value, CallFailure> {
        let echo = format!("lx{}", self.serial.fetch_add(1, Ordering::Relaxed));
        let request = Request {
            echo: echo.clone(),
            action,
            params,
            account,
        };
        let (connection, answer) = self.dispatch(via, request)?;
        let result = match tokio::time::timeout(timeout, answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(CallFailure::NoAnswer),
        };
        let mut state = self.state();
        state.calls.remove(&echo);
        // An answer says nothing about the connection that has taken the place of its own.
        if let Some(connection) = state.connections.get_mut(&connection) {
            connection.acting = result.is_ok();
        }
        result
    }

    /// Gives a request to its connection; that connection and where the answer comes.
    fn dispatch(
        &self,
        via: Via<'_>,
        mut request: Request,
    ) -> Result<(u64, oneshot::Receiver<Result<Value, CallFailure>>), CallFailure> {
        let mut state = self.state();
        let serial = match via {
            Via::Connection(serial) => serial,
            Via::HomeOf(to) => {
                let account = state.account_for(to)?;
                let serial = state.connection_of(account.as_ref())?;
                request.account = account;
                serial
            }
        };
        let here = state.calls.values().filter(|it| it.connection == serial);
        if here.count() >= CALLS {
            return Err(CallFailure::NotSent("等待平台回答的请求太多"));
        }
        let connection = state.connections.get(&serial);
        let connection = connection.ok_or(CallFailure::NotSent("连接刚刚断开"))?;
        let (answered, answer) = oneshot::channel();
        let echo = request.echo.clone();
        connection
            .requests
            .try_send(request)
            .map_err(|_| CallFailure::NotSent("平台没有在读取连接"))?;
        let waiting = Waiting {
            connection: serial,
            answered,
        };
        state.calls.insert(echo, waiting);
        Ok((serial, answer))
    }

    /// Hands an answer to whoever waits for it; late and foreign ones are dropped.
    pub(super) fn answered(&self, echo: &str, reply: Result<Value, CallFailure>) {
        let waiting = self.state().calls.remove(echo);
        if let Some(waiting) = waiting {
            // The caller may have gone on its time-out; then nobody needs the answer.
            let _ = waiting.answered.send(reply);
        }
    }

    /// Notes a sign of life; gives whose connection it is.
    pub(super) fn heard(&self, serial: u64) -> Heard {
        let mut state = self.state();
        state.last_frame = Some(Instant::now());
        let connection = state.connections.get(&serial);
        Heard {
            here: connection.map_or_else(none, |it| it.accounts.clone()),
            ours: state.ours.clone(),
        }
    }

    /// Notes which accounts a connection serves.
    pub(super) fn identify(&self, serial: u64, accounts: &[(Account, Online)]) {
        let mut state = self.state();
        for (account, online) in accounts {
            state.identify(serial, account);
            match online {
                Online::Yes => state.offline.remove(account),
                Online::No => state.offline.insert(account.clone()),
            };
        }
    }

    /// Notes which account hears a group or person; of use only where there are several.
    pub(super) fn home(&self, serial: u64, to: Option<Destination>, account: &Account) {
        let mut state = self.state();
        state.identify(serial, account);
        if state.ours.len() < 2 {
            return;
        }
        let Some(to) = to else { return };
        if let Some(home) = state.homes.get_mut(&to) {
            if home != account {
                home.clone_from(account);
            }
        } else if state.homes.len() < HOMES {
            state.homes.insert(to, account.clone());
        }
    }

    /// Notes why there is no connection, Chinese.
    pub(super) fn troubled(&self, trouble: String) {
        self.state().trouble = trouble;
    }

    /// Ready means that events arrive and actions are answered, on every connection there is.
    pub(super) fn health(&self) -> Health {
        let state = self.state();
        let mut connections = state.connections.values();
        let events = connections.any(|it| it.channel.carries_events());
        let actions = state.actors().next().is_some();
        Health {
            connected: events && actions,
            acting: actions && state.actors().all(|(_, it)| it.acting),
            silent_for: state.last_frame.map(|at| at.elapsed()),
            trouble: state.trouble(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Binds an account to a connection; older ones of it that do the same are told to go.
    fn identify(&mut self, serial: u64, account: &Account) {
        let Some(connection) = self.connections.get_mut(&serial) else {
            return;
        };
        if connection.accounts.contains(account) {
            return;
        }
        let with = |known: &[Account]| known.iter().chain([account]).cloned().collect();
        if !self.ours.contains(account) {
            if self.ours.len() >= ACCOUNTS {
                return;
            }
            self.ours = with(&self.ours);
        }
        connection.accounts = with(&connection.accounts);
        let channel = connection.channel;
        let older = self.connections.range(..serial);
        let same = older.filter(|(_, it)| it.accounts.contains(account));
        for (_, old) in same.filter(|(_, it)| it.channel.overlaps(channel)) {
            if !old.replaced.is_cancelled() {
                old.replaced.cancel();
                if self.replaced.len() == QUARRELS {
                    self.replaced.pop_front();
                }
                self.replaced.push_back(Instant::now());
            }
        }
    }

    /// Who writes there: the account that hears it, else the only one that is connected.
    fn account_for(&self, to: &Destination) -> Result<Option<Account>, CallFailure> {
        if let Some(home) = self.homes.get(to) {
            return Ok(Some(home.clone()));
        }
        let there: BTreeSet<&Account> = self
            .actors()
            .flat_map(|(_, connection)| connection.accounts.iter())
            .collect();
        match (there.len(), &*self.ours) {
            // Nobody said whose actions these are; events did.
            (0, [only]) => Ok(Some(only.clone())),
            (0 | 1, _) => Ok(there.first().map(|account| (*account).clone())),
            _ => Err(CallFailure::NotSent(
                "这个网关有几个账号，还不知道哪个在这个群里，等群里有人说话就知道了",
            )),
        }
    }

    /// The newest connection that carries actions of an account.
    fn connection_of(&self, account: Option<&Account>) -> Result<u64, CallFailure> {
        let serves = |it: &Connection| account.is_none_or(|account| it.accounts.contains(account));
        let found = self.actors().rfind(|(_, it)| serves(it));
        // A single connection that has not said yet whose it is can only be the right one.
        let only = || {
            let mut actors = self.actors();
            let only = actors.next().filter(|(_, it)| it.accounts.is_empty());
            only.filter(|_| actors.next().is_none())
        };
        let away = if self.connections.is_empty() {
            "网关还没有连上"
        } else {
            "这个账号现在没有连上"
        };
        let found = found.or_else(only).map(|(serial, _)| *serial);
        found.ok_or(CallFailure::NotSent(away))
    }

    /// Connections that carry actions, oldest first.
    fn actors(&self) -> impl DoubleEndedIterator<Item = (&u64, &Connection)> {
        let live = |it: &Connection| it.channel.carries_actions() && !it.replaced.is_cancelled();
        self.connections.iter().filter(move |(_, it)| live(it))
    }

    /// What is wrong, in words for people: a connection's trouble, else accounts that are away.
    fn trouble(&self) -> String {
        if !self.trouble.is_empty() || self.connections.is_empty() {
            return self.trouble.clone();
        }
        let lately = self.replaced.iter().filter(|at| at.elapsed() < QUARREL);
        if lately.count() >= QUARRELS {
            return "同一个账号有两个程序轮流连上来，互相顶掉，请停掉一个".to_owned();
        }
        let connected: BTreeSet<&Account> = self
            .connections
            .values()
            .flat_map(|it| it.accounts.iter())
            .collect();
        let there = |it: &Account| connected.contains(it) && !self.offline.contains(it);
        let away = self.ours.iter().filter(|account| !there(account)).count();
        match (away, self.ours.len()) {
            (0, _) => String::new(),
            (_, 1) => "账号没有登录，请到 OneBot 程序里看看".to_owned(),
            (away, all) => format!("{all} 个账号里有 {away} 个没有连上或没有登录"),
        }
    }
}

impl Drop for Attachment<'_> {
    /// Calls that wait on this connection get no answer any more; they end as unknown at once.
    fn drop(&mut self) {
        let mut state = self.link.state();
        state.connections.remove(&self.serial);
        let calls = &mut state.calls;
        calls.retain(|_, call| call.connection != self.serial);
    }
}

#[cfg(test)]
mod tests;
