//! Operators save the word table while the bot runs.

use std::fs;

use super::bot::{Bot, GROUPS, until};
use super::platform::{Platform, is_acknowledgement};

/// A word that no table has, for something that no street has.
const NEW_WORD: &str = "雪饼糯团";

#[tokio::test]
async fn a_saved_word_counts_at_once_and_a_broken_save_changes_nothing() {
    let mut bot = Bot::prepared().await;
    let folder = bot.path("lexicon");
    let copied = bot
        .command(&["lexicon", "copy", folder.to_str().expect("UTF-8")])
        .await;
    assert_eq!(copied.code, Some(0), "{}", copied.err);
    bot.configure("[lexicon]\npath = \"lexicon\"");
    let platform = bot.started().await;
    let good = fs::read_to_string(folder.join("keywords.csv")).expect("copied");

    platform.say(GROUPS[0], 21, &format!("11栋{NEW_WORD}了"));
    platform.settled(GROUPS[0]).await;
    assert!(platform.matching(is_acknowledgement).is_empty());

    save(&bot, &format!("{good}{NEW_WORD},05,强,,,,启用,\n"));
    reloaded(&bot, "swapped").await;
    taken_up(&platform, "12栋").await;

    save(&bot, &format!("{good}新词糯团,没有这一类,很强,,,,启用,\n"));
    reloaded(&bot, "kept").await;
    taken_up(&platform, "13栋").await;
    platform.say(GROUPS[0], 21, "14栋新词糯团了");
    platform.settled(GROUPS[0]).await;
    assert_eq!(platform.matching(is_acknowledgement).len(), 2);
}

/// Saves as editors do: a new file beside the old, then a rename over it.
fn save(bot: &Bot, table: &str) {
    let draft = bot.path("lexicon").join("~keywords.tmp");
    fs::write(&draft, table).expect("written");
    fs::rename(&draft, bot.path("lexicon").join("keywords.csv")).expect("renamed");
}

async fn reloaded(bot: &Bot, result: &str) {
    let counted = format!("lianxin_lexicon_reloads_total{{result=\"{result}\"}} 1");
    until("the reload", async || {
        let (_, metrics) = bot.get("metrics").await?;
        metrics.contains(&counted).then_some(())
    })
    .await;
}

async fn taken_up(platform: &Platform, building: &str) {
    platform.say(GROUPS[0], 21, &format!("{building}{NEW_WORD}了"));
    platform
        .hears(building, |said| {
            is_acknowledgement(said) && said.text.contains(building)
        })
        .await;
}
