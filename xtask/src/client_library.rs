//! The official Socket.IO client, which the server serves: copied from npm into the built UI, compressed.

use anyhow::{Context, Result};

use crate::{assets, compress, paths, tools};

/// Copies scripts and source maps into the site folder.
///
/// # Errors
/// If the package is not installed, or a file cannot be written.
pub(crate) fn put_into_site() -> Result<()> {
    let from = tools::npm_folder()?.join("node_modules/socket.io-client/dist");
    let files = assets::copy_all(&from, &paths::site().join("socket.io"))
        .context("putting the Socket.IO client into the site")?;
    compress::put_beside(&files)
}
