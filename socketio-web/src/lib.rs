//! A Socket.IO client for the browser: protocol v5 over Engine.IO v4, on web-sys.
//!
//! It speaks to any Socket.IO server from version 3 on. A [`Client`] is one connection (WebSocket, or HTTP
//! long-polling where WebSocket is blocked) that heals itself; a [`Socket`] is one namespace on it.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use serde_json::json;
//! use socketio_web::{Client, Options};
//!
//! let client = Client::new(Options::default()); // the page's own origin
//! let chat = client.socket("/chat", None);
//! let greeting = chat.on("greeting", |data, _| drop(data)); // lives as long as `greeting`
//! client.open();
//!
//! let answer = chat.emit_with_ack("message", &json!({ "text": "안녕" }), None).await?;
//! # drop((greeting, answer)); Ok(()) }
//! ```
//!
//! What it promises:
//! - Events reach the handlers in the order in which they came, also across a change of transport.
//! - Nothing is buffered while the link is down: an emit is refused at once, and each ack that is still awaited
//!   ends as [`AckError::Disconnected`], so that a caller with an outbox of its own knows what to send again.
//! - The link comes back by itself: with jittered backoff, and at once when the machine comes online or the page
//!   becomes visible, unless the server asked to be left alone for a while ([`Client::come_back_in`]). Unlike the
//!   JavaScript client this is also done when the *server* disconnected the namespace; only [`Socket::disconnect`],
//!   [`Client::close`] and a refusal by the server end it.
//! - Nothing that a server sends makes it panic. What is malformed is skipped.
//!
//! It is single-threaded, for the page's main thread; all handles are cheap to clone.

mod ack;
mod backoff;
mod browser;
mod client;
mod engine;
mod farewell;
#[cfg(test)]
mod fuzz;
mod handlers;
mod manager;
mod message;
mod namespace;
mod options;
mod packet;
mod polling;
mod session;
mod socket;
mod state;
mod websocket;
mod wire;

pub use ack::{AckError, AckFuture, AckReply};
pub use backoff::Backoff;
pub use client::Client;
pub use handlers::Subscription;
pub use options::{Direction, Options, Transport};
pub use socket::{EmitError, Socket};
pub use state::{Reason, State};
pub use wire::Wire;
