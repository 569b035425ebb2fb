//! The bot judges labelled messages; `measure` counts what was right.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::config::Config;
use crate::gateway::Sinks;
use crate::lexicon::{Lexicon, Sources};
use crate::measure::reading as labels;
use crate::measure::reading::{Labelled, Parts, Reading, Skipped, Unreadable};
use crate::measure::{Judged, Played, PlayedEvent, Sample, Talk};
use crate::model::{Clock, ManualClock, SystemClock};
use crate::outbox::Limits;
use crate::triage::Triage;

use super::bot::Reaction;
use super::judge::recorded_context;
use super::opening;
use super::reading::Spool;
use super::replaying::{Leads, Player, Results};

/// Everything that was judged.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Single messages.
    pub judged: Vec<Judged>,
    /// Conversations.
    pub played: Vec<Played>,
    /// Files and rows that were left out.
    pub omitted: Vec<Omitted>,
}

/// Something that was left out.
#[derive(Debug)]
pub enum Omitted {
    /// A whole file.
    File(PathBuf, Unreadable),
    /// A row of a file.
    Row(PathBuf, Skipped),
}

/// Judges labelled files; without any the lexicon's own cases and examples.
///
/// # Errors
///
/// A file that cannot be read; what is wrong with the lexicon.
pub async fn evaluate(
    config: &Config,
    files: &[PathBuf],
    parts: Parts,
) -> anyhow::Result<Judgement> {
    let lexicon = opening::shelf(config)?.0.lexicon();
    let mut judgement = Judgement::default();
    let labelled = if files.is_empty() {
        own(config.lexicon.as_deref(), &lexicon, parts)?
    } else {
        read(files, &lexicon, parts, &mut judgement.omitted)?
    };
    for one in labelled {
        match one {
            Labelled::Samples(samples) => {
                let judged = judge(samples, &lexicon, config.open_at);
                judgement.judged.extend(judged);
            }
            Labelled::Talk(talk) => judgement.played.push(play(config, talk).await?),
        }
    }
    Ok(judgement)
}

/// The lexicon's own cases and the examples beside it; the embedded ones where its folder has none.
fn own(folder: Option<&Path>, lexicon: &Lexicon, parts: Parts) -> anyhow::Result<Vec<Labelled>> {
    let mut tables = match folder {
        Some(folder) => Sources::read_examples(folder).map_err(|(file, error)| {
            anyhow::Error::from(error).context(format!("读不了 {file}"))
        })?,
        None => BTreeMap::new(),
    };
    if tables.is_empty() {
        let embedded = Sources::examples().iter();
        tables = embedded
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect();
    }
    let mut labelled = vec![Labelled::Samples(labels::own_cases(lexicon))];
    for (name, bytes) in &tables {
        labelled.push(labels::read(name, bytes, lexicon.catalogue(), parts)?.labelled);
    }
    Ok(labelled)
}

fn read(
    files: &[PathBuf],
    lexicon: &Lexicon,
    parts: Parts,
    omitted: &mut Vec<Omitted>,
) -> anyhow::Result<Vec<Labelled>> {
    let mut labelled = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("打不开 {}", file.display()))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        match labels::read(&name, &bytes, lexicon.catalogue(), parts) {
            Ok(Reading {
                labelled: one,
                skipped,
            }) => {
                labelled.push(one);
                omitted.extend(
                    skipped
                        .into_iter()
                        .map(|row| Omitted::Row(file.clone(), row)),
                );
            }
            Err(why) => omitted.push(Omitted::File(file.clone(), why)),
        }
    }
    Ok(labelled)
}

/// Each message for itself, as `triage` judges a line.
pub fn judge(samples: Vec<Sample>, lexicon: &Lexicon, open_at: f32) -> Vec<Judged> {
    let mut triage = Triage::opening_at(open_at);
    samples
        .into_iter()
        .map(|sample| {
            let message = &sample.message;
            let context = recorded_context(message);
            let decision = triage.decide(message.time, message, &context, lexicon);
            Judged { sample, decision }
        })
        .collect()
}

