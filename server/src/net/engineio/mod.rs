//! Guards around the Socket.IO server: what it says to clients, and hears from them, that they or it would misread.
//!
//! - **The packet `close` is never sent.** engineioxide 0.17.9 sends it whenever it ends a session (`src/socket.rs:468`),
//!   and python-socketio and rust_socketio take it for a farewell for good: they never come back. Node's server ends a
//!   WebSocket without it (engine.io 6.6, `build/transports/websocket.js`, `doClose`), and a transport that ends is one
//!   that every client opens again. So it is replaced by the packet `noop`, which has the same length and says nothing,
//!   and what follows it is the end of the transport. Whom the server wants to be gone it tells with Socket.IO's packet
//!   `disconnect`.
//! - **A query is no part of a namespace's name.** Clients of Socket.IO 1.x and 2.x write `/chat?token=a` into the packet
//!   by which they join `/chat`, and know the namespace by `/chat` afterwards. socketioxide-parser-common 0.17.3
//!   (`src/de.rs:72`) takes all of it for the name, as later versions of the protocol mean it. So the question mark
//!   becomes the comma that ends a name, and the query is the packet's data.
//!
//! Both replace single bytes, so that WebSocket frames can pass as they come, however they are cut into pieces.

mod close;
mod frames;
mod guard;
mod query;

pub(crate) use self::{
    close::{CLOSE, NOOP, without_close},
    guard::{Guard, Line, Switch, query_value},
    query::NameEnd,
};
