//! What an import would change, in words, and the changes themselves.

use std::sync::Arc;

use serde::Serialize;

use crate::model::{Area, CategoryCode, Duty, Group, GroupPurpose, Person, Role};
use crate::store::{Changes, Expect};

use super::super::admit::tell;
use super::super::{Directory, DirectoryError, Snapshot};
use super::{Known, Mistake, Wanted, people};

/// Rows one table may have; a street has some thousands.
pub const MAX_ROWS: usize = 20_000;

/// What an import would do, line by line, Chinese.
#[derive(Debug, Serialize)]
pub struct ImportPlan {
    /// New areas, groups and people.
    pub added: Vec<String>,
    /// Changed ones, with what changes.
    pub changed: Vec<String>,
    /// People who are no longer in the table.
    pub removed: Vec<String>,
    /// What was odd and did not matter.
    pub warnings: Vec<Mistake>,
    /// The directory as it will be.
    #[serde(skip)]
    pub after: Arc<Snapshot>,
    #[serde(skip)]
    changes: Changes,
}

impl ImportPlan {
    /// Whether everything is as the files say already.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

impl Directory {
    /// Carries a plan out in one commit. Nobody is told but groups that are new.
    ///
    /// # Errors
    /// When the store fails; then nothing was done.
    pub async fn import(&self, plan: &ImportPlan) -> Result<(), DirectoryError> {
        if plan.is_empty() {
            return Ok(());
        }
        let _turn = self.changing.lock().await;
        self.commit(plan.changes.clone()).await
    }
}

/// Compares what the files want with what is known.
pub(super) fn compare(wanted: Wanted, known: &Known<'_>, warnings: Vec<Mistake>) -> ImportPlan {
    let mut plan = ImportPlan {
        added: Vec::new(),
        changed: Vec::new(),
        removed: Vec::new(),
        warnings,
        after: Arc::new(after(&wanted, known.directory)),
        changes: Changes::new(),
    };
    for area in &wanted.areas {
        plan.area(area, known);
    }
    for group in wanted.groups {
        plan.group(group, known);
    }
    for person in &wanted.people {
        plan.person(person, known);
    }
    if wanted.all_people {
        plan.leavers(&wanted.people, known);
    }
    plan
}

/// What is known once all of this is done.
fn after(wanted: &Wanted, before: &Snapshot) -> Snapshot {
    let stays = |person: &&Person| !wanted.all_people || person.role == Role::Resident;
    // What comes later under the same id takes the place.
    let areas = before.areas().chain(&wanted.areas).cloned();
    let groups = before.groups().chain(&wanted.groups).cloned();
    let people = before.people().filter(stays).chain(&wanted.people).cloned();
    Snapshot::new(areas, groups, people)
}

impl ImportPlan {
    fn area(&mut self, area: &Area, known: &Known<'_>) {
        let title = format!("{} {}", area.kind.chinese(), area.id);
        match known.directory.area(&area.id) {
            None => self.added.push(title),
            Some(before) if before == area => return,
            Some(before) => {
                let mut what = Vec::new();
                differ(
                    &mut what,
                    "类型",
                    before.kind.chinese(),
                    area.kind.chinese(),
                );
                differ(
                    &mut what,
                    "别名",
                    &before.aliases.join("|"),
                    &area.aliases.join("|"),
                );
                differ(&mut what, "需审批", approval(before), approval(area));
                self.changed.push(format!("{title}：{}", what.join("，")));
            }
        }
        self.changes.put(area, Expect::Any);
    }

    fn group(&mut self, mut group: Group, known: &Known<'_>) {
        let title = format!("群 {}（{}）", group.name, group.id);
        match known.directory.group(&group.id) {
            None => self.added.push(title),
            Some(before) if *before == group => return,
            Some(before) => {
                let mut what = Vec::new();
                differ(&mut what, "群名", &before.name, &group.name);
                let area = |group: &Group| {
                    group
                        .area
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default()
                };
                differ(&mut what, "区域", &area(before), &area(&group));
                differ(&mut what, "用途", purpose(before), purpose(&group));
                differ(
                    &mut what,
                    "读取",
                    before.gateway.as_str(),
                    group.gateway.as_str(),
                );
                let sink = |group: &Group| {
                    group
                        .sink
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default()
                };
                differ(&mut what, "发送", &sink(before), &sink(&group));
                if before.state != group.state {
                    what.push("接入".to_owned());
                }
                self.changed.push(format!("{title}：{}", what.join("，")));
            }
        }
        if let Some(facts) = known.welcome {
            tell(&mut group, facts, known.at, &mut self.changes);
        }
        self.changes.put(&group, Expect::Any);
    }

    fn person(&mut self, person: &Person, known: &Known<'_>) {
        let title = format!(
            "{} {}（{}）",
            people::chinese(person.role),
            person.name,
            person.id
        );
        match known.directory.person(&person.id) {
            None => self.added.push(title),
            Some(before) if before == person => return,
            Some(before) => {
                let mut what = Vec::new();
                differ(&mut what, "姓名", &before.name, &person.name);
                differ(
                    &mut what,
                    "角色",
                    people::chinese(before.role),
                    people::chinese(person.role),
                );
                differ(
                    &mut what,
                    "职责",
                    &duties(&before.duties),
                    &duties(&person.duties),
                );
                self.changed.push(format!("{title}：{}", what.join("，")));
            }
        }
        self.changes.put(person, Expect::Any);
    }

    /// Whoever worked here and is not in the table any more gets no more orders. Residents are in
    /// the directory for their objection alone and stay.
    fn leavers(&mut self, staying: &[Person], known: &Known<'_>) {
        let mut leaving: Vec<&Person> = known
            .directory
            .people()
            .filter(|person| person.role != Role::Resident)
            .filter(|person| staying.iter().all(|it| it.id != person.id))
            .collect();
        leaving.sort_by(|a, b| a.id.cmp(&b.id));
        for person in leaving {
            let title = people::chinese(person.role);
            self.removed
                .push(format!("{title} {}（{}）", person.name, person.id));
            if person.objected_at.is_some() {
                let bare = Person {
                    name: String::new(),
                    role: Role::Resident,
                    duties: Vec::new(),
                    gateway: None,
                    ..person.clone()
                };
                self.changes.put(&bare, Expect::Any);
            } else {
                self.changes
                    .delete::<Person>(person.id.as_str(), Expect::Any);
            }
        }
    }
}

fn differ(what: &mut Vec<String>, title: &str, before: &str, after: &str) {
    let shown = |words: &str| if words.is_empty() { "空" } else { words }.to_owned();
    if before != after {
        what.push(format!("{title} {} → {}", shown(before), shown(after)));
    }
}

fn approval(area: &Area) -> &'static str {
    if area.needs_approval { "是" } else { "否" }
}

fn purpose(group: &Group) -> &'static str {
    match group.purpose {
        GroupPurpose::Residents => "居民",
        GroupPurpose::Work => "工作",
    }
}

fn duties(duties: &[Duty]) -> String {
    let one = |duty: &Duty| {
        let codes: Vec<&str> = duty.categories.iter().map(CategoryCode::as_str).collect();
        let codes = if codes.is_empty() {
            "全部".to_owned()
        } else {
            codes.join("|")
        };
        format!("{}({codes},{})", duty.area.name(), duty.order)
    };
    duties.iter().map(one).collect::<Vec<_>>().join(" ")
}
