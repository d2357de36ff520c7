//! The tally of tests: counts the results of test runners, while passing on their output.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use crate::shell;

/// How many tests passed, failed, and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// One check that is not run by a test runner.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Counts one line of a runner's output; lines without results are ignored.
    fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            // cargo test: "test result: ok. 12 passed; 0 failed; 1 ignored; …"
            self.passed += count_before(result, "passed");
            self.failed += count_before(result, "failed");
            self.skipped += count_before(result, "ignored");
        } else if let Some(results) = nextest_line(line) {
            self.passed += count_before(results, "passed");
            self.failed += count_before(results, "failed") + count_before(results, "timed out");
            self.skipped += count_before(results, "skipped");
        } else if let Some((word, number)) = playwright_line(line) {
            match word {
                "passed" => self.passed += number,
                "failed" | "interrupted" => self.failed += number,
                _ => self.skipped += number,
            }
        }
    }
}

/// Runs a test runner, prints its output, and counts the results.
///
/// # Errors
/// If it cannot be started, or its output cannot be read. Failed tests are in the tally; a runner that fails without
/// naming a failed test counts as one.
pub(crate) fn run(command: &mut Command) -> Result<Tally> {
    println!("$ {}", shell::shown(command));
    // Some print their results as errors.
    let (output, results) = io::pipe().context("could not make a pipe")?;
    command.stdout(results.try_clone().context("could not make a pipe")?).stderr(results);
    let mut child = command.spawn().context("could not start the test runner")?;
    // It ends with the runner's own end of it.
    command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
    let mut tally = Tally::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("could not read the output of the test runner")?;
        let text = String::from_utf8_lossy(&line);
        tally.read(&without_colours(&text));
        println!("{text}");
    }
    std::io::stdout().flush().context("could not write")?;
    let status = child.wait().context("could not wait for the test runner")?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

fn count_before(line: &str, word: &str) -> u64 {
    let without_details = |part: &str| part.split('(').next().unwrap_or_default().trim().to_owned();
    let mut parts = line.split([';', '.', ',', ':']).map(without_details);
    parts.find_map(|part| part.strip_suffix(word)?.trim().parse().ok()).unwrap_or(0)
}

/// The results in the closing line of cargo-nextest.
fn nextest_line(line: &str) -> Option<&str> {
    let (_, results) = line.trim_start().strip_prefix("Summary [")?.split_once(']')?;
    results.split_once("run:").map(|(_, results)| results)
}

/// Playwright's summary lines: two spaces, a number, a word, and for passed tests the time.
fn playwright_line(line: &str) -> Option<(&str, u64)> {
    let mut words = line.strip_prefix("  ")?.split(' ');
    let number = words.next()?.parse().ok()?;
    let word = words.next().filter(|word| ["passed", "failed", "interrupted", "skipped", "flaky"].contains(word))?;
    let rest_is_a_time = words.next().is_none_or(|word| word.starts_with('('));
    rest_is_a_time.then_some((word, number))
}

fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(&without_colours(line)));
        tally
    }

    #[test]
    fn cargos_closing_lines_add_up() {
        let lines = [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        ];
        assert_eq!(tally(&lines), Tally { passed: 15, failed: 2, skipped: 1 });
    }

    #[test]
    fn nextests_closing_line_is_read() {
        let lines =
            ["     Summary [  12.345s] 9 tests run: 5 passed (1 slow, 1 leaky), 3 failed, 1 timed out, 2 skipped"];
        assert_eq!(tally(&lines), Tally { passed: 5, failed: 4, skipped: 2 });
        assert_eq!(tally(&["     Summary [   0.1s] 1 test run: 1 passed, 0 skipped"]).passed, 1);
    }

    #[test]
    fn playwrights_closing_lines_add_up() {
        let lines =
            ["  1 failed", "    [chromium] › talk.spec.ts:3:1 › talks", "  \u{1b}[32m34 passed\u{1b}[39m (1.2m)"];
        assert_eq!(tally(&lines), Tally { passed: 34, failed: 1, skipped: 0 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(tally(&["test names::are_unique ... ok", "  2 passed over", "34 passed"]), Tally::default());
    }
}
