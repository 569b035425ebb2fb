//! One group as the gateways stand: how it is heard, whether the bot may speak there, what the
//! platform lets it do, and what is missing.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;
use serde_json::json;

use super::groups::{purpose, state};
use super::{Handled, Office};
use crate::app::request::Answer;
use crate::gateway::{
    Addressing, Confirmation, Health, Hears, Profile, Rate, RateScope, SinkCapabilities,
    SourceCapabilities,
};
use crate::model::{GatewayId, Group, GroupId, GroupState, Timestamp};

/// A group that says nothing for so long is worth a look: even quiet ones wish each other good morning.
const QUIET: Duration = Duration::from_hours(48);

/// How a group is heard and answered.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    /// When it was last heard.
    last_heard: Option<Timestamp>,
    /// What hears it.
    source: Option<Profile>,
    /// How that is doing; `None`: the bot does not run.
    source_health: Option<Health>,
    /// What may write into it.
    sink: Option<Profile>,
    /// How that is doing; `None`: the bot does not run.
    sink_health: Option<Health>,
    /// What keeps it from being heard or answered in full; Chinese, each with what to do.
    missing: Vec<String>,
}

impl Office {
    /// One group, in full.
    pub(super) fn group(&self, named: &str) -> Handled {
        let snapshot = self.desk.directory.snapshot();
        let mut called = snapshot.groups().filter(|group| group.name == named);
        let group = match (
            snapshot.group(&GroupId::from(named)),
            called.next(),
            called.next(),
        ) {
            (Some(group), ..) | (None, Some(group), None) => group,
            (None, None, _) => {
                return Err(format!(
                    "没见过群“{named}”；先看看有哪些：lianxin groups list"
                ));
            }
            (None, Some(_), Some(_)) => {
                return Err(format!(
                    "有几个群都叫“{named}”，请改用群号（lianxin groups list）"
                ));
            }
        };
        let standing = self.standing(group);
        let text = self.describe(group, &standing);
        Ok(Answer::done(text, vec![row(group, &standing)]))
    }

    /// Every admitted group, in a line each.
    pub(super) fn standings(&self) -> Answer {
        let snapshot = self.desk.directory.snapshot();
        let admitted = snapshot
            .groups()
            .filter(|group| group.state == GroupState::Admitted);
        let mut groups: Vec<&Group> = admitted.collect();
        groups.sort_by(|a, b| a.id.cmp(&b.id));
        let rows = groups.into_iter().map(|group| {
            let standing = self.standing(group);
            let mut row = row(group, &standing);
            row["line"] = json!(self.line(group, &standing));
            row
        });
        Answer::done("", rows.collect())
    }

    pub(super) fn standing(&self, group: &Group) -> Standing {
        let profile = |id: &GatewayId| self.gateways.iter().find(|it| it.id == *id).cloned();
        let running = (self.lookout)();
        let health = |id: &GatewayId| {
            let found = running.iter().find(|(known, _)| known == id);
            found.map(|(_, health)| health.clone())
        };
        let mut standing = Standing {
            last_heard: self.last_heard.of(&group.id),
            source: profile(&group.gateway).filter(|it| it.source.is_some()),
            source_health: health(&group.gateway),
            sink: group.sink.as_ref().and_then(profile),
            sink_health: group.sink.as_ref().and_then(health),
            missing: Vec::new(),
        };
        standing.missing = self.missing(group, &standing);
        standing
    }

    fn missing(&self, group: &Group, standing: &Standing) -> Vec<String> {
        let mut missing = Vec::new();
        if group.state != GroupState::Admitted {
            missing.push(format!(
                "还没有接入，说什么都不听：lianxin groups admit {} --area 街道/社区/小区",
                group.id
            ));
        }
        match standing.hears() {
            None => missing.push(format!(
                "配置里没有叫 {} 的网关可以听：请在 [[gateway]] 里加上，或在 groups.csv 改“读取”",
                group.gateway
            )),
            Some(can) if can.hears == Hears::Mentions => missing.push(
                "这条路只收得到 @ 机器人的话，居民平常的抱怨听不到；要全听到，请给这个群另配一条能全听的路".to_owned(),
            ),
            Some(_) => {}
        }
        match (&group.sink, standing.writes()) {
            (None, _) => missing.push(
                "没有可以发言的账号，要说的话会变成草稿等人发：lianxin outbox list".to_owned(),
            ),
            (Some(sink), None) => missing.push(format!(
                "发言要用的网关 {sink} 不在配置里，或只能听：要说的话会变成草稿"
            )),
            (Some(_), Some(can)) if can.confirmation == Confirmation::Person => {
                missing.push("每句话都要有人在客户端里点确认才会发出".to_owned());
            }
            _ => {}
        }
        missing.extend(standing.broken());
        let silent = |at: &Timestamp| self.clock.now() > *at + QUIET;
        if standing.last_heard.as_ref().is_some_and(silent) {
            missing.push("两天没听到这个群说话，请到群里看看账号还在不在".to_owned());
        }
        missing
    }

