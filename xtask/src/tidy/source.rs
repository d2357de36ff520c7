//! The files that the rules read.

use std::{fs, path::Path};

use super::tokens::{self, Token};

/// Folders that hold nothing of ours: built, downloaded or taken in at run time.
const SKIPPED: [&str; 8] =
    ["target", "node_modules", "dist", "data", "madang-data", "test-results", "playwright-report", "screenshots"];

/// What a file is, as far as the rules go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Rust,
    /// A Cargo.toml.
    Manifest,
    Style,
    Other,
}

/// One file of the checkout.
pub(super) struct Source {
    /// From the root, with `/`.
    pub(super) path: String,
    pub(super) kind: Kind,
    pub(super) text: String,
    /// For Rust: what is compiled outside of tests, without comments. Nothing for other files.
    pub(super) tokens: Vec<Token>,
}

impl Source {
    /// A Rust file.
    pub(super) fn rust(path: &str, text: &str) -> Self {
        Self::new(path, text.to_owned())
    }

    pub(super) fn new(path: &str, text: String) -> Self {
        let kind = match path.rsplit(['/', '.']).next() {
            Some("rs") => Kind::Rust,
            Some("scss" | "css") => Kind::Style,
            _ if path == "Cargo.toml" || path.ends_with("/Cargo.toml") => Kind::Manifest,
            _ => Kind::Other,
        };
        let tokens = if kind == Kind::Rust { tokens::read(path, &text) } else { Vec::new() };
        Self { path: path.to_owned(), kind, text, tokens }
    }

    /// Whether the whole file is test code, which may say what it likes.
    pub(super) fn is_test(&self) -> bool {
        let in_tests = self.path.split('/').any(|part| part == "tests" || part == "benches");
        let name = self.path.rsplit('/').next().unwrap_or_default();
        in_tests || name.ends_with("tests.rs") || name.ends_with("_fuzz.rs") || name == "fixtures.rs"
    }

    /// Whether the file is in this folder, or is this file.
    pub(super) fn is_in(&self, place: &str) -> bool {
        self.path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Every text file of the checkout that people write.
pub(super) fn all(root: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    collect(root, "", &mut sources);
    sources
}

fn collect(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder that opened can be listed").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let relative = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        if name == ".git" || SKIPPED.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, &relative, sources);
        } else if is_written_by_hand(&name) {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{relative}: {error}"));
            sources.push(Source::new(&relative, text));
        }
    }
}

fn is_written_by_hand(name: &str) -> bool {
    let endings = [".rs", ".toml", ".scss", ".css", ".ts", ".js", ".mjs", ".md", ".sql", ".html"];
    endings.iter().any(|ending| name.ends_with(ending)) || name == "run" || name == "package.json"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_follow_the_names() {
        let kind = |path| Source::new(path, String::new()).kind;
        assert_eq!(kind("app/src/lib.rs"), Kind::Rust);
        assert_eq!(kind("Cargo.toml"), Kind::Manifest);
        assert_eq!(kind("Trunk.toml"), Kind::Other);
        assert_eq!(kind("style/main.scss"), Kind::Style);
    }

    #[test]
    fn places_are_whole_folders() {
        let source = Source::rust("app/src/live/mod.rs", "");
        assert!(source.is_in("app/src/live"));
        assert!(!source.is_in("app/src/li"));
        assert!(Source::rust("app/src/lib.rs", "").is_in("app/src/lib.rs"));
    }
}
