//! Taking a tried lexicon into the folder in force.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use tempfile::NamedTempFile;

use crate::lexicon::Sources;

/// Writes these files into a folder, so that it says what was tried and nothing else. Every file is
/// written beside its place and on disk before the first is renamed: a bot that watches the folder
/// looks when it has been quiet for a moment, and then all are there. Packs that the new lexicon has
/// not got go; examples that it has not got stay, since they decide nothing.
///
/// # Errors
///
/// What cannot be read or written. Until the renaming begins nothing is changed.
pub fn publish(
    sources: &Sources,
    examples: &BTreeMap<String, Vec<u8>>,
    folder: &Path,
) -> anyhow::Result<()> {
    let there = Sources::read(folder)
        .map_err(|(file, error)| anyhow::Error::from(error).context(format!("读不了 {file}")))?;
    let files = sources.0.iter().chain(examples);
    put_in_place(folder, files.map(|(name, bytes)| (name, bytes.as_slice())))?;
    for name in there.0.keys().filter(|name| sources.get(name).is_none()) {
        gone(&folder.join(name)).with_context(|| format!("删不掉 {name}"))?;
    }
    Ok(())
}

/// Writes files beside their places first, so that a reader sees the old ones or the new ones. What
/// says the same already stays untouched.
///
/// # Errors
///
/// What cannot be written. Until the renaming begins nothing is changed.
pub fn put_in_place<'f>(
    folder: &Path,
    files: impl IntoIterator<Item = (&'f String, &'f [u8])>,
) -> anyhow::Result<()> {
    let mut drafts = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|old| old == bytes) {
            continue;
        }
        let draft = draft(&path, bytes).with_context(|| format!("写不进 {}", path.display()))?;
        drafts.push((draft, path));
    }
    for (draft, path) in drafts {
        draft
            .persist(&path)
            .with_context(|| format!("写不进 {}", path.display()))?;
    }
    Ok(())
}

fn draft(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut draft = NamedTempFile::new_in(folder)?;
    draft.write_all(bytes)?;
    // A temporary file is its writer's alone; the bot may run as somebody else.
    let mode = fs::metadata(path).or_else(|_| fs::metadata(folder.join("keywords.csv")));
    if let Ok(before) = mode {
        draft.as_file().set_permissions(before.permissions())?;
    }
    draft.as_file().sync_all()?;
    Ok(draft)
}

/// What was built in and never stood in the folder is gone already.
fn gone(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
