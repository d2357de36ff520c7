//! The state of the page as plain data: no DOM, no signals, no clock, so that all of it is tested natively.

pub mod bidi;
pub mod edits;
pub mod ime;
pub mod initials;
pub mod regional;
pub mod rows;
pub mod window;
