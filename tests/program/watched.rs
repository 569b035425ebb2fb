//! What the metrics port shows of a bot at work.

use serde_json::json;

use super::bot::{Bot, GROUPS, WORK, until};
use super::platform::{is_acknowledgement, message};

/// Every metric that an ordinary day shows; what counts faults appears with the first fault.
const ORDINARY: [&str; 15] = [
    "lianxin_messages_total{gateway=\"wx\"}",
    "lianxin_decisions_total{action=\"open\",category=\"05\"}",
    "lianxin_effects_total{effect=\"opened\"} 1",
    "lianxin_silences_total{reason=\"not_admitted\"} 1",
    "lianxin_silences_total{reason=\"redelivered\"} 1",
    "lianxin_silences_total{reason=\"nothing_found\"} 2",
    "lianxin_silences_total{reason=\"below_threshold\"} 1",
    "lianxin_below_threshold_total{against=\"device\"} 1",
    "lianxin_outbox_results_total{kind=\"sent\"}",
    "lianxin_outbox_depth{lane=\"wx\"} 0",
    "lianxin_outbox_depth{lane=\"drafts\"} 0",
    "lianxin_inbox_depth 0",
    "lianxin_store_accepting 1",
    "lianxin_heard_to_durable_seconds_count",
    "lianxin_store_durable_seconds_count",
];

#[tokio::test]
async fn metrics_say_what_happened_and_why_there_was_silence() {
    const UNKNOWN: i64 = 2001;
    const PRIVATE: i64 = 880_001;
    let mut bot = Bot::prepared().await;
    let platform = bot.started().await;
    let id = platform.new_id();
    let complaint = message(id, GROUPS[0], 21, &json!("3栋电梯坏了，好几天没人来修"));
    platform.frame(complaint.to_string());
    platform.frame(complaint.to_string());
    platform
        .hears("the acknowledgement", is_acknowledgement)
        .await;
    platform.say(UNKNOWN, 22, "5栋停电了，有没有人管");
    platform.say(GROUPS[1], 23, "大家早上好");
    platform.say(GROUPS[1], 24, "我手机没电了");
    let mut alone = message(platform.new_id(), WORK, PRIVATE, &json!("你好呀"));
    alone["message_type"] = json!("private");
    alone.as_object_mut().expect("an object").remove("group_id");
    platform.frame(alone.to_string());
    platform.settled(GROUPS[1]).await;
    // The queue is counted after each step, and the last step may not be over.
    let metrics = until("an empty queue", async || {
        let (_, metrics) = bot.get("metrics").await?;
        let empty = metrics.contains("lianxin_outbox_depth{lane=\"wx\"} 0");
        empty.then_some(metrics)
    })
    .await;
    for wanted in ORDINARY {
        let found = metrics.lines().any(|line| line.starts_with(wanted));
        assert!(found, "{wanted} is not in\n{metrics}");
    }
    let heard = |group: i64| {
        metrics.contains(&format!(
            "lianxin_group_last_heard_timestamp_seconds{{group=\"{group}\"}}"
        ))
    };
    assert!(heard(GROUPS[0]) && heard(GROUPS[1]));
    // Labels are groups that an admin let in, never whatever id arrives, never a person.
    assert!(!heard(UNKNOWN) && !heard(PRIVATE), "{metrics}");
}
