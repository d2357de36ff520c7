//! Builds the server anew when the UI that it carries has changed (see `src/web/assets.rs`).

use std::{env, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../target/site");
    // A debug server reads its pages from the disk, whenever they come.
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_release && !Path::new("../target/site/pkg").is_dir() {
        println!(
            "cargo:warning=This server has no pages: they have not been built. `cargo xtask build` builds both, in that order."
        );
    }
}
