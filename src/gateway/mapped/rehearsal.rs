//! A mapping is tried on a body: what each way found, and what comes of it. Nothing is sent or kept.

use std::cell::RefCell;

use serde::Serialize;

use super::look::{Look, Outcome, Step};
use super::posting::Fill;
use super::reading::{self, Circumstances, Verdict};
use super::{body, items};
use crate::config::webhook::{Webhook, Writing};
use crate::model::{
    Destination, GatewayId, GroupId, Message, MessageId, Outgoing, PersonId, SayingId, Timestamp,
};

/// One message of a body, and how it came about.
#[derive(Debug, Serialize)]
pub struct Rehearsed {
    /// Every way that was tried, in order.
    pub steps: Vec<Step>,
    /// What came of it.
    #[serde(flatten)]
    pub result: Becomes,
}

/// What comes of an item.
#[derive(Debug, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Becomes {
    /// The message as the desk would hear it.
    Message {
        /// It.
        message: Box<Message>,
    },
    /// Our own words: they prove that something went out, and are not answered.
    Own {
        /// They.
        message: Box<Message>,
    },
    /// Nothing for us.
    Skipped {
        /// Why, Chinese.
        why: String,
    },
    /// It cannot be understood.
    Broken {
        /// Why and what to do, Chinese, with the pointers and what stands there.
        why: String,
    },
}

/// Tries a mapping.
pub fn rehearse(
    config: &Webhook,
    gateway: &GatewayId,
    bytes: &[u8],
    now: Timestamp,
) -> Vec<Rehearsed> {
    let alone = |why: String| {
        vec![Rehearsed {
            steps: Vec::new(),
            result: Becomes::Broken { why },
        }]
    };
    let Some(mut whole) = body::read(None, bytes) else {
        return alone("这段正文既不是 JSON 也不是表单，请核对对方发来的内容".to_owned());
    };
    let reading = &config.reading;
    body::parse(&mut whole, &reading.parse);
    let Some(items) = items(reading.each.as_ref(), &whole) else {
        let each = reading.each.as_deref().unwrap_or_default();
        let there = whole
            .pointer(each)
            .map(|value| super::look::shown(&value.to_string()));
        let there = there.map_or("那里什么也没有".to_owned(), |it| {
            format!("那里是 {it}")
        });
        return alone(format!("read.each 的 {each} 应该是一个列表，{there}"));
    };
    let around = Circumstances { gateway, now };
    let rehearse = |item| {
        let steps = RefCell::new(Vec::new());
        let look = Look {
            item,
            whole: &whole,
            steps: Some(&steps),
        };
        let verdict = reading::read(reading, &look, &around);
        let steps = steps.into_inner();
        let result = match verdict {
            Verdict::Message(message) => Becomes::Message { message },
            Verdict::Own(message) => Becomes::Own { message },
            Verdict::Skipped(why) => Becomes::Skipped { why },
            Verdict::Broken { field, .. } => Becomes::Broken {
                why: blame(field, &steps),
            },
        };
        Rehearsed { steps, result }
    };
    items.into_iter().map(rehearse).collect()
}

/// Names each pointer that was tried and what stands there.
fn blame(field: &'static str, steps: &[Step]) -> String {
    let tried = steps.iter().filter(|step| step.field == field);
    let tried: Vec<String> = tried
        .map(|step| match step.outcome {
            Outcome::Missing => format!("{} 那里什么也没有", step.way),
            Outcome::Unfit => format!("{} 那里是 {}，对不上", step.way, step.found),
            _ => format!("{} 那里是 {}", step.way, step.found),
        })
        .collect();
    let tried = tried.join("；");
    match field {
        "time" => format!(
            "时间看不懂：{tried}。能懂的写法：秒、毫秒、2026-11-20T08:01:00+08:00、2026-11-20 08:01:00。请改 read.time，或不写（按收到的时间）"
        ),
        "group" => format!(
            "没找到群号：{tried}。请改 read.group；如果私聊也从这里来，加 no_group = \"skip\""
        ),
        "id" => format!("没找到消息编号：{tried}。请改 read.id；对方真的没有编号，就不要写 id"),
        "text" => format!(
            "没找到正文：{tried}。请改 read.text；不是文字的消息，用 read.kind 和 [gateway.read.kinds] 分出来，或用 accept 排除"
        ),
        other => format!("没找到 {other}：{tried}。请改 read.{other}"),
    }
}

/// What would be posted, secrets hidden.
#[derive(Debug, Serialize)]
pub struct Posted {
    /// The method and the URL.
    pub request: String,
    /// The headers.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

/// What would be posted for an answer to this message.
pub fn post(writing: &Writing, gateway: &GatewayId, message: Option<&Message>) -> Posted {
    let group = message.map_or_else(|| GroupId::from("群号"), |it| it.group.id.clone());
    let outgoing = Outgoing {
        saying: SayingId::from("try"),
        gateway: gateway.clone(),
        to: Destination::Group(group),
        text: "收到，已受理。\n“引号”和换行也照样".to_owned(),
        mentions: message.map_or_else(
            || vec![(PersonId::from("人员编号"), "居民".to_owned())],
            |it| vec![(it.sender.id.clone(), it.sender.name.clone())],
        ),
        quote: Some(message.map_or_else(|| MessageId::from("消息编号"), |it| it.id.clone())),
    };
    let fill = Fill {
        outgoing: &outgoing,
        token: "***",
    };
    let method = format!("{:?}", writing.method).to_uppercase();
    let headers = writing.headers.iter();
    Posted {
        request: format!("{method} {}", fill.url(&writing.url)),
        headers: headers
            .map(|(name, phrase)| format!("{name}: {}", fill.phrase(phrase, str::to_owned)))
            .collect(),
        body: fill.body(&writing.body).unwrap_or_default().1,
    }
}
