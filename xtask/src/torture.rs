//! Faults against the release server.

use std::ffi::{OsStr, OsString};

use anyhow::Result;
use clap::Args;

use crate::{build, paths, setup, shell};

/// What the checks bring about: the faults whose outcome a busy machine does not change.
const CHECKED: [&str; 7] = ["--short", "kill", "cuts", "away", "restart", "disk", "hostile"];

/// The program that does it.
const PROGRAM: &str = "torture";

/// Builds the release server and the torturer, and lets the one loose on the other.
#[derive(Args)]
pub(crate) struct Torture {
    /// Words for the torturer: --short, and the faults to bring about
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

impl Torture {
    /// `cargo xtask torture`.
    ///
    /// # Errors
    /// When something could not be built, or a promise did not hold.
    pub(crate) fn run(self) -> Result<()> {
        setup::for_building()?;
        against_the_server(PROGRAM, &self.words)
    }
}

/// The short form that is part of the checks.
///
/// # Errors
/// As [`Torture::run`].
pub(crate) fn check() -> Result<()> {
    against_the_server(PROGRAM, &CHECKED)
}

/// Builds the release server and the torturer's programs, and runs one of those on the server.
///
/// # Errors
/// When something could not be built, or the program fails.
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
