//! The checks, run by developers and CI alike: one list, of which each part can be run alone.

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{browser, build, fuzz, paths, python, setup, shell, size, tally, tally::Tally, torture};

/// Runs the checks
#[derive(Args)]
pub(crate) struct Test {
    /// Fuzz for longer, and inject faults in their long form: some hours
    #[arg(long)]
    long: bool,
    /// The parts to run; all by default
    #[arg(value_enum)]
    parts: Vec<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Formatting of the Rust code (rustfmt)
    Fmt,
    /// House rules: imports, places of names and limits, length of files
    Tidy,
    /// Dependencies: none unused, no duplicates, licences and sources as in deny.toml
    Deps,
    /// Clippy with warnings denied, natively and for Wasm
    Clippy,
    /// Unit and integration tests of every crate
    Unit,
    /// Each fuzz target for a minute
    Fuzz,
    /// Release build of the UI
    Wasm,
    /// Size of the release UI, compared with its budget
    Size,
    /// Build of the UI alone, with trunk
    Trunk,
    /// Fault injection: no message lost, duplicated or out of order
    Torture,
    /// Playwright in Chromium: Madang's user stories, and socketio-web against two servers
    E2e,
    /// One story in Chromium, Firefox and WebKit, and what needs a Chromium with windows
    Engines,
    /// The development servers rebuild and reload; only with --long or by name, as it compiles everything once more
    Develop,
}

/// Crates that are excluded natively: the Wasm entries exist only for the browser.
const NATIVE: [&str; 6] = ["--exclude", "frontend", "--exclude", "learn-entry", "--exclude", "lean-harness"];

/// Clippy for Wasm: first the UI that hydrates the server's HTML, then the one that renders in the browser, then the UI
/// layer, then the learn pages.
const WASM_CLIPPY: [&[&str]; 4] = [
    &[
        "--package=madang-common",
        "--package=madang-client",
        "--package=socketio-web",
        "--package=socketio-web-harness",
        "--package=madang-app",
        "--package=frontend",
        "--features=frontend/hydrate,frontend/split",
    ],
    &["--package=madang-app", "--package=frontend", "--features=frontend/csr"],
    &["--package=lean", "--package=lean-harness"],
    &["--package=madang-learn", "--package=learn-entry", "--features=madang-learn/hydrate"],
];

impl Test {
    /// Runs the parts in order up to the first failure, and prints a summary of all tests.
    pub(crate) fn run(self) -> ExitCode {
        let parts = if self.parts.is_empty() { Part::all(self.long) } else { self.parts };
        let mut done = Vec::new();
        let mut sum = Tally::default();
        for part in parts {
            println!("\n=== {} ===", part.name());
            let start = Instant::now();
            let tally = part.prepare().and_then(|()| part.check(self.long)).unwrap_or_else(|error| {
                println!("error: {error:#}");
                Tally::one(false)
            });
            sum.add(tally);
            done.push((part, tally, start.elapsed()));
            if tally.failed > 0 {
                break;
            }
        }
        close(&done, sum)
    }
}

