//! The tools: their pinned versions, and where each is installed.
//!
//! Builds take theirs from npm. cargo-leptos, which is there for `cargo leptos watch`, and trunk take `sass`, `wasm-opt` and
//! `wasm-bindgen` from PATH when they are there and download them otherwise, so [`path`] puts ours in front.

use std::{env, ffi::OsString, path::PathBuf};

use anyhow::{Context, Result};

use crate::paths;

/// A program that cargo installs.
pub(crate) struct CargoTool {
    /// The crate.
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// The program whose existence shows that the crate is installed.
    pub(crate) program: &'static str,
    /// Further arguments for `cargo install`.
    pub(crate) options: &'static [&'static str],
}

/// The newest releases that compile with the pinned toolchain and their own lock files. wasm-bindgen-cli must be the
/// very version of the crate in Cargo.toml, and Trunk.toml repeats the versions that trunk is to find.
pub(crate) const CARGO_TOOLS: [CargoTool; 6] = [
    CargoTool { name: "wasm-bindgen-cli", version: "0.2.129", program: "wasm-bindgen", options: &[] },
    CargoTool { name: "cargo-leptos", version: "0.3.10", program: "cargo-leptos", options: &[] },
    // Without the feature that looks on the network for a newer trunk at each start.
    CargoTool {
        name: "trunk",
        version: "0.21.14",
        program: "trunk",
        options: &["--no-default-features", "--features", "rustls"],
    },
    // Without the feature that updates itself.
    CargoTool {
        name: "cargo-nextest",
        version: "0.9.151",
        program: "cargo-nextest",
        options: &["--no-default-features", "--features", "default-no-update"],
    },
    CargoTool { name: "cargo-machete", version: "0.9.2", program: "cargo-machete", options: &[] },
    CargoTool { name: "cargo-deny", version: "0.20.2", program: "cargo-deny", options: &[] },
];

impl CargoTool {
    /// The tool's own folder, named after its version, so that two checkouts can use two versions.
    ///
    /// # Errors
    /// If the cache folder cannot be determined.
    pub(crate) fn folder(&self) -> Result<PathBuf> {
        Ok(paths::tools()?.join(format!("{}-{}", self.name, self.version)))
    }

    /// The program.
    ///
    /// # Errors
    /// If the cache folder cannot be determined.
    pub(crate) fn path(&self) -> Result<PathBuf> {
        Ok(self.folder()?.join("bin").join(self.program))
    }
}

/// The folder of the npm packages (sass, binaryen, the Socket.IO client), named after their lock file.
///
/// # Errors
/// If the lock file cannot be read, or the cache folder cannot be determined.
pub(crate) fn npm_folder() -> Result<PathBuf> {
    paths::tools_by("xtask/npm/package-lock.json", "npm")
}

/// PATH with the tools' folders in front.
///
/// # Errors
/// As [`npm_folder`].
pub(crate) fn path() -> Result<OsString> {
    let mut folders = folders()?;
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(folders).context("a folder's name has a colon in it, which PATH cannot hold")
}

/// The tools' folders, in the format of PATH.
///
/// # Errors
/// As [`npm_folder`].
pub(crate) fn path_prefix() -> Result<String> {
    let joined = env::join_paths(folders()?).context("a folder's name has a colon in it, which PATH cannot hold")?;
    Ok(joined.to_string_lossy().into_owned())
}

fn folders() -> Result<Vec<PathBuf>> {
    let mut folders = vec![npm_folder()?.join("node_modules/.bin")];
    for tool in &CARGO_TOOLS {
        folders.push(tool.folder()?.join("bin"));
    }
    Ok(folders)
}
