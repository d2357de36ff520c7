//! The size of the first load and of the lazy chunks, and their budgets.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use crate::bundle::{self, Bundle};

/// Maximum size of Wasm, JavaScript and style sheets together, brotli-compressed: 215 kB. The size of a first visit over
/// plain HTTP, gzip-compressed and including the page, is measured in a browser: `end2end/tests/first_load.spec.ts`.
const BUDGET: u64 = 215_000;

/// Maximum size of one chunk of a lazy page, brotli-compressed.
const CHUNK_BUDGET: u64 = 25_000;

const KINDS: [(&str, &str); 3] = [("wasm", "Wasm"), ("js", "JavaScript"), ("css", "CSS")];

#[derive(Clone, Copy, Default)]
struct Size {
    raw: u64,
    brotli: u64,
    gzip: u64,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.raw += other.raw;
        self.brotli += other.brotli;
        self.gzip += other.gzip;
    }

    fn print(self, name: &str, note: &str) {
        println!("{name:<16}{:>12}{:>12}{:>12}{note}", self.raw, self.brotli, self.gzip);
    }
}

/// Prints the sizes of the built UI.
///
/// # Errors
/// If the UI is not built, or exceeds the budget.
pub(crate) fn check() -> Result<()> {
    let pkg = bundle::pkg();
    let mut sum = Size::default();
    println!("{:<16}{:>12}{:>12}{:>12}", "bytes", "raw", "brotli", "gzip");
    for (extension, name) in KINDS {
        let size = of_kind(&pkg, extension, Bundle::Chat)?;
        sum.add(size);
        size.print(name, "");
    }
    sum.print("sum", "");
    let mut learn = Size::default();
    for (extension, _) in KINDS {
        learn.add(of_kind(&pkg, extension, Bundle::Learn)?);
    }
    learn.print("learn", "  (its own bundle, on its own pages)");
    chunks()?;
    if sum.brotli > BUDGET {
        bail!("the first load is above its budget of {BUDGET} bytes by {}", sum.brotli - BUDGET);
    }
    println!("The first load is within its budget of {BUDGET} bytes, each chunk within {CHUNK_BUDGET}.");
    Ok(())
}

/// Prints the sizes of the chunks.
fn chunks() -> Result<()> {
    let mut paths = files(&bundle::chunks())?;
    paths.sort();
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|found| found == "wasm")) {
        let size = of_file(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.split('.').next().unwrap_or_default();
        size.print(name, "  (lazy)");
        ensure!(size.brotli <= CHUNK_BUDGET, "the chunk {name} is above the budget of {CHUNK_BUDGET} bytes");
    }
    Ok(())
}

fn of_kind(folder: &Path, extension: &str, whose: Bundle) -> Result<Size> {
    let mut size = Size::default();
    for path in files(folder)? {
        if path.extension().is_some_and(|found| found == extension) && whose.owns(&path) {
            size.add(of_file(&path)?);
        }
    }
    Ok(size)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("there is no built UI in {}", folder.display()))?;
    entries.map(|entry| Ok(entry.context("could not list the built UI")?.path())).collect()
}

fn of_file(path: &Path) -> Result<Size> {
    let compressed = |ending| bytes(&path.with_added_extension(ending));
    Ok(Size { raw: bytes(path)?, brotli: compressed("br")?, gzip: compressed("gz")? })
}

fn bytes(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("{} is missing", path.display()))?.len())
}
