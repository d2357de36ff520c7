//! Namespace `/`. Clients of Socket.IO 1.x and 2.x connect to it before any other, so it has to exist; nothing is
//! said in it yet.

use socketioxide::SocketIo;

/// The namespace that every connection may join.
const ROOT: &str = "/";

/// Opens the namespace.
pub(crate) fn open(io: &SocketIo) {
    io.ns(ROOT, async || ());
}
