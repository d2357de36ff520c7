//! Wasm splitting: takes the code of lazy pages (`app/src/lazy.rs`) out of what rustc compiles, a chunk for each.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::bundle::CHUNKS;

/// What the linker has to keep for it.
pub(crate) const LINK_ARGUMENT: &str = "-Clink-arg=--emit-relocs";
/// What the main file imports the loaders from.
pub(crate) const LOADERS: &str = "./loaders.js";

/// A Wasm file taken apart.
pub(crate) struct Split {
    /// What is loaded first; still to be bound by wasm-bindgen.
    pub(crate) main: PathBuf,
    /// What is loaded when it is used. [`LOADERS`], in their folder, names each of them.
    pub(crate) chunks: Vec<PathBuf>,
}

/// Splits a Wasm file; what comes of it lies in the folder, with the loaders of its chunks. These take the main file's
/// exports from the script that wasm-bindgen will write under this name.
///
/// # Errors
/// When a file cannot be read, split or written.
pub(crate) fn run(compiled: &Path, name: &str, folder: &Path) -> Result<Split> {
    let wasm = fs::read(compiled).with_context(|| format!("could not read {}", compiled.display()))?;
    fs::create_dir_all(folder).with_context(|| format!("could not create {}", folder.display()))?;
    let (main, script) = (folder.join("main.wasm"), format!("./{name}.js"));
    let mut options = Options::new(&wasm);
    (options.output_dir, options.main_out_path) = (folder, &main);
    (options.link_name, options.main_module) = (LOADERS, &script);
    let split = transform(options).map_err(|error| anyhow!("could not split {}: {error:#}", compiled.display()))?;
    Ok(Split { main: main.clone(), chunks: split.split_modules })
}

/// Writes into the loaders under which names the chunks lie in the site.
///
/// # Errors
/// When no loader names one of them, or the file cannot be read or written.
pub(crate) fn name_chunks(folder: &Path, chunks: &[(&PathBuf, &PathBuf)]) -> Result<()> {
    let path = folder.join(LOADERS);
    let mut loaders = fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for (made, published) in chunks {
        let (from, to) = (format!("\"./{}\"", name(made)), format!("\"./{CHUNKS}/{}\"", name(published)));
        ensure!(loaders.contains(&from), "no loader names {from}");
        loaders = loaders.replace(&from, &to);
    }
    fs::write(&path, loaders).with_context(|| format!("could not write {}", path.display()))
}
