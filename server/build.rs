//! Builds the server anew when the UI that it carries has changed (see `src/http/site.rs`).

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../target/site");
}
