//! The browsers in which the tests run: Chromium's headless shell for all of them; Chromium as people have it, Firefox and
//! WebKit for one story.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{setup, shell};

/// Chromium without what draws its windows: it takes less than half the time for the same tests.
const HEADLESS: &str = "/usr/bin/chromium-headless-shell";
const INSTALLED: [&str; 4] =
    ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

/// Installs Chromium's headless shell, with Korean and emoji fonts, unless it is installed or another browser is named.
///
/// # Errors
/// If it cannot be installed, and no other Chromium is there.
pub(crate) fn ensure() -> Result<()> {
    if named().is_some() || Path::new(HEADLESS).exists() {
        return Ok(());
    }
    println!("Chromium's headless shell is not installed.");
    match (setup::debian(&["chromium-headless-shell", "fonts-noto-cjk", "fonts-noto-color-emoji"]), find()) {
        (Err(error), Some(other)) => {
            println!("{error:#}; going on with {}, which takes longer", other.display());
            Ok(())
        }
        (installed, _) => installed,
    }
}

/// Chromium as people have it, Firefox, WebKit's MiniBrowser with its WebDriver, and a virtual screen for it: programs and
/// their Debian packages.
const ENGINES: [(&str, &str); 4] = [
    ("/usr/bin/chromium", "chromium"),
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

/// The path of the Chromium for the tests: `MADANG_CHROMIUM`, otherwise the headless shell, otherwise one with windows.
///
/// # Errors
/// If none is installed.
pub(crate) fn path() -> Result<PathBuf> {
    find().context("Chromium is not installed; `cargo xtask setup` installs it")
}

/// The path of Chromium as people have it: `MADANG_CHROMIUM`, otherwise Playwright's own, otherwise the system's.
///
/// # Errors
/// If none is installed.
pub(crate) fn with_windows() -> Result<PathBuf> {
    named().or_else(whole).context("Chromium is not installed; `cargo xtask test engines` installs it")
}

fn find() -> Option<PathBuf> {
    let headless = Some(PathBuf::from(HEADLESS)).filter(|path| path.exists());
    named().or(headless).or_else(whole).filter(|path| shell::answers(path, &["--version"]))
}

fn named() -> Option<PathBuf> {
    env::var_os("MADANG_CHROMIUM").map(PathBuf::from)
}

fn whole() -> Option<PathBuf> {
    let system = INSTALLED.iter().map(PathBuf::from).find(|path| path.exists());
    playwrights_own().or(system)
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
