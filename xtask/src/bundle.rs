//! The two bundles of the site: each a Wasm file, a script and a style sheet, with a hash of their content in their names.
//!
//! cargo-leptos builds neither of them for a release. It would build one bundle only, and compiling it takes longer than
//! compiling Madang. `cargo leptos watch` builds the chat's for development, to the same place.

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{assets, client_library, compress, fingerprint, paths, shell, split, tools, wasm_bindgen};

const TARGET: &str = "wasm32-unknown-unknown";
/// The profile of release bundles, in Cargo.toml.
const PROFILE: &str = "wasm-release";

/// The folder of the chunks of lazy pages, relative to the script that loads them.
pub(crate) const CHUNKS: &str = "chunks";

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
    /// The prefix of its file names, before the hash, by which the server finds them.
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

    /// Whether a file of the site belongs to this bundle.
    pub(crate) fn owns(self, file: &Path) -> bool {
        let prefix = format!("{}.", Self::Learn.name());
        let learns = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix));
        learns == (self == Self::Learn)
    }

    /// Builds the release bundle: small and precompressed. Does nothing if it is up to date.
    ///
    /// # Errors
    /// If the build fails.
    pub(crate) fn release(self) -> Result<()> {
        let Some(sources) = fingerprint::stale(self)? else {
            println!("The release bundle {} is up to date.", self.name());
            return Ok(());
        };
        // A folder of its own, as cargo-leptos has one: what both bundles need alike is compiled once, and no native build
        // waits for it.
        let target = paths::target().join("front");
        let (package, features, compiled) = self.entry();
        let mut cargo =
            shell::cargo(&["rustc", "--lib", "--package", package, "--target", TARGET, "--profile", PROFILE])?;
        cargo.args(features).arg("--target-dir").arg(&target);
        if self.has_lazy_pages() {
            cargo.args(["--features", "split", "--", split::LINK_ARGUMENT]);
        }
        shell::run(&mut cargo)?;
        let compiled = target.join(TARGET).join(PROFILE).join(compiled);
        self.clear()?;
        let split::Split { main, chunks } = if self.has_lazy_pages() {
            split::run(&compiled, self.name(), &self.workshop())?
        } else {
            split::Split { main: compiled, chunks: Vec::new() }
        };
        let [js, wasm] = wasm_bindgen::run(&main, self.name(), &self.workshop(), self.has_lazy_pages())?;
        let chunks = self.publish_chunks(&chunks)?;
        optimize(&wasm)?;
        shell::run(shell::command("node")?.arg("xtask/npm/script.mjs").arg(tools::npm_folder()?).arg(&js))?;
        let mut published = self.publish(&[js, wasm, self.css()?])?;
        published.extend(chunks);
        compress::put_beside(&published)?;
        if self == Self::Chat {
            assets::put_into_site()?;
            client_library::put_into_site()?;
        }
        fingerprint::record(sources)
    }

    /// Builds a development bundle: quick to build, and large. A debug server reads it from the disk at each request.
    ///
    /// # Errors
    /// If the build fails.
    pub(crate) fn development(self) -> Result<()> {
        let (package, features, compiled) = self.entry();
        shell::run(shell::cargo(&["build", "--package", package, "--target", TARGET])?.args(features))?;
        let compiled = paths::target().join(TARGET).join("debug").join(compiled);
        self.clear()?;
        let [js, wasm] = wasm_bindgen::run(&compiled, self.name(), &self.workshop(), false)?;
        self.publish(&[js, wasm, self.css()?])?;
        Ok(())
    }

    /// Whether the release bundle has chunks for pages that are loaded when they are shown.
    fn has_lazy_pages(self) -> bool {
        self == Self::Chat
    }

    /// The folder for intermediate files, before they get their final names.
    fn workshop(self) -> PathBuf {
        paths::root().join("target").join(self.name())
    }

    fn css(self) -> Result<PathBuf> {
        let css = self.workshop().join(self.name()).with_added_extension("css");
        fs::create_dir_all(self.workshop())
            .with_context(|| format!("could not create {}", self.workshop().display()))?;
        let mut node = shell::command("node")?;
        shell::run(node.arg("xtask/npm/style.mjs").arg(tools::npm_folder()?).arg(self.style()).arg(&css))?;
        Ok(css)
    }

    /// Removes from the site what earlier builds of this bundle have put there.
    fn clear(self) -> Result<()> {
        for folder in [pkg(), chunks()] {
            fs::create_dir_all(&folder).with_context(|| format!("could not create {}", folder.display()))?;
            for entry in fs::read_dir(&folder).with_context(|| format!("could not list {}", folder.display()))? {
                let path = entry.context("could not list the built UI")?.path();
                if path.is_file() && self.owns(&path) {
                    fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
                }
            }
        }
        Ok(())
    }

    /// Copies the files into the site, each with a hash of its content in its name.
    fn publish(self, files: &[PathBuf]) -> Result<Vec<PathBuf>> {
        files.iter().map(|file| publish_as(self.name(), file, &pkg())).collect()
    }

    /// Puts the chunks into the site, and writes their names there into what loads them.
    fn publish_chunks(self, files: &[PathBuf]) -> Result<Vec<PathBuf>> {
        let mut published = Vec::new();
        for file in files {
            optimize(file)?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            published.push(publish_as(&name, file, &chunks())?);
        }
        if !files.is_empty() {
            split::name_chunks(&self.workshop(), &files.iter().zip(&published).collect::<Vec<_>>())?;
        }
        Ok(published)
    }
}

fn optimize(wasm: &Path) -> Result<()> {
    shell::run(shell::command("wasm-opt")?.args(WASM_OPT).arg(wasm).arg("-o").arg(wasm))
}

/// The site's folder of bundles.
pub(crate) fn pkg() -> PathBuf {
    paths::site().join("pkg")
}

/// The site's folder of lazy pages' code.
pub(crate) fn chunks() -> PathBuf {
    pkg().join(CHUNKS)
}

/// Puts a file into a folder of the site, under a name with a hash of its content.
fn publish_as(name: &str, file: &Path, folder: &Path) -> Result<PathBuf> {
    let content = fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&content);
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let path = folder.join(format!("{name}.{:016x}.{extension}", hasher.finish()));
    fs::write(&path, content).with_context(|| format!("could not write {}", path.display()))?;
    Ok(path)
}
