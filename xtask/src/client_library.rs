//! The official Socket.IO client, which the server serves: from npm into the built UI, compressed.

use std::fs;

use anyhow::{Context, Result};

use crate::{compress, paths, tools};

/// Puts scripts and source maps into the site folder.
///
/// # Errors
/// When the package is not installed or a file cannot be written.
pub(crate) fn put_into_site() -> Result<()> {
    let from = tools::npm_folder()?.join("node_modules/socket.io-client/dist");
    let to = paths::site().join("socket.io");
    fs::create_dir_all(&to).with_context(|| format!("could not create {}", to.display()))?;
    let mut files = Vec::new();
    for entry in fs::read_dir(&from).with_context(|| format!("the Socket.IO client is not in {}", from.display()))? {
        let entry = entry.with_context(|| format!("could not list {}", from.display()))?;
        let file = to.join(entry.file_name());
        fs::copy(entry.path(), &file).with_context(|| format!("could not write {}", file.display()))?;
        files.push(file);
    }
    compress::put_beside(&files)
}