/// A conversation through the whole pipeline, as `replay` plays it, into a store of its own.
async fn play(config: &Config, talk: Talk) -> anyhow::Result<Played> {
    let scratch = tempfile::tempdir()?;
    let clock = ManualClock::new(SystemClock.now());
    let store = opening::store(&scratch.path().join("data"), clock.now())?;
    let limits = Limits::unhurried();
    let opened = opening::bot(config, store.clone(), Sinks::new(), limits, &clock).await?;
    let mut player = Player::new(opened.bot);
    let mut decisions = Vec::with_capacity(talk.lines.len());
    let messages: Vec<_> = talk.lines.iter().map(|line| line.message.clone()).collect();
    let spool = Spool::of(messages);
    let note = |reaction: Reaction| decisions.push(reaction.decision);
    player.play_and_note(spool, note).await?;
    let mut events = Vec::new();
    let mut results = Results::new(&store, Leads::Hidden);
    while let Some(page) = results.page().await? {
        events.extend(page.into_iter().map(|result| PlayedEvent {
            id: result.event.id.to_string(),
            messages: result.messages,
        }));
    }
    Ok(Played {
        talk,
        decisions,
        events,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::figures::figures;
    use crate::measure::{Figure, Measure, Verdict};

    fn labelled(name: &str, text: &str) -> (tempfile::TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(name);
        std::fs::write(&file, text).expect("written");
        (folder, vec![file])
    }

    #[tokio::test]
    async fn a_conversation_goes_through_the_whole_pipeline() {
        let line = |id: &str, who: &str, minute: u8, text: &str, event: &str| {
            format!(
                r#"{{"id":"{id}","group":{{"id":"g","name":"群","area":["甲街道","乙社区","丙苑"]}},"sender":{{"id":"{who}"}},"time":"2026-11-20T10:{minute:02}:00+08:00","text":"{text}","scene":"A","event":"{event}"}}"#
            )
        };
        let lines = [
            line("1", "u1", 0, "3栋又停电了，有没有人管", "x"),
            line("2", "u2", 4, "三栋整栋停电，啥时候来电", "x"),
            line("3", "u3", 9, "晚上一起去跳舞不", ""),
        ];
        let (_folder, files) = labelled("任何名字.jsonl", &lines.join("\n"));
        let judgement = evaluate(&Config::default(), &files, Parts::All).await;
        let judgement = judgement.expect("it is judged");
        let played = &judgement.played[0];
        assert_eq!(played.decisions.len(), 3);
        let verdicts = [Verdict::Found, Verdict::Found, Verdict::Quiet];
        assert_eq!(played.verdicts(), verdicts);
        let figures = figures(&[], &judgement.played);
        let merged = figures.iter().find(|one| one.measure == Measure::MergeF1);
        assert_eq!(merged.map(|one| (one.hits, one.of)), Some((2.0, 2.0)));
    }

    /// What was gained is held: our own examples, the fifth that no fit ever saw. The floors stand a
    /// little below what was measured (docs/judgement.md).
    #[tokio::test]
    async fn the_examples_kept_apart_stay_above_their_floors() {
        let judgement = evaluate(
            &Config::default(),
            &[],
            Parts::Only(crate::lexicon::examples::Part::Kept),
        )
        .await;
        let figures = figures(&judgement.expect("it is judged").judged, &[]);
        let value = |key: &str| {
            let figure = figures.iter().find(|figure| figure.key() == key);
            figure.map(Figure::value).expect(key)
        };
        for (key, least) in [
            ("examples.recall", 0.56),
            ("examples.precision", 0.94),
            ("examples.category_accuracy", 0.70),
            ("examples.questions_as_ask", 0.55),
        ] {
            assert!(value(key) >= least, "{key}: {}", value(key));
        }
        assert!(value("examples.opened") <= 0.035);
    }

    #[tokio::test]
    async fn what_cannot_be_used_is_named_and_the_rest_is_judged() {
        let table = "id,text,action,category\n1,一楼漏水漏了三天没人管,open,02|05\n2,二,什么,02\n";
        let (folder, mut files) = labelled("a.csv", table);
        let other = folder.path().join("b.csv");
        std::fs::write(&other, "甲,乙\n1,2\n").expect("written");
        files.push(other.clone());
        let judgement = evaluate(&Config::default(), &files, Parts::All).await;
        let judgement = judgement.expect("it is judged");
        assert_eq!(judgement.judged.len(), 1);
        assert!(matches!(&judgement.omitted[0], Omitted::Row(_, row) if row.row == 3));
        assert!(matches!(&judgement.omitted[1], Omitted::File(file, _) if *file == other));
    }
}
