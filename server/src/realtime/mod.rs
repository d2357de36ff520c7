//! Madang's own protocol over Socket.IO and plain WebSockets.

mod dispatch;
pub(crate) mod events;
pub(crate) mod inbound;
pub(crate) mod socketio;
pub(crate) mod websocket;
