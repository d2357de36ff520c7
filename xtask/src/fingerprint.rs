//! Fingerprints of the sources, to tell whether a built bundle is up to date: the steps after compiling take half a minute
//! even if nothing has changed. A stamp for each bundle saves them.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{bundle::Bundle, paths, tools};

/// Paths that no bundle depends on. Everything else counts, so that a new crate or folder cannot be forgotten here.
const NOT_THE_UI: [&str; 11] =
    ["server", "torture", "simulate", "fuzz", "xtask", "end2end", "docs", "target", "dist", "data", "madang-data"];

/// Folders that only the other bundle depends on.
fn not_of(bundle: Bundle) -> &'static [&'static str] {
    match bundle {
        Bundle::Chat => &["learn"],
        Bundle::Learn => &["app", "common", "frontend", "assets"],
    }
}

fn stamp_file(bundle: Bundle) -> PathBuf {
    paths::root().join(match bundle {
        Bundle::Chat => "target/site.stamp",
        Bundle::Learn => "target/learn.stamp",
    })
}

/// The fingerprint of a bundle's sources if the bundle has to be built; `None` if the site folder contains a build of these
/// sources that has not been touched since (`cargo leptos watch` writes a development build to the same place).
///
/// # Errors
/// If a source cannot be read.
pub(crate) fn stale(bundle: Bundle) -> Result<Option<Sources>> {
    let sources = Sources { bundle, hash: hash_of_sources(bundle)? };
    let is_fresh = match fs::read_to_string(stamp_file(bundle)) {
        Ok(stamp) => stamp == stamp_of(sources)?,
        // It has never been built.
        Err(_) => false,
    };
    Ok((!is_fresh).then_some(sources))
}

/// Records that a bundle was built from these sources. [`stale`] took the fingerprint before the build, because a source
/// that changes during the build may be missing from the result.
///
/// # Errors
/// If a file cannot be read, or the stamp cannot be written.
pub(crate) fn record(sources: Sources) -> Result<()> {
    let path = stamp_file(sources.bundle);
    fs::write(&path, stamp_of(sources)?).with_context(|| format!("could not write {}", path.display()))
}

/// The fingerprint of a bundle's sources.
#[derive(Clone, Copy)]
pub(crate) struct Sources {
    bundle: Bundle,
    hash: u64,
}

fn hash_of_sources(bundle: Bundle) -> Result<u64> {
    let mut sources = DefaultHasher::new();
    tools::npm_folder()?.file_name().hash(&mut sources);
    let root = paths::root();
    // How they are made, and the forms in which they lie beside themselves.
    let ours = ["xtask/src/bundle.rs", "xtask/src/split.rs"];
    let nodes = ["xtask/npm/script.mjs", "xtask/npm/style.mjs", "xtask/npm/compress.mjs"];
    for how in ours.into_iter().chain(nodes) {
        add(&root, &root.join(how), &mut sources, &|_| true)?;
    }
    for entry in sorted_entries(&root)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_hidden = name.starts_with('.') && name != ".cargo";
        let other = NOT_THE_UI.contains(&name.as_str()) || not_of(bundle).contains(&name.as_str());
        if !is_hidden && !other && !name.ends_with(".md") {
            add(&root, &entry, &mut sources, &|_| true)?;
        }
    }
    Ok(sources.finish())
}

fn stamp_of(Sources { bundle, hash }: Sources) -> Result<String> {
    let mut site = DefaultHasher::new();
    if paths::site().is_dir() {
        add(&paths::root(), &paths::site(), &mut site, &|file| bundle.owns(file))?;
    }
    Ok(format!("sources {hash:016x}\nsite {:016x}\n", site.finish()))
}

/// Adds a file, or the files in a folder, for which `counts` is true.
fn add(root: &Path, path: &Path, hasher: &mut DefaultHasher, counts: &dyn Fn(&Path) -> bool) -> Result<()> {
    if path.is_dir() {
        for entry in sorted_entries(path)? {
            add(root, &entry, hasher, counts)?;
        }
        return Ok(());
    }
    if !counts(path) {
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
