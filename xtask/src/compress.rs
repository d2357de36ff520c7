//! Compressing the built UI, in Node, which is there for the other tools.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell;

/// Puts a compressed `.br` and `.gz` beside each file: browsers ask for brotli over HTTPS alone.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn put_beside(files: &[PathBuf]) -> Result<()> {
    shell::run(shell::command("node")?.arg("xtask/npm/compress.mjs").args(files))
}
