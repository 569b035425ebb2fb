//! When each group was last heard: the first sign that a connection has silently died.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::model::{GroupId, Timestamp};

/// Groups that are remembered; as many as the directory keeps waiting and more than any bot serves.
const GROUPS: usize = 10_000;

/// The last message of each group, in memory. Cheap to clone, all clones see the same.
#[derive(Clone, Debug, Default)]
pub struct LastHeard(Arc<RwLock<HashMap<GroupId, Timestamp>>>);

impl LastHeard {
    /// Notes a message. Times may jump back; the last one heard counts.
    pub fn note(&self, group: &GroupId, at: Timestamp) {
        let mut groups = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = groups.get_mut(group) {
            *known = at;
        } else if groups.len() < GROUPS {
            groups.insert(group.clone(), at);
        }
    }

    /// When a group was last heard.
    pub fn of(&self, group: &GroupId) -> Option<Timestamp> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(group)
            .copied()
    }

    /// All groups, for the metrics.
    pub fn all(&self) -> Vec<(GroupId, Timestamp)> {
        let groups = self.0.read().unwrap_or_else(PoisonError::into_inner);
        groups
            .iter()
            .map(|(group, at)| (group.clone(), *at))
            .collect()
    }
}
