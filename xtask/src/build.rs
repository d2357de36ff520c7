//! Building: the UI first, since the server carries it inside.

use std::{env, fs};

use anyhow::{Context, Result};

use crate::{bundle::Bundle, paths, shell, wasm_bindgen};

/// The release UI and the release server.
///
/// # Errors
/// When a build fails.
pub(crate) fn release() -> Result<()> {
    ui()?;
    server()
}

/// The release UI in `target/site`: hashed names, precompressed; the chat's files, with the Socket.IO client beside
/// them, and those of the learn pages. Nothing is done when it is already there.
///
/// # Errors
/// When the build fails.
pub(crate) fn ui() -> Result<()> {
    Bundle::Chat.release()?;
    Bundle::Learn.release()
}

/// The release server, around the UI that is in `target/site`.
///
/// # Errors
/// When the build fails.
pub(crate) fn server() -> Result<()> {
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "server"])?)
}

/// The UI alone, client-side rendered, by trunk.
///
/// # Errors
/// When the build fails.
pub(crate) fn trunk() -> Result<()> {
    let mut trunk = shell::command("trunk")?;
    // trunk 0.21 takes NO_COLOR for a switch of its own and refuses the value 1.
    shell::run(trunk.arg("build").env_remove("NO_COLOR"))
}

/// socketio-web and lean as JavaScript functions for the browser tests; returns the folder that has them.
///
/// # Errors
/// When a build fails.
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

/// The server to test: what `MADANG_BIN` says, else the release just built.
///
/// # Errors
/// When there is none.
pub(crate) fn server_to_test() -> Result<std::path::PathBuf> {
    let path = env::var_os("MADANG_BIN").map_or_else(paths::server, Into::into);
    fs::canonicalize(&path).with_context(|| format!("there is no server at {}", path.display()))
}
