//! `cargo xtask run`: from a fresh checkout to a running server.

use std::{ffi::OsString, os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};
use clap::Args;

use crate::{build, paths, setup, shell};

/// Sets up, builds and starts the server
#[derive(Args)]
pub(crate) struct Run {
    /// Arguments for `madang serve`, such as --listen and --data
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

impl Run {
    /// Replaces this process with the server, so that signals reach it; returns only on failure.
    ///
    /// # Errors
    /// If the set-up or the build fails, or the server cannot be started.
    pub(crate) fn run(self) -> Result<()> {
        setup::for_building()?;
        build::release()?;
        let mut server = Command::new(paths::server());
        let error = shell::without_test_variables(&mut server).arg("serve").args(self.words).exec();
        Err(error).with_context(|| format!("could not start {}", paths::server().display()))
    }
}
