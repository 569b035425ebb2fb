//! Leads shown to staff: silent for residents, and for staff only so many a day.

use serde::{Deserialize, Serialize};

use crate::model::SayingKind;
use crate::store::{Expect, Kind, Record};

use super::Turn;
use super::case::Case;
use super::clocks::lead_limit;
use super::sayings::Work;
use super::{Desk, DeskError, Planned};

/// Leads shown per work group and day; the others wait for support and show in lists.
const SHOWN_PER_DAY: u32 = 20;

/// How many Leads a work group was shown on a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Shown {
    id: String,
    count: u32,
}

impl Record for Shown {
    const KIND: Kind = Kind::Switch;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Desk {
    /// Shows a Lead in its area's work group, where there is one and it has not seen too many.
    pub(super) async fn show_lead(
        &self,
        case: &Case<'_>,
        turn: &mut Turn<'_>,
        planned: &mut Planned,
    ) -> Result<(), DeskError> {
        let groups = case.view.directory.work_groups(&turn.event.area);
        let Some(group) = groups.first() else {
            return Ok(());
        };
        let zone = case.view.settings.zone.clone();
        let day = case.heard.now.to_zoned(zone).date();
        let id = format!("leads-shown/{}/{day}", group.id);
        let before = self.store.get::<Shown>(&id).await?;
        let count = before.map_or(0, |shown| shown.record.count);
        if count >= SHOWN_PER_DAY {
            return Ok(());
        }
        let shown = Shown {
            id,
            count: count + 1,
        };
        planned.put(&shown, Expect::Any);
        let because = case
            .decision()
            .because
            .iter()
            .map(|reason| reason.text.as_str());
        let facts = [
            ("group", case.message().group.name.clone()),
            ("because", because.take(3).collect::<Vec<_>>().join("；")),
        ];
        let now = case.heard.now;
        turn.tell_work(&Work::of(SayingKind::LeadShown, Vec::new(), facts), now);
        turn.event.clocks.accept_by = Some(lead_limit(case.view, &turn.event, now));
        Ok(())
    }
}
