//! The house rules that a machine can hold: who may import whom, where libraries live, file headers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// Rooms and what each may import, as the table in the design says.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &["model"]),
    ("text", &["model"]),
    ("lexicon", &["model", "text", "table"]),
    // Tables as WPS and Excel write them; the lexicon and the directory both read such files.
    ("table", &[]),
    ("command", &["model", "text"]),
    // How good the judgement is: it reads labels and counts decisions, and makes none.
    ("measure", &["model", "table", "lexicon", "triage"]),
    // Fits what examples teach; knows nothing of how triage uses it.
    ("training", &["model", "text", "lexicon", "table"]),
    ("triage", &["model", "text", "lexicon", "command"]),
    ("store", &["model"]),
    ("directory", &["model", "store", "table"]),
    // The desk knows the types of triage and command, not their workings; retention masks texts.
    (
        "desk",
        &["model", "text", "triage", "command", "store", "directory"],
    ),
    // What came to nothing is kept for a while; shadow reports read tables of what people recorded.
    ("listening", &["model", "text", "table", "triage", "store"]),
    ("assistant", &["model", "text", "store"]),
    // The outbox sees the renderer's and the sinks' traits.
    ("outbox", &["model", "store", "assistant", "gateway"]),
    ("gateway", &["model", "config"]),
    ("web", EVERYTHING),
    ("cli", EVERYTHING),
    ("app", EVERYTHING),
];

const EVERYTHING: &[&str] = &[
    "model",
    "config",
    "table",
    "text",
    "lexicon",
    "command",
    "training",
    "triage",
    "measure",
    "store",
    "directory",
    "desk",
    "listening",
    "assistant",
    "outbox",
    "gateway",
    "web",
    "app",
];

/// External crates with a home, and the path prefixes where they live.
const HOMES: &[(&str, &[&str])] = &[
    ("sled", &["store/sled"]),
    ("sqlx", &["store/postgres"]),
    ("axum", &["web", "gateway"]),
    ("reqwest", &["gateway", "cli"]),
    ("aho_corasick", &["lexicon"]),
    ("jieba_rs", &["lexicon", "text"]),
    ("rustls", &["gateway"]),
    ("clap", &["cli", "main"]),
];

const PURE: &[&str] = &[
    "model", "text", "lexicon", "command", "training", "triage", "measure",
];

#[derive(Default)]
struct Uses {
    rooms: BTreeSet<String>,
    crates: BTreeSet<String>,
}

impl Uses {
    fn note(&mut self, path: &[String]) {
        match path {
            [first, second, ..] if first == "crate" => {
                self.rooms.insert(second.clone());
            }
            [first, ..] => {
                self.crates.insert(first.clone());
            }
            [] => {}
        }
    }

    fn note_tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.note_tree(&path.tree, before);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.note_tree(item, before);
                }
            }
            syn::UseTree::Name(name) => self.note_leaf(name.ident.to_string(), before),
            syn::UseTree::Rename(rename) => self.note_leaf(rename.ident.to_string(), before),
            syn::UseTree::Glob(_) => self.note(before),
        }
    }

    fn note_leaf(&mut self, leaf: String, before: &mut Vec<String>) {
        before.push(leaf);
        self.note(before);
        before.pop();
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if names.len() > 1 {
            self.note(&names);
        }
        syn::visit::visit_path(self, path);
    }

    /// Unit tests may reach further than the room they test.
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("src is readable") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(&root)
                .expect("under src")
                .display()
                .to_string();
            (
                name,
                std::fs::read_to_string(&path).expect("source is text"),
            )
        })
        .collect()
}

fn room_of(file: &str) -> &str {
    file.split('/')
        .next()
        .unwrap_or(file)
        .trim_end_matches(".rs")
}

fn is_test(file: &str) -> bool {
    file.ends_with("tests.rs") || file.contains("/tests/")
}

#[test]
fn rooms_import_only_what_their_row_allows() {
    let rows: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let room = room_of(&file);
        if matches!(room, "lib" | "main") || is_test(&file) {
            continue;
        }
        let Some(allowed) = rows.get(room) else {
            broken.push(format!("{file}: room {room} is not in the table"));
            continue;
        };
        let mut uses = Uses::default();
        uses.visit_file(&syn::parse_file(&text).expect("source parses"));
        for other in &uses.rooms {
            if other != room
                && rows.contains_key(other.as_str())
                && !allowed.contains(&other.as_str())
            {
                broken.push(format!("{file}: {room} may not import {other}"));
            }
        }
        for (name, homes) in HOMES {
            let home = homes
                .iter()
                .any(|home| file.trim_end_matches(".rs").starts_with(home));
            if uses.crates.contains(*name) && !home {
                broken.push(format!("{file}: {name} lives in {homes:?}"));
            }
        }
        if PURE.contains(&room) && uses.crates.contains("tokio") {
            broken.push(format!("{file}: {room} is pure and does not know tokio"));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!"))
        .map(|(file, _)| file)
        .collect();
    assert!(silent.is_empty(), "no //! header: {silent:#?}");
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().count() > 500)
        .map(|(file, text)| format!("{file}: {}", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn nobody_imports_the_entrance() {
    let importers: Vec<String> = sources()
        .into_iter()
        .filter(|(file, _)| !matches!(room_of(file), "main" | "cli" | "app" | "web" | "lib"))
        .filter(|(_, text)| text.contains("crate::cli") || text.contains("crate::app"))
        .map(|(file, _)| file)
        .collect();
    assert!(importers.is_empty(), "{importers:#?}");
}
