//! Figures of the release server.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::{paths, setup, torture};

/// Builds the release server and what measures it, and lets it measure.
#[derive(Args)]
pub(crate) struct Bench {
    /// What to measure: write; then words for it, such as --rounds 3 --senders 100
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    words: Vec<OsString>,
}

impl Bench {
    /// `cargo xtask bench`.
    ///
    /// # Errors
    /// When something could not be built or measured.
    pub(crate) fn run(mut self) -> Result<()> {
        setup::for_building()?;
        // Where cargo builds there is a disk; the folder for temporary files may be in memory.
        self.words.push("--data".into());
        self.words.push(paths::target().join("bench").into());
        torture::against_the_server("bench", &self.words)
    }
}
