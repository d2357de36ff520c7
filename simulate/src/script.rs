//! Scripts: what people do and what breaks, and when.

use std::fmt;

use fastrand::Rng;

/// How many people there are. Each has a browser with tabs.
pub const PEOPLE: usize = 3;
/// How many tabs a browser may have.
pub const TABS: usize = 2;
/// For how long things happen, in milliseconds.
pub const LENGTH: u64 = 90_000;

/// All that happens in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    pub seed: u64,
    /// Each with its time, in milliseconds since the beginning.
    pub steps: Vec<(u64, Step)>,
}

/// A tab, by the person whose it is and its number among theirs.
pub type TabName = (usize, usize);

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Opens a tab that is closed.
    OpenTab(TabName),
    /// Closes a tab, which has the time to spill what is on no disk.
    CloseTab(TabName),
    /// Ends a tab without a word.
    CrashTab(TabName),
    Say(TabName),
    /// Edits one of the messages of one's own that are shown.
    Edit(TabName, usize),
    Delete(TabName, usize),
    /// Discards or sends again what was refused.
    Discard(TabName),
    Retry(TabName),
    /// Reads all that is shown.
    Read(TabName),
    SetVisible(TabName, bool),
    Type(TabName),
    LoadEarlier(TabName),
    /// Shows another room.
    Show(TabName, usize),
    Join(TabName, usize),
    Leave(TabName, usize),
    CreateRoom(TabName),
    Reconcile(TabName),
    ReconnectNow(TabName),
    /// The connection breaks, and both ends notice.
    Cut(TabName),
    /// The connection carries nothing any more, and nobody notices for a while.
    HalfOpen(TabName),
    /// The connection is slow from now on, in milliseconds.
    Slow(TabName, u32),
    /// The next live changes for this connection are lost, as when its buffer is full.
    LoseEvents(TabName, u32),
    /// The server stops for so many milliseconds; all that was committed stays. `told`: it says so before.
    Restart {
        told: bool,
        millis: u32,
    },
    /// For so many milliseconds the server refuses most requests for now.
    Busy(u32),
    /// The disk of a person's browser fails from now on, or works again for tabs that are opened later.
    BreakDisk(usize, bool),
    /// The disk of a person's browser takes so many milliseconds.
    SlowDisk(usize, u32),
}

impl Script {
    /// What a seed makes happen.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let count = rng.usize(10..120);
        let mut times: Vec<u64> = (0..count).map(|_| rng.u64(0..LENGTH)).collect();
        times.sort_unstable();
        // Chance goes by the time of a step.
        times.dedup();
        // Some runs have many faults, and some hardly any.
        let faults = rng.u32(5..50);
        let steps = times.into_iter().map(|at| (at, step(&mut rng, faults))).collect();
        Self { seed, steps }
    }
}

fn step(rng: &mut Rng, faults: u32) -> Step {
    let tab = (rng.usize(0..PEOPLE), rng.usize(0..TABS));
    let which = rng.usize(..);
    if rng.u32(0..100) < faults {
        match rng.u32(0..14) {
            0 => Step::CloseTab(tab),
            1 => Step::CrashTab(tab),
            2 | 3 => Step::Cut(tab),
            4 | 5 => Step::HalfOpen(tab),
            6 => Step::Slow(tab, rng.u32(1..3_000)),
            7 => Step::LoseEvents(tab, rng.u32(1..4)),
            8 | 9 => Step::Restart { told: rng.bool(), millis: rng.u32(1..8_000) },
            10 => Step::Busy(rng.u32(1..10_000)),
            11 => Step::BreakDisk(tab.0, rng.bool()),
            12 => Step::SlowDisk(tab.0, rng.u32(1..5_000)),
            _ => Step::OpenTab(tab),
        }
    } else {
        match rng.u32(0..26) {
            0..10 => Step::Say(tab),
            10 | 11 => Step::Edit(tab, which),
            12 => Step::Delete(tab, which),
            13 => Step::Discard(tab),
            14 => Step::Retry(tab),
            15 | 16 => Step::Read(tab),
            17 => Step::SetVisible(tab, rng.bool()),
            18 => Step::Type(tab),
            19 => Step::LoadEarlier(tab),
            20 => Step::Show(tab, which),
            21 => Step::Join(tab, which),
            22 => Step::Leave(tab, which),
            23 => Step::CreateRoom(tab),
            24 => Step::Reconcile(tab),
            _ => {
                if rng.bool() {
                    Step::OpenTab(tab)
                } else {
                    Step::ReconnectNow(tab)
                }
            }
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, {} steps:", self.seed, self.steps.len())?;
        self.steps.iter().try_for_each(|(at, step)| writeln!(f, "  {at:>6} ms  {step:?}"))
    }
}
