//! The browsers that the tests run in: Chromium for all of them, Firefox and WebKit for one story.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{setup, shell};

const INSTALLED: [&str; 4] =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/// Installs Chromium, with fonts for Korean and for emoji, unless a browser is there.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn ensure() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    println!("No Chromium is here.");
    setup::debian(&["chromium", "fonts-noto-cjk", "fonts-noto-color-emoji"])
}

/// Firefox, WebKit's MiniBrowser with its WebDriver, and a screen for it: each as Debian has it, with its package.
const ENGINES: [(&str, &str); 3] = [
    ("/usr/bin/firefox-esr", "firefox-esr"),
    ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
    ("/usr/bin/Xvfb", "xvfb"),
];

/// Installs the other engines that are missing.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn ensure_engines() -> Result<()> {
    let missing: Vec<&str> =
        ENGINES.iter().filter(|(path, _)| !Path::new(path).exists()).map(|(_, package)| *package).collect();
    if missing.is_empty() { Ok(()) } else { setup::debian(&missing) }
}

/// The browser: what `MADANG_CHROMIUM` says, else Playwright's own, else the system's.
///
/// # Errors
/// When none is there.
pub(crate) fn path() -> Result<PathBuf> {
    find().context("no Chromium is here; `cargo xtask setup` installs it")
}

fn find() -> Option<PathBuf> {
    let said = env::var_os("MADANG_CHROMIUM").map(PathBuf::from);
    let system = INSTALLED.iter().map(PathBuf::from).find(|path| path.exists());
    said.or_else(playwrights_own).or(system).filter(|path| shell::answers(path, &["--version"]))
}

fn playwrights_own() -> Option<PathBuf> {
    let said = env::var_os("PLAYWRIGHT_BROWSERS_PATH").map(PathBuf::from);
    let folder = said.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cache/ms-playwright")))?;
    let mut versions: Vec<PathBuf> = fs::read_dir(folder)
        .ok()? // No such folder: Playwright has installed no browser.
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("chromium-")))
        .collect();
    versions.sort();
    let places = ["chrome-linux64/chrome", "chrome-linux/chrome"];
    versions.iter().rev().flat_map(|version| places.map(|place| version.join(place))).find(|path| path.exists())
}
