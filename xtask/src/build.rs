//! The builds: the UI first, because the server embeds it.

use std::{env, fs};

use anyhow::{Context, Result};

use crate::{bundle::Bundle, paths, shell, wasm_bindgen};

/// Builds the release UI and the release server.
///
/// # Errors
/// If a build fails.
pub(crate) fn release() -> Result<()> {
    ui()?;
    server()
}

/// Builds the release UI into `target/site`, with hashed names and precompressed: the chat, the Socket.IO client and the
/// learn pages. Does nothing if it is up to date.
///
/// # Errors
/// If the build fails.
pub(crate) fn ui() -> Result<()> {
    Bundle::Chat.release()?;
    Bundle::Learn.release()
}

/// Builds the release server, which embeds the UI in `target/site`.
///
/// # Errors
/// If the build fails.
pub(crate) fn server() -> Result<()> {
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "server"])?)
}

/// Builds the UI alone, client-side rendered, with trunk.
///
/// # Errors
/// If the build fails.
pub(crate) fn trunk() -> Result<()> {
    let mut trunk = shell::command("trunk")?;
    // trunk 0.21 takes NO_COLOR for a switch of its own and refuses the value 1.
    shell::run(trunk.arg("build").env_remove("NO_COLOR"))
}

/// Builds socketio-web and lean as JavaScript functions for the browser tests; returns their folder.
///
/// # Errors
/// If a build fails.
pub(crate) fn harnesses() -> Result<std::path::PathBuf> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let out = paths::root().join("target/harness");
    for package in ["socketio-web-harness", "lean-harness"] {
        shell::run(&mut shell::cargo(&["build", "--package", package, "--target", TARGET])?)?;
        let name = package.replace('-', "_");
        let wasm = paths::target().join(TARGET).join("debug").join(&name).with_extension("wasm");
        wasm_bindgen::run(&wasm, &name, &out, false)?;
    }
    Ok(out)
}

/// The path of the server to test: `MADANG_BIN`, otherwise the release build.
///
/// # Errors
/// If it does not exist.
pub(crate) fn server_to_test() -> Result<std::path::PathBuf> {
    let path = env::var_os("MADANG_BIN").map_or_else(paths::server, Into::into);
    fs::canonicalize(&path).with_context(|| format!("there is no server at {}", path.display()))
}
