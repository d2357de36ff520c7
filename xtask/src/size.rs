//! What a first visit downloads.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{bundle::Bundle, paths};

/// Most bytes of Wasm, JavaScript and style sheets together, brotli-compressed: 215 kB. What a first visit takes over plain
/// HTTP, gzip-compressed and with the page, is measured in a browser: `end2end/tests/first_load.spec.ts`.
const BUDGET: u64 = 215_000;

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
        println!("{name:<12}{:>12}{:>12}{:>12}{note}", self.raw, self.brotli, self.gzip);
    }
}

/// Prints the sizes of the built UI.
///
/// # Errors
/// When the UI is not built, or above the budget.
pub(crate) fn check() -> Result<()> {
    let pkg = paths::site().join("pkg");
    let mut sum = Size::default();
    println!("{:<12}{:>12}{:>12}{:>12}", "bytes", "raw", "brotli", "gzip");
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
    if sum.brotli > BUDGET {
        bail!("the first load is above its budget of {BUDGET} bytes by {}", sum.brotli - BUDGET);
    }
    println!("The first load is within its budget of {BUDGET} bytes.");
    Ok(())
}

fn of_kind(folder: &Path, extension: &str, whose: Bundle) -> Result<Size> {
    let mut size = Size::default();
    for entry in fs::read_dir(folder).with_context(|| format!("there is no built UI in {}", folder.display()))? {
        let path = entry.context("could not list the built UI")?.path();
        if path.is_dir() {
            size.add(of_kind(&path, extension, whose)?);
        } else if path.extension().is_some_and(|found| found == extension) && whose.owns(&path) {
            let compressed = |ending| bytes(&path.with_added_extension(ending));
            size.add(Size { raw: bytes(&path)?, brotli: compressed("br")?, gzip: compressed("gz")? });
        }
    }
    Ok(size)
}

fn bytes(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).with_context(|| format!("{} is missing", path.display()))?.len())
}
