//! Areas, groups and people: what is known, and what a table would change.

use serde_json::json;

use super::{Handled, Office, say};
use crate::app::request::Answer;
use crate::app::table::table;
use crate::config;
use crate::desk::{Desk, HandedOver, Mode};
use crate::directory::import::{File, ImportPlan, Kind, Known, plan};
use crate::model::{Role, Timestamp};

impl Office {
    pub(super) fn directory(&self) -> Answer {
        let snapshot = self.desk.directory.snapshot();
        let areas = snapshot.areas().map(|area| {
            [
                area.id.to_string(),
                area.kind.chinese().to_owned(),
                area.aliases.join("、"),
            ]
        });
        let people = snapshot.people().map(|person| {
            let duties: Vec<String> = person
                .duties
                .iter()
                .map(|duty| {
                    let categories: Vec<&str> = duty
                        .categories
                        .iter()
                        .map(crate::model::CategoryCode::as_str)
                        .collect();
                    let categories = if categories.is_empty() {
                        "全部".to_owned()
                    } else {
                        categories.join("、")
                    };
                    format!(
                        "{}（{categories}，第 {} 位）",
                        duty.area.name(),
                        duty.order + 1
                    )
                })
                .collect();
            [
                person.id.to_string(),
                person.name.clone(),
                role(person.role).to_owned(),
                duties.join("；"),
            ]
        });
        let text = format!(
            "{}\n\n{}\n\n{}",
            table(["片区", "类型", "别名"], areas),
            self.groups().text,
            table(["编号", "姓名", "角色", "负责"], people)
        );
        let rows = snapshot
            .areas()
            .map(|area| json!({"area": area}))
            .chain(snapshot.groups().map(|group| json!({"group": group})))
            .chain(snapshot.people().map(|person| json!({"person": person})));
        Answer::done(text, rows.collect())
    }

    pub(super) async fn import(&self, files: &[(String, Vec<u8>)], dry_run: bool) -> Handled {
        let now = self.clock.now();
        let imported = if dry_run {
            let plan = plan_files(&self.desk, files, now, self.mode)?;
            let handed = self.desk.hand_over(&plan.after, now, Mode::DryRun).await;
            let handed = handed.map_err(say)?;
            Imported { plan, handed }
        } else {
            import_files(&self.desk, files, now, self.mode).await?
        };
        Ok(Answer::done(imported.describe(dry_run), imported.rows()))
    }
}

/// Reads and checks the tables against what is known, and writes nothing.
fn plan_files(
    desk: &Desk,
    files: &[(String, Vec<u8>)],
    now: Timestamp,
    mode: config::Mode,
) -> Result<ImportPlan, String> {
    let mut read = Vec::new();
    for (name, bytes) in files {
        let kind = Kind::of_file(name).ok_or_else(|| {
            format!("{name} 不知道是哪张表；请把文件名改成 areas、groups 或 people 开头")
        })?;
        read.push(File {
            kind,
            name: name.clone(),
            bytes: bytes.clone(),
        });
    }
    let view = desk.view();
    let facts = (mode == config::Mode::Live).then(|| desk.welcome_facts());
    let known = Known {
        directory: &view.directory,
        catalogue: &view.catalogue,
        welcome: facts.as_ref(),
        at: now,
    };
    plan(&read, &known).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        format!(
            "{}\n共 {} 处要改，一处也没有导入。",
            lines.join("\n"),
            lines.len()
        )
    })
}

/// What an import did, or would do.
pub struct Imported {
    /// To the directory.
    pub plan: ImportPlan,
    /// To open events whose holders left or do other work now.
    pub handed: Vec<HandedOver>,
}

/// Reads, checks and writes the tables: all or nothing. Open events of whoever leaves go to the next
/// in line first: after a crash between the two, the same import finishes it.
///
/// # Errors
///
/// All mistakes with file and row, for the person who filled them in.
pub async fn import_files(
    desk: &Desk,
    files: &[(String, Vec<u8>)],
    now: Timestamp,
    mode: config::Mode,
) -> Result<Imported, String> {
    let plan = plan_files(desk, files, now, mode)?;
    let handed = desk.hand_over(&plan.after, now, Mode::Apply).await;
    let handed = handed.map_err(say)?;
    desk.directory.import(&plan).await.map_err(say)?;
    Ok(Imported { plan, handed })
}

impl Imported {
    fn describe(&self, dry_run: bool) -> String {
        let (plan, mut text) = (&self.plan, String::new());
        for (title, lines) in [
            ("新增", &plan.added),
            ("修改", &plan.changed),
            ("删除", &plan.removed),
        ] {
            for line in lines {
                text += &format!("{title} {line}\n");
            }
        }
        for handed in &self.handed {
            text += &format!("改派 {}：{}\n", handed.line, self.way(handed));
        }
        for warning in &plan.warnings {
            text += &format!("提醒 {warning}\n");
        }
        let verb = if dry_run { "试算：会" } else { "已" };
        text += &format!(
            "{verb}新增 {} 项，修改 {} 项，删除 {} 项，改派 {} 个事件。",
            plan.added.len(),
            plan.changed.len(),
            plan.removed.len(),
            self.handed.len()
        );
        text
    }

    /// From whom to whom.
    fn way(&self, handed: &HandedOver) -> String {
        let to = handed.to.as_ref().map(|to| self.plan.after.name(to));
        match (to, handed.parked) {
            (Some(to), false) => format!("{} → {to}，等接单", handed.from),
            (Some(to), true) => format!("{} → {to}，请派人", handed.from),
            (None, _) => format!("{} → 没有人可派，请派人", handed.from),
        }
    }

    fn rows(&self) -> Vec<serde_json::Value> {
        let plan = &self.plan;
        vec![json!({
            "added": plan.added, "changed": plan.changed, "removed": plan.removed,
            "warnings": plan.warnings, "handed_over": self.handed,
        })]
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Resident => "居民",
        Role::Property => "物业",
        Role::Worker => "网格员",
        Role::Staff => "社区",
        Role::Admin => "管理员",
        Role::Bot => "机器人",
    }
}
