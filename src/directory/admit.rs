//! Groups come and go: seen, admitted with a word of welcome, retired. And a person's objection.

use crate::model::{
    Area, AreaId, AreaKind, Destination, Facts, GatewayId, Group, GroupId, GroupPurpose, GroupRef,
    GroupState, Level, Person, PersonId, Role, Saying, SayingId, SayingKind, Timestamp,
};
use crate::store::{Changes, Expect, Record, Versioned};

use super::{Directory, DirectoryError};

/// How many groups may wait for admission; further ones are not recorded, so that a stranger who
/// adds the account to groups all day does not fill the store.
pub const MAX_PENDING_GROUPS: usize = 1_000;

/// What an admin decides about a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Admission {
    /// The group, seen before or not.
    pub group: GroupRef,
    /// The gateway that reads it.
    pub gateway: GatewayId,
    /// The gateway that writes into it.
    pub sink: Option<GatewayId>,
    /// The area its talk is about; created when unknown, as a 小区.
    pub area: AreaId,
    /// What it is for.
    pub purpose: GroupPurpose,
    /// What the welcome may say: the bot's name and how long things are kept. `None`: nothing is said
    /// now, the group hears of it later ([`Directory::tell_untold`]).
    pub welcome: Option<Facts>,
    /// Now.
    pub at: Timestamp,
}

impl Directory {
    /// Records an unknown group as 待接入, and a known one's new name. Nothing is listened to.
    /// Gives whether anything was written.
    pub async fn see_group(
        &self,
        seen: &GroupRef,
        gateway: &GatewayId,
        at: Timestamp,
    ) -> Result<bool, DirectoryError> {
        if !self.is_news(seen) {
            return Ok(false);
        }
        let _turn = self.changing.lock().await;
        let (mut group, expect) = match self.find_group(&seen.id).await? {
            Some(known) => (known.record, Expect::Version(known.version)),
            None => (pending(seen, gateway, at), Expect::New),
        };
        group.name.clone_from(&seen.name);
        let mut changes = Changes::new();
        changes.put(&group, expect);
        self.commit(changes).await?;
        Ok(true)
    }

    /// Begins to listen in a group and says so in it, once in its life. Gives the group as it is now.
    pub async fn admit(&self, admission: &Admission) -> Result<Group, DirectoryError> {
        let _turn = self.changing.lock().await;
        let known = self.find_group(&admission.group.id).await?;
        let expect = expect(known.as_ref());
        let mut group = known.map_or_else(
            || pending(&admission.group, &admission.gateway, admission.at),
            |known| known.record,
        );
        group.gateway = admission.gateway.clone();
        group.sink.clone_from(&admission.sink);
        group.area = Some(admission.area.clone());
        group.purpose = admission.purpose;
        group.state = GroupState::Admitted;
        let mut changes = Changes::new();
        if let Some(facts) = &admission.welcome {
            tell(&mut group, facts, admission.at, &mut changes);
        }
        self.create_path(&admission.area, AreaKind::Estate, &mut changes);
        changes.put(&group, expect);
        self.commit(changes).await?;
        Ok(group)
    }

    /// Says to every admitted group that was not told yet that the bot listens there. Gives how many
    /// those were.
    pub async fn tell_untold(&self, facts: &Facts, at: Timestamp) -> Result<usize, DirectoryError> {
        let _turn = self.changing.lock().await;
        let snapshot = self.snapshot();
        let untold = snapshot
            .groups()
            .filter(|group| group.state == GroupState::Admitted && group.told_at.is_none());
        let mut changes = Changes::new();
        let mut told = 0;
        for group in untold {
            if let Some(known) = self.find_group(&group.id).await? {
                let mut group = known.record;
                tell(&mut group, facts, at, &mut changes);
                changes.put(&group, Expect::Version(known.version));
                told += 1;
            }
        }
        if told > 0 {
            self.commit(changes).await?;
        }
        Ok(told)
    }

    /// Stops listening in a group. Its events live on.
    pub async fn retire(&self, group: &GroupId) -> Result<Group, DirectoryError> {
        let _turn = self.changing.lock().await;
        let Some(known) = self.find_group(group).await? else {
            return Err(DirectoryError::Unfit(format!(
                "没有编号为 {group} 的群；用 groups list 查看已知的群"
            )));
        };
        let mut changes = Changes::new();
        let retired = Group {
            state: GroupState::Retired,
            ..known.record
        };
        changes.put(&retired, Expect::Version(known.version));
        self.commit(changes).await?;
        Ok(retired)
    }

    /// Keeps a person's objection, with the words that answer it. Gives whether it is new.
    pub async fn object(
        &self,
        person: &PersonId,
        answer: Option<&Saying>,
        at: Timestamp,
    ) -> Result<bool, DirectoryError> {
        self.set_objection(person, Some(at), answer).await
    }

    /// Takes an objection back at the person's own wish. Gives whether there was one.
    pub async fn withdraw_objection(&self, person: &PersonId) -> Result<bool, DirectoryError> {
        self.set_objection(person, None, None).await
    }

