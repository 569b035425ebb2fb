//! `lexicon stats` and `lexicon suggest`: what the store says of the lexicon's words.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Handled, Office, say};
use crate::app::request::Answer;
use crate::app::table::table;
use crate::app::words::{Fate, Known, Sample, Used, stats, suggest};
use crate::desk::{Event, Filter, Outcome, State};
use crate::lexicon::examples::{self, Wanted};
use crate::lexicon::{Lexicon, Sources};
use crate::model::CategoryCode;
use crate::store::StoreError;
use crate::triage::Action;

/// Events read, the newest: enough for half a year of a busy street.
const EVENTS: usize = 5_000;

/// Most lines of one list; the JSON has all.
const SHOWN: usize = 40;

/// With fewer texts than this, a word that never stood anywhere is no surprise.
const ENOUGH: usize = 500;

impl Office {
    pub(super) async fn word_stats(&self) -> Handled {
        let samples = self.samples().await.map_err(say)?;
        let lexicon = self.shelf.lexicon();
        let found = stats(&lexicon, &samples);
        let mut text = format!(
            "看了 {} 句（事件的反映、线索、差一点的话、旁听记录），{} 个词响过。\n\n",
            found.samples,
            found.used.len()
        );
        let head = [
            "词",
            "强弱",
            "响过（句）",
            "属实（件）",
            "作废（件）",
            "线索或没理会",
        ];
        if !found.used.is_empty() {
            text += &table(head, found.used.iter().take(SHOWN).map(used_row));
        }
        let often_false = |one: &&Used| one.refuted >= 2 && one.refuted > one.confirmed;
        let wrong: Vec<&Used> = found.used.iter().filter(often_false).collect();
        if !wrong.is_empty() {
            let rows = wrong.iter().take(SHOWN).map(|one| used_row(one));
            text += &format!(
                "\n\n常误报的词，请考虑加“排除语境”或改成弱：\n{}",
                table(head, rows)
            );
        }
        let dead: Vec<&str> = found.dead.iter().map(|(word, _)| word.as_str()).collect();
        text += &format!("\n\n从没出现过的词 {} 个：{}", dead.len(), listed(&dead));
        if found.samples < ENOUGH {
            text += &format!("\n现在才 {} 句，没出现过不等于没用。", found.samples);
        }
        let mut rows: Vec<_> = found
            .used
            .iter()
            .map(|one| json!({"kind": "used", "word": one}))
            .collect();
        let dead = found.dead.iter();
        rows.extend(
            dead.map(
                |(word, category)| json!({"kind": "dead", "word": word, "category": category}),
            ),
        );
        Ok(Answer::done(text, rows))
    }

    pub(super) async fn stored_texts(&self) -> Handled {
        let samples = self.samples().await.map_err(say)?;
        let rows = samples.iter().map(|sample| json!(sample)).collect();
        Ok(Answer::done(format!("共 {} 句。", samples.len()), rows))
    }

    pub(super) async fn word_suggestions(&self, limit: usize) -> Handled {
        let samples = self.samples().await.map_err(say)?;
        let lexicon = self.shelf.lexicon();
        let (ordinary, names) = (ordinary(&lexicon), self.names());
        let known = Known {
            ordinary: &ordinary,
            names: &names,
        };
        let mut found = suggest(&lexicon, &samples, known);
        found.truncate(limit);
        if found.is_empty() {
            let text =
                "还没有可以建议的词：同一个说法要在三件以上属实的事、线索或差一点的话里出现过。";
            return Ok(Answer::done(text, Vec::new()));
        }
        let rows = found.iter().map(|one| {
            [
                one.words.clone(),
                one.sources.to_string(),
                one.confirmed.to_string(),
                self.category_title(one.category.as_ref()),
                one.examples.join("／"),
            ]
        });
        let head = ["说法", "出现（件）", "其中属实", "多半是", "例句（已打码）"];
        let text = format!(
            "词库里还没有、却常在真问题里出现的说法：\n\n{}\n\n合适的请加进 keywords.csv（先写“试运行”），再各加一句该响和不该响的用例。",
            table(head, rows)
        );
        Ok(Answer::done(
            text,
            found.iter().map(|one| json!(one)).collect(),
        ))
    }

