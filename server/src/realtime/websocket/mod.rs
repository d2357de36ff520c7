//! Madang's own protocol on a plain WebSocket, without Socket.IO.

pub(crate) mod protocol;
pub(crate) mod upgrade;
