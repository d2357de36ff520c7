//! The simulation of many clients.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::shell;

/// Builds the simulation and runs it.
#[derive(Args)]
pub(crate) struct Simulate {
    /// Arguments for the simulation: --seeds, --from, --trace
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Simulate {
    /// `cargo xtask simulate`.
    ///
    /// # Errors
    /// When it could not be built, or a promise did not hold.
    pub(crate) fn run(self) -> Result<()> {
        let mut simulation = shell::cargo(&["run", "--release", "--package", "simulate", "--"])?;
        shell::run(simulation.args(self.arguments))
    }
}