    fn heard(&self, standing: &Standing) -> String {
        match (standing.last_heard, &standing.source_health) {
            (Some(at), _) => self.when(at),
            (None, Some(_)) => "启动后还没听到".to_owned(),
            (None, None) => "不知道（机器人没在运行）".to_owned(),
        }
    }

    fn describe(&self, group: &Group, standing: &Standing) -> String {
        let area = group.area.as_ref().map(ToString::to_string);
        let mut text = format!(
            "{}（{}）　{} · {} · {}\n最近听到：{}\n怎么听：　{}\n能否发言：{}\n",
            group.name,
            group.id,
            state(group.state),
            purpose(group.purpose),
            area.unwrap_or_else(|| "还没有片区".to_owned()),
            self.heard(standing),
            standing.way_in(),
            standing.way_out(),
        );
        for limit in standing.limits(self.per_minute) {
            let _ = writeln!(text, "限制：　　{limit}");
        }
        if standing.missing.is_empty() {
            text.push_str("还缺什么：不缺，听得到、说得出。");
        }
        for missing in &standing.missing {
            let _ = writeln!(text, "还缺什么：{missing}");
        }
        text.trim_end().to_owned()
    }

    fn line(&self, group: &Group, standing: &Standing) -> String {
        let mut line = format!(
            "{}（{}）：最近听到 {}；{}；发言{}",
            group.name,
            group.id,
            self.heard(standing),
            standing.hearing(),
            standing.speaks(),
        );
        for missing in &standing.missing {
            let _ = write!(line, "；{missing}");
        }
        line
    }
}

fn row(group: &Group, standing: &Standing) -> serde_json::Value {
    let mut row = json!(group);
    row["speaks"] = json!(standing.speaks());
    row["standing"] = json!(standing);
    row["good"] = json!(standing.missing.is_empty());
    row
}

impl Standing {
    fn hears(&self) -> Option<SourceCapabilities> {
        self.source.as_ref()?.source
    }

    fn writes(&self) -> Option<SinkCapabilities> {
        self.sink.as_ref()?.sink
    }

    /// Whether the bot may write there, in a word or two.
    pub(super) fn speaks(&self) -> String {
        let (Some(sink), true) = (&self.sink, self.writes().is_some()) else {
            return "只听，发言变草稿".to_owned();
        };
        let id = &sink.id;
        match &self.sink_health {
            None => format!("经 {id}（未运行）"),
            Some(health) if health.connected && health.acting => format!("经 {id}"),
            Some(health) if health.connected => format!("经 {id}（连上了，还不能发）"),
            Some(_) => format!("经 {id}（未连上）"),
        }
    }

