//! `cargo xtask torture`: faults against the release server.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::{build, paths, setup, shell};

/// Builds the release server and the torturer, and lets the one loose on the other.
#[derive(Args)]
pub(crate) struct Torture {
    /// Words for the torturer: --short, and the faults to bring about
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

impl Torture {
    /// # Errors
    /// When something could not be built, or a promise did not hold.
    pub(crate) fn run(self) -> Result<()> {
        setup::for_building()?;
        build::ui()?;
        // Together, so that what they share is compiled once.
        shell::run(&mut shell::cargo(&["build", "--release", "--package", "server", "--package", "torture"])?)?;
        let torturer = paths::target().join("release/torture");
        let mut command = shell::command(&torturer.to_string_lossy())?;
        command.arg("--server").arg(paths::server()).args(self.words);
        // The server refuses variables of its prefix that it does not know, and these are the tests'.
        for ours in ["MADANG_BIN", "MADANG_CHROMIUM", "MADANG_HARNESS_DIR"] {
            command.env_remove(ours);
        }
        shell::run(&mut command)
    }
}
