//! wasm-bindgen: from what rustc compiles to what a browser loads.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::shell;

/// Puts `<name>.js` and `<name>_bg.wasm` into a folder and returns them.
///
/// # Errors
/// When wasm-bindgen fails.
pub(crate) fn run(compiled: &Path, name: &str, folder: &Path) -> Result<[PathBuf; 2]> {
    let mut command = shell::command("wasm-bindgen")?;
    command.args(["--target", "web", "--no-typescript", "--out-name", name, "--out-dir"]).arg(folder);
    shell::run(command.arg(compiled))?;
    Ok([folder.join(format!("{name}.js")), folder.join(format!("{name}_bg.wasm"))])
}
