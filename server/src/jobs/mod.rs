//! Background jobs.

pub(crate) mod sweep;
