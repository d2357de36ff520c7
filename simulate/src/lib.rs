//! Simulation: many client engines and a model of the server in one thread, with simulated time, network, disks and
//! crashes, all from one seed.
//!
//! A run plays a [`script`] of what people do and what breaks, in a [`world`] that is then left in peace for a while. What
//! must hold at its end, and what must hold all the while, stands in [`verdict`]. A script that fails is shortened for as
//! long as it fails.

pub mod browser;
mod burst;
mod composer;
pub mod network;
pub mod script;
pub mod server;
pub mod verdict;
pub mod watch;
pub mod world;

use script::{Script, Step};
use verdict::{Fault, Promise};

/// Plays a script. What did not hold, if anything.
#[must_use]
pub fn play(script: &Script) -> Option<Fault> {
    verdict::judge(script, false).err()
}

/// Plays a script and prints all that happens, and what did not hold.
pub fn trace(script: &Script) {
    if let Err(fault) = verdict::judge(script, true) {
        println!("{fault}");
    }
}

/// The shortest script that was found to break this promise too: steps are left out for as long as it does.
#[must_use]
pub fn shrink(script: &Script, promise: Promise) -> Script {
    let mut shortest = script.clone();
    loop {
        let before = shortest.steps.len();
        let mut length = before.div_ceil(2);
        while length > 0 {
            leave_out(&mut shortest, length, promise);
            length /= 2;
        }
        if shortest.steps.len() == before {
            return shortest;
        }
    }
}

/// Leaves out as many stretches of so many steps as may be.
fn leave_out(script: &mut Script, length: usize, promise: Promise) {
    let mut at = 0;
    while at < script.steps.len() {
        let mut steps: Vec<(u64, Step)> = script.steps.clone();
        steps.drain(at..(at + length).min(script.steps.len()));
        let shorter = Script { seed: script.seed, steps };
        if play(&shorter).is_some_and(|fault| fault.promise == promise) {
            *script = shorter;
        } else {
            at += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part of what `cargo xtask simulate` tries, with the same seeds each time.
    #[test]
    fn whatever_breaks_all_ends_as_a_fresh_load_shows_it() {
        for seed in 0..1_000 {
            let script = Script::new(seed);
            if let Some(fault) = play(&script) {
                let shortest = shrink(&script, fault.promise);
                panic!("seed {seed}: {fault}\n{shortest}");
            }
        }
    }
}
