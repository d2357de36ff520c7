//! The two bundles of the site: each a Wasm file, a script and a style sheet, under names that hold a hash of their content.
//!
//! cargo-leptos builds neither of them for a release. It would build one bundle only, and compiling it takes longer than
//! compiling Madang. `cargo leptos watch` builds the chat's for development, to the same place.

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{assets, client_library, compress, fingerprint, paths, shell, tools, wasm_bindgen};

const TARGET: &str = "wasm32-unknown-unknown";
/// The profile of release bundles, in Cargo.toml.
const PROFILE: &str = "wasm-release";

/// How wasm-opt makes a release bundle smaller.
const WASM_OPT: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    // What is inlined has fewer bytes in all but more that differ: with almost none of it the file is 2 % larger, and 8 %
    // smaller once it is compressed.
    "--flexible-inline-max-function-size=4",
    "--one-caller-inline-max-function-size=10",
    // Nothing lies there but the end of the stack.
    "--low-memory-unused",
    // Functions of like names are alike, and as neighbours they compress better.
    "--reorder-functions-by-name",
];

/// One of the two bundles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bundle {
    /// The chat's.
    Chat,
    /// That of the learn pages.
    Learn,
}

impl Bundle {
    /// What its files are called, before the hash; the server knows them by it.
    fn name(self) -> &'static str {
        match self {
            Self::Chat => "madang",
            Self::Learn => "learn",
        }
    }

    /// The crate with its Wasm entry, its features, and what the compiler calls its file.
    fn entry(self) -> (&'static str, &'static [&'static str], &'static str) {
        match self {
            Self::Chat => ("frontend", &["--features", "hydrate"], "frontend.wasm"),
            Self::Learn => ("learn-entry", &[], "learn_entry.wasm"),
        }
    }

    fn style(self) -> &'static str {
        match self {
            Self::Chat => "style/main.scss",
            Self::Learn => "style/learn.scss",
        }
    }

    /// Whether a file of the site is this one's.
    pub(crate) fn owns(self, file: &Path) -> bool {
        let prefix = format!("{}.", Self::Learn.name());
        let learns = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix));
        learns == (self == Self::Learn)
    }

    /// The release bundle: small, and precompressed. Nothing is done when it is already there.
    ///
    /// # Errors
    /// When the build fails.
    pub(crate) fn release(self) -> Result<()> {
        let Some(sources) = fingerprint::stale(self)? else {
            println!("The release bundle {} is up to date.", self.name());
            return Ok(());
        };
        // A folder of its own, as cargo-leptos has one: what both bundles need alike is compiled once, and no native build
        // waits for it.
        let target = paths::target().join("front");
        let (package, features, compiled) = self.entry();
        let mut cargo = shell::cargo(&["build", "--package", package, "--target", TARGET, "--profile", PROFILE])?;
        shell::run(cargo.args(features).arg("--target-dir").arg(&target))?;
        let [js, wasm] = self.bind(&target.join(TARGET).join(PROFILE).join(compiled))?;
        shell::run(shell::command("wasm-opt")?.args(WASM_OPT).arg(&wasm).arg("-o").arg(&wasm))?;
        let minify = ["--module", "--compress", "--mangle", "--output"];
        shell::run(shell::command("terser")?.arg(&js).args(minify).arg(&js))?;
        let published = self.publish(&[js, wasm, self.css()?])?;
        compress::put_beside(&published)?;
        if self == Self::Chat {
            assets::put_into_site()?;
            client_library::put_into_site()?;
        }
        fingerprint::record(sources)
    }

    /// A bundle for development: quickly built, and large. A debug server reads it from the disk at each request.
    ///
    /// # Errors
    /// When the build fails.
    pub(crate) fn development(self) -> Result<()> {
        let (package, features, compiled) = self.entry();
        shell::run(shell::cargo(&["build", "--package", package, "--target", TARGET])?.args(features))?;
        let [js, wasm] = self.bind(&paths::target().join(TARGET).join("debug").join(compiled))?;
        self.publish(&[js, wasm, self.css()?])?;
        Ok(())
    }

    /// Where the parts are made, before they have their names.
    fn workshop(self) -> PathBuf {
        paths::root().join("target").join(self.name())
    }

    fn bind(self, compiled: &Path) -> Result<[PathBuf; 2]> {
        wasm_bindgen::run(compiled, self.name(), &self.workshop())
    }

    fn css(self) -> Result<PathBuf> {
        let css = self.workshop().join(self.name()).with_added_extension("css");
        fs::create_dir_all(self.workshop())
            .with_context(|| format!("could not create {}", self.workshop().display()))?;
        let mut node = shell::command("node")?;
        shell::run(node.arg("xtask/npm/style.mjs").arg(tools::npm_folder()?).arg(self.style()).arg(&css))?;
        Ok(css)
    }

    /// Puts the files into the site, each under a name with a hash of its content, and removes those of earlier builds.
    fn publish(self, files: &[PathBuf]) -> Result<Vec<PathBuf>> {
        let folder = paths::site().join("pkg");
        fs::create_dir_all(&folder).with_context(|| format!("could not create {}", folder.display()))?;
        for entry in fs::read_dir(&folder).with_context(|| format!("could not list {}", folder.display()))? {
            let path = entry.context("could not list the built UI")?.path();
            if path.is_file() && self.owns(&path) {
                fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
            }
        }
        files.iter().map(|file| self.publish_one(file, &folder)).collect()
    }

    fn publish_one(self, file: &Path, folder: &Path) -> Result<PathBuf> {
        let content = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
        let mut hasher = DefaultHasher::new();
        hasher.write(&content);
        let extension = file.extension().unwrap_or_default().to_string_lossy();
        let path = folder.join(format!("{}.{:016x}.{extension}", self.name(), hasher.finish()));
        fs::write(&path, content).with_context(|| format!("could not write {}", path.display()))?;
        Ok(path)
    }
}
