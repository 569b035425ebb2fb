//! What the desk does about known-cause windows: takes notices down, answers what they explain,
//! calls attention when their time is over.

use std::time::Duration;

use crate::model::{
    AreaId, Category, Destination, Facts, GroupId, Level, Saying, SayingId, SayingKind, Timestamp,
};
use crate::store::{CommitError, Expect, Index, Key, Kind, Scan, Store, Versioned};
use crate::triage::{Action, NoticeFound, NoticeMatter};

use super::Turn;
use super::aspect::Aspect;
use super::candidates;
use super::case::{Case, Heard, first};
use super::intake::{Effect, Found};
use super::moment::{earlier, gap};
use super::notices::{self, Answer, Complaint, Notice};
use super::sayings::{Public, Work, when};
use super::{Desk, DeskError, Event, Planned, State, Timer, TimerKind, View};

/// A notice explains an event that was still spoken of this long before it.
const EXPLAINS_BACK: Duration = Duration::from_hours(6);
/// Events one notice is attached to at most.
const ATTACHED: usize = 8;
/// Windows are kept this long after their end.
const KEPT: Duration = Duration::from_hours(30 * 24);
/// Longest gist of a notice, in characters.
const GIST: usize = 120;

impl Desk {
    /// An official notice: a window where it explains a loss of service, and the answer for events
    /// that are open already.
    pub(super) async fn take_notice(
        &self,
        heard: &Heard<'_>,
        view: &View,
        planned: &mut Planned,
    ) -> Result<Found, DeskError> {
        let found = heard.decision.notice.as_ref();
        let Some(found) = found.filter(|found| found.opens_window) else {
            return Ok(Found::default());
        };
        let group = view.directory.admitted(&heard.message.group.id);
        let Some(own) = group.and_then(|group| group.area.as_ref()) else {
            return Ok(Found::default());
        };
        let areas = areas(found, own, view);
        let fresh = Notice::of(heard.message, found, areas, first(heard.masked, GIST));
        let (version, mut notice) = notices::placed(&self.store, fresh, found).await?;
        for event in self.explained_by(&notice, heard, view).await? {
            notice.event.get_or_insert_with(|| event.record.id.clone());
            let mut turn = Turn::of(view, event);
            let public = Public {
                facts: facts(view, &notice),
                // Its readers have just read it.
                except: Some(heard.message.group.id.clone()),
                ..Public::default()
            };
            turn.tell_groups(SayingKind::KnownCause, public, heard.now);
            turn.settle(planned);
        }
        notice.answer(&heard.message.group.id, heard.message.time);
        let timer = Timer {
            subject: notice.id.clone(),
            kind: TimerKind::NoticeEnds,
            due: notice.end,
        };
        planned.put(&timer, Expect::Any);
        planned.put(&notice, version.map_or(Expect::New, Expect::Version));
        Ok(Found::only(Effect::Noticed))
    }

