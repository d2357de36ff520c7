//! Jobs that run on a timer.

pub(crate) mod sweep;
