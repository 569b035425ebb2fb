//! What is kept of a chat that led to nothing, and what a person's word about it does.

use std::sync::Arc;

use super::*;
use crate::app::bot::Bot;
use crate::app::heard::LastHeard;
use crate::app::office::Office;
use crate::app::opening;
use crate::app::request::{Answer, Request};
use crate::command::CommandName;
use crate::desk::{Event, Timer};
use crate::gateway::Sinks;
use crate::gateway::{Profile, SinkCapabilities};
use crate::lexicon::Lexicon;
use crate::lexicon::examples::{self, Wanted};
use crate::model::{Clock, GatewayId, GroupPurpose, ManualClock, Message, Saying, SayingKind};
use crate::outbox::Limits;
use crate::store::memory::Memory;
use crate::store::{Record, Scan};

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

fn profile() -> Profile {
    Profile {
        id: GatewayId::from("wx"),
        protocol: "OneBot 11",
        way: String::new(),
        source: None,
        sink: Some(SinkCapabilities::text_only(2048)),
    }
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
            reread: None,
            gateways: vec![profile()],
            per_minute: 20,
            last_heard: LastHeard::default(),
            notes,
            shelf: bot.shelf.clone(),
            open_at: config.open_at,
            mode: config.mode,
        };
        bot.mode = config.mode;
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
        let admission = Request::Admit {
            group: group.to_owned(),
            area: "云杉街道/清溪社区/清溪网格/枫林苑".to_owned(),
            purpose,
        };
        let answer = self.ask(admission).await;
        assert!(answer.done, "{}", answer.text);
    }

    async fn stored<R: Record>(&self) -> Vec<R> {
        let all = self.bot.desk.store.scan::<R>(&Scan::all(R::KIND)).await;
        let all = all.expect("readable");
        all.into_iter().map(|one| one.record).collect()
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

#[tokio::test]
async fn in_shadow_mode_decisions_are_recorded_and_nothing_else_happens() {
    let mut house = House::new("mode = \"shadow\"").await;
    house.hear("g1", "u1", "不要记录我").await;
    house.hear("g1", "u1", "3栋又停电了，有没有人管").await;
    house
        .hear("g1", "u2", "3栋又停电了，有没有人管，电话13800138000")
        .await;
    house.hear("g1", "u3", "今天菜市场的藕好新鲜").await;
    house.hear("g1", "u4", "有人跳楼，快来人，我不想活了").await;
    house.hear("g2", "u5", "3栋又停电了，有没有人管").await;
    house
        .clock
        .set("2026-11-25T12:00:00+08:00".parse().expect("a time"));
    house.bot.tick(house.clock.now()).await.expect("ticks");
    assert_eq!(house.bot.next_due().await.expect("readable"), None);
    assert!(house.stored::<Event>().await.is_empty());
    assert!(house.stored::<Timer>().await.is_empty());
    assert!(
        house.stored::<Saying>().await.is_empty(),
        "not even the welcome"
    );
    let recorded = house.stored::<Shadowed>().await;
    assert_eq!(
        recorded.len(),
        2,
        "who objects and other groups leave none: {recorded:#?}"
    );
    let power = recorded.iter().find(|one| one.person.as_str() == "u2");
    let power = power.expect("recorded");
    assert_eq!(power.action, Action::Open);
    assert!(!power.text.contains("13800138000"), "{}", power.text);
    let discreet = recorded.iter().find(|one| one.person.as_str() == "u4");
    assert_eq!(discreet.expect("its decision counts").text, "");
}

#[tokio::test]
async fn a_group_admitted_in_shadow_mode_hears_of_it_once_when_the_bot_goes_live() {
    let house = House::new("mode = \"shadow\"").await;
    let directory = &house.bot.desk.directory;
    let facts = house.bot.desk.welcome_facts();
    for told in [1, 0] {
        let now = house.clock.now();
        assert_eq!(
            directory.tell_untold(&facts, now).await.expect("told"),
            told
        );
    }
    let said = house.stored::<Saying>().await;
    assert_eq!(
        said.iter().map(|it| it.kind).collect::<Vec<_>>(),
        [SayingKind::Welcome]
    );
}

#[tokio::test]
async fn in_shadow_mode_what_would_have_the_bot_speak_is_refused_kindly() {
    let house = House::new("mode = \"shadow\"").await;
    let answer = house.ask(Request::OutboxStart).await;
    assert!(
        !answer.done && answer.text.contains("旁听"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_shadow_report_sets_the_decisions_beside_what_people_recorded() {
    let mut house = House::new("mode = \"shadow\"").await;
    let nothing = Request::ShadowReport {
        recorded: None,
        per_day: None,
    };
    assert!(house.ask(nothing).await.rows.is_empty());
    house.hear("g1", "u1", "3栋又停电了，有没有人管").await;
    house.hear("g1", "u2", "3栋还是停电，冰箱都化了").await;
    house
        .hear("g1", "u3", "5栋水管爆了，水流到楼道里了，有没有人管")
        .await;
    house.hear("g1", "u4", DOUBTFUL).await;
    let table = "时间,小区,内容,类别\n2026-11-20 14:30,枫林苑,3栋停电,供电用电\n11月20日,枫林苑,水压太低洗不了澡,02\n2026-11-20,枫林苑,路灯不亮,01\n看不懂,枫林苑,路灯不亮,01\n";
    let recorded = Some(("记录.csv".to_owned(), table.as_bytes().to_vec()));
    let answer = house
        .ask(Request::ShadowReport {
            recorded,
            per_day: None,
        })
        .await;
    assert!(answer.done, "{}", answer.text);
    assert!(
        answer.text.contains("第 5 行：时间“看不懂”看不懂"),
        "{}",
        answer.text
    );
    let total = &answer.rows[0]["total"];
    assert_eq!(
        (&total["recorded"], &total["opened"]),
        (&3.into(), &2.into()),
        "{}",
        answer.text
    );
    assert!(answer.rows.iter().any(|row| row["kind"] == "threshold"));
    assert!(answer.text.contains("建议门槛"), "{}", answer.text);
}

#[tokio::test]
async fn the_office_counts_words_over_events_and_silences() {
    let mut house = House::new("").await;
    house.hear("g1", "u1", LAST_YEAR).await;
    house.hear("g1", "u2", "3栋又停电了，有没有人管").await;
    let answer = house.ask(Request::WordStats).await;
    let power = answer.rows.iter().find(|row| row["word"]["word"] == "停电");
    let power = &power.expect("it rang")["word"];
    assert_eq!(
        (&power["messages"], &power["watched"]),
        (&2.into(), &1.into()),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("从没出现过的词"), "{}", answer.text);
    let none = house.ask(Request::WordSuggestions { limit: 9 }).await;
    assert!(none.done && none.rows.is_empty(), "{}", none.text);
}

#[tokio::test]
async fn a_word_of_staff_in_chat_teaches_as_the_office_does() {
    let mut house = House::new("").await;
    let people = "编号,姓名,角色,负责区域,负责类别,顺序\n7009,方芸,管理员,云杉街道,,0\n";
    let import = Request::DirectoryImport {
        files: vec![("people.csv".to_owned(), people.as_bytes().to_vec())],
        dry_run: false,
    };
    let imported = house.ask(import).await;
    assert!(imported.done, "{}", imported.text);
    let lead = house.lead().await;
    house.hear("g1", "u7", &format!("作废 {lead}")).await;
    assert!(house.examples().is_empty(), "a resident may not");
    house.hear("g1", "7009", &format!("确认 {lead}")).await;
    let examples = house.examples();
    assert_eq!(examples.len(), 1, "{examples:#?}");
    assert_eq!(examples[0].actions, [Wanted::Open]);
}

#[tokio::test]
async fn the_welcome_names_the_days_that_are_configured() {
    let house = House::new("[retention]\nmask_after_days = 31").await;
    let said = house.stored::<Saying>().await;
    assert_eq!(said[0].facts["keep_days"], "31");
}
