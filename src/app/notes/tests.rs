//! What is kept of a chat that led to nothing, and what a person's word about it does.

use std::sync::Arc;

use super::*;
use crate::app::bot::Bot;
use crate::app::heard::LastHeard;
use crate::app::office::Office;
use crate::app::opening;
use crate::app::request::{Answer, Request};
use crate::command::CommandName;
use crate::gateway::Sinks;
use crate::lexicon::Lexicon;
use crate::lexicon::examples::{self, Wanted};
use crate::model::{AreaId, Clock, GatewayId, GroupPurpose, ManualClock, Message};
use crate::outbox::Limits;
use crate::store::memory::Memory;

const NOON: &str = "2026-11-20T12:00:00+08:00";
/// A strong word, and it is of last year: ignored.
const LAST_YEAR: &str = "去年那次停电才吓人，电话13800138000";

/// A bot that listens in group `g1`, and its office.
struct House {
    bot: Bot,
    office: Office,
    clock: Arc<ManualClock>,
    folder: tempfile::TempDir,
    said: u32,
}

impl House {
    async fn new(settings: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config::parse(settings, folder.path()).expect("a configuration");
        std::fs::create_dir_all(&config.store).expect("made");
        let clock = Arc::new(ManualClock::new(NOON.parse().expect("a time")));
        let store = Store::new(Memory::new());
        let limits = Limits::unhurried();
        let opened = opening::bot(&config, store.clone(), Sinks::new(), limits, &*clock).await;
        let mut bot = opened.expect("it opens").bot;
        let notes = Notes::open(&config, &store).await.expect("it opens");
        bot.notes = Some(notes.clone());
        let office = Office {
            desk: bot.desk.clone(),
            ledger: bot.outbox.ledger(),
            clock: clock.clone(),
            lookout: Arc::new(Vec::new),
            gateways: Vec::new(),
            last_heard: LastHeard::default(),
            notes,
        };
        let house = Self {
            bot,
            office,
            clock,
            folder,
            said: 0,
        };
        house.admit("g1", GroupPurpose::Residents).await;
        house
    }

    async fn admit(&self, group: &str, purpose: GroupPurpose) {
        let group = format!(r#"{{"id":"{group}","name":"枫林苑一群"}}"#);
        let group = serde_json::from_str(&group).expect("a group");
        let area = AreaId::from_path(&["云杉街道", "清溪社区", "清溪网格", "枫林苑"]);
        let gateway = GatewayId::from("wx");
        let admitted =
            self.bot
                .desk
                .admit(&group, (&gateway, None), &area, purpose, self.clock.now());
        admitted.await.expect("admitted");
    }

    async fn hear(&mut self, group: &str, person: &str, text: &str) {
        self.said += 1;
        let line = serde_json::json!({
            "id": format!("m{}", self.said), "gateway": "wx", "group": {"id": group},
            "sender": {"id": person}, "time": self.clock.now(), "text": text,
        });
        let mut message: Message = serde_json::from_value(line).expect("a message");
        let heard = self.bot.hear(self.clock.now(), &mut message).await;
        heard.expect("the store works");
    }

    async fn ask(&self, request: Request) -> Answer {
        self.office.handle(request).await
    }

    async fn listed(&self) -> Vec<serde_json::Value> {
        let (group, limit) = (None, 100);
        self.ask(Request::Silences { group, limit }).await.rows
    }

    fn table(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join("data").join(name)).unwrap_or_default()
    }

    fn examples(&self) -> Vec<examples::Example> {
        let table = self.table("examples.csv");
        if table.is_empty() {
            return Vec::new();
        }
        let catalogue = Lexicon::embedded().catalogue().clone();
        let read = examples::read("examples.csv", table.as_bytes(), &catalogue);
        read.expect("a good table").0
    }

    async fn act(&self, command: CommandName, event: &str, reason: &str) {
        let answer = self
            .ask(Request::Act {
                command,
                event: event.to_owned(),
                reason: Some(reason.to_owned()),
                to: None,
                until: None,
            })
            .await;
        assert!(answer.done, "{}", answer.text);
    }
}

#[tokio::test]
async fn a_near_miss_is_kept_masked_with_its_reason_and_ordinary_talk_is_not() {
    let mut house = House::new("").await;
    house.hear("g1", "u1", LAST_YEAR).await;
    house.hear("g1", "u2", "今天菜市场的藕好新鲜").await;
    house.hear("g1", "u3", "3栋又停电了，有没有人管").await;
    let listed = house.listed().await;
    assert_eq!(listed.len(), 1, "{listed:#?}");
    assert_eq!(listed[0]["rule"], "past");
    assert_eq!(listed[0]["category"], "01");
    let text = listed[0]["text"].as_str().expect("a text");
    assert!(
        text.contains("停电") && !text.contains("13800138000"),
        "{text}"
    );
}

