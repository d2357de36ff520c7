//! What is served as it is, as the icon: from `assets` into the site, as cargo-leptos puts it there.

use std::fs;

use anyhow::{Context, Result};

use crate::paths;

/// Puts the files into the site folder.
///
/// # Errors
/// When a file cannot be read or written.
pub(crate) fn put_into_site() -> Result<()> {
    let from = paths::root().join("assets");
    for entry in fs::read_dir(&from).with_context(|| format!("could not list {}", from.display()))? {
        let entry = entry.with_context(|| format!("could not list {}", from.display()))?;
        let file = paths::site().join(entry.file_name());
        fs::copy(entry.path(), &file).with_context(|| format!("could not write {}", file.display()))?;
    }
    Ok(())
}
