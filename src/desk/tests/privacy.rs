//! What is not said, and what is forgotten.

use super::*;
use crate::command::CommandName as Name;
use crate::triage::Emergency;

const ONE: &str = "E-20261120-0001";

#[tokio::test]
async fn a_discreet_matter_is_told_to_the_chain_alone_and_named_in_no_group() {
    let mut street = Street::new().await;
    street
        .open(ONE, 1, |event| {
            event.discreet = true;
            event.level = Level::Critical;
            event.emergency = Some(Emergency::Suicide);
        })
        .await;
    street
        .done("w1", "work", command(Name::Accept, ""), 3)
        .await;
    street
        .done(
            "w1",
            "work",
            because("已送医", command(Name::Resolve, "1")),
            30,
        )
        .await;
    assert_eq!(street.public("g1").await, [SayingKind::DiscreetCare]);
    let care = street.sayings(SayingKind::DiscreetCare).await.remove(0);
    assert!(care.quote.is_none() && care.mentions.is_empty());
    assert_eq!(care.facts.keys().collect::<Vec<_>>(), ["call"]);
    for saying in street.all::<Saying>().await {
        if matches!(saying.to, Destination::Group(_)) {
            for name in ["category", "place", "gist", "area", "level"] {
                assert!(!saying.facts.contains_key(name), "{saying:?}");
            }
        }
    }
}
