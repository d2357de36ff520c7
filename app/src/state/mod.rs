//! What the page knows, as plain data: no DOM, no signals, no clock of its own, so that all of it is tested natively.

pub mod bidi;
pub mod check;
pub mod draft;
pub mod edits;
pub mod ime;
pub mod initials;
pub mod link;
pub mod members;
pub mod open_room;
pub mod outbox;
pub mod regional;
pub mod rooms;
pub mod rows;
pub mod timeline;
pub mod typing;
pub mod window;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod resume_model;
