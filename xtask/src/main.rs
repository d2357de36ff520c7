//! `cargo xtask`: builds, checks and other development tasks, run by developers and CI alike.
//!
//! Tools are installed at pinned versions into the user's cache folder, which all checkouts share: see [`setup`] and
//! [`tools`].

mod assets;
mod bench;
mod browser;
mod build;
mod bundle;
mod client_library;
mod compress;
mod fingerprint;
mod fuzz;
mod paths;
mod python;
mod run;
mod screenshots;
mod setup;
mod shell;
mod simulate;
mod size;
mod split;
mod tally;
mod test;
#[cfg(test)]
mod tidy;
mod tools;
mod torture;
mod wasm_bindgen;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development tasks of Madang: set-up, build, run, test, benchmarks
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install all tools for building, testing and development, at pinned versions; quick if they are installed
    Setup,
    /// Build the release UI, and then the release server, which embeds it
    Build,
    /// Set up, build and start the server; arguments are passed to `madang serve`, as in `run --listen 127.0.0.1:4000`
    Run(run::Run),
    /// Build a development bundle of the learn pages, for use beside `cargo leptos watch`; run again after each change
    Learn,
    /// Run all checks in order, or only the parts named
    Test(test::Test),
    /// Print the sizes of the release UI; fails if the first load exceeds its budget
    Size,
    /// Inject faults and check that no message is lost, duplicated or out of order; --short takes a few minutes
    Torture(torture::Torture),
    /// Simulate many clients and a model of the server from seeds: time, network, disks and crashes
    Simulate(simulate::Simulate),
    /// Fuzz everything that parses network input: all targets, or those named
    Fuzz(fuzz::Fuzz),
    /// Benchmark the release server against a baseline, as in `bench write`
    Bench(bench::Bench),
    /// Retake the screenshots in the README
    Screenshots,
    /// Print the folders of the installed tools, to prepend to PATH for `cargo leptos watch` and `trunk serve`
    Path,
}

fn main() -> ExitCode {
    let chore = match Cli::parse().chore {
        Chore::Setup => setup::for_developing().map(|()| println!("Everything is installed.")),
        Chore::Build => setup::for_building().and_then(|()| build::release()),
        Chore::Learn => setup::for_building().and_then(|()| bundle::Bundle::Learn.development()),
        Chore::Run(run) => run.run(),
        Chore::Test(test) => return test.run(),
        Chore::Size => setup::for_building().and_then(|()| build::ui()).and_then(|()| size::check()),
        Chore::Torture(torture) => torture.run(),
        Chore::Simulate(simulate) => simulate.run(),
        Chore::Fuzz(fuzz) => return fuzz.run(),
        Chore::Bench(bench) => bench.run(),
        Chore::Screenshots => screenshots::take(),
        Chore::Path => tools::path_prefix().map(|path| println!("{path}")),
    };
    match chore {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
