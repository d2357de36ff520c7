//! The README's screenshots: taken by Playwright from a server started for them.

use anyhow::Result;

use crate::{browser, build, setup, shell};

/// Retakes the screenshots in docs/screenshots.
///
/// # Errors
/// If the set-up, the build or the script fails.
pub(crate) fn take() -> Result<()> {
    setup::everything()?;
    build::release()?;
    let mut script = shell::command("npx")?;
    script.args(["playwright", "test", "--project=screenshots", "--reporter=list"]);
    script.current_dir(crate::paths::root().join("end2end"));
    script.env("MADANG_BIN", build::server_to_test()?).env("MADANG_CHROMIUM", browser::path()?);
    shell::run(&mut script)
}
