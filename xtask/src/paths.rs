//! Paths: the checkout, cargo's target folder, and the cache folder that all checkouts share.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The checkout's root.
pub(crate) fn root() -> PathBuf {
    // Cargo says where the manifest is now; the compiled-in place would be wrong in a folder that has been moved.
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest.parent().map_or(manifest.clone(), Path::to_path_buf)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The built UI, which the server embeds: `site-root` in the settings of cargo-leptos. It is in the checkout, wherever
/// cargo's target folder is.
pub(crate) fn site() -> PathBuf {
    root().join("target/site")
}

/// The release server.
pub(crate) fn server() -> PathBuf {
    target().join("release/madang")
}

/// The user's cache folder for Madang's tools, shared by every checkout.
///
/// # Errors
/// If neither `XDG_CACHE_HOME` nor `HOME` is set.
pub(crate) fn tools() -> Result<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")));
    Ok(cache.context("neither XDG_CACHE_HOME nor HOME names a folder for the tools")?.join("madang/tools"))
}

/// A folder in the cache, named with a hash of a file in the checkout, so that two checkouts can use two versions of its
/// contents.
///
/// # Errors
/// If the file cannot be read, or the cache folder cannot be determined.
pub(crate) fn tools_by(file: &str, name: &str) -> Result<PathBuf> {
    let path = root().join(file);
    let text = fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    Ok(tools()?.join(format!("{name}-{:016x}", hasher.finish())))
}
