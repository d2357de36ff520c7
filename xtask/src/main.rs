//! Madang's chores, called as `cargo xtask …` by people, README and CI alike.
//!
//! Everything that is needed is installed at pinned versions into the user's cache folder, so that every checkout
//! finds it: see [`setup`] and [`tools`].

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

/// Madang's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what building, testing and developing need, at pinned versions; quick when all is there
    Setup,
    /// Build the release UI and then the release server, which carries the UI inside
    Build,
    /// Set up, build and start the server; what follows goes to `madang serve`, as in `run --listen 127.0.0.1:4000`
    Run(run::Run),
    /// Build the learn pages' bundle for development, beside `cargo leptos watch`; again after each change of it
    Learn,
    /// Run the checks: all of them in order, or only the parts named
    Test(test::Test),
    /// Print the sizes of the release UI; fails above the budget
    Size,
    /// Bring faults about and see whether a message gets lost, doubled or out of order; --short for a few minutes
    Torture(torture::Torture),
    /// Play many clients and a model of the server from seeds, with simulated time, network, disks and crashes
    Simulate(simulate::Simulate),
    /// Feed what is nearly right to everything that reads the wire: all targets, or those named
    Fuzz(fuzz::Fuzz),
    /// Print figures of the release server beside what they are to be compared with, as in `bench write`
    Bench(bench::Bench),
    /// Take the README's screenshots anew
    Screenshots,
    /// Print the folders of the installed tools, to go in front of PATH for `cargo leptos watch` and `trunk serve`
    Path,
}

fn main() -> ExitCode {
    let chore = match Cli::parse().chore {
        Chore::Setup => setup::for_developing().map(|()| println!("Everything is there.")),
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
