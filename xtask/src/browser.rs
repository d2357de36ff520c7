//! The browsers in which the tests run: Chromium for all of them, Firefox and WebKit for one story.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{setup, shell};

const INSTALLED: [&str; 4] =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/// Installs Chromium, with Korean and emoji fonts, unless a browser is installed.
///
/// # Errors
/// If it is missing and cannot be installed.
pub(crate) fn ensure() -> Result<()> {
    if find().is_some() {
        return Ok(());
    }
    println!("Chromium is not installed.");
    setup::debian(&["chromium", "fonts-noto-cjk", "fonts-noto-color-emoji"])
}

/// Firefox, WebKit's MiniBrowser with its WebDriver, and a virtual screen for it: programs and their Debian packages.
const ENGINES: [(&str, &str); 3] = [
    ("/usr/bin/firefox-esr", "firefox-esr"),
    ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
    ("/usr/bin/Xvfb", "xvfb"),
];

/// Installs the other browser engines if they are missing.
///
/// # Errors
/// If one is missing and cannot be installed.
pub(crate) fn ensure_engines() -> Result<()> {
    let missing: Vec<&str> =
        ENGINES.iter().filter(|(path, _)| !Path::new(path).exists()).map(|(_, package)| *package).collect();
    if missing.is_empty() { Ok(()) } else { setup::debian(&missing) }
}

/// The path of Chromium: `MADANG_CHROMIUM`, otherwise Playwright's own, otherwise the system's.
///
/// # Errors
/// If none is installed.
pub(crate) fn path() -> Result<PathBuf> {
    find().context("Chromium is not installed; `cargo xtask setup` installs it")
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
