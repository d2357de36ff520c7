//! Running other programs: each command is shown before it runs, and a failure names it.

use std::{ffi::OsStr, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{paths, tools};

/// A command in the checkout's root that finds the installed tools before any other of the same name.
///
/// # Errors
/// When the tools' folder cannot be named.
pub(crate) fn command(program: &str) -> Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(paths::root()).env("PATH", tools::path()?);
    Ok(command)
}

/// `cargo` with these words.
///
/// # Errors
/// When the tools' folder cannot be named.
pub(crate) fn cargo(words: &[&str]) -> Result<Command> {
    let mut command = command("cargo")?;
    command.args(words);
    Ok(command)
}

/// Takes the tests' own variables from a command that starts a server: it refuses what it does not know.
pub(crate) fn without_test_variables(command: &mut Command) -> &mut Command {
    ["MADANG_BIN", "MADANG_CHROMIUM", "MADANG_HARNESS_DIR"]
        .iter()
        .fold(command, |command, ours| command.env_remove(ours))
}

/// Shows the command, runs it, and waits for its end.
///
/// # Errors
/// When it cannot be started or ends with another code than 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command.status().with_context(|| format!("could not start {}", name(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Whether the program is there and says so with exit code 0 to these words.
pub(crate) fn answers(program: impl AsRef<OsStr>, words: &[&str]) -> bool {
    Command::new(program).args(words).output().is_ok_and(|output| output.status.success())
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name(command)).chain(words).collect::<Vec<_>>().join(" ")
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}
