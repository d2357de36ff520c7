//! Clients for a release server that runs as a process of its own, and the two programs that need them: the one brings
//! about faults ([`torturer`]), the other measures ([`bench`]).

// Types of async code nest deeper than the default of 128 in what the page's crate is made of.
#![recursion_limit = "256"]

pub mod bench;
mod disk;
mod faults;
mod forms;
mod hostile;
mod link;
mod percentile;
mod person;
mod proxy;
mod server;
pub mod torturer;
mod verdict;
