//! Which reports are one problem, case by case.

use super::super::aspect::{Aspect, aspect};
use super::super::certainty::Certainty;
use super::super::fixtures::{ESTATE, category, minutes};
use super::*;
use crate::model::{Category, EventId, GatewayId, Level};

const NEXT_DOOR: &str = "莲花街道/一社区/荷塘苑";

fn water() -> Category {
    category("02", "供水排水", "water")
}

fn nuisance() -> Category {
    Category {
        loss_of_service: false,
        ..category("08", "噪音油烟扰民", "nuisance")
    }
}

fn place(building: &str) -> Option<Place> {
    let building = (!building.is_empty()).then(|| building.to_owned());
    building.map(|building| Place {
        building: Some(building),
        ..Place::default()
    })
}

/// Somebody's words: where, when (minutes), what.
#[derive(Clone)]
struct Said {
    category: Category,
    area: &'static str,
    group: &'static str,
    building: &'static str,
    minute: i64,
    text: &'static str,
}

impl Said {
    fn event(&self, id: &str) -> Event {
        let area = AreaId::from(self.area);
        let mut event = Event::new(
            EventId::from(id),
            &self.category,
            Level::Urgent,
            area,
            minutes(self.minute),
        );
        event.place = place(self.building);
        event.gist = self.text.to_owned();
        event.state = State::Open;
        event.supporters = 1;
        event.sources.push(SourceGroup {
            group: GroupId::from(self.group),
            gateway: GatewayId::default(),
            said: 0,
            last_at: Some(minutes(self.minute)),
        });
        event
    }

    fn joins(&self, events: &[Event]) -> Option<usize> {
        self.joins_as(Certainty::Named, Certainty::Named, events)
    }

    /// The same, where these words and the events' are so sure.
    fn joins_as(&self, this: Certainty, that: Certainty, events: &[Event]) -> Option<usize> {
        let said: Vec<_> = events.iter().map(|one| [Pairs::of(&one.gist)]).collect();
        let candidates: Vec<_> = events
            .iter()
            .zip(&said)
            .map(|(event, said)| Candidate {
                event,
                said,
                aspect: aspect(&event.gist),
                certainty: that,
            })
            .collect();
        let (area, group) = (AreaId::from(self.area), GroupId::from(self.group));
        let place = place(self.building);
        let telling = Telling {
            category: &self.category,
            emergency: None,
            area: &area,
            group: &group,
            place: place.as_ref(),
            at: minutes(self.minute),
            words: Pairs::of(self.text),
            aspect: aspect(self.text),
            certainty: this,
            again: false,
            supports: None,
        };
        choose(&telling, &candidates)
    }
}

fn outage(building: &'static str, minute: i64) -> Said {
    Said {
        category: water(),
        area: ESTATE,
        group: "g1",
        building,
        minute,
        text: "又停水了，饭都煮不成",
    }
}

fn leak(building: &'static str, minute: i64) -> Said {
    Said {
        text: "天花板漏水了，一直在滴",
        ..outage(building, minute)
    }
}

fn noise(group: &'static str, text: &'static str, minute: i64) -> Said {
    Said {
        category: nuisance(),
        area: ESTATE,
        group,
        building: "",
        minute,
        text,
    }
}

#[test]
fn an_outage_is_one_event_though_buildings_differ() {
    assert_eq!(outage("5", 10).joins(&[outage("3", 0).event("a")]), Some(0));
}

#[test]
fn leaks_in_two_buildings_are_two_events() {
    assert_eq!(leak("5", 10).joins(&[leak("3", 0).event("a")]), None);
    assert_eq!(leak("3", 10).joins(&[leak("3", 0).event("a")]), Some(0));
}

#[test]
fn a_leak_is_not_part_of_an_outage() {
    assert_eq!(leak("5", 10).joins(&[outage("", 0).event("a")]), None);
}

#[test]
fn an_outage_lasts_until_it_is_restored() {
    let mut event = outage("", 0).event("a");
    let two_days = 2 * 24 * 60;
    assert_eq!(outage("", two_days).joins(&[event.clone()]), Some(0));
    event.intake_over_at = Some(minutes(60));
    assert_eq!(outage("", two_days).joins(&[event]), None);
}

#[test]
fn one_word_of_relief_and_long_quiet_end_an_outage_too() {
    let mut event = outage("", 0).event("a");
    event.restored_by = vec!["u1".into()];
    assert_eq!(outage("", 30).joins(&[event.clone()]), Some(0));
    assert_eq!(outage("", 24 * 60).joins(&[event]), None);
}

