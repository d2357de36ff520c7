//! Compressing the built UI, in Node, which is there for the other tools.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::shell;

/// Kinds of files of which a bundle is made.
const BUNDLED: [&str; 3] = ["js", "wasm", "css"];

/// Puts a compressed `.br` and `.gz` beside each file: browsers ask for brotli over HTTPS alone.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn put_beside(files: &[PathBuf]) -> Result<()> {
    shell::run(shell::command("node")?.arg("xtask/npm/compress.mjs").args(files))
}

/// The same for what a bundler has put into a folder. cargo-leptos does it by itself, but its gzip files are larger.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn put_beside_all_in(folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("there is no built UI in {}", folder.display()))? {
        let path = entry.context("could not list the built UI")?.path();
        if path.extension().is_some_and(|extension| BUNDLED.iter().any(|bundled| extension == *bundled)) {
            files.push(path);
        }
    }
    put_beside(&files)
}