    /// Everything that was said and is still kept, with its fate.
    async fn samples(&self) -> Result<Vec<Sample>, StoreError> {
        let filter = Filter {
            states: State::ALL.to_vec(),
            limit: EVENTS,
            ..Filter::default()
        };
        let mut samples = Vec::new();
        for event in self.desk.list(&filter).await? {
            if event.discreet || event.erased {
                continue;
            }
            let Some(shown) = self.desk.show(event.id.as_str()).await? else {
                continue;
            };
            let fate = fate(&event);
            samples.extend(shown.reports.into_iter().map(|report| Sample {
                source: event.id.to_string(),
                text: report.text,
                fate,
                category: Some(event.category.clone()),
            }));
        }
        let now = self.clock.now();
        for silence in self.notes.silences.all(now).await? {
            let fate = if silence.real {
                Fate::Confirmed
            } else {
                Fate::Watched
            };
            samples.push(watched(silence.id, silence.text, silence.category, fate));
        }
        for one in self.notes.shadows.all(now).await? {
            let fate = match one.action {
                Action::Open => Fate::Pending,
                Action::Watch => Fate::Watched,
                // A near miss stands in the other ledger, too; all else is no gripe.
                _ => continue,
            };
            samples.push(watched(one.id, one.text, one.category, fate));
        }
        samples.retain(|sample| !sample.text.trim().is_empty());
        Ok(samples)
    }

    /// Names of areas, groups and people: no words for a lexicon.
    fn names(&self) -> BTreeSet<String> {
        let snapshot = self.desk.directory.snapshot();
        let areas = snapshot.areas().flat_map(|area| {
            let own = area.id.name().to_owned();
            area.aliases.iter().cloned().chain([own])
        });
        let groups = snapshot.groups().map(|group| group.name.clone());
        let people = snapshot.people().map(|person| person.name.clone());
        let all = areas.chain(groups).chain(people);
        all.filter(|name| !name.is_empty()).collect()
    }
}

fn fate(event: &Event) -> Fate {
    let handled = event.accepted_at.is_some();
    match event.outcome {
        Some(Outcome::FalseAlarm) => Fate::Refuted,
        Some(Outcome::Fixed | Outcome::SelfCleared | Outcome::NotOurs) => Fate::Confirmed,
        Some(Outcome::Expired) => Fate::Watched,
        _ if event.state == State::Lead => Fate::Watched,
        _ if handled => Fate::Confirmed,
        _ => Fate::Pending,
    }
}

fn watched(source: String, text: String, category: Option<CategoryCode>, fate: Fate) -> Sample {
    Sample {
        source,
        text,
        fate,
        category,
    }
}

/// Ordinary talk: what the program's examples say is nothing to track.
fn ordinary(lexicon: &Lexicon) -> Vec<String> {
    let read = |(name, text): &(&str, &str)| {
        examples::read(name, text.as_bytes(), lexicon.catalogue())
            .map(|(rows, _)| rows)
            .unwrap_or_default()
    };
    let rows = Sources::examples().iter().flat_map(read);
    let ignored = rows.filter(|row| row.actions.first() == Some(&Wanted::Ignore));
    ignored.map(|row| row.text).collect()
}

fn used_row(one: &Used) -> [String; 6] {
    [
        one.word.clone(),
        one.kind.to_owned(),
        one.messages.to_string(),
        one.confirmed.to_string(),
        one.refuted.to_string(),
        one.watched.to_string(),
    ]
}

fn listed(words: &[&str]) -> String {
    let more = if words.len() > SHOWN {
        "……（全部见 --format json）"
    } else {
        ""
    };
    let first: Vec<&str> = words.iter().take(SHOWN).copied().collect();
    format!("{}{more}", first.join("、"))
}
