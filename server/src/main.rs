//! `madang`: arguments, log, listener, server.

use std::{io::Write, process::ExitCode};

use clap::{FromArgMatches, Parser, Subcommand};
use madang_server::{
    Server,
    config::{self, environment},
    telemetry,
};
use mimalloc::MiMalloc;
use tokio::{net::TcpListener, signal};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Madang, a self-hosted room chat
#[derive(Parser)]
#[command(name = "madang", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: config::Config,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (the default command)
    Serve(config::Config),
}

#[tokio::main]
async fn main() -> ExitCode {
    let parsed = environment::command::<Cli>().try_get_matches();
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => return fail(&first_sentence(&error.to_string())),
        Err(help) => help.exit(),
    };
    let config = match cli.command {
        Some(Command::Serve(config)) => config,
        None => cli.serve,
    };
    match serve(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => fail(&sentence),
    }
}

async fn serve(config: config::Config) -> Result<(), String> {
    let sentence = |error: &dyn std::fmt::Display| error.to_string();
    config.validate().map_err(|e| sentence(&e))?;
    let filter = EnvFilter::try_new(&config.log).map_err(|e| sentence(&e))?;
    telemetry::init(filter);
    for unknown in environment::unknown::<Cli>(std::env::vars_os().map(|(name, _)| name)) {
        tracing::warn!("{unknown}");
    }

    // Each connection is an open file, and the soft limit is 1,024 nearly everywhere, for programs that use select(2).
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => tracing::debug!(files, "files that may be open at a time"),
        Err(error) => tracing::warn!(%error, "raising the limit on open files"),
    }

    let listen = config.listen;
    let cannot_listen = |error| format!("Madang can't listen on {listen}: {error}.");
    let listener = TcpListener::bind(listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let server = Server::open(config).await.map_err(|e| sentence(&e))?;
    if let Err(error) = writeln!(std::io::stdout(), "Madang is at http://{address}") {
        tracing::warn!(%error, %address, "saying where Madang is");
    }
    server.serve(listener, stop_signal()).await.map_err(|e| sentence(&e))
}

/// Done when the process is asked to stop.
async fn stop_signal() {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())
        .expect("a handler for SIGTERM can be set up inside a runtime");
    tokio::select! {
        interrupted = signal::ctrl_c() => interrupted.expect("a handler for SIGINT can be set up inside a runtime"),
        _ = terminate.recv() => {}
    }
}

/// What clap says, without the usage and the tips that follow.
fn first_sentence(report: &str) -> String {
    report.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

fn fail(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}
