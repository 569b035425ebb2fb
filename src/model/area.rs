//! Where things are and who is there: areas, groups, people and what they answer for.

use serde::{Deserialize, Serialize};

use super::{AreaId, CategoryCode, GatewayId, GroupId, PersonId, Timestamp};

/// What a node of the area tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// 街道.
    Street,
    /// 社区.
    Community,
    /// 网格.
    Grid,
    /// 小区 or 院落.
    Estate,
    /// 楼栋.
    Building,
}

impl AreaKind {
    /// What people read.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Street => "街道",
            Self::Community => "社区",
            Self::Grid => "网格",
            Self::Estate => "小区",
            Self::Building => "楼栋",
        }
    }
}

/// A node of the tree 街道→社区→网格→小区→楼栋. Its parent is the parent of its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// Its path of names.
    pub id: AreaId,
    /// What it is.
    pub kind: AreaKind,
    /// Other names people use for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether hand_back, suspend, extend and transfer need the word of staff here.
    #[serde(default)]
    pub needs_approval: bool,
}

/// What a group is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupPurpose {
    /// Residents talk here; the bot listens.
    Residents,
    /// Grid workers and staff; cards and commands go here.
    Work,
}

/// Whether the bot listens in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupState {
    /// 待接入: seen, not listened to until an admin admits it.
    Pending,
    /// 已接入.
    Admitted,
    /// 已停用: an admin took it out again.
    Retired,
}

/// A chat group bound to an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The platform's id.
    pub id: GroupId,
    /// The gateway that reads it.
    pub gateway: GatewayId,
    /// The gateway that writes into it; `None`: nothing may write, words become drafts.
    pub sink: Option<GatewayId>,
    /// The name last seen.
    pub name: String,
    /// The area its talk is about; `None` until admitted.
    pub area: Option<AreaId>,
    /// What it is for.
    pub purpose: GroupPurpose,
    /// Whether it is listened to.
    pub state: GroupState,
    /// When it was first seen.
    pub since: Timestamp,
    /// When the notice that the bot listens was committed.
    #[serde(default)]
    pub told_at: Option<Timestamp>,
}

/// What somebody may do. An unknown person is a resident.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 居民.
    #[default]
    Resident,
    /// 物业.
    Property,
    /// 网格员, 微网格员.
    Worker,
    /// 社区, 街道, 坐席.
    Staff,
    /// 社区管理员.
    Admin,
    /// Another bot or an official account: never answered.
    Bot,
}

/// What a person answers for: some categories in an area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// The area, everything under it included.
    pub area: AreaId,
    /// The categories; empty means all.
    #[serde(default)]
    pub categories: Vec<CategoryCode>,
    /// 0 is asked first, then 1 and so on, then up the tree.
    #[serde(default)]
    pub order: u8,
}

/// Somebody the directory knows, or who has objected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The platform's id.
    pub id: PersonId,
    /// The name colleagues use.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they answer for.
    #[serde(default)]
    pub duties: Vec<Duty>,
    /// The gateway on which they can be told something alone.
    #[serde(default)]
    pub gateway: Option<GatewayId>,
    /// When they objected to being listened to.
    #[serde(default)]
    pub objected_at: Option<Timestamp>,
}
