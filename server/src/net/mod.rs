//! The network below HTTP: the listener, WebSockets, rate limits and places for connections, allowed origins.

pub(crate) mod engineio;
pub(crate) mod limits;
pub(crate) mod listener;
pub mod origin;
pub(crate) mod websocket;
