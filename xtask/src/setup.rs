//! Installation of missing tools. Every step checks first, so that a second run is quick.

use std::{
    fs::{self, File},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{browser, paths, python, shell, tools};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Installs what building a release needs.
///
/// # Errors
/// If something is missing and cannot be installed.
pub(crate) fn for_building() -> Result<()> {
    let _one_at_a_time = lock()?;
    wasm_target()?;
    node()?;
    npm_tools()
}

/// Installs what development needs in addition: tools that rebuild when a file changes.
///
/// # Errors
/// If something is missing and cannot be installed.
pub(crate) fn for_developing() -> Result<()> {
    engines()?;
    let _one_at_a_time = lock()?;
    cargo_tools(&["cargo-leptos"])
}

/// Installs what the dependency checks need; nothing else installs it, so that a first start does not wait for it.
///
/// # Errors
/// If something is missing and cannot be installed.
pub(crate) fn for_dependencies() -> Result<()> {
    let _one_at_a_time = lock()?;
    cargo_tools(&["cargo-machete", "cargo-deny"])
}

/// Installs what runs the unit tests.
///
/// # Errors
/// If something is missing and cannot be installed.
pub(crate) fn for_unit_tests() -> Result<()> {
    let _one_at_a_time = lock()?;
    cargo_tools(&["cargo-nextest"])
}

/// Installs what building and testing need.
///
/// # Errors
/// If something is missing and cannot be installed.
pub(crate) fn everything() -> Result<()> {
    for_building()?;
    let _one_at_a_time = lock()?;
    cargo_tools(&["wasm-bindgen-cli", "trunk"])?;
    end2end()?;
    python::ensure()?;
    browser::ensure()
}

/// Installs what the tests in other browser engines need in addition.
///
/// # Errors
/// If something is missing and cannot be installed.
pub(crate) fn engines() -> Result<()> {
    everything()?;
    let _one_at_a_time = lock()?;
    browser::ensure_engines()
}

/// Locks the cache folder: two set-ups at once, perhaps in two checkouts, would install into the same folders.
fn lock() -> Result<File> {
    let folder = paths::tools()?;
    fs::create_dir_all(&folder).with_context(|| format!("could not create {}", folder.display()))?;
    let path = folder.join("lock");
    let file = File::create(&path).with_context(|| format!("could not create {}", path.display()))?;
    if file.try_lock().is_err() {
        println!("Another set-up is running; waiting for it to finish.");
        file.lock().context("could not wait for the other set-up")?;
    }
    Ok(file)
}

/// Adds the Wasm target: rust-toolchain.toml names it, but rustup does not add it to a toolchain that is already installed.
fn wasm_target() -> Result<()> {
    let output = shell::command("rustc")?
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .output()
        .context("could not start rustc")?;
    if output.status.success() && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir() {
        return Ok(());
    }
    shell::run(shell::command("rustup")?.args(["target", "add", WASM_TARGET]))
}

fn node() -> Result<()> {
    let output = Command::new("node").arg("--version").output().context("Node 20 or newer is needed")?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|digits| digits.parse::<u32>().ok());
    match major {
        Some(major) if major >= 20 => Ok(()),
        _ => bail!("Node 20 or newer is needed; the installed version is {version}"),
    }
}

fn npm_tools() -> Result<()> {
    let folder = tools::npm_folder()?;
    let wanted = [".bin/wasm-opt", ".bin/sass", ".bin/terser", "lightningcss-wasm", "socket.io-client/dist"];
    if wanted.iter().all(|wanted| folder.join("node_modules").join(wanted).exists()) {
        return Ok(());
    }
    fs::create_dir_all(&folder).with_context(|| format!("could not create {}", folder.display()))?;
    for file in ["package.json", "package-lock.json"] {
        let from = paths::root().join("xtask/npm").join(file);
        fs::copy(&from, folder.join(file)).with_context(|| format!("could not copy {}", from.display()))?;
    }
    npm_ci(&folder)
}

fn end2end() -> Result<()> {
    let folder = paths::root().join("end2end");
    let lock = fs::read(folder.join("package-lock.json")).context("could not read end2end/package-lock.json")?;
    let stamp = folder.join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    npm_ci(&folder)?;
    fs::write(&stamp, lock).with_context(|| format!("could not write {}", stamp.display()))
}

fn npm_ci(folder: &Path) -> Result<()> {
    let mut npm = shell::command("npm")?;
    // Optional is only what is compiled from C++: the watcher of sass, and what old Socket.IO clients would gain.
    npm.args(["ci", "--no-audit", "--no-fund", "--omit=optional"]).current_dir(folder);
    // Browsers come from Debian; Playwright's own are used only where somebody has put them.
    shell::run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
}

fn cargo_tools(wanted: &[&str]) -> Result<()> {
    let mut missing = Vec::new();
    for tool in tools::CARGO_TOOLS.iter().filter(|tool| wanted.contains(&tool.name)) {
        if !tool.path()?.exists() {
            missing.push(tool);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    compilers()?;
    let scratch = paths::tools()?.join("build");
    for tool in missing {
        println!("Installing {} {}; this takes a few minutes.", tool.name, tool.version);
        let mut install = shell::cargo(&["install", "--quiet", "--locked", tool.name, "--version", tool.version])?;
        install.args(tool.options).arg("--root").arg(tool.folder()?).env("CARGO_TARGET_DIR", &scratch);
        // They run for seconds a day: what counts is that installing them is quick.
        install
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        shell::run(&mut install)?;
    }
    fs::remove_dir_all(&scratch).with_context(|| format!("could not clear {}", scratch.display()))
}

/// cargo-leptos compiles its own OpenSSL, which needs make and perl; trunk needs a C compiler.
fn compilers() -> Result<()> {
    let there = shell::answers("make", &["--version"])
        && shell::answers("cc", &["--version"])
        && shell::answers("perl", &["-MFindBin", "-MIPC::Cmd", "-e", "1"]);
    if there { Ok(()) } else { debian(&["build-essential", "perl"]) }
}

/// Installs Debian packages.
///
/// # Errors
/// If the system is not Debian, or the user is not root.
pub(crate) fn debian(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !shell::answers("apt-get", &["--version"]) {
        bail!("please install {names} (names of Debian packages)");
    }
    let id = Command::new("id").arg("-u").output().context("could not determine the current user")?;
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        bail!("root is needed to install packages: please run `sudo apt-get install {names}` first");
    }
    shell::run(shell::command("apt-get")?.args(["update", "--quiet"]))?;
    let mut install = shell::command("apt-get")?;
    install.args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages);
    shell::run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}
