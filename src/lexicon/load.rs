//! From files to a compiled lexicon, or to all that is wrong with them.

use std::path::Path;
use std::sync::Arc;

use crate::model::Catalogue;
use crate::text::segment::Segmenter;

use super::diagnostic::{Diagnostic, Diagnostics, Report, Spot};
use super::keywords::{self, Categories};
use super::learned::{self, Learned};
use super::matcher::Matcher;
use super::row::{Cue, Keyword, Status};
use super::sources::{CATEGORIES, CUES, HOLIDAYS, KEYWORDS, PACKS};
use super::{Lexicon, Sources, cases, categories, checks, cues};

/// A lexicon that can be used, and what is worth a look in its files.
#[derive(Debug)]
pub struct Loaded {
    /// The compiled lexicon.
    pub lexicon: Lexicon,
    /// Problems that do not keep it from being used.
    pub warnings: Vec<Diagnostic>,
}

impl Lexicon {
    /// Reads a folder of files and compiles them with these packs.
    ///
    /// # Errors
    ///
    /// Every problem of every file, with row and column.
    pub fn load(dir: &Path, packs: &[String]) -> Result<Loaded, Diagnostics> {
        let sources =
            Sources::read(dir).map_err(|(file, error)| Diagnostics::unreadable(&file, &error))?;
        Self::from_sources(&sources, packs)
    }

    /// Compiles files given as bytes.
    ///
    /// # Errors
    ///
    /// Every problem of every file, with row and column.
    pub fn from_sources(sources: &Sources, packs: &[String]) -> Result<Loaded, Diagnostics> {
        let mut report = Report::default();
        let mut parsed = parse(sources, packs, &mut report);
        checks::rows(&mut parsed.keywords, &mut report);
        if report.has_errors() {
            return Err(Diagnostics(report.sorted()));
        }
        let lexicon = compile(parsed, sources.version(packs));
        lexicon.check_words(&mut report);
        Ok(Loaded {
            lexicon,
            warnings: report.sorted(),
        })
    }
}

struct Parsed {
    catalogue: Catalogue,
    keywords: Vec<Keyword>,
    cues: Vec<Cue>,
    cases: Vec<super::Case>,
    learned: Option<Learned>,
}

fn parse(sources: &Sources, packs: &[String], report: &mut Report) -> Parsed {
    let mut catalogue = match sources.get(CATEGORIES) {
        Some(bytes) => categories::read(CATEGORIES, bytes, report),
        None => missing(CATEGORIES, report),
    };
    match sources.get(HOLIDAYS) {
        Some(bytes) => catalogue.holidays = categories::read_holidays(HOLIDAYS, bytes, report),
        None => report.warn(
            Spot::file(HOLIDAYS),
            "没有这个文件，工作日只按周一到周五算，请补上放假和调休。",
        ),
    }
    let names = Categories::new(&catalogue.categories);
    let mut words = match sources.get(KEYWORDS) {
        Some(bytes) => keywords::read(KEYWORDS, bytes, &names, report),
        None => missing(KEYWORDS, report),
    };
    for pack in packs {
        let file = format!("{PACKS}/{pack}.csv");
        if let Some(bytes) = sources.get(&file) {
            words.extend(keywords::read(&file, bytes, &names, report));
        } else {
            let there: Vec<_> = sources.packs().collect();
            report.error(
                Spot::file(&file),
                format!(
                    "没有“{pack}”这个词包，请改配置里的名字，现有：{}。",
                    there.join("、")
                ),
            );
        }
    }
    let cues = if let Some(bytes) = sources.get(CUES) {
        cues::read(CUES, bytes, &names, report)
    } else {
        report.warn(Spot::file(CUES), "没有这个文件，语境词都不起作用，请补上。");
        Vec::new()
    };
    let cases = sources
        .get(cases::FILE)
        .map(|bytes| cases::read(cases::FILE, bytes, &names, report))
        .unwrap_or_default();
    let learned = match (sources.get(learned::TABLE), sources.get(learned::ORIGIN)) {
        (Some(table), Some(origin)) => learned::read(table, origin, &names, report),
        _ => None,
    };
    Parsed {
        catalogue,
        keywords: words,
        cues,
        cases,
        learned,
    }
}

fn missing<T: Default>(file: &str, report: &mut Report) -> T {
    report.error(
        Spot::file(file),
        "没有这个文件，请从原来的词库里复制一份回来。",
    );
    T::default()
}

fn compile(parsed: Parsed, version: String) -> Lexicon {
    let Parsed {
        catalogue,
        keywords,
        cues,
        cases,
        learned,
    } = parsed;
    let segmenter = Segmenter::with_words(
        keywords
            .iter()
            .filter(|keyword| keyword.status != Status::Off)
            .map(|keyword| keyword.normal.as_str())
            .chain(
                cues.iter()
                    .filter(|cue| cue.boundary)
                    .map(|cue| cue.normal.as_str()),
            ),
    );
    Lexicon {
        matcher: Matcher::new(&keywords, &cues),
        keywords,
        cues,
        cases,
        catalogue: Arc::new(catalogue),
        segmenter,
        learned,
        version,
    }
}
