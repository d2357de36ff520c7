//! Compression of the built UI: brotli by Node, which is installed for other tools, and gzip by Zopfli, which is 6 %
//! smaller than zlib.

use std::{
    fs::{self, File},
    io::Write as _,
    num::NonZeroU64,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result, anyhow};
use zopfli::{BlockType, GzipEncoder, Options};

use crate::shell;

/// Iterations of Zopfli. More would save some bytes and take seconds.
const ITERATIONS: NonZeroU64 = NonZeroU64::new(5).expect("not zero");

/// Writes a compressed `.br` and `.gz` beside each file: browsers accept brotli only over HTTPS.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn put_beside(files: &[PathBuf]) -> Result<()> {
    thread::scope(|scope| {
        let gzipping: Vec<_> = files.iter().map(|file| scope.spawn(|| gzip(file))).collect();
        shell::run(shell::command("node")?.arg("xtask/npm/compress.mjs").args(files))?;
        gzipping.into_iter().try_for_each(|gzipped| gzipped.join().map_err(|_| anyhow!("compressing panicked"))?)
    })
}

fn gzip(file: &Path) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(".gz");
    let written = File::create(&beside).with_context(|| format!("writing {}", beside.display()))?;
    let options = Options { iteration_count: ITERATIONS, ..Options::default() };
    let mut encoder = GzipEncoder::new(options, BlockType::Dynamic, written)?;
    encoder.write_all(&content)?;
    encoder.finish()?.sync_all()?;
    Ok(())
}
