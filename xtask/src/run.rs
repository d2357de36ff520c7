//! `cargo xtask run`: from a fresh checkout to a running server.

use std::{ffi::OsString, os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};
use clap::Args;

use crate::{build, paths, setup};

/// Sets up, builds and becomes the server.
#[derive(Args)]
pub(crate) struct Run {
    /// Words for `madang serve`, such as --listen and --data
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

impl Run {
    /// Does not return once the server has started: it takes this process's place, so that a signal reaches it.
    ///
    /// # Errors
    /// When the set-up or the build fails, or the server cannot be started.
    pub(crate) fn run(self) -> Result<()> {
        setup::for_building()?;
        build::release()?;
        let mut server = Command::new(paths::server());
        // The server refuses variables of its prefix that it does not know, and these are the tests'.
        for ours in ["MADANG_BIN", "MADANG_CHROMIUM", "MADANG_HARNESS_DIR", "MADANG_PYTHON"] {
            server.env_remove(ours);
        }
        let error = server.arg("serve").args(self.words).exec();
        Err(error).with_context(|| format!("could not start {}", paths::server().display()))
    }
}
