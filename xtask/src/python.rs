//! The Python in which the tests run Socket.IO's client for Python: an environment of its own in the cache folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::{paths, setup, shell};

/// What the environment holds, every package at a pinned version.
const REQUIREMENTS: &str = "end2end/python/requirements.txt";

/// Makes the environment, unless it is there.
///
/// # Errors
/// When Python is missing and cannot be installed, or a package cannot be had.
pub(crate) fn ensure() -> Result<()> {
    // It is the last thing that the installation brings.
    if shell::answers(path()?, &["-c", "import socketio, requests, websocket"]) {
        return Ok(());
    }
    if !shell::answers("python3", &["-c", "import ensurepip, venv"]) {
        println!("Python is not here, or cannot make environments.");
        setup::debian(&["python3", "python3-venv"])?;
    }
    let folder = folder()?;
    shell::run(shell::command("python3")?.args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = shell::command(&path()?.to_string_lossy())?;
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"]);
    shell::run(pip.arg(REQUIREMENTS))
}

/// The environment's Python.
///
/// # Errors
/// When the requirements cannot be read or the cache folder not be named.
pub(crate) fn path() -> Result<PathBuf> {
    Ok(folder()?.join("bin/python"))
}

fn folder() -> Result<PathBuf> {
    paths::tools_by(REQUIREMENTS, "python")
}
