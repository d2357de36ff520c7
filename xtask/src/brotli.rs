//! Compressing with brotli, in Node, which is there for the other tools.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell;

/// Puts a compressed `.br` beside each file, as cargo-leptos does with its own part of the UI.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn put_beside(files: &[PathBuf]) -> Result<()> {
    shell::run(shell::command("node")?.arg("xtask/npm/brotli.mjs").args(files))
}
