//! Actions over HTTP: each request is a POST of its own. To everything else it looks like a
//! connection: it is dialled, probed and given up like one.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::OneBot;
use super::dialect::Request;
use super::link::{Attachment, CallFailure, Channel};
use super::redial::{self, NotConnected};
use super::session::{self, Ended};
use super::wire::{self, Encoding};
use crate::gateway::Inbox;
use crate::gateway::client::{self, Failure};

/// Requests under way at once; more wait for one to end.
const AT_ONCE: usize = 16;

/// Posts actions until told to stop.
pub(super) async fn run(gateway: &OneBot, url: &str, inbox: &Inbox, stop: &CancellationToken) {
    redial::forever(gateway, inbox, stop, async || {
        let actions = Actions::dial(gateway, url).await?;
        let attachment = gateway.link.attach(Channel::Api, None);
        let serial = attachment.serial;
        info!(gateway.id = %gateway.id, "actions are answered over HTTP");
        let ended = tokio::select! {
            () = stop.cancelled() => Ended::Stopped,
            ended = actions.carry(gateway, attachment) => ended,
            ended = session::probe(gateway, Channel::Api, serial, inbox) => ended,
        };
        info!(gateway.id = %gateway.id, ?ended, "actions are not answered any more");
        Ok(ended)
    })
    .await;
}

/// Where actions are posted, and how.
pub(super) struct Actions {
    client: reqwest::Client,
    base: String,
    bearer: Option<HeaderValue>,
    encoding: Encoding,
    most: usize,
}

impl Actions {
    /// Makes sure that somebody answers there.
    pub(super) async fn dial(gateway: &OneBot, url: &str) -> Result<Arc<Self>, NotConnected> {
        let (target, patience) = (url.to_owned(), gateway.settings.action_timeout);
        // A long poll has a time-out of its own; this one bounds what hangs.
        let made = tokio::task::spawn_blocking(move || client::http(&target, patience * 4)).await;
        let client = made
            .map_err(std::io::Error::other)
            .flatten()
            .map_err(|error| {
                let trouble =
                    super::tls::trouble(&error).unwrap_or("网关的 connect 地址不能用，请核对");
                NotConnected {
                    blame: error.to_string(),
                    trouble: trouble.to_owned(),
                }
            })?;
        let bearer = gateway.settings.token.as_ref().and_then(|token| {
            let mut value =
                HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        let actions = Arc::new(Self {
            client,
            base: url.trim_end_matches('/').to_owned(),
            bearer,
            encoding: gateway.settings.encoding,
            most: gateway.settings.max_frame_bytes,
        });
        let asked = actions.call(gateway, gateway.version.who(), json!({}), patience);
        match asked.await {
            Ok(_) => Ok(actions),
            Err(failure) => Err(not_connected(failure)),
        }
    }

    /// One action outside of the table of calls.
    pub(super) async fn call(
        &self,
        gateway: &OneBot,
        action: &'static str,
        params: Value,
        timeout: Duration,
    ) -> Result<Value, CallFailure> {
        let request = Request {
            echo: String::new(),
            action,
            params,
            account: None,
        };
        let posted = self.post(gateway.version.posted(request));
        let answered = tokio::time::timeout(timeout, posted).await;
        answered.unwrap_or(Err(CallFailure::NoAnswer))
    }

    /// Posts what is called until nobody calls any more.
    pub(super) async fn carry(&self, gateway: &OneBot, mut attachment: Attachment<'_>) -> Ended {
        let mut under_way = FuturesUnordered::new();
        loop {
            tokio::select! {
                request = attachment.requests.recv(), if under_way.len() < AT_ONCE => {
                    let Some(request) = request else { return Ended::Replaced };
                    under_way.push(async move {
                        let echo = request.echo.clone();
                        let answer = self.post(gateway.version.posted(request)).await;
                        gateway.link.answered(&echo, answer);
                    });
                }
                Some(()) = under_way.next() => {}
            }
        }
    }

    async fn post(&self, (path, body): (String, Value)) -> Result<Value, CallFailure> {
        let (kind, bytes) = match self.encoding {
            Encoding::Json => ("application/json", body.to_string().into_bytes()),
            Encoding::MessagePack => ("application/msgpack", wire::pack(&body)),
        };
        let mut request = self.client.post(format!("{}/{path}", self.base));
        request = request.header(CONTENT_TYPE, kind).body(bytes);
        if let Some(bearer) = &self.bearer {
            request = request.header(AUTHORIZATION, bearer.clone());
        }
        let response = request
            .send()
            .await
            .map_err(|error| failed(client::proves(&error)))?;
        let status = response.status().as_u16();
        match status {
            200..=299 => {}
            401 | 403 => return Err(CallFailure::NotSent("访问令牌不对，请检查网关的 token")),
            429 => return Err(CallFailure::NotSent("平台说太频繁了，等一等再发")),
            400..=499 => return Err(CallFailure::Rejected(status)),
            _ => return Err(CallFailure::NoAnswer),
        }
        let packed = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind.contains("msgpack")));
        let body = client::read(response, self.most).await.map_err(failed)?;
        let value = if packed {
            wire::binary(&body)
        } else {
            wire::text(&body)
        };
        value.ok_or(CallFailure::NoAnswer)
    }
}

fn failed(failure: Failure) -> CallFailure {
    match failure {
        Failure::NotSent => CallFailure::NotSent("连不上对方"),
        Failure::Unanswered => CallFailure::NoAnswer,
    }
}

fn not_connected(failure: CallFailure) -> NotConnected {
    let (blame, trouble) = match failure {
        CallFailure::NotSent("连不上对方") => (
            "nobody listens".to_owned(),
            "连不上对方，请确认 OneBot 程序已启动、地址和端口正确".to_owned(),
        ),
        CallFailure::NotSent(why) => ("turned away".to_owned(), why.to_owned()),
        CallFailure::Rejected(status) => (
            format!("HTTP {status}"),
            format!(
                "对方不认识这个请求（HTTP {status}），请核对 connect 的地址是不是它的 HTTP 接口"
            ),
        ),
        CallFailure::NoAnswer => (
            "no answer".to_owned(),
            "连得上对方，但它没有按 OneBot 回答，请核对 connect 的地址是不是它的 HTTP 接口"
                .to_owned(),
        ),
    };
    NotConnected { blame, trouble }
}
