//! Figures of a release server, each beside what it is to be compared with, taken in turns so that whatever else this
//! machine does meanwhile falls on both.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

mod figures;
mod file_system;
mod idle;
mod sender;
mod stage;
mod write;

/// Figures of a running Madang.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// Acknowledged posts a second, with what one of them takes, for group commit and for a commit per post
    Write(Setting),
    /// Memory and CPU time of connections that nobody uses
    Idle(idle::Setting),
}

/// What is measured, and how often.
#[derive(Args)]
struct Setting {
    /// The server to measure: a release build
    #[arg(long, value_name = "FILE")]
    server: PathBuf,
    /// Where to put the data folders: on a disk, as it is the disk that is waited for
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// How many send at the same time, each its next post when the last is acknowledged
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_values_t = [1, 10, 100, 1_000])]
    senders: Vec<usize>,
    /// How often each is measured; the median is printed
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each round takes
    #[arg(long, default_value = "3", value_name = "SECONDS", value_parser = seconds)]
    seconds: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "a time in seconds, such as 3".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// The program: reads the arguments, measures, and prints a table.
pub async fn main() -> ExitCode {
    let done = match Cli::parse().bench {
        Bench::Write(setting) => write::run(&setting).await,
        Bench::Idle(setting) => idle::run(&setting).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