#[test]
fn neighbouring_estates_share_an_outage_within_half_an_hour() {
    let there = |minute| Said {
        area: NEXT_DOOR,
        group: "g2",
        ..outage("", minute)
    };
    let events = [outage("", 0).event("a")];
    assert_eq!(there(20).joins(&events), Some(0));
    assert_eq!(there(50).joins(&events), None);
}

#[test]
fn neighbouring_estates_do_not_share_a_leak() {
    let there = Said {
        area: NEXT_DOOR,
        group: "g2",
        ..leak("", 5)
    };
    assert_eq!(there.joins(&[leak("", 0).event("a")]), None);
}

#[test]
fn the_talk_of_one_group_goes_on_about_the_same_thing() {
    let event = noise("g1", "楼上又在敲墙", 0).event("a");
    let other = noise("g2", "哪家的音响开这么大", 0).event("b");
    let events = [event, other];
    assert_eq!(noise("g1", "娃儿都没法午睡", 20).joins(&events), Some(0));
    assert_eq!(noise("g2", "低音震得杯子跳", 20).joins(&events), Some(1));
}

#[test]
fn who_names_another_matter_does_not_go_on_about_what_shows_itself() {
    let lift = Said {
        category: category("05", "电梯与房屋设施", "building"),
        text: "电梯停在中间不动了",
        ..noise("g1", "", 0)
    };
    let flood = Said {
        category: category("20", "极端天气与突发灾害", "disaster"),
        text: "车库淹了",
        ..noise("g1", "", 3)
    };
    let events = [lift.event("a")];
    let (guessed, shown, named) = (Certainty::Guessed, Certainty::Shown, Certainty::Named);
    assert_eq!(flood.joins_as(named, shown, &events), None);
    assert_eq!(flood.joins_as(named, named, &events), None);
    assert_eq!(
        flood.joins_as(named, guessed, &events),
        Some(0),
        "it says what"
    );
    assert_eq!(flood.joins_as(guessed, shown, &events), Some(0), "one talk");
}

#[test]
fn hours_later_only_like_words_join() {
    let events = [noise("g1", "顶楼那家夜里还在敲墙砸地板", 0).event("a")];
    let same = noise("g2", "顶楼敲墙的能不能歇一歇，夜里还在敲", 300);
    assert_eq!(same.joins(&events), Some(0));
    assert_eq!(noise("g2", "广场上音响开得太大", 300).joins(&events), None);
}

#[test]
fn the_window_ends_and_a_named_place_has_a_longer_one() {
    let events = [Said {
        building: "3",
        ..noise("g1", "顶楼夜里敲墙", 0)
    }
    .event("a")];
    let late = |building| Said {
        building,
        ..noise("g1", "顶楼夜里敲墙", 30 * 60)
    };
    assert_eq!(late("").joins(&events), None);
    assert_eq!(late("3").joins(&events), Some(0));
}

#[test]
fn message_time_counts_and_not_arrival() {
    let events = [outage("", 60).event("a")];
    assert_eq!(
        outage("", 50).joins(&events),
        Some(0),
        "told a little before"
    );
    assert_eq!(leak("", -24 * 60).joins(&[leak("", 0).event("b")]), None);
}

#[test]
fn an_unplaced_report_joins_the_most_recent_fitting_event() {
    let events = [leak("3", 0).event("a"), leak("5", 5).event("b")];
    let unplaced = Said {
        group: "g9",
        text: "屋头也在漏",
        ..leak("", 10)
    };
    assert_eq!(unplaced.joins(&events), Some(1));
}

#[test]
fn two_kinds_of_emergency_are_two_events() {
    let mut fire = leak("3", 0).event("a");
    fire.emergency = Some(Emergency::Fire);
    let category = water();
    let (area, group) = (AreaId::from(ESTATE), GroupId::from("g1"));
    let telling = Telling {
        category: &category,
        emergency: Some(Emergency::Gas),
        area: &area,
        group: &group,
        place: None,
        at: minutes(1),
        words: Pairs::default(),
        aspect: Aspect::Local,
        certainty: Certainty::Named,
        again: false,
        supports: None,
    };
    let fits = |event: &Event| {
        let candidate = Candidate {
            event,
            said: &[],
            aspect: Aspect::Local,
            certainty: Certainty::Named,
        };
        fit(&telling, &candidate).is_some()
    };
    assert!(!fits(&fire));
    fire.emergency = Some(Emergency::Gas);
    assert!(fits(&fire));
}
