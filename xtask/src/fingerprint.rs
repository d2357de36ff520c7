//! Telling whether the built UI is still that of the sources. cargo-leptos starts anew at each call, which costs
//! minutes; the stamp beside its output saves them. The bundle of the learn pages has a stamp of its own.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{learn, paths, tools};

/// What no bundle is made of. All else counts, so that a new crate or folder is not forgotten here.
const NOT_THE_UI: [&str; 10] =
    ["server", "torture", "fuzz", "xtask", "end2end", "docs", "target", "dist", "data", "madang-data"];

/// One of the two halves of the site.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bundle {
    /// The chat, by cargo-leptos.
    Chat,
    /// The learn pages, by [`learn`].
    Learn,
}

impl Bundle {
    /// Folders that only the other one is made of.
    fn not_of(self) -> &'static [&'static str] {
        match self {
            Self::Chat => &["learn"],
            Self::Learn => &["app", "common", "frontend", "view", "assets"],
        }
    }

    /// Whether a file of the site is this one's.
    fn owns(self, file: &Path) -> bool {
        let learns = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(learn::PREFIX));
        learns == (self == Self::Learn)
    }

    fn stamp_file(self) -> PathBuf {
        paths::root().join(match self {
            Self::Chat => "target/site.stamp",
            Self::Learn => "target/learn.stamp",
        })
    }
}

/// What a bundle is to be built from; none when what the site folder has of it was built from these very sources, and
/// nobody has touched it since (`cargo leptos watch` writes a development build to the same place).
///
/// # Errors
/// When a source cannot be read.
pub(crate) fn stale(bundle: Bundle) -> Result<Option<Sources>> {
    let sources = Sources { bundle, hash: hash_of_sources(bundle)? };
    let is_fresh = match fs::read_to_string(bundle.stamp_file()) {
        Ok(stamp) => stamp == stamp_of(sources)?,
        // It has never been built.
        Err(_) => false,
    };
    Ok((!is_fresh).then_some(sources))
}

/// Notes that a bundle has just been built from these sources, which [`stale`] took before the build: one that is
/// changed during it may not be in what was built.
///
/// # Errors
/// When a file cannot be read or the stamp not be written.
pub(crate) fn record(sources: Sources) -> Result<()> {
    let path = sources.bundle.stamp_file();
    fs::write(&path, stamp_of(sources)?).with_context(|| format!("could not write {}", path.display()))
}

/// What a bundle is built from, at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Sources {
    bundle: Bundle,
    hash: u64,
}

fn hash_of_sources(bundle: Bundle) -> Result<u64> {
    let mut sources = DefaultHasher::new();
    for tool in &tools::CARGO_TOOLS {
        (tool.name, tool.version).hash(&mut sources);
    }
    tools::npm_folder()?.file_name().hash(&mut sources);
    let root = paths::root();
    // The forms in which the files lie beside themselves.
    add(&root, &root.join("xtask/npm/compress.mjs"), &mut sources, &|_| true)?;
    for entry in sorted_entries(&root)? {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_hidden = name.starts_with('.') && name != ".cargo";
        let other = NOT_THE_UI.contains(&name.as_str()) || bundle.not_of().contains(&name.as_str());
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

/// Adds a file, or those in a folder, that `counts`.
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