    fn hearing(&self) -> &'static str {
        match self.hears().map(|can| can.hears) {
            None => "听不到",
            Some(Hears::Everything) => "全部的话都听得到",
            Some(Hears::Mentions) => "只听得到 @ 机器人的话",
        }
    }

    fn way_in(&self) -> String {
        let (Some(source), Some(can)) = (&self.source, self.hears()) else {
            return "听不到".to_owned();
        };
        let mut text = format!(
            "{}（{}，{}），{}",
            source.id,
            source.protocol,
            source.way,
            self.hearing()
        );
        if can.acknowledged {
            text.push_str("，记下了才回执");
        }
        text.push_str(if can.history {
            "，断线期间的话会补收"
        } else {
            "，断线期间的话收不到"
        });
        text
    }

    fn way_out(&self) -> String {
        let (Some(sink), Some(can)) = (&self.sink, self.writes()) else {
            return self.speaks();
        };
        let addressed = match can.addressing() {
            Addressing::Quote => "可以引用原话",
            Addressing::Mention => "不能引用，改用 @",
            Addressing::Name => "不能引用也不能 @，改写名字",
        };
        let image = if can.image {
            "能发图"
        } else {
            "不能发图"
        };
        format!(
            "{}（{}），{addressed}，{image}",
            self.speaks(),
            sink.protocol
        )
    }

    fn limits(&self, per_minute: u32) -> Vec<String> {
        let Some(can) = self.writes() else {
            return Vec::new();
        };
        let mut limits = vec![
            format!(
                "一条最多 {} 字节（约 {} 个汉字），更长的在句末拆成几条",
                can.max_bytes,
                can.max_bytes / 3
            ),
            format!("每分钟最多 {per_minute} 条（配置里的 outbox.per_minute）"),
        ];
        limits.extend(can.rates.iter().map(stated));
        limits
    }

    /// What is wrong with the connections, in their own words.
    fn broken(&self) -> Vec<String> {
        let mut broken: Vec<String> = Vec::new();
        for (profile, health) in [
            (&self.source, &self.source_health),
            (&self.sink, &self.sink_health),
        ] {
            let (Some(profile), Some(health)) = (profile, health) else {
                continue;
            };
            let text = match (health.connected, health.acting) {
                _ if !health.trouble.is_empty() => {
                    format!("网关 {}：{}", profile.id, health.trouble)
                }
                (true, true) => continue,
                (true, false) => format!(
                    "网关 {} 连上了，但对方还没有回应动作，暂时不能发言",
                    profile.id
                ),
                (false, _) => format!(
                    "网关 {} 没有连上，请确认对方的程序已启动、地址和口令正确",
                    profile.id
                ),
            };
            if !broken.contains(&text) {
                broken.push(text);
            }
        }
        broken
    }
}

/// A platform's own rate in words.
fn stated(rate: &Rate) -> String {
    let whose = match rate.scope {
        RateScope::Account => "一个账号",
        RateScope::Destination => "一个群",
    };
    let per = match rate.per.as_secs() {
        60 => "每分钟".to_owned(),
        3_600 => "每小时".to_owned(),
        seconds => format!("每 {seconds} 秒"),
    };
    format!("平台规定{whose}{per}最多 {} 条", rate.messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: &[Rate] = &[Rate {
        messages: 20,
        per: Duration::from_mins(1),
        scope: RateScope::Account,
        stated: "a page",
    }];

    fn profile(hears: Hears) -> Profile {
        Profile {
            id: GatewayId::from("wx"),
            protocol: "OneBot 11",
            way: "反向 WebSocket（等对方连过来）".to_owned(),
            source: Some(SourceCapabilities {
                acknowledged: false,
                hears,
                history: false,
            }),
            sink: Some(SinkCapabilities {
                mention: true,
                rates: RATES,
                ..SinkCapabilities::text_only(2048)
            }),
        }
    }

    fn standing(health: Option<Health>) -> Standing {
        Standing {
            last_heard: None,
            source: Some(profile(Hears::Everything)),
            source_health: health.clone(),
            sink: Some(profile(Hears::Everything)),
            sink_health: health,
            missing: Vec::new(),
        }
    }

    #[test]
    fn what_a_channel_may_do_is_said_in_words() {
        let well = Health {
            connected: true,
            acting: true,
            ..Health::default()
        };
        let standing = standing(Some(well));
        assert_eq!(
            standing.way_out(),
            "经 wx（OneBot 11），不能引用，改用 @，不能发图"
        );
        assert!(
            standing
                .way_in()
                .contains("全部的话都听得到，断线期间的话收不到")
        );
        let limits = standing.limits(20).join("\n");
        assert!(limits.contains("2048 字节（约 682 个汉字）"), "{limits}");
        assert!(
            limits.contains("平台规定一个账号每分钟最多 20 条"),
            "{limits}"
        );
        assert!(standing.broken().is_empty());
    }

    #[test]
    fn a_broken_connection_says_what_is_wrong_once() {
        let trouble = "对方不接受访问令牌，请核对网关的 token".to_owned();
        let broken = standing(Some(Health {
            trouble,
            ..Health::default()
        }))
        .broken();
        assert_eq!(broken, ["网关 wx：对方不接受访问令牌，请核对网关的 token"]);
        assert!(standing(None).broken().is_empty(), "at rest nobody knows");
    }
}
