//! wasm-bindgen: turns the Wasm that rustc compiles into what a browser loads.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

/// Writes `<name>.js` and `<name>_bg.wasm` into a folder and returns their paths. In the main file of a Wasm that was split, what
/// its chunks import keeps its name.
///
/// # Errors
/// When wasm-bindgen fails.
pub(crate) fn run(compiled: &Path, name: &str, folder: &Path, is_split: bool) -> Result<[PathBuf; 2]> {
    println!("wasm-bindgen: {}", compiled.display());
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(name).typescript(false).omit_default_module_path(false);
    let bindgen = bindgen.keep_lld_exports(is_split).web(true)?;
    bindgen.generate(folder).with_context(|| format!("could not bind {}", compiled.display()))?;
    Ok([folder.join(format!("{name}.js")), folder.join(format!("{name}_bg.wasm"))])
}