    /// Strikes a person from the directory; an objection stays, as a bare id. Gives whether
    /// anything was removed.
    pub async fn strike(&self, person: &PersonId) -> Result<bool, DirectoryError> {
        let _turn = self.changing.lock().await;
        let Some(known) = self.store.get::<Person>(person.as_str()).await? else {
            return Ok(false);
        };
        let bare = bare(person.clone());
        let mut changes = Changes::new();
        let expect = Expect::Version(known.version);
        if known.record.objected_at.is_some() {
            let kept = Person {
                objected_at: known.record.objected_at,
                ..bare
            };
            if kept == known.record {
                return Ok(false);
            }
            changes.put(&kept, expect);
        } else {
            changes.delete::<Person>(person.as_str(), expect);
        }
        self.commit(changes).await?;
        Ok(true)
    }

    async fn set_objection(
        &self,
        person: &PersonId,
        objected_at: Option<Timestamp>,
        answer: Option<&Saying>,
    ) -> Result<bool, DirectoryError> {
        let _turn = self.changing.lock().await;
        let known = self.store.get::<Person>(person.as_str()).await?;
        let expect = expect(known.as_ref());
        let mut record = known.map_or_else(|| bare(person.clone()), |known| known.record);
        if record.objected_at.is_some() == objected_at.is_some() {
            return Ok(false);
        }
        record.objected_at = objected_at;
        let mut changes = Changes::new();
        changes.put(&record, expect);
        if let Some(answer) = answer {
            changes.put(answer, Expect::Any);
        }
        self.commit(changes).await?;
        Ok(true)
    }

    fn is_news(&self, seen: &GroupRef) -> bool {
        let snapshot = self.snapshot();
        if let Some(known) = snapshot.group(&seen.id) {
            return !seen.name.is_empty() && known.name != seen.name;
        }
        let waiting = snapshot
            .groups()
            .filter(|it| it.state == GroupState::Pending);
        waiting.count() < MAX_PENDING_GROUPS
    }

    async fn find_group(&self, id: &GroupId) -> Result<Option<Versioned<Group>>, DirectoryError> {
        Ok(self.store.get::<Group>(id.as_str()).await?)
    }

    /// Adds the areas of a path that do not exist yet; the last one is of kind `last`.
    fn create_path(&self, area: &AreaId, last: AreaKind, changes: &mut Changes) {
        let snapshot = self.snapshot();
        let names: Vec<&str> = area.path().collect();
        for depth in 1..=names.len() {
            let id = AreaId::from_path(&names[..depth]);
            if snapshot.area(&id).is_none() {
                let kind = if depth == names.len() {
                    last
                } else {
                    outer_kind(depth)
                };
                let area = Area {
                    id,
                    kind,
                    aliases: Vec::new(),
                    needs_approval: false,
                };
                changes.put(&area, Expect::New);
            }
        }
    }
}

/// What an area that was only named in a path is taken for, by its depth from outside.
fn outer_kind(depth: usize) -> AreaKind {
    match depth {
        1 => AreaKind::Street,
        2 => AreaKind::Community,
        _ => AreaKind::Grid,
    }
}

fn expect<R: Record>(known: Option<&Versioned<R>>) -> Expect {
    known.map_or(Expect::New, |known| Expect::Version(known.version))
}

fn pending(seen: &GroupRef, gateway: &GatewayId, at: Timestamp) -> Group {
    Group {
        id: seen.id.clone(),
        gateway: gateway.clone(),
        sink: None,
        name: seen.name.clone(),
        area: None,
        purpose: GroupPurpose::Residents,
        state: GroupState::Pending,
        since: at,
        told_at: None,
    }
}

fn bare(id: PersonId) -> Person {
    Person {
        id,
        name: String::new(),
        role: Role::Resident,
        duties: Vec::new(),
        gateway: None,
        objected_at: None,
    }
}

/// Puts the welcome beside a group that has not heard it.
pub(super) fn tell(group: &mut Group, facts: &Facts, at: Timestamp, changes: &mut Changes) {
    if group.told_at.is_none() {
        group.told_at = Some(at);
        changes.put(&welcome(group, facts, at), Expect::Any);
    }
}

/// What a group hears when it is admitted: who the bot is, what it keeps, how to object.
fn welcome(group: &Group, facts: &Facts, at: Timestamp) -> Saying {
    let area = group.area.as_ref().map(AreaId::name).unwrap_or_default();
    let purpose = match group.purpose {
        GroupPurpose::Residents => "居民",
        GroupPurpose::Work => "工作",
    };
    let mut facts = facts.clone();
    for (name, value) in [
        ("group", group.name.as_str()),
        ("area", area),
        ("purpose", purpose),
    ] {
        facts.insert(name.to_owned(), value.to_owned());
    }
    Saying {
        id: SayingId::new(format!("welcome/{}", group.id)),
        kind: SayingKind::Welcome,
        event: None,
        to: Destination::Group(group.id.clone()),
        level: Level::Normal,
        facts,
        quote: None,
        mentions: Vec::new(),
        at,
    }
}
