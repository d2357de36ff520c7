//! Telling whether the built UI is still that of the sources. cargo-leptos starts anew at each call, which costs
//! minutes; the stamp beside its output saves them.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{paths, tools};

/// What the UI is not made of. All else counts, so that a new crate or folder is not forgotten here.
const NOT_THE_UI: [&str; 8] = ["server", "xtask", "end2end", "docs", "target", "dist", "data", "madang-data"];

/// Whether what is in the site folder was built from these very sources, and nobody has touched it since
/// (`cargo leptos watch` writes a development build to the same place).
///
/// # Errors
/// When a source cannot be read.
pub(crate) fn is_fresh() -> Result<bool> {
    let Ok(stamp) = fs::read_to_string(stamp_file()) else { return Ok(false) };
    Ok(stamp == current()?)
}

/// Notes that the site folder has just been built from the sources.
///
/// # Errors
/// When a file cannot be read or the stamp not be written.
pub(crate) fn record() -> Result<()> {
    let path = stamp_file();
    fs::write(&path, current()?).with_context(|| format!("could not write {}", path.display()))
}

fn stamp_file() -> PathBuf {
    paths::root().join("target/site.stamp")
}

fn current() -> Result<String> {
    let mut sources = DefaultHasher::new();
    for tool in &tools::CARGO_TOOLS {
        (tool.name, tool.version).hash(&mut sources);
    }
    tools::npm_folder()?.file_name().hash(&mut sources);
    let root = paths::root();
    for entry in sorted_entries(&root)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_hidden = name.starts_with('.') && name != ".cargo";
        if !is_hidden && !NOT_THE_UI.contains(&name.as_str()) && !name.ends_with(".md") {
            add(&root, &entry, &mut sources)?;
        }
    }
    let mut site = DefaultHasher::new();
    if paths::site().is_dir() {
        add(&root, &paths::site(), &mut site)?;
    }
    Ok(format!("sources {:016x}\nsite {:016x}\n", sources.finish(), site.finish()))
}

fn add(root: &Path, path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_dir() {
        for entry in sorted_entries(path)? {
            add(root, &entry, hasher)?;
        }
        return Ok(());
    }
    path.strip_prefix(root).unwrap_or(path).hash(hasher);
    fs::read(path).with_context(|| format!("could not read {}", path.display()))?.hash(hasher);
    Ok(())
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || -> std::io::Result<Vec<PathBuf>> { fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() };
    let mut entries = read().with_context(|| format!("could not read {}", folder.display()))?;
    entries.sort();
    Ok(entries)
}
