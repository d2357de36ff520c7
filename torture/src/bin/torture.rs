//! Faults against a release server: see [`madang_torture::torturer`].

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    madang_torture::torturer::main().await
}