fn close(done: &[(Part, Tally, Duration)], sum: Tally) -> ExitCode {
    println!();
    for (part, tally, time) in done {
        let outcome = if tally.failed > 0 { "FAILED" } else { "ok" };
        let Tally { passed, failed, skipped } = tally;
        let seconds = time.as_secs();
        println!(
            "{:<8}{outcome:<8}{passed:>5} passed {failed:>3} failed {skipped:>3} skipped {seconds:>6} s",
            part.name()
        );
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Part {
    /// The parts that run by default.
    fn all(long: bool) -> Vec<Self> {
        Self::value_variants().iter().copied().filter(|part| long || *part != Self::Develop).collect()
    }

    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn prepare(self) -> Result<()> {
        match self {
            Self::Fmt | Self::Tidy | Self::Fuzz => Ok(()),
            Self::Unit => setup::for_unit_tests(),
            Self::Deps => setup::for_dependencies(),
            Self::Clippy | Self::Wasm | Self::Size | Self::Torture => setup::for_building(),
            Self::Trunk | Self::E2e => setup::everything(),
            Self::Engines => setup::engines(),
            Self::Develop => setup::for_developing(),
        }
    }

    fn check(self, long: bool) -> Result<Tally> {
        match self {
            Self::Fmt => shell::run(&mut shell::cargo(&["fmt", "--all", "--check"])?)?,
            Self::Tidy => return tally::run(&mut shell::cargo(&["test", "--package", "xtask"])?),
            Self::Deps => dependencies()?,
            Self::Clippy => clippy()?,
            Self::Unit => return unit(),
            Self::Fuzz => return fuzz::check(long),
            Self::Wasm => build::ui()?,
            Self::Size => {
                build::ui()?;
                size::check()?;
            }
            Self::Trunk => build::trunk()?,
            Self::Torture => torture::check(long)?,
            Self::E2e => return end_to_end(),
            Self::Engines => return engines(),
            Self::Develop => return develop(),
        }
        Ok(Tally::one(true))
    }
}

/// The tests of every crate: those in documentation by cargo itself, all others by cargo-nextest, each in a process of its
/// own. xtask has had its turn (`tidy`).
fn unit() -> Result<Tally> {
    let mut tests = shell::cargo(&["nextest", "run", "--workspace", "--exclude", "xtask"])?;
    let mut tally = tally::run(tests.args(NATIVE))?;
    tally.add(tally::run(of_every_crate()?.arg("--doc"))?);
    Ok(tally)
}

/// `cargo test` for every crate, with all features that they are tested with. To run some of the tests, add to these
/// arguments, so that nothing is compiled once more.
///
/// # Errors
/// If the tools' folder cannot be determined.
pub(crate) fn of_every_crate() -> Result<Command> {
    let mut tests = shell::cargo(&["test", "--workspace", "--exclude", "xtask"])?;
    tests.args(NATIVE);
    Ok(tests)
}

fn dependencies() -> Result<()> {
    // By its own name: within `cargo run`, whose variables are set here, it takes the subcommand's for a folder.
    shell::run(&mut shell::command("cargo-machete")?)?;
    // Not `advisories`: their database is at a code host, and what is published there must not fail an old commit. An
    // exception that is not needed any more goes.
    let mut deny = shell::cargo(&["deny", "--locked", "check", "-D", "unmatched-skip", "-D", "unnecessary-skip"])?;
    shell::run(deny.args(["bans", "licenses", "sources"]))
}

fn clippy() -> Result<()> {
    const DENY: [&str; 3] = ["--", "--deny", "warnings"];
    shell::run(shell::cargo(&["clippy", "--workspace", "--all-targets"])?.args(NATIVE).args(DENY))?;
    for words in WASM_CLIPPY {
        shell::run(shell::cargo(&["clippy", "--target=wasm32-unknown-unknown"])?.args(words).args(DENY))?;
    }
    Ok(())
}

fn end_to_end() -> Result<Tally> {
    build::release()?;
    let harnesses = build::harnesses()?;
    shell::run(shell::command("npx")?.args(["tsc", "--noEmit"]).current_dir(end2end()))?;
    let mut playwright = playwright(&["chromium", "socketio-web"], browser::path()?)?;
    tally::run(playwright.env("MADANG_HARNESS_DIR", harnesses).env("MADANG_PYTHON", python::path()?))
}

fn develop() -> Result<Tally> {
    build::release()?;
    let tally = tally::run(&mut playwright(&["develop"], browser::path()?)?);
    // What they have built stands where the release was.
    build::ui()?;
    tally
}

fn engines() -> Result<Tally> {
    build::release()?;
    tally::run(&mut playwright(&["engines"], browser::with_windows()?)?)
}

/// Playwright with the tests of these projects, in this Chromium.
fn playwright(projects: &[&str], chromium: PathBuf) -> Result<Command> {
    let mut playwright = shell::command("npx")?;
    playwright.args(["playwright", "test", "--reporter=list"]).current_dir(end2end());
    playwright.args(projects.iter().map(|project| format!("--project={project}")));
    playwright.env("MADANG_BIN", build::server_to_test()?).env("MADANG_CHROMIUM", chromium);
    Ok(playwright)
}

fn end2end() -> PathBuf {
    paths::root().join("end2end")
}
