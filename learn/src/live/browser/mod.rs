//! The connection in the browser: one at a time, by Socket.IO or as a plain WebSocket.

use std::rc::Rc;

use super::{Handler, Link};

pub(crate) mod dom;
mod plain;
mod socket_io;

pub(super) use plain::send;
pub(super) use socket_io::{emit, emit_with_ack, on, start as start_socket_io};

pub(super) fn start_plain(link: Link, on_text: Rc<dyn Fn(String)>) {
    plain::start(link, on_text);
}

pub(super) fn disconnect() {
    socket_io::disconnect();
    plain::disconnect();
}

pub(super) fn connect(link: Link) {
    socket_io::connect();
    plain::connect(link);
}
