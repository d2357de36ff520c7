//! The bundle of the learn pages: built beside the chat's, into the same folder of the site, under names of its own.
//!
//! Not a second project of cargo-leptos: that would build the server twice, and `cargo leptos watch` would have to be
//! told which of the two it is to watch.

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{compress, fingerprint, fingerprint::Bundle, paths, shell, wasm_bindgen};

/// What the names of the bundle's files begin with; the server knows them by it.
pub(crate) const PREFIX: &str = "learn.";

const PACKAGE: &str = "learn-entry";
const TARGET: &str = "wasm32-unknown-unknown";

/// The release bundle: small, and precompressed. Nothing is done when it is already there.
///
/// # Errors
/// When the build fails.
pub(crate) fn release() -> Result<()> {
    let Some(sources) = fingerprint::stale(Bundle::Learn)? else {
        println!("The release bundle of the learn pages is up to date.");
        return Ok(());
    };
    // The folder and the profile that cargo-leptos uses for the browser's half: what both bundles need alike is compiled
    // once.
    let target = paths::target().join("front");
    let profile = "wasm-release";
    let mut cargo = shell::cargo(&["build", "--package", PACKAGE, "--target", TARGET, "--profile", profile])?;
    shell::run(cargo.arg("--target-dir").arg(&target))?;
    let [js, wasm] = bindgen(&target.join(TARGET).join(profile))?;
    // As cargo-leptos does it.
    let mut optimize = shell::command("wasm-opt")?;
    optimize.args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int"]);
    shell::run(optimize.arg(&wasm).arg("-o").arg(&wasm))?;
    let published = publish(&[js, wasm, style()?])?;
    compress::put_beside(&published)?;
    fingerprint::record(sources)
}

/// A bundle for work on the pages: quickly built, and large. A debug server reads it from the disk at each request.
///
/// # Errors
/// When the build fails.
pub(crate) fn development() -> Result<()> {
    shell::run(&mut shell::cargo(&["build", "--package", PACKAGE, "--target", TARGET])?)?;
    let [js, wasm] = bindgen(&paths::target().join(TARGET).join("debug"))?;
    publish(&[js, wasm, style()?])?;
    Ok(())
}

/// Where the parts are made, before they have their names.
fn workshop() -> PathBuf {
    paths::root().join("target/learn")
}

fn bindgen(built: &Path) -> Result<[PathBuf; 2]> {
    wasm_bindgen::run(&built.join("learn_entry.wasm"), "learn", &workshop())
}

fn style() -> Result<PathBuf> {
    let css = workshop().join("learn.css");
    let mut sass = shell::command("sass")?;
    sass.args(["--no-source-map", "--style=compressed", "style/learn.scss"]);
    shell::run(sass.arg(&css))?;
    Ok(css)
}

/// Puts the files into the site, each under a name with a hash of its content, and removes those of earlier builds.
fn publish(files: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let folder = paths::site().join("pkg");
    fs::create_dir_all(&folder).with_context(|| format!("could not create {}", folder.display()))?;
    for entry in fs::read_dir(&folder).with_context(|| format!("could not list {}", folder.display()))? {
        let path = entry.context("could not list the built UI")?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX)) {
            fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
        }
    }
    files.iter().map(|file| publish_one(file, &folder)).collect()
}

fn publish_one(file: &Path, folder: &Path) -> Result<PathBuf> {
    let content = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&content);
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let path = folder.join(format!("{PREFIX}{:016x}.{extension}", hasher.finish()));
    fs::write(&path, content).with_context(|| format!("could not write {}", path.display()))?;
    Ok(path)
}
