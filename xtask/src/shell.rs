//! External commands: each is printed before it runs, and a failure names it.

use std::{ffi::OsStr, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{paths, tools};

/// A command that runs in the checkout's root, with the installed tools first on PATH.
///
/// # Errors
/// If the tools' folder cannot be determined.
pub(crate) fn command(program: &str) -> Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(paths::root()).env("PATH", tools::path()?);
    Ok(command)
}

/// `cargo` with these arguments.
///
/// # Errors
/// If the tools' folder cannot be determined.
pub(crate) fn cargo(words: &[&str]) -> Result<Command> {
    let mut command = command("cargo")?;
    command.args(words);
    Ok(command)
}

/// Removes the tests' own environment variables from a command that starts a server, which warns of unknown ones.
pub(crate) fn without_test_variables(command: &mut Command) -> &mut Command {
    ["MADANG_BIN", "MADANG_CHROMIUM", "MADANG_HARNESS_DIR"]
        .iter()
        .fold(command, |command, ours| command.env_remove(ours))
}

/// Prints the command, runs it, and waits for it to finish.
///
/// # Errors
/// If it cannot be started, or exits with a code other than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command.status().with_context(|| format!("could not start {}", name(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Whether the program exists and exits with code 0 when run with these arguments.
pub(crate) fn answers(program: impl AsRef<OsStr>, words: &[&str]) -> bool {
    Command::new(program).args(words).output().is_ok_and(|output| output.status.success())
}

/// The command as it would be typed.
pub(crate) fn shown(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name(command)).chain(words).collect::<Vec<_>>().join(" ")
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}
