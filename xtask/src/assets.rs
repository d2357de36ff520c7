//! Static assets, such as the icon: copied unchanged from `assets` into the site, as cargo-leptos does.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::paths;

/// Puts the files into the site folder.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn put_into_site() -> Result<()> {
    copy_all(&paths::root().join("assets"), &paths::site()).map(drop)
}

/// Copies the files of a folder into another one, which is created if missing. Returns their new paths.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn copy_all(from: &Path, to: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(to).with_context(|| format!("could not create {}", to.display()))?;
    let mut files = Vec::new();
    for entry in fs::read_dir(from).with_context(|| format!("could not list {}", from.display()))? {
        let entry = entry.with_context(|| format!("could not list {}", from.display()))?;
        let file = to.join(entry.file_name());
        fs::copy(entry.path(), &file).with_context(|| format!("could not write {}", file.display()))?;
        files.push(file);
    }
    Ok(files)
}
