//! The fuzz targets, each run for a given time. They are unit tests, which try a few hundred inputs each when all tests
//! run.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{tally, tally::Tally, test};

/// How long each target runs, in seconds: as part of the checks, and by hand.
const CHECKED: u32 = 15;
const BY_HAND: u32 = 60;
/// The number of targets that run in parallel.
const AT_ONCE: &str = "2";
/// The environment variable that tells the tests how long to run (`SECONDS` in `fuzz/src/lib.rs`).
const SECONDS: &str = "FUZZ_SECONDS";

/// Runs the fuzz targets, two at a time.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// The targets to run; all by default
    #[arg(value_enum)]
    targets: Vec<Target>,
    /// How long to run each target, in seconds
    #[arg(long, default_value_t = BY_HAND)]
    seconds: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// common: names and texts typed by users
    Texts,
    /// common: identifiers
    Ids,
    /// common: all events and their answers
    Events,
    /// socketio-web: sequences of frames and polling bodies, through the engine
    Engine,
    /// socketio-web: packets and their attachments
    Packets,
    /// server: requests on the plain WebSocket, and Socket.IO payloads
    Requests,
    /// server: polling bodies of Engine.IO 3 clients
    Payloads,
    /// app: our JSON reader, compared with serde_json
    Readers,
    /// client: the timeline with lost and repeated events and reconnects
    Resume,
    /// client: reconciliation of a damaged timeline with the server
    Repair,
}

impl Target {
    /// A part of its test's path that no other test has.
    fn test(self) -> &'static str {
        match self {
            Self::Texts => "fuzz::texts",
            Self::Ids => "fuzz::ids",
            Self::Events => "fuzz_events",
            Self::Engine => "fuzz::engine",
            Self::Packets => "fuzz::packets",
            Self::Requests => "fuzz::requests",
            Self::Payloads => "fuzz::payloads",
            Self::Readers => "fuzz::readers",
            Self::Resume => "resume_model::every_way_ends_in_what_a_fresh_load_shows",
            Self::Repair => "resume_model::whatever_was_corrupted_ends_after_a_check_in_what_a_fresh_load_shows",
        }
    }
}

impl Fuzz {
    /// `cargo xtask fuzz`.
    pub(crate) fn run(self) -> ExitCode {
        match try_for(self.seconds, &self.targets) {
            Ok(Tally { failed: 0, .. }) => ExitCode::SUCCESS,
            Ok(_) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Runs all targets as part of the checks.
///
/// # Errors
/// If the tests cannot be run. Failed targets are in the tally.
pub(crate) fn check(long: bool) -> Result<Tally> {
    try_for(if long { BY_HAND } else { CHECKED }, &[])
}

fn try_for(seconds: u32, targets: &[Target]) -> Result<Tally> {
    let targets = if targets.is_empty() { Target::value_variants() } else { targets };
    let mut tests = test::of_every_crate()?;
    tests.args(["--lib", "--test", "wire_format", "--", "--nocapture", "--test-threads", AT_ONCE]);
    tests.args(targets.iter().map(|target| target.test()));
    let mut tally = tally::run(tests.env(SECONDS, seconds.to_string()))?;
    // The others have been left out on purpose; a target that is not found anywhere has not been tried.
    let missing = u64::try_from(targets.len())?.saturating_sub(tally.passed + tally.failed);
    if missing > 0 {
        println!("error: {missing} targets were not found");
        tally.failed += missing;
    }
    Ok(tally)
}
