//! The README's pictures: taken by Playwright from a server of their own.

use anyhow::Result;

use crate::{browser, build, setup, shell};

/// Takes the pictures in docs/screenshots anew.
///
/// # Errors
/// When the set-up, the build or the script fails.
pub(crate) fn take() -> Result<()> {
    setup::everything()?;
    build::release()?;
    let mut script = shell::command("npx")?;
    script.args(["playwright", "test", "--project=screenshots", "--reporter=list"]);
    script.current_dir(crate::paths::root().join("end2end"));
    script.env("MADANG_BIN", build::server_to_test()?).env("MADANG_CHROMIUM", browser::path()?);
    shell::run(&mut script)
}
