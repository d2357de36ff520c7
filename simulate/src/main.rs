//! `simulate`: plays scripts from seeds, and shows the shortest that fails.

use std::process::ExitCode;

use clap::Parser;
use madang_simulate::{play, script::Script, shrink, trace};

/// Many client engines and a model of the server, with simulated time, network, disks and crashes.
#[derive(Parser)]
struct Cli {
    /// How many seeds to try
    #[arg(long, default_value_t = 100_000)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Print all that happens in the shortest script that fails
    #[arg(long)]
    trace: bool,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut steps = 0;
    for seed in cli.from..cli.from + cli.seeds {
        let script = Script::new(seed);
        steps += script.steps.len();
        if let Some(fault) = play(&script) {
            println!("Seed {seed} fails: {fault}");
            let shortest = shrink(&script, fault.promise);
            if let Some(fault) = play(&shortest) {
                println!("Shortened: {fault}\n{shortest}");
            }
            if cli.trace {
                trace(&shortest);
            }
            return ExitCode::FAILURE;
        }
    }
    println!(
        "{} seeds, {steps} steps: nothing lost, doubled or out of order; all views as a fresh load shows them",
        cli.seeds
    );
    ExitCode::SUCCESS
}
