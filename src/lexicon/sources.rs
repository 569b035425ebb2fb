//! The files of a lexicon as bytes: read from a folder, built in, or typed in the console.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use super::learned;

pub(super) const KEYWORDS: &str = "keywords.csv";
pub(super) const CATEGORIES: &str = "categories.toml";
pub(super) const HOLIDAYS: &str = "holidays.csv";
pub(super) const CUES: &str = "cues.toml";
pub(super) const PACKS: &str = "packs";
/// Counts of ordinary talk: only training reads them.
const BACKGROUND: &str = "background.csv";
const EXAMPLES: &str = "examples";

/// No file of a lexicon is larger; a hundred thousand keywords take four megabytes.
const LARGEST: u64 = 64 << 20;

/// File name (`keywords.csv`, `packs/四川话.csv`) → contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources(pub BTreeMap<String, Vec<u8>>);

impl Sources {
    /// The files that are part of the program.
    pub fn embedded() -> Self {
        let files = [
            (KEYWORDS, include_str!("../../lexicon/keywords.csv")),
            (CATEGORIES, include_str!("../../lexicon/categories.toml")),
            (HOLIDAYS, include_str!("../../lexicon/holidays.csv")),
            (CUES, include_str!("../../lexicon/cues.toml")),
            (super::cases::FILE, include_str!("../../lexicon/cases.csv")),
            (learned::TABLE, include_str!("../../lexicon/learned.csv")),
            (learned::ORIGIN, include_str!("../../lexicon/learned.toml")),
            (BACKGROUND, include_str!("../../lexicon/background.csv")),
            (
                "packs/四川话.csv",
                include_str!("../../lexicon/packs/四川话.csv"),
            ),
        ];
        Self(
            files
                .into_iter()
                .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
                .collect(),
        )
    }

    /// The examples that are part of the program, file name → text, in order of names. Nothing at
    /// run time needs them, so they are no part of a lexicon: read with
    /// [`examples::read`](super::examples::read) where they are wanted.
    pub fn examples() -> &'static [(&'static str, &'static str)] {
        macro_rules! files {
            ($($name:literal),* $(,)?) => {
                &[$((
                    concat!("examples/", $name, ".csv"),
                    include_str!(concat!("../../lexicon/examples/", $name, ".csv")),
                )),*]
            };
        }
        files![
            "building",
            "chat",
            "city",
            "counter",
            "daily",
            "danger",
            "formal-b",
            "formal",
            "hood-a",
            "hood-b",
            "hood-c",
            "hood-d",
            "living",
            "loss",
            "matters-a",
            "matters-b",
            "nothing-a",
            "plain-a",
            "plain-b",
            "short",
            "urgent-b",
            "urgent-c",
            "urgent",
            "voices-a",
            "voices-b",
            "voices-c",
            "voices-d",
            "voices-e",
            "voices-f",
            "voices-g",
            "voices-h",
            "voices-i",
            "voices-j",
            "voices-k",
            "voices-l",
        ]
    }

    /// The examples of a folder, file name → contents; none when it has no `examples`.
    ///
    /// # Errors
    ///
    /// The file that cannot be read, and why.
    pub fn read_examples(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, (String, io::Error)> {
        let mut files = BTreeMap::new();
        read_tables(dir, EXAMPLES, &mut files)?;
        Ok(files)
    }

    /// The files of a folder and of its `packs`; missing ones are left out.
    ///
    /// # Errors
    ///
    /// The file that cannot be read, and why.
    pub fn read(dir: &Path) -> Result<Self, (String, io::Error)> {
        let mut files = BTreeMap::new();
        let taught = [learned::TABLE, learned::ORIGIN, BACKGROUND];
        for name in [KEYWORDS, CATEGORIES, HOLIDAYS, CUES, super::cases::FILE]
            .into_iter()
            .chain(taught)
        {
            if let Some(bytes) = read_file(&dir.join(name)).map_err(|e| (name.to_owned(), e))? {
                files.insert(name.to_owned(), bytes);
            }
        }
        read_tables(dir, PACKS, &mut files)?;
        let mut read = Self(files);
        // A folder copied before there was learning learns what the program learned.
        if taught.iter().all(|name| read.get(name).is_none()) {
            let Self(built_in) = Self::embedded();
            let taught = built_in
                .into_iter()
                .filter(|(name, _)| taught.contains(&name.as_str()));
            read.0.extend(taught);
        }
        Ok(read)
    }

    /// The same without what examples taught.
    #[must_use]
    pub fn untaught(&self) -> Self {
        let mut files = self.0.clone();
        for name in [learned::TABLE, learned::ORIGIN] {
            files.remove(name);
        }
        Self(files)
    }

    /// The contents of a file.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The names of the packs that are there.
    pub fn packs(&self) -> impl Iterator<Item = &str> {
        self.0
            .keys()
            .filter_map(|name| name.strip_prefix("packs/")?.strip_suffix(".csv"))
    }

    /// A short hash of all contents: FNV-1a, which stays the same from build to build.
    pub(super) fn version(&self, packs: &[String]) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut take = |bytes: &[u8]| {
            for &byte in bytes.iter().chain(&[0xFF]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        for (name, bytes) in &self.0 {
            take(name.as_bytes());
            take(bytes);
        }
        for pack in packs {
            take(pack.as_bytes());
        }
        format!("{:010x}", hash >> 24)
    }
}

/// The tables of a folder's folder; none when there is no such folder.
fn read_tables(
    dir: &Path,
    inner: &str,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), (String, io::Error)> {
    let entries = match fs::read_dir(dir.join(inner)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err((inner.to_owned(), error)),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Spreadsheets leave lock files (~$四川话.csv, .~四川话.csv) beside what they edit.
        if !name.to_lowercase().ends_with(".csv") || name.starts_with(['.', '~']) {
            continue;
        }
        let name = format!("{inner}/{name}");
        if let Some(bytes) = read_file(&dir.join(&name)).map_err(|e| (name.clone(), e))? {
            files.insert(name, bytes);
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(found) if found.len() > LARGEST => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "larger than 64 MB",
        )),
        Ok(_) => fs::read(path).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
