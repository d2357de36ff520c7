//! Benchmarks of the release server: `cargo xtask bench`.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::{paths, setup, torture};

/// Builds the release server and the benchmark, and runs it.
#[derive(Args)]
pub(crate) struct Bench {
    /// The benchmark to run (write, idle), followed by its arguments, such as --rounds 3 --senders 100
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    words: Vec<OsString>,
}

impl Bench {
    /// `cargo xtask bench`.
    ///
    /// # Errors
    /// If a build or the benchmark fails.
    pub(crate) fn run(mut self) -> Result<()> {
        setup::for_building()?;
        // Where cargo builds there is a disk; the folder for temporary files may be in memory.
        self.words.push("--data".into());
        self.words.push(paths::target().join("bench").into());
        torture::against_the_server("bench", &self.words)
    }
}
