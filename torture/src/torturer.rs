//! Torture: faults against a release server, with clients that do what the page does.
//!
//! Each fault ends in the same questions, asked of a fresh load: is everything there that was acknowledged, once, in
//! the order in which it was sent, and does every client show just that? One `no` fails the run.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::Result;
use clap::{Parser, ValueEnum};

use crate::{
    faults::{Fault, Outcome, Scale},
    hostile::Attack,
    verdict,
};

/// Faults against a running Madang.
#[derive(Parser)]
struct Cli {
    /// The server to torture: a release build
    #[arg(long, value_name = "FILE")]
    server: PathBuf,
    /// A few minutes instead of an hour
    #[arg(long)]
    short: bool,
    /// Of the hostile clients only these kinds
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    attacks: Vec<Attack>,
    /// The faults to bring about; all when none is named
    #[arg(value_enum)]
    faults: Vec<Fault>,
}

/// The program: reads the arguments, does what they say, and fails where a promise did not hold.
pub async fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Brings about the faults one after another and prints a row for each; whether all held.
async fn run(cli: &Cli) -> Result<bool> {
    let faults = if cli.faults.is_empty() { Fault::value_variants() } else { &cli.faults };
    let attacks = if cli.attacks.is_empty() { Attack::value_variants() } else { &cli.attacks };
    let scale = Scale { short: cli.short, attacks };
    let mut rows = Vec::new();
    for &fault in faults {
        println!("{} …", fault.describe(scale));
        let start = Instant::now();
        let outcome = fault.bring_about(&cli.server, scale).await?;
        for complaint in &outcome.verdict.complaints {
            println!("  {complaint}");
        }
        rows.push((fault, outcome, start.elapsed()));
    }
    println!("\n{:<10}{:<34}{}{:>8}  other figures", "fault", "how much", verdict::HEAD, "s");
    let mut all_held = true;
    for (fault, Outcome { verdict, figures }, time) in rows {
        all_held &= verdict.held();
        println!("{:<10}{:<34}{verdict}{:>8.1}  {figures}", fault.name(), fault.describe(scale), time.as_secs_f64());
    }
    println!("\n{}", if all_held { "nothing lost, nothing twice, in order" } else { "FAILED" });
    Ok(all_held)
}
