//! Figures of a release server: see [`madang_torture::bench`].

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    madang_torture::bench::main().await
}
