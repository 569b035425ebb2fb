//! The lexicon in force, and the way a saved edit takes its place: all that can fail happens before.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::lexicon::{
    Case, CaseOutcome, Diagnostic, Diagnostics, Lexicon, Loaded, Severity, Sources,
};

/// What triage makes of a case of the lexicon.
pub type Judge = fn(&Lexicon, &Case) -> CaseOutcome;

/// What a look at the files led to.
#[derive(Debug)]
pub enum Reloaded {
    /// The files say what they said before.
    Unchanged,
    /// A good edit is in force.
    Swapped {
        /// Now in force.
        lexicon: Arc<Lexicon>,
        /// Worth a look.
        warnings: Vec<Diagnostic>,
    },
    /// The edit is bad and was not reported yet; the last good lexicon stays.
    Kept(Diagnostics),
}

/// Holds the lexicon in force.
pub struct Shelf {
    current: ArcSwap<Lexicon>,
    folder: Option<PathBuf>,
    packs: Vec<String>,
    judge: Judge,
    refused: Mutex<Option<u64>>,
}

impl Shelf {
    /// Loads the operators' folder, or the embedded lexicon when there is none. The embedded one's
    /// cases are this program's own tests and not run again.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the files; failing cases too.
    pub fn open(
        folder: Option<PathBuf>,
        packs: Vec<String>,
        judge: Judge,
    ) -> Result<(Self, Vec<Diagnostic>), Diagnostics> {
        let loaded = load(folder.as_deref(), &packs)?;
        let (lexicon, warnings) = if folder.is_some() {
            verify(loaded, judge)?
        } else {
            (Arc::new(loaded.lexicon), loaded.warnings)
        };
        let shelf = Self {
            current: ArcSwap::new(lexicon),
            folder,
            packs,
            judge,
            refused: Mutex::default(),
        };
        Ok((shelf, warnings))
    }

    /// A lexicon that no folder stands behind: it never changes.
    pub fn holding(lexicon: Arc<Lexicon>, judge: Judge) -> Self {
        Self {
            current: ArcSwap::new(lexicon),
            folder: None,
            packs: Vec::new(),
            judge,
            refused: Mutex::default(),
        }
    }

    /// The lexicon in force. A message keeps the one it was begun with.
    pub fn lexicon(&self) -> Arc<Lexicon> {
        self.current.load_full()
    }

    /// The folder to watch; `None` for the embedded lexicon.
    pub fn folder(&self) -> Option<&PathBuf> {
        self.folder.as_ref()
    }

    /// Looks at the files again. Slow (reads, compiles, runs the cases): not for an async worker.
    pub fn reload(&self) -> Reloaded {
        let Some(folder) = &self.folder else {
            return Reloaded::Unchanged;
        };
        let loaded = Lexicon::load(folder, &self.packs);
        let unchanged = loaded
            .as_ref()
            .is_ok_and(|loaded| loaded.lexicon.version() == self.current.load().version());
        if unchanged {
            self.forget_refusal();
            return Reloaded::Unchanged;
        }
        match loaded.and_then(|loaded| verify(loaded, self.judge)) {
            Ok((lexicon, warnings)) => {
                self.forget_refusal();
                self.current.store(lexicon.clone());
                Reloaded::Swapped { lexicon, warnings }
            }
            Err(problems) => self.refuse(problems),
        }
    }

    fn refuse(&self, problems: Diagnostics) -> Reloaded {
        let mut hasher = DefaultHasher::new();
        problems.to_string().hash(&mut hasher);
        let seen = Some(hasher.finish());
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if *refused == seen {
            return Reloaded::Unchanged;
        }
        *refused = seen;
        Reloaded::Kept(problems)
    }

    fn forget_refusal(&self) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Reads a folder, or the embedded files when there is none.
///
/// # Errors
///
/// Everything that is wrong with the files.
pub fn load(folder: Option<&Path>, packs: &[String]) -> Result<Loaded, Diagnostics> {
    match folder {
        Some(folder) => Lexicon::load(folder, packs),
        None => Lexicon::from_sources(&Sources::embedded(), packs),
    }
}

/// Runs the cases: a lexicon whose own tests fail is refused.
///
/// # Errors
///
/// Everything worth saying, when some of it is an error.
pub fn verify(
    loaded: Loaded,
    judge: Judge,
) -> Result<(Arc<Lexicon>, Vec<Diagnostic>), Diagnostics> {
    let lexicon = Arc::new(loaded.lexicon);
    let mut found = loaded.warnings;
    found.extend(lexicon.check_cases(|case| judge(&lexicon, case)));
    if found.iter().any(|one| one.severity == Severity::Error) {
        return Err(Diagnostics(found));
    }
    Ok((lexicon, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(_: &Lexicon, case: &Case) -> CaseOutcome {
        CaseOutcome {
            action: case.expect.clone(),
            category: case.category.clone(),
            level: case.level,
            hits: case.hits.clone(),
        }
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in Sources::embedded().0 {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("has one")).expect("made");
            std::fs::write(path, bytes).expect("written");
        }
        folder
    }

    fn save(folder: &tempfile::TempDir, name: &str, more: &str) {
        let path = folder.path().join(name);
        let mut text = std::fs::read_to_string(&path).expect("text");
        text.push_str(more);
        std::fs::write(path, text).expect("saved");
    }

    #[test]
    fn a_good_edit_takes_the_place_and_a_bad_one_changes_nothing() {
        let folder = folder();
        let (shelf, _) = Shelf::open(Some(folder.path().to_owned()), Vec::new(), agree)
            .expect("the copy is good");
        let first = shelf.lexicon();
        assert!(matches!(shelf.reload(), Reloaded::Unchanged));

        save(&folder, "keywords.csv", "水箱盖飞了,02,强,,,,启用,\n");
        assert!(matches!(shelf.reload(), Reloaded::Swapped { .. }));
        let second = shelf.lexicon();
        assert_ne!(first.version(), second.version());

        save(&folder, "keywords.csv", "水箱盖跑了,九十九,强,,,,启用,\n");
        let Reloaded::Kept(problems) = shelf.reload() else {
            panic!("the bad edit is refused")
        };
        assert!(
            problems.to_string().contains("keywords.csv 第"),
            "{problems}"
        );
        assert_eq!(shelf.lexicon().version(), second.version());
        assert!(
            matches!(shelf.reload(), Reloaded::Unchanged),
            "reported once"
        );
    }

    #[test]
    fn the_embedded_lexicon_passes_its_own_cases() {
        let loaded = load(None, &["四川话".to_owned()]).expect("it loads");
        if let Err(problems) = verify(loaded, crate::app::judge::judge) {
            panic!("{problems}");
        }
    }

    #[test]
    fn a_failing_case_refuses_the_edit() {
        fn refuse(lexicon: &Lexicon, case: &Case) -> CaseOutcome {
            CaseOutcome {
                action: "command".into(),
                ..agree(lexicon, case)
            }
        }
        let folder = folder();
        let problems = Shelf::open(Some(folder.path().to_owned()), Vec::new(), refuse)
            .err()
            .expect("cases fail");
        assert!(problems.to_string().contains("cases.csv 第"));
    }
}