#[tokio::test]
async fn nothing_is_kept_of_who_objects_of_other_groups_and_of_what_is_not_spoken_of() {
    let mut house = House::new("").await;
    house.admit("g9", GroupPurpose::Work).await;
    house.hear("g1", "u1", "不要记录我").await;
    house.hear("g1", "u1", LAST_YEAR).await;
    house.hear("g2", "u2", LAST_YEAR).await;
    house.hear("g9", "u3", LAST_YEAR).await;
    house.hear("g1", "u4", "他说不想活了，那是电视剧里头").await;
    assert_eq!(house.listed().await, Vec::<serde_json::Value>::new());
}

#[tokio::test]
async fn who_objects_leaves_no_silence_even_when_speaking_to_the_bot() {
    let mut house = House::new("").await;
    house.hear("g1", "u1", "不要记录我").await;
    let line = serde_json::json!({
        "id": "x", "gateway": "wx", "group": {"id": "g1"}, "sender": {"id": "u1"},
        "time": house.clock.now(), "text": LAST_YEAR, "mentions_bot": true,
    });
    let mut message: Message = serde_json::from_value(line).expect("a message");
    let now = house.clock.now();
    house.bot.hear(now, &mut message).await.expect("heard");
    assert!(house.listed().await.is_empty());
}

#[tokio::test]
async fn a_ledger_switched_off_keeps_nothing_and_says_how_to_switch_it_on() {
    let mut house = House::new("[silences]\nkeep_days = 0").await;
    house.hear("g1", "u1", LAST_YEAR).await;
    let (group, limit) = (None, 100);
    let answer = house.ask(Request::Silences { group, limit }).await;
    assert!(
        answer.rows.is_empty() && answer.text.contains("keep_days"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_silence_called_real_becomes_a_case_and_an_example_and_goes_with_its_person() {
    let mut house = House::new("").await;
    house.hear("g1", "u1", LAST_YEAR).await;
    let id = house.listed().await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let unknown = Request::SilenceReal {
        id: id.clone(),
        category: Some("九十九".to_owned()),
    };
    assert!(!house.ask(unknown).await.done);
    let real = Request::SilenceReal {
        id: id.clone(),
        category: Some("5".to_owned()),
    };
    let answer = house.ask(real).await;
    assert!(answer.done, "{}", answer.text);
    let examples = house.examples();
    assert_eq!(examples.len(), 1);
    assert_eq!(examples[0].actions, [Wanted::Open]);
    assert_eq!(examples[0].categories[0].as_str(), "05");
    assert!(!examples[0].text.contains("13800138000"));
    assert!(house.table("cases.csv").contains(&id));
    assert!(
        house.listed().await.is_empty(),
        "what was settled is not asked again"
    );

    let person = "u1".to_owned();
    assert!(house.ask(Request::Forget { person }).await.done);
    assert!(house.examples().is_empty() && !house.table("cases.csv").contains("停电"));
}

#[tokio::test]
async fn a_lead_that_nobody_supported_is_listed_and_can_be_called_real() {
    let mut house = House::new("").await;
    let lead = house.lead().await;
    house
        .clock
        .set("2026-11-21T13:00:00+08:00".parse().expect("a time"));
    house.bot.tick(house.clock.now()).await.expect("ticks");
    let listed = house.listed().await;
    assert_eq!(listed.len(), 1, "{listed:#?}");
    assert_eq!(
        (listed[0]["rule"].as_str(), listed[0]["id"].as_str()),
        (Some("expired"), Some(&*lead))
    );
    let (id, category) = (lead, None);
    assert!(house.ask(Request::SilenceReal { id, category }).await.done);
    assert_eq!(house.examples().len(), 1);
    assert!(house.listed().await.is_empty());
}

#[tokio::test]
async fn each_void_and_confirm_of_a_person_becomes_one_masked_example() {
    let mut house = House::new("").await;
    let lead = house.lead().await;
    house.act(CommandName::Confirm, &lead, "去看过了").await;
    house.act(CommandName::Void, &lead, "误报，看错了").await;
    house
        .hear("g1", "u8", "5栋水管爆了，水流到楼道里了，有没有人管")
        .await;
    let events = house
        .ask(Request::Events {
            all: true,
            area: None,
            limit: 9,
        })
        .await
        .rows;
    let open = events
        .iter()
        .find(|event| event["id"] != *lead)
        .expect("opened");
    house
        .act(
            CommandName::Void,
            open["id"].as_str().expect("an id"),
            "不归我们管",
        )
        .await;
    let examples = house.examples();
    assert_eq!(
        examples.len(),
        1,
        "what is real and only not ours teaches nothing: {examples:#?}"
    );
    assert_eq!(
        examples[0].actions,
        [Wanted::Ignore],
        "the last word counts"
    );
    assert!(examples[0].note.starts_with(&*lead));
}

impl House {
    /// A doubtful word that became a Lead; gives its number.
    async fn lead(&mut self) -> String {
        self.hear("g1", "u7", DOUBTFUL).await;
        let filter = crate::desk::Filter {
            states: vec![crate::desk::State::Lead],
            ..crate::desk::Filter::default()
        };
        let leads = self.bot.desk.list(&filter).await.expect("readable");
        leads.first().expect("a lead").id.to_string()
    }
}

/// Enough to ask a person, not enough to open.
const DOUBTFUL: &str = "这个水压不得行";
