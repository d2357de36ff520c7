//! The Python environment in which the tests run python-socketio: a virtual environment in the cache folder.

use std::path::PathBuf;

use anyhow::Result;

use crate::{paths, setup, shell};

/// The packages of the environment, at pinned versions.
const REQUIREMENTS: &str = "end2end/python/requirements.txt";

/// Creates the environment unless it exists.
///
/// # Errors
/// If Python is missing and cannot be installed, or a package cannot be downloaded.
pub(crate) fn ensure() -> Result<()> {
    // It is the last thing that the installation brings.
    if shell::answers(path()?, &["-c", "import socketio, requests, websocket"]) {
        return Ok(());
    }
    if !shell::answers("python3", &["-c", "import ensurepip, venv"]) {
        println!("Python is not installed, or cannot create virtual environments.");
        setup::debian(&["python3", "python3-venv"])?;
    }
    let folder = folder()?;
    shell::run(shell::command("python3")?.args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = shell::command(&path()?.to_string_lossy())?;
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--requirement"]);
    shell::run(pip.arg(REQUIREMENTS))
}

/// The path of the environment's Python.
///
/// # Errors
/// If the requirements cannot be read, or the cache folder cannot be determined.
pub(crate) fn path() -> Result<PathBuf> {
    Ok(folder()?.join("bin/python"))
}

fn folder() -> Result<PathBuf> {
    paths::tools_by(REQUIREMENTS, "python")
}
