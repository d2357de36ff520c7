//! The simulation of many clients: `cargo xtask simulate`.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::shell;

/// Builds and runs the simulation.
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
    /// If it cannot be built, or a guarantee is violated.
    pub(crate) fn run(self) -> Result<()> {
        let mut simulation = shell::cargo(&["run", "--release", "--package", "simulate", "--"])?;
        shell::run(simulation.args(self.arguments))
    }
}
