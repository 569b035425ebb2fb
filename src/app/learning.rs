//! What `lexicon train` does: reads examples, lets the lexicon's words judge them, fits, and says
//! what came of it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::lexicon::examples::{self, Part, part_of};
use crate::lexicon::{Diagnostics, Lexicon, Origin, Sources, Status, Strength, written};
use crate::training::assess::{self, Allowed, Chat, Found, Point};
use crate::training::{
    Background, Fitted, Ordinary, Owned, Sample, Standing, Wanted, counted, teach,
};
use crate::triage::{Action, Context, Triage};

use super::judge::said;

/// A run of fewer ordinary messages than this is not written down.
const RAREST: u32 = 3;
/// What an example counts about which two careful readers may differ.
const DEBATABLE: f64 = 0.3;
/// 备注 of everyday talk, and how often it is counted beside ordinary messages from elsewhere, when
/// the lexicon's words make no more of it than this: examples of talk that only sounds like trouble
/// are far denser than life, and must not make 停水 an everyday word.
const EVERYDAY: &str = "闲聊";
const EVERYDAY_TIMES: f32 = 3.0;
const EVERYDAY_WORDS: f32 = 0.5;
/// What a case of the lexicon counts: it is a promise.
const PROMISED: f64 = 6.0;
/// The cues of somebody who turns to an office in so many words: few examples are written so.
const FORMAL: &str = "formal";
/// What the words alone come to where a message is decided otherwise: never a problem.
const DECIDED_OTHERWISE: f32 = -10.0;

/// What there is to learn from.
#[derive(Debug)]
pub struct Material {
    sources: Sources,
    packs: Vec<String>,
    lexicon: Lexicon,
    fit: Vec<Sample>,
    kept: Vec<Sample>,
    hash: u32,
}

/// What was learned, and how good it is.
#[derive(Debug)]
pub struct Lessons {
    /// Where the weights come from.
    pub origin: Origin,
    /// File name → contents: `learned.csv`, `learned.toml`, and `background.csv` when it was counted.
    pub files: BTreeMap<String, String>,
    /// How many runs have a weight.
    pub runs: usize,
    /// What the fit finds in the part kept apart.
    pub kept: Found,
    /// How much danger to life it sees there.
    pub danger: Found,
    /// The learning curve, when asked for.
    pub curve: Vec<Point>,
}

/// What the lessons are held against: ordinary messages, or the counts of them.
#[derive(Debug)]
pub enum Against {
    /// Texts of ordinary messages and where they are from: counted anew.
    Messages(Vec<String>, String),
    /// The counts of the last time.
    Counts,
}

impl Material {
    /// A folder's words and examples, or the built-in ones; `own` are examples that people of this
    /// community confirmed.
    ///
    /// # Errors
    ///
    /// Everything wrong with the files.
    pub fn gather(
        folder: Option<&Path>,
        own: Option<&Path>,
        packs: &[String],
    ) -> Result<Self, Diagnostics> {
        let unreadable =
            |(file, error): (String, std::io::Error)| Diagnostics::unreadable(&file, &error);
        let (sources, tables) = match folder {
            Some(folder) => (
                Sources::read(folder).map_err(unreadable)?,
                Sources::read_examples(folder).map_err(unreadable)?,
            ),
            None => (Sources::embedded(), embedded_examples()),
        };
        let mut tables = tables;
        if let Some(own) = own {
            let bytes = std::fs::read(own)
                .map_err(|error| unreadable((own.display().to_string(), error)))?;
            tables.insert(own.display().to_string(), bytes);
        }
        let lexicon = Lexicon::from_sources(&sources.untaught(), packs)?.lexicon;
        let mut material = Self {
            sources,
            packs: packs.to_vec(),
            lexicon,
            fit: Vec::new(),
            kept: Vec::new(),
            hash: 0,
        };
        for (file, bytes) in &tables {
            material.take(file, bytes)?;
        }
        material.take_cases();
        Ok(material)
    }

    fn take(&mut self, file: &str, bytes: &[u8]) -> Result<(), Diagnostics> {
        let (rows, _) = examples::read(file, bytes, self.lexicon.catalogue())?;
        let mut judge = Words::new(&self.lexicon);
        for row in rows {
            self.hash = self.hash.rotate_left(1) ^ crc32fast::hash(row.text.as_bytes());
            let (by_words, decided) = judge.score(&row.text);
            let part = match part_of(&row.text) {
                Part::Fit => &mut self.fit,
                Part::Kept => &mut self.kept,
            };
            part.push(Sample {
                wanted: row.actions[0],
                weight: if row.actions.len() > 1 {
                    DEBATABLE
                } else {
                    1.0
                },
                peril: row
                    .peril()
                    .filter(|_| row.actions[0] == Wanted::Open)
                    .map(str::to_owned),
                everyday: row.actions[0] == Wanted::Ignore
                    && row.note == EVERYDAY
                    && by_words <= EVERYDAY_WORDS,
                categories: match row.actions[0] {
                    Wanted::Ignore => Vec::new(),
                    Wanted::Open | Wanted::Ask => row.categories,
                },
                text: row.text,
                by_words,
                decided,
            });
        }
        Ok(())
    }

    /// The lexicon's own cases are examples too, and promises: they count for more.
    fn take_cases(&mut self) {
        let mut judge = Words::new(&self.lexicon);
        for case in self.lexicon.cases() {
            let wanted = match case.expect.as_str() {
                "open" => Wanted::Open,
                "ask" => Wanted::Ask,
                "ignore" => Wanted::Ignore,
                _ => continue,
            };
            let (by_words, decided) = judge.score(&case.text);
            self.fit.push(Sample {
                text: case.text.clone(),
                wanted,
                weight: PROMISED,
                categories: case.category.iter().cloned().collect(),
                by_words,
                decided,
                // A case says how urgent it is only where words alone decide it.
                peril: None,
                everyday: false,
            });
        }
    }

