//! Groups admitted through the desk, which knows what the welcome has to say.

use crate::model::{AreaId, Facts, GatewayId, Group, GroupPurpose, GroupRef, Timestamp};

use super::{Desk, DeskError};
use crate::directory::Admission;

impl Desk {
    /// Begins to listen in a group and says so in it, once. `sink` is the gateway that writes into
    /// it, none where words stay drafts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn admit(
        &self,
        group: &GroupRef,
        (gateway, sink): (&GatewayId, Option<&GatewayId>),
        area: &AreaId,
        purpose: GroupPurpose,
        at: Timestamp,
    ) -> Result<Group, DeskError> {
        let admission = Admission {
            group: group.clone(),
            gateway: gateway.clone(),
            sink: sink.cloned(),
            area: area.clone(),
            purpose,
            welcome: Some(self.welcome_facts()),
            at,
        };
        Ok(self.directory.admit(&admission).await?)
    }

    /// What a welcome may say of the bot: its name and how long things are kept. For imports, which
    /// admit groups too.
    pub fn welcome_facts(&self) -> Facts {
        let settings = self.view().settings;
        let days = settings.masked_after_days.to_string();
        Facts::from([
            ("bot".to_owned(), settings.bot_name.to_string()),
            ("keep_days".to_owned(), days),
        ])
    }
}
