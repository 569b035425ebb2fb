//! 并案 (T18): one event ends in another, and its reports, groups and reporters follow it there.

use crate::model::Timestamp;
use crate::store::{Expect, Index, Key, Scan, Versioned};

use super::{By, Desk, DeskError, Event, Planned, Report, SourceGroup, Turn, View};

impl Desk {
    /// Plans that `from` is merged into `into`, and gives the master as it is afterwards.
    ///
    /// # Errors
    /// When it cannot be merged now, or what the store reports.
    pub async fn plan_merge(
        &self,
        view: &View,
        from: Versioned<Event>,
        into: Versioned<Event>,
        by: &By,
        at: Timestamp,
        planned: &mut Planned,
    ) -> Result<Event, DeskError> {
        let key = Key::new().text(from.record.id.as_str());
        let reports = self
            .store
            .scan::<Report>(&Scan::prefix(Index::ReportEvent, &key))
            .await?;
        let mut ending = Turn::of(view, from);
        ending.merge_into(&into.record, by, at)?;
        let mut master = Turn::of(view, into);
        follow(&mut master.event, &ending.event);
        master.raise(ending.event.level, ending.event.emergency, by, at)?;
        for Versioned { version, record } in reports {
            let moved = Report {
                event: master.event.id.clone(),
                ..record
            };
            planned.put(&moved, Expect::Version(version));
        }
        let event = master.event.clone();
        ending.settle(planned);
        master.settle(planned);
        Ok(event)
    }
}

/// What the master takes over. Supporters are added up: somebody who reported both counts twice
/// until their next report, which is better than reading every report to find out.
fn follow(master: &mut Event, ended: &Event) {
    master.supporters += ended.supporters;
    master.opened_at = master.opened_at.min(ended.opened_at);
    master.last_report_at = master.last_report_at.max(ended.last_report_at);
    master.discreet |= ended.discreet;
    if master.place.is_none() {
        master.place.clone_from(&ended.place);
    }
    for source in &ended.sources {
        if master.sources.iter().all(|it| it.group != source.group) {
            master.sources.push(SourceGroup {
                said: 0,
                ..source.clone()
            });
        }
    }
}
