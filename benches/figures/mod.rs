//! What the benches share: where the data lie, where they write, how a table looks.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

/// A recorded chat in message format: a month of a town where `LIANXIN_DATA` names one, else the
/// invented chats of the fixtures.
pub(crate) fn recordings() -> Vec<PathBuf> {
    match std::env::var_os("LIANXIN_DATA") {
        Some(folder) => vec![Path::new(&folder).join("stream-dev.jsonl")],
        None => ["chat.jsonl", "demo/day.jsonl"]
            .map(|file| Path::new("fixtures").join(file))
            .into(),
    }
}

/// A folder on the disk to measure: `LIANXIN_BENCH_DIR`, else the system's temporary one.
pub(crate) fn scratch() -> TempDir {
    let base = std::env::var_os("LIANXIN_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    tempfile::tempdir_in(base).expect("a folder to measure in")
}

/// `p50 1.2ms, p99 3.4ms, max 5.6ms`.
pub(crate) fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let Some(max) = times.last() else {
        return "none".to_owned();
    };
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    format!("p50 {:.1?}, p99 {:.1?}, max {max:.1?}", at(50), at(99))
}

/// Prints one table.
pub(crate) fn table(title: &str, rows: &[(&str, String)]) {
    println!("{title}");
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, figure) in rows {
        println!("  {name:widest$}  {figure}");
    }
}
