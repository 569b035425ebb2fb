//! Groups: which are heard, how, and whether the bot may speak there.

use serde_json::json;

use super::{Handled, Office, say};
use crate::app::request::Answer;
use crate::app::table::table;
use crate::config::Mode;
use crate::directory::Admission;
use crate::model::{
    AreaId, GatewayId, Group, GroupId, GroupPurpose, GroupRef, GroupState, Timestamp,
};

impl Office {
    pub(super) fn groups(&self) -> Answer {
        let snapshot = self.desk.directory.snapshot();
        let mut groups: Vec<&Group> = snapshot.groups().collect();
        groups.sort_by(|a, b| a.area.cmp(&b.area).then_with(|| a.id.cmp(&b.id)));
        if groups.is_empty() {
            let text = "还没有群。机器人进群后，有人说话就会列在这里，等您接入。";
            return Answer::done(text, Vec::new());
        }
        let rows = groups.iter().map(|group| {
            let heard = self.last_heard.of(&group.id);
            [
                group.id.to_string(),
                group.name.clone(),
                state(group.state).to_owned(),
                purpose(group.purpose).to_owned(),
                group
                    .area
                    .as_ref()
                    .map_or_else(|| "—".to_owned(), ToString::to_string),
                heard.map_or_else(|| "还没听到".to_owned(), |at| self.when(at)),
                self.standing(group).speaks(),
            ]
        });
        let text = table(
            [
                "群号",
                "群名",
                "状态",
                "用途",
                "片区",
                "最近听到",
                "能否发言",
            ],
            rows,
        );
        let rows = groups.iter().map(|group| {
            let mut row = json!(group);
            row["last_heard"] = json!(self.last_heard.of(&group.id));
            row["speaks"] = json!(self.standing(group).speaks());
            row
        });
        Answer::done(text, rows.collect())
    }

    /// Whether a gateway can write at all; one that is not configured may come back.
    fn writes(&self, gateway: &GatewayId) -> bool {
        let configured = self.gateways.iter().find(|it| it.id == *gateway);
        configured.is_none_or(|gateway| gateway.sink.is_some())
    }

    pub(super) async fn admit(&self, group: &str, area: &str, purpose: GroupPurpose) -> Handled {
        let snapshot = self.desk.directory.snapshot();
        let id = GroupId::from(group);
        let path: Vec<&str> = area
            .split('/')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect();
        if path.is_empty() {
            return Err("请用 --area 写明片区，如 云杉街道/清溪社区/云杉苑".to_owned());
        }
        let known = snapshot.group(&id);
        let gateway = known
            .map(|group| group.gateway.clone())
            .or_else(|| self.gateways.first().map(|gateway| gateway.id.clone()));
        let Some(gateway) = gateway else {
            return Err(format!(
                "没见过群 {group}，也没有配置网关；请先在配置里写 [[gateway]]"
            ));
        };
        let admission = Admission {
            group: GroupRef {
                id,
                name: known.map(|group| group.name.clone()).unwrap_or_default(),
                area: Vec::new(),
            },
            sink: known
                .and_then(|group| group.sink.clone())
                .or_else(|| self.writes(&gateway).then(|| gateway.clone())),
            gateway,
            area: AreaId::from_path(&path),
            purpose,
            welcome: (self.mode == Mode::Live).then(|| self.desk.welcome_facts()),
            at: self.clock.now(),
        };
        let group = self.desk.directory.admit(&admission).await.map_err(say)?;
        let told = match self.mode {
            Mode::Live => "机器人会在群里说明一次自己是谁、记什么、怎么反对",
            Mode::Shadow => {
                "现在是旁听模式，群里不会说明；请社区自己先告诉居民，转正式运行时机器人会补说一次"
            }
        };
        let text = format!(
            "已接入“{}”（{}），归 {}；{told}。",
            group.name, group.id, admission.area
        );
        Ok(Answer::done(text, vec![json!(group)]))
    }

    pub(super) async fn retire(&self, group: &str) -> Handled {
        let group = self
            .desk
            .directory
            .retire(&GroupId::from(group))
            .await
            .map_err(say)?;
        Ok(Answer::done(
            format!("已停用“{}”（{}），不再听。", group.name, group.id),
            vec![json!(group)],
        ))
    }

    /// An instant as people in the community read it.
    pub(super) fn when(&self, at: Timestamp) -> String {
        let zone = self.desk.view().settings.zone.clone();
        at.to_zoned(zone).strftime("%m-%d %H:%M").to_string()
    }
}

pub(super) fn state(state: GroupState) -> &'static str {
    match state {
        GroupState::Pending => "待接入",
        GroupState::Admitted => "已接入",
        GroupState::Retired => "已停用",
    }
}

pub(super) fn purpose(purpose: GroupPurpose) -> &'static str {
    match purpose {
        GroupPurpose::Residents => "居民群",
        GroupPurpose::Work => "工作群",
    }
}