    /// How many examples are fitted on, and how many are kept apart.
    pub fn sizes(&self) -> (usize, usize) {
        (self.fit.len(), self.kept.len())
    }

    /// Learns; with `curve` also from a half, a quarter and an eighth of the examples.
    ///
    /// # Errors
    ///
    /// One Chinese sentence: what is missing and what to do.
    pub fn learn(
        &self,
        against: Against,
        allowed: Allowed,
        curve: bool,
    ) -> Result<Lessons, String> {
        let fit: Vec<&Sample> = self.fit.iter().collect();
        let kept: Vec<&Sample> = self.kept.iter().collect();
        if fit.is_empty() {
            return Err("没有例句可学，请先在 examples 目录里放例句。".to_owned());
        }
        let before = self.before();
        let owned = self.owned();
        let counted = matches!(against, Against::Messages(..));
        let (background, from) = match against {
            Against::Messages(texts, source) => {
                let ordinary = self.ordinary(texts);
                let chat = Chat {
                    ordinary: &ordinary,
                    source: &source,
                    rarest: RAREST,
                };
                let from = assess::begin(&fit, chat, |counts| self.quiet(&counts), allowed, &owned);
                let texts = ordinary.iter().map(|message| message.text.as_str());
                (Background::count(texts, &source, RAREST), from)
            }
            Against::Counts => self.counts(before)?,
        };
        let quiet = self.quiet(&background);
        let fitted = teach(&fit, &quiet, &owned);
        let curve = if curve {
            assess::curve(&fit, &kept, &quiet, &owned)
        } else {
            Vec::new()
        };
        Ok(Lessons {
            kept: assess::found(&fitted, &kept, from.open),
            danger: assess::danger(&fitted, &kept, from.urgent),
            curve,
            ..self.write(&fitted, from, &background, counted)
        })
    }

    fn write(
        &self,
        fitted: &Fitted,
        from: Standing,
        background: &Background,
        counted: bool,
    ) -> Lessons {
        let (origin, lessons) = fitted.lessons(
            from,
            Origin {
                examples: u32::try_from(self.fit.len()).unwrap_or(u32::MAX),
                fingerprint: format!("{:08x}", self.hash),
                background: background.messages,
                background_source: background.source.clone(),
                ..Origin::default()
            },
        );
        let mut files = BTreeMap::from([
            ("learned.csv".to_owned(), written(&lessons)),
            ("learned.toml".to_owned(), origin.written()),
        ]);
        if counted {
            files.insert(counted::FILE.to_owned(), background.written());
        }
        Lessons {
            origin,
            files,
            runs: lessons.len(),
            kept: Found::default(),
            danger: Found::default(),
            curve: Vec::new(),
        }
    }

    /// Where the weights in force come from.
    fn before(&self) -> Option<Origin> {
        let taught = Lexicon::from_sources(&self.sources, &self.packs).ok()?;
        Some(taught.lexicon.learned()?.origin().clone())
    }

    fn counts(&self, before: Option<Origin>) -> Result<(Background, Standing), String> {
        let missing =
            "没有平常话的次数，请加 --ordinary 指一份平常聊天（CSV 或 JSON 行），先数一遍。";
        let origin = before.ok_or(missing)?;
        let bytes = self.sources.get(counted::FILE).ok_or(missing)?;
        let background = Background::parse(bytes, origin.background, origin.background_source)?;
        let from = Standing {
            open: f64::from(origin.open_from),
            ask: f64::from(origin.ask_from),
            urgent: f64::from(origin.urgent_from),
        };
        Ok((background, from))
    }

    /// What is frequent in ordinary talk, that of residents' groups among it.
    fn quiet(&self, counts: &Background) -> Background {
        let everyday = self.fit.iter().filter(|sample| sample.everyday);
        counts.beside(everyday.map(|sample| sample.text.as_str()), EVERYDAY_TIMES)
    }

    fn owned(&self) -> Owned {
        let strong = self.lexicon.keywords().filter(|(_, keyword)| {
            keyword.strength == Strength::Strong && keyword.status == Status::Active
        });
        let formal = self.lexicon.cues().filter(|(_, cue)| &*cue.kind == FORMAL);
        Owned::of(
            strong
                .map(|(_, keyword)| keyword.normal.as_str())
                .chain(formal.map(|(_, cue)| cue.normal.as_str())),
        )
    }

    fn ordinary(&self, texts: Vec<String>) -> Vec<Ordinary> {
        let mut judge = Words::new(&self.lexicon);
        texts
            .into_iter()
            .map(|text| {
                let (score, decided) = judge.score(&text);
                Ordinary {
                    by_words: if decided { DECIDED_OTHERWISE } else { score },
                    text,
                }
            })
            .collect()
    }
}

fn embedded_examples() -> BTreeMap<String, Vec<u8>> {
    Sources::examples()
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

/// The lexicon's words alone.
struct Words<'l> {
    triage: Triage,
    lexicon: &'l Lexicon,
}

impl<'l> Words<'l> {
    fn new(lexicon: &'l Lexicon) -> Self {
        Self {
            triage: Triage::default(),
            lexicon,
        }
    }

    /// What they come to, and whether that decides it: announcements, commands, restored service.
    fn score(&mut self, text: &str) -> (f32, bool) {
        let at = crate::model::Timestamp::UNIX_EPOCH;
        let message = said(text, at);
        let decision = self
            .triage
            .decide(at, &message, &Context::default(), self.lexicon);
        let decided = matches!(
            decision.action,
            Action::Notice | Action::Command | Action::Restored
        );
        (decision.score, decided)
    }
}
