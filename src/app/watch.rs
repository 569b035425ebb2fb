//! Notices when somebody saves a file: by writing it, or by renaming a new one over it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

/// Editors write in several steps; a folder is looked at when it has been quiet for this long.
const QUIET: Duration = Duration::from_millis(300);

/// Watches a folder and what lies in it.
pub struct Watch {
    changed: Arc<Notify>,
    // Dropping it ends the watch.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Starts watching.
    pub fn folder(folder: &Path) -> notify::Result<Self> {
        let changed = Arc::new(Notify::new());
        let notified = changed.clone();
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // Reading a file is an event, too; an error of the watch may hide a change.
                if !event.is_ok_and(|event| event.kind.is_access()) {
                    notified.notify_one();
                }
            })?;
        watcher.watch(folder, RecursiveMode::Recursive)?;
        Ok(Self {
            changed,
            _watcher: watcher,
        })
    }

    /// Resolves when something changed and then stayed quiet.
    pub async fn settled(&self) {
        self.changed.notified().await;
        while tokio::time::timeout(QUIET, self.changed.notified())
            .await
            .is_ok()
        {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_renamed_into_place_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keywords.csv");
        std::fs::write(&path, "old").expect("written");
        let watch = Watch::folder(folder.path()).expect("watched");
        let draft = folder.path().join("~keywords.tmp");
        std::fs::write(&draft, "new").expect("written");
        std::fs::rename(&draft, &path).expect("renamed");
        tokio::time::timeout(Duration::from_secs(10), watch.settled())
            .await
            .expect("noticed");
    }
}
