//! Words leave as the template says; what comes back is one of four outcomes, and none is guessed.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method as HttpMethod;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use tokio::net::TcpStream;

use super::look::{Look, shown};
use super::{BODY_BYTES, Core};
use crate::config::webhook::{Body, Method, Node, Phrase, Slot, Test, Word, Writing};
use crate::gateway::client::{self, Failure};
use crate::gateway::onebot::wire;
use crate::model::{Destination, MessageId, Outgoing, SendOutcome};

/// How long the other side may take to accept a connection when it is only looked for.
const PATIENCE: Duration = Duration::from_secs(3);

/// What may stand in a URL as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What fills the slots.
pub(super) struct Fill<'a> {
    pub(super) outgoing: &'a Outgoing,
    pub(super) token: &'a str,
}

impl Fill<'_> {
    /// What one slot stands for; `None` when there is nothing.
    fn slot(&self, slot: Slot) -> Option<String> {
        let outgoing = self.outgoing;
        let ids = outgoing.mentions.iter().map(|(id, _)| id.as_str());
        let text = match (slot, &outgoing.to) {
            (Slot::To | Slot::Group, Destination::Group(group)) => group.to_string(),
            (Slot::To | Slot::Person, Destination::Person(person)) => person.to_string(),
            (Slot::Group | Slot::Person, _) => return None,
            (Slot::Text, _) => outgoing.text.clone(),
            (Slot::AtNames, _) => {
                let names = outgoing.mentions.iter().map(|(_, name)| name.as_str());
                names.flat_map(|name| ["@", name, " "]).collect()
            }
            (Slot::Mentions | Slot::MentionIds, _) => ids.collect::<Vec<_>>().join(","),
            (Slot::Quote, _) => outgoing.quote.as_ref()?.to_string(),
            (Slot::Token, _) => self.token.to_owned(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// A text with its slots filled, each escaped for where the text stands.
    pub(super) fn phrase(&self, phrase: &Phrase, escape: impl Fn(&str) -> String) -> String {
        let words = phrase.0.iter().map(|word| match word {
            Word::Text(text) => text.clone(),
            Word::Slot(slot) => escape(&self.slot(*slot).unwrap_or_default()),
        });
        words.collect()
    }

    pub(super) fn url(&self, phrase: &Phrase) -> String {
        self.phrase(phrase, |text| {
            utf8_percent_encode(text, UNRESERVED).to_string()
        })
    }

    /// A value with its slots filled; `None` when a slot that stands alone has nothing.
    pub(super) fn node(&self, node: &Node) -> Option<Value> {
        Some(match node {
            Node::Value(value) => value.clone(),
            Node::Phrase(phrase) => match phrase.0.as_slice() {
                [Word::Slot(Slot::Mentions)] => {
                    let ids = self.outgoing.mentions.iter();
                    Value::Array(ids.map(|(id, _)| Value::from(id.as_str())).collect())
                }
                [Word::Slot(slot)] => Value::String(self.slot(*slot)?),
                _ => Value::String(self.phrase(phrase, str::to_owned)),
            },
            Node::Number(slot) => {
                let text = self.slot(*slot)?;
                match text.parse::<i64>() {
                    Ok(number) => Value::from(number),
                    Err(_) => Value::String(text),
                }
            }
            Node::List(items) => {
                Value::Array(items.iter().filter_map(|item| self.node(item)).collect())
            }
            Node::Object(pairs) => {
                let pairs = pairs
                    .iter()
                    .filter_map(|(key, item)| Some((key.clone(), self.node(item)?)));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        })
    }

    /// The body and what it is.
    pub(super) fn body(&self, body: &Body) -> Option<(&'static str, String)> {
        match body {
            Body::None => None,
            Body::Json(node) => {
                let value = self.node(node).unwrap_or(Value::Null);
                Some(("application/json", value.to_string()))
            }
            Body::Form(pairs) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                for (key, phrase) in pairs {
                    form.append_pair(key, &self.phrase(phrase, str::to_owned));
                }
                Some(("application/x-www-form-urlencoded", form.finish()))
            }
        }
    }
}

/// One attempt.
pub(super) async fn send(core: &Core, outgoing: &Outgoing) -> SendOutcome {
    let Some(writing) = &core.config.writing else {
        return refused("这个网关只听不说");
    };
    let request = match request(core, writing, outgoing).await {
        Ok(request) => request,
        Err(outcome) => return outcome,
    };
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return failed(client::proves(&error)),
    };
    let status = response.status().as_u16();
    let wish = response.headers().get(RETRY_AFTER);
    let wish = wish.and_then(|it| it.to_str().ok()?.parse().ok());
    match status {
        200..=299 => {}
        401 | 403 => return not_sent("对方不认口令，请核对 send_token", None),
        429 => return not_sent("平台说太频繁了，等一等再发", wish.map(Duration::from_secs)),
        300..=399 => {
            return refused("对方要我们换一个地址（重定向），请把 write.url 改成最后的地址");
        }
        400..=499 => return refused(&format!("对方不接受这个请求（HTTP {status}）")),
        _ => return unknown(&format!("对方出错了（HTTP {status}），不知道发出去没有")),
    }
    match client::read(response, BODY_BYTES).await {
        Ok(body) => judge(writing, &body),
        Err(failure) => failed(failure),
    }
}

async fn request(
    core: &Core,
    writing: &Writing,
    outgoing: &Outgoing,
) -> Result<reqwest::RequestBuilder, SendOutcome> {
    let token = writing.token.as_ref().map(ExposeSecret::expose_secret);
    let fill = Fill {
        outgoing,
        token: token.unwrap_or_default(),
    };
    let url = fill.url(&writing.url);
    let client = client(core, &url, writing.timeout).await;
    let client = client.ok_or_else(|| not_sent("这台机器没有受信任的证书，不能用 https", None))?;
    let mut request = client.request(method(writing.method), url);
    for (name, phrase) in &writing.headers {
        let value = HeaderValue::from_str(&fill.phrase(phrase, str::to_owned));
        let name = HeaderName::from_bytes(name.as_bytes());
        let (Ok(name), Ok(mut value)) = (name, value) else {
            return Err(refused("write.headers 里有请求头写不进去的字"));
        };
        value.set_sensitive(true);
        request = request.header(name, value);
    }
    if let Some((kind, body)) = fill.body(&writing.body) {
        request = request.header(CONTENT_TYPE, kind).body(body);
    }
    Ok(request)
}

fn method(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
        Method::Put => HttpMethod::PUT,
    }
}

