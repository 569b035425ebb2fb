//! Commands as messages of a chat: redelivered, late, from strangers and objectors.

use super::*;
use crate::command::CommandName as Name;
use crate::desk::{Heard, Obeyed};
use crate::model::Message;
use crate::triage::{Action, Decision};

/// `w1` says 接单 in the work group at 09:05, with these further fields.
fn message(more: serde_json::Value) -> Message {
    let mut message = serde_json::json!({
        "id": "m1", "gateway": "ob", "group": {"id": "work"}, "sender": {"id": "w1", "name": "李姐"},
        "time": "2026-11-20T09:05:00+08:00", "text": "接单 1",
    });
    let fields = message.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    serde_json::from_value(message).unwrap()
}

async fn obey(street: &Street, message: &Message, command: Command, now: i64) -> Obeyed {
    let decision = Decision {
        action: Action::Command,
        command: Some(command),
        ..Decision::default()
    };
    let masked = crate::text::mask::mask(&message.text);
    let heard = Heard {
        now: minutes(now),
        message,
        decision: &decision,
        masked: &masked,
    };
    street.desk.obey(&heard).await.unwrap()
}

#[tokio::test]
async fn a_redelivered_command_is_obeyed_once() {
    let street = Street::with_one().await;
    let message = message(serde_json::json!({}));
    let first = obey(&street, &message, command(Name::Accept, "1"), 5).await;
    assert!(first.commit.is_some());
    let (history, sayings) = (street.all::<History>().await, street.all::<Saying>().await);
    let again = obey(&street, &message, command(Name::Accept, "1"), 6).await;
    assert_eq!(
        again,
        Obeyed {
            answered: None,
            commit: None
        }
    );
    assert_eq!(
        (history, sayings),
        (street.all::<History>().await, street.all::<Saying>().await)
    );
}

#[tokio::test]
async fn a_late_command_is_obeyed_without_an_answer() {
    let street = Street::with_one().await;
    obey(
        &street,
        &message(serde_json::json!({})),
        command(Name::Accept, "1"),
        14 + 10,
    )
    .await;
    assert_eq!(street.event(ONE).await.state, State::InProgress);
    assert!(street.sayings(SayingKind::Done).await.is_empty());
}

#[tokio::test]
async fn a_time_in_the_future_does_not_move_limits_there() {
    let street = Street::with_one().await;
    let message = message(serde_json::json!({"time": "2099-01-01T00:00:00+08:00"}));
    obey(&street, &message, command(Name::Accept, "1"), 5).await;
    assert_eq!(street.event(ONE).await.accepted_at, Some(minutes(5)));
}

#[tokio::test]
async fn groups_that_are_not_admitted_command_nothing_and_objectors_only_by_address() {
    let street = Street::with_one().await;
    let elsewhere = message(serde_json::json!({"group": {"id": "unknown"}}));
    assert!(
        obey(&street, &elsewhere, command(Name::Accept, "1"), 5)
            .await
            .answered
            .is_none()
    );
    let objector = PersonId::from("u1");
    street
        .desk
        .directory
        .object(&objector, None, minutes(1))
        .await
        .unwrap();
    let urge = |mentions: bool| {
        message(serde_json::json!({
            "id": if mentions { "m3" } else { "m2" }, "group": {"id": "g1"},
            "sender": {"id": "u1"}, "text": "催一下", "mentions_bot": mentions,
        }))
    };
    let plain = obey(&street, &urge(false), command(Name::Urge, ""), 5).await;
    assert!(plain.answered.is_none());
    let addressed = obey(&street, &urge(true), command(Name::Urge, ""), 5).await;
    assert!(addressed.answered.unwrap().result.is_ok());
}

#[tokio::test]
async fn a_claimed_role_counts_only_for_people_the_directory_does_not_know() {
    let street = Street::with_one().await;
    let known = message(serde_json::json!({"sender": {"id": "w1", "role": "staff"}}));
    let refused = obey(
        &street,
        &known,
        because("误报", command(Name::Void, "1")),
        5,
    )
    .await;
    assert!(refused.answered.unwrap().result.is_err());
    let recorded =
        message(serde_json::json!({"id": "m2", "sender": {"id": "x1", "role": "staff"}}));
    let done = obey(
        &street,
        &recorded,
        because("误报", command(Name::Void, "1")),
        5,
    )
    .await;
    let result = done.answered.unwrap().result;
    assert!(result.is_ok(), "{result:?}");
}

#[tokio::test]
async fn a_number_to_call_back_is_masked_in_what_is_kept() {
    let street = Street::with_one().await;
    let text = "办结 1 已修好，有事打13800138000";
    let message = message(serde_json::json!({"text": text}));
    let resolve = because("已修好，有事打13800138000", command(Name::Resolve, "1"));
    obey(&street, &message, resolve, 5).await;
    let kept = street.event(ONE).await.result.unwrap();
    assert!(
        kept.contains("已修好") && !kept.contains("13800138000"),
        "{kept}"
    );
}

#[tokio::test]
async fn a_neighbours_word_that_fits_nothing_is_talk_and_not_refused() {
    let street = Street::with_one().await;
    let said = |id: &str, mentions: bool| {
        message(serde_json::json!({
            "id": id, "group": {"id": "g1"}, "sender": {"id": "u9"}, "text": "好了好了",
            "mentions_bot": mentions,
        }))
    };
    let overheard = obey(&street, &said("m2", false), command(Name::Resolve, ""), 5).await;
    assert_eq!(
        overheard,
        Obeyed {
            answered: None,
            commit: None
        }
    );
    assert!(street.sayings(SayingKind::RefusedKindly).await.is_empty());
    obey(&street, &said("m3", true), command(Name::Resolve, ""), 5).await;
    assert_eq!(street.sayings(SayingKind::RefusedKindly).await.len(), 1);
}
