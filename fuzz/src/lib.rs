//! Helpers for the fuzz targets of all crates. Each target is beside the code that it tests; here is how long they run, and
//! where inputs come from that are nearly right: noise is refused at the first byte, and tries nothing behind it.
//!
//! ```
//! use madang_fuzz::{check, mutated};
//! use proptest::prop_assert;
//!
//! check("numbers", 64, &mutated::text(&["12", "-7"]), |text| {
//!     prop_assert!(text.parse::<i8>().is_ok() || text.parse::<u8>() != Ok(100));
//!     Ok(())
//! });
//! ```

pub mod json;
pub mod mutated;
pub mod protocol;

use std::{
    env,
    time::{Duration, Instant},
};

use proptest::{
    strategy::Strategy,
    test_runner::{Config, FileFailurePersistence, TestCaseResult, TestRunner},
};

/// The variable that says how many seconds each target is tried; without it, it is tried with the cases that its test
/// names. `cargo xtask fuzz` sets it.
pub const SECONDS: &str = "FUZZ_SECONDS";
/// How long a failing input is made smaller, in milliseconds.
const SHRINK_MS: u32 = 20_000;

/// Tries `property` on `cases` inputs, or as long as [`SECONDS`] says. Seeds of inputs that failed are kept in the
/// folder `proptest-regressions` of the crate that is tested, in a file named after the target, and are tried first.
///
/// # Panics
/// When the property does not hold, with the smallest input found.
pub fn check<S: Strategy>(
    target: &'static str,
    cases: u32,
    inputs: &S,
    property: impl Fn(S::Value) -> TestCaseResult,
) {
    let (start, time, seeds) = (Instant::now(), seconds(), seeds(target));
    let mut tried = 0;
    loop {
        let config = Config {
            cases,
            test_name: Some(target),
            failure_persistence: seeds.map(|seeds| Box::new(FileFailurePersistence::Direct(seeds)) as Box<_>),
            max_shrink_time: SHRINK_MS,
            ..Config::default()
        };
        let mut runner = TestRunner::new(config);
        if let Err(error) = runner.run(inputs, &property) {
            panic!("{target}, after {tried} cases: {error}\n{runner}");
        }
        tried += u64::from(cases);
        if time.is_none_or(|time| start.elapsed() >= time) {
            break;
        }
    }
    println!("fuzzed {target:<12} {tried:>9} cases in {:>3} s", start.elapsed().as_secs());
}

/// The file of the seeds that failed; none where cargo does not say which crate this is.
fn seeds(target: &str) -> Option<&'static str> {
    let krate = env::var("CARGO_MANIFEST_DIR").ok()?;
    // The file is named for as long as the program runs: once for each target.
    Some(String::leak(format!("{krate}/proptest-regressions/{target}.txt")))
}

fn seconds() -> Option<Duration> {
    let said = env::var(SECONDS).ok()?;
    let seconds = said.parse().unwrap_or_else(|_| panic!("{SECONDS} is a number of seconds, not {said:?}"));
    Some(Duration::from_secs(seconds))
}