async fn client<'c>(core: &'c Core, url: &str, timeout: Duration) -> Option<&'c reqwest::Client> {
    let made = core.client.get_or_try_init(|| async {
        let url = url.to_owned();
        let made = tokio::task::spawn_blocking(move || client::http(&url, timeout)).await;
        made.map_err(std::io::Error::other).flatten()
    });
    made.await.ok()
}

/// What an answer with a good status says.
fn judge(writing: &Writing, body: &[u8]) -> SendOutcome {
    let value = wire::text(body);
    let look = value.as_ref().map(Look::at);
    let seen = |test: &Test| seen(writing, look.as_ref(), test);
    if let Some(test) = first(look.as_ref(), &writing.retry) {
        return not_sent(&format!("对方说没发出去（{}）", seen(test)), None);
    }
    if let Some(test) = first(look.as_ref(), &writing.unknown) {
        return unknown(&format!("对方说不准发出去没有（{}）", seen(test)));
    }
    if let Some(test) = &writing.success
        && first(look.as_ref(), std::slice::from_ref(test)).is_none()
    {
        let probe = std::slice::from_ref(&test.probe);
        let told = seen(test);
        // An answer that is no answer at all proves nothing.
        return if look.is_some_and(|look| look.stands(probe)) {
            refused(&format!("对方没有发成（{told}，成功的条件不成立）"))
        } else {
            unknown(&format!("对方的回答里没有成功的标记（{told}）"))
        };
    }
    let message = look.and_then(|look| look.text("message_id", &writing.message_id));
    SendOutcome::Sent {
        message: message.map(MessageId::new),
    }
}

/// The first of these that holds.
fn first<'t>(look: Option<&Look<'_>>, tests: &'t [Test]) -> Option<&'t Test> {
    let look = look?;
    tests.iter().find(|test| look.holds("", test))
}

/// What stands where a test looks. What the other side says back may repeat the secret.
fn seen(writing: &Writing, look: Option<&Look<'_>>, test: &Test) -> String {
    let found = look.and_then(|look| look.text("", std::slice::from_ref(&test.probe)));
    let found = found.unwrap_or_else(|| "（没有）".to_owned());
    let found = match writing.token.as_ref().map(ExposeSecret::expose_secret) {
        Some(token) if !token.is_empty() => found.replace(token, "***"),
        _ => found,
    };
    format!("{} = {}", test.probe.written, shown(&found))
}

fn failed(failure: Failure) -> SendOutcome {
    match failure {
        Failure::NotSent => not_sent("连不上对方，请核对 write.url，确认对方的程序已启动", None),
        Failure::Unanswered => unknown("对方没有在时间内答复，不知道发出去没有"),
    }
}

fn refused(reason: &str) -> SendOutcome {
    SendOutcome::Refused {
        reason: reason.to_owned(),
    }
}

fn not_sent(reason: &str, retry_after: Option<Duration>) -> SendOutcome {
    SendOutcome::NotSent {
        reason: reason.to_owned(),
        retry_after,
    }
}

fn unknown(reason: &str) -> SendOutcome {
    SendOutcome::Unknown {
        reason: reason.to_owned(),
    }
}

/// Whether somebody is where words are posted.
pub(super) async fn reach(writing: &Writing) -> Result<String, String> {
    // What comes before the path has no slots in any sensible template.
    let written: String = writing
        .url
        .0
        .iter()
        .map_while(|word| match word {
            Word::Text(text) => Some(text.as_str()),
            Word::Slot(_) => None,
        })
        .collect();
    let Ok(url) = reqwest::Url::parse(&written) else {
        return Err("write.url 不是一个网址，请核对".to_owned());
    };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("write.url 里没有主机名，请核对".to_owned());
    };
    match tokio::time::timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(format!("{host}:{port} 连得上")),
        _ => Err(format!(
            "{host}:{port} 连不上，请核对 write.url，确认对方的程序已启动"
        )),
    }
}
