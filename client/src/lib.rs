//! What a client of Madang knows, as plain data: the rooms, the open room's timeline, what is unsent. No I/O, no clock
//! and no randomness of its own, but in the driver for programs, so that page, torture and tests all run the same code, natively or as Wasm.
//!
//! A change goes one way: what the server told is put into a [`timeline::Timeline`], which says whether something before
//! it is missing; what a person said stands in an [`outbox::Outbox`] until the timeline shows it.
//!
//! Programs (bots) take the feature `tokio` and begin with `driver::Client`, which gives the [`engine`] sockets, a disk and
//! a clock.

pub mod check;
pub mod draft;
#[cfg(feature = "tokio")]
pub mod driver;
pub mod engine;
pub mod feed;
pub mod json;
pub mod kept;
pub mod link;
pub mod members;
pub mod open_room;
pub mod outbox;
pub mod rooms;
pub mod timeline;
pub mod typing;
pub mod view;

#[cfg(any(test, feature = "fixtures"))]
pub mod fixtures;
#[cfg(test)]
mod resume_model;
