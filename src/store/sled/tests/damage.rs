//! A damaged store is refused with the way out, or still whole; never silently new or shorter.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{fresh, open};
use crate::store::contract::{alarm, put};
use crate::store::{Kind, Scan, Store, StoreError};

/// A closed store with some history, and what it contains.
async fn sample() -> (TempDir, usize) {
    let (store, folder) = fresh();
    for round in 0..6 {
        let some: Vec<_> = (0..40)
            .map(|n| alarm(&format!("{round}-{n}"), &"长".repeat(200), n))
            .collect();
        put(&store, &some).await;
        store.sync().await.unwrap();
        let fewer: Vec<_> = (0..round)
            .map(|n| alarm(&format!("{n}-0"), "e", n))
            .collect();
        put(&store, &fewer).await;
    }
    let size = everything(&store).await.len();
    drop(store);
    (folder, size)
}

async fn everything(store: &Store) -> Vec<String> {
    let all = store.backend().scan(&Scan::all(Kind::Timer)).await.unwrap();
    all.into_iter().map(|raw| raw.id).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, target).unwrap();
    }
    fs::create_dir_all(to.join("store/sled/blobs")).unwrap();
}

/// Opens a damaged copy; `true` when the damage was refused.
async fn try_damaged(sample: &Path, size: usize, what: &str, damage: impl FnOnce(&Path)) -> bool {
    let folder = tempfile::tempdir().unwrap();
    copy(sample, folder.path());
    damage(folder.path());
    match open(folder.path()) {
        Ok(store) => {
            assert_eq!(
                everything(&store).await.len(),
                size,
                "{what}: silently shorter"
            );
            false
        }
        Err(error @ StoreError::Damaged { .. }) => {
            assert!(
                error.to_string().contains("lianxin restore"),
                "{what}: {error}"
            );
            true
        }
        Err(other) => panic!("{what}: {other}"),
    }
}

#[tokio::test]
async fn every_file_deleted_or_truncated_is_noticed() {
    let (sample, size) = sample().await;
    for path in files(&sample.path().join("store")) {
        let name = path.strip_prefix(sample.path()).unwrap();
        let length = fs::metadata(&path).unwrap().len();
        let delete = |folder: &Path| fs::remove_file(folder.join(name)).unwrap();
        let refused = try_damaged(sample.path(), size, &format!("{name:?} deleted"), delete).await;
        let rebuilt = name.to_string_lossy().contains("snap.");
        assert!(refused || rebuilt, "{name:?} deleted");
        for kept in [0, 1, length / 2, length.saturating_sub(600_000), length - 1] {
            let cut = |folder: &Path| {
                let file = fs::OpenOptions::new().write(true).open(folder.join(name));
                file.unwrap().set_len(kept).unwrap();
            };
            let what = format!("{name:?} cut to {kept} of {length}");
            try_damaged(sample.path(), size, &what, cut).await;
        }
    }
}

#[tokio::test]
async fn flipped_bits_in_every_file_are_noticed() {
    flip(12).await;
}

#[tokio::test]
#[ignore = "slow: 300 flips in each file"]
async fn flipped_bits_anywhere_are_noticed() {
    flip(300).await;
}

async fn flip(times: usize) {
    let (sample, size) = sample().await;
    let mut refused = 0;
    for path in files(&sample.path().join("store")) {
        let name = path.strip_prefix(sample.path()).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        // sled allocates whole segments; beyond the last written byte nothing is at stake.
        let used = bytes
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |at| at + 1);
        for _ in 0..times.min(used * 8) {
            let (at, bit) = (fastrand::usize(..used), fastrand::u8(..8));
            bytes[at] ^= 1 << bit;
            let what = format!("{name:?}, byte {at}, bit {bit}");
            let damage = |folder: &Path| fs::write(folder.join(name), &bytes).unwrap();
            refused += usize::from(try_damaged(sample.path(), size, &what, damage).await);
            bytes[at] ^= 1 << bit;
        }
    }
    assert!(refused > 0, "some damage must show");
}

#[tokio::test]
async fn the_files_of_another_store_are_not_taken_for_ones_own() {
    let (one, size) = sample().await;
    let (two, _) = sample().await;
    let swap = |folder: &Path| {
        fs::remove_dir_all(folder.join("store/sled")).unwrap();
        let from = two.path().join("store/sled");
        copy_flat(&from, &folder.join("store/sled"));
    };
    assert!(try_damaged(one.path(), size, "swapped", swap).await);
}

fn copy_flat(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(path, target).unwrap();
    }
    fs::create_dir_all(to.join("blobs")).unwrap();
}