    /// Events under way that a notice explains.
    async fn explained_by(
        &self,
        notice: &Notice,
        heard: &Heard<'_>,
        view: &View,
    ) -> Result<Vec<Versioned<Event>>, DeskError> {
        let since = earlier(heard.message.time, EXPLAINS_BACK);
        let mut found: Vec<Versioned<Event>> = Vec::new();
        let categories = view.catalogue.categories.values();
        for category in categories.filter(|it| notice.is_about(it, &notice.gist)) {
            for area in &notice.areas {
                for event in self.under_way(area, category).await? {
                    let known = found.iter().any(|one| one.record.id == event.record.id);
                    let open = event.record.state != State::Lead
                        && event.record.state < State::Resolved
                        && event.record.last_report_at >= since;
                    if open && !known && found.len() < ATTACHED {
                        found.push(event);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Open events of a category's family in an area, in the one around it, and in those within.
    async fn under_way(
        &self,
        area: &AreaId,
        category: &Category,
    ) -> Result<Vec<Versioned<Event>>, DeskError> {
        let family = &category.family;
        let mut events = candidates::open(&self.store, area, family).await?;
        let within = Key::new().text(area.as_str()).text(family);
        let scan = Scan::prefix(Index::EventNear, &within).backward();
        events.extend(self.store.scan::<Event>(&scan.limit(ATTACHED)).await?);
        Ok(events)
    }

    /// A report that a window explains is counted there and answered from there.
    pub(super) async fn explain(
        &self,
        case: &Case<'_>,
        planned: &mut Planned,
    ) -> Result<Option<Found>, DeskError> {
        let Some(mut window) = self.window(case).await? else {
            return Ok(None);
        };
        let notice = &mut window.record;
        notice.reports = notice.reports.saturating_add(1);
        let group = &case.message().group.id;
        let asks = matches!(case.decision().action, Action::Open | Action::Ask);
        let asked = asks && !case.too_old();
        if asked && notice.answer(group, case.at()) == Answer::Due {
            let words = known_cause(case.view, notice, group, case.heard.now);
            planned.say(&case.view.settings, &words);
        }
        planned.put(notice, Expect::Version(window.version));
        Ok(Some(Found::only(Effect::Explained)))
    }

    /// A group that joins an event whose cause a notice names hears of it, once.
    pub(super) async fn answer_notice(
        &self,
        case: &Case<'_>,
        turn: &mut Turn<'_>,
        planned: &mut Planned,
    ) -> Result<(), DeskError> {
        let Some(mut window) = self.window(case).await? else {
            return Ok(());
        };
        let group = &case.message().group.id;
        let attached = window.record.event.as_ref() == Some(&turn.event.id);
        let mut answered = window.record.answered.iter();
        if !attached || case.too_old() || answered.any(|(one, _)| one == group) {
            return Ok(());
        }
        window.record.answer(group, case.at());
        let kept = case.view.settings.public_words.saturating_sub(1);
        let mut sources = turn.event.sources.iter_mut();
        let source = sources.find(|source| source.group == *group && source.said < kept);
        if let Some(source) = source {
            source.said += 1;
            turn.say(known_cause(
                case.view,
                &window.record,
                group,
                case.heard.now,
            ));
        }
        planned.put(&window.record, Expect::Version(window.version));
        Ok(())
    }

    async fn window(&self, case: &Case<'_>) -> Result<Option<Versioned<Notice>>, DeskError> {
        let complaint = Complaint {
            category: case.category,
            place: case.place(),
            text: case.heard.masked,
            at: case.at(),
            local: case.aspect == Aspect::Local,
        };
        if case.decision().emergency.is_some() {
            return Ok(None);
        }
        Ok(notices::explaining(&self.store, &case.area, &complaint).await?)
    }

    /// The timer [`TimerKind::NoticeEnds`]: where an event it explained is still open and nobody
    /// says it is over, whoever answers for the event is reminded. The timer itself is the caller's.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn notice_ended(&self, id: &str, now: Timestamp) -> Result<(), DeskError> {
        self.commit(|| self.plan_notice_end(id, now)).await?;
        Ok(())
    }

    async fn plan_notice_end(&self, id: &str, now: Timestamp) -> Result<(Planned, ()), DeskError> {
        let mut planned = Planned::new();
        let Some(notice) = self.store.get::<Notice>(id).await? else {
            return Ok((planned, ()));
        };
        let Some(event) = &notice.record.event else {
            return Ok((planned, ()));
        };
        let Some(event) = self.store.get::<Event>(event.as_str()).await? else {
            return Ok((planned, ()));
        };
        let goes_on = event.record.state < State::Resolved && event.record.restored_by.is_empty();
        if !goes_on || notice.record.end > now {
            return Ok((planned, ()));
        }
        let view = self.view();
        let mut turn = Turn::of(&view, event);
        let due = when(&view, notice.record.end);
        let facts = [
            ("limit", "通知恢复".to_owned()),
            ("due", due),
            ("light", "红灯".to_owned()),
        ];
        let people = turn.event.holder.iter().cloned().collect();
        turn.tell_work(&Work::of(SayingKind::Reminder, people, facts), now);
        turn.settle(&mut planned);
        Ok((planned, ()))
    }
}

/// Removes windows that ended long ago; says how many. A duty.
///
/// # Errors
///
/// When the store cannot be read or written.
pub async fn purge_notices(store: &Store, now: Timestamp) -> Result<usize, CommitError> {
    let notices = store.scan::<Notice>(&Scan::all(Kind::Notice)).await?;
    let mut changes = crate::store::Changes::new();
    let old = |notice: &Notice| notice.end < now && gap(notice.end, now) > KEPT;
    for notice in notices.iter().filter(|notice| old(&notice.record)) {
        changes.delete::<Notice>(&notice.record.id, Expect::Any);
    }
    let count = changes.changes.len();
    if count > 0 {
        store.commit(changes).await?;
    }
    Ok(count)
}

/// Where a notice holds: the areas it names, else its group's own.
fn areas(found: &NoticeFound, own: &AreaId, view: &View) -> Vec<AreaId> {
    let mut areas: Vec<AreaId> = Vec::new();
    for name in &found.places {
        if let Some(area) = view.directory.area_named(name, own)
            && !areas.contains(&area.id)
        {
            areas.push(area.id.clone());
        }
    }
    if areas.is_empty() {
        areas.push(own.clone());
    }
    areas
}

fn known_cause(view: &View, notice: &Notice, group: &GroupId, now: Timestamp) -> Saying {
    Saying {
        id: SayingId::new(format!("{}/KnownCause/{now}/g:{group}", notice.id)),
        kind: SayingKind::KnownCause,
        event: notice.event.clone(),
        to: Destination::Group(group.clone()),
        level: Level::Normal,
        facts: facts(view, notice),
        quote: None,
        mentions: Vec::new(),
        at: now,
    }
}

fn facts(view: &View, notice: &Notice) -> Facts {
    let mut facts = Facts::from([
        ("matter".to_owned(), matter(notice.matter).to_owned()),
        ("start".to_owned(), when(view, notice.start)),
        ("places".to_owned(), notice.places.join("、")),
    ]);
    if notice.stated {
        facts.insert("end".to_owned(), when(view, notice.end));
    }
    facts.retain(|_, value| !value.is_empty());
    facts
}

fn matter(matter: NoticeMatter) -> &'static str {
    match matter {
        NoticeMatter::Water => "停水",
        NoticeMatter::Power => "停电",
        NoticeMatter::Gas => "停气",
        NoticeMatter::Heating => "停暖",
        NoticeMatter::Lift => "电梯停运",
        NoticeMatter::Road => "道路施工",
        NoticeMatter::Network => "断网",
        NoticeMatter::Other => "这件事",
    }
}
