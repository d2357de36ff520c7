//! The wire types of Madang: identifiers, validated texts, views for clients, faults and events.
//!
//! Both ends compile this crate: the server natively, the browser to Wasm. It does no I/O, knows no async and has
//! no cargo features, so that the two ends cannot drift apart.

pub mod digest;
pub mod event;
pub mod fault;
#[cfg(test)]
mod fuzz;
pub mod id;
pub mod limits;
pub mod message;
pub mod room;
pub mod route;
pub mod text;
pub mod time;
pub mod user;
