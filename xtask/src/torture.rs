//! Fault injection against the release server: `cargo xtask torture`.

use std::ffi::{OsStr, OsString};

use anyhow::Result;
use clap::Args;

use crate::{build, paths, setup, shell};

/// The faults that the checks inject: those whose outcome does not depend on how busy the machine is.
const CHECKED: [&str; 7] = ["kill", "cuts", "away", "restart", "disk", "bots", "hostile"];

/// The program that injects the faults.
const PROGRAM: &str = "torture";

/// Builds the release server and the fault injector, and runs one against the other
#[derive(Args)]
pub(crate) struct Torture {
    /// Arguments for the fault injector: --short, and the faults to inject
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

impl Torture {
    /// `cargo xtask torture`.
    ///
    /// # Errors
    /// If a build fails, or a guarantee is violated.
    pub(crate) fn run(self) -> Result<()> {
        setup::for_building()?;
        against_the_server(PROGRAM, &self.words)
    }
}

/// Injects the faults that are part of the checks, in their short form unless there is time for the long one.
///
/// # Errors
/// As [`Torture::run`].
pub(crate) fn check(long: bool) -> Result<()> {
    let form = if long { None } else { Some("--short") };
    against_the_server(PROGRAM, &form.into_iter().chain(CHECKED).collect::<Vec<_>>())
}

/// Builds the release server and the programs of `torture`, and runs one of those against the server.
///
/// # Errors
/// If a build or the program fails.
pub(crate) fn against_the_server(program: &str, words: &[impl AsRef<OsStr>]) -> Result<()> {
    build::release()?;
    // Apart: together, the two would turn on each other's features, and the server would be another than the one that
    // the other checks use.
    shell::run(&mut shell::cargo(&["build", "--release", "--package", "torture"])?)?;
    let path = paths::target().join("release").join(program);
    let mut command = shell::command(&path.to_string_lossy())?;
    command.args(words).arg("--server").arg(paths::server());
    shell::run(shell::without_test_variables(&mut command))
}
